"""Days, months and periods as people write them, and the half-open spans that facts hold for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from core.i18n import mark

EVER = date(1, 1, 1)
"""The day a fact that has always been true begins."""
OPEN = date(9999, 12, 31)
"""The day a fact without an end ends.

Spans are half-open, `[valid_from, valid_to)`: the first day belongs to the span, the last does not.
Both ends are always there: EVER and OPEN stand where others would write null.
"""

FIRST_YEAR, LAST_YEAR = 1000, 9000
"""The years people write; beyond them lie our sentinels, and days nothing can be added to."""

Kind = Literal["month", "quarter", "year", "years"]
Precision = Literal["day", "year"]

_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_LOCAL_DAY = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_BARE_DAY = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_ISO_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_LOCAL_MONTH = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})")
_YEAR = re.compile(r"[0-9]{4}")
_PERIOD = re.compile(r"([0-9]{4})(?:-q([1-4])|-([0-9]{2})|\.\.([0-9]{4}))?", re.IGNORECASE)

_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}


def parse_day(text: str) -> date:
    """Read a day: 2025-07-01, 1/7/2025, 01-07-2025, 1.7.2025 or 01072025.

    The reason in the ValueError is an English message id, so `_(str(error))` translates it.
    """
    written = text.strip()
    if found := _ISO_DAY.fullmatch(written):
        year, month, day = found.groups()
    elif found := _LOCAL_DAY.fullmatch(written):
        day, _separator, month, year = found.groups()
    elif found := _BARE_DAY.fullmatch(written):
        day, month, year = found.groups()
    else:
        raise ValueError(
            mark("The day is not right. Write day/month/year, for example 03/11/2026.")
        )
    try:
        return date(_year(year), int(month), int(day))
    except ValueError:
        raise ValueError(mark("There is no such day. Look at the calendar again.")) from None


def _year(text: str) -> int:
    year = int(text)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(text)
    return year


def parse_month(text: str) -> date:
    """Read a month, 11/2026 or 2026-11, and return its first day."""
    written = text.strip()
    if found := _ISO_MONTH.fullmatch(written):
        year, month = found.groups()
    elif found := _LOCAL_MONTH.fullmatch(written):
        month, year = found.groups()
    else:
        raise ValueError(mark("The month is not right. Write month/year, for example 11/2026."))
    try:
        return date(_year(year), int(month), 1)
    except ValueError:
        raise ValueError(mark("There is no such month. Months go from 1 to 12.")) from None


def parse_birth(text: str) -> tuple[date, Precision]:
    """Read a birth date; of some elder members only the year is known (then 1 January)."""
    written = text.strip()
    if not _YEAR.fullmatch(written):
        return parse_day(written), "day"
    if not FIRST_YEAR <= int(written) <= LAST_YEAR:
        raise ValueError(mark("There is no such year."))
    return date(int(written), 1, 1), "year"


def spans_overlap(one_from: date, one_to: date, two_from: date, two_to: date) -> bool:
    """Tell whether two half-open spans share a day; an empty span shares none."""
    return max(one_from, two_from) < min(one_to, two_to)


@dataclass(frozen=True, slots=True)
class Period:
    """A month, quarter, year or range of years; `end` is the first day after it."""

    key: str
    start: date
    end: date
    kind: Kind

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read a period: 2023, 2023-Q2, 2023-05 or 2020..2023; otherwise ValueError."""
        found = _PERIOD.fullmatch(text.strip())
        if found is None:
            raise ValueError(
                mark("The period is not right. Write 2023, 2023-Q2, 2023-05 or 2020..2023.")
            )
        year, quarter, month, last = (int(part) if part else None for part in found.groups())
        first = year or 0
        if quarter is not None:
            return cls.of_quarter(first, quarter)
        if month is not None:
            return cls.of_month(first, month)
        return cls.of_year(first) if last is None else cls.of_years(first, last)

    @classmethod
    def of_month(cls, year: int, month: int) -> Period:
        """Return a month, 1 to 12."""
        if not 1 <= month <= 12:
            raise ValueError(mark("There is no such month. Months go from 1 to 12."))
        return cls._of(year, month, "month", f"{year:04}-{month:02}")

    @classmethod
    def of_quarter(cls, year: int, quarter: int) -> Period:
        """Return a quarter, 1 to 4."""
        if not 1 <= quarter <= 4:
            raise ValueError(mark("There is no such quarter. Quarters go from 1 to 4."))
        return cls._of(year, quarter * 3 - 2, "quarter", f"{year:04}-Q{quarter}")

    @classmethod
    def of_year(cls, year: int) -> Period:
        """Return a calendar year."""
        return cls._of(year, 1, "year", f"{year:04}")

    @classmethod
    def of_years(cls, first: int, last: int) -> Period:
        """Return the years from the first to the last, both included."""
        if last < first:
            raise ValueError(
                mark("The range of years runs backwards. Write the earlier year first.")
            )
        start, end = cls.of_year(first).start, cls.of_year(last).end
        return cls(f"{first:04}..{last:04}", start, end, "years")

    @classmethod
    def _of(cls, year: int, month: int, kind: Kind, key: str) -> Period:
        # The day after the year 9999 cannot be written, and nobody counts there.
        if not 1 <= year <= 9998:
            raise ValueError(mark("There is no such year."))
        start = date(year, month, 1)
        return cls(key, start, _add_months(start, _MONTHS_OF[kind]), kind)

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period."""
        return self.end - timedelta(days=1)

    def months(self) -> list[date]:
        """List the first day of each month."""
        return [_add_months(self.start, step) for step in range(self._length())]

    def parts(self) -> list[Period]:
        """Split the period for a series: a range into years, a year or quarter into months."""
        if self.kind == "month":
            return [self]
        if self.kind == "years":
            return [Period.of_year(year) for year in range(self.start.year, self.end.year)]
        return [month_of(first) for first in self.months()]

    def previous(self) -> Period:
        """Return the period of the same length that ends where this one begins."""
        if self.kind == "years":
            count = self.end.year - self.start.year
            return Period.of_years(self.start.year - count, self.start.year - 1)
        months = self.start.year * 12 + self.start.month - 1 - self._length()
        year, month = divmod(months, 12)
        if self.kind == "quarter":
            return Period.of_quarter(year, month // 3 + 1)
        return Period.of_month(year, month + 1) if self.kind == "month" else Period.of_year(year)

    def _length(self) -> int:
        """Count the months."""
        years = self.end.year - self.start.year
        return years * 12 + self.end.month - self.start.month


def month_of(day: date) -> Period:
    """Return the month a day lies in."""
    return Period.of_month(day.year, day.month)


def quarter_of(day: date) -> Period:
    """Return the quarter a day lies in."""
    return Period.of_quarter(day.year, (day.month + 2) // 3)


def year_of(day: date) -> Period:
    """Return the year a day lies in."""
    return Period.of_year(day.year)


def _add_months(first: date, count: int) -> date:
    """Go forward from the first day of a month."""
    year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    return date(year, month + 1, 1)
