"""A ward whose ledger and spool are in a folder of the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.testing import World
from tests.environment.settling import Settle


def build_ward(world: World) -> None:
    """Write the units one by one: the ledger tells of each."""
    world.unit("W", "commune")
    world.unit("A", "branch", "W", name="Chi bộ A")
    world.unit("B", "branch", "W", name="Chi bộ B")


@pytest.fixture(scope="module")
def settle() -> Settle:
    """Each module's tests begin with it."""
    return build_ward


@pytest.fixture
def ward(world: World, tmp_path: Path) -> Iterator[World]:
    """A ward with two branches; its spool is empty."""
    host = world.system.host
    kept = host.spool_folder
    host.spool_folder = tmp_path / "reads"
    host.spool_folder.mkdir()
    yield world
    host.spool_folder = kept
