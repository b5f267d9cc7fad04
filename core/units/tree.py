"""Reading the tree: children, subtrees, the whole as of any day, search without marks."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.db import Key, SortKey
from core.errors import NotFound
from core.folded import holds
from core.i18n import _
from core.names import search_key
from core.units.models import Unit, UnitAncestor, UnitLineage, UnitScope, UnitVersion
from core.units.places import Place, PlaceCache, valid_on, visible
from core.work import Work


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in a list, as of the list's day."""

    id: uuid.UUID
    code: str
    name: str
    kind: str
    sector: str
    parent_id: uuid.UUID | None
    is_grassroots: bool
    name_sort: bytes = b""
    depth: int = 0


LINE = (
    UnitVersion.unit_id,
    Unit.code,
    UnitVersion.name,
    UnitVersion.kind,
    UnitVersion.sector,
    UnitVersion.parent_id,
    UnitVersion.is_grassroots,
    UnitVersion.name_sort,
)


def access_unit(work: Work, code: str) -> Place:
    """Return a unit this actor may see; an ended one as it was last."""
    place = work.host.places.by_code(work.session, code, work.today, work.generation)
    if place is None or not work.actor.sees(place):
        raise NotFound(_("There is no such unit, or this account may not see it."))
    return place


def subtree(work: Work, unit_id: uuid.UUID, on: date, generation: int | None = None) -> sa.Subquery:
    """Return the units of a subtree on a day, with their depth below it, as something to join."""
    g = work.generation if generation is None else generation
    return (
        sa.select(UnitAncestor.unit_id, UnitAncestor.depth)
        .where(
            UnitAncestor.ancestor_id == unit_id,
            valid_on(UnitAncestor, on),
            visible(UnitAncestor, g),
        )
        .subquery("subtree")
    )


def list_units(
    work: Work,
    unit: Place,
    *,
    on: date | None = None,
    kind: str | None = None,
    depth: int | None = None,
    after: tuple[bytes, uuid.UUID] | None = None,
    limit: int = 50,
) -> list[UnitLine]:
    """List units of a subtree on a day, in Vietnamese order, one page after `after`."""
    day = on or work.today
    below = subtree(work, unit.id, day)
    statement = (
        sa.select(*LINE, below.c.depth)
        .join(below, below.c.unit_id == UnitVersion.unit_id)
        .join(Unit, Unit.id == UnitVersion.unit_id)
        .where(valid_on(UnitVersion, day), visible(UnitVersion, work.generation))
        .order_by(UnitVersion.name_sort, UnitVersion.unit_id)
        .limit(limit)
    )
    if kind is not None:
        statement = statement.where(UnitVersion.kind == kind)
    if depth is not None:
        statement = statement.where(below.c.depth == depth)
    if after is not None:
        statement = statement.where(
            sa.tuple_(UnitVersion.name_sort, UnitVersion.unit_id)
            > sa.tuple_(sa.literal(after[0], SortKey), sa.literal(after[1], Key()))
        )
    return [UnitLine(*row) for row in work.session.execute(statement)]


def lifetimes(work: Work, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[tuple[date, date]]]:
    """Return the half-open spans of days on which units are there, in order of time.

    They are remembered while the tree stays the same; a work that changes it reads its own.
    """
    wanted = set(ids)
    known: dict[uuid.UUID, list[tuple[date, date]]] = {}
    if "tree_generation" not in work.session.info:
        known = work.host.places.facts("lifetimes", work.generation)
    if len(known) + len(wanted) > PlaceCache.LIMIT:
        known = {}
    missing = [key for key in wanted if key not in known]
    if missing:
        known.update({key: [] for key in missing} | _lifetimes(work, missing))
    return {key: list(known[key]) for key in wanted if known[key]}


def _lifetimes(work: Work, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[tuple[date, date]]]:
    """Read the spans of units; without a row where a unit never was."""
    result: dict[uuid.UUID, list[tuple[date, date]]] = {}
    same: dict[tuple[date, date], tuple[date, date]] = {}  # most began and ended with others
    for chunk in chunked(ids):
        for unit_id, start, end in work.session.execute(
            sa.select(UnitAncestor.unit_id, UnitAncestor.valid_from, UnitAncestor.valid_to)
            .where(
                UnitAncestor.unit_id.in_(chunk),
                UnitAncestor.ancestor_id == UnitAncestor.unit_id,
                visible(UnitAncestor, work.generation),
            )
            .order_by(UnitAncestor.valid_from)
        ):
            result.setdefault(unit_id, []).append(same.setdefault((start, end), (start, end)))
    return result


