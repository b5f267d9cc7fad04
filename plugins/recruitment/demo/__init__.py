"""Demo data: sixty candidates at all stages, the admissions of past years, targets of the term."""

from .building import build_demo
from .scaling import generate_admissions

__all__ = ["build_demo", "generate_admissions"]
