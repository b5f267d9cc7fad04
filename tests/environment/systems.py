"""Empty systems on databases of their own, for the fixtures of the suite."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.app import create_system
from core.config import Config
from core.db import Database, make_engine
from core.reference import add_reference_data
from core.schema import create_all
from core.system import System
from tests.environment.postgres import running_postgres

KINDS = ("sqlite", "postgresql")


def config_for(folder: Path, url: str) -> Config:
    """Return the configuration of the suite."""
    return Config(
        var=folder, database_url=url, secret_key="for-tests-only", mode="test", strict_plugins=True
    )


def empty_database(kind: str, folder: Path, name: str) -> str:
    """Return the address of a database without a table; one of that name before is dropped."""
    if kind == "sqlite":
        file = folder / f"{name}.sqlite3"
        file.unlink(missing_ok=True)
        return f"sqlite:///{file}"
    return _on_server(name)


def copied_database(original: sa.Engine, folder: Path, name: str) -> str:
    """Return the address of a copy of a database that nobody is connected to."""
    if original.dialect.name == "sqlite":
        return f"sqlite:///{shutil.copy(str(original.url.database), folder / f'{name}.sqlite3')}"
    return _on_server(name, f'TEMPLATE "{original.url.database}"')


def _on_server(name: str, like: str = "") -> str:
    server = sa.make_url(running_postgres())
    # Two processes that share a server do not share a database.
    name = f"{name}_{os.getpid()}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" {like}')
    admin.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


def shorten_savepoints(engine: sa.Engine) -> None:
    """Send savepoints as they are: each has another name, so SQLAlchemy compiles each anew.

    Every session of a test is one, and there are three statements to a session.
    """
    dialect: Any = engine.dialect
    for verb, words in (
        ("do_savepoint", "SAVEPOINT"),
        ("do_release_savepoint", "RELEASE SAVEPOINT"),
        ("do_rollback_to_savepoint", "ROLLBACK TO SAVEPOINT"),
    ):

        def send(connection: Connection, name: str, words: str = words) -> None:
            connection.exec_driver_sql(f"{words} {name}")

        setattr(dialect, verb, send)


def _system_of(url: str, folder: Path) -> System:
    return create_system(config_for(folder, url), database=Database(make_engine(url)))


def _fill(system: System) -> None:
    create_all(system.database)
    with system.database.session(writing=True) as session:
        add_reference_data(session)
        session.commit()


@functools.cache
def shared_system(kind: str, folder: Path, name: str) -> System:
    """Return a system with tables and reference data, made once for a process."""
    system = _system_of(empty_database(kind, folder, name), folder)
    shorten_savepoints(system.database.engine)
    _fill(system)
    return system


@contextmanager
def empty_system(kind: str, folder: Path, name: str) -> Iterator[System]:
    """Open a system on a database of its own without a table."""
    with _opened(empty_database(kind, folder, name), folder) as system:
        yield system


@contextmanager
def _opened(url: str, folder: Path) -> Iterator[System]:
    system = _system_of(url, folder)
    yield system
    system.database.engine.dispose()


@contextmanager
def committing_system(kind: str, folder: Path, name: str) -> Iterator[System]:
    """Open a system of its own with tables and reference data, whose acts really commit."""
    with empty_system(kind, folder, name) as system:
        _fill(system)
        yield system


@contextmanager
def copied_system(original: System, folder: Path, name: str) -> Iterator[System]:
    """Open a system on a copy of another's database, which is not filled again."""
    engine = original.database.engine
    engine.dispose()
    with _opened(copied_database(engine, folder, name), folder) as system:
        yield system