def list_children(work: Work, unit: Place, on: date | None = None) -> list[UnitLine]:
    """List the units directly under one on a day, in Vietnamese order."""
    day = on or work.today
    rows = work.session.execute(
        sa.select(*LINE)
        .join(Unit, Unit.id == UnitVersion.unit_id)
        .where(
            UnitVersion.parent_id == unit.id,
            valid_on(UnitVersion, day),
            visible(UnitVersion, work.generation),
        )
        .order_by(UnitVersion.name_sort)
    )
    return [UnitLine(*row, depth=1) for row in rows]


def ancestors(work: Work, unit: Place) -> list[Place]:
    """Return the places above a unit, the nearest first, itself left out."""
    found = work.host.places.by_ids(work.session, unit.path, work.today, work.generation)
    return [found[unit_id] for unit_id in unit.path[1:] if unit_id in found]


LONGEST_SEARCH = 200
"""Letters of a search that are looked at; SQLite refuses patterns that are much longer."""


def search_units(work: Work, words: str, limit: int = 20) -> list[UnitLine]:
    """Find units of today by name or code, without marks; only those the actor may see."""
    folded = search_key(words[:LONGEST_SEARCH])
    if not folded:
        return []
    statement = (
        sa.select(*LINE)
        .join(Unit, Unit.id == UnitVersion.unit_id)
        .where(
            valid_on(UnitVersion, work.today),
            visible(UnitVersion, work.generation),
            Unit.voided_at.is_(None),
            sa.or_(
                holds(UnitVersion.name_search, folded),
                UnitVersion.unit_id
                == sa.select(Unit.id).where(Unit.code == words.strip()).scalar_subquery(),
            ),
        )
        .order_by(UnitVersion.name_sort)
        .limit(limit)
    )
    statement = seen_units(work, statement, UnitVersion.unit_id)
    return [UnitLine(*row) for row in work.session.execute(statement)]


def seen_units(work: Work, statement: Any, column: Any) -> Any:
    """Narrow a statement to the units any right of the actor reaches."""
    if work.actor.is_system:
        return statement
    whole = {right.unit_id for right in work.actor.rights if right.with_subtree}
    if work.session.info.get("root_id") in whole:
        return statement
    alone = {right.unit_id for right in work.actor.rights if not right.with_subtree}
    reach = (
        sa.exists()
        .where(
            UnitScope.unit_id == column,
            UnitScope.ancestor_id.in_(whole),
            visible(UnitScope, work.generation),
        )
        .correlate_except(UnitScope)
    )
    return statement.where(sa.or_(reach, column.in_(alone)))


def successors(work: Work, unit: Place) -> list[tuple[Place, UnitLineage]]:
    """Return the units that took over from an ended one."""
    return _related(work, unit, UnitLineage.predecessor_id, UnitLineage.successor_id)


def predecessors(work: Work, unit: Place) -> list[tuple[Place, UnitLineage]]:
    """Return the units from which one came."""
    return _related(work, unit, UnitLineage.successor_id, UnitLineage.predecessor_id)


def _related(work: Work, unit: Place, mine: Any, other: Any) -> list[tuple[Place, UnitLineage]]:
    rows = work.session.scalars(
        sa.select(UnitLineage)
        .where(mine == unit.id, visible(UnitLineage, work.generation))
        .order_by(UnitLineage.on)
    ).all()
    ids = [getattr(row, other.key) for row in rows]
    places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    return [(places[i], row) for i, row in zip(ids, rows, strict=True) if i in places]


def whole_tree(
    work: Work,
    unit: Place,
    on: date,
    deepest: int | None = None,
    generation: int | None = None,
) -> Sequence[tuple[UnitLine, int]]:
    """Return the units of a subtree on a day with their depth, parents before children.

    `deepest` leaves out what stands further below; `generation` shows what was believed under it.
    """
    known = work.generation if generation is None else generation
    below = subtree(work, unit.id, on, known)
    statement: Any = (
        sa.select(*LINE, below.c.depth)
        .join(below, below.c.unit_id == UnitVersion.unit_id)
        .join(Unit, Unit.id == UnitVersion.unit_id)
        .where(valid_on(UnitVersion, on), visible(UnitVersion, known))
        .order_by(below.c.depth, UnitVersion.name_sort)
    )
    if deepest is not None:
        statement = statement.where(below.c.depth <= deepest)
    rows = work.session.execute(statement)
    return [(line := UnitLine(*row), line.depth) for row in rows]
