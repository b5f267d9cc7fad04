"""Transfers, stays for a time, whole branches that move."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.errors import InvalidInput, NotFound, RuleBroken
from core.members.models import Affiliation, Member, Position
from core.members.services import (
    end_temporary,
    guests_in,
    head_counts,
    leave,
    move_members,
    remaining_in,
    start_temporary,
    transfer_home,
)
from core.periods import OPEN
from core.testing import World, counted
from core.units.services import (
    Decision,
    Successor,
    terminate_unit,
    transfer_unit,
    void_unit,
)

JULY = date(2026, 7, 1)


def total(ward, code, on=None):
    with ward.work(writing=False) as work:
        unit = ward.place(code, work)
        found = head_counts(work, unit, on).get(unit.id)
        return found.total if found else 0


def test_a_member_moves_to_another_branch_on_the_day_of_the_transfer(ward: World, acting, staff):
    member = ward.member("A")
    ward.position(member, "secretary", "A")
    with acting(member, staff, "A") as (work, found):
        moved = transfer_home(work, found, ward.place("B", work), since=JULY, decision_no="5-GGT")
        assert moved.unit_id == ward.place("B", work).id
    assert [total(ward, code, date(2026, 6, 30)) for code in "AB"] == [1, 0]
    assert [total(ward, code, JULY) for code in "AB"] == [0, 1]
    assert [total(ward, code) for code in ("A", "B", "W1")] == [0, 1, 1]
    with ward.work(writing=False) as work:
        assert work.session.scalar(sa.select(Position.valid_to)) == JULY


def test_a_transfer_of_the_future_changes_nothing_today(ward: World, acting):
    member = ward.member("A")
    with acting(member) as (work, found):
        transfer_home(work, found, ward.place("C", work), since=date(2027, 1, 1))
    assert [total(ward, code) for code in "AC"] == [1, 0]
    assert [total(ward, code, date(2027, 1, 1)) for code in "AC"] == [0, 1]


def test_a_transfer_needs_the_right_at_both_ends(ward: World, acting, staff):
    member = ward.member("A")
    with pytest.raises(NotFound), acting(member, staff, "A") as (work, found):
        transfer_home(work, found, ward.place("C", work), since=JULY)
    assert total(ward, "A") == 1


@pytest.mark.parametrize("since", [date(2020, 1, 1), date(2010, 1, 1)])
def test_a_transfer_follows_the_last_entry(ward: World, acting, since):
    member = ward.member("A", since=date(2020, 1, 1))
    with pytest.raises((InvalidInput, RuleBroken)), acting(member) as (work, found):
        transfer_home(work, found, ward.place("B", work), since=since)


def test_nobody_moves_who_has_left_or_to_where_they_are(ward: World, acting):
    member = ward.member("A")
    with pytest.raises(RuleBroken), acting(member) as (work, found):
        transfer_home(work, found, ward.place("A", work), since=JULY)
    with acting(member) as (work, found):
        leave(work, found, "moved", on=date(2026, 1, 1))
    with pytest.raises(RuleBroken), acting(member) as (work, found):
        transfer_home(work, found, ward.place("B", work), since=JULY)


def test_a_guest_counts_at_home_and_is_a_guest_elsewhere(ward: World, acting):
    member = ward.member("A")
    with acting(member) as (work, found):
        start_temporary(work, found, ward.place("C", work), since=JULY, until=date(2026, 12, 31))
    assert [total(ward, code) for code in "AC"] == [1, 0]
    with ward.work(writing=False) as work:
        assert guests_in(work, ward.place("W2", work), ward.today) == 1
    with acting(member) as (work, found):
        end_temporary(work, found, day=date(2026, 10, 1))
    with ward.work(writing=False) as work:
        assert guests_in(work, ward.place("W2", work), ward.today) == 0


def test_nobody_is_a_guest_at_two_places_at_once_or_at_home(ward: World, acting):
    member = ward.member("A")
    with acting(member) as (work, found):
        start_temporary(work, found, ward.place("C", work), since=JULY)
    for code in ("B", "A"):
        with pytest.raises(RuleBroken), acting(member) as (work, found):
            start_temporary(work, found, ward.place(code, work), since=date(2026, 8, 1))


def test_a_guest_who_moves_in_is_no_guest_any_more(ward: World, acting):
    member = ward.member("A")
    with acting(member) as (work, found):
        start_temporary(work, found, ward.place("C", work), since=JULY)
    with acting(member) as (work, found):
        transfer_home(work, found, ward.place("C", work), since=date(2026, 9, 1))
    with ward.work(writing=False) as work:
        stays = work.session.execute(
            sa.select(Affiliation.kind, Affiliation.valid_to).order_by(Affiliation.valid_from)
        ).all()
    assert ("temporary", date(2026, 9, 1)) in [tuple(row) for row in stays]


def test_a_whole_branch_moves_with_the_same_number_of_statements_for_any_size(ward: World):
    used = []
    for code, size in (("A", 3), ("B", 30)):
        for number in range(size):
            ward.member(code, f"Nguyễn Văn {chr(65 + number % 20)}")
        with ward.work() as work, counted(ward.system.database.engine) as counter:
            source, target = ward.place(code, work), ward.place("C", work)
            assert move_members(work, source, target, JULY, decision_no="9-QĐ") == size
            work.session.flush()
        used.append(counter.count)
    # What a process remembers of places is warm the second time.
    assert used[1] <= used[0] <= 30
    assert [total(ward, code) for code in ("A", "B", "C", "P")] == [0, 0, 33, 33]
    assert [total(ward, code, date(2026, 6, 30)) for code in "ABC"] == [3, 30, 0]


def test_moving_a_branch_takes_guests_along_and_ends_its_positions(ward: World, acting):
    guest = ward.member("C", "Lê Thị Khách")
    home = ward.member("B", "Trần Văn Chủ")
    ward.position(home, "secretary", "A")
    with acting(guest) as (work, found):
        start_temporary(work, found, ward.place("A", work), since=date(2026, 1, 1))
    with acting(home) as (work, found):
        start_temporary(work, found, ward.place("A", work), since=date(2026, 1, 1))
    with ward.work() as work:
        move_members(work, ward.place("A", work), ward.place("B", work), JULY)
    with ward.work(writing=False) as work:
        assert remaining_in(work, ward.place("A", work).id, JULY).is_empty
        # the guest from C goes along, whoever is at home in B is no guest there
        assert guests_in(work, ward.place("B", work), JULY) == 1


def test_a_unit_with_members_does_not_end_and_says_how_many(ward: World):
    ward.member("A")
    ward.position(ward.member("A"), "secretary", "A")
    with pytest.raises(RuleBroken) as refused, ward.work() as work:
        terminate_unit(
            work, ward.place("A", work), on=JULY, decision=Decision(reason="Sáp nhập"),
            successors=[Successor(ward.place("B", work).id)],
        )  # fmt: skip
    assert "2" in refused.value.sentence
    with ward.work() as work:
        source, target = ward.place("A", work), ward.place("B", work)
        move_members(work, source, target, JULY)
        terminate_unit(work, source, on=JULY, successors=[Successor(target.id)])
    assert (total(ward, "B"), ward.place("A").is_living) == (2, False)


def test_a_unit_to_which_somebody_belonged_is_not_voided(ward: World, acting):
    member = ward.member("A")
    with acting(member) as (work, found):
        transfer_home(work, found, ward.place("B", work), since=JULY)
    with pytest.raises(RuleBroken), ward.work() as work:
        void_unit(work, ward.place("A", work), reason="nhầm")


def test_members_are_counted_in_the_tree_of_every_day(ward: World):
    ward.member("A", since=date(2020, 1, 1))
    with ward.work() as work:
        transfer_unit(work, ward.place("A", work), parent=ward.place("W2", work), on=JULY)
    assert [total(ward, code, date(2026, 6, 30)) for code in ("W1", "W2")] == [1, 0]
    assert [total(ward, code, JULY) for code in ("W1", "W2")] == [0, 1]
    assert [total(ward, code) for code in ("W1", "W2")] == [0, 1]
    with ward.work(writing=False) as work:
        assert work.session.scalar(sa.select(Member.status)) == "official"
        assert work.session.scalar(sa.select(Affiliation.valid_to)) == OPEN
