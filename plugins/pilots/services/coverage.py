"""How far models reach: registered of eligible, recognised of registered; one statement each.

A unit counts as registered in a period when it took part on any day of it, and as recognised when
it was recognised by its end; so those recognised are always among those registered. Posts held
together are counted on the period's last day, or on the day asked for, or today if that is earlier.
The units are those of that day, under whatever stood above them then; restated, under whoever
answers for them today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.periods import Period
from core.scope import reached, switched_on
from core.units.covering import TODAY, AsOf
from core.units.history import kind_titles
from core.units.models import Unit, UnitAncestor, UnitScope, UnitVersion
from core.units.places import valid_on, visible
from core.work import Work

from .. import permissions
from ..models import Registration, holds_both, is_recognised, is_registered, one
from .shapes import ModelFacts, Reach, ReachLine

WHY = "coverage: the permission and the switch are part of the statement"


def counting_day(work: Work, period: Period, as_of: AsOf) -> date:
    """Return the day on which a period is counted."""
    return min(period.last_day, as_of.day or work.today, work.today)


def spans(work: Work, periods: Sequence[Period], as_of: AsOf = TODAY) -> sa.Subquery:
    """Return periods that have begun as rows: number, first day, day of counting."""
    rows = [
        sa.select(
            sa.literal(number).label("number"),
            sa.literal(period.start, sa.Date()).label("start"),
            sa.literal(counting_day(work, period, as_of), sa.Date()).label("day"),
        )
        for number, period in enumerate(periods)
    ]
    return sa.union_all(*rows).subquery("spans")


def _standing(work: Work, name: str, span: sa.Subquery, as_of: AsOf) -> tuple[Any, list[Any]]:
    """Return what tells under which units a unit stands, and the conditions of its rows."""
    above: Any = sa.orm.aliased(UnitScope if as_of.restated else UnitAncestor, name=name)
    conditions = [visible(above, work.generation)]
    if not as_of.restated:
        conditions += [above.valid_from <= span.c.day, above.valid_to > span.c.day]
    return above, conditions


def eligible(
    work: Work, model: ModelFacts, span: sa.Subquery, as_of: AsOf = TODAY
) -> tuple[Any, Any]:
    """Return the units a model is made for on the day of each span, with those above."""
    above, standing = _standing(work, "above", span, as_of)
    source = span.join(above, sa.and_(above.ancestor_id == work.unit.id, *standing)).join(
        UnitVersion,
        sa.and_(
            UnitVersion.unit_id == above.unit_id,
            UnitVersion.valid_from <= span.c.day,
            UnitVersion.valid_to > span.c.day,
            visible(UnitVersion, work.generation),
            UnitVersion.kind.in_(model.kinds),
            UnitVersion.is_grassroots.is_(True) if model.grassroots_only else sa.true(),
        ),
    )
    return source, above


def _allowed(work: Work) -> list[Any]:
    """Return the conditions of rights and switch at the unit counted."""
    column = UnitVersion.unit_id
    found = (reached(work, permissions.SEE, column), switched_on(work, "pilots", column))
    return [condition for condition in found if condition is not None]


def _counted(model: ModelFacts, span: sa.Subquery) -> tuple[Any, Any]:
    """Return what counts as registered and as recognised."""
    column = UnitVersion.unit_id
    if model.positions is not None:
        held = holds_both(model.positions, column, span.c.day)
        return held, held
    return (
        is_registered(model.code, column, span.c.start, span.c.day),
        is_recognised(model.code, column, span.c.start, span.c.day),
    )


def _sums(work: Work, model: ModelFacts, span: sa.Subquery, group: Any, source: Any) -> Any:
    """Return the grouped statement: group, eligible, registered, recognised."""
    registered, recognised = _counted(model, span)
    flags = (
        sa.select(
            group.label("grouped"),
            one(registered).label("registered"),
            one(recognised).label("recognised"),
        )
        .select_from(source)
        .where(*_allowed(work))
        .subquery("flags")
    )
    return sa.select(
        flags.c.grouped,
        sa.func.count(),
        sa.func.sum(flags.c.registered),
        sa.func.sum(flags.c.recognised),
    ).group_by(flags.c.grouped)


def _rows(work: Work, statement: Any) -> dict[Any, Reach]:
    rows = work.session.execute(statement.execution_options(unscoped=WHY))
    return {group: Reach(int(n), int(r or 0), int(c or 0)) for group, n, r, c in rows}


def reach_by_period(
    work: Work, model: ModelFacts, periods: Sequence[Period], as_of: AsOf = TODAY
) -> list[Reach]:
    """Return the reach of a model in this unit and below it, period by period."""
    begun = [period for period in periods if period.start <= (as_of.day or work.today)]
    if not begun:
        return []
    span = spans(work, begun, as_of)
    source, _above = eligible(work, model, span, as_of)
    found = _rows(work, _sums(work, model, span, span.c.number, source))
    return [found.get(number, Reach()) for number in range(len(begun))]


def reach_by_child(
    work: Work, model: ModelFacts, period: Period, as_of: AsOf = TODAY
) -> list[ReachLine]:
    """Return the reach of a model in each unit directly below this one, itself first."""
    span = spans(work, [period], as_of)
    source, above = eligible(work, model, span, as_of)
    child, standing = _standing(work, "child", span, as_of)
    below = (child.unit_id == above.unit_id, child.depth == above.depth - 1)
    source = source.outerjoin(child, sa.and_(*below, *standing))
    group = sa.func.coalesce(child.ancestor_id, above.ancestor_id, type_=child.ancestor_id.type)
    found = _rows(work, _sums(work, model, span, group, source))
    day = work.today if as_of.restated else counting_day(work, period, as_of)
    names = work.session.execute(
        sa.select(UnitVersion.unit_id, Unit.code, UnitVersion.name)
        .join(Unit, Unit.id == UnitVersion.unit_id)
        .where(
            UnitVersion.unit_id.in_(list(found)),
            valid_on(UnitVersion, day),
            visible(UnitVersion, work.generation),
        )
        .order_by(UnitVersion.name_sort)
    )
    return [ReachLine(name, found[key], code) for key, code, name in names]


def reach_by_level(
    work: Work, model: ModelFacts, period: Period, as_of: AsOf = TODAY
) -> list[ReachLine]:
    """Return the reach of a model by kind of unit, from above to below."""
    span = spans(work, [period], as_of)
    source, _above = eligible(work, model, span, as_of)
    found = _rows(work, _sums(work, model, span, UnitVersion.kind, source))
    return [
        ReachLine(title, found[key], key=key)
        for key, title in kind_titles(work).items()
        if key in found
    ]


def reaches(
    work: Work, models: Mapping[str, ModelFacts], period: Period, as_of: AsOf = TODAY
) -> dict[str, Reach]:
    """Return the reach of many models: a fixed number of statements for those registered for."""
    span = spans(work, [period], as_of)
    registered = [model for model in models.values() if not model.is_counted]
    kinds = _eligible_by_kind(work, period, as_of)
    taking = taking_part(work, period, as_of)
    found = {}
    for model in registered:
        number = sum(
            count
            for (kind, grassroots), count in kinds.items()
            if kind in model.kinds and (grassroots or not model.grassroots_only)
        )
        found[model.code] = Reach(number, *taking.get(model.code, (0, 0)))
    for model in models.values():
        if model.is_counted:  # there are as many as kinds of double posts: two
            source, _above = eligible(work, model, span, as_of)
            sums = _rows(work, _sums(work, model, span, sa.literal(0), source))
            found[model.code] = sums.get(0, Reach())
    return found


def _anybody(work: Work, period: Period, as_of: AsOf) -> tuple[sa.Subquery, Any]:
    """Return all units of the span's day below this one."""
    span = spans(work, [period], as_of)
    every = ModelFacts(code="", title="", kinds=tuple(kind_titles(work)))
    source, _above = eligible(work, every, span, as_of)
    return span, source


