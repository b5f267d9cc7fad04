"""A world in which the foreign example plugin is loaded beside ours, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.app import create_app, create_system
from core.db import Base
from core.plugin_rules import tables_of
from core.system import System
from core.testing import NOON, RolledBackDatabase, UnitLine, World

EXAMPLES = Path(__file__).resolve().parents[2] / "example_plugin"


@pytest.fixture(scope="module")
def foreign_backend(backend: System) -> Iterator[System]:
    """The system with the example plugin in a folder of its own, on the session's database."""
    config = replace(backend.config, plugin_folders=(EXAMPLES,))
    system = create_system(config, database=backend.database)
    tables = tables_of(system.opener.host.plugins["lending"])
    engine = system.database.engine
    Base.metadata.create_all(engine, tables=tables)
    yield system
    Base.metadata.drop_all(engine, tables=tables)


@pytest.fixture(scope="module")
def foreign_application(foreign_backend: System) -> Any:
    """The web application of that system."""
    return create_app(system=foreign_backend)


@pytest.fixture
def foreign(foreign_backend: System, foreign_application: Any) -> Iterator[World]:
    """P over W (branches A, B) and V (branch C), rolled back after the test."""
    opener = foreign_backend.opener
    with foreign_backend.database.engine.connect() as connection:
        transaction = connection.begin()
        whole, opener.database = opener.database, RolledBackDatabase(connection)
        opener.clock = lambda: NOON
        opener.forget()
        world = World(replace(foreign_backend, database=opener.database), foreign_application)
        world.units(
            UnitLine("P", "province"),
            UnitLine("W", "commune", "P"),
            UnitLine("V", "commune", "P"),
            UnitLine("A", "branch", "W"),
            UnitLine("B", "branch", "W"),
            UnitLine("C", "branch", "V"),
        )
        yield world
        opener.database = whole
        opener.forget()
        transaction.rollback()
