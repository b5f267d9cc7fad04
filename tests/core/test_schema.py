"""Migrations reach the models, on both databases, and go back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.app import System, create_system
from core.db import Database, make_engine
from core.schema import components, differences, downgrade, migrate, pending
from tests.conftest import config_for
from tests.environment.postgres import running_postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[System]:
    """A database without a table."""
    url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    if request.param == "postgresql":
        server = sa.make_url(running_postgres())
        admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql("DROP DATABASE IF EXISTS empty_schema WITH (FORCE)")
            connection.exec_driver_sql("CREATE DATABASE empty_schema")
        admin.dispose()
        url = server.set(database="empty_schema").render_as_string(hide_password=False)
    system = create_system(config_for(tmp_path, url), database=Database(make_engine(url)))
    yield system
    system.database.engine.dispose()


def test_migrations_reach_the_models_and_go_back(empty: System) -> None:
    names = [name for name, _folder in components(empty.host)]
    assert pending(empty.database, empty.host) == names
    migrate(empty.database, empty.host)
    assert pending(empty.database, empty.host) == []
    for name in names:
        assert differences(empty.database, name) == []
    for name, folder in reversed(components(empty.host)):
        downgrade(empty.database, name, folder)
    left = set(sa.inspect(empty.database.engine).get_table_names())
    assert {table for table in left if not table.startswith("alembic_version")} == set()


def test_migrating_twice_changes_nothing(empty: System) -> None:
    migrate(empty.database, empty.host)
    migrate(empty.database, empty.host)
    assert pending(empty.database, empty.host) == []
