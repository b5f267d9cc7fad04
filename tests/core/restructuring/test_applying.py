"""Plans applied: the tree, members, positions, rights and settings follow, nobody is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction

import pytest
import sqlalchemy as sa

from core.access.models import Grant
from core.errors import RuleBroken
from core.members.models import Affiliation, Member, MemberListRow, Position
from core.members.services import count_by_home, head_counts, transfer_home
from core.restructuring.models import Plan
from core.restructuring.operations import Link, NewUnit, Operation
from core.restructuring.services import (
    Draft,
    Posting,
    access_plan,
    apply_plan,
    approve_plan,
    draft_plan,
    revert_plan,
    submit_plan,
)
from core.testing import TODAY, World
from core.units.models import UnitLineage, UnitVersion

DAY = date(2025, 7, 1)
Tree = Callable[[date], dict[str, str]]
Sums = Callable[[], dict[str, str]]


def draft(world: World, *operations: Operation, on: date = DAY, **more) -> Plan:
    with world.work() as work:
        plan, _found = draft_plan(work, Draft(on, operations, decision_no="1-QĐ/TU", **more))
        return plan


def enact(world: World, plan: Plan) -> Plan:
    with world.work() as work:
        plan = access_plan(work, plan.id)
        submit_plan(work, plan)
        approve_plan(work, plan)
        return apply_plan(work, plan)


def revert(world: World, plan: Plan) -> None:
    with world.work() as work:
        revert_plan(work, access_plan(work, plan.id), reason="nhầm")


def homes(world: World, on: date = TODAY) -> dict[str, int]:
    with world.work(writing=False) as work:
        counts = count_by_home(work, world.place("ROOT", work), on)
        places = work.host.places.by_ids(work.session, counts, work.today, work.generation)
        return {places[unit_id].code: number for unit_id, number in counts.items()}


MERGE = Operation("merge_into", links=(Link("W1B1", "W1B2"),))
CONSOLIDATE = Operation(
    "consolidate",
    links=(Link("W1", "N1"), Link("W2", "N1")),
    new=(NewUnit("N1", "Xã mới", parent="P"),),
)


def test_children_of_consolidated_communes_follow_and_the_district_stays_for_the_rest(
    town: World, tree: Tree
) -> None:
    before = tree(DAY - timedelta(days=1))
    enact(town, draft(town, CONSOLIDATE))
    after = tree(DAY)
    assert tree(DAY - timedelta(days=1)) == before
    assert {after[code] for code in ("W1B1", "W1B2", "W2B1", "W2B2")} == {"N1"}
    assert after["N1"] == "P"
    assert after["W3"] == "D"
    assert "W1" not in after
    assert homes(town) == homes(town, DAY - timedelta(days=1))


def test_a_merged_branch_gives_its_members_positions_and_history_to_the_other(
    town: World, tree: Tree
) -> None:
    secretary = town.member("W1B1", "Lê Văn Thư")
    town.position(secretary, "secretary", "W1B1", since=date(2024, 1, 1))
    enact(town, draft(town, MERGE))
    assert homes(town, DAY - timedelta(days=1))["W1B1"] == 3
    assert homes(town)["W1B2"] == 5
    assert "W1B1" not in homes(town)
    with town.work(writing=False) as work:
        position = work.session.scalars(sa.select(Position)).one()
        place = town.place("W1B1", work)
        listed = work.session.scalar(
            sa.select(sa.func.count())
            .select_from(MemberListRow)
            .where(
                MemberListRow.ancestor_id == town.place("W1B2", work).id,
                MemberListRow.gen_to > work.generation,
            )
        )
        counted = head_counts(work, town.place("P", work))[town.place("P", work).id].total
    assert position.valid_to == DAY
    assert (place.is_living, place.ended_on) == (False, DAY)
    assert (listed, counted) == (5, 13)


def test_a_divided_branch_asks_where_each_member_goes_and_refuses_to_leave_anybody_out(
    town: World,
) -> None:
    people = [town.member("W1B1", f"Phạm Văn {n}") for n in "ABC"]
    divide = Operation(
        "divide",
        links=(
            Link("W1B1", "X1", Fraction(2, 3), is_main=True),
            Link("W1B1", "X2", None, is_main=False),
        ),
        new=(NewUnit("X1", "Chi bộ X1"), NewUnit("X2", "Chi bộ X2")),
    )
    plan = draft(town, divide, members={people[0].id: "X2"})
    assert "4 of 5" in plan.checks["problems"][0] or "4/5" in plan.checks["problems"][0]
    with pytest.raises(RuleBroken):
        enact(town, plan)
    with town.work(writing=False) as work:
        rest = work.session.scalars(
            sa.select(Affiliation.member_id).where(
                Affiliation.unit_id == town.place("W1B1", work).id
            )
        ).all()
    members = dict.fromkeys(rest, "X1") | {people[0].id: "X2"}
    enact(town, draft(town, divide, members=members))
    assert (homes(town)["X1"], homes(town)["X2"]) == (4, 1)


def test_with_the_policy_main_what_is_not_assigned_goes_to_the_main_successor(
    town: World, tree: Tree
) -> None:
    divide = Operation(
        "divide",
        links=(
            Link("W1", "N1", None, is_main=True),
            Link("W1", "N2", None, is_main=False),
        ),
        new=(NewUnit("N1", "Xã N1"), NewUnit("N2", "Xã N2")),
    )
    assert "W1B1" in draft(town, divide).checks["problems"][0]
    plan = draft(town, divide, parents={"W1B2": "N2"}, unassigned="main")
    enact(town, plan)
    after = tree(DAY)
    assert (after["W1B1"], after["W1B2"], after["N1"]) == ("N1", "N2", "D")
    with town.work(writing=False) as work:
        shares = work.session.execute(
            sa.select(UnitLineage.share_part, UnitLineage.is_main).order_by(UnitLineage.is_main)
        ).all()
    assert [tuple(row) for row in shares] == [(None, False), (None, True)]


def test_a_part_that_is_split_off_leaves_the_rest_as_it_was(town: World) -> None:
    mover = town.member("W1B1", "Phạm Văn Tách")
    town.position(mover, "secretary", "W1B1")
    split = Operation(
        "split_off",
        unit="W1B1",
        links=(Link("W1B1", "X1", None, is_main=False),),
        new=(NewUnit("X1", "Chi bộ X1"),),
    )
    enact(town, draft(town, split, members={mover.id: "X1"}))
    assert (homes(town)["W1B1"], homes(town)["X1"]) == (2, 1)
    assert town.place("W1B1").is_living
    with town.work(writing=False) as work:
        assert work.session.scalars(sa.select(Position.valid_to)).one() == DAY


def test_transfer_convert_and_rename_change_a_unit_from_the_day_on(town: World) -> None:
    enact(
        town,
        draft(
            town,
            Operation("transfer", unit="W1B1", changes={"parent": "W2"}),
            Operation("convert", unit="W1B1", changes={"is_grassroots": True}),
            Operation("rename", unit="W1B1", changes={"name": "Chi bộ mới"}),
        ),
    )
    with town.work(writing=False) as work:
        rows = work.session.scalars(
            sa.select(UnitVersion)
            .where(
                UnitVersion.unit_id == town.place("W1B1", work).id,
                UnitVersion.gen_to > work.generation,
            )
            .order_by(UnitVersion.valid_from)
        ).all()
    assert [(row.name, row.is_grassroots) for row in rows] == [
        ("Đơn vị W1B1", False),
        ("Chi bộ mới", True),
    ]
    assert rows[1].valid_from == DAY
    assert rows[1].decision_no == "1-QĐ/TU"


def test_a_unit_that_ends_needs_a_successor_or_a_reason_and_a_home_for_everybody(
    town: World,
) -> None:
    plain = draft(town, Operation("dissolve", unit="W1B1"))
    assert len(plain.checks["problems"]) == 2
    with_reason = draft(town, Operation("dissolve", unit="W1B1", reason="không đủ đảng viên"))
    assert len(with_reason.checks["problems"]) == 1
    with town.work(writing=False) as work:
        ids = work.session.scalars(
            sa.select(Affiliation.member_id).where(
                Affiliation.unit_id == town.place("W1B1", work).id
            )
        ).all()
    assigned = draft(
        town,
        Operation("dissolve", unit="W1B1", reason="không đủ đảng viên"),
        members=dict.fromkeys(ids, "W1B2"),
    )
    assert assigned.checks["problems"] == []
    enact(town, assigned)
    assert homes(town)["W1B2"] == 4


def test_members_cannot_go_into_an_organisation_that_holds_none(town: World) -> None:
    town.unit("O", "party_org", "W1")
    plan = draft(town, Operation("merge_into", links=(Link("W1B1", "O"),)))
    assert len(plan.checks["problems"]) == 1


def test_a_guest_of_the_branch_that_becomes_home_is_a_guest_no_more(town: World) -> None:
    guest = town.member("W1B1", "Khách")
    with town.work() as work:
        work.session.add(
            Affiliation(
                member_id=guest.id,
                unit_id=town.place("W1B2", work).id,
                kind="temporary",
                valid_from=date(2025, 1, 1),
                valid_to=date(9999, 12, 31),
            )
        )
    enact(town, draft(town, MERGE))
    with town.work(writing=False) as work:
        stays = work.session.execute(
            sa.select(Affiliation.kind, Affiliation.valid_from, Affiliation.valid_to)
            .where(Affiliation.member_id == guest.id)
            .order_by(Affiliation.kind, Affiliation.valid_from)
        ).all()
    assert [tuple(row) for row in stays] == [
        ("home", date(2020, 1, 1), DAY),
        ("home", DAY, date(9999, 12, 31)),
        ("temporary", date(2025, 1, 1), DAY),
    ]


def test_a_new_secretary_takes_up_the_post_and_the_old_ones_end(town: World) -> None:
    old, new = town.member("W1B2", "Bí thư cũ"), town.member("W1B1", "Bí thư mới")
    town.position(old, "secretary", "W1B2", since=date(2024, 1, 1))
    town.position(new, "secretary", "W1B1", since=date(2024, 1, 1))
    enact(town, draft(town, MERGE, postings=(Posting(new.id, "W1B2", "secretary"),)))
    with town.work(writing=False) as work:
        held = work.session.execute(
            sa.select(Position.member_id, Position.valid_from).where(
                Position.valid_to > TODAY, Position.position == "secretary"
            )
        ).all()
    assert [tuple(row) for row in held] == [(new.id, DAY)]


def test_rights_at_an_ended_unit_end_with_it_and_nobody_gets_more(town: World) -> None:
    staff = town.account("commune_staff", "W1")
    enact(town, draft(town, CONSOLIDATE))
    with town.work(writing=False) as work:
        grant = work.session.scalars(sa.select(Grant).where(Grant.account_id == staff.id)).one()
    assert grant.ended_at is not None
    assert not town.principal(staff).sees(town.place("N1"))


def test_the_district_ends_with_its_last_commune_and_its_successors_are_theirs(
    town: World, tree: Tree
) -> None:
    plan = draft(
        town,
        Operation("establish", new=(NewUnit("Q", "Tỉnh Q", "province", "ROOT"),)),
        Operation(
            "consolidate",
            links=tuple(Link(code, "N1") for code in ("W1", "W2", "W3")),
            new=(NewUnit("N1", "Xã mới", parent="Q"),),
        ),
        Operation("terminate", unit="D", when_empty=True),
        Operation("terminate", unit="P", when_empty=True),
    )
    assert (plan.checks["problems"], plan.checks["unplaced"]) == ([], [])
    enact(town, plan)
    assert set(tree(DAY)) == {"ROOT", "Q", "N1", *(f"W{n}B{m}" for n in (1, 2, 3) for m in (1, 2))}
    with town.work(writing=False) as work:
        rows = work.session.scalars(sa.select(UnitLineage)).all()
        ids = {row.predecessor_id for row in rows} | {row.successor_id for row in rows}
        places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
        lines = {
            (places[row.predecessor_id].code, places[row.successor_id].code, row.is_main)
            for row in rows
        }
    assert ("D", "N1", True) in lines
    assert ("P", "Q", True) in lines
    assert ("P", "N1", False) in lines
    viewer = town.account("province_organisation", "Q")
    assert town.principal(viewer).sees(town.place("D"))


def test_what_stays_is_listed_and_keeps_its_level(town: World) -> None:
    plan = draft(
        town,
        CONSOLIDATE,
        Operation("terminate", unit="D", when_empty=True),
    )
    assert plan.checks["unplaced"] == ["D", "W3"]
    assert plan.checks["problems"] == []


def test_an_old_address_shows_the_ended_unit_as_it_was(town: World) -> None:
    viewer = town.account("province_organisation", "P")
    enact(town, draft(town, CONSOLIDATE))
    assert town.browser(viewer).get("/u/W1/units/").status_code == 200


def test_reverting_restores_every_table_to_the_letter(
    town: World, tree: Tree, checksums: Sums
) -> None:
    secretary = town.member("W1B1", "Lê Văn Thư")
    town.position(secretary, "secretary", "W1B1", since=date(2024, 1, 1))
    town.account("commune_staff", "W1")
    town.give("meetings.enabled", False, "W1")
    before, days = checksums(), [DAY - timedelta(days=1), DAY, TODAY]
    trees = [tree(day) for day in days]
    plan = draft(town, CONSOLIDATE, MERGE)
    enact(town, plan)
    assert checksums() != before
    revert(town, plan)
    after = checksums()
    assert [name for name in before if before[name] != after[name]] == []
    assert [tree(day) for day in days] == trees


def test_a_reverted_plan_can_be_drafted_and_applied_again(town: World, checksums: Sums) -> None:
    plan = draft(town, CONSOLIDATE)
    enact(town, plan)
    revert(town, plan)
    enact(town, draft(town, CONSOLIDATE, previous_id=plan.id))
    assert not town.place("W1").is_living


def test_a_plan_on_which_something_was_built_is_not_reverted_and_says_what_it_was(
    town: World,
) -> None:
    plan = draft(town, CONSOLIDATE)
    enact(town, plan)
    town.unit("NEW", "branch", "N1", on=date(2026, 1, 1))
    town.account("commune_staff", "N1")
    with pytest.raises(RuleBroken) as refused:
        revert(town, plan)
    assert "2" in refused.value.sentence or "1" in refused.value.sentence


def test_a_member_who_moved_on_since_stands_in_the_way(town: World) -> None:
    mover = town.member("W1B1", "Người Đi")
    plan = draft(town, MERGE)
    enact(town, plan)
    with town.work() as work:
        member = work.session.scalars(sa.select(Member).where(Member.id == mover.id)).one()
        transfer_home(work, member, town.place("W2B1", work), since=date(2026, 1, 1))
    with pytest.raises(RuleBroken):
        revert(town, plan)


def test_whoever_joined_meanwhile_stays_when_the_plan_is_reverted(town: World) -> None:
    plan = draft(town, CONSOLIDATE)
    enact(town, plan)
    town.member("W1B1", "Đảng viên mới")
    town.member("W3B1", "Đảng viên khác")
    revert(town, plan)
    with town.work(writing=False) as work:
        for code, number in (("D", 14), ("W1", 5), ("W3", 5), ("P", 14)):
            place = town.place(code, work)
            assert head_counts(work, place)[place.id].total == number, code
