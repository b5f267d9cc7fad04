"""Numbers of papers: one series for each body, kind of paper and term, without gaps."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core import ledger
from core.documents import permissions
from core.documents.models import Document, DocumentCounter
from core.documents.paper import KIND_CODES
from core.documents.services.heading import body_code as code_of_body
from core.errors import RuleBroken
from core.i18n import _
from core.periods import parse_day
from core.settings import value
from core.units.places import Place
from core.work import Work


@dataclass(frozen=True, slots=True)
class Series:
    """A series of numbers: they begin with 01 in each term (`domain`, corrections to 11.3)."""

    unit_id: uuid.UUID
    body_code: str
    kind_code: str
    term_from: date

    def text(self, number: int) -> str:
        """Return a number as it is printed, such as 05-NQ/CB."""
        return f"{number:02d}-{self.kind_code}/{self.body_code}"


def series_for(work: Work, unit: Place, kind: str, day: date, body_code: str = "") -> Series | None:
    """Return the series in which a kind of paper of a day is numbered; None for kinds without."""
    kind_code = KIND_CODES.get(kind, "")
    if not kind_code:
        return None
    body = body_code or code_of_body(work, unit, day=day)
    return Series(unit.id, body, kind_code, term_of(work, unit, day)[0])


def term_of(work: Work, unit: Place, day: date) -> tuple[date, date]:
    """Return the first day of the term a day lies in, and the first day of the next term."""
    small = unit.kind == "branch" and not unit.is_grassroots
    key = "core.documents.branch_term_months" if small else "core.documents.term_months"
    months = unit.term_months or int(value(work, key, unit, day))
    given = value(work, "core.documents.term_from", unit, day)
    anchor = given if isinstance(given, date) else parse_day(str(given))
    passed = (day.year - anchor.year) * 12 + day.month - anchor.month - (day.day < anchor.day)
    start = _later(anchor, passed // months * months)
    return start, _later(start, months)


def _later(day: date, months: int) -> date:
    """Return the day some months later; a month too short takes its last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(max(year, 1), month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def take_number(work: Work, series: Series, number: int | None = None) -> int:
    """Take the next number of a series, or the one a paper already bears.

    The counter's row stays locked until the act commits: numbers have no gaps, because an act that
    is rolled back gives its number back, and two acts at once never get the same one.
    """
    _begin(work, series)
    row = _counter(series)
    if number is None:
        return int(
            work.session.execute(
                sa.update(DocumentCounter)
                .where(*row)
                .values(last=DocumentCounter.last + 1)
                .returning(DocumentCounter.last)
                .execution_options(synchronize_session=False)
            ).scalar_one()
        )
    work.session.execute(
        sa.update(DocumentCounter)
        .where(*row)
        .values(last=sa.case((DocumentCounter.last < number, number), else_=DocumentCounter.last))
        .execution_options(synchronize_session=False)
    )
    if is_taken(work, series, number):
        raise RuleBroken(
            _("The number %(code)s is already in the register.", code=series.text(number))
        )
    return number


def is_taken(work: Work, series: Series, number: int) -> bool:
    """Whether a paper already bears a number."""
    found = work.session.scalar(
        sa.select(Document.id)
        .where(
            Document.unit_id == series.unit_id,
            Document.body_code == series.body_code,
            Document.kind_code == series.kind_code,
            Document.term_from == series.term_from,
            Document.number == number,
        )
        .execution_options(unscoped="a number is taken whoever may see the paper")
    )
    return found is not None


def last_number(work: Work, series: Series) -> int:
    """Return the last number given in a series, 0 for none."""
    return int(work.session.scalar(sa.select(DocumentCounter.last).where(*_counter(series))) or 0)


def continue_after(
    work: Work, *, kind: str, last: int, unit: Place | None = None, day: date | None = None
) -> Series:
    """Say how many numbers of a kind were used on paper this term; the next one follows them."""
    place = unit or work.unit
    series = series_for(work, place, kind, day or work.today)
    if series is None:
        raise RuleBroken(_("Papers of this kind bear no number."))
    before = last_number(work, series)
    if last < before:
        raise RuleBroken(
            _("The register is already at %(code)s.", code=series.text(before)),
            fields={"last": [_("The register is already at %(code)s.", code=series.text(before))]},
        )
    _begin(work, series)
    work.session.execute(
        sa.update(DocumentCounter)
        .where(*_counter(series))
        .values(last=last)
        .execution_options(synchronize_session=False)
    )
    ledger.record(
        work,
        "documents.continued",
        ledger.About("document_series", None, series.text(last), place.id),
        before={"last": before},
        after={"last": last},
        permission=permissions.ISSUE,
    )
    return series


def _counter(series: Series) -> tuple[Any, ...]:
    return (
        DocumentCounter.unit_id == series.unit_id,
        DocumentCounter.body_code == series.body_code,
        DocumentCounter.kind_code == series.kind_code,
        DocumentCounter.term_from == series.term_from,
    )


def _begin(work: Work, series: Series) -> None:
    """Make the counter's row when it is not there; two acts at once make it once."""
    dialect = postgresql if work.session.get_bind().dialect.name == "postgresql" else sqlite
    work.session.execute(
        dialect.insert(DocumentCounter)
        .values(
            unit_id=series.unit_id,
            body_code=series.body_code,
            kind_code=series.kind_code,
            term_from=series.term_from,
            last=0,
        )
        .on_conflict_do_nothing()
    )
