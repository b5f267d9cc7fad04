"""Indicators unit by unit: a statement for some hundred units and all periods of an indicator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from core.indicators.evaluation import Question, access_indicator, on_there
from core.indicators.registry import Asked, Indicator, registry_of
from core.periods import Period
from core.scope import reached
from core.units.models import UnitAncestor
from core.units.places import valid_on, visible
from core.work import Work

from .shapes import Key

Values = dict[tuple[int, Key], float | None]
MOST_PARAMETERS = 20_000
"""Units times periods in one statement; PostgreSQL takes 65,535 at most."""
WHY = "figures of units; the indicator's permission is part of the statement"


def offered(work: Work) -> list[tuple[str, str]]:
    """Return the indicators one may ask for here, with their titles, for a choice."""
    return [
        (indicator.key, str(indicator.title))
        for indicator in registry_of(work).values()
        if work.may(indicator.permission)
        and (indicator.plugin is None or work.host.plugins[indicator.plugin].is_sound)
        and indicator.plugin != "pilots"
    ]


def figures_by_unit(
    work: Work, key: str, unit_ids: Sequence[Key], periods: Sequence[Period]
) -> Values:
    """Return an indicator by number of the period and unit, each with everything below it.

    A unit without a denominator has None; a count without any fact is 0 where the unit stands.
    """
    indicator = access_indicator(work, key, Question(unit=work.unit, period=periods[0]))
    begun = [(number, one) for number, one in enumerate(periods) if one.start <= work.today]
    found: Values = {}
    at_once = MOST_PARAMETERS // max(1, len(begun))
    for first in range(0, len(unit_ids) if begun else 0, at_once):
        found |= _read(work, indicator, unit_ids[first : first + at_once], begun)
    if indicator.unit == "count":
        for number, _period in begun:
            for unit_id in unit_ids:
                found.setdefault((number, unit_id), 0.0)
    return found


def _read(
    work: Work, indicator: Indicator, unit_ids: Sequence[Key], periods: Sequence[tuple[int, Period]]
) -> Values:
    """Read the figures of as many units and periods as one statement can name."""
    parts = [_part(work, indicator, unit_ids, period, number) for number, period in periods]
    together = sa.union_all(*(part.subquery().select() for part in parts)).subquery("parts")
    statement = sa.select(*together.c).execution_options(unscoped=WHY)
    return {
        (number, Key(bytes=unit_id) if isinstance(unit_id, bytes) else unit_id): _value(
            indicator, numerator, denominator
        )
        for number, unit_id, numerator, denominator in work.session.execute(statement)
    }


def _value(indicator: Indicator, numerator: Any, denominator: Any) -> float | None:
    if indicator.unit == "count":
        return float(numerator or 0)
    return float(numerator) / float(denominator) if denominator else None


def _part(
    work: Work, indicator: Indicator, unit_ids: Sequence[Key], period: Period, number: int
) -> sa.Select[Any]:
    """Return the statement of one period: number, unit, numerator, denominator."""
    day = min(period.last_day, work.today)
    subject = indicator.subjects[0] if indicator.subjects else ""
    asked = Asked(period, day, subject)
    facts = indicator.facts(work, asked).subquery(f"facts_{number}")
    above = sa.orm.aliased(UnitAncestor, name=f"above_{number}")
    denominator = facts.c.denominator if "denominator" in facts.c else sa.literal(1)
    columns: tuple[Any, ...] = (
        sa.literal_column(str(number)).label("part"),
        above.ancestor_id.label("unit_id"),
        sa.func.sum(facts.c.numerator).label("numerator"),
        sa.func.sum(denominator).label("denominator"),
    )
    statement: sa.Select[Any] = (
        sa.select(*columns)
        .select_from(facts)
        .join(
            above,
            sa.and_(
                above.unit_id == facts.c.unit_id,
                above.ancestor_id.in_(unit_ids),
                valid_on(above, day),
                visible(above, work.generation),
            ),
        )
        .group_by(above.ancestor_id)
    )
    switched = on_there(
        work, indicator.plugin, facts.c.unit_id, facts.c.on if "on" in facts.c else day
    )
    permitted = reached(work, indicator.permission, facts.c.unit_id)
    conditions = [one for one in (switched, permitted) if one is not None]
    return statement.where(*conditions)
