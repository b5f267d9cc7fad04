"""Demo data: three past years of results and a campaign that is running in the ward."""

from .building import build_demo
from .scaling import generate_results

__all__ = ["build_demo", "generate_results"]
