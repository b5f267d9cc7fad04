"""Figures: grouped, as of a day, restated, within rights, and only where the plugin is on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from core.errors import Forbidden, InvalidInput, NotFound
from core.indicators import Asked, Indicator, reckoning
from core.indicators.evaluation import Figure, Question, evaluate
from core.periods import Period
from core.settings.services import give_setting
from core.testing import Counter, World
from core.units.models import UnitVersion
from core.units.places import valid_on, visible
from core.units.services import Decision, Successor, terminate_unit, transfer_unit
from core.work import Work


def ask(
    world: World, key: str, unit: str = "W", period: str = "2026", actor: Any = None, **options: Any
) -> list[Figure]:
    with world.work(actor, writing=False) as work:
        question = Question(world.place(unit, work), Period.parse(period), **options)
        return evaluate(work, [key], question)


def values(figures: list[Figure]) -> dict[str | None, Any]:
    return {figure.group: figure.value for figure in figures}


def test_a_count_is_the_sum_of_the_subtree(ward):
    (figure,) = ask(ward, "test.people")
    assert figure.as_json() == {
        "key": "test.people",
        "unit": "W",
        "period": "2026",
        "as_of": "2026-11-10",
        "value": 3,
        "numerator": 3,
        "denominator": 1,
        "group": None,
    }


def test_a_rate_is_divided_after_summing_and_not_rounded(ward):
    (figure,) = ask(ward, "test.official")
    assert (figure.value, figure.numerator, figure.denominator) == (2 / 3, 2, 3)
    assert type(figure.numerator) is int


def test_a_rate_without_a_base_has_no_value(ward):
    (figure,) = ask(ward, "test.official", "V")
    assert (figure.value, figure.numerator, figure.denominator) == (None, 0, 0)


def test_a_stock_stands_in_the_tree_of_today_and_a_flow_in_that_of_the_periods_end(ward):
    assert ask(ward, "test.people")[0].as_of == ward.today
    assert ask(ward, "test.people", period="2025")[0].as_of == date(2025, 12, 31)
    assert ask(ward, "test.official")[0].as_of == date(2026, 12, 31)


def test_children_are_all_listed_in_vietnamese_order_even_with_nothing(ward):
    assert list(values(ask(ward, "test.people", by="child")).items()) == [("A", 2), ("O", 1)]
    assert values(ask(ward, "test.people", "P", by="child")) == {"V": 0, "W": 3}


def test_the_facts_of_the_unit_itself_are_a_group_of_their_own(ward):
    assert values(ask(ward, "meetings.units", "W", by="child")) == {"A": 1, "O": 2, "W": 1}


def test_levels_are_the_kinds_of_units(ward):
    figures = ask(ward, "meetings.units", "P", by="level")
    assert values(figures) == {"branch": 2, "commune": 2, "party_org": 1, "province": 1}


def test_kinds_and_grassroots_keep_organisations_and_their_branches_apart(ward):
    assert ask(ward, "meetings.units", kind="branch")[0].value == 2
    assert ask(ward, "meetings.units", grassroots=True)[0].value == 1
    assert ask(ward, "meetings.units", grassroots=False)[0].value == 3


def test_a_subject_is_handed_to_the_facts_and_an_unknown_one_refused(ward):
    assert ask(ward, "test.official", subject="new")[0].numerator == 1
    assert ask(ward, "test.official")[0].numerator == 2
    with pytest.raises(InvalidInput) as refused:
        ask(ward, "test.official", subject="odd")
    assert "old, new" in refused.value.sentence


def test_a_series_gives_a_figure_for_each_part_in_one_statement(ward, statements: Counter):
    with ward.work(writing=False) as work:
        question = Question(ward.place("W", work), Period.parse("2019..2021"), series=True)
        before = statements.count
        figures = evaluate(work, ["test.people"], question)
        # The others ask whether any unit ever ended, and which units stand near.
        assert statements.count - before == 3
    assert [(f.period, f.value) for f in figures] == [("2019", 0), ("2020", 3), ("2021", 3)]


def test_a_series_by_children_keeps_every_part_and_group(ward):
    figures = ask(ward, "test.people", period="2026-Q1", by="child", series=True)
    assert [(f.period, f.group, f.value) for f in figures] == [
        (f"2026-0{month}", group, value)
        for month in (1, 2, 3)
        for group, value in (("A", 2), ("O", 1))
    ]


def test_the_as_of_day_picks_the_tree_and_not_the_count(ward):
    with ward.work() as work:
        transfer_unit(
            work, ward.place("A", work), parent=ward.place("V", work), on=date(2026, 7, 1)
        )
    assert ask(ward, "test.people", "W")[0].value == 1
    assert ask(ward, "test.people", "W", as_of=date(2026, 6, 30))[0].value == 3
    assert ask(ward, "test.people", "V")[0].value == 2


def test_an_unknown_figure_is_refused_with_how_to_find_one(ward):
    with pytest.raises(InvalidInput) as refused:
        ask(ward, "test.nothing")
    assert "hatnhan indicators --list" in refused.value.sentence


def test_a_stranger_finds_no_unit_and_a_reader_without_the_right_is_refused(ward):
    stranger = ward.account("commune_staff", "V")
    with pytest.raises(NotFound):
        ask(ward, "test.people", actor=stranger)
    member = ward.account("member", "W")
    with pytest.raises(Forbidden):
        ask(ward, "test.people", actor=member)


def test_a_past_day_shows_no_more_than_todays_rights_reach_and_says_so(ward):
    with ward.work() as work:
        transfer_unit(
            work, ward.place("A", work), parent=ward.place("V", work), on=date(2026, 7, 1)
        )
    staff = ward.account("commune_staff", "W")
    (figure,) = ask(ward, "test.people", actor=staff, as_of=date(2026, 6, 30))
    assert figure.value == 1
    assert figure.note == "Không tính các đơn vị ngoài phạm vi quyền của tài khoản này."


def test_a_right_without_the_subtree_counts_the_unit_alone(ward):
    staff = ward.account("commune_staff", "W", with_subtree=False)
    assert ask(ward, "meetings.units", actor=staff)[0].value == 1


def test_units_where_the_plugin_is_off_do_not_count(ward):
    ward.switch("meetings", "O", on=False)
    assert ask(ward, "meetings.units")[0].value == 2
    ward.switch("meetings", on=False)
    assert ask(ward, "meetings.units")[0].value == 0
    assert ask(ward, "test.people")[0].value == 3


def test_the_day_of_the_fact_decides_whether_the_plugin_was_on(ward):
    with ward.work() as work:
        give_setting(
            work,
            key="meetings.enabled",
            value=False,
            unit=ward.place("A", work),
            on=date(2026, 3, 1),
        )
    assert ask(ward, "meetings.units", period="2026-02")[0].value == 4
    assert ask(ward, "meetings.units", period="2026-03")[0].value == 3


def ended(world: World, code: str, successors: list[Successor]) -> None:
    with world.work() as work:
        terminate_unit(
            work,
            world.place(code, work),
            on=date(2026, 7, 1),
            successors=successors,
            decision=Decision(reason="test"),
        )


@pytest.fixture
def dissolved(ward: World) -> World:
    """A branch D of the ward that is to end, and two of this year that may take over."""
    ward.unit("D", "branch", "W")
    ward.unit("N", "branch", "V", on=date(2026, 1, 1))
    ward.unit("M", "branch", "W", on=date(2026, 1, 1))
    return ward


def march(world: World, unit: str, **options: Any) -> Figure:
    """Count the units of March, in the tree of today."""
    (figure,) = ask(
        world, "meetings.units", unit, period="2026-03", as_of=date(2026, 11, 10), **options
    )
    return figure


def test_as_it_was_an_ended_unit_is_not_in_the_new_tree_but_restated_its_heir_is(dissolved):
    ended(dissolved, "D", [Successor(dissolved.place("N").id)])
    assert march(dissolved, "V").value == 2
    restated = march(dissolved, "V", restated=True)
    assert (restated.value, restated.note) == (3, "")
    assert march(dissolved, "W", restated=True).value == 5


def test_the_heir_of_an_heir_stands_for_both(dissolved):
    ended(dissolved, "D", [Successor(dissolved.place("N").id)])
    ended(dissolved, "N", [Successor(dissolved.place("M").id)])
    assert march(dissolved, "V", restated=True).value == 1
    assert march(dissolved, "W", restated=True).value == 7


def test_a_divided_unit_is_left_out_of_a_restated_figure_which_says_so(dissolved):
    parts = [
        Successor(dissolved.place("N").id, share=None),
        Successor(dissolved.place("M").id, share=None, is_main=False),
    ]
    ended(dissolved, "D", parts)
    figure = march(dissolved, "W", restated=True)
    assert (figure.value, figure.note) == (
        5,
        "Việc của đơn vị đã chia tách không tính vào nơi chỉ có một phần của đơn vị đó.",
    )


def test_what_a_divided_unit_did_counts_where_all_its_parts_stand_together(dissolved):
    parts = [
        Successor(dissolved.place("N").id, share=None),
        Successor(dissolved.place("M").id, share=None, is_main=False),
    ]
    ended(dissolved, "D", parts)
    before = march(dissolved, "P").value
    whole = march(dissolved, "P", restated=True)
    assert (whole.value, whole.note) == (before + 1, "")
    by_child = ask(
        dissolved,
        "meetings.units",
        "P",
        period="2026-03",
        as_of=date(2026, 11, 10),
        restated=True,
        by="child",
    )
    assert values(by_child) == {"V": 2, "W": 5, "P": 1}


def test_a_series_without_end_is_refused(ward):
    with pytest.raises(InvalidInput):
        ask(ward, "test.people", period="0001..9998", series=True)


def named_alike(number: int) -> Any:
    """Return facts with a part that is called like another figure's."""

    def facts(work: Work, asked: Asked) -> sa.Select[Any]:
        place = sa.select(UnitVersion.unit_id, sa.literal(number).label("numerator")).where(
            valid_on(UnitVersion, asked.day), visible(UnitVersion, work.generation)
        )
        part = place.cte("part")
        return sa.select(part.c.unit_id, part.c.numerator)

    return facts


