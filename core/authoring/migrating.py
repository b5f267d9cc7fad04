"""Trying a plugin's migrations: up to the models and back, on a database that is thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import sqlalchemy as sa

from core.db import Base, Database, make_engine
from core.i18n import _
from core.plugin_host import Plugin
from core.schema import differences, downgrade, upgrade


def migration_faults(plugin: Plugin, tables: Sequence[sa.Table]) -> Iterator[str]:
    """Say what is wrong with the migrations of a plugin; nothing where it has no tables."""
    folder = plugin.folder / "migrations"
    if not tables:
        return
    if not list(folder.glob("*.py")):
        yield _(
            "There are tables but no migrations: hatnhan db revision %(name)s initial",
            name=plugin.name,
        )
        return
    with tempfile.TemporaryDirectory() as place:
        database = Database(make_engine(f"sqlite:///{Path(place) / 'try.sqlite3'}"))
        try:
            yield from _try(database, plugin.name, folder)
        except Exception as error:  # noqa: BLE001 - whatever a migration throws is the answer
            yield _("The migrations fail: %(reason)s", reason=f"{error}".splitlines()[0])
        finally:
            database.engine.dispose()


def _try(database: Database, name: str, folder: Path) -> Iterator[str]:
    """Migrate up, compare, migrate down, see that nothing is left."""
    core = [table for table in Base.metadata.tables.values() if table.name.startswith("core_")]
    Base.metadata.create_all(database.engine, tables=core)
    before = set(sa.inspect(database.engine).get_table_names())
    upgrade(database, name, folder)
    for difference in differences(database, name):
        yield _("The migrations do not reach the models: %(what)s", what=str(difference)[:200])
    downgrade(database, name, folder)
    left = set(sa.inspect(database.engine).get_table_names()) - before
    left.discard(f"alembic_version_{name}")
    if left:
        yield _(
            "After the migrations back these tables are left: %(names)s",
            names=", ".join(sorted(left)),
        )
