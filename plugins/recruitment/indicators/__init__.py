"""Figures of admission: admitted, the target, and the share of it; one grouped statement each."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.i18n import lazy
from core.indicators.registry import Asked, Indicator
from core.work import Work

from ..models import Admission
from .target_facts import additive_targets


def _admitted(asked: Asked) -> Any:
    return sa.select(
        Admission.unit_id.label("unit_id"),
        sa.literal(1).label("numerator"),
        sa.literal(0).label("denominator"),
        Admission.admitted_on.label("on"),
    ).where(Admission.admitted_on >= asked.period.start, Admission.admitted_on < asked.period.end)


def _targets(work: Work, asked: Asked) -> Any:
    found = additive_targets(work, asked.period.start, asked.period.last_day, asked.day)
    rows = found.subquery("targets")
    return sa.select(
        rows.c.unit_id.label("unit_id"),
        rows.c.number.label("number"),
        sa.literal(asked.day, sa.Date()).label("on"),
    )


def admitted(work: Work, asked: Asked) -> sa.Select[Any]:
    """Admissions with their ceremony in the period, by the branch that admitted."""
    found: sa.Select[Any] = _admitted(asked)
    return found


def target(work: Work, asked: Asked) -> sa.Select[Any]:
    """The whole target whose period contains the asked one."""
    rows = _targets(work, asked).subquery("rows")
    found: sa.Select[Any] = sa.select(rows.c.unit_id, rows.c.number.label("numerator"), rows.c.on)
    return found


def target_rate(work: Work, asked: Asked) -> sa.Select[Any]:
    """Admissions of the period, of the whole target whose period contains it."""
    rows = _targets(work, asked).subquery("rows")
    of_target: Any = sa.select(
        rows.c.unit_id,
        sa.literal(0).label("numerator"),
        rows.c.number.label("denominator"),
        rows.c.on,
    )
    both = sa.union_all(_admitted(asked), of_target).subquery("both")
    found: sa.Select[Any] = sa.select(
        both.c.unit_id, both.c.numerator, both.c.denominator, both.c.on
    )
    return found


indicators = (
    Indicator(
        "recruitment.admitted",
        lazy("Members admitted"),
        "count",
        admitted,
        meaning=lazy("Ceremonies of admission in the period, by the branch that admitted."),
        tables=("recruitment_admission",),
    ),
    Indicator(
        "recruitment.target",
        lazy("Target of admissions"),
        "count",
        target,
        meaning=lazy("The whole target whose period contains the asked one."),
        tables=("recruitment_target",),
    ),
    Indicator(
        "recruitment.target_rate",
        lazy("Share of the target of admissions"),
        "rate",
        target_rate,
        meaning=lazy("Admitted in the period, of the whole target whose period contains it."),
        tables=("recruitment_admission", "recruitment_target"),
    ),
)
