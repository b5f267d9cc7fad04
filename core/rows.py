"""Many rows of one table at once: COPY into PostgreSQL, many in one statement elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from psycopg.types.json import Jsonb
from sqlalchemy.orm import Session

from core.db import Base, table_of

FEW = 100
"""So many rows go as quickly by an ordinary statement, which logs and counters can see."""

Row = Mapping[str, Any]


def insert_rows(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows, mappings of attribute names; what is missing gets the column's default."""
    if len(rows) > FEW and session.get_bind().dialect.name == "postgresql":
        copy_rows(session, model, rows)
    elif rows:
        session.execute(sa.insert(model), list(rows))


def copy_rows(session: Session, model: type[Base], rows: Iterable[Row]) -> int:
    """Send rows to PostgreSQL as a stream, in the session's transaction; return how many."""
    columns = _columns(model)
    names = ", ".join(f'"{name}"' for _key, name, _default, _turn in columns)
    statement = f"COPY {table_of(model).name} ({names}) FROM STDIN"
    count = 0
    raw: Any = session.connection().connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row([turn(row.get(key, default)) for key, _n, default, turn in columns])
            count += 1
    return count


def _columns(model: type[Base]) -> list[tuple[str, str, Any, Callable[[Any], Any]]]:
    """Return attribute, column, default and conversion of every column of a model."""
    found: list[tuple[str, str, Any, Callable[[Any], Any]]] = []
    for attribute in sa.inspect(model).column_attrs:
        column: Any = attribute.columns[0]
        default = (
            column.default.arg if column.default is not None and column.default.is_scalar else None
        )
        is_json = isinstance(column.type, sa.JSON)
        found.append((attribute.key, str(column.name), default, _as_json if is_json else _as_is))
    return found


def _as_json(value: Any) -> Any:
    return None if value is None else Jsonb(value)


def _as_is(value: Any) -> Any:
    return value
