"""A province with two wards of two branches each, and people in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from core.access.models import Account
from core.members.models import Member
from core.members.services import access_member
from core.testing import UnitLine, World
from core.work import Work
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


@pytest.fixture
def staff(ward: World) -> Account:
    """Somebody of the first ward's office."""
    return ward.account("commune_staff", "W1")


Acting = Callable[..., Any]


@pytest.fixture
def acting(ward: World) -> Acting:
    """Act on a member: opens a work, and the member in it, for change."""

    @contextmanager
    def act(
        member: Member, actor: Account | None = None, unit: str = "ROOT"
    ) -> Iterator[tuple[Work, Member]]:
        with ward.work(actor, unit) as work:
            yield work, access_member(work, member.id, for_change=True)

    return act
