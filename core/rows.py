"""Many rows of one table at once: COPY into PostgreSQL, many in one statement elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.db import Base, table_of

FEW = 100
"""So many rows go as quickly by an ordinary statement, which logs and counters can see."""

Row = Mapping[str, Any]
Target = type[Base] | sa.Table
"""A model, whose rows carry the names of its attributes, or a table with those of its columns."""


def insert_rows(session: Session, target: Target, rows: Sequence[Row]) -> None:
    """Insert rows, mappings by name; what is missing gets the column's default."""
    if len(rows) > FEW and session.get_bind().dialect.name == "postgresql":
        copy_rows(session, target, rows)
    elif rows:
        session.execute(sa.insert(target), list(rows))


def copy_rows(session: Session, target: Target, rows: Iterable[Row]) -> int:
    """Send rows to PostgreSQL as a stream, in the session's transaction; return how many."""
    columns = [(key, default, _turn(column)) for key, column, default in _columns(target)]
    table = target if isinstance(target, sa.Table) else table_of(target)
    names = ", ".join(f'"{column.name}"' for _key, column, _default in _columns(target))
    statement = f"COPY {table.name} ({names}) FROM STDIN"
    count = 0
    raw: Any = session.connection().connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(
                [
                    row.get(key, default) if turn is None else turn(row.get(key, default))
                    for key, default, turn in columns
                ]
            )
            count += 1
    return count


def _columns(target: Target) -> Iterator[tuple[str, sa.Column[Any], Any]]:
    """Yield every column under the name it has in a row, with its default."""
    named: list[tuple[str, Any]]
    if isinstance(target, sa.Table):
        named = [(column.key, column) for column in target.columns]
    else:
        named = [(one.key, one.columns[0]) for one in sa.inspect(target).column_attrs]
    for key, column in named:
        has_default = column.default is not None and column.default.is_scalar
        yield key, column, column.default.arg if has_default else None


def _turn(column: sa.Column[Any]) -> Callable[[Any], Any] | None:
    """Return what makes a value of a column fit for the driver, where it is not as it stands."""
    return _as_json if isinstance(column.type, sa.JSON) else None


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _as_json(value: Any) -> str | None:
    return None if value is None else _JSON.encode(value)
