"""The one resolver: which value holds at a place on a day, and why."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.settings.models import SettingRow
from core.settings.registry import SettingSpec
from core.units.places import Place
from core.work import Work


class Given(NamedTuple):
    """A value as it was given at a unit."""

    valid_from: date
    value: Any
    inherits: bool
    locked: bool
    document_no: str
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Explanation:
    """A value with where it comes from; `given` is None for a default."""

    key: str
    value: Any
    source_unit_id: uuid.UUID | None
    given: Given | None
    default_source: str = ""
    is_locked: bool = False


class SettingSnapshot:
    """All given values, remembered by a process while the epoch of settings stays the same."""

    def __init__(self) -> None:
        """Begin empty."""
        self._epoch: int | None = None
        self._given: dict[str, dict[uuid.UUID, list[Given]]] = {}
        self._resolved: dict[tuple[str, uuid.UUID, date, int], Explanation] = {}

    def forget(self) -> None:
        """Begin again."""
        self._epoch = None
        self._resolved = {}

    def fresh(self, session: Session) -> None:
        """Read all values again when somebody has set one."""
        epoch = int(session.info["epochs"]["settings"])
        if epoch == self._epoch:
            return
        given: dict[str, dict[uuid.UUID, list[Given]]] = {}
        for row in session.execute(
            sa.select(
                SettingRow.key,
                SettingRow.unit_id,
                SettingRow.valid_from,
                SettingRow.value,
                SettingRow.inherits,
                SettingRow.locked,
                SettingRow.document_no,
                SettingRow.set_by,
                SettingRow.set_at,
            )
            .where(SettingRow.withdrawn_at.is_(None))
            .order_by(SettingRow.valid_from)
        ):
            given.setdefault(row[0], {}).setdefault(row[1], []).append(Given(*row[2:]))
        self._given, self._resolved, self._epoch = given, {}, epoch

    def given(self, key: str) -> Mapping[uuid.UUID, list[Given]]:
        """Return all values given of one setting, by unit, in order of their day."""
        return self._given.get(key, {})

    def given_at(self, key: str, unit_id: uuid.UUID) -> list[Given]:
        """Return the values given at one unit, in order of their day."""
        return self._given.get(key, {}).get(unit_id, [])

    def units_with(self, key: str) -> set[uuid.UUID]:
        """Return the units at which a setting was ever given."""
        return set(self._given.get(key, {}))

    def resolve(
        self, spec: SettingSpec, path: Sequence[uuid.UUID], day: date, generation: int
    ) -> Explanation:
        """Resolve a setting for the unit at the beginning of `path` (unit first, root last)."""
        cache_key = (spec.key, path[0] if path else uuid.UUID(int=0), day, generation)
        found = self._resolved.get(cache_key)
        if found is None:
            if len(self._resolved) > 200_000:
                self._resolved = {}
            found = resolve_along(spec, self._given.get(spec.key, {}), path, day)
            self._resolved[cache_key] = found
        return found


def in_force(given: Sequence[Given], day: date) -> Given | None:
    """Return the value given at one unit that holds on a day; None when it inherits."""
    kept: Given | None = None
    for entry in given:
        if entry.valid_from <= day:
            kept = entry
    return None if kept is None or kept.inherits else kept


def resolve_along(
    spec: SettingSpec,
    given: Mapping[uuid.UUID, list[Given]],
    path: Sequence[uuid.UUID],
    day: date,
) -> Explanation:
    """Resolve along a path: the highest lock wins, else the nearest value, else the default."""
    nearest: tuple[uuid.UUID, Given] | None = None
    lock: tuple[uuid.UUID, Given] | None = None
    for unit_id in path:
        entry = in_force(given.get(unit_id, ()), day)
        if entry is None:
            continue
        nearest = nearest or (unit_id, entry)
        if entry.locked:
            lock = (unit_id, entry)
    chosen = lock or nearest
    if chosen is None:
        default = spec.default_on(day)
        return Explanation(spec.key, default.value, None, None, default.source)
    unit_id, entry = chosen
    return Explanation(spec.key, entry.value, unit_id, entry, is_locked=lock is not None)


def current(work: Work) -> SettingSnapshot:
    """Return the values as this work sees them; one that gave a value has a memory of its own."""
    own: SettingSnapshot = work.session.info.get("settings", work.host.snapshot)
    own.fresh(work.session)
    return own


def explain(
    work: Work,
    key: str,
    unit: Place | None = None,
    on: date | None = None,
    path: Iterable[uuid.UUID] | None = None,
) -> Explanation:
    """Say which value of a setting holds at a place on a day, and why.

    `path` may give the ancestors of a past day; without it those of today count.
    """
    spec = work.host.settings.get(key)
    if spec is None:
        raise KeyError(key)
    place = unit or work.unit
    return current(work).resolve(
        spec, tuple(path) if path is not None else place.path, on or work.today, work.generation
    )


def value(work: Work, key: str, unit: Place | None = None, on: date | None = None) -> Any:
    """Return the value of a setting at a place on a day; no statement when warm."""
    return explain(work, key, unit, on).value
