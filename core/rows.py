"""Many rows of one table at once: COPY into PostgreSQL, many in one statement elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, make_transient_to_detached

from core.db import Base, JsonText, table_of
from core.sending import sender_of, settle

FEW = 100
"""So many rows go as quickly by an ordinary statement, which logs and counters can see."""

Row = Mapping[str, Any]
Target = type[Base] | sa.Table
"""A model, whose rows carry the names of its attributes, or a table with those of its columns."""
B = TypeVar("B", bound=Base)


class _Column(NamedTuple):
    """A column under the name it has in a row: its default, whether that is called, its turn."""

    key: str
    name: str
    default: Any
    is_made: bool
    turn: Callable[[Any], Any] | None


def insert_rows(session: Session, target: Target, rows: Sequence[Row]) -> None:
    """Insert rows, mappings by name; what is missing gets the column's default.

    Past the unit of work, which would take twice as long for a row and keep nothing of it.
    """
    if len(rows) > FEW and session.get_bind().dialect.name == "postgresql":
        raw: Any = session.connection().connection.driver_connection
        sender = sender_of(session)
        if sender is None:
            _copy(raw, target, rows)
        else:
            sender.send(partial(_copy, raw, target, rows))
    elif rows:
        # A default that is called is left to the column.
        filled = [c for c in _columns(target) if not c.is_made or c.key in rows[0]]
        values = [{c.name: row.get(c.key, c.default) for c in filled} for row in rows]
        session.connection().execute(sa.insert(_table(target)), values)


def known_row(session: Session, model: type[B], row: Row) -> B:
    """Return the object of a row just inserted, as if it had been read again."""
    found = model(**{c.key: row.get(c.key, c.default) for c in _columns(model)})
    make_transient_to_detached(found)
    session.add(found)
    return found


def copy_rows(session: Session, target: Target, rows: Iterable[Row]) -> int:
    """Send rows to PostgreSQL as a stream, in the session's transaction; return how many."""
    settle(session)
    return _copy(session.connection().connection.driver_connection, target, rows)


def _copy(raw: Any, target: Target, rows: Iterable[Row]) -> int:
    """Send rows over a connection of the driver."""
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:
        return 0
    # Those the rows have come first, so that they are picked in one go.
    columns = sorted(_columns(target), key=lambda column: column.key not in first)
    names = ", ".join(f'"{column.name}"' for column in columns)
    statement = f"COPY {_table(target).name} ({names}) FROM STDIN"
    count = 0
    with raw.cursor() as cursor, _plans_kept(cursor), cursor.copy(statement) as copy:
        for values in _picked(columns, first, waiting):
            copy.write_row(values)
            count += 1
    return count


@contextmanager
def _plans_kept(cursor: Any) -> Iterator[None]:
    """Let the database plan its checks of foreign keys once, not anew for each row.

    Our connections want a new plan for each statement, for the sake of the lists; PostgreSQL takes
    that to hold for its own checks too, which took two fifths of what writing a member costs it.
    """
    cursor.execute("SET LOCAL plan_cache_mode TO auto", prepare=False)
    yield
    cursor.execute("SET LOCAL plan_cache_mode TO DEFAULT", prepare=False)


def _picked(columns: Sequence[_Column], first: Row, rows: Iterable[Row]) -> Iterator[list[Any]]:
    """Yield the values of each row in the order of the columns, those of one shape at once."""
    there = [column.key for column in columns if column.key in first]
    defaults = [column.default for column in columns[len(there) :]]
    turns = [(at, column.turn) for at, column in enumerate(columns) if column.turn is not None]
    pick = itemgetter(*there, there[0]) if there else None  # with one more it is always a tuple
    shape = len(first) if len(there) == len(first) else -1
    for row in chain([first], rows):
        try:
            values = [*pick(row)[:-1], *defaults] if pick and len(row) == shape else None
        except KeyError:
            values = None
        if values is None:
            values = [row.get(column.key, column.default) for column in columns]
        for at, turn in turns:
            values[at] = turn(values[at])
        yield values


def _table(target: Target) -> sa.Table:
    return target if isinstance(target, sa.Table) else table_of(target)


def _columns(target: Target) -> list[_Column]:
    """Return every column under the name it has in a row; found once and kept with the table."""
    kind = "columns" if isinstance(target, sa.Table) else "attributes"
    info = _table(target).info
    if kind not in info:
        info[kind] = [_column(key, column) for key, column in _named(target)]
    found: list[_Column] = info[kind]
    return found


def _named(target: Target) -> list[tuple[str, Any]]:
    if isinstance(target, sa.Table):
        return [(column.key, column) for column in target.columns]
    return [(one.key, one.columns[0]) for one in sa.inspect(target).column_attrs]


def _column(key: str, column: sa.Column[Any]) -> _Column:
    default: Any = column.default
    is_made = default is not None and not default.is_scalar
    return _Column(
        key,
        column.name,
        None if default is None or is_made else default.arg,
        is_made,
        _as_json if isinstance(column.type, sa.JSON) else None,
    )


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _as_json(value: Any) -> str | None:
    return value if value is None or type(value) is JsonText else _JSON.encode(value)
