"""A generated town whose planner believes it is a province: plans at size without the size.

PostgreSQL reckons by what it counted when it last looked. So the town is counted, and then what
grows with a province is told to have grown: a hundred times the rows, and each commune, branch,
member and meeting a hundredth of the part of its table that it had.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.app import create_app
from core.generate.building import generate
from core.testing import NOON, World
from tests.environment.systems import shared_system

FACTOR = 100
GROWS = 90  # a table with as many rows as the town has branches grows with their number
FILLED = 80  # rows of a table that the town leaves empty
# Tables that the town leaves empty and that every member, act or meeting of a province adds to.
LIVELY = (
    "core_change", "core_document", "core_document_file", "core_ledger", "core_ledger_payload",
    "core_ledger_read", "core_notice", "core_notice_copy",
    "evaluation_ballot", "evaluation_comment", "evaluation_review", "evaluation_self_review",
    "meetings_told", "meetings_visitor",
)  # fmt: skip
LIVELY_FACTOR = 5_000
LARGE = 12_000  # rows; the tree has fewer units

TABLES = """
SELECT relname, reltuples FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
CHECKS = """
SELECT conname FROM pg_constraint
WHERE conrelid = CAST(:name AS regclass) AND contype IN ('c', 'f', 'x') ORDER BY conname
"""
COLUMNS = """
SELECT column_name, data_type, character_maximum_length FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = :name
"""
GROWN_ROWS = """
UPDATE pg_class SET reltuples = reltuples * :factor
WHERE oid = ANY(CAST(:tables AS regclass[]))
   OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = ANY(CAST(:tables AS regclass[])))
"""
# The first slot of a column's statistics has its most common values, where there are such. Units
# that hold a large part of all members, the province itself, do so whatever the size.
GROWN_VALUES = """
UPDATE pg_statistic s SET
  stadistinct = CASE WHEN s.stadistinct > 0 THEN -s.stadistinct / c.reltuples
                     ELSE s.stadistinct END,
  stanumbers1 = CASE WHEN s.stakind1 <> 1 THEN s.stanumbers1 ELSE (
    SELECT array_agg(CASE WHEN part > 0.2 AND a.attname = 'ancestor_id' THEN part
                          ELSE part / :factor END ORDER BY place)
    FROM unnest(s.stanumbers1) WITH ORDINALITY AS common (part, place)) END
FROM pg_class c, pg_attribute a
WHERE s.starelid = c.oid AND c.oid = ANY(CAST(:tables AS regclass[]))
  AND a.attrelid = c.oid AND a.attnum = s.staattnum AND a.atttypid = 'uuid'::regtype
"""
VALUES = {
    "uuid": "gen_random_uuid()",
    "date": "DATE '2026-01-01' + n",
    "timestamp with time zone": "TIMESTAMPTZ '2026-01-01' + n * INTERVAL '1 day'",
    "boolean": "mod(n, 2) = 0",
    "jsonb": "'{}'",
    "bytea": "decode(md5(n::text), 'hex')",
    "text": "'x' || n",
    "character varying": "left('x' || n, SIZE)",
}


@contextmanager
def province(folder: Path) -> Iterator[World]:
    """Generate a town in a database of its own and let its planner see a province."""
    system = shared_system("postgresql", folder, "province")
    system.opener.clock = lambda: NOON
    generate(system, "town", 1, lambda _title, _done: None)
    with system.database.engine.begin() as connection:
        empty = [name for name, _rows in _counted(connection) if _is_empty(connection, name)]
        for name in empty:
            _fill(connection, name)
        connection.exec_driver_sql("ANALYZE")
        for name in empty:  # the page stays, and what was counted
            connection.execute(sa.delete(sa.table(name)))
        grown = [name for name, rows in _counted(connection) if rows >= GROWS]
        for tables, factor in ((grown, FACTOR), (list(LIVELY), LIVELY_FACTOR)):
            for statement in (GROWN_VALUES, GROWN_ROWS):
                connection.execute(sa.text(statement), {"tables": tables, "factor": factor})
    yield World(system, create_app(system=system))
    system.database.engine.dispose()


def _counted(connection: Connection) -> list[tuple[str, float]]:
    """Return the tables with the number of their rows, as the planner has it."""
    return [(str(name), float(rows)) for name, rows in connection.execute(sa.text(TABLES))]


def _is_empty(connection: Connection, name: str) -> bool:
    return (
        connection.execute(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)).first()
        is None
    )


def large_tables(world: World) -> frozenset[str]:
    """Return the tables that are large in a province, without those of the tree itself."""
    with world.system.database.engine.connect() as connection:
        return frozenset(
            name
            for name, rows in _counted(connection)
            if rows >= LARGE and not name.startswith("core_unit")
        )


def _fill(connection: Connection, name: str) -> None:
    """Write rows that mean nothing: a table without a page is always read from end to end."""
    for (constraint,) in connection.execute(sa.text(CHECKS), {"name": name}).all():
        connection.exec_driver_sql(f'ALTER TABLE "{name}" DROP CONSTRAINT "{constraint}"')
    columns = connection.execute(sa.text(COLUMNS), {"name": name}).all()
    values = [
        # The database counts such keys itself, from 1 on.
        sa.text("-n" if (column, kind) == ("id", "bigint") else _value(kind, length))
        for column, kind, length in columns
    ]
    rows = sa.select(*values).select_from(sa.text(f"generate_series(1, {FILLED}) AS n"))
    table = sa.table(name, *(sa.column(column) for column, _kind, _length in columns))
    connection.execute(table.insert().from_select(list(table.c), rows))


def _value(kind: str, length: int | None) -> str:
    return VALUES.get(kind, "n").replace("SIZE", str(length or 300))


def plans(world: World, sent: Iterable[tuple[str, Any]], *, run: bool = False) -> dict[str, Any]:
    """Return the plan of each statement; `run` adds how many rows went through each step."""
    found: dict[str, Any] = {}
    how = "ANALYZE, TIMING OFF, FORMAT JSON" if run else "FORMAT JSON"
    with world.system.database.engine.connect() as connection:
        for statement, parameters in sent:
            told = connection.exec_driver_sql(f"EXPLAIN ({how}) {statement}", parameters)
            found[statement] = told.scalar_one()[0]["Plan"]
    return found


def steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a plan's steps, those below included."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from steps(part)
