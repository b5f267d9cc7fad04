"""Yearly evaluation: hooks of the plugin; start reading here."""

from __future__ import annotations

from core.i18n import lazy

from . import models, permissions
from .datasets import datasets
from .indicators import indicators
from .settings import settings

roles = permissions.ROLES
constraints = {
    "uq_evaluation_result_current": lazy(
        "Somebody wrote a result of the same subject meanwhile. Load the page again."
    ),
    "evaluation_result.period_key, evaluation_result.subject_kind": lazy(
        "Somebody wrote a result of the same subject meanwhile. Load the page again."
    ),
    "ck_evaluation_counter_room": lazy(
        "The places of “excellent” are taken. Take one back, or enter the decision that allows"
        " more."
    ),
    "uq_evaluation_review": lazy("This subject is evaluated there already."),
    "uq_evaluation_counter": lazy("Somebody changed this campaign meanwhile. Try again."),
}

__all__ = ["constraints", "datasets", "indicators", "models", "roles", "settings"]
