"""The JSON API of evaluation: the same verbs as the pages."""

from . import campaigns, results, reviews
from .door import blueprint

__all__ = ["blueprint", "campaigns", "results", "reviews"]
