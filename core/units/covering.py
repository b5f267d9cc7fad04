"""Which units a list covers: today's with all they took over, or those that stood there on a day.

The one mechanism by which a list takes an as-of day. Its schema takes the fields (`AsOfQuery`), its
view takes them out (`told_of(data)`), its statement one condition::

    statement.where(covered(work, Paper.unit_id, as_of, day=Paper.issued_on))

*As it was then* (a day is named): the units that stood at or below this one on that day.
*Restated to today's units* (no day, or `restated`): through lineage, so that what happened in June
at the old communes is found from the new ones. A unit that was divided counts with its main
successor, as rights do; lists never share out single records, figures do (`core.indicators`).
An as-of day never widens rights: the session narrows the rows in either case.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import marshmallow as ma
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.forms import DayField, FormSchema, PageQuery
from core.i18n import _, format_day, lazy
from core.units.models import Rehomed, Unit, UnitAncestor, UnitLineage, UnitScope
from core.units.places import Place, valid_on, visible
from core.work import Work

Reaches = Callable[[Any], sa.ColumnElement[bool]]
"""Makes the condition that a unit is one of those covered, for a column of units."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day a list is asked for, if any, and whether with the units of then or of today."""

    day: date | None = None
    restated: bool = False

    @property
    def is_past(self) -> bool:
        """Whether the units of another day count than today's: the page says so on top."""
        return self.day is not None and not self.restated


TODAY = AsOf()


class AsOfQuery(FormSchema):
    """The fields by which a list takes an as-of day."""

    as_of = DayField(load_default=None, metadata={"label": lazy("Figures as of day")})
    restated = ma.fields.Boolean(
        load_default=False, metadata={"label": lazy("With the units of today")}
    )


class DatedPageQuery(PageQuery, AsOfQuery):
    """Which page of a list, as of which day."""


def told_of(data: MutableMapping[str, Any]) -> AsOf:
    """Take the as-of day out of what `AsOfQuery` read; the other fields are left."""
    return AsOf(data.pop("as_of"), data.pop("restated"))


def query_of(as_of: AsOf) -> dict[str, str]:
    """Return the as-of day as the query of an address."""
    told = {"as_of": format_day(as_of.day)} if as_of.day is not None else {}
    return {**told, "restated": "1"} if as_of.restated else told


def told_in_words(as_of: AsOf) -> str:
    """Return, for a file, with the units of which day it was made; nothing for today's."""
    if as_of.restated:
        return _("By the organisation of today, with the units it took over")
    if as_of.day is not None:
        return _(
            "Figures as of %(day)s, by the organisation of that day.", day=format_day(as_of.day)
        )
    return ""


def covered(
    work: Work,
    column: Any,
    as_of: AsOf = TODAY,
    *,
    day: Any = None,
    unit: Place | None = None,
    alone: bool = False,
    row: Any = None,
) -> sa.ColumnElement[bool]:
    """Condition: a row's unit is one that a list of this unit covers, as of a day.

    `day` is the column of the day on which a row began to be: later rows are left out. `alone`
    covers the unit itself without what stands below it, and with the units it took over only
    where `restated` is asked for. `row` is the key of rows that go on with another unit when
    theirs ends (open work): as of a day they are found where they stood then.
    """
    place = unit or work.unit
    if alone:
        ids = sorted({place.id} | (took_over(work, place) if as_of.restated else set()))
        reaches: Reaches = partial(_among, ids)
    elif as_of.day is not None and not as_of.restated:
        then = valid_on(UnitAncestor, as_of.day)
        reaches = partial(_reaches, UnitAncestor, work, place, then)
    else:
        reaches = partial(_reaches, UnitScope, work, place, sa.true())
    if as_of.day is None:
        return reaches(column)
    stood = reaches(column) if row is None else _stood(reaches, column, row, as_of)
    return stood if day is None else sa.and_(stood, day <= as_of.day)


def _stood(reaches: Reaches, column: Any, row: Any, as_of: AsOf) -> sa.ColumnElement[bool]:
    """Condition: the row stood on a day at a unit that is reached.

    With the units of today, a row that went along with its unit stands where it stands now; only
    what was moved by hand since is looked for where it stood before.
    """

    def since(model: Any) -> list[Any]:
        later = [model.row_id == row, model.until > as_of.day]
        return [*later, model.by_hand] if as_of.restated else later

    earlier = aliased(Rehomed)
    first = ~sa.exists().where(*since(earlier), earlier.until < Rehomed.until).correlate_except(
        earlier
    )
    left = sa.exists().where(*since(Rehomed)).correlate_except(Rehomed)
    elsewhere = sa.exists().where(*since(Rehomed), first, reaches(Rehomed.unit_id))
    stayed = sa.and_(reaches(column), ~left)
    exactly = sa.or_(stayed, elsewhere.correlate_except(Rehomed))
    # Says nothing more; by it a database finds the rows by their units instead of looking at all.
    gone = aliased(column.class_)
    went_to = (
        sa.select(getattr(gone, column.key))
        .join(Rehomed, Rehomed.row_id == getattr(gone, row.key))
        .where(Rehomed.until > as_of.day, reaches(Rehomed.unit_id))
    )
    stand = sa.select(Unit.id).where(reaches(Unit.id))
    return sa.and_(column.in_(stand.union_all(went_to)), exactly)


def unit_then(column: Any, row: Any, as_of: AsOf) -> Any:
    """Return as SQL the unit at which a row stood on the day asked for; see `covered`."""
    if as_of.day is None:
        return column
    left = sa.select(Rehomed.unit_id).where(Rehomed.row_id == row, Rehomed.until > as_of.day)
    if as_of.restated:
        left = left.where(Rehomed.by_hand)
    first = left.order_by(Rehomed.until).limit(1).correlate_except(Rehomed)
    return sa.func.coalesce(first.scalar_subquery(), column, type_=column.type)


def _among(ids: Sequence[uuid.UUID], column: Any) -> sa.ColumnElement[bool]:
    return sa.or_(column.in_(ids))


def _reaches(
    model: Any, work: Work, place: Place, when: Any, column: Any
) -> sa.ColumnElement[bool]:
    return (
        sa.exists()
        .where(
            model.unit_id == column,
            model.ancestor_id == place.id,
            when,
            visible(model, work.generation),
        )
        .correlate_except(model)
    )


def took_over(work: Work, unit: Place) -> set[uuid.UUID]:
    """Return the ended units for which this one answers today, through all reforms."""
    found: set[uuid.UUID] = set()
    asked = {unit.id}
    while asked:
        rows = work.session.scalars(
            sa.select(UnitLineage.predecessor_id).where(
                UnitLineage.successor_id.in_(asked),
                UnitLineage.is_main,
                visible(UnitLineage, work.generation),
            )
        )
        asked = set(rows) - found - {unit.id}
        found |= asked
    places = work.host.places.by_ids(work.session, found, work.today, work.generation)
    return {unit_id for unit_id, place in places.items() if not place.is_living}
