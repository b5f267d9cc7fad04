"""Figures of admission as exact fractions, by the target's own rules."""

from __future__ import annotations

import pytest


def admission(number: int, unit: str, day: str) -> dict[str, str]:
    return {
        "full_name": f"Trần Văn Số {number}",
        "birth_date": f"{number % 27 + 1:02}/01/2000",
        "unit_code": unit,
        "admitted_on": day,
    }


def target(unit: str, number: int, start: str = "2026-01-01", end: str = "2026-12-31"):
    return {"unit_code": unit, "period_from": start, "period_to": end, "target": str(number)}


@pytest.fixture
def counted_ward(ward):
    rows = [
        admission(1, "B1", "2026-02-03"),
        admission(2, "B1", "2026-05-19"),
        admission(3, "B2", "2026-09-02"),
        admission(4, "B2", "2025-09-02"),
    ]
    ward.take_in("admissions", rows)
    return ward


def test_admissions_count_in_their_period_and_branch(counted_ward) -> None:
    assert counted_ward.figure("recruitment.admitted").value == 3
    assert counted_ward.figure("recruitment.admitted", "2026-Q2").value == 1
    assert counted_ward.figure("recruitment.admitted", by="child") == {"B1": 2, "B2": 1}


def test_the_rate_is_the_period_against_the_whole_target_that_contains_it(counted_ward) -> None:
    counted_ward.take_in("admission-targets", [target("W", 8)])
    figure = counted_ward.figure("recruitment.target_rate", "2026-Q2")
    assert (figure.numerator, figure.denominator, figure.value) == (1, 8, 1 / 8)


def test_a_term_target_serves_a_year_until_the_year_has_its_own(counted_ward) -> None:
    counted_ward.take_in("admission-targets", [target("W", 40, "2025-01-01", "2030-12-31")])
    assert counted_ward.figure("recruitment.target").value == 40
    counted_ward.take_in("admission-targets", [target("W", 8)])
    assert counted_ward.figure("recruitment.target").value == 8
    assert counted_ward.figure("recruitment.target", "2025..2030").value == 40


def test_a_committees_target_is_its_own_and_those_below_divide_it(counted_ward) -> None:
    counted_ward.take_in("admission-targets", [target("W", 8), target("B1", 3), target("B2", 2)])
    assert counted_ward.figure("recruitment.target").value == 8
    assert counted_ward.figure("recruitment.target", unit="P").value == 8
    assert counted_ward.figure("recruitment.target", unit="B1").value == 3
    assert counted_ward.figure("recruitment.target", by="child") == {"B1": 3, "B2": 2, "W": 3}


def test_without_a_target_of_its_own_a_committee_has_the_sum_of_those_below(counted_ward) -> None:
    counted_ward.take_in("admission-targets", [target("B1", 3), target("B2", 2)])
    assert counted_ward.figure("recruitment.target", unit="P").value == 5


def test_without_a_target_there_is_no_rate(counted_ward) -> None:
    figure = counted_ward.figure("recruitment.target_rate")
    assert (figure.value, figure.numerator, figure.denominator) == (None, 3, 0)


def test_a_branch_where_the_plugin_is_off_is_left_out(counted_ward) -> None:
    counted_ward.world.switch("recruitment", "B2", on=False)
    assert counted_ward.figure("recruitment.admitted").value == 2
