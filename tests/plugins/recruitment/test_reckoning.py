"""Working days with Tết and made-up days, and where the pace of admissions leads."""

from __future__ import annotations

from datetime import date

from plugins.recruitment.services.counting import Progress
from plugins.recruitment.services.workdays import WorkingDays


def test_tet_and_its_weekends_are_no_working_days() -> None:
    days = WorkingDays()
    assert not any(days.works(date(2026, 2, number)) for number in range(16, 21))
    assert days.after(date(2026, 2, 13), 1) == date(2026, 2, 23)


def test_a_saturday_on_which_work_is_made_up_counts_and_its_bridge_day_does_not() -> None:
    days = WorkingDays()
    assert days.works(date(2026, 8, 22))
    assert not days.works(date(2026, 8, 31))


def test_a_place_adds_days_off_and_made_up_days() -> None:
    days = WorkingDays([date(2026, 11, 11)], [date(2026, 11, 14)])
    assert not days.works(date(2026, 11, 11))
    assert days.works(date(2026, 11, 14))
    assert days.after(date(2026, 11, 10), 3) == date(2026, 11, 14)


def test_thirty_working_days_over_new_year() -> None:
    # 1 December 2025 + 30: 23 in December (2 to 31, weekends left out: 22), New Year off.
    assert WorkingDays().after(date(2025, 12, 1), 30) == date(2026, 1, 13)


def test_a_year_has_its_days_by_the_settings_of_the_place(ward) -> None:
    ward.world.give("recruitment.extra_days_off", ["2026-11-11"], "B1")
    with ward.work() as work:
        assert WorkingDays.at(work).after(date(2026, 11, 10), 1) == date(2026, 11, 12)


def progress(admitted: int, target: int | None, today: date = date(2026, 7, 2)) -> Progress:
    return Progress(admitted, target, date(2026, 1, 1), date(2026, 12, 31), today)


def test_the_pace_is_what_the_days_so_far_come_to() -> None:
    half = progress(10, 30)
    assert (half.remaining, half.expected, half.state) == (20, 19, "warn")
    assert progress(16, 30).state == "info"


def test_a_target_that_is_reached_needs_no_pace() -> None:
    assert progress(30, 30).state == "good"
    assert progress(31, 30).remaining == 0


def test_a_period_that_is_over_says_what_is_short() -> None:
    late = progress(28, 30, date(2027, 1, 5))
    assert (late.state, late.remaining) == ("late", 2)


def test_before_the_period_and_without_a_target_there_is_no_pace() -> None:
    assert progress(0, 30, date(2025, 12, 1)).expected is None
    assert progress(5, None).state == "none"
