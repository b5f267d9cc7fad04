"""The days off of Vietnam, by year; imported when a term is reckoned in working days."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays


@lru_cache(maxsize=64)
def calendar(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Return the days off of a year and its weekend days on which work is made up."""
    found = holidays.country_holidays("VN", years=[year])
    made_up = {day for day in found.weekend_workdays if day.year == year}
    return frozenset(found), frozenset(made_up)
