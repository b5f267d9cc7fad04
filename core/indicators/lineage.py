"""Where facts stand in a later tree: with whoever took over the unit they belong to."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from core.units.models import UnitAncestor, UnitLineage
from core.units.places import valid_on, visible
from core.work import Work


def heirs_on(work: Work, day: date) -> sa.Subquery:
    """Return (unit, a unit that stands for it on the day, how many such units there are).

    A unit that exists on the day stands for itself. One that has ended is followed through its
    successors, and theirs, to those that exist; a divided one has several.
    """
    line = UnitLineage
    first = sa.select(
        line.predecessor_id.label("unit_id"), line.successor_id.label("heir_id")
    ).where(
        line.on <= day, visible(line, work.generation), ~_living(work, day, line.predecessor_id)
    )
    # `nesting` keeps the WITH inside, so that the statement still begins with its mark. UNION,
    # not UNION ALL: a circle of successors must end, and two ways to one heir are one.
    chain = first.cte("chain", recursive=True, nesting=True)
    later = sa.orm.aliased(line, name="later")
    chain = chain.union(
        sa.select(chain.c.unit_id, later.successor_id)
        .join(later, later.predecessor_id == chain.c.heir_id)
        .where(
            later.on <= day,
            visible(later, work.generation),
            ~_living(work, day, later.predecessor_id),
        )
    )
    itself: Any = sa.select(
        UnitAncestor.unit_id,
        UnitAncestor.unit_id.label("heir_id"),
        sa.literal_column("1").label("parts"),
    ).where(
        UnitAncestor.depth == 0, valid_on(UnitAncestor, day), visible(UnitAncestor, work.generation)
    )
    inherited = sa.select(
        chain.c.unit_id,
        chain.c.heir_id,
        sa.func.count().over(partition_by=chain.c.unit_id).label("parts"),
    ).where(_living(work, day, chain.c.heir_id))
    return sa.union_all(itself, inherited).subquery("heirs")


def _living(work: Work, day: date, unit_id: Any) -> sa.ColumnElement[bool]:
    """Condition: the unit exists on the day."""
    own = sa.orm.aliased(UnitAncestor)
    return (
        sa.exists()
        .where(
            own.unit_id == unit_id,
            own.ancestor_id == unit_id,
            valid_on(own, day),
            visible(own, work.generation),
        )
        .correlate_except(own)
    )
