"""Writing through which units rights reach each unit today; see `UnitScope`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from core.chunks import chunked
from core.db import table_of
from core.rows import insert_rows
from core.units.closure import ParentSpan, scope_parents
from core.units.ending import end_rows
from core.units.models import UnitLineage, UnitScope, UnitVersion
from core.units.places import visible
from core.work import Work

UNTOLD = "tree_untold"


class _Row(NamedTuple):
    """A stored row of reach."""

    depth: int
    gen_from: int


def parent_spans(work: Work, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[ParentSpan]]:
    """Read under whom units stood, and when."""
    result: dict[uuid.UUID, list[ParentSpan]] = {}
    for chunk in chunked(ids):
        for unit_id, start, end, parent_id in work.session.execute(
            sa.select(
                UnitVersion.unit_id,
                UnitVersion.valid_from,
                UnitVersion.valid_to,
                UnitVersion.parent_id,
            ).where(UnitVersion.unit_id.in_(chunk), visible(UnitVersion, work.generation))
        ):
            result.setdefault(unit_id, []).append(ParentSpan(start, end, parent_id))
    return result


def is_told(work: Work, subject: str) -> bool:
    """Whether rows of this work's generation tell everything that changed in the tree.

    They do so once for each subject that follows the tree, such as the members' lists: a second
    change in one work may take rows of the first back without a trace.
    """
    info = work.session.info
    told = "tree_generation" in info and not {subject, "everything"} & info.get(UNTOLD, set())
    mark_untold(work, subject)
    return told


def mark_untold(work: Work, subject: str = "everything") -> None:
    """Note that the rows of a generation not committed yet do not tell all about a subject."""
    if "tree_generation" in work.session.info:
        work.session.info.setdefault(UNTOLD, set()).add(subject)


def reckon_reach(work: Work, units: set[uuid.UUID], generation: int) -> None:
    """Write the reach of these units and of everything reached through them, where it differs."""
    affected = set(units)
    for chunk in chunked(units):
        affected.update(
            work.session.scalars(
                sa.select(UnitScope.unit_id).where(
                    UnitScope.ancestor_id.in_(chunk), visible(UnitScope, generation)
                )
            )
        )
    successors = main_successors(work, affected)
    parents = scope_parents(parent_spans(work, affected), successors, work.today)
    outside = {parent for parent in parents.values() if parent is not None} - set(parents)
    paths = {
        unit_id: tuple(sorted(rows, key=lambda ancestor: rows[ancestor].depth))
        for unit_id, rows in _stored(work, outside).items()
    }
    for chunk in chunked(parents):
        stored = _stored(work, chunk)
        gone: list[dict[str, Any]] = []
        new: list[dict[str, Any]] = []
        for unit_id in chunk:
            wanted = {above: depth for depth, above in enumerate(_path(unit_id, parents, paths))}
            old = stored.get(unit_id, {})
            gone.extend(
                {"ancestor_id": above, "unit_id": unit_id, "gen_from": row.gen_from}
                for above, row in old.items()
                if wanted.get(above) != row.depth
            )
            new.extend(
                {"ancestor_id": above, "unit_id": unit_id, "depth": depth, "gen_from": generation}
                for above, depth in wanted.items()
                if above not in old or old[above].depth != depth
            )
        _write(work, gone, new, generation)


def main_successors(work: Work, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Read through which successor rights reach an ended unit: the whole one, or the main part."""
    result: dict[uuid.UUID, uuid.UUID] = {}
    for chunk in chunked(ids):
        rows = work.session.execute(
            sa.select(UnitLineage.predecessor_id, UnitLineage.successor_id)
            .where(
                UnitLineage.predecessor_id.in_(chunk),
                UnitLineage.is_main,
                visible(UnitLineage, work.generation),
            )
            .order_by(UnitLineage.on)
        )
        result.update(rows.all())
    return result


def _stored(work: Work, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[uuid.UUID, _Row]]:
    """Read the reach as it is stored."""
    result: dict[uuid.UUID, dict[uuid.UUID, _Row]] = {}
    for chunk in chunked(ids):
        for unit_id, above, depth, since in work.session.execute(
            sa.select(
                UnitScope.unit_id, UnitScope.ancestor_id, UnitScope.depth, UnitScope.gen_from
            ).where(UnitScope.unit_id.in_(chunk), visible(UnitScope, work.generation))
        ):
            result.setdefault(unit_id, {})[above] = _Row(depth, since)
    return result


def _path(
    unit_id: uuid.UUID,
    parents: Mapping[uuid.UUID, uuid.UUID | None],
    paths: dict[uuid.UUID, tuple[uuid.UUID, ...]],
) -> tuple[uuid.UUID, ...]:
    """Follow the way up, remembering each; a circle of successors ends where it closes."""
    trail: list[uuid.UUID] = []
    current: uuid.UUID | None = unit_id
    while current is not None and current not in paths and current not in trail:
        trail.append(current)
        current = parents.get(current)
    above = paths.get(current, ()) if current is not None else ()
    for step in reversed(trail):
        above = (step, *above)
        paths[step] = above
    return paths[unit_id]


def _write(
    work: Work, gone: list[dict[str, Any]], new: list[dict[str, Any]], generation: int
) -> None:
    """End and add rows of reach."""
    end_rows(work, table_of(UnitScope), gone, generation)
    insert_rows(work.session, UnitScope, new)
