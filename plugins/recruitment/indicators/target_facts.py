"""Targets as rows that add up: each unit counts its own, whatever stands above or below it."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from core.indicators.evaluation import on_there
from core.units.models import UnitAncestor
from core.units.places import valid_on, visible
from core.work import Work

from ..models import Target


def chosen_targets(work: Work, start: date, last: date, day: date, *, group: str = "") -> Any:
    """Select each unit's target whose period contains the asked one: the tightest of several."""
    ranked: Any = sa.select(
        Target.id,
        Target.unit_id,
        Target.target,
        Target.period_from,
        Target.period_to,
        sa.func.row_number()
        .over(
            partition_by=Target.unit_id,
            order_by=(Target.period_from.desc(), Target.period_to, Target.id),
        )
        .label("place"),
    ).where(Target.period_from <= start, Target.period_to >= last, Target.group == group)
    on = on_there(work, "recruitment", Target.unit_id, day)
    if on is not None:
        ranked = ranked.where(on)
    inner = ranked.subquery("ranked")
    return sa.select(inner).where(inner.c.place == 1)


def additive_targets(work: Work, start: date, last: date, day: date) -> Any:
    """Select (unit, number) so that the sum below any unit with a target is that target.

    A committee's own target is the truth for the committee; those of its branches only divide it.
    So each target is taken off again at the nearest unit above that has one: in a sum over a
    subtree what cancels out cancels, and what is left is the target of its uppermost units.
    """
    own = chosen_targets(work, start, last, day).subquery("own")
    above = chosen_targets(work, start, last, day).subquery("above")
    way: Any = (
        sa.select(
            UnitAncestor.ancestor_id,
            own.c.target,
            sa.func.row_number()
            .over(partition_by=own.c.unit_id, order_by=UnitAncestor.depth)
            .label("step"),
        )
        .select_from(own)
        .join(UnitAncestor, UnitAncestor.unit_id == own.c.unit_id)
        .join(above, above.c.unit_id == UnitAncestor.ancestor_id)
        .where(
            UnitAncestor.depth > 0,
            valid_on(UnitAncestor, day),
            visible(UnitAncestor, work.generation),
        )
        .subquery("way")
    )
    alone = chosen_targets(work, start, last, day).subquery("alone")
    mine: Any = sa.select(alone.c.unit_id, alone.c.target.label("number"))
    taken_off: Any = sa.select(way.c.ancestor_id, -way.c.target).where(way.c.step == 1)
    return sa.union_all(mine, taken_off)
