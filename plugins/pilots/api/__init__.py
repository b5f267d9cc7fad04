"""The JSON API of pilot models: models and their reach, registrations, trials, reviews."""

from . import models, registrations, reviews, trials
from .door import blueprint

__all__ = ["blueprint", "models", "registrations", "reviews", "trials"]
