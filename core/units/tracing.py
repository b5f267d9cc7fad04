"""Writing rows so that the writing can be taken back exactly: each keeps its before and after."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from core.chunks import chunked
from core.db import Base, Instant, Key, new_key, table_of
from core.work import Work

Row = Mapping[str, Any]
SOFT = ("revision", "status")
"""Columns that others may change without standing in the way of taking something back."""


class Entry(NamedTuple):
    """What happened to one row: before is None where it was added, after where it was taken."""

    key: list[Any]
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(slots=True)
class Batch:
    """What was done to rows of one table at once."""

    table: str
    entries: list[Entry] = field(default_factory=list)


def plain(value: Any) -> Any:
    """Return a value of a column as JSON can carry it."""
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else value


def typed(column: sa.Column[Any], value: Any) -> Any:
    """Return what `plain` made of a value of this column."""
    if value is None:
        return None
    if isinstance(column.type, Key):
        return uuid.UUID(value)
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(value)
    if isinstance(column.type, sa.Date):
        return date.fromisoformat(value)
    if isinstance(column.type, sa.LargeBinary):
        return bytes.fromhex(value)
    return value


@dataclass
class Recorder:
    """Adds, changes and takes away rows, and remembers it in order."""

    work: Work
    batches: list[Batch] = field(default_factory=list)

    def insert(self, model: type[Base], rows: Iterable[Row]) -> int:
        """Add rows; those without a key get one."""
        table = table_of(model)
        listed = [self._whole(model, row) for row in rows]
        if listed:
            self.work.session.execute(sa.insert(model), listed)
            entries = [Entry(_key(table, row), None, _plain(row)) for row in listed]
            self.batches.append(Batch(table.name, entries))
        return len(listed)

    def _whole(self, model: type[Base], row: Row) -> dict[str, Any]:
        """Return a row with its key."""
        keyed = "id" in table_of(model).c and "id" not in row
        return {"id": new_key(), **row} if keyed else dict(row)

    def update(self, model: type[Base], changes: Sequence[tuple[Row, Row]]) -> int:
        """Change rows, all in the same columns: each as it was, with its key, and what is new."""
        table = table_of(model)
        if not changes:
            return 0
        names = list(changes[0][1])
        statement = (
            sa.update(table)
            .where(*(column == sa.bindparam(f"k_{column.name}") for column in table.primary_key))
            .values({name: sa.bindparam(f"v_{name}", type_=table.c[name].type) for name in names})
        )
        keys = [column.name for column in table.primary_key]
        self.work.session.connection().execute(
            statement,
            [
                {
                    **{f"k_{name}": before[name] for name in keys},
                    **{f"v_{name}": after[name] for name in names},
                }
                for before, after in changes
            ],
        )
        self.note(model, changes)
        return len(changes)

    def note(self, model: type[Base], changes: Sequence[tuple[Row, Row]]) -> None:
        """Remember changes that somebody else has written."""
        table = table_of(model)
        entries = [
            Entry(_key(table, old), _plain({n: old[n] for n in new}), _plain(new))
            for old, new in changes
        ]
        if entries:
            self.batches.append(Batch(table.name, entries))

    def delete(self, model: type[Base], rows: Sequence[Row]) -> int:
        """Take rows away; each is given whole."""
        table = table_of(model)
        for chunk in chunked(rows):
            self.work.session.execute(
                sa.delete(table).where(table.c.id.in_([row["id"] for row in chunk]))
            )
        if rows:
            entries = [Entry(_key(table, row), _plain(row), None) for row in rows]
            self.batches.append(Batch(table.name, entries))
        return len(rows)


def _key(table: sa.Table, row: Row) -> list[Any]:
    return [plain(row[column.name]) for column in table.primary_key]


def _plain(row: Row) -> dict[str, Any]:
    return {name: plain(value) for name, value in row.items()}


def altered(work: Work, batches: Iterable[Batch]) -> dict[str, int]:
    """Count, by table, rows that are not any more as they were left."""
    last: dict[str, dict[tuple[Any, ...], dict[str, Any] | None]] = {}
    for batch in batches:
        rows = last.setdefault(batch.table, {})
        for key, _before, after in batch.entries:
            known = rows.get(tuple(key))
            joined = {**known, **after} if known is not None and after is not None else after
            rows[tuple(key)] = joined
    found: dict[str, int] = {}
    for name, rows in last.items():
        stored = _read(work, name, rows)
        number = sum(not _is(stored.get(key), wanted) for key, wanted in rows.items())
        if number:
            found[name] = number
    return found


def _is(stored: Row | None, wanted: Row | None) -> bool:
    """Whether a row is as it was left; columns that do not matter are passed over."""
    if stored is None or wanted is None:
        return stored is None and wanted is None
    return all(stored[name] == value for name, value in wanted.items() if name not in SOFT)


def _read(work: Work, name: str, keys: Iterable[tuple[Any, ...]]) -> dict[tuple[Any, ...], Row]:
    """Read rows by their keys, in plain values."""
    table = Base.metadata.tables[name]
    columns = list(table.primary_key)
    first = columns[0]
    rows: dict[tuple[Any, ...], Row] = {}
    for chunk in chunked({key[0] for key in keys}):
        statement = sa.select(table).where(first.in_([typed(first, value) for value in chunk]))
        found = work.session.execute(
            statement.execution_options(unscoped="rows an act wrote, to take them back")
        )
        for row in found.mappings():
            values = _plain(dict(row))
            rows[tuple(values[column.name] for column in columns)] = values
    return rows


def restore(work: Work, batches: Sequence[Batch]) -> None:
    """Take back what was written, last things first.

    A row that others have changed meanwhile gets a new revision instead of its old one, so that
    whoever still looks at it notices.
    """
    connection = work.session.connection()
    for batch in reversed(batches):
        table = Base.metadata.tables[batch.table]
        columns = list(table.primary_key)
        where = [column == sa.bindparam(f"k_{column.name}") for column in columns]
        added = [entry for entry in batch.entries if entry.before is None]
        taken = [entry for entry in batch.entries if entry.after is None]
        changed = [e for e in batch.entries if e.before is not None and e.after is not None]
        if added:
            connection.execute(sa.delete(table).where(*where), [_bound(columns, e) for e in added])
        if taken:
            rows = [_row(table, entry.before or {}) for entry in taken]
            connection.execute(sa.insert(table), rows)
        if changed:
            _put_back(work, table, changed)


def _bound(columns: Sequence[sa.Column[Any]], entry: Entry) -> dict[str, Any]:
    return {f"k_{c.name}": typed(c, v) for c, v in zip(columns, entry.key, strict=True)}


def _row(table: sa.Table, values: Row) -> dict[str, Any]:
    return {name: typed(table.c[name], value) for name, value in values.items()}


def _put_back(work: Work, table: sa.Table, entries: Sequence[Entry]) -> None:
    """Write the values from before into rows."""
    columns = list(table.primary_key)
    names = list(entries[0].before or {})
    stored = _read(work, table.name, (tuple(e.key) for e in entries)) if "revision" in names else {}
    statement = (
        sa.update(table)
        .where(*(column == sa.bindparam(f"k_{column.name}") for column in columns))
        .values({name: sa.bindparam(f"v_{name}", type_=table.c[name].type) for name in names})
    )
    parameters = []
    for entry in entries:
        values = dict(entry.before or {})
        now = stored.get(tuple(entry.key))
        if now is not None and entry.after is not None:
            if now["revision"] != entry.after["revision"]:
                values["revision"] = now["revision"] + 1
            if "status" in values and now["status"] != entry.after["status"]:
                values["status"] = now["status"]
        parameters.append(
            {
                **_bound(columns, entry),
                **{f"v_{name}": typed(table.c[name], values[name]) for name in names},
            }
        )
    work.session.connection().execute(statement, parameters)
