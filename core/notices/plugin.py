"""Notices: what this feature offers to the host; start reading here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from core.hooks import hookimpl
from core.i18n import _
from core.notices import api, services, views
from core.notices.mailing import jobs
from core.notices.permissions import SEND
from core.notices.services import personal
from core.notices.settings import settings
from core.notices.unread import note_unread
from core.pages import MenuEntry
from core.work import Work

__all__ = ["blueprints", "jobs", "settings", "watchers"]

blueprints = [views.own, views.blueprint, api.blueprint]
watchers = [note_unread]


@hookimpl
def menu_entries(work: Work) -> list[MenuEntry]:
    """Offer what the unit tells its people."""
    return [MenuEntry(_("Notices"), "notices.index", SEND, icon="megaphone", order=70)]


@hookimpl
def check_unit_voiding(work: Work, unit_id: uuid.UUID) -> None:
    """Object to the voiding of a unit in whose name something was said."""
    services.check_said_nothing(work, unit_id)


@hookimpl
def members_merged(work: Work, kept_id: uuid.UUID, merged_id: uuid.UUID) -> None:
    """Let the one record have the notices of both."""
    personal.move_notices(work, kept_id, merged_id)


@hookimpl
def personal_data(work: Work, member_id: uuid.UUID) -> Mapping[str, Any]:
    """Hand over the notices a member was sent."""
    return personal.notices_of(work, member_id)


@hookimpl
def personal_data_erased(work: Work, member_id: uuid.UUID, rule: str) -> None:
    """Forget which notices a member was sent."""
    personal.forget_notices(work, member_id)
