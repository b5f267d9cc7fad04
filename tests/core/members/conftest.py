"""A province with two wards of two branches each, and people in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from core.access.models import Account
from core.members.models import Member
from core.members.services import access_member
from core.testing import World
from core.work import Work


@pytest.fixture
def ward(world: World) -> World:
    """A province P, wards W1 and W2, branches A and B in the first, C in the second."""
    world.unit("P", "province", name="Đảng bộ tỉnh P")
    world.unit("W1", "commune", "P", name="Đảng bộ phường Một")
    world.unit("W2", "commune", "P", name="Đảng bộ phường Hai")
    world.unit("A", "branch", "W1", name="Chi bộ A")
    world.unit("B", "branch", "W1", name="Chi bộ B")
    world.unit("C", "branch", "W2", name="Chi bộ C")
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
