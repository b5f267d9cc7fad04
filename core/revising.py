"""Writing revisions: what Alembic leaves out when it compares, constraints of PostgreSQL alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import renderers
from alembic.operations import MigrateOperation, ops
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.schema import AddConstraint

from core.db import Base, Database
from core.schema import alembic_config


class PostgresOnly(MigrateOperation):
    """A statement that only PostgreSQL knows."""

    def __init__(self, statement: str) -> None:
        """Keep the statement."""
        self.statement = statement

    def reverse(self) -> PostgresOnly:
        """Nothing to undo: the constraint goes with its table."""
        return PostgresOnly("")


@renderers.dispatch_for(PostgresOnly)
def render(_context: Any, operation: PostgresOnly) -> list[str]:
    """Write the statement under a test of the dialect."""
    return [f"core.db.on_postgresql(op, {operation.statement!r})"] if operation.statement else []


def add_postgresql_only(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Add exclusion constraints of new tables, and keep trigram indexes off SQLite."""
    script = directives[0]
    upgrades = script.upgrade_ops.ops
    for one in list(upgrades):
        if isinstance(one, ops.CreateTableOp):
            one.columns = [part for part in one.columns if not isinstance(part, ExcludeConstraint)]
            upgrades.extend(PostgresOnly(text) for text in _exclusions(one.table_name))
        elif isinstance(one, ops.ModifyTableOps):
            one.ops[:] = [_guarded(inner) for inner in one.ops]
    script.upgrade_ops.ops = [_guarded(one) for one in upgrades]
    for one in script.downgrade_ops.ops:
        if isinstance(one, ops.ModifyTableOps):
            one.ops[:] = [inner for inner in one.ops if not _is_trigram(inner)]
    script.downgrade_ops.ops = [one for one in script.downgrade_ops.ops if not _is_trigram(one)]


def _is_trigram(one: Any) -> bool:
    """Whether an operation is about an index that SQLite does not know."""
    given = getattr(one, "kw", {}) or {}
    return given.get("postgresql_using") in ("gin", "gist")


def _guarded(one: Any) -> Any:
    """Turn an index of PostgreSQL alone into a statement under a test of the dialect."""
    if not isinstance(one, ops.CreateIndexOp) or not _is_trigram(one):
        return one
    index = one.to_index()
    table = Base.metadata.tables[one.table_name]
    found = next(i for i in table.indexes if i.name == index.name)
    return PostgresOnly(_text(sa.schema.CreateIndex(found)))


def _exclusions(table_name: str) -> Iterator[str]:
    """Return the statements that add the exclusion constraints of a table."""
    for constraint in Base.metadata.tables[table_name].constraints:
        if isinstance(constraint, ExcludeConstraint):
            yield _text(AddConstraint(constraint, isolate_from_table=False))


def _text(statement: Any) -> str:
    """Return a statement as PostgreSQL reads it, on one line."""
    dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # the library has no types
    compiled = str(statement.compile(dialect=dialect))
    return " ".join(compiled.split())


def revise(database: Database, name: str, folder: Path, message: str) -> Any:
    """Write a new revision of a component from the difference between models and database."""
    config = alembic_config(name, folder, database)
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    return command.revision(
        config,
        message,
        autogenerate=True,
        version_path=str(folder),
        process_revision_directives=add_postgresql_only,
    )
