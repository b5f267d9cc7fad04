"""A place: a unit as it is today, with the way up to the root; light, and kept between requests."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.chunks import chunked
from core.units.models import Unit, UnitScope, UnitVersion

ROOT_CODE = "ROOT"


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as of today; an ended one as it was last.

    `path` leads from the unit itself up to the root, as rights reach it: for an ended unit
    through its successor.
    """

    id: uuid.UUID
    code: str
    name: str
    kind: str
    sector: str
    is_grassroots: bool
    has_delegated_powers: bool
    has_seal: bool
    term_months: int | None
    parent_id: uuid.UUID | None
    valid_from: date
    valid_to: date
    path: tuple[uuid.UUID, ...]
    is_living: bool

    @property
    def ended_on(self) -> date | None:
        """The first day on which the unit was no more, or None."""
        return None if self.is_living else self.valid_to

    def stands_under(self, unit_id: uuid.UUID) -> bool:
        """Whether a right at that unit, held with its subtree, reaches this one."""
        return unit_id in self.path


def visible(model: Any, generation: int | sa.BindParameter[Any]) -> sa.ColumnElement[bool]:
    """Rows that are the truth at a generation."""
    return sa.and_(model.gen_from <= generation, model.gen_to > generation)


def valid_on(model: Any, day: date | sa.BindParameter[Any]) -> sa.ColumnElement[bool]:
    """Rows that hold on a day."""
    return sa.and_(model.valid_from <= day, model.valid_to > day)


def _best_version(today: date) -> sa.ColumnElement[int]:
    """Order: the version of today, then the latest before it, then the first after it."""
    return sa.case(
        (sa.and_(UnitVersion.valid_from <= today, UnitVersion.valid_to > today), 0),
        (UnitVersion.valid_to <= today, 1),
        else_=2,
    )


def load_places(
    session: Session,
    today: date,
    generation: int,
    *,
    codes: Iterable[str] = (),
    ids: Iterable[uuid.UUID] = (),
) -> list[Place]:
    """Read places by code or key: two statements for any number up to a chunk."""
    wanted_codes, wanted_ids = list(codes), list(ids)
    rows: list[Any] = []
    for column, keys in ((Unit.code, wanted_codes), (Unit.id, wanted_ids)):
        for chunk in chunked(keys):
            rows.extend(
                session.execute(
                    sa.select(Unit.code, UnitVersion)
                    .join(UnitVersion, UnitVersion.unit_id == Unit.id)
                    .where(
                        column.in_(chunk),
                        visible(UnitVersion, generation),
                        Unit.voided_at.is_(None),
                    )
                    .order_by(
                        UnitVersion.unit_id,
                        _best_version(today),
                        sa.desc(UnitVersion.valid_from),
                    )
                ).all()
            )
    best: dict[uuid.UUID, Any] = {}
    for code, version in rows:
        kept = best.get(version.unit_id)
        future = version.valid_from > today
        if kept is None or (kept[1].valid_from > today and future):
            best[version.unit_id] = (code, version)
    paths = _paths(session, generation, list(best))
    return [_place(code, version, paths, today) for code, version in best.values()]


def _paths(
    session: Session, generation: int, ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, tuple[uuid.UUID, ...]]:
    """Read the way up of each unit, nearest first."""
    result: dict[uuid.UUID, list[uuid.UUID]] = {unit_id: [] for unit_id in ids}
    # One object for a unit above thousands: a province's places take half the memory.
    same = {unit_id: unit_id for unit_id in ids}
    for chunk in chunked(ids):
        for unit_id, ancestor_id in session.execute(
            sa.select(UnitScope.unit_id, UnitScope.ancestor_id)
            .where(UnitScope.unit_id.in_(chunk), visible(UnitScope, generation))
            .order_by(UnitScope.unit_id, UnitScope.depth)
        ):
            result[unit_id].append(same.setdefault(ancestor_id, ancestor_id))
    return {unit_id: tuple(path) for unit_id, path in result.items()}


def _place(
    code: str, version: UnitVersion, paths: dict[uuid.UUID, tuple[uuid.UUID, ...]], today: date
) -> Place:
    """Make a place of a version."""
    path = paths.get(version.unit_id, (version.unit_id,))
    return Place(
        id=version.unit_id,
        code=code,
        name=version.name,
        kind=sys.intern(version.kind),
        sector=sys.intern(version.sector),
        is_grassroots=version.is_grassroots,
        has_delegated_powers=version.has_delegated_powers,
        has_seal=version.has_seal,
        term_months=version.term_months,
        parent_id=next((key for key in path if key == version.parent_id), version.parent_id),
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        path=path,
        is_living=version.valid_from <= today < version.valid_to,
    )


class _Memory:
    """Places by code and by key, for one generation of the tree and one day."""

    def __init__(self, key: tuple[int, date] | None = None) -> None:
        self.key = key
        self.by_code: dict[str, Place] = {}
        self.by_id: dict[uuid.UUID, Place] = {}

    def keep(self, places: Iterable[Place]) -> None:
        """Remember places."""
        for place in places:
            self.by_code[place.code] = place
            self.by_id[place.id] = place


class PlaceCache:
    """Places a process remembers while the tree's generation and the day stay the same."""

    LIMIT = 50_000

    def __init__(self) -> None:
        """Begin empty."""
        self._memory = _Memory()
        self._facts: dict[str, tuple[Any, dict[Any, Any]]] = {}

    def forget(self) -> None:
        """Begin again."""
        self._memory = _Memory()
        self._facts = {}

    def facts(self, subject: str, key: Any) -> dict[Any, Any]:
        """Return what is remembered of a subject; it is forgotten when the key changes."""
        known = self._facts.get(subject)
        if known is None or known[0] != key:
            known = self._facts[subject] = (key, {})
        return known[1]

    def _of(self, session: Session, today: date, generation: int) -> _Memory:
        """Return the memory to use: a work that changes the tree has one of its own."""
        if "tree_generation" in session.info:
            own: _Memory = session.info.setdefault("places", _Memory())
            return own
        if self._memory.key != (generation, today) or len(self._memory.by_code) > self.LIMIT:
            self._memory = _Memory((generation, today))
        return self._memory

    def by_code(self, session: Session, code: str, today: date, generation: int) -> Place | None:
        """Return the place of a code, or None."""
        return self.by_codes(session, [code], today, generation).get(code)

    def by_ids(
        self, session: Session, ids: Iterable[uuid.UUID], today: date, generation: int
    ) -> dict[uuid.UUID, Place]:
        """Return the places of keys; unknown keys are left out."""
        memory, wanted = self._of(session, today, generation), set(ids)
        missing = [unit_id for unit_id in wanted if unit_id not in memory.by_id]
        if missing:
            memory.keep(load_places(session, today, generation, ids=missing))
        return {unit_id: memory.by_id[unit_id] for unit_id in wanted if unit_id in memory.by_id}

    def by_codes(
        self, session: Session, codes: Iterable[str], today: date, generation: int
    ) -> dict[str, Place]:
        """Return the places of codes; unknown codes are left out."""
        # PostgreSQL refuses a text with a zero byte; no code has one.
        memory = self._of(session, today, generation)
        wanted = {code for code in codes if "\0" not in code}
        missing = [code for code in wanted if code not in memory.by_code]
        if missing:
            memory.keep(load_places(session, today, generation, codes=missing))
        return {code: memory.by_code[code] for code in wanted if code in memory.by_code}
