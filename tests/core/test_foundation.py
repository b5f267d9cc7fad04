"""The foundation end to end: units in time, the predicate, settings, the ledger, the door."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.errors import RuleBroken
from core.ledger.models import LedgerRow
from core.members.models import Member, MemberListRow
from core.periods import EVER
from core.settings import value
from core.testing import World
from core.units.models import UnitAncestor, UnitVersion
from core.units.services import Decision, Successor, rename_unit, terminate_unit, transfer_unit
from core.units.tree import list_units, whole_tree


@pytest.fixture
def ward(world: World) -> World:
    """A province with two wards of one branch each."""
    world.unit("P", "province")
    world.unit("W1", "commune", "P")
    world.unit("W2", "commune", "P")
    world.unit("B1", "branch", "W1")
    world.unit("B2", "branch", "W2")
    return world


def test_a_transferred_branch_stands_under_each_parent_in_its_time(ward: World) -> None:
    with ward.work() as work:
        transfer_unit(
            work, ward.place("B1", work), parent=ward.place("W2", work), on=date(2025, 7, 1)
        )
    with ward.work(writing=False) as work:
        before = [
            line.code for line, _d in whole_tree(work, ward.place("W1", work), date(2025, 6, 30))
        ]
        after = [
            line.code for line, _d in whole_tree(work, ward.place("W2", work), date(2025, 7, 1))
        ]
    assert before == ["W1", "B1"]
    assert after == ["W2", "B1", "B2"]


def test_a_commune_that_moves_rewrites_only_its_own_subtree(ward: World) -> None:
    ward.unit("P2", "province")
    with ward.work() as work:
        generation = work.generation
        transfer_unit(
            work, ward.place("W1", work), parent=ward.place("P2", work), on=date(2026, 1, 1)
        )
        touched = set(
            work.session.scalars(
                sa.select(UnitAncestor.unit_id).where(UnitAncestor.gen_from > generation)
            )
        )
    assert touched == {ward.place("W1").id, ward.place("B1").id}


def test_a_unit_cannot_stand_above_itself(ward: World) -> None:
    ward.unit("O1", "party_org", "W1")
    ward.unit("O2", "party_org", "O1")
    with pytest.raises(RuleBroken), ward.work() as work:
        transfer_unit(
            work, ward.place("O1", work), parent=ward.place("O2", work), on=date(2026, 1, 1)
        )


def test_a_unit_with_branches_below_it_cannot_end(ward: World) -> None:
    with pytest.raises(RuleBroken) as refused, ward.work() as work:
        terminate_unit(
            work, ward.place("W1", work), on=date(2026, 1, 1), decision=Decision(reason="mistake")
        )
    assert "B1" in refused.value.sentence


def test_rights_reach_an_ended_unit_through_its_successor(ward: World) -> None:
    staff = ward.account("commune_staff", "W2")
    with ward.work() as work:
        transfer_unit(
            work, ward.place("B1", work), parent=ward.place("W2", work), on=date(2025, 7, 1)
        )
        terminate_unit(
            work,
            ward.place("W1", work),
            on=date(2025, 7, 1),
            successors=[Successor(ward.place("W2", work).id)],
        )
    old = ward.place("W1")
    assert not old.is_living
    assert ward.principal(staff).sees(old)
    assert ward.browser(staff).get("/u/W1/units/").status_code == 200


def test_members_are_listed_for_every_unit_above_in_vietnamese_order(ward: World) -> None:
    for name in ("Trần Văn Đức", "Lê Thị Ánh", "Nguyễn Văn An", "Phạm Thị Ân"):
        ward.member("B1", name)
    ward.member("B2", "Võ Thị Bình")
    with ward.work(writing=False) as work:
        names = work.session.scalars(
            sa.select(Member.full_name)
            .join(MemberListRow, MemberListRow.member_id == Member.id)
            .where(MemberListRow.ancestor_id == ward.place("P", work).id)
            .order_by(MemberListRow.sort_key)
        ).all()
    assert names == ["Nguyễn Văn An", "Lê Thị Ánh", "Phạm Thị Ân", "Võ Thị Bình", "Trần Văn Đức"]


def test_the_session_shows_only_members_the_actor_may_see(ward: World) -> None:
    ward.member("B1", "Nguyễn Văn An")
    ward.member("B2", "Võ Thị Bình")
    secretary = ward.account("branch_secretary", "B1")
    with ward.work(secretary, "B1", writing=False) as work:
        seen = work.session.scalars(sa.select(Member.full_name)).all()
        count = work.session.scalar(sa.select(sa.func.count()).select_from(Member))
    assert (seen, count) == (["Nguyễn Văn An"], 1)


def test_a_stranger_finds_nothing_and_a_reader_is_refused_to_write(ward: World) -> None:
    stranger = ward.account("branch_secretary", "B2")
    assert ward.browser(stranger).get("/u/B1/units/").status_code == 404
    assert ward.browser().get("/u/B1/units/").status_code == 303


def test_a_setting_is_inherited_and_a_lock_from_above_wins(ward: World) -> None:
    with ward.work(writing=False) as work:
        assert value(work, "meetings.enabled", ward.place("B1", work)) is True
    ward.switch("meetings", "W1", on=False)
    with ward.work(writing=False) as work:
        assert value(work, "meetings.enabled", ward.place("B1", work)) is False
        assert value(work, "meetings.enabled", ward.place("B2", work)) is True


def test_every_act_leaves_a_row_in_the_ledger(ward: World) -> None:
    with ward.work() as work:
        rename_unit(work, ward.place("B1", work), name="Chi bộ mới", on=date(2026, 3, 1))
    with ward.work(writing=False) as work:
        rows = work.session.scalars(
            sa.select(LedgerRow.action).where(LedgerRow.about_id == ward.place("B1", work).id)
        ).all()
    assert sorted(rows) == ["units.establish", "units.rename"]


def test_nothing_is_overwritten_so_an_old_belief_stays_readable(ward: World) -> None:
    with ward.work() as work:
        believed = work.generation
        rename_unit(work, ward.place("B1", work), name="Chi bộ mới", on=EVER)
    with ward.work(writing=False) as work:
        place = ward.place("B1", work)
        old = work.session.scalars(
            sa.select(UnitVersion.name).where(
                UnitVersion.unit_id == place.id,
                UnitVersion.gen_from <= believed,
                UnitVersion.gen_to > believed,
            )
        ).all()
        assert (place.name, old) == ("Chi bộ mới", ["Đơn vị B1"])
        assert len(list_units(work, ward.place("P", work))) == 5