def _eligible_by_kind(work: Work, period: Period, as_of: AsOf) -> dict[tuple[str, bool], int]:
    _span, source = _anybody(work, period, as_of)
    rows = work.session.execute(
        sa.select(UnitVersion.kind, UnitVersion.is_grassroots, sa.func.count())
        .select_from(source)
        .where(*_allowed(work))
        .group_by(UnitVersion.kind, UnitVersion.is_grassroots)
        .execution_options(unscoped=WHY)
    )
    return {(kind, bool(grassroots)): int(count) for kind, grassroots, count in rows}


def taking_part(work: Work, period: Period, as_of: AsOf = TODAY) -> dict[str, tuple[int, int]]:
    """Count the units that take part in each model, and those recognised."""
    span, source = _anybody(work, period, as_of)
    row = Registration
    source = source.join(
        row,
        sa.and_(
            row.unit_id == UnitVersion.unit_id,
            row.registered_on <= span.c.day,
            sa.or_(row.ended_on.is_(None), row.ended_on > span.c.start),
        ),
    )
    recognised = sa.case((row.recognised_on <= span.c.day, row.unit_id))
    rows = work.session.execute(
        sa.select(
            row.model_code,
            sa.func.count(sa.distinct(row.unit_id)),
            sa.func.count(sa.distinct(recognised)),
        )
        .select_from(source)
        .where(*_allowed(work))
        .group_by(row.model_code)
        .execution_options(unscoped=WHY)
    )
    return {code: (int(all_), int(some)) for code, all_, some in rows}
