"""Sizes and kinds are pointed out beside what refuses, by dated settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from core.members.settings import BECOMES_ORGANISATION, LEAST_OFFICIAL
from core.restructuring.operations import Link, NewUnit, Operation
from core.restructuring.services import Draft, draft_plan, submit_plan
from core.testing import World

ON = date(2026, 11, 1)
Checked = Callable[..., tuple[list[str], list[str]]]


@pytest.fixture
def checked(town: World) -> Checked:
    """Return a function that drafts a plan and returns what refuses it and what is pointed out."""

    def check(*operations: Operation, **more: object) -> tuple[list[str], list[str]]:
        with town.work() as work:
            draft = Draft(ON, operations, decision_no="1-QĐ", **more)  # type: ignore[arg-type]
            plan, found = draft_plan(work, draft)
            if not found.problems:
                submit_plan(work, plan)
            return found.sentences, list(plan.checks["warnings"])

    return check


def test_a_branch_with_fewer_than_three_official_members_is_pointed_out(
    town: World, checked: Checked
) -> None:
    new = NewUnit("X1", "Chi bộ Mới", "branch", "W1")
    refused, told = checked(Operation("establish", new=(new,)))
    assert refused == []
    said = "sẽ có 0 đảng viên chính thức; chi bộ cần ít nhất 3 đảng viên chính thức"
    assert told == [f"Chi bộ Mới (X1) {said} (06-HD/TW, 09/06/2025)."]
    assert checked(Operation("merge_into", links=(Link("W1B1", "W1B2"),))) == ([], [])


def test_members_who_go_one_by_one_are_counted_where_they_will_be(
    town: World, checked: Checked
) -> None:
    people = [town.member("W1B1", f"Lê Thị {name}") for name in ("Ba", "Bốn", "Năm")]
    new = NewUnit("X1", "Chi bộ Tách")
    split = Operation("split_off", "W1B1", (Link("W1B1", "X1", None, is_main=False),), (new,))
    _refused, told = checked(split, members={one.id: "X1" for one in people})
    assert len(told) == 1  # the three who go are enough, the two who stay are not
    assert "(W1B1) sẽ có 2 đảng viên chính thức" in told[0]


def test_a_grassroots_branch_that_grows_and_an_organisation_that_shrinks_are_pointed_out(
    town: World, checked: Checked
) -> None:
    town.give(BECOMES_ORGANISATION, 4, "ROOT")
    merge = Operation("merge_into", links=(Link("W1B1", "W1B2"),))
    grown = Operation("convert", "W1B2", changes={"is_grassroots": True})
    _refused, told = checked(merge, grown)
    assert len(told) == 1
    assert "(W1B2) sẽ có 4 đảng viên; từ 4" in told[0]
    organisation = NewUnit("G", "Đảng bộ cơ sở", "party_org", "W1", is_grassroots=True)
    begin = Operation("establish", new=(organisation,))
    one = Operation("transfer", "W1B1", changes={"parent": "G"})
    _refused, told = checked(begin, one)
    assert [sentence for sentence in told if "(G) sẽ có 2 đảng viên; dưới 4" in sentence]
    other = Operation("transfer", "W1B2", changes={"parent": "G"})
    _refused, told = checked(begin, one, other)
    assert told == []


def test_a_section_organisation_needs_permission(checked: Checked) -> None:
    new = NewUnit("S", "Đảng bộ bộ phận", "section_org", "W1")
    refused, told = checked(Operation("establish", new=(new,)))
    assert refused == []
    assert "cho phép" in told[0]


def test_the_number_of_each_place_counts_that_of_the_new_superior_too(
    town: World, checked: Checked
) -> None:
    town.give(LEAST_OFFICIAL, 9, "W2")
    town.give(LEAST_OFFICIAL, 1, "W1")
    new = NewUnit("X1", "Chi bộ Mới", "branch", "W2")
    merge = Operation("merge_into", links=(Link("W1B1", "W1B2"),))
    assert checked(merge) == ([], []), "four are enough in W1"
    _refused, told = checked(Operation("establish", new=(new,)), merge)
    assert [line.split(" sẽ")[0] for line in told] == ["Chi bộ Mới (X1)"]
    assert "cần ít nhất 9" in told[0]
