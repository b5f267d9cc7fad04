"""Fixtures of pilot models: a ward with branches, its staff, an administrator."""

from __future__ import annotations

from typing import cast

import pytest

from core.testing import UnitLine, World
from tests.environment.settling import Fresh, Settle
from tests.plugins.pilots.town import Town


def build_town(world: World) -> Town:
    """Province P, ward W with branches B1 to B6, ward X with branch Y1."""
    world.units(
        UnitLine("P", "province", name="Đảng bộ tỉnh Hà Tĩnh"),
        UnitLine("W", "commune", "P", name="Đảng bộ phường Bắc Hồng Lĩnh", is_grassroots=True),
        UnitLine("X", "commune", "P", name="Đảng bộ phường Nam Hồng Lĩnh", is_grassroots=True),
        *(
            UnitLine(f"B{number}", "branch", "W", name=f"Chi bộ tổ dân phố số {number}")
            for number in range(1, 7)
        ),
        UnitLine("Y1", "branch", "X", name="Chi bộ Y1"),
    )
    head = world.member("B1", "Nguyễn Thị Hoa")
    world.position(head, "secretary", "B1")
    leader = world.member("B2", "Trần Văn Bình")
    world.position(leader, "secretary", "W")
    return Town(
        world=world,
        head=head,
        leader=leader,
        secretary=world.account(None, "B1", member=head),
        staff=world.account("commune_staff", "W"),
        chief=world.account(None, "W", member=leader),
        admin=world.account("administrator"),
    )


@pytest.fixture(scope="module")
def settle() -> Settle:
    """Each module's tests begin with it."""
    return build_town


@pytest.fixture
def town(anew: Fresh) -> Town:
    """Province P, ward W with branches B1 to B6, ward X with branch Y1."""
    return cast(Town, anew.things)
