"""Where records stood on the day of a list: at which unit, and under which name."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.units.covering import TODAY, AsOf
from core.units.models import Rehomed, UnitVersion
from core.units.places import Place, valid_on, visible
from core.work import Work


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a record stood: its unit with the name of then, and where it is found today.

    `home` is the code of the unit it belongs to today, `opens_at` of the one whose pages show it.
    """

    unit_id: uuid.UUID
    code: str
    name: str
    home: str
    opens_at: str


def stood(work: Work, rows: Sequence[Any], as_of: AsOf = TODAY) -> dict[uuid.UUID, Standing]:
    """Return where records stood, by their keys; without a day where they stand.

    As of a day a record that went on with another unit stood at its unit of then, and the unit
    bore the name of then. With the units of today names are those of today.
    """
    homes = {row.id: row.unit_id for row in rows}
    units = {**homes, **_earlier(work, homes, as_of)}
    ids = {*homes.values(), *units.values()}
    places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    names = _names_on(work, ids, as_of.day) if as_of.day and as_of.is_past else {}
    return {
        row_id: _standing(work, places[unit_id], places[homes[row_id]], names)
        for row_id, unit_id in units.items()
    }


def _standing(work: Work, then: Place, home: Place, names: Mapping[uuid.UUID, str]) -> Standing:
    """Return a record's unit, and from which page it is found: this one, or that of its home."""
    opens_at = work.unit.code if home.stands_under(work.unit.id) else home.code
    return Standing(then.id, then.code, names.get(then.id, then.name), home.code, opens_at)


def _earlier(work: Work, ids: Iterable[uuid.UUID], as_of: AsOf) -> dict[uuid.UUID, uuid.UUID]:
    """Return where those records stood that have left their unit since the day.

    With the units of today only what was moved by hand stood elsewhere, as `covered` finds it.
    """
    found: dict[uuid.UUID, uuid.UUID] = {}
    if as_of.day is None:
        return found
    for chunk in chunked(ids):
        statement = sa.select(Rehomed.row_id, Rehomed.unit_id).where(
            Rehomed.row_id.in_(chunk), Rehomed.until > as_of.day
        )
        if as_of.restated:
            statement = statement.where(Rehomed.by_hand)
        for row_id, unit_id in work.session.execute(statement.order_by(Rehomed.until)):
            found.setdefault(row_id, unit_id)
    return found


def _names_on(work: Work, ids: Iterable[uuid.UUID], day: date) -> dict[uuid.UUID, str]:
    """Return the names of units on a day."""
    found: dict[uuid.UUID, str] = {}
    for chunk in chunked(ids):
        rows = work.session.execute(
            sa.select(UnitVersion.unit_id, UnitVersion.name).where(
                UnitVersion.unit_id.in_(chunk),
                valid_on(UnitVersion, day),
                visible(UnitVersion, work.generation),
            )
        )
        found.update((unit_id, name) for unit_id, name in rows)
    return found
