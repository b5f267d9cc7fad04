"""Admission of members: hooks of the plugin; start reading here."""

from __future__ import annotations

from core.i18n import lazy

from . import models, permissions
from .datasets import datasets
from .indicators import indicators
from .settings import settings

roles = permissions.ROLES
constraints = {
    "uq_recruitment_target_once": lazy("This unit already has a target for this period."),
}

__all__ = ["constraints", "datasets", "indicators", "models", "roles", "settings"]
