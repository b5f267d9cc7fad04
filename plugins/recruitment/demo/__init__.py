"""Demo data: sixty candidates at all stages, the admissions of past years, targets of the term."""

from .building import build_demo

__all__ = ["build_demo"]
