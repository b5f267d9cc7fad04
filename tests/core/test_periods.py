"""Days, months and periods: what may be written, what is refused, and how spans meet."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import _, use_locale
from core.periods import (
    EVER,
    OPEN,
    Period,
    month_of,
    parse_birth,
    parse_day,
    parse_month,
    quarter_of,
    spans_overlap,
    year_of,
)

days = st.dates(date(1900, 1, 1), date(2200, 12, 31))
periods = st.one_of(
    days.map(month_of),
    days.map(quarter_of),
    days.map(year_of),
    st.builds(
        lambda first, more: Period.of_years(first, first + more),
        st.integers(1950, 2100),
        st.integers(0, 12),
    ),
)


@pytest.mark.parametrize(
    "written",
    ["2025-07-01", "2025-7-1", "01/07/2025", "1/7/2025", "1-7-2025", "01.07.2025", " 1/7/2025 "],
)
def test_a_day_is_read_in_the_ways_people_write_it(written):
    assert parse_day(written) == date(2025, 7, 1)


@pytest.mark.parametrize(
    "written",
    ["", "mai", "1/7", "1/7/25", "1/7-2025", "2025/07/01", "01/07/2025 10:00", "٠١/٠٧/2025"],
)
def test_what_is_not_a_day_is_refused_with_an_example(written):
    with pytest.raises(ValueError, match="for example 03/11/2026"):
        parse_day(written)


@pytest.mark.parametrize(
    "written", ["31/02/2025", "29/2/2025", "2025-13-01", "0/1/2025", "1/1/0000", "31/12/9999"]
)
def test_a_day_that_no_calendar_has_is_refused(written):
    with pytest.raises(ValueError, match="There is no such day"):
        parse_day(written)


def test_the_reason_can_be_told_in_vietnamese():
    with pytest.raises(ValueError, match="not right") as refused:
        parse_day("mai")
    with use_locale("vi"):
        assert _(str(refused.value)) == "Ngày chưa đúng. Ghi ngày/tháng/năm, ví dụ 03/11/2026."


@given(days)
def test_every_day_is_read_back_from_both_ways_of_writing(day):
    assert parse_day(day.isoformat()) == parse_day(f"{day.day}/{day.month}/{day.year}") == day


@pytest.mark.parametrize("written", ["11/2026", "2026-11", "11-2026"])
def test_a_month_is_its_first_day(written):
    assert parse_month(written) == date(2026, 11, 1)


@pytest.mark.parametrize("written", ["13/2026", "2026-00", "2026", "11/26", "03/11/2026", ""])
def test_what_is_not_a_month_is_refused(written):
    with pytest.raises(ValueError, match="month"):
        parse_month(written)


def test_a_birth_date_keeps_how_exactly_it_is_known():
    assert parse_birth("3/2/1950") == (date(1950, 2, 3), "day")
    assert parse_birth(" 1950 ") == (date(1950, 1, 1), "year")


@pytest.mark.parametrize("written", ["", "50", "0000", "2/1950", "khoảng 1950"])
def test_a_birth_date_that_cannot_be_read_is_refused(written):
    with pytest.raises(ValueError, match=r"not right|no such year"):
        parse_birth(written)


@pytest.mark.parametrize(
    ("written", "kind", "start", "end"),
    [
        ("2023", "year", date(2023, 1, 1), date(2024, 1, 1)),
        ("2023-Q1", "quarter", date(2023, 1, 1), date(2023, 4, 1)),
        ("2023-Q4", "quarter", date(2023, 10, 1), date(2024, 1, 1)),
        ("2023-05", "month", date(2023, 5, 1), date(2023, 6, 1)),
        ("2023-12", "month", date(2023, 12, 1), date(2024, 1, 1)),
        ("2020..2023", "years", date(2020, 1, 1), date(2024, 1, 1)),
        ("2023..2023", "years", date(2023, 1, 1), date(2024, 1, 1)),
    ],
)
def test_a_period_has_a_first_day_and_an_end_outside(written, kind, start, end):
    period = Period.parse(written)
    assert period == Period(written, start, end, kind)
    assert period.last_day == end - timedelta(days=1)


def test_a_period_may_be_typed_in_small_letters():
    assert Period.parse(" 2023-q2 ") == Period.parse("2023-Q2")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "2020..2023"),
        ("23", "2020..2023"),
        ("2023-Q5", "2020..2023"),
        ("2023-5", "2020..2023"),
        ("2023-Q2..2023-Q3", "2020..2023"),
        ("05/2023", "2020..2023"),
        ("2023-13", "no such month"),
        ("2023-00", "no such month"),
        ("0000", "no such year"),
        ("9999", "no such year"),
        ("2023..2020", "runs backwards"),
    ],
)
def test_what_is_not_a_period_is_refused_with_a_reason(written, reason):
    with pytest.raises(ValueError, match=reason):
        Period.parse(written)


def test_parts_are_years_of_a_range_and_months_of_a_year_or_a_quarter():
    assert [part.key for part in Period.parse("2022..2024").parts()] == ["2022", "2023", "2024"]
    assert [part.key for part in Period.parse("2023-Q2").parts()] == [
        "2023-04",
        "2023-05",
        "2023-06",
    ]
    assert len(Period.parse("2023").parts()) == 12
    month = Period.parse("2023-05")
    assert month.parts() == [month]


@pytest.mark.parametrize(
    ("key", "before"),
    [
        ("2023", "2022"),
        ("2023-Q1", "2022-Q4"),
        ("2023-Q3", "2023-Q2"),
        ("2023-01", "2022-12"),
        ("2023-12", "2023-11"),
        ("2020..2023", "2016..2019"),
    ],
)
def test_the_previous_period_is_as_long(key, before):
    assert Period.parse(key).previous().key == before


def test_nothing_comes_before_the_first_year():
    with pytest.raises(ValueError, match="no such year"):
        Period.parse("0001").previous()


@given(periods)
def test_a_period_is_read_back_from_its_key(period):
    assert Period.parse(period.key) == period


@given(periods)
def test_parts_and_months_cover_a_period_without_gaps(period):
    parts, months = period.parts(), period.months()
    assert parts[0].start == months[0] == period.start
    assert parts[-1].end == month_of(months[-1]).end == period.end
    assert all(one.end == two.start for one, two in pairwise(parts))
    assert all(month_of(one).end == two for one, two in pairwise(months))


@given(periods)
def test_the_previous_period_ends_where_the_next_begins(period):
    before = period.previous()
    assert before.end == period.start
    assert (before.kind, len(before.months())) == (period.kind, len(period.months()))


@given(days)
def test_a_day_lies_in_its_month_quarter_and_year(day):
    for period in (month_of(day), quarter_of(day), year_of(day)):
        assert period.start <= day <= period.last_day < period.end


@given(days, days, days, days)
def test_spans_overlap_when_they_share_a_day(a, b, c, d):
    one, two = sorted((a, b)), sorted((c, d))
    shared = max(one[0], two[0]) < min(one[1], two[1])
    assert spans_overlap(*one, *two) is spans_overlap(*two, *one) is shared


def test_spans_that_touch_or_are_empty_do_not_overlap():
    first, middle, last = date(2025, 1, 1), date(2025, 7, 1), date(2026, 1, 1)
    assert not spans_overlap(first, middle, middle, last)
    assert not spans_overlap(middle, middle, first, last)
    assert spans_overlap(EVER, OPEN, middle, last)
