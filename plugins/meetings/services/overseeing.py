"""The committee above: the month of its branches, twelve months, reminders, who follows whom."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from core.units.places import Place
from core.work import Work

from ..models import (
    Chase,
    OversightAssignment,
)
from .shapes import (
    Coverage,
    MonthMatrix,
    MonthPoint,
)

Key = uuid.UUID


def month_matrix(
    work: Work, month: date, *, state: str = "", cursor: str = "", limit: int = 50
) -> MonthMatrix:
    """Return the month of all branches below this unit as of that month, most trouble first."""
    raise NotImplementedError


def coverage(work: Work, month: date) -> Coverage:
    """Sum the month up."""
    raise NotImplementedError


def twelve_months(work: Work, until: date | None = None) -> list[MonthPoint]:
    """Return held and due meetings of twelve months."""
    raise NotImplementedError


def chase(
    work: Work,
    unit_ids: Sequence[Key],
    month: date,
    *,
    channel: str,
    promised_on: date | None = None,
) -> int:
    """Note that branches were reminded; return how many."""
    raise NotImplementedError


def list_chases(work: Work, unit_id: Key, month: date) -> list[Chase]:
    """Return the reminders of a branch for a month, newest first."""
    raise NotImplementedError


def assign_official(
    work: Work,
    *,
    unit_ids: Sequence[Key],
    official_id: Key,
    role: str = "",
    min_visits: int = 1,
    valid_from: date | None = None,
    valid_to: date | None = None,
    decision_no: str = "",
) -> list[OversightAssignment]:
    """Assign who follows branches."""
    raise NotImplementedError


def end_assignment(work: Work, assignment_id: Key, on: date | None = None) -> None:
    """End an assignment."""
    raise NotImplementedError


def list_assignments(work: Work, on: date | None = None) -> list[tuple[OversightAssignment, Place]]:
    """Return who follows which branch below this unit."""
    raise NotImplementedError


def followed_branches(work: Work) -> list[Place]:
    """Return the branches this person follows."""
    raise NotImplementedError
