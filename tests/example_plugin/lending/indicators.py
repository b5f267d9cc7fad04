"""Figures of this plugin, each one grouped statement."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.i18n import lazy
from core.indicators import Asked, Indicator
from core.work import Work

from .models import Loan


def count_begun(work: Work, asked: Asked) -> sa.Select[Any]:
    """Loans begun in the period, by unit."""
    return (
        sa.select(Loan.unit_id, sa.func.count().label("numerator"))
        .where(Loan.begun_on >= asked.period.start, Loan.begun_on < asked.period.end)
        .group_by(Loan.unit_id)
    )


def share_closed_in_time(work: Work, asked: Asked) -> sa.Select[Any]:
    """Loans due in the period and closed by their day, of all that were due in it."""
    in_time = sa.case((Loan.closed_on <= Loan.due_on, 1), else_=0)
    return (
        sa.select(
            Loan.unit_id,
            sa.func.sum(in_time).label("numerator"),
            sa.func.count().label("denominator"),
        )
        .where(Loan.due_on >= asked.period.start, Loan.due_on < asked.period.end)
        .group_by(Loan.unit_id)
    )


indicators = [
    Indicator("lending.begun", lazy("Loans begun"), "count", count_begun),
    Indicator("lending.in_time_rate", lazy("Loans closed in time"), "rate", share_closed_in_time),
]
