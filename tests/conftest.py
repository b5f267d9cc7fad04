"""Fixtures of the suite: one database of each kind, rolled back after every test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.app import System, create_app, create_system
from core.config import Config
from core.db import Database, make_engine
from core.reference import add_reference_data
from core.schema import create_all
from core.testing import NOON, Counter, RolledBackDatabase, World, counted, refuse_unscoped
from tests.environment.browser import launch_arguments
from tests.environment.postgres import running_postgres


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive Debian's Chromium."""
    return {**browser_type_launch_args, **launch_arguments()}


def config_for(folder: Path, url: str) -> Config:
    """Return the configuration of the suite."""
    return Config(
        var=folder, database_url=url, secret_key="for-tests-only", mode="test", strict_plugins=True
    )


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def backend(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[System]:
    """One database of each kind, with the reference data; every test runs on both."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        url = f"sqlite:///{folder / 'test.sqlite3'}"
    else:
        server = sa.make_url(running_postgres())
        name = f"suite_{folder.name}"
        admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}"')
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
        admin.dispose()
        url = server.set(database=name).render_as_string(hide_password=False)
    system = create_system(config_for(folder, url), database=Database(make_engine(url)))
    create_all(system.database)
    with system.database.session(writing=True) as session:
        add_reference_data(session)
        session.commit()
    refuse_unscoped(system.database.engine)
    yield system
    system.database.engine.dispose()


@pytest.fixture(scope="session")
def application(backend: System) -> Any:
    """The web application on the session's database."""
    return create_app(system=backend)


@pytest.fixture
def system(backend: System) -> Iterator[System]:
    """The system inside a transaction that is rolled back after the test."""
    with backend.database.engine.connect() as connection:
        transaction = connection.begin()
        database = RolledBackDatabase(connection)
        whole = backend.opener.database
        backend.opener.database = database
        backend.opener.clock = lambda: NOON
        backend.opener.forget()
        yield replace(backend, database=database)
        backend.opener.database = whole
        backend.opener.forget()
        transaction.rollback()


@pytest.fixture
def world(system: System, application: Any) -> World:
    """A small world with builders; see `core.testing.World`."""
    return World(system, application)


@pytest.fixture
def statements(system: System) -> Iterator[Counter]:
    """Count the statements of the test."""
    with counted(system.database.engine) as counter:
        yield counter
