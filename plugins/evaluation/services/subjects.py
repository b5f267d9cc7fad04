"""Whom a campaign evaluates: units, leaders and members below a unit, as they are today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

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
from core.units.places import chunked, valid_on, visible
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


def units_below(work: Work, unit_id: Key) -> list[UnitLine]:
    """Return the units strictly below one today; one statement."""
    below = subtree(work, unit_id, work.today)
    rows = work.session.execute(
        sa.select(*LINE, below.c.depth)
        .join(below, below.c.unit_id == UnitVersion.unit_id)
        .join(Unit, Unit.id == UnitVersion.unit_id)
        .where(
            valid_on(UnitVersion, work.today),
            visible(UnitVersion, work.generation),
            below.c.depth > 0,
        )
    )
    return [UnitLine(*row) for row in rows]


def leaders_of(work: Work, unit_id: Key, positions: Sequence[str]) -> list[Person]:
    """Return who holds a leading post below a unit today: one for each post."""
    below = subtree(work, unit_id, work.today)
    rows = work.session.execute(
        sa.select(Member.id, Position.unit_id, Member.full_name, Member.sort_key)
        .select_from(Position)
        .join(below, sa.and_(below.c.unit_id == Position.unit_id, below.c.depth > 0))
        .join(Member, Member.id == Position.member_id)
        .where(Position.position.in_(list(positions)), valid_on(Position, work.today))
        .distinct()
        .execution_options(unscoped=WHO)
    )
    return [Person(*row) for row in rows]


def members_below(
    work: Work, campaign: Campaign, member_ids: Iterable[Key] | None = None
) -> list[Person]:
    """Return the home members of a subtree today with whether they are rated and who to ask."""
    found: list[Any] = []
    statement = _members(work, campaign.unit_id)
    if member_ids is None:
        found.extend(work.session.execute(statement))
    else:
        for chunk in chunked(set(member_ids)):
            found.extend(work.session.execute(statement.where(Member.id.in_(chunk))))
    since = months_before(campaign.period_last, int(campaign.rules["former_unit_months"]))
    moved = [row.id for row in found if since < row.valid_from and row.valid_from != EVER]
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
        for row in found
    ]


def _members(work: Work, unit_id: Key) -> sa.Select[Any]:
    below = subtree(work, unit_id, work.today)
    suspended = sa.exists().where(
        MemberCondition.member_id == Member.id,
        MemberCondition.kind == "suspended",
        valid_on(MemberCondition, work.today),
    )
    statement: Any = (
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
        .join(below, below.c.unit_id == Affiliation.unit_id)
        .join(Member, Member.id == Affiliation.member_id)
        .join(
            MemberStatus,
            sa.and_(MemberStatus.member_id == Member.id, valid_on(MemberStatus, work.today)),
        )
        .where(
            Affiliation.kind == "home",
            valid_on(Affiliation, work.today),
            MemberStatus.status.in_(COUNTED),
            Member.voided_at.is_(None),
            Member.merged_into_id.is_(None),
        )
        .execution_options(unscoped=WHO)
    )
    return statement  # type: ignore[no-any-return]


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
