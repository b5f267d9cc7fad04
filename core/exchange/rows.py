"""One row of an import: its values, what is wrong with it, and what it changes in the tables."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

import sqlalchemy as sa

from core.db import Base, Instant, JsonText, Key, new_key, table_of

Outcome = Literal["created", "updated", "unchanged", "rejected"]
Problem = tuple[str | None, str]
"""The key of the column concerned, if one, and a sentence in the language of who imports."""


@dataclass(slots=True)  # not frozen: there are three of a row, and frozen ones take twice as long
class Change:
    """What happens to a row of a table: inserted (no `before`), altered, or removed (no `after`).

    `key` holds the values of the primary key in its order; `before` and `after` of an altered row
    hold only the columns that differ, of an inserted or removed row all columns written.
    """

    table: str
    key: tuple[Any, ...]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(slots=True)
class Row:
    """One row of a file: `number` as the spreadsheet shows it, `values` only of filled cells.

    A dataset's `load` looks at the values, calls `reject` for everything that is wrong, and, when
    nothing is, says what to write with `insert`, `alter` and `remove`; it writes nothing itself.
    `target_id` is the record the row is about, `unit_id` the unit whose right it needs; `topic` is
    what the dataset's `remark` is asked about when the row writes something.
    """

    number: int
    values: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    target_id: uuid.UUID | None = None
    unit_id: uuid.UUID | None = None
    is_new: bool = False
    has_effect: bool = False
    topic: Hashable = None
    told: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        """Return the value of a cell, or the default where it is empty or its column is missing."""
        return self.values.get(name, default)

    def reject(self, column: str | None, sentence: object) -> None:
        """Say what is wrong with a cell, or with the row; call it for everything that is wrong."""
        problem = (column, str(sentence))
        if problem not in self.problems:
            self.problems.append(problem)

    def tell(self, name: str, before: Any, after: Any) -> None:
        """Note for the ledger, in the words of its fields, what stood there and what stands now."""
        first = self.told[name][0] if name in self.told else before
        self.told[name] = (first, after)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong so far."""
        return not self.problems

    @property
    def outcome(self) -> Outcome:
        """What the row does; `is_new` and `has_effect` count where it changes nothing itself."""
        if self.problems:
            return "rejected"
        if not self.changes and not self.has_effect:
            return "unchanged"
        return "created" if self.is_new else "updated"

    def insert(self, model: type[Base], **values: Any) -> uuid.UUID | None:
        """Let a row of a table be written; return its key where the table has one column `id`."""
        table, names = _named(model)
        if "id" in names and "id" not in values:
            values["id"] = new_key()
        self.changes.append(Change(table, tuple([values[name] for name in names]), None, values))
        return values.get("id")

    def alter(self, model: type[Base], stored: Mapping[str, Any], **values: Any) -> bool:
        """Let a stored row get other values; return whether any differs. `stored` has its key."""
        changed = [name for name, value in values.items() if stored[name] != value]
        if not changed:
            return False
        table, names = _named(model)
        key = tuple(stored[name] for name in names)
        before = {name: stored[name] for name in sorted(changed)}
        after = {name: values[name] for name in sorted(changed)}
        self.changes.append(Change(table, key, before, after))
        return True

    def remove(self, model: type[Base], stored: Mapping[str, Any]) -> None:
        """Let a stored row go; `stored` has all its columns, so that it can be put back."""
        table, names = _named(model)
        key = tuple(stored[name] for name in names)
        self.changes.append(Change(table, key, dict(stored), None))


@lru_cache
def _named(model: type[Base]) -> tuple[str, list[str]]:
    """Return the name of a model's table and those of the columns of its primary key."""
    table = table_of(model)
    return table.name, [column.name for column in table.primary_key]


def folded(changes: Sequence[Change]) -> list[Change]:
    """Return what changes come to when they follow one another on the same rows."""
    net: dict[tuple[str, tuple[Any, ...]], Change] = {}
    for change in changes:
        place = (change.table, change.key)
        first = net.setdefault(place, change)
        if first is not change:
            net[place] = _after(first, change)
    return [change for change in net.values() if change.before != change.after]


def _after(first: Change, then: Change) -> Change:
    """Return two changes of one row as one."""
    if first.before is None:  # inserted by this import
        after = None if then.after is None else {**(first.after or {}), **then.after}
        return Change(then.table, then.key, None, after)
    if then.after is None or first.after is None:
        return Change(then.table, then.key, {**(then.before or {}), **first.before}, then.after)
    before = {**(then.before or {}), **first.before}
    after = {**first.after, **then.after}
    same = {name for name in before if before[name] == after.get(name)}
    return Change(
        then.table,
        then.key,
        {name: value for name, value in before.items() if name not in same},
        {name: value for name, value in after.items() if name not in same},
    )


def reversed_changes(changes: Sequence[Change]) -> list[Change]:
    """Return the changes that take these back."""
    return [Change(c.table, c.key, c.after, c.before) for c in reversed(changes)]


def spelled(changes: Iterable[Change]) -> tuple[JsonText | None, JsonText | None]:
    """Return changes as JSON text: rows by name with their columns before, and after."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for change in changes:
        name = "/".join([change.table, *[_plain(part) for part in change.key]])
        if change.before is not None:
            before[name] = change.before
        if change.after is not None:
            after[name] = change.after
    return _text(before), _text(after)


def _text(rows: Mapping[str, Any]) -> JsonText | None:
    return JsonText(_ENCODER.encode(rows)) if rows else None


def _plain(value: Any) -> Any:
    """Return a value as JSON carries it; days as ISO text, keys and bytes as digits."""
    kind = type(value)
    if kind is uuid.UUID:
        return _HEX % value.int
    if kind is date:
        return _day(value)
    if kind is bytes:
        return value.hex()
    return dict(value) if isinstance(value, Mapping) else str(value)


_HEX = "%032x"
_day = lru_cache(maxsize=4_096)(date.isoformat)


# Nothing in a row holds itself, so nobody looks for that.
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":"), default=_plain
)


def decode(tables: Mapping[str, sa.Table], name: str, before: Any, after: Any) -> Change:
    """Read a change back as it was before `encode`."""
    table_name, *parts = name.split("/")
    table = tables[table_name]
    keys = tuple(
        _typed(column, part) for column, part in zip(table.primary_key, parts, strict=True)
    )
    return Change(table_name, keys, _decoded(table, before), _decoded(table, after))


def _decoded(table: sa.Table, values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Read columns back; what is no column of the table stays as it is."""
    if values is None:
        return None
    return {
        name: _typed(table.columns[name], value) if name in table.columns else value
        for name, value in values.items()
    }


_READ_BACK: tuple[tuple[type[Any], Callable[[Any], Any]], ...] = (
    (Key, uuid.UUID),
    (Instant, datetime.fromisoformat),
    (sa.DateTime, datetime.fromisoformat),
    (sa.Date, date.fromisoformat),
    (sa.Time, time.fromisoformat),
    (sa.LargeBinary, bytes.fromhex),
    (sa.Integer, int),
    (sa.Numeric, Decimal),
)


def _typed(column: sa.Column[Any], value: Any) -> Any:
    """Turn a value from JSON into what its column holds."""
    if value is None:
        return None
    for kind, read in _READ_BACK:
        if isinstance(column.type, kind):
            return read(value)
    return value
