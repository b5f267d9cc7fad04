"""A trial is a variant of settings with a sunset: approved first, gone by itself, rolled out."""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import Changed, Forbidden, InvalidInput, NotFound, RuleBroken
from core.settings import value
from core.settings.services import give_setting
from core.testing import UnitLine
from plugins.pilots import services
from plugins.pilots.models import Registration
from tests.plugins.pilots.town import KEY

START, SUNSET = date(2026, 11, 10), date(2027, 2, 10)


def held(town, unit, day, key=KEY):
    """Return what holds at a unit on a day."""
    with town.world.work(writing=False) as work:
        return value(work, key, town.world.place(unit, work), day)


def parts(town):
    """Return who takes part, with the day and how it ended."""
    with town.world.work(writing=False) as work:
        rows = work.session.scalars(
            services.reading.below(work, Registration).order_by(Registration.unit_id)
        ).all()
        return [(row.model_code, row.registered_on, row.ended_on, row.outcome) for row in rows]


def test_nothing_is_written_before_somebody_approved_the_difference(town) -> None:
    trial = town.planned()
    with town.work(town.staff, "W") as work:
        trial = services.access_trial(work, trial.id)
        change = services.propose_change(work, trial, kind="start")
        lines = services.shown_lines(work, change)
    assert [(line.unit_code, line.on, line.before, line.after) for line in lines] == [
        ("B1", START, "6", "3"),
        ("B2", START, "6", "3"),
        ("B1", SUNSET, "3", "6, theo cấp trên"),
        ("B2", SUNSET, "3", "6, theo cấp trên"),
    ]
    assert held(town, "B1", START) == 6


def test_a_trial_begins_with_approval_and_is_gone_at_its_sunset_by_itself(town) -> None:
    town.running()
    assert [held(town, unit, START) for unit in ("B1", "B2", "B3")] == [3, 3, 6]
    assert held(town, "B1", date(2027, 2, 9)) == 3
    assert held(town, "B1", SUNSET) == 6
    town.at(SUNSET)
    with town.work(town.staff, "W") as work:
        [trial], _more = services.list_trials(work)
        assert services.state_of(trial, work.today) == "ended"
        assert value(work, KEY, town.world.place("B1", work)) == 6
        services.settle_trials(work)
    assert parts(town) == [("online_meetings", START, SUNSET, "completed")] * 2


def test_a_simulated_clock_past_the_sunset_shows_it_gone_with_its_data_kept(town) -> None:
    trial = town.running()
    town.at(date(2027, 3, 1))
    browser = town.world.browser(town.staff)
    page = browser.get(f"/u/W/pilots/trials/{trial.id}").get_data(as_text=True)
    assert "Đã hết thời gian thí điểm" in page
    assert "Chi bộ tổ dân phố số 1" in page
    assert held(town, "B1", date(2027, 3, 1)) == 6
    assert len(parts(town)) == 2


def test_what_a_unit_had_of_its_own_holds_again_afterwards(town) -> None:
    town.world.give(KEY, 9, "B1")
    town.running()
    assert [held(town, "B1", day) for day in (START, SUNSET)] == [3, 9]
    assert held(town, "B2", SUNSET) == 6


def test_a_trial_that_ends_early_takes_back_exactly_what_it_gave(town) -> None:
    trial = town.running()
    town.at(date(2026, 12, 1))
    town.changed(trial, "end", document_no="20-QĐ/ĐU")
    assert [held(town, "B1", day) for day in (START, date(2026, 12, 1), SUNSET)] == [3, 6, 6]
    assert parts(town) == [("online_meetings", START, date(2026, 12, 1), "stop")] * 2
    with town.work(town.admin, "W") as work:
        give_setting(work, key=KEY, value=4, unit=town.world.place("B1", work))
    assert held(town, "B1", SUNSET) == 4, "the sunset written beforehand was taken back"


def test_a_trial_can_be_extended_and_then_ends_on_the_later_day(town) -> None:
    trial = town.running()
    later = date(2027, 5, 10)
    town.changed(trial, "extend", sunset_on=later)
    assert [held(town, "B1", day) for day in (SUNSET, date(2027, 5, 9), later)] == [3, 3, 6]
    with pytest.raises(InvalidInput):
        town.changed(trial, "extend", sunset_on=SUNSET)


