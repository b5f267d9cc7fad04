"""Meetings: hooks of the plugin; start reading here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from core.hooks import hookimpl
from core.i18n import _, lazy
from core.notices.events import CalendarEvent
from core.pages import MenuEntry, Panel, SearchHit, WorkCard
from core.people import Evidence
from core.periods import Period
from core.units.rehoming import Obligation, Rehoming
from core.work import Work

from . import api, models, permissions, services
from .datasets import datasets
from .demo import build_demo, generate_months
from .indicators import indicators
from .jobs import jobs
from .settings import settings
from .views import blueprint
from .wording import ledger_actions, ledger_fields

demo = (build_demo,)
generate = (generate_months,)
blueprints = [blueprint, api.blueprint]
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


@hookimpl
def menu_entries(work: Work) -> list[MenuEntry]:
    """Offer the pages of meetings; a committee's month stands before the lists."""
    entries = [
        MenuEntry(_("Branch meetings"), "meetings.index", permissions.SEE, "calendar3", 20),
        MenuEntry(_("Tasks"), "meetings.tasks", permissions.TASK_SEE, "list-check", 22),
        MenuEntry(_("My meetings and tasks"), "meetings.mine", permissions.OWN, "person", 23),
    ]
    if work.unit.kind == "branch":
        return entries
    return [
        MenuEntry(
            _("The month's meetings"), "meetings.month", permissions.OVERSEE, "clipboard-data", 18
        ),
        *entries,
        MenuEntry(_("Material"), "meetings.materials", permissions.PUBLISH, "journal-text", 24),
        MenuEntry(
            _("Who follows which branch"), "meetings.assignments", permissions.ASSIGN, "people", 25
        ),
    ]


@hookimpl
def work_cards(work: Work) -> list[WorkCard]:
    """Offer the meeting in hand, overdue tasks, the committee's month, the branches followed."""
    return services.work_cards_of(work)


@hookimpl
def search_hits(work: Work, words: str, limit: int) -> list[SearchHit]:
    """Offer meetings by theme and resolutions by title."""
    return services.hits_of(work, words, limit)


@hookimpl
def calendar_events(work: Work, start: datetime, end: datetime) -> list[CalendarEvent]:
    """Offer the announced meetings of one's own branches."""
    return services.events_of(work, start, end)


@hookimpl
def overview_panels(work: Work, period: Period) -> list[Panel]:
    """Offer how the month stands, or how the branch does."""
    return services.panels_of(work, period)


@hookimpl
def evidence(work: Work, member_ids: Sequence[uuid.UUID], start: date, end: date) -> list[Evidence]:
    """Offer attendance and tasks as facts for the yearly review."""
    return services.evidence_of(work, member_ids, start, end)


@hookimpl
def members_merged(work: Work, kept_id: uuid.UUID, merged_id: uuid.UUID) -> None:
    """Move attendance, tasks and posts of the second record, or give them back."""
    services.move_rows(work, kept_id, merged_id)


@hookimpl
def personal_data(work: Work, member_id: uuid.UUID) -> Mapping[str, Any]:
    """Hand over attendance, tasks, notices and branches followed."""
    return services.data_of(work, member_id)


@hookimpl
def personal_data_erased(work: Work, member_id: uuid.UUID, rule: str) -> None:
    """Erase names, reports and reasons; figures and locked papers stay."""
    services.erase(work, member_id)


@hookimpl
def obligations(work: Work, unit_ids: set[uuid.UUID]) -> list[Obligation]:
    """Offer meetings, tasks, material and follow-up that are open in units."""
    return services.obligations_of(work, unit_ids)


@hookimpl
def units_replaced(work: Work, rehoming: Rehoming) -> None:
    """Let what is open go to the units that took over."""
    services.hand_over(work, rehoming)


@hookimpl
def check_unit_ending(work: Work, unit_id: uuid.UUID, on: date) -> None:
    """Object while a meeting of the unit is going on."""
    services.object_to_ending(work, unit_id)


@hookimpl
def check_unit_voiding(work: Work, unit_id: uuid.UUID) -> None:
    """Object when anybody met there."""
    services.object_to_voiding(work, unit_id)


__all__ = [
    "blueprints",
    "constraints",
    "datasets",
    "indicators",
    "jobs",
    "ledger_actions",
    "ledger_fields",
    "models",
    "roles",
    "settings",
]