def test_figures_of_two_modules_that_name_a_part_alike_are_asked_one_by_one(ward):
    registry = ward.system.host.registries["indicators"]
    registry.add(
        [Indicator(f"test.part{n}", "Part", "count", named_alike(n), stock=True) for n in (1, 2)],
        None,
    )
    with ward.work(writing=False) as work:
        question = Question(ward.place("W", work), Period.parse("2026"))
        found = evaluate(work, ["test.part1", "test.people", "test.part2"], question)
    assert [figure.value for figure in found] == [4, 3, 8]


def test_several_figures_are_one_statement(ward, statements: Counter):
    with ward.work(writing=False) as work:
        question = Question(ward.place("W", work), Period.parse("2026"), by="child")
        keys = ["test.people", "test.official", "meetings.units"]
        alone = [evaluate(work, [key], question) for key in keys]
        before = statements.count
        assert evaluate(work, keys, question) == [one for found in alone for one in found]
    assert sum("numerator" in one for one in statements.statements[before:]) == 1


def test_where_too_many_units_would_be_named_all_facts_are_read(ward, monkeypatch):
    before = values(ask(ward, "test.people", period="2020..2026", series=True, by="child"))
    monkeypatch.setattr(reckoning, "MOST_NAMED", 1)
    assert values(ask(ward, "test.people", period="2020..2026", series=True, by="child")) == before
