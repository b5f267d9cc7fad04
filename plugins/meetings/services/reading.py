"""Reading meetings: one of this unit, lists, the next one, the five steps."""

from __future__ import annotations

import uuid
from datetime import date

from core.work import Work

from ..models import (
    AgendaItem,
    Meeting,
    Resolution,
    ResolutionItem,
    Task,
    Visitor,
    Vote,
)
from .shapes import (
    Person,
    Step,
)

Key = uuid.UUID


def access_meeting(work: Work, meeting_id: Key) -> Meeting:
    """Return a meeting of this unit, or NotFound."""
    raise NotImplementedError


def access_item(work: Work, meeting: Meeting, item_id: Key) -> AgendaItem:
    """Return an item of a meeting, or NotFound."""
    raise NotImplementedError


def access_task(work: Work, task_id: Key) -> Task:
    """Return a task of this unit, or one's own, or NotFound."""
    raise NotImplementedError


def access_resolution(work: Work, resolution_id: Key) -> Resolution:
    """Return a resolution of this unit, or NotFound."""
    raise NotImplementedError


def access_vote(work: Work, meeting: Meeting, vote_id: Key) -> Vote:
    """Return a vote of a meeting, or NotFound."""
    raise NotImplementedError


def list_meetings(
    work: Work,
    *,
    month: date | None = None,
    state: str = "",
    kind: str = "",
    subtree: bool = False,
    sort: str = "-for_month",
    cursor: str = "",
    limit: int = 50,
) -> tuple[list[Meeting], str | None]:
    """List meetings, newest month first, a page at a time."""
    raise NotImplementedError


def current_meeting(work: Work) -> Meeting | None:
    """Return the meeting in hand here: the nearest not yet finished, or None."""
    raise NotImplementedError


def list_items(work: Work, meeting: Meeting) -> list[AgendaItem]:
    """Return the agenda in order."""
    raise NotImplementedError


def list_votes(work: Work, meeting: Meeting) -> list[Vote]:
    """Return the votes of a meeting in order."""
    raise NotImplementedError


def list_resolutions(
    work: Work, meeting: Meeting | None = None
) -> list[tuple[Resolution, list[ResolutionItem]]]:
    """Return resolutions with their points: of a meeting, or all of this unit, newest first."""
    raise NotImplementedError


def list_visitors(work: Work, meeting: Meeting) -> list[Visitor]:
    """Return the guests of a meeting."""
    raise NotImplementedError


def steps(work: Work, meeting: Meeting | None) -> list[Step]:
    """Return the five steps and where a meeting stands in them."""
    raise NotImplementedError


def my_meetings(work: Work, limit: int = 12) -> list[Meeting]:
    """Return a member's own announced meetings of all their branches, the next first."""
    raise NotImplementedError


def access_my_meeting(work: Work, meeting_id: Key) -> tuple[Meeting, list[AgendaItem]]:
    """Return an announced meeting of one's own branch with its agenda, or NotFound."""
    raise NotImplementedError


def people_here(work: Work, on: date | None = None) -> list[Person]:
    """Return who belongs to this unit on a day, home and temporary, in Vietnamese order: for choosing a person."""
    raise NotImplementedError
