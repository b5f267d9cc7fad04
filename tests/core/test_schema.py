"""Migrations reach the models, on both databases, and go back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.app import create_system
from core.db import Database, make_engine
from core.schema import components, differences, downgrade, migrate, pending
from core.system import System
from tests.environment.systems import KINDS, config_for, empty_database


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[System]:
    """A database without a table."""
    url = empty_database(request.param, tmp_path, "schema")
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
