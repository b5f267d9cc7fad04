"""Where generated rows go: COPY into PostgreSQL, many at once into SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from psycopg.types.json import Jsonb

from core.db import Base, table_of
from core.work import Work

BATCH = 10_000
Row = Mapping[str, Any]


class Sink:
    """Takes rows as mappings of attribute names; what is missing gets the column's default."""

    def __init__(self, work: Work) -> None:
        """Write in the work's transaction."""
        self._session = work.session
        self._connection = work.session.connection()
        self._copies = self._connection.dialect.name == "postgresql"
        self.written: dict[str, int] = {}

    def write(self, model: type[Base], rows: Iterable[Row]) -> int:
        """Write rows of one table; return how many."""
        count = self._copy(model, rows) if self._copies else self._insert(model, rows)
        name = table_of(model).name
        self.written[name] = self.written.get(name, 0) + count
        return count

    def _insert(self, model: type[Base], rows: Iterable[Row]) -> int:
        count, batch = 0, []
        for row in rows:
            batch.append(row)
            count += 1
            if len(batch) == BATCH:
                self._session.execute(sa.insert(model), batch)
                batch = []
        if batch:
            self._session.execute(sa.insert(model), batch)
        return count

    def _copy(self, model: type[Base], rows: Iterable[Row]) -> int:
        columns = _columns(model)
        names = ", ".join(f'"{name}"' for _key, name, _default, _turn in columns)
        statement = f"COPY {table_of(model).name} ({names}) FROM STDIN"
        count = 0
        raw: Any = self._connection.connection.driver_connection
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
