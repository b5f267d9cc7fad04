"""The people that rows name, found all at once by the one rule of identity."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from core.chunks import chunked
from core.exchange.rows import Row
from core.i18n import _
from core.members.models import Affiliation
from core.members.services.matching import Identity, Match, match_members
from core.units.models import UnitAncestor
from core.units.places import Place, visible
from core.work import Work


def identity_of(row: Row, unit_id: uuid.UUID | None) -> Identity:
    """Return what a row says about a person."""
    born, precision = row.get("birth_date") or (None, "day")
    return Identity(
        card_no=row.get("card_no"),
        record_no=row.get("record_no"),
        full_name=row.get("full_name", ""),
        birth_date=born,
        birth_precision=precision,
        unit_id=unit_id,
    )


def named(row: Row) -> str:
    """Return how a row calls a person."""
    return str(row.get("full_name") or row.get("card_no") or row.get("record_no") or "")


def people_of(
    work: Work,
    rows: Sequence[Row],
    units: Mapping[str, Place],
    *,
    unit: str = "unit_code",
    below: bool = False,
) -> Mapping[int, Match]:
    """Return whom each row means, by the row's number; reject rows that mean nobody, or several.

    `units` are the rows' units by code (see `core.exchange.scope.units_of`). A person known by
    name and birth date only is or was a member there, or, with `below`, in a unit below it.
    """
    places = {row.number: units.get(row.get(unit, "")) for row in rows}
    wanted = [
        identity_of(row, place.id if (place := places[row.number]) and not below else None)
        for row in rows
    ]
    matches = dict(zip((row.number for row in rows), match_members(work, wanted), strict=True))
    by_name = [row for row in rows if below and not (row.get("card_no") or row.get("record_no"))]
    elsewhere = _elsewhere(work, by_name, matches, places)
    for row in rows:
        match = matches[row.number]
        if not named(row):
            row.reject("full_name", _("Name the person: by number, or by name and birth date."))
        elif match.problem:
            row.reject("full_name", match.problem)
        elif match.member_id is None or row.number in elsewhere:
            row.reject(
                "full_name",
                _(
                    "No member fits “%(name)s”. Import the member first, or correct the number.",
                    name=named(row),
                ),
            )
    return matches


def _elsewhere(
    work: Work,
    rows: Iterable[Row],
    matches: Mapping[int, Match],
    places: Mapping[int, Place | None],
) -> set[int]:
    """Return the numbers of rows whose person never was below the row's unit."""
    asked = {
        row.number: (matches[row.number].member_id, place.id)
        for row in rows
        if matches[row.number].member_id is not None and (place := places[row.number])
    }
    there: set[tuple[uuid.UUID | None, uuid.UUID]] = set()
    units = {unit_id for _member, unit_id in asked.values()}
    for chunk in chunked({member for member, _unit in asked.values()}):
        found = work.session.execute(
            sa.select(Affiliation.member_id, UnitAncestor.ancestor_id)
            .join(UnitAncestor, UnitAncestor.unit_id == Affiliation.unit_id)
            .where(
                Affiliation.member_id.in_(chunk),
                UnitAncestor.ancestor_id.in_(units),
                visible(UnitAncestor, work.generation),
            )
        )
        there.update((member_id, unit_id) for member_id, unit_id in found)
    return {number for number, pair in asked.items() if pair not in there}
