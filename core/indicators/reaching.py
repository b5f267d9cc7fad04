"""Whose facts can count at a unit at all, so that a branch's figure reads a branch's facts."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from core.units.models import UnitAncestor, UnitLineage
from core.units.places import visible
from core.work import Work

MOST_NAMED = 1_000
"""Units named in a statement; of a unit with more below it, everything is read."""
MOST_KEPT = 200


def units_near(
    work: Work, tops: Collection[uuid.UUID], alone: uuid.UUID | None = None
) -> list[uuid.UUID] | None:
    """Return every unit that ever stood below some units, or was taken over by one that did.

    That is more than those whose facts count there on a day, never fewer: it tells where facts
    need not be looked for. `alone` is a unit meant without what stands below it. None where they
    are more than a statement should name. Remembered while the tree stays the same.
    """
    if "tree_generation" in work.session.info:
        kept = work.session.info.setdefault("units_near", {})
    else:
        kept = work.host.places.facts("units near", work.generation)
    key = (work.generation, frozenset(tops), alone)
    if key not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        found = list(work.session.scalars(_near(work, tops, alone)))
        kept[key] = found if len(found) <= MOST_NAMED else None
    known: list[uuid.UUID] | None = kept[key]
    return known


def _near(work: Work, tops: Collection[uuid.UUID], alone: uuid.UUID | None) -> Any:
    """Follow successions back from everything that ever stood below."""
    own = UnitAncestor
    below: Any = own.ancestor_id.in_(tops)
    if alone is not None:
        below = sa.or_(below, sa.and_(own.ancestor_id == alone, own.unit_id == alone))
    first: Any = sa.select(own.unit_id).where(below, visible(own, work.generation))
    near = first.cte("near", recursive=True)
    before = sa.select(UnitLineage.predecessor_id).join(
        near, UnitLineage.successor_id == near.c.unit_id
    )
    everything = near.union(before.where(visible(UnitLineage, work.generation)))
    return sa.select(everything.c.unit_id).limit(MOST_NAMED + 1)