def test_rolling_out_writes_at_the_parent_and_the_units_follow_it(town) -> None:
    trial = town.running()
    town.world.give(KEY, 7, "P", on=date(2026, 11, 1))
    town.at(date(2027, 1, 5))
    town.changed(trial, "roll_out", document_no="30-QĐ/ĐU")
    days = (date(2027, 1, 5), SUNSET, date(2028, 1, 1))
    assert [held(town, unit, day) for unit in ("W", "B1", "B6") for day in days] == [3] * 9
    assert held(town, "Y1", days[0]) == 7
    assert {row[3] for row in parts(town)} == {"roll_out"}


def test_a_trial_that_is_over_can_still_be_rolled_out(town) -> None:
    trial = town.running()
    town.at(date(2027, 3, 1))
    with pytest.raises(RuleBroken):
        town.changed(trial, "end")
    town.changed(trial, "roll_out")
    assert held(town, "B5", date(2027, 3, 1)) == 3


def test_a_module_is_switched_on_for_the_time_of_a_trial(town) -> None:
    town.world.switch("pilots", "X", on=False)
    with town.world.work(unit="P") as work:
        trial = services.plan_trial(
            work,
            town.facts(
                unit_ids=[town.key("B1")], settings=[{"key": "pilots.enabled", "value": False}]
            ),
        )
        change = services.propose_change(work, trial, kind="start")
        services.approve_change(work, trial, change)
    assert held(town, "B1", START, "pilots.enabled") is False
    assert held(town, "B1", SUNSET, "pilots.enabled") is True


def test_approving_needs_the_right_to_settings_at_each_unit(town) -> None:
    trial = town.planned()
    with town.work(town.staff, "W") as work:
        found = services.access_trial(work, trial.id)
        services.propose_change(work, found, kind="start")
    for actor in (town.staff, town.chief):
        with pytest.raises(Forbidden), town.work(actor, "W") as work:
            found = services.access_trial(work, trial.id)
            services.approve_change(work, found, services.open_change(work, found))
    assert held(town, "B1", START) == 6


def test_a_setting_changed_meanwhile_sends_the_proposal_back(town) -> None:
    trial = town.planned()
    with town.work(town.staff, "W") as work:
        services.propose_change(work, services.access_trial(work, trial.id), kind="start")
    town.world.give(KEY, 12, "W", on=date(2026, 11, 1))
    with pytest.raises(Changed), town.work(town.admin, "W") as work:
        found = services.access_trial(work, trial.id)
        services.approve_change(work, found, services.open_change(work, found))
    with town.work(town.staff, "W") as work:
        found = services.access_trial(work, trial.id)
        services.withdraw_change(work, services.open_change(work, found))
    town.changed(trial, "start")
    assert held(town, "B1", START) == 3


def test_a_lock_from_above_and_a_planned_value_stand_in_the_way(town) -> None:
    with town.world.work() as work:
        give_setting(work, key=KEY, value=5, unit=town.world.place("P", work), locked=True)
    with pytest.raises(RuleBroken):
        town.running()
    with town.world.work() as work:
        give_setting(work, key=KEY, value=5, unit=town.world.place("P", work))
        place = town.world.place("B2", work)
        give_setting(work, key=KEY, value=8, unit=place, on=date(2026, 12, 24))
    with pytest.raises(RuleBroken):
        town.running()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"sunset_on": date(2026, 11, 10)}, "sunset_on"),
        ({"starts_on": date(2026, 1, 1), "sunset_on": date(2026, 11, 10)}, "sunset_on"),
        ({"unit_ids": []}, "unit_ids"),
        ({"settings": [{"key": "pilots.nothing", "value": 1}]}, "settings"),
        ({"settings": [{"key": KEY, "value": "abc"}]}, "settings"),
    ],
)
def test_a_plan_that_cannot_be_tried_is_refused(town, changes, field) -> None:
    with pytest.raises(InvalidInput) as refused:
        town.planned(**changes)
    assert field in refused.value.fields


