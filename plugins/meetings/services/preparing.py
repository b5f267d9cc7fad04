"""Step 1, preparing: the plan, the agenda with reasons, what is missing, the committee."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from core.work import Work

from ..models import (
    AgendaItem,
    Meeting,
)
from .shapes import (
    ItemFacts,
    MeetingFacts,
    Proposal,
)

Key = uuid.UUID


def propose_facts(work: Work, month: date | None = None) -> MeetingFacts:
    """Propose the next meeting: the first month without one, day, time and room from the settings."""
    raise NotImplementedError


def schedule_meeting(work: Work, facts: MeetingFacts, *, with_agenda: bool = True) -> Meeting:
    """Schedule a meeting of this unit, with the proposed agenda."""
    raise NotImplementedError


def change_meeting(work: Work, meeting: Meeting, facts: MeetingFacts) -> Meeting:
    """Change the plan of a meeting that is not held yet."""
    raise NotImplementedError


def propose_agenda(work: Work, meeting: Meeting) -> list[Proposal]:
    """Propose what is not on the agenda yet: template, unfinished tasks, resolutions, the month's material."""
    raise NotImplementedError


def add_proposals(work: Work, meeting: Meeting, proposals: Sequence[Proposal]) -> list[AgendaItem]:
    """Put proposals on the agenda."""
    raise NotImplementedError


def add_item(work: Work, meeting: Meeting, facts: ItemFacts) -> AgendaItem:
    """Add an item at the end of the agenda."""
    raise NotImplementedError


def change_item(work: Work, meeting: Meeting, item: AgendaItem, facts: ItemFacts) -> AgendaItem:
    """Change an item that is not concluded."""
    raise NotImplementedError


def move_item(work: Work, meeting: Meeting, item: AgendaItem, *, up: bool) -> None:
    """Move an item one place."""
    raise NotImplementedError


def order_items(work: Work, meeting: Meeting, item_ids: Sequence[Key]) -> None:
    """Put the agenda in a new order; all items are named."""
    raise NotImplementedError


def remove_item(work: Work, meeting: Meeting, item: AgendaItem) -> None:
    """Take an item off the agenda."""
    raise NotImplementedError


def what_is_missing(work: Work, meeting: Meeting) -> list[str]:
    """Say in plain sentences what the preparation still lacks."""
    raise NotImplementedError


def ask_committee(work: Work, meeting: Meeting) -> None:
    """Ask the branch committee for its view of the content."""
    raise NotImplementedError


def committee_agreed(work: Work, meeting: Meeting, on: date | None = None) -> None:
    """Note that the branch committee agreed."""
    raise NotImplementedError
