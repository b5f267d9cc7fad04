"""Figures of evaluation: each is one grouped statement over the current results."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.i18n import lazy
from core.indicators.registry import Asked, Facts, Indicator
from core.work import Work

from .models import Result

SUBJECTS = ("member", "unit", "collective", "leader")
GOOD = ("excellent", "good")
TABLES = ("evaluation_result",)


def _rows(asked: Asked, numerator: Any, denominator: Any) -> sa.Select[Any]:
    """Select current results of the asked period: years of years, quarters of a quarter."""
    kind = {"quarter": "quarter", "month": "month"}.get(asked.period.kind, "year")
    statement: Any = sa.select(
        Result.unit_id.label("unit_id"),
        numerator.label("numerator"),
        denominator.label("denominator"),
        Result.period_last.label("on"),
    ).where(
        Result.is_current.is_(True),
        Result.level.is_not(None),
        Result.subject_kind == (asked.subject or "member"),
        Result.period_kind == kind,
        Result.period_start >= asked.period.start,
        Result.period_last <= asked.period.last_day,
    )
    return statement  # type: ignore[no-any-return]  # SQLAlchemy says Any


def _one(condition: Any) -> Any:
    return sa.case((condition, 1), else_=0)


def _counted(condition: Any) -> Facts:
    def facts(work: Work, asked: Asked) -> sa.Select[Any]:
        return _rows(asked, _one(condition), sa.literal(1))

    return facts


def _rate(condition: Any, base: Any) -> Facts:
    def facts(work: Work, asked: Asked) -> sa.Select[Any]:
        return _rows(asked, _one(condition), _one(base))

    return facts


RATED = sa.true()
BETTER = Result.level.in_(GOOD)
EXCELLENT = Result.level == "excellent"

indicators = (
    Indicator(
        "evaluation.rated",
        lazy("Rated"),
        "count",
        _counted(RATED),
        subjects=SUBJECTS,
        tables=TABLES,
        meaning=lazy("Who has a level for the period; each subject once."),
    ),
    Indicator(
        "evaluation.good_or_better",
        lazy("Rated good or better"),
        "count",
        _counted(BETTER),
        subjects=SUBJECTS,
        tables=TABLES,
        meaning=lazy("Good and excellent together."),
    ),
    Indicator(
        "evaluation.good_or_better_rate",
        lazy("Share of good or better"),
        "rate",
        _rate(BETTER, RATED),
        subjects=SUBJECTS,
        tables=TABLES,
        meaning=lazy("Good and excellent, of all rated."),
    ),
    Indicator(
        "evaluation.excellent",
        lazy("Rated excellent"),
        "count",
        _counted(EXCELLENT),
        subjects=SUBJECTS,
        tables=TABLES,
    ),
    Indicator(
        "evaluation.excellent_rate",
        lazy("Share of excellent"),
        "rate",
        _rate(EXCELLENT, BETTER),
        subjects=SUBJECTS,
        tables=TABLES,
        meaning=lazy("Excellent, of those good or better."),
    ),
)
