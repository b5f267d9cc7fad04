"""Fixtures of meetings: a ward with a branch of ten and its officers."""

from __future__ import annotations

import pytest

from core.testing import World
from tests.plugins.meetings.builders import NAMES, Branch


@pytest.fixture
def branch(world: World) -> Branch:
    """Ward W with branch B1 of ten official members, and B2 with one."""
    world.unit("P", "province")
    world.unit("W", "commune", "P", name="Đảng bộ phường Bắc Hồng Lĩnh")
    world.unit("B1", "branch", "W", name="Chi bộ tổ dân phố Phúc Sơn", sector="residential")
    world.unit("B2", "branch", "W", name="Chi bộ tổ dân phố số 2")
    people = [world.member("B1", name) for name in NAMES]
    world.member("B2", "Võ Thị Bình")
    world.position(people[0], "secretary", "B1")
    secretary = world.account(None, "B1", member=people[0])
    commune = world.account("commune_staff", "W")
    return Branch(world, people, secretary, commune)
