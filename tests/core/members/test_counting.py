"""Head counts that a process remembers are those that are stored."""

from __future__ import annotations

from datetime import date

import pytest

from core.members.services import NONE, access_member, head_counts, leave
from core.testing import World
from core.units.services import transfer_unit


def total(ward: World, unit: str) -> int:
    """Count as a page of another request would."""
    with ward.work(writing=False) as work:
        place = ward.place(unit, work)
        return head_counts(work, place).get(place.id, NONE).total


def test_a_count_is_read_once_and_anew_after_any_change(ward: World, statements):
    ward.member("A")
    assert (total(ward, "P"), total(ward, "A"), total(ward, "C")) == (1, 1, 0)
    before = len(statements.statements)
    assert (total(ward, "P"), total(ward, "A"), total(ward, "C")) == (1, 1, 0)
    assert not [text for text in statements.statements[before:] if "core_member_list" in text]
    ward.member("C", "Lê Thị Hoa")
    assert (total(ward, "P"), total(ward, "A"), total(ward, "C")) == (2, 1, 1)


def test_who_leaves_is_counted_no_more(ward: World):
    member = ward.member("A")
    assert total(ward, "P") == 1
    with ward.work() as work:
        leave(work, access_member(work, member.id), "moved", on=date(2026, 3, 10))
    assert (total(ward, "P"), total(ward, "A")) == (0, 0)


def test_an_act_sees_its_own_change_and_what_fails_changes_no_count(ward: World):
    member = ward.member("A")
    assert total(ward, "P") == 1
    with pytest.raises(ZeroDivisionError), ward.work() as work:
        leave(work, access_member(work, member.id), "moved", on=date(2026, 3, 10))
        place = ward.place("P", work)
        assert head_counts(work, place).get(place.id, NONE).total == 0
        raise ZeroDivisionError
    assert total(ward, "P") == 1


def test_the_tree_of_today_decides_where_people_are_counted(ward: World):
    ward.member("A")
    assert total(ward, "W2") == 0
    with ward.work() as work:
        here, there = ward.place("A", work), ward.place("W2", work)
        transfer_unit(work, here, parent=there, on=work.today)
    assert (total(ward, "W1"), total(ward, "W2")) == (0, 1)
