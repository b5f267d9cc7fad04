"""The passing of days: units that begin or end today are reached anew, without anybody acting."""

from __future__ import annotations

import uuid
from datetime import date

import sqlalchemy as sa

from core.chunks import chunked
from core.units.models import UnitLineage, UnitScope, UnitVersion
from core.units.places import visible
from core.units.reach import reckon_reach
from core.units.versions import next_generation
from core.work import Work


def roll_units(work: Work, since: date) -> set[uuid.UUID]:
    """Reckon anew through whom units are reached whose description changed in (since, today].

    Versions are written ahead of their day; the stored reach holds for today only. Returns the
    units concerned, those reached through them included; who listens to `tree_changed` hears of
    them. Does nothing, and raises no generation, where no day passed or none brought a change.
    """
    changed = _with_boundary(work, since)
    if not changed:
        return set()
    generation = next_generation(work)
    before = _reached_through(work, changed)
    reckon_reach(work, changed, generation)
    work.session.info.pop("places", None)
    affected = changed | before | _reached_through(work, changed)
    # Nobody acts here, so every plugin hears of it, wherever it is switched on.
    work.hooks.of_all.tree_changed(unit_ids=affected)
    return affected


def _with_boundary(work: Work, since: date) -> set[uuid.UUID]:
    """Return the units of which a version began or ended, or to which a successor came."""
    if since >= work.today:
        return set()
    passed = [
        sa.and_(column > since, column <= work.today)
        for column in (UnitVersion.valid_from, UnitVersion.valid_to)
    ]
    found = set(
        work.session.scalars(
            sa.select(UnitVersion.unit_id).where(
                sa.or_(*passed), visible(UnitVersion, work.generation)
            )
        )
    )
    found.update(
        work.session.scalars(
            sa.select(UnitLineage.predecessor_id).where(
                UnitLineage.on > since,
                UnitLineage.on <= work.today,
                visible(UnitLineage, work.generation),
            )
        )
    )
    return found


def _reached_through(work: Work, units: set[uuid.UUID]) -> set[uuid.UUID]:
    """Return the units that are reached through these as it is stored now."""
    result: set[uuid.UUID] = set()
    for chunk in chunked(units):
        result.update(
            work.session.scalars(
                sa.select(UnitScope.unit_id).where(
                    UnitScope.ancestor_id.in_(chunk), visible(UnitScope, work.generation)
                )
            )
        )
    return result
