"""A province with two wards of two branches each, and people in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from core.access.models import Account
from core.db import new_key
from core.members.models import Member
from core.members.services import access_member
from core.testing import World
from core.units.models import Unit
from core.units.versions import VersionFacts, write_versions
from core.work import Work

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
    """A province P, wards W1 and W2, branches A and B in the first, C in the second.

    Written in one act, because every test of this folder begins with it.
    """
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
