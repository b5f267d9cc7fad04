"""Tables without their indexes while millions of rows are written; built anew at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa

from core.db import Base, table_of
from core.work import Work

Said = Callable[[str], None]

CONSTRAINTS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = CAST(:table AS regclass) AND (contype IN ('u', 'x') OR contype = 'p' AND
        NOT EXISTS (SELECT FROM pg_constraint AS other WHERE other.conindid = pg_constraint.conindid
                    AND other.contype = 'f'))
    ORDER BY contype = 'x', conname"""
INDEXES = """
    SELECT relname, pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON oid = indexrelid
    WHERE indrelid = CAST(:table AS regclass)
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY relname"""


@contextmanager
def without_indexes(work: Work, models: Sequence[type[Base]], said: Said) -> Iterator[None]:
    """Take the indexes of tables away and build the very same again; PostgreSQL alone.

    Keys that other tables refer to stay. One index at a time is built from sorted rows, which is
    several times quicker than keeping all of them up to date row by row. `said` is told the name
    of each that is built.
    """
    connection = work.session.connection()
    if connection.dialect.name != "postgresql":
        yield
        return
    again: list[tuple[str, str]] = []
    for name in (table_of(model).name for model in models):
        for constraint, definition in connection.execute(sa.text(CONSTRAINTS), {"table": name}):
            connection.execute(sa.text(f'ALTER TABLE {name} DROP CONSTRAINT "{constraint}"'))
            statement = f'ALTER TABLE {name} ADD CONSTRAINT "{constraint}" {definition}'
            again.append((constraint, statement))
        for index, definition in connection.execute(sa.text(INDEXES), {"table": name}):
            connection.execute(sa.text(f'DROP INDEX "{index}"'))
            again.append((index, definition))
    yield
    connection.execute(sa.text("SET LOCAL maintenance_work_mem = '512MB'"))
    for name, statement in again:
        said(name)
        connection.exec_driver_sql(statement)


@contextmanager
def by_index(work: Work) -> Iterator[None]:
    """Let PostgreSQL look up lists of keys by index in tables it has no figures of yet.

    Planned for the eight hundred keys at hand, it would read such a table from end to end for
    each list: of a country, for hours.
    """
    connection = work.session.connection()
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.execute(sa.text("SET LOCAL plan_cache_mode = force_generic_plan"))
    yield
    connection.execute(sa.text("SET LOCAL plan_cache_mode = force_custom_plan"))
