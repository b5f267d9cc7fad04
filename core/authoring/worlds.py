"""A small world on SQLite in which one plugin is loaded, for its own tests."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from core.app import create_app, create_system
from core.config import Config
from core.db import Database, make_engine
from core.reference import add_reference_data
from core.schema import create_all
from core.testing import NOON, World, refuse_unscoped

FILE = "world.sqlite3"


def config_of(var: Path, *folders: Path) -> Config:
    """Return the configuration of a world: strict, so that a broken plugin fails the test."""
    return Config(
        var=var,
        database_url=f"sqlite:///{var / FILE}",
        secret_key="for-tests-only",  # noqa: S106 - nobody signs in here
        plugin_folders=folders,
        mode="test",
        strict_plugins=True,
    )


@cache
def empty_database(folder: Path) -> bytes:
    """Return an SQLite file with tables, root and reference data; made once for a process."""
    with tempfile.TemporaryDirectory() as place:
        config = config_of(Path(place), folder)
        system = create_system(config, database=Database(make_engine(config.database_url)))
        create_all(system.database)
        with system.database.session(writing=True) as session:
            add_reference_data(session)
            session.commit()
        # The engine's last connection writes the log back into the file.
        system.database.engine.dispose()
        return (Path(place) / FILE).read_bytes()


@contextmanager
def plugin_world(folder: Path, var: Path) -> Iterator[World]:
    """Open a world with the plugin in a folder loaded beside ours; `var` is thrown away later.

    Statements on rows of units that pass by the predicate fail, as in our own tests.
    """
    config = config_of(var, folder.parent)
    (var / FILE).write_bytes(empty_database(folder.parent))
    system = create_system(config, database=Database(make_engine(config.database_url)))
    system.opener.clock = lambda: NOON
    refuse_unscoped(system.database.engine)
    try:
        yield World(system, create_app(system=system))
    finally:
        system.database.engine.dispose()
