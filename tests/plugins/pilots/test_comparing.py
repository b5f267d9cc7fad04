"""Does it work? Differences of differences, their uncertainty, what stands beside them."""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import InvalidInput, NotFound, RuleBroken
from core.testing import counted
from plugins.pilots import services
from plugins.pilots.services.estimating import estimate
from plugins.pilots.services.matching import nearest
from plugins.pilots.services.shapes import UnitValue

KEY = "members.count"


def unit(number, before, after, *, pilot):
    return UnitValue(number, f"U{number}", f"U{number}", pilot, before, after)


def test_the_effect_is_the_difference_of_the_two_changes_with_welchs_range() -> None:
    pilots = [unit(n, 0.5, 0.5 + d, pilot=True) for n, d in enumerate((0.2, 0.3, 0.1))]
    others = [unit(9 + n, 0.4, 0.4 + d, pilot=False) for n, d in enumerate((0.0, 0.1, 0.05, 0.05))]
    found = estimate([*pilots, *others, unit(99, None, 0.9, pilot=True)], 95)
    assert (found.pilot_units, found.comparison_units) == (3, 4)
    assert found.effect == pytest.approx(0.15)
    # By hand: variances 0.01 and 1/600, standard error 0.06124, 2.506 degrees, t = 3.5612.
    assert (found.low, found.high) == (
        pytest.approx(-0.0681, abs=2e-3),
        pytest.approx(0.368, abs=2e-3),
    )
    assert found.verdict == "unclear"


def test_a_clear_effect_is_called_so_in_either_direction() -> None:
    def of(sign):
        pilots = [unit(n, 0, sign * (5 + n / 10), pilot=True) for n in range(6)]
        return estimate([*pilots, *(unit(50 + n, 0, n / 10, pilot=False) for n in range(6))], 95)

    assert (of(1).verdict, of(-1).verdict) == ("more", "less")


def test_where_nothing_varies_or_a_group_has_one_unit_no_range_is_claimed() -> None:
    same = [unit(n, 1, 2, pilot=n < 3) for n in range(6)]
    assert (estimate(same, 95).low, estimate(same, 95).verdict) == (None, "unclear")
    few = [unit(1, 1, 5, pilot=True), unit(2, 1, 2, pilot=False), unit(3, 1, 3, pilot=False)]
    assert (estimate(few, 95).effect, estimate(few, 95).high) == (2.5, None)
    none = [unit(1, None, 5, pilot=True)]
    assert (estimate(none, 95).effect, estimate(none, 95).verdict) == (None, "unknown")


def grown(town, sizes):
    """Give units members: so many before October, so many since."""
    for code, (before, after) in sizes.items():
        for _number in range(before):
            town.world.member(code, since=date(2026, 1, 1))
        for _number in range(after):
            town.world.member(code, since=date(2026, 10, 5))


def compared(town, trial, **changes):
    values = {"indicators": [KEY], "before": "2026-Q3", "after": "2026-Q4", **changes}
    with town.work(town.staff, "W") as work:
        found = services.own_trial(work, trial.id)
        services.plan_comparison(work, found, **values)
        return services.compare(work, found)


def test_pilot_units_stand_beside_those_most_like_them_before(town) -> None:
    trial = town.running(unit_ids=[town.key("B3"), town.key("B4")])
    grown(town, {"B3": (3, 4), "B4": (5, 5), "B5": (3, 1), "B6": (5, 0), "B1": (20, 0)})
    town.world.give("pilots.comparison_per_unit", 1)
    comparison = compared(town, trial)
    assert comparison.comparison_names == ["Chi bộ tổ dân phố số 5", "Chi bộ tổ dân phố số 6"]
    [effect] = comparison.effects
    found = effect.estimate
    assert (found.pilot_before, found.pilot_after) == (4, 8.5)
    assert (found.comparison_before, found.comparison_after) == (4, 4.5)
    assert found.effect == 4
    assert len(effect.warnings) == 1
    assert "2" in effect.warnings[0]
    assert len(comparison.limits) == 5
    assert effect.labels == ["7/26", "8/26", "9/26", "10/26", "11/26"]
    assert effect.pilot_course == [4, 4, 4, 8.5, 8.5]


def test_comparison_units_are_picked_by_hand_among_those_of_the_same_kind(town) -> None:
    trial = town.running()
    comparison = compared(town, trial, matched="hand", unit_ids=[town.key("B6")])
    assert comparison.comparison_names == ["Chi bộ tổ dân phố số 6"]
    for keys in ([], [town.key("W")], [town.key("B2")], [town.key("Y1")]):
        with pytest.raises(InvalidInput):
            compared(town, trial, matched="hand", unit_ids=keys)


def test_units_that_take_part_in_the_model_are_no_comparison(town) -> None:
    town.registered("B5", date(2026, 10, 1), "online_meetings")
    trial = town.running()
    with town.work(town.staff, "W") as work:
        found = services.own_trial(work, trial.id)
        assert {place.code for place in services.candidates(work, found)} == {"B3", "B4", "B6"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"indicators": []}, "indicators"),
        ({"indicators": ["pilots.registered"]}, "indicators"),
        ({"before": "2026-Q9"}, "before"),
        ({"before": "2026", "after": "2026-Q4"}, "after"),
        ({"matched": "dice"}, "matched"),
    ],
)
def test_a_comparison_that_compares_nothing_is_refused(town, changes, field) -> None:
    trial = town.running()
    with pytest.raises(InvalidInput) as refused:
        compared(town, trial, **changes)
    assert field in refused.value.fields


def test_a_trial_without_figures_says_so_and_another_units_trial_stays_theirs(town) -> None:
    with town.work(town.staff, "W") as work:
        trial = services.plan_trial(work, town.facts())
        trial.indicators = []
        with pytest.raises(RuleBroken):
            services.compare(work, trial)
    office = town.world.account("province_organisation", "P")
    with pytest.raises(NotFound), town.work(office, "P") as work:
        found = services.access_trial(work, trial.id)
        services.plan_comparison(work, found, indicators=[KEY], before="2025", after="2026")


def test_a_comparison_takes_one_statement_for_each_figure(town, backend) -> None:
    trial = town.running()
    compared(town, trial)

    def asked():
        with (
            town.world.work(town.staff, "W", writing=False) as work,
            counted(backend.database.engine) as counter,
        ):
            services.compare(work, services.access_trial(work, trial.id))
        return counter.count

    first = asked()
    compared(town, trial, indicators=[KEY, "members.official"])
    assert asked() == first + 1


def test_nobody_like_a_unit_is_taken_twice(town) -> None:
    with town.world.work(writing=False) as work:
        places = [town.world.place(f"B{n}", work) for n in range(1, 6)]
    values = {(0, place.id): float(n) for n, place in enumerate(places)}
    chosen = nearest(places[:2], places[2:], [values], 3)
    assert sorted(place.code for place in chosen) == ["B3", "B4", "B5"]
