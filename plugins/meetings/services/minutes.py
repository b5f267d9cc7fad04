"""Step 4, minutes: gaps, read out and adopted, confirmed, locked, amended in linked versions."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date

from core.work import Work

from ..models import (
    Meeting,
    Minutes,
)
from .shapes import (
    Gap,
)

Key = uuid.UUID


def current_minutes(work: Work, meeting: Meeting) -> Minutes | None:
    """Return the newest version of the minutes."""
    raise NotImplementedError


def list_versions(work: Work, meeting: Meeting) -> list[Minutes]:
    """Return all versions, newest first."""
    raise NotImplementedError


def gaps(work: Work, meeting: Meeting) -> list[Gap]:
    """Say what the minutes still lack."""
    raise NotImplementedError


def write_minutes(
    work: Work,
    meeting: Meeting,
    *,
    quality: str,
    texts: Mapping[Key, tuple[str, str]] | None = None,
) -> None:
    """Write the texts: quality of the meeting; discussion and conclusion by item."""
    raise NotImplementedError


def adopt_minutes(work: Work, meeting: Meeting, *, in_favour: int, present: int) -> Minutes:
    """Note that the minutes were read out and adopted."""
    raise NotImplementedError


def confirm_as_clerk(work: Work, meeting: Meeting) -> Minutes:
    """Confirm the minutes as clerk; a confirmation, never a signature."""
    raise NotImplementedError


def confirm_as_chair(work: Work, meeting: Meeting) -> Minutes:
    """Confirm the minutes as chair."""
    raise NotImplementedError


def note_signed_paper(
    work: Work, meeting: Meeting, *, signed_on: date, book_no: str = "", page_no: str = ""
) -> Minutes:
    """Note the day, book and page of the paper signed in ink."""
    raise NotImplementedError


def lock_minutes(work: Work, meeting: Meeting) -> Minutes:
    """Lock the minutes: figures and paper are frozen with them."""
    raise NotImplementedError


def amend(work: Work, meeting: Meeting, *, reason: str) -> Minutes:
    """Begin a new version of locked minutes."""
    raise NotImplementedError
