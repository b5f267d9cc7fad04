"""Readers while a plan is applied: the old tree until the end, then the new one, never a mix."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.access.principal import Principal, operator
from core.app import create_app
from core.errors import Changed
from core.members.listing import refresh_members
from core.members.models import Member, MemberListRow
from core.restructuring.services import access_plan, apply_plan, approve_plan, submit_plan
from core.system import System
from core.testing import World
from core.units import holding
from core.units.models import UnitVersion
from core.units.places import visible
from core.units.tree import whole_tree
from core.units.versions import next_generation
from tests.core.restructuring.conftest import fill_world
from tests.core.restructuring.test_applying import CONSOLIDATE, DAY, draft
from tests.environment.systems import KINDS, shared_system

UNITS = [
    ("P", "province", "ROOT"),
    ("D", "district", "P"),
    *((f"W{n}", "commune", "D") for n in (1, 2, 3)),
    *((f"W{n}B1", "branch", f"W{n}") for n in (1, 2, 3)),
]


@pytest.fixture(params=KINDS)
def real(request: pytest.FixtureRequest, database_folder: Path) -> Iterator[World]:
    """A town in a database of its own, in which everything is really committed."""
    system = shared_system(request.param, database_folder, "readers")
    world = World(system, create_app(system=system))
    fill_world(world, UNITS, {f"W{n}B1": ["An", "Bình"] for n in (1, 2, 3)})
    yield world
    system.database.engine.dispose()


def look(system: System, world: World) -> tuple[dict[str, str], int]:
    """Read the tree of the plan's day and the list of the province, as a page would."""
    with system.opener.as_system(operator("reader"), writing=False) as work:
        root = world.place("ROOT", work)
        lines = [line for line, _depth in whole_tree(work, root, DAY)]
        codes = {line.id: line.code for line in lines}
        tree = {line.code: codes.get(line.parent_id, "") for line in lines}
        listed = work.session.scalar(
            sa.select(sa.func.count())
            .select_from(MemberListRow)
            .where(
                MemberListRow.ancestor_id == world.place("P", work).id,
                visible(MemberListRow, work.generation),
            )
        )
        return tree, int(listed or 0)


def test_readers_go_on_with_the_old_tree_until_the_new_one_is_whole(
    real: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = draft(real, CONSOLIDATE)
    with real.work() as work:
        found = access_plan(work, plan.id)
        submit_plan(work, found)
        approve_plan(work, found)
        somebody = work.session.scalars(sa.select(Member.id).limit(1)).one()
    clerk = real.principal(real.account("commune_staff", "P"))
    monkeypatch.setattr(holding, "PATIENCE", 0)
    before = look(real.system, real)
    with real.system.opener.as_system(operator("writer"), writing=True) as work:
        apply_plan(work, access_plan(work, plan.id))
        # Everything is written, nothing is committed: another connection reads meanwhile.
        assert work.session.scalar(sa.select(sa.func.max(UnitVersion.gen_from))) == work.generation
        assert look(real.system, real) == before
        if real.system.database.is_postgresql:  # SQLite lets one writer in at a time
            check_writers_of_now(real, clerk, somebody)
    after = look(real.system, real)
    assert after != before
    assert after[0]["W1B1"] == "N1"
    assert after[1] == before[1] == 6
    if real.system.database.is_postgresql:
        check_writers_that_began_before(real)


def check_writers_of_now(world: World, clerk: Principal, member_id: uuid.UUID) -> None:
    """Whoever saves a member or a unit while a plan is written is told to come back."""
    for act in (next_generation, lambda work: refresh_members(work, [member_id])):
        with pytest.raises(Changed, match="vài phút"), world.work(clerk) as work:
            act(work)


def check_writers_that_began_before(world: World) -> None:
    """Whoever saw the old tree and saves a member under the new one does it once more."""
    with pytest.raises(Changed, match="lần nữa"), world.work() as late:
        with world.work() as work:
            next_generation(work)
        refresh_members(late, [])
