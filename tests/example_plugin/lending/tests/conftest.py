"""Fixtures of this plugin's tests: a small world in which the plugin is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.authoring.worlds import plugin_world
from core.testing import World

FOLDER = Path(__file__).resolve().parent.parent


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A ward W with two branches; the plugin is on at A and off at B."""
    with plugin_world(FOLDER, tmp_path) as world:
        world.unit("W", "commune")
        world.unit("A", "branch", "W", name="Chi bộ A")
        world.unit("B", "branch", "W", name="Chi bộ B")
        world.switch("lending", "A", on=True)
        yield world
