"""Demo data: twelve months of meetings, decisions and tasks of every branch, up to today."""

from .building import build_demo, write_months
from .shapes import Branch, Person
from .telling import Teller

__all__ = ["Branch", "Person", "Teller", "build_demo", "write_months"]
