"""Where generated rows go: COPY into PostgreSQL, many at once into SQLite."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from core.db import Base, table_of
from core.rows import Row, copy_rows
from core.work import Work

BATCH = 10_000


class Sink:
    """Takes rows as mappings of attribute names; what is missing gets the column's default."""

    def __init__(self, work: Work) -> None:
        """Write in the work's transaction."""
        self._session = work.session
        self._copies = work.session.connection().dialect.name == "postgresql"
        self.written: dict[str, int] = {}

    def write(self, model: type[Base], rows: Iterable[Row]) -> int:
        """Write rows of one table; return how many."""
        session = self._session
        count = copy_rows(session, model, rows) if self._copies else self._insert(model, rows)
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
