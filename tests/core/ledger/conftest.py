"""A ward whose ledger and spool are in a folder of the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.testing import World


@pytest.fixture
def ward(world: World, tmp_path: Path) -> Iterator[World]:
    """A ward with two branches; its spool is empty."""
    host = world.system.host
    kept = host.spool_folder
    host.spool_folder = tmp_path / "reads"
    host.spool_folder.mkdir()
    world.unit("W", "commune")
    world.unit("A", "branch", "W", name="Chi bộ A")
    world.unit("B", "branch", "W", name="Chi bộ B")
    yield world
    host.spool_folder = kept
