"""Fixtures of meetings: a ward with a branch of ten and its officers."""

from __future__ import annotations

from typing import cast

import pytest

from core.testing import UnitLine, World
from tests.environment.settling import Fresh, Settle
from tests.plugins.meetings.builders import NAMES, Branch


def build_branch(world: World) -> Branch:
    """Ward W with branch B1 of ten official members, and B2 with one."""
    world.units(
        UnitLine("P", "province"),
        UnitLine("W", "commune", "P", name="Đảng bộ phường Bắc Hồng Lĩnh"),
        UnitLine("B1", "branch", "W", name="Chi bộ tổ dân phố Phúc Sơn", sector="residential"),
        UnitLine("B2", "branch", "W", name="Chi bộ tổ dân phố số 2"),
    )
    people = world.members("B1", NAMES)
    world.member("B2", "Võ Thị Bình")
    world.position(people[0], "secretary", "B1")
    secretary = world.account(None, "B1", member=people[0])
    commune = world.account("commune_staff", "W")
    return Branch(world, people, secretary, commune)


@pytest.fixture(scope="module")
def settle() -> Settle:
    """Each module's tests begin with it."""
    return build_branch


@pytest.fixture
def branch(anew: Fresh) -> Branch:
    """Ward W with branch B1 of ten official members, and B2 with one."""
    return cast(Branch, anew.things)
