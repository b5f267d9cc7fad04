"""Where facts stand: in the tree of their day, or restated in a later one through lineage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.units.models import UnitAncestor, UnitLineage
from core.units.places import valid_on, visible
from core.work import Work


@dataclass(frozen=True, slots=True)
class Placed:
    """Facts joined to the units that stand for them; `is_whole` is false for a part of a unit."""

    source: Any
    unit_id: Any
    is_whole: sa.ColumnElement[bool]


def placed(work: Work, facts: sa.Subquery, day: date, *, restated: bool) -> Placed:
    """Return facts with the units of the day they belong to.

    As it was, a fact belongs to its own unit. Restated, the fact of a unit that has ended
    belongs to its heir: whoever took it over whole. A unit that was divided has several heirs
    of unknown parts; their rows are marked, so that the figure can say that they are left out.
    """
    if not restated:
        return Placed(facts, facts.c.unit_id, sa.true())
    heirs = _heirs(work, day)
    joined = facts.join(heirs, heirs.c.unit_id == facts.c.unit_id)
    return Placed(joined, heirs.c.heir_id, heirs.c.is_whole == 1)


def _heirs(work: Work, day: date) -> sa.Subquery:
    """Return (unit, unit that stands for it on the day, whether wholly)."""
    line = UnitLineage
    living = _living(work, day, line.predecessor_id)
    whole = sa.case((line.share_part == line.share_whole, 1), else_=0)
    first = sa.select(
        line.predecessor_id.label("unit_id"),
        line.successor_id.label("heir_id"),
        whole.label("is_whole"),
    ).where(line.on <= day, visible(line, work.generation), ~living)
    # `nesting` keeps the WITH inside, so that the statement still begins with its mark. UNION,
    # not UNION ALL: a circle of successors must end.
    chain = first.cte("chain", recursive=True, nesting=True)
    later = sa.orm.aliased(line, name="later")
    chain = chain.union(
        sa.select(
            chain.c.unit_id,
            later.successor_id,
            sa.case((later.share_part == later.share_whole, chain.c.is_whole), else_=0),
        )
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
        sa.literal_column("1").label("is_whole"),
    ).where(
        UnitAncestor.depth == 0, valid_on(UnitAncestor, day), visible(UnitAncestor, work.generation)
    )
    inherited = sa.select(chain.c.unit_id, chain.c.heir_id, chain.c.is_whole)
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
