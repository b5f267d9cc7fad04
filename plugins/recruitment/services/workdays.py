"""Working days in Vietnam: Tết and public holidays, days in lieu, and weekends made up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from core.members.services import months_after
from core.settings import value
from core.units.places import Place
from core.work import Work

SATURDAY = 5


def _calendar(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Return the days off of a year and its weekend days on which work is made up."""
    from .days_off import calendar  # noqa: PLC0415 - the almanac is only needed for such terms

    return calendar(year)


class WorkingDays:
    """Which days are worked at a place, by the calendar and by what the place added to it."""

    def __init__(self, days_off: Iterable[date] = (), made_up: Iterable[date] = ()) -> None:
        """Add further days off and made-up days to those that are known."""
        self._off, self._made_up = frozenset(days_off), frozenset(made_up)

    @classmethod
    def at(cls, work: Work, place: Place | None = None, on: date | None = None) -> WorkingDays:
        """Return the calendar of a place, by its settings of a day."""
        off = value(work, "recruitment.extra_days_off", place, on)
        made_up = value(work, "recruitment.extra_working_days", place, on)
        return cls(map(date.fromisoformat, off), map(date.fromisoformat, made_up))

    def works(self, day: date) -> bool:
        """Whether a day is worked; what a place added wins over the calendar."""
        if day in self._off:
            return False
        if day in self._made_up:
            return True
        off, made_up = _calendar(day.year)
        if day in made_up:
            return True
        return day.weekday() < SATURDAY and day not in off

    def after(self, start: date, count: int) -> date:
        """Return the last of a number of working days; the day of the event itself is not one."""
        day, left = start, count
        while left > 0:
            day += timedelta(days=1)
            left -= self.works(day)
        return day


__all__ = ["WorkingDays", "months_after"]
