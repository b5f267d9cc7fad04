"""Migrating the database: core first, then each plugin, each with a version table of its own.

Alembic is imported where it works: a server only asks which revisions wait, and importing it took
a fifth of its start.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.db import Base, Database
from core.plugin_host import PluginHost
from core.watching import untold

if TYPE_CHECKING:
    from alembic.config import Config

REVISION = re.compile(r'^(revision|down_revision)(?:: [^=]+)? = "(\w+)"', re.MULTILINE)
ROOT = Path(__file__).resolve().parent.parent / "migrations"


def components(host: PluginHost) -> list[tuple[str, Path]]:
    """Return core and the sound plugins with the folders of their revisions, in order."""
    found = [("core", ROOT / "versions")]
    found += [
        (plugin.name, plugin.folder / "migrations")
        for plugin in host.foreign()
        if plugin.is_sound and (plugin.folder / "migrations").is_dir()
    ]
    return found


def alembic_config(name: str, folder: Path, database: Database | None = None) -> Config:
    """Return Alembic's configuration for one component."""
    from alembic.config import Config as AlembicConfig  # noqa: PLC0415 - see above

    config = AlembicConfig()
    config.set_main_option("script_location", str(ROOT))
    config.set_main_option("version_locations", str(folder))
    config.set_main_option("path_separator", "newline")
    config.attributes["component"] = name
    config.attributes["engine"] = database.engine if database else None
    return config


def version_table(name: str) -> str:
    """Return the name of a component's version table."""
    return f"alembic_version_{name}"


def belongs(name: str, table: str) -> bool:
    """Whether a table belongs to a component."""
    return table.startswith(f"{name}_")


def compared(name: str, dialect: str) -> Callable[..., bool]:
    """Return which objects belong to a component's comparison on a database."""

    def mine(thing: Any, _name: str | None, kind: str, *_rest: Any) -> bool:
        table = thing if kind == "table" else getattr(thing, "table", None)
        if kind == "index" and dialect == "sqlite":
            using = thing.dialect_options["postgresql"].get("using")
            if using in ("gin", "gist"):
                return False
        if kind == "index" and thing.info.get("only", dialect) != dialect:
            return False
        return table is None or belongs(name, table.name)

    return mine


def migrate(database: Database, host: PluginHost) -> None:
    """Bring core and every sound plugin to its newest revision."""
    for name, folder in components(host):
        upgrade(database, name, folder)


def upgrade(database: Database, name: str, folder: Path) -> None:
    """Bring one component to its newest revision."""
    from alembic import command  # noqa: PLC0415 - see above

    command.upgrade(alembic_config(name, folder, database), "head")


def downgrade(database: Database, name: str, folder: Path, to: str = "base") -> None:
    """Take a component back to a revision."""
    from alembic import command  # noqa: PLC0415 - see above

    command.downgrade(alembic_config(name, folder, database), to)


def pending(database: Database, host: PluginHost) -> list[str]:
    """Return the components whose newest revision has not been applied."""
    waiting: list[str] = []
    with database.engine.connect() as connection:
        for name, folder in components(host):
            if applied(connection, name) != newest(folder):
                waiting.append(name)
    return waiting


def applied(connection: sa.Connection, name: str) -> set[str]:
    """Return the revisions a component's tables stand at."""
    table = sa.table(version_table(name), sa.column("version_num"))
    if not sa.inspect(connection).has_table(table.name):
        return set()
    return set(connection.scalars(sa.select(table.c.version_num)))


def newest(folder: Path) -> set[str]:
    """Return the revisions of a folder that no other follows, read from the files."""
    known, followed = set(), set()
    for file in folder.glob("*.py"):
        found = dict(REVISION.findall(file.read_text(encoding="utf-8")))
        known.add(found.get("revision", ""))
        followed.add(found.get("down_revision", ""))
    return known - followed - {""}


def differences(database: Database, name: str) -> list[Any]:
    """Return where a component's tables differ from its models; empty when they agree."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 - see above
    from alembic.migration import MigrationContext  # noqa: PLC0415 - see above

    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": version_table(name),
                "include_object": compared(name, connection.dialect.name),
                "compare_type": True,
                "target_metadata": Base.metadata,
            },
        )
        with warnings.catch_warnings():
            # An index over an expression that only PostgreSQL has cannot be read back on SQLite.
            warnings.filterwarnings("ignore", "autogenerate skipping", UserWarning)
            found = list(compare_metadata(context, Base.metadata))
        missing = [("no_trigger", one) for names in untold(connection).values() for one in names]
        return [*found, *(one for one in missing if belongs(name, one[1]))]


def create_all(database: Database) -> None:
    """Create all tables straight from the models; tests only, where migrations have their own."""
    if database.is_postgresql:
        with database.engine.begin() as connection:
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS btree_gist"))
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    Base.metadata.create_all(database.engine)
