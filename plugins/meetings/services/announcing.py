"""Step 2, announcing: who is told, by which way, late or in time; putting off, not holding."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from core.work import Work

from ..models import (
    Announcement,
    Meeting,
)
from .shapes import (
    Preview,
    ToldLine,
)

Key = uuid.UUID


def message_text(work: Work, meeting: Meeting) -> str:
    """Return a text to copy into a message: time and place only."""
    raise NotImplementedError


def announcement_preview(work: Work, meeting: Meeting) -> Preview:
    """Show what would be sent, to whom, and whether it is late."""
    raise NotImplementedError


def announce(work: Work, meeting: Meeting, *, late_reason: str = "") -> Announcement:
    """Announce a meeting to its members and the superior who follows it; late needs a reason."""
    raise NotImplementedError


def list_announcements(work: Work, meeting: Meeting) -> list[Announcement]:
    """Return the rounds of announcements, newest first."""
    raise NotImplementedError


def told_lines(work: Work, meeting: Meeting) -> list[ToldLine]:
    """Return everybody who is to be told in this round, and by which way they were."""
    raise NotImplementedError


def mark_told(work: Work, meeting: Meeting, member_ids: Sequence[Key], how: str) -> int:
    """Note that members were told by a way; return how many."""
    raise NotImplementedError


def mark_posted(work: Work, meeting: Meeting, on: date) -> None:
    """Note the day the meeting was posted on the national handbook's app."""
    raise NotImplementedError


def postpone(work: Work, meeting: Meeting, *, to_at: datetime | None, reason: str) -> None:
    """Put a meeting off; the agenda stays and everybody is told again."""
    raise NotImplementedError


def cancel(work: Work, meeting: Meeting, *, reason: str) -> None:
    """Note that a meeting is not held, and why."""
    raise NotImplementedError


def discard(work: Work, meeting: Meeting) -> None:
    """Void a meeting made by mistake that nobody was told of."""
    raise NotImplementedError
