"""A province with two wards and branches, written in one act."""

from __future__ import annotations

import pytest

from core.db import new_key
from core.testing import World
from core.units.models import Unit
from core.units.versions import VersionFacts, write_versions

UNITS = (
    ("P", "province", "ROOT", "Đảng bộ tỉnh P"),
    ("W1", "commune", "P", "Đảng bộ phường Một"),
    ("W2", "commune", "P", "Đảng bộ phường Hai"),
    ("A", "branch", "W1", "Chi bộ A"),
    ("B", "branch", "W1", "Chi bộ B"),
    ("C", "branch", "W2", "Chi bộ C"),
)


@pytest.fixture
def ward(world: World) -> World:
    """A province P, wards W1 and W2, branches A and B in the first, C in the second."""
    with world.work() as work:
        keys = {code: new_key() for code, *_rest in UNITS}
        keys["ROOT"] = work.unit.id
        for code, *_rest in UNITS:
            work.session.add(Unit(id=keys[code], code=code, created_at=work.now))
        work.session.flush()
        facts = {
            keys[code]: [VersionFacts(name=name, kind=kind, parent_id=keys[parent])]
            for code, kind, parent, name in UNITS
        }
        work.hooks.tree_changed(unit_ids=write_versions(work, facts))
    return world
