"""A whole meeting typed in later from paper, in one call."""

from __future__ import annotations

import uuid

from core.work import Work

from ..models import (
    Meeting,
)
from .shapes import (
    PaperRecord,
)

Key = uuid.UUID


def enter_from_paper(work: Work, record: PaperRecord, *, meeting: Meeting | None = None) -> Meeting:
    """Enter a meeting from its paper minutes, with the real times; the same record as the five steps make."""
    raise NotImplementedError