def test_units_of_others_and_kinds_that_do_not_fit_are_refused(town) -> None:
    with pytest.raises(NotFound):
        town.planned(unit_ids=[town.key("Y1")])
    with pytest.raises(RuleBroken):
        town.planned(unit_ids=[town.key("W")])


def test_a_plan_changes_only_while_nothing_waits_and_nothing_began(town) -> None:
    trial = town.planned()
    with town.work(town.staff, "W") as work:
        found = services.access_trial(work, trial.id)
        services.change_trial(work, found, town.facts(title="Đợt một"))
        services.propose_change(work, found, kind="start")
        with pytest.raises(RuleBroken):
            services.propose_change(work, found, kind="start")
        with pytest.raises(RuleBroken):
            services.change_trial(work, found, town.facts())
        with pytest.raises(RuleBroken):
            services.propose_change(work, found, kind="end")


def test_units_that_take_part_already_are_not_registered_twice(town) -> None:
    town.registered("B1", date(2026, 10, 1), "online_meetings")
    town.running()
    assert len(parts(town)) == 2


def test_a_trial_of_many_units_is_written_in_as_many_statements_as_one_of_few(
    town, statements
) -> None:
    codes = [f"M{number:03d}" for number in range(120)]
    town.world.units(*(UnitLine(code, parent="W") for code in codes))
    counts = []
    for some in (codes[:4], codes[4:]):
        trial = town.planned(unit_ids=[], unit_codes="\n".join(some))
        with town.work(town.staff, "W") as work:
            found = services.access_trial(work, trial.id)
            change = services.propose_change(work, found, kind="start")
        with town.work(town.admin, "W") as work:
            before = statements.count
            found = services.access_trial(work, trial.id)
            services.approve_change(work, found, services.access_change(work, change.id))
            work.session.flush()
            counts.append(statements.count - before)
    assert counts[1] <= counts[0] + 2
    assert [held(town, unit, START) for unit in (*codes[::30], "B1")] == [3, 3, 3, 3, 6]
    before = statements.count
    town.at(SUNSET)
    with town.world.work() as work:
        assert services.settle_trials(work) == 2
    assert statements.count - before <= 20
    assert {part[3] for part in parts(town)} == {"completed"}


def test_codes_that_are_not_known_or_lie_elsewhere_are_named(town) -> None:
    with pytest.raises(InvalidInput) as refused:
        town.planned(unit_ids=[], unit_codes="B1, Y1; NOWHERE\nB2")
    assert refused.value.fields["unit_codes"] == [
        "Không có mã Y1, NOWHERE. Kiểm tra lại mã đơn vị."
    ]


def test_lines_that_say_the_same_of_several_units_are_shown_as_one(town) -> None:
    town.world.give(KEY, 9, "B2")
    trial = town.planned(unit_ids=[town.key(f"B{number}") for number in range(1, 6)])
    with town.work(town.staff, "W") as work:
        found = services.access_trial(work, trial.id)
        change = services.propose_change(work, found, kind="start")
        groups = services.grouped_lines(services.shown_lines(work, change))
    assert [(group.line.on, group.line.before, len(group.units)) for group in groups] == [
        (START, "6", 4),
        (START, "9", 1),
        (SUNSET, "3", 4),
        (SUNSET, "3", 1),
    ]


@pytest.mark.parametrize(("word", "on"), [("bật", True), ("Tắt", False), ("true", True)])
def test_on_and_off_are_written_in_words(town, word, on) -> None:
    with town.work(town.staff, "W") as work:
        [line] = services.typed_settings(work, [{"key": "meetings.enabled", "value": word}])
        assert line["value"] is on
        shown = services.as_lines(work, [line])[0]["value"]
        assert shown == ("bật" if on else "tắt")


@pytest.mark.parametrize("word", ["", "bạt", "2"])
def test_what_is_neither_on_nor_off_switches_nothing_off(town, word) -> None:
    with (
        town.work(town.staff, "W") as work,
        pytest.raises(InvalidInput, match="Ghi “bật” hoặc “tắt”"),
    ):
        services.typed_settings(work, [{"key": "meetings.enabled", "value": word}])
