"""One environment for core and every plugin; the component comes with the configuration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import context

from core.db import Base
from core.schema import compared, version_table

component: str = context.config.attributes["component"]


@contextmanager
def unbound(connection: sa.Connection) -> Iterator[None]:
    """Let SQLite rebuild tables that others refer to; afterwards every reference must hold."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction
    try:
        yield
        broken = driver.execute("PRAGMA foreign_key_check").fetchone()
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
    if broken:
        raise RuntimeError(f"a row of {broken[0]} refers to a row of {broken[2]} that is not there")


def run() -> None:
    """Run the revisions in one transaction."""
    engine = context.config.attributes["engine"]
    with engine.connect() as connection, unbound(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            # Two deployments that start together must not migrate together.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7034901)"))
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS btree_gist"))
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            version_table=version_table(component),
            include_object=compared(component, connection.dialect.name),
            compare_type=True,
            render_as_batch=connection.dialect.name == "sqlite",
            user_module_prefix="core.db.",
        )
        with context.begin_transaction():
            context.run_migrations()


run()
