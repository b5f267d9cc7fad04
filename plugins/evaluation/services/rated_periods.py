"""Periods that were rated: years, quarters, and terms or spans of their own with a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.errors import InvalidInput
from core.i18n import _, format_period
from core.periods import Period
from core.work import Work

from ..models import Campaign, Result

NAMED = ("term", "on_demand")


@dataclass(frozen=True, slots=True)
class RatedPeriod:
    """A period with results: known by its key, and with its own days where it is no year."""

    key: str
    kind: str
    start: date
    last_day: date

    @property
    def title(self) -> str:
        """Name the period as people do."""
        return self.key if self.kind in NAMED else format_period(Period.parse(self.key))

    @property
    def chip(self) -> str:
        """Name the period in one word where that is enough, beginning with a capital."""
        return self.key if self.kind == "year" else self.title[:1].upper() + self.title[1:]

    @property
    def is_of_calendar(self) -> bool:
        """Whether it is a year or a quarter, which other figures know too."""
        return self.kind not in NAMED


def of_calendar(period: Period) -> RatedPeriod:
    """Return a year or quarter as a period of results."""
    return RatedPeriod(period.key, str(period.kind), period.start, period.last_day)


def of_campaign(campaign: Campaign) -> RatedPeriod:
    """Return the period of a campaign."""
    return RatedPeriod(
        campaign.period_key, campaign.period_kind, campaign.period_start, campaign.period_last
    )


def rated_periods(work: Work, limit: int = 40) -> list[RatedPeriod]:
    """Return the periods that have results here or below, the newest first."""
    columns = (Result.period_key, Result.period_kind, Result.period_start, Result.period_last)
    rows = work.session.execute(
        sa.select(*columns)
        .select_from(Result)
        .where(Result.is_current.is_(True))
        .distinct()
        .order_by(Result.period_last.desc(), Result.period_key.desc())
        .limit(limit)
    )
    return [RatedPeriod(*row) for row in rows]


def period_named(work: Work, text: str) -> RatedPeriod:
    """Return a year or quarter, or a period of another name with results here or below."""
    try:
        period = Period.parse(text)
    except ValueError:
        period = None
    if period is not None and period.kind in ("year", "quarter"):
        return of_calendar(period)
    found = next((one for one in rated_periods(work, 200) if one.key == text.strip()), None)
    if found is None:
        sentence = _("Write a year as 2026, a quarter as 2026-Q4, or the name of a rated period.")
        raise InvalidInput(sentence, fields={"period": [sentence]})
    return found


def newest_year(work: Work, periods: list[RatedPeriod]) -> RatedPeriod:
    """Return the newest year with results; this year where there is none."""
    years = (one for one in periods if one.kind == "year")
    return next(years, of_calendar(Period.of_year(work.today.year)))
