"""Units and their descent as rows: all versions, or those of a day, without what lies outside."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from core.periods import EVER, OPEN
from core.units.models import Unit, UnitAncestor, UnitLineage, UnitVersion
from core.units.places import ROOT_CODE, Place, valid_on, visible
from core.work import Work


def day_or_empty(day: date | None) -> date | None:
    """Return a day; the ends of time are written as an empty cell."""
    return None if day in (EVER, OPEN) else day


def within(work: Work, unit: Place, as_of: date | None) -> sa.Select[uuid.UUID]:
    """Return the units of a subtree: on a day, or all that ever stood there."""
    statement = (
        sa.select(UnitAncestor.unit_id)
        .where(UnitAncestor.ancestor_id == unit.id, visible(UnitAncestor, work.generation))
        .distinct()
    )
    return statement if as_of is None else statement.where(valid_on(UnitAncestor, as_of))


def units_within(
    work: Work, unit: Place, as_of: date | None
) -> Mapping[uuid.UUID, tuple[str, date]]:
    """Return the units of a subtree with their codes and the day since when their row holds.

    As of a day a unit's row begins no earlier than that of the unit above, so that the rows can
    be taken in by a system that knows nothing of the time before.
    """
    found = _versions(work, unit, as_of)
    if as_of is None:
        return {row.unit_id: (row.code, EVER) for row in found}
    rows = {row.unit_id: row for row in found}
    starts: dict[uuid.UUID, date] = {}
    for unit_id in rows:
        _start(unit_id, rows, starts)
    return {unit_id: (row.code, starts[unit_id]) for unit_id, row in rows.items()}


def _start(
    unit_id: uuid.UUID, rows: Mapping[uuid.UUID, Any], starts: dict[uuid.UUID, date]
) -> date:
    """Reckon since when a row and all rows above it hold."""
    if unit_id not in starts:
        row = rows[unit_id]
        above = _start(row.parent_id, rows, starts) if row.parent_id in rows else EVER
        starts[unit_id] = max(row.valid_from, above)
    return starts[unit_id]


def _versions(work: Work, unit: Place, as_of: date | None) -> Sequence[Any]:
    """Read the versions of a subtree with their codes."""
    statement = (
        sa.select(
            UnitVersion.unit_id,
            Unit.code,
            UnitVersion.name,
            UnitVersion.kind,
            UnitVersion.parent_id,
            UnitVersion.sector,
            UnitVersion.valid_from,
            UnitVersion.valid_to,
            UnitVersion.decision_no,
            UnitVersion.decision_date,
            UnitVersion.is_grassroots,
        )
        .join(Unit, Unit.id == UnitVersion.unit_id)
        .where(
            UnitVersion.unit_id.in_(within(work, unit, as_of)),
            visible(UnitVersion, work.generation),
        )
    )
    if as_of is not None:
        statement = statement.where(valid_on(UnitVersion, as_of))
    return work.session.execute(statement).all()


def dump_units(work: Work, unit: Place, as_of: date | None) -> Iterator[Sequence[Any]]:
    """Yield the versions of units in order of code and time; the root is in every system.

    As of a day there is one row a unit, without an end: nobody knew it on that day.
    """
    rows = _versions(work, unit, as_of)
    codes = {row.unit_id: row.code for row in rows}
    starts = {} if as_of is None else units_within(work, unit, as_of)
    for row in sorted(rows, key=lambda row: (row.code, row.valid_from)):
        if row.code == ROOT_CODE:
            continue
        yield (
            row.code,
            row.name,
            row.kind,
            codes.get(row.parent_id, ""),
            row.sector,
            day_or_empty(starts[row.unit_id][1] if as_of else row.valid_from),
            None if as_of else day_or_empty(row.valid_to),
            row.decision_no,
            row.decision_date,
            bool(row.is_grassroots),
        )


def dump_lineage(work: Work, unit: Place, as_of: date | None) -> Iterator[Sequence[Any]]:
    """Yield from which unit each unit came, where both stand in the subtree (on the day)."""
    codes = {unit_id: code for unit_id, (code, _start) in units_within(work, unit, as_of).items()}
    inside = within(work, unit, as_of)
    statement = sa.select(UnitLineage).where(
        UnitLineage.predecessor_id.in_(inside),
        UnitLineage.successor_id.in_(inside),
        visible(UnitLineage, work.generation),
    )
    if as_of is not None:
        statement = statement.where(UnitLineage.on <= as_of)
    rows = [
        (
            codes[line.predecessor_id],
            codes[line.successor_id],
            line.on,
            _share(line.share_part, line.share_whole),
            line.kind,
            line.decision_no,
        )
        for line in work.session.scalars(statement)
        if line.predecessor_id in codes and line.successor_id in codes
    ]
    yield from sorted(rows, key=lambda row: (row[2], *row[:2]))


def _share(part: int | None, whole: int | None) -> str:
    return "" if part is None or whole is None else str(Fraction(part, whole))
