"""A province with two wards and branches, written in one act."""

from __future__ import annotations

import pytest

from core.testing import UnitLine, World
from tests.environment.settling import Settle

UNITS = (
    ("P", "province", "ROOT", "Đảng bộ tỉnh P"),
    ("W1", "commune", "P", "Đảng bộ phường Một"),
    ("W2", "commune", "P", "Đảng bộ phường Hai"),
    ("A", "branch", "W1", "Chi bộ A"),
    ("B", "branch", "W1", "Chi bộ B"),
    ("C", "branch", "W2", "Chi bộ C"),
)


def build_ward(world: World) -> World:
    """Write those units."""
    world.units(*(UnitLine(code, kind, parent, name) for code, kind, parent, name in UNITS))
    return world


@pytest.fixture(scope="module")
def settle() -> Settle:
    """Each module's tests begin with it."""
    return build_ward


@pytest.fixture
def ward(world: World) -> World:
    """A province P, wards W1 and W2, branches A and B in the first, C in the second."""
    return world
