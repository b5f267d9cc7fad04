"""Fixtures of admission: a ward with a branch of ten and its officers."""

from __future__ import annotations

import pytest

from core.testing import World
from tests.plugins.recruitment.builders import NAMES, Ward


@pytest.fixture
def ward(world: World) -> Ward:
    """Province P, ward W with the branches B1 of ten official members and B2 of two."""
    world.unit("P", "province", name="Đảng bộ tỉnh Hà Tĩnh")
    world.unit("W", "commune", "P", name="Đảng bộ phường Bắc Hồng Lĩnh", is_grassroots=True)
    world.unit("B1", "branch", "W", name="Chi bộ tổ dân phố Phúc Sơn", sector="residential")
    world.unit("B2", "branch", "W", name="Chi bộ tổ dân phố số 2")
    people = [world.member("B1", name) for name in NAMES]
    second = [world.member("B2", name) for name in ("Võ Thị Bình", "Hồ Văn Cảnh")]
    world.position(people[0], "secretary", "B1")
    for member in (*people[:2], second[0]):
        world.position(member, "committee_member", "W")
    secretary = world.account(None, "B1", member=people[0])
    commune = world.account("commune_staff", "W")
    return Ward(world, people, second, secretary, commune)
