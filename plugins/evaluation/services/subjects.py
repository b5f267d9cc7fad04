"""Whom a campaign evaluates: units, leaders and members below a unit, as they are today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.members.models import (
    COUNTED,
    Affiliation,
    Member,
    MemberCondition,
    MemberStatus,
    Position,
)
from core.periods import EVER
from core.units.models import Unit, UnitAncestor, UnitVersion
from core.units.places import valid_on, visible
from core.units.tree import LINE, UnitLine, subtree
from core.work import Work

from ..models import Campaign
from .shapes import Key

WHO = "who is evaluated below a unit: the right to open the campaign was asked for there"


@dataclass(frozen=True, slots=True)
class Person:
    """A member to evaluate at a unit; `not_rated` says why not, `former_unit_id` who to ask."""

    id: Key
    unit_id: Key
    name: str
    sort_key: bytes
    not_rated: str = ""
    former_unit_id: Key | None = None


def units_below(work: Work, unit_id: Key, *, after: Key | None, limit: int) -> list[UnitLine]:
    """Return units strictly below one today, by key, those after one."""
    below = subtree(work, unit_id, work.today)
    statement = (
        sa.select(*LINE, below.c.depth)
        .join(below, below.c.unit_id == UnitVersion.unit_id)
        .join(Unit, Unit.id == UnitVersion.unit_id)
        .where(
            valid_on(UnitVersion, work.today),
            visible(UnitVersion, work.generation),
            below.c.depth > 0,
        )
        .order_by(UnitVersion.unit_id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(UnitVersion.unit_id > after)
    return [UnitLine(*row) for row in work.session.execute(statement)]


def count_units_below(work: Work, unit_id: Key) -> int:
    """Return how many units stand strictly below one today."""
    below = subtree(work, unit_id, work.today)
    statement = sa.select(sa.func.count()).select_from(below).where(below.c.depth > 0)
    return int(work.session.scalar(statement) or 0)


def leaders_at(work: Work, unit_ids: Sequence[Key], positions: Sequence[str]) -> list[Person]:
    """Return who holds a leading post at these units today: one for each post."""
    rows = work.session.execute(
        sa.select(Member.id, Position.unit_id, Member.full_name, Member.sort_key)
        .select_from(Position)
        .join(Member, Member.id == Position.member_id)
        .where(
            Position.unit_id.in_(unit_ids),
            Position.position.in_(list(positions)),
            valid_on(Position, work.today),
        )
        .distinct()
        .execution_options(unscoped=WHO)
    )
    return [Person(*row) for row in rows]


def members_at(work: Work, campaign: Campaign, unit_ids: Sequence[Key]) -> list[Person]:
    """Return the home members of units today with whether they are rated and who to ask."""
    statement = _members(work).where(Affiliation.unit_id.in_(unit_ids))
    return _people(work, campaign, list(work.session.execute(statement)))


def members_among(work: Work, campaign: Campaign, member_ids: Sequence[Key]) -> list[Person]:
    """Return those of some members who belong to the campaign's subtree today."""
    below = subtree(work, campaign.unit_id, work.today)
    statement = (
        _members(work)
        .join(below, below.c.unit_id == Affiliation.unit_id)
        .where(Member.id.in_(member_ids))
    )
    return _people(work, campaign, list(work.session.execute(statement)))


def _people(work: Work, campaign: Campaign, rows: Sequence[Any]) -> list[Person]:
    """Say of members whether they are rated, and whom to ask when they came lately."""
    since = months_before(campaign.period_last, int(campaign.rules["former_unit_months"]))
    moved = [row.id for row in rows if since < row.valid_from and row.valid_from != EVER]
    former = former_units(work, moved)
    return [
        Person(
            row.id,
            row.unit_id,
            row.full_name,
            row.sort_key,
            why_not_rated(campaign, row.status, row.admitted_on, suspended=row.suspended),
            former.get(row.id) if former.get(row.id) != row.unit_id else None,
        )
        for row in rows
    ]


def _members(work: Work) -> Any:
    suspended = sa.exists().where(
        MemberCondition.member_id == Member.id,
        MemberCondition.kind == "suspended",
        valid_on(MemberCondition, work.today),
    )
    standing = sa.and_(MemberStatus.member_id == Member.id, valid_on(MemberStatus, work.today))
    return (
        sa.select(
            Member.id,
            Affiliation.unit_id,
            Affiliation.valid_from,
            Member.full_name,
            Member.sort_key,
            Member.admitted_on,
            MemberStatus.status,
            suspended.label("suspended"),
        )
        .select_from(Affiliation)
        .join(Member, Member.id == Affiliation.member_id)
        .join(MemberStatus, standing)
        .where(
            Affiliation.kind == "home",
            valid_on(Affiliation, work.today),
            MemberStatus.status.in_(COUNTED),
            Member.voided_at.is_(None),
            Member.merged_into_id.is_(None),
        )
        .execution_options(unscoped=WHO)
    )


def former_units(work: Work, member_ids: Iterable[Key]) -> dict[Key, Key]:
    """Return the branch each of these members belonged to before, where it is still there."""
    now, before = sa.orm.aliased(Affiliation), sa.orm.aliased(Affiliation)
    found: dict[Key, Key] = {}
    for chunk in chunked(set(member_ids)):
        rows = work.session.execute(
            sa.select(before.member_id, before.unit_id)
            .join(
                now,
                sa.and_(
                    now.member_id == before.member_id,
                    now.valid_from == before.valid_to,
                    now.kind == "home",
                    valid_on(now, work.today),
                ),
            )
            .join(
                UnitAncestor,
                sa.and_(
                    UnitAncestor.unit_id == before.unit_id,
                    UnitAncestor.ancestor_id == before.unit_id,
                    valid_on(UnitAncestor, work.today),
                    visible(UnitAncestor, work.generation),
                ),
            )
            .where(before.member_id.in_(chunk), before.kind == "home")
        )
        found.update({row.member_id: row.unit_id for row in rows})
    return found


def why_not_rated(
    campaign: Campaign, status: str, admitted_on: date | None, *, suspended: bool
) -> str:
    """Say why a member is not rated, by the rules of the campaign; nothing when they are."""
    rules = campaign.rules
    if status in rules["statuses_not_rated"]:
        return status
    if suspended and "suspended" in rules["statuses_not_rated"]:
        return "suspended"
    since = months_before(campaign.period_last, int(rules["months_before_rated"]))
    if admitted_on is not None and admitted_on > since:
        return "new"
    return ""


def months_before(day: date, months: int) -> date:
    """Return the same day some months earlier; in shorter months the last day."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    return date(year, month + 1, 28)
