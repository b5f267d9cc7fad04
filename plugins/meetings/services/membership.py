"""Who belongs on the roll of a meeting, from the dated membership: one day or many meetings."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.members.models import COUNTED, Affiliation, Member, MemberCondition, MemberStatus
from core.settings import value
from core.units.places import Place, valid_on
from core.work import Work

from ..models import Meeting
from .shapes import Key, Person

REQUIRED = ("official", "probationary")
LEFT_OUT = "not_required"
ROLL = "the roll of a meeting: who belongs to the unit, wherever the home of a guest is"


def expected(work: Work, unit_id: Key, on: date) -> list[Person]:
    """Return who belongs on the roll of a unit on a day, in Vietnamese order.

    Home members who are official or probationary must attend, unless they are exempt, take part
    elsewhere for a time, or a condition of the settings holds. One statement.
    """
    rules = _Rules(work, None, on)
    rows = work.session.execute(_of_unit(), {"unit": unit_id, "day": on})
    return [rules.person(row) for row in rows]


def standings_of(
    work: Work, meetings: Mapping[Key, tuple[Place, date]], member_ids: Iterable[Key]
) -> dict[tuple[Key, Key], Person]:
    """Return as what members stood on the day of each meeting; a statement a chunk of meetings."""
    found: dict[tuple[Key, Key], Person] = {}
    wanted = set(member_ids)
    rules = {key: _Rules(work, place, day) for key, (place, day) in meetings.items()}
    for chunk in chunked(meetings):
        statement = _membership(Meeting.unit_id, Meeting.held_on, Meeting.id.label("meeting_id"))
        for row in work.session.execute(statement.where(Meeting.id.in_(chunk))):
            if row.id in wanted:
                found[(row.meeting_id, row.id)] = rules[row.meeting_id].person(row)
    return found


class _Rules:
    """What a place decides about who must attend and who votes, on a day."""

    def __init__(self, work: Work, place: Place | None, on: date) -> None:
        self._lifted = set(value(work, "meetings.conditions_not_required", place, on) or ())
        self._counts = bool(value(work, "meetings.temporary_members_count", place, on))
        self._votes = bool(value(work, "meetings.temporary_members_vote", place, on))

    def person(self, row: Any) -> Person:
        """Make a person of a row of the membership."""
        standing, home = self._standing(row), row.kind == "home"
        return Person(
            id=row.id,
            name=row.full_name,
            standing=standing,
            group=row.kind,
            is_required=standing in REQUIRED and (home or self._counts),
            is_entitled=standing == "official" and (home or self._votes),
            sort_key=row.sort_key,
            status=row.status,
        )

    def _standing(self, row: Any) -> str:
        """Say as what somebody stands on the roll."""
        if row.suspended and "suspended" in self._lifted:
            return "suspended"
        if row.elsewhere and row.kind == "home":
            return "elsewhere"
        if row.status == "exempt":
            return "exempt"
        if (row.excused and "excused" in self._lifted) or (row.away and "away" in self._lifted):
            return "excused"
        return str(row.status)


def _membership(unit_id: uuid.UUID | Any, on: date | Any, *more: Any) -> Any:
    """Select who belongs to a unit on a day, at home or for a time, with what lifts the duty.

    Unit and day may be columns of meetings; then the meetings are joined in.
    """
    belongs = sa.and_(Affiliation.unit_id == unit_id, valid_on(Affiliation, on))
    statement: Any = sa.select(
        Member.id,
        Member.full_name,
        Member.sort_key,
        Affiliation.kind,
        MemberStatus.status,
        _elsewhere(unit_id, on).label("elsewhere"),
        *(_holds(kind, on).label(kind) for kind in ("suspended", "excused", "away")),
        *more,
    ).select_from(Affiliation)
    statement = statement.join(Meeting, belongs) if more else statement.where(belongs)
    return (
        statement.join(Member, Member.id == Affiliation.member_id)
        .join(
            MemberStatus, sa.and_(MemberStatus.member_id == Member.id, valid_on(MemberStatus, on))
        )
        .where(
            MemberStatus.status.in_(COUNTED),
            Member.voided_at.is_(None),
            Member.merged_into_id.is_(None),
        )
        .order_by(Affiliation.kind, Member.sort_key, Member.id)
        .execution_options(unscoped=ROLL)
    )


@functools.cache
def _of_unit() -> Any:
    """Return the membership of one unit on a day; building it takes as long as asking."""
    return _membership(sa.bindparam("unit"), sa.bindparam("day", type_=sa.Date()))


def _elsewhere(unit_id: Any, on: Any) -> sa.Exists:
    """Condition: the member takes part in another unit for a time."""
    other = sa.orm.aliased(Affiliation)
    return sa.exists().where(
        other.member_id == Member.id,
        other.kind == "temporary",
        other.unit_id != unit_id,
        valid_on(other, on),
    )


def _holds(kind: str, on: Any) -> sa.Exists:
    """Condition: the member is under a condition on the day."""
    condition = sa.orm.aliased(MemberCondition)
    return sa.exists().where(
        condition.member_id == Member.id, condition.kind == kind, valid_on(condition, on)
    )
