"""Demo data: twelve months of meetings, decisions and tasks of every branch, up to today."""

from .building import build_demo, write_months
from .scaling import generate_months
from .shapes import Branch, Person
from .telling import Teller

__all__ = ["Branch", "Person", "Teller", "build_demo", "generate_months", "write_months"]
