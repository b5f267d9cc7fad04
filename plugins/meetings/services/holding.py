"""Step 3, holding: the frozen roll, ticks, guests, quorum, item by item."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from core.work import Work

from ..models import (
    AgendaItem,
    Meeting,
    Minutes,
    Visitor,
)
from .shapes import (
    Person,
    Quorum,
    Roll,
    Tick,
)

Key = uuid.UUID


def expected(work: Work, unit_id: Key, on: date) -> list[Person]:
    """Return who belongs on the roll of a unit on a day, from the dated membership; one statement."""
    raise NotImplementedError


def open_roll(work: Work, meeting: Meeting, on: date | None = None) -> None:
    """Freeze who must attend from the membership of the meeting's day, and begin the meeting."""
    raise NotImplementedError


def roll(work: Work, meeting: Meeting) -> Roll:
    """Return the roll in its groups with the quorum."""
    raise NotImplementedError


def tick(work: Work, meeting: Meeting, member_id: Key, mark: Tick) -> RollLine:
    """Mark one person."""
    raise NotImplementedError


def tick_many(work: Work, meeting: Meeting, marks: Mapping[Key, Tick]) -> int:
    """Mark many at once; return how many changed."""
    raise NotImplementedError


def next_mark(line: RollLine) -> Tick:
    """Return what one more tap makes of a line: present first, then not marked again."""
    raise NotImplementedError


def close_roll(work: Work, meeting: Meeting) -> Quorum:
    """Finish the roll: whoever is not marked is absent."""
    raise NotImplementedError


def quorum(work: Work, meeting: Meeting) -> Quorum:
    """Say whether the meeting may proceed."""
    raise NotImplementedError


def add_visitor(
    work: Work,
    meeting: Meeting,
    *,
    name: str,
    role: str = "",
    is_superior: bool = False,
    was_announced: bool = True,
    assignment_id: Key | None = None,
) -> Visitor:
    """Add a guest."""
    raise NotImplementedError


def remove_visitor(work: Work, meeting: Meeting, visitor_id: Key) -> None:
    """Take a guest off the list."""
    raise NotImplementedError


def start_item(work: Work, meeting: Meeting, item: AgendaItem) -> None:
    """Begin an item; its clock runs."""
    raise NotImplementedError


def conclude_item(
    work: Work, meeting: Meeting, item: AgendaItem, *, discussion: str = "", conclusion: str = ""
) -> None:
    """Conclude an item with the text of the minutes."""
    raise NotImplementedError


def end_meeting(work: Work, meeting: Meeting, *, at: datetime | None = None) -> Minutes:
    """End the meeting and begin its minutes."""
    raise NotImplementedError


def set_times(
    work: Work, meeting: Meeting, *, started_at: datetime, ended_at: datetime | None
) -> None:
    """Correct the real times."""
    raise NotImplementedError
