"""Days, times, shares and distances as people read them on screens and on paper."""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo

from .catalogues import _, _n, mark
from .numerals import Number, exact, format_number, round_half_up

NOTHING = "–"
"""What stands where there is no figure and no day."""

SITE_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

_WEEKDAYS = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)
# The Vietnamese names carry the zero that papers want before months 1 and 2 only.
_MONTHS = (
    mark("January"),
    mark("February"),
    mark("March"),
    mark("April"),
    mark("May"),
    mark("June"),
    mark("July"),
    mark("August"),
    mark("September"),
    mark("October"),
    mark("November"),
    mark("December"),
)
_ROMAN = ("I", "II", "III", "IV")


class Span(Protocol):
    """What `format_period` needs of a `core.periods.Period`."""

    @property
    def kind(self) -> str:
        """Return month, quarter, year or years."""

    @property
    def start(self) -> date:
        """Return the first day."""

    @property
    def last_day(self) -> date:
        """Return the last day."""


def format_day(day: date) -> str:
    """Write a day as 03/11/2026; a span without beginning or end has none: "–"."""
    if isinstance(day, datetime):
        # The day of an instant depends on the time zone; `format_instant` knows it.
        raise TypeError("This is an instant, not a day; use format_instant.")
    if day.year in {1, 9999}:
        return NOTHING
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def format_day_long(day: date) -> str:
    """Write a day with its weekday: thứ Ba, 03/11/2026."""
    return f"{_(_WEEKDAYS[day.weekday()])}, {format_day(day)}"


def day_in_words(day: date) -> str:
    """Write a day as papers do: ngày 03 tháng 11 năm 2026 (zeros as in 36-HD/VPTW)."""
    month = _(_MONTHS[day.month - 1])
    return _("%(day)s %(month)s %(year)s", day=f"{day.day:02}", month=month, year=day.year)


def month_in_words(day: date) -> str:
    """Write the month of a day as papers do: tháng 11 năm 2026."""
    return _("%(month)s %(year)s", month=_(_MONTHS[day.month - 1]), year=day.year)


def format_month(day: date) -> str:
    """Write the month of a day for a screen: tháng 11/2026."""
    return _("month %(month)s/%(year)s", month=day.month, year=day.year)


def format_quarter(day: date) -> str:
    """Write the quarter of a day: quý IV/2026."""
    quarter = _ROMAN[(day.month - 1) // 3]
    return _("quarter %(quarter)s/%(year)s", quarter=quarter, year=day.year)


def format_period(period: Span) -> str:
    """Write a period: tháng 11/2026, quý IV/2026, năm 2026, giai đoạn 2020-2023."""
    if period.kind == "month":
        return format_month(period.start)
    if period.kind == "quarter":
        return format_quarter(period.start)
    first, last = period.start.year, period.last_day.year
    if first == last:
        return _("year %(year)s", year=first)
    return _("years %(first)s-%(last)s", first=first, last=last)


def format_time(moment: time) -> str:
    """Write a time for a table: 19:30."""
    return f"{moment.hour:02}:{moment.minute:02}"


def time_in_words(moment: time, *, screen: bool = False) -> str:
    """Write a time as papers do, 19 giờ 30 phút; in sentences on a screen 19 giờ 30."""
    hour, minute = moment.hour, f"{moment.minute:02}"
    if not screen:
        return _("%(hour)s h %(minute)s min", hour=hour, minute=minute)
    if moment.minute == 0:
        return _("%(hour)s h", hour=hour)
    return _("%(hour)s h %(minute)s", hour=hour, minute=minute)


def format_instant(instant: datetime, zone: tzinfo = SITE_ZONE) -> str:
    """Write an instant as the site's clock shows it: 20:14 ngày 03/11/2026."""
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    local = instant.astimezone(zone)
    return _("%(time)s on %(day)s", time=format_time(local.time()), day=format_day(local.date()))


def distance(day: date, today: date) -> str:
    """Say how far a due day is: còn 3 ngày, hôm nay, quá hạn 2 ngày; print the day beside it."""
    days = (day - today).days
    if days == 0:
        return _("today")
    if days > 0:
        return _n("%(n)s day left", "%(n)s days left", days)
    return _n("%(n)s day overdue", "%(n)s days overdue", -days)


def format_percent(part: Number | None, whole: Number | None) -> str:
    """Write a share with at most one decimal, 81,6% or 100%; without a base "–"."""
    if part is None or not whole:
        return NOTHING
    share = round_half_up(exact(part) * 100 / exact(whole), decimals=1)
    return f"{format_number(share)}%"


def share_text(part: Number | None, whole: Number | None) -> str:
    """Write a share with its counts: 31/38 (81,6%); without a base "–"."""
    if part is None or not whole:
        return NOTHING
    return f"{format_number(part)}/{format_number(whole)} ({format_percent(part, whole)})"


def paper_count(count: int) -> str:
    """Write a count as papers do, with a zero before 1 to 9: 01, 09, 10."""
    return f"{count:02}" if 0 < count < 10 else format_number(count)
