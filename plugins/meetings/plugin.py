"""Meetings: hooks of the plugin; start reading here."""

from __future__ import annotations

from core.i18n import lazy

from . import models, permissions
from .settings import settings
from .views import blueprint

blueprints = [blueprint]
roles = permissions.ROLES
constraints = {
    "uq_meetings_meeting_one_a_month": lazy(
        "The branch already has a regular meeting for this month. Open that one."
    ),
    # SQLite names the columns instead of the index.
    "meetings_meeting.unit_id, meetings_meeting.for_month": lazy(
        "The branch already has a regular meeting for this month. Open that one."
    ),
    "ck_meetings_meeting_times": lazy("The meeting cannot end before it begins."),
}

__all__ = ["blueprints", "constraints", "models", "roles", "settings"]
