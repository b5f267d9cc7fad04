"""Ten years across two reforms: the same total as it was and restated, parts by what is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
import sqlalchemy as sa

from core.indicators.evaluation import Figure, Question, evaluate
from core.members.listing import refresh_members
from core.members.models import Affiliation, MemberStatus
from core.periods import OPEN, Period
from core.restructuring.operations import Link, NewUnit, Operation
from core.restructuring.services import Draft, apply_plan, approve_plan, draft_plan, submit_plan
from core.testing import Counter, World
from tests.environment.settling import Settle

FIRST, SECOND = date(2019, 7, 1), date(2025, 7, 1)


def enact(world: World, on: date, *operations: Operation, **more: Any) -> None:
    """Apply a plan on a day."""
    with world.work() as work:
        plan, found = draft_plan(work, Draft(on, operations, decision_no="1", **more))
        assert found.sentences == []
        submit_plan(work, plan)
        approve_plan(work, plan)
        apply_plan(work, plan)


def leave(world: World, unit: str, on: date) -> None:
    """Let somebody of a unit leave the Party on a day."""
    member = world.member(unit, since=date(2015, 1, 1))
    with world.work() as work:
        for model in (MemberStatus, Affiliation):
            work.session.execute(
                sa.update(model)
                .where(model.member_id == member.id)
                .values(valid_to=on)
                .execution_options(synchronize_session=False)
            )
        work.session.add(
            MemberStatus(member_id=member.id, status="left", valid_from=on, valid_to=OPEN)
        )


def ask(world: World, key: str, unit: str = "P", **options: Any) -> list[Figure]:
    """Ask for one key as the operator."""
    with world.work(writing=False) as work:
        period = Period.parse(options.pop("period", "2016..2025"))
        return evaluate(work, [key], Question(world.place(unit, work), period, **options))


def sums(figures: Sequence[Figure]) -> list[Any]:
    """Return the values."""
    return [figure.value for figure in figures]


def build_decade(world: World) -> None:
    """Write a province of three communes; two become one, then one of the two left is divided.

    In every year one leaves from each of the four branches that are there then.
    """
    world.unit("P", "province")
    for commune in ("W1", "W2", "W3"):
        world.unit(commune, "commune", "P")
    for code, commune in (("A", "W1"), ("B", "W2"), ("C", "W3"), ("D", "W3")):
        world.unit(code, "branch", commune)
    for code in "ABCD":
        world.member(code, since=date(2015, 1, 1))
    for year in range(2016, 2020):
        for code in "ABCD":
            leave(world, code, date(year, 3, 1))
    enact(
        world,
        FIRST,
        Operation(
            "consolidate",
            links=(Link("W1", "N"), Link("W2", "N")),
            new=(NewUnit("N", "Xã N", parent="P"),),
        ),
        Operation("merge_into", links=(Link("A", "B"),)),
    )
    for year in range(2020, 2026):
        for code in "BBCD":
            leave(world, code, date(year, 3, 1))
    enact(
        world,
        SECOND,
        Operation(
            "divide",
            links=(Link("W3", "X", None, is_main=True), Link("W3", "Y", None, is_main=False)),
            new=(NewUnit("X", "Xã X", parent="P"), NewUnit("Y", "Xã Y", parent="P")),
        ),
        parents={"C": "X", "D": "Y"},
    )


@pytest.fixture(scope="module")
def settle() -> Settle:
    """These begin with ten years."""
    return build_decade


@pytest.fixture
def decade(world: World) -> World:
    """A province of three communes; two become one, then one of the two left is divided."""
    return world


def test_a_series_over_ten_years_and_two_reforms_adds_up_both_ways(decade: World) -> None:
    was = ask(decade, "members.left", series=True)
    restated = ask(decade, "members.left", series=True, restated=True)
    assert sums(was) == sums(restated) == [4] * 10
    whole = ask(decade, "members.left"), ask(decade, "members.left", restated=True)
    assert [sums(one) for one in whole] == [[40], [40]]


def test_ten_years_ask_once_how_units_were_divided(decade: World, statements: Counter) -> None:
    ask(decade, "members.left", series=True)
    assert statements.count <= 14, statements.statements  # there were 3 for each of ten years


def test_restated_figures_stand_with_todays_units_and_say_how_parts_are_known(
    decade: World,
) -> None:
    figures = ask(decade, "members.left", restated=True, by="child")
    found = {figure.group: figure for figure in figures}
    assert {code: found[code].value for code in ("N", "X", "Y")} == {"N": 20, "X": 10, "Y": 10}
    assert {figure.note for figure in figures} == {""}  # branches stand as wholes


def test_as_it_was_each_year_stands_in_its_own_tree(decade: World) -> None:
    figures = ask(decade, "members.left", by="child", series=True)
    of_2018 = {f.group: f.value for f in figures if f.period == "2018"}
    of_2019 = {f.group: f.value for f in figures if f.period == "2019"}
    of_2025 = {f.group: f.value for f in figures if f.period == "2025"}
    assert of_2018 == {"W1": 1, "W2": 1, "W3": 2}
    assert of_2019 == {"N": 2, "W3": 2}
    assert of_2025 == {"N": 2, "X": 1, "Y": 1}


def test_head_counts_add_up_both_ways_too(decade: World) -> None:
    was = ask(decade, "members.count", series=True)
    restated = ask(decade, "members.count", series=True, restated=True)
    assert sums(was) == sums(restated)
    assert was[-1].value == 4


def divided(world: World, members: Sequence[str], shares: Sequence[Fraction | None]) -> None:
    """Divide a branch in which people left before; `members` names where each one goes."""
    world.unit("W", "commune")
    world.unit("E", "branch", "W")
    people = [world.member("E") for _one in members]
    for _number in range(10):
        leave(world, "E", date(2022, 3, 1))
    links = tuple(
        Link("E", code, share, is_main=code == "E1")
        for code, share in zip(("E1", "E2"), shares, strict=True)
    )
    new = (NewUnit("E1", "Chi bộ E1"), NewUnit("E2", "Chi bộ E2"))
    homes = {one.id: code for one, code in zip(people, members, strict=True)}
    enact(world, SECOND, Operation("divide", links=links, new=new), members=homes)


def test_a_part_follows_the_people_where_they_are_known(world: World) -> None:
    divided(world, ["E1", "E1", "E1", "E2"], (Fraction(1, 2), Fraction(1, 2)))
    figures = {f.group: f for f in ask(world, "members.left", "W", restated=True, by="child")}
    assert (figures["E1"].value, figures["E2"].value) == (7.5, 2.5)
    assert "đảng viên" in figures["E1"].note
    [whole] = ask(world, "members.left", "W", restated=True)
    assert (whole.value, whole.note) == (10, "")


def test_where_people_went_is_remembered_until_somebodys_past_is_corrected(
    world: World, statements: Counter
) -> None:
    divided(world, ["E1", "E1", "E1", "E2"], (None, None))

    def shared() -> tuple[list[float], int]:
        """Return what each has, and how often the people were counted for it."""
        before = statements.count
        found = ask(world, "members.left", "W", restated=True, by="child")
        counted = sum("moves" in one for one in statements.statements[before:])
        return sorted(figure.value for figure in found if figure.group in ("E1", "E2")), counted

    assert (shared(), shared()) == (([2.5, 7.5], 1), ([2.5, 7.5], 0))
    with world.work() as work:
        one, two = world.place("E1", work), world.place("E2", work)
        home = work.session.scalars(
            sa.select(Affiliation).where(Affiliation.unit_id == one.id).limit(1)
        ).one()
        home.unit_id = two.id
        work.session.flush()
        refresh_members(work, [home.member_id])
    assert shared() == ([5.0, 5.0], 1)


def test_a_part_without_people_follows_the_declared_share(world: World) -> None:
    divided(world, [], (Fraction(3, 5), Fraction(2, 5)))
    figures = {f.group: f for f in ask(world, "members.left", "W", restated=True, by="child")}
    assert (figures["E1"].value, figures["E2"].value) == (6, 4)
    assert "quyết định" in figures["E1"].note


def test_a_share_nobody_declared_is_unknown_and_never_a_half(world: World) -> None:
    divided(world, [], (None, None))
    figures = {f.group: f for f in ask(world, "members.left", "W", restated=True, by="child")}
    assert (figures["E1"].value, figures["E2"].value) == (0, 0)
    assert figures["E1"].note != ""
    assert sums(ask(world, "members.left", "W", restated=True)) == [10]


def test_an_as_of_day_never_widens_rights(decade: World) -> None:
    reader = decade.account("province_organisation", "X")
    with decade.work(reader, "X", writing=False) as work:
        for key in ("members.left", "members.count"):
            for options in ({}, {"as_of": date(2018, 6, 1)}, {"restated": True}):
                place = decade.place("X", work)
                [figure] = evaluate(
                    work, [key], Question(place, Period.parse("2016..2025"), **options)
                )
                assert figure.numerator <= 10
        w3 = decade.place("W3", work)  # X is its main successor, so it is seen
        assert work.actor.sees(w3)
        [past] = evaluate(work, ["members.left"], Question(w3, Period.parse("2018")))
        # What went to Y is not within today's rights, whatever W3 was then.
        assert past.value == 1
        assert past.note != ""
