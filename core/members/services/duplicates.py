"""Finding records that may be of one person, for somebody to look at; nothing is merged alone."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.members import permissions
from core.members.models import Member
from core.scope import reached
from core.units.models import UnitScope
from core.units.places import visible
from core.work import Work


@dataclass(frozen=True, slots=True)
class Alike:
    """One of two records that look like the same person."""

    id: uuid.UUID
    full_name: str
    birth_date: date | None
    birth_precision: str
    unit_id: uuid.UUID
    status: str
    card_no: str | None
    record_no: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, and why they look alike: "name" (and birth date) or "number"."""

    one: Alike
    other: Alike
    reason: str


def find_duplicates(work: Work, limit: int = 50) -> Sequence[Pair]:
    """Find pairs in this unit and below, both seen by the actor: two statements, whatever the size.

    Alike are: the same record number; or the same folded name with the same birth date, or the
    same year of birth where one of them knows only the year and no card tells them apart.
    """
    one, other = Member, aliased(Member, name="other")
    by_number = sa.and_(one.record_no == other.record_no, one.record_no != "")
    pairs: dict[tuple[uuid.UUID, uuid.UUID], Pair] = {}
    for reason, condition in (("number", by_number), ("name", _same_person(one, other))):
        for row in work.session.execute(_pairs(work, other, condition, limit)):
            first, second = Alike(*row[:8]), Alike(*row[8:])
            pairs.setdefault((first.id, second.id), Pair(first, second, reason))
    return list(pairs.values())[:limit]


def _same_person(one: Any, other: Any) -> sa.ColumnElement[bool]:
    """The same folded name and, as far as it is known, the same birth date."""
    year = sa.extract("year", one.birth_date) == sa.extract("year", other.birth_date)
    only_year = sa.or_(one.birth_precision == "year", other.birth_precision == "year")
    told_apart = sa.and_(
        one.card_no.is_not(None), other.card_no.is_not(None), one.card_no != other.card_no
    )
    return sa.and_(
        one.search == other.search,
        sa.or_(one.birth_date == other.birth_date, sa.and_(year, only_year, sa.not_(told_apart))),
    )


def _pairs(work: Work, other: Any, condition: Any, limit: int) -> Any:
    """Pairs of living records below this unit; the session narrows the first of each pair."""
    here, there = aliased(UnitScope), aliased(UnitScope)
    statement = (
        sa.select(*_columns(Member), *_columns(other))
        .select_from(Member)
        .join(other, sa.and_(condition, Member.id < other.id))
        .join(here, sa.and_(here.unit_id == Member.unit_id, here.ancestor_id == work.unit.id))
        .join(there, sa.and_(there.unit_id == other.unit_id, there.ancestor_id == work.unit.id))
        .where(
            visible(here, work.generation),
            visible(there, work.generation),
            *(side.voided_at.is_(None) for side in (Member, other)),
            *(side.merged_into_id.is_(None) for side in (Member, other)),
        )
        .order_by(Member.sort_key, Member.id)
        .limit(limit)
    )
    seen = reached(work, permissions.SEE, other.unit_id)
    return statement if seen is None else statement.where(seen)


def _columns(side: Any) -> list[Any]:
    return [
        side.id,
        side.full_name,
        side.birth_date,
        side.birth_precision,
        side.unit_id,
        side.status,
        side.card_no,
        side.record_no,
    ]
