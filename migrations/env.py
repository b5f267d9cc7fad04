"""One environment for core and every plugin; the component comes with the configuration."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from core.db import Base
from core.schema import compared, version_table

component: str = context.config.attributes["component"]


def run() -> None:
    """Run the revisions in one transaction."""
    engine = context.config.attributes["engine"]
    with engine.begin() as connection:
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
