"""Ending rows of the tree at a generation: any number in one statement, by their whole keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from core.work import Work

Keys = Sequence[Mapping[str, Any]]


def end_rows(work: Work, table: sa.Table, keys: Keys, generation: int | None) -> None:
    """Let rows be the truth up to a generation only; readers of the one before keep them.

    Each key names the columns of the table's primary key. Rows of this very generation were never
    seen by anybody and are taken away, and so are all where the tree has no new generation.
    """
    old = [key for key in keys if generation is not None and key["gen_from"] < generation]
    fresh = [key for key in keys if generation is None or key["gen_from"] >= generation]
    if old:
        _run(work, table, sa.update(table).values(gen_to=generation), old)
    if fresh:
        _run(work, table, sa.delete(table), fresh)


def _run(work: Work, table: sa.Table, statement: Any, keys: Keys) -> None:
    """Run a statement for the rows of these keys.

    PostgreSQL is sent the keys as arrays: a statement for each of a country's million rows takes
    longer than writing them. SQLite is in our own process and takes row by row just as quickly.
    """
    columns = list(table.primary_key)
    connection = work.session.connection()
    if connection.dialect.name != "postgresql":
        statement = statement.where(*(c == sa.bindparam(f"k_{c.name}") for c in columns))
        rows = [{f"k_{name}": value for name, value in key.items()} for key in keys]
        connection.execute(statement, rows)
        return
    arrays = [
        sa.bindparam(f"k_{c.name}", [key[c.name] for key in keys], type_=ARRAY(c.type))
        for c in columns
    ]
    named = sa.func.unnest(*arrays).table_valued(*(sa.column(c.name, c.type) for c in columns))
    listed = named.alias("listed").render_derived()
    connection.execute(statement.where(*(c == listed.c[c.name] for c in columns)))
