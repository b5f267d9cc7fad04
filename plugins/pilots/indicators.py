"""Figures of pilot models: units registered, recognised, and what share of those eligible."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.i18n import lazy
from core.indicators.registry import Asked, Indicator
from core.units.models import UnitVersion
from core.units.places import visible
from core.work import Work

from .models import (
    BUILT_IN,
    Registration,
    holds_both,
    is_recognised,
    is_registered,
    one,
)

ALL = "all"
SUBJECTS = (ALL, *BUILT_IN)
TABLES = ("pilots_registration", "core_position")


def _taking_part(asked: Asked) -> list[Any]:
    """Return the conditions: a unit took part on a day of the period."""
    return [
        Registration.registered_on <= asked.day,
        sa.or_(Registration.ended_on.is_(None), Registration.ended_on > asked.period.start),
        asked.period.start <= asked.day,
    ]


def _by_unit(asked: Asked, *conditions: Any) -> sa.Select[Any]:
    """Count in how many models each unit takes part; one it takes part in twice counts once."""
    columns: tuple[Any, ...] = (
        Registration.unit_id.label("unit_id"),
        sa.func.count(sa.distinct(Registration.model_code)).label("numerator"),
        sa.literal(1).label("denominator"),
    )
    return (
        sa.select(*columns).where(*_taking_part(asked), *conditions).group_by(Registration.unit_id)
    )


def _versions(work: Work, asked: Asked) -> Any:
    """Return the units a built-in model is made for on the day of counting."""
    model = BUILT_IN[asked.subject]
    version = UnitVersion
    return sa.and_(
        version.valid_from <= asked.day,
        version.valid_to > asked.day,
        visible(version, work.generation),
        version.kind.in_(model.kinds),
        version.is_grassroots.is_(True) if model.grassroots_only else sa.true(),
    )


def _held(work: Work, asked: Asked) -> sa.Select[Any]:
    """Count units in which the two posts of a model are held together on the day."""
    posts = BUILT_IN[asked.subject].positions or ("", "")
    columns: tuple[Any, ...] = (
        UnitVersion.unit_id.label("unit_id"),
        sa.literal(1).label("numerator"),
        sa.literal(1).label("denominator"),
    )
    return sa.select(*columns).where(
        _versions(work, asked), holds_both(posts, UnitVersion.unit_id, asked.day)
    )


def _is_counted(asked: Asked) -> bool:
    return asked.subject in BUILT_IN and BUILT_IN[asked.subject].is_counted


def _of_model(asked: Asked) -> list[Any]:
    return [] if asked.subject in (ALL, "") else [Registration.model_code == asked.subject]


def registered(work: Work, asked: Asked) -> sa.Select[Any]:
    """Units that took part in a model on any day of the period."""
    if _is_counted(asked):
        return _held(work, asked)
    return _by_unit(asked, *_of_model(asked))


def recognised(work: Work, asked: Asked) -> sa.Select[Any]:
    """Of those, units recognised by the period's end, or by today."""
    if _is_counted(asked):
        return _held(work, asked)
    return _by_unit(asked, Registration.recognised_on <= asked.day, *_of_model(asked))


def coverage(work: Work, asked: Asked) -> sa.Select[Any]:
    """Units that take part in a model, of those it is made for."""
    unit_id = UnitVersion.unit_id
    model = BUILT_IN[asked.subject]
    counted = (
        holds_both(model.positions, unit_id, asked.day)
        if model.positions
        else is_registered(model.code, unit_id, asked.period.start, asked.day)
    )
    found: sa.Select[Any] = sa.select(
        unit_id.label("unit_id"),
        one(counted).label("numerator"),
        sa.literal(1).label("denominator"),
    ).where(_versions(work, asked))
    return found


def recognised_rate(work: Work, asked: Asked) -> sa.Select[Any]:
    """Units recognised, of those that take part."""
    unit_id, start = UnitVersion.unit_id, asked.period.start
    code = BUILT_IN[asked.subject].code
    found: sa.Select[Any] = sa.select(
        unit_id.label("unit_id"),
        one(is_recognised(code, unit_id, start, asked.day)).label("numerator"),
        sa.literal(1).label("denominator"),
    ).where(_versions(work, asked), is_registered(code, unit_id, start, asked.day))
    return found


REGISTERED_FOR = tuple(code for code, model in BUILT_IN.items() if not model.is_counted)

indicators = (
    Indicator(
        "pilots.registered",
        lazy("Units registered for models"),
        "count",
        registered,
        subjects=SUBJECTS,
        tables=TABLES,
        meaning=lazy("Units that took part in a model on any day of the period."),
    ),
    Indicator(
        "pilots.recognised",
        lazy("Units recognised in models"),
        "count",
        recognised,
        subjects=SUBJECTS,
        tables=TABLES,
        meaning=lazy("Of those registered, units recognised by the end of the period."),
    ),
    Indicator(
        "pilots.coverage_rate",
        lazy("Units registered, of those eligible"),
        "rate",
        coverage,
        subjects=tuple(BUILT_IN),
        tables=TABLES,
        meaning=lazy("Units that take part in a model, of those it is made for."),
    ),
    Indicator(
        "pilots.recognised_rate",
        lazy("Units recognised, of those registered"),
        "rate",
        recognised_rate,
        subjects=REGISTERED_FOR,
        tables=TABLES,
        meaning=lazy("Units recognised in a model, of those that take part in it."),
    ),
)
