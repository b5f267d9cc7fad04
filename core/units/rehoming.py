"""What is open in units that end, and how it goes to those who take over."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.db import Base, table_of
from core.units.models import Rehomed
from core.units.reach import main_successors
from core.units.tracing import Recorder, Row
from core.work import Work


@dataclass(frozen=True, slots=True)
class Obligation:
    """How much of one sort is open in a unit: meetings called, tasks given, proposals waiting.

    `kind` names the sort for programs (`meetings.tasks`), `title` for people in the plural.
    """

    kind: str
    title: str
    unit_id: uuid.UUID
    count: int


def accountable(work: Work, unit_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Return who answers today for what belongs to units: itself, or whoever took it over.

    An ended unit that nobody took over answers for itself, so that nothing is passed over.
    """
    wanted = set(unit_ids)
    asked = set(wanted)
    heirs: dict[uuid.UUID, uuid.UUID] = {}
    while asked:
        places = work.host.places.by_ids(work.session, asked, work.today, work.generation)
        ended = {unit_id for unit_id, place in places.items() if not place.is_living}
        following = main_successors(work, ended - set(heirs))
        heirs.update(following)
        asked = set(following.values()) - set(heirs)
    return {unit_id: _last(unit_id, heirs) for unit_id in wanted}


def _last(unit_id: uuid.UUID, heirs: Mapping[uuid.UUID, uuid.UUID]) -> uuid.UUID:
    """Follow heirs to the last; a circle ends where it closes."""
    seen = {unit_id}
    while (heir := heirs.get(unit_id)) is not None and heir not in seen:
        seen.add(heir)
        unit_id = heir
    return unit_id


@dataclass(frozen=True)
class Rehoming:
    """Units that ended on a day, and to whom their open things go.

    `heirs` name the unit that took over each ended one, or the main part of it. `members` name
    the new home of people who did not go with their unit's heir, as in a division.
    """

    work: Work
    on: date
    heirs: Mapping[uuid.UUID, uuid.UUID]
    members: Mapping[uuid.UUID, uuid.UUID]
    recorder: Recorder = field(repr=False)

    def move(
        self, model: type[Base], *conditions: Any, column: str = "unit_id", **also: Any
    ) -> int:
        """Let rows that stand in an ended unit stand with its heir; return how many.

        `conditions` choose the rows, such as those that are open; `also` are further columns to
        set. Reverting the plan puts everything back without another word.
        """
        table = table_of(model)
        names = {column, *also} | ({"revision"} if "revision" in table.c else set())
        moved = 0
        for chunk in chunked(self.heirs):
            statement = sa.select(
                *table.primary_key, *(table.c[name] for name in sorted(names) if name != "id")
            ).where(table.c[column].in_(chunk), *conditions)
            rows = self.work.session.execute(
                statement.execution_options(unscoped="rows of ended units go to their heirs")
            ).mappings()
            changes = []
            for row in rows:
                after = {column: self.heirs[row[column]], **also}
                if "revision" in table.c:
                    after["revision"] = row["revision"] + 1
                changes.append((dict(row), after))
            moved += self.change(model, changes)
        return moved

    def change(self, model: type[Base], changes: Sequence[tuple[Row, Row]]) -> int:
        """Write rows, all in the same columns, as the recorder does; return how many.

        Where a row leaves its unit, it is remembered until when it stood there, so that lists as
        of an earlier day show it at the unit of then.
        """
        left = {
            row["id"]: row["unit_id"]
            for row, after in changes
            if "id" in row and after.get("unit_id", row.get("unit_id")) != row.get("unit_id")
        }
        self.recorder.insert(Rehomed, _fresh(self.work, left, self.on))
        return self.recorder.update(model, changes)


def note_left(work: Work, row_id: uuid.UUID, unit_id: uuid.UUID, on: date) -> None:
    """Remember that a record stood at a unit until a day, where somebody moved it by hand."""
    rows = _fresh(work, {row_id: unit_id}, on)
    work.session.add_all(Rehomed(**row, by_hand=True) for row in rows)


def _fresh(work: Work, left: Mapping[uuid.UUID, uuid.UUID], on: date) -> list[dict[str, Any]]:
    """Return what is to be remembered; of several moves on one day the first one tells."""
    known: set[uuid.UUID] = set()
    for chunk in chunked(left):
        known.update(
            work.session.scalars(
                sa.select(Rehomed.row_id).where(Rehomed.row_id.in_(chunk), Rehomed.until == on)
            )
        )
    return [
        {"row_id": row_id, "until": on, "unit_id": unit_id}
        for row_id, unit_id in left.items()
        if row_id not in known
    ]
