"""Days, times, numbers and shares as wording prescribes them, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from core.i18n import (
    NOTHING,
    day_in_words,
    distance,
    format_day,
    format_day_long,
    format_instant,
    format_month,
    format_number,
    format_percent,
    format_period,
    format_quarter,
    format_time,
    month_in_words,
    paper_count,
    share_text,
    time_in_words,
    use_locale,
)
from core.periods import EVER, OPEN, Period

DAY = date(2026, 11, 3)


@pytest.fixture(autouse=True)
def vietnamese():
    with use_locale("vi"):
        yield


def test_a_day_is_written_with_day_month_and_year():
    assert format_day(date(2026, 3, 1)) == "01/03/2026"
    assert format_day_long(DAY) == "thứ Ba, 03/11/2026"
    assert format_day_long(date(2026, 11, 8)) == "Chủ nhật, 08/11/2026"


def test_a_span_without_beginning_or_end_shows_no_day():
    assert format_day(EVER) == format_day(OPEN) == NOTHING


def test_an_instant_is_not_taken_for_a_day():
    with pytest.raises(TypeError, match="format_instant"):
        format_day(datetime(2026, 11, 3, 20, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 3), "ngày 03 tháng 11 năm 2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
        (date(2026, 2, 9), "ngày 09 tháng 02 năm 2026"),
        (date(2026, 3, 10), "ngày 10 tháng 3 năm 2026"),
        (date(2026, 9, 1), "ngày 01 tháng 9 năm 2026"),
    ],
)
def test_papers_put_a_zero_before_days_below_ten_and_months_one_and_two(day, words):
    assert day_in_words(day) == words
    assert month_in_words(day) == words.split(maxsplit=2)[2]


def test_times_differ_in_tables_sentences_and_papers():
    evening, full, early = time(19, 30), time(20, 0), time(7, 5)
    assert [format_time(moment) for moment in (evening, full, early)] == ["19:30", "20:00", "07:05"]
    assert time_in_words(evening) == "19 giờ 30 phút"
    assert time_in_words(full) == "20 giờ 00 phút"
    assert time_in_words(early) == "7 giờ 05 phút"
    assert time_in_words(evening, screen=True) == "19 giờ 30"
    assert time_in_words(full, screen=True) == "20 giờ"


def test_months_quarters_and_periods_have_their_names():
    assert format_month(DAY) == "tháng 11/2026"
    assert [format_quarter(date(2026, month, 1)) for month in (1, 6, 7, 12)] == [
        "quý I/2026",
        "quý II/2026",
        "quý III/2026",
        "quý IV/2026",
    ]
    names = [
        format_period(Period.parse(key)) for key in ("2026-11", "2026-Q4", "2026", "2020..2023")
    ]
    assert names == ["tháng 11/2026", "quý IV/2026", "năm 2026", "giai đoạn 2020-2023"]


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (3485.5, None, "3.485,5"),
        (3485, None, "3.485"),
        (1234567, None, "1.234.567"),
        (0, None, "0"),
        (-12.5, None, "-12,5"),
        (7.25, 1, "7,3"),
        (Decimal("2.0"), None, "2"),
        (2, 1, "2,0"),
        (0.1 + 0.2, None, "0,3"),
        (-0.0001, None, "0"),
        (1000, 0, "1.000"),
    ],
)
def test_numbers_have_dots_for_thousands_and_a_comma(value, decimals, written):
    assert format_number(value, decimals=decimals) == written


@pytest.mark.parametrize(
    ("part", "whole", "percent", "share"),
    [
        (31, 38, "81,6%", "31/38 (81,6%)"),
        (38, 38, "100%", "38/38 (100%)"),
        (0, 38, "0%", "0/38 (0%)"),
        (1, 2000, "0,1%", "1/2.000 (0,1%)"),
        (55, 58, "94,8%", "55/58 (94,8%)"),
        (0, 0, "–", "–"),
        (None, 38, "–", "–"),
        (3, None, "–", "–"),
    ],
)
def test_a_share_without_a_base_is_no_figure(part, whole, percent, share):
    assert format_percent(part, whole) == percent
    assert share_text(part, whole) == share


def test_papers_put_a_zero_before_counts_below_ten():
    assert [paper_count(n) for n in (0, 1, 9, 10, 3485)] == ["0", "01", "09", "10", "3.485"]


def test_the_distance_to_a_day_is_told_in_days():
    assert distance(DAY + timedelta(days=3), DAY) == "còn 3 ngày"
    assert distance(DAY, DAY) == "hôm nay"
    assert distance(DAY - timedelta(days=2), DAY) == "quá hạn 2 ngày"


def test_an_instant_is_shown_as_the_clock_of_the_site_shows_it():
    instant = datetime(2026, 11, 3, 18, 14, tzinfo=UTC)
    assert format_instant(instant) == "01:14 ngày 04/11/2026"
    assert format_instant(instant, ZoneInfo("Europe/Paris")) == "19:14 ngày 03/11/2026"
    with pytest.raises(ValueError, match="time zone"):
        format_instant(instant.replace(tzinfo=None))


def test_english_pages_keep_the_day_and_speak_english():
    with use_locale("en"):
        assert format_day_long(DAY) == "Tuesday, 03/11/2026"
        assert day_in_words(DAY) == "03 November 2026"
        assert month_in_words(DAY) == "November 2026"
        assert (time_in_words(time(19, 30)), time_in_words(time(19), screen=True)) == (
            "19:30",
            "19:00",
        )
        assert (format_month(DAY), format_quarter(DAY)) == ("11/2026", "quarter IV/2026")
        assert format_period(Period.parse("2020..2023")) == "2020-2023"
        assert format_number(3485.5) == "3,485.5"
        assert share_text(31, 38) == "31/38 (81.6%)"
        assert distance(DAY + timedelta(days=1), DAY) == "1 day left"
        assert distance(DAY - timedelta(days=2), DAY) == "2 days overdue"
        assert format_instant(datetime(2026, 11, 3, 13, 14, tzinfo=UTC)) == "20:14 on 03/11/2026"
