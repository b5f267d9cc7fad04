"""Fixtures of admission: a ward with a branch of ten and its officers."""

from __future__ import annotations

from typing import cast

import pytest

from core.testing import UnitLine, World
from tests.environment.settling import Fresh, Settle
from tests.plugins.recruitment.builders import NAMES, Ward


def build_ward(world: World) -> Ward:
    """Province P, ward W with the branches B1 of ten official members and B2 of two."""
    world.units(
        UnitLine("P", "province", name="Đảng bộ tỉnh Hà Tĩnh"),
        UnitLine("W", "commune", "P", name="Đảng bộ phường Bắc Hồng Lĩnh", is_grassroots=True),
        UnitLine("B1", "branch", "W", name="Chi bộ tổ dân phố Phúc Sơn", sector="residential"),
        UnitLine("B2", "branch", "W", name="Chi bộ tổ dân phố số 2"),
    )
    people = world.members("B1", NAMES)
    second = world.members("B2", ("Võ Thị Bình", "Hồ Văn Cảnh"))
    world.position(people[0], "secretary", "B1")
    for member in (*people[:2], second[0]):
        world.position(member, "committee_member", "W")
    secretary = world.account(None, "B1", member=people[0])
    commune = world.account("commune_staff", "W")
    return Ward(world, people, second, secretary, commune)


@pytest.fixture(scope="module")
def settle() -> Settle:
    """Each module's tests begin with it."""
    return build_ward


@pytest.fixture
def ward(anew: Fresh) -> Ward:
    """Province P, ward W with the branches B1 of ten official members and B2 of two."""
    return cast(Ward, anew.things)
