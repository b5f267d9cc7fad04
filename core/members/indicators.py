"""Figures about members and units: facts of one grouped statement each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import sqlalchemy as sa

from core.i18n import lazy
from core.indicators.registry import Asked, Indicator
from core.members.models import COUNTED, Affiliation, MemberStatus
from core.units.models import Unit, UnitVersion
from core.units.places import ROOT_CODE, valid_on, visible
from core.work import Work

TABLES = ("core_affiliation", "core_member_status")


def members(work: Work, asked: Asked) -> sa.Select[Any]:
    """Members by their home branch on a day: official, probationary and exempt."""
    found: sa.Select[Any] = _present(asked, COUNTED)
    return found


def official_members(work: Work, asked: Asked) -> sa.Select[Any]:
    """Official members, those exempt left out, by their home branch on a day."""
    found: sa.Select[Any] = _present(asked, ("official",))
    return found


def course_of_members(work: Work, asked: Sequence[Asked]) -> list[sa.Select[Any]]:
    """Members on several days, such as the ends of twelve months."""
    return _course(asked, COUNTED)


def course_of_official_members(work: Work, asked: Sequence[Asked]) -> list[sa.Select[Any]]:
    """Official members on several days."""
    return _course(asked, ("official",))


def _course(asked: Sequence[Asked], statuses: tuple[str, ...]) -> list[sa.Select[Any]]:
    """Count who is there on each of several days, in one pass over the spans of all."""
    days = [one.day for one in asked]
    both = (Affiliation, MemberStatus)
    columns = [
        sa.func.sum(sa.case((sa.and_(*(valid_on(one, day) for one in both)), 1), else_=0))
        for day in days
    ]
    within = [one.valid_from <= max(days) for one in both]
    within += [one.valid_to > min(days) for one in both]
    counted = (
        sa.select(
            Affiliation.unit_id.label("unit_id"),
            *(column.label(f"day_{number}") for number, column in enumerate(columns)),
        )
        .select_from(Affiliation)
        .join(MemberStatus, MemberStatus.member_id == Affiliation.member_id)
        .where(Affiliation.kind == "home", MemberStatus.status.in_(statuses), *within)
        .group_by(Affiliation.unit_id)
        .cte()
    )
    found = [counted.c[f"day_{number}"] for number in range(len(days))]
    return [sa.select(counted.c.unit_id, one.label("numerator")).where(one > 0) for one in found]


def _present(asked: Asked, statuses: tuple[str, ...]) -> Any:
    return (
        sa.select(Affiliation.unit_id.label("unit_id"), sa.func.count().label("numerator"))
        .select_from(Affiliation)
        .join(MemberStatus, MemberStatus.member_id == Affiliation.member_id)
        .where(
            Affiliation.kind == "home",
            valid_on(Affiliation, asked.day),
            valid_on(MemberStatus, asked.day),
            MemberStatus.status.in_(statuses),
        )
        .group_by(Affiliation.unit_id)
    )


def members_who_left(work: Work, asked: Asked) -> sa.Select[Any]:
    """Exits in a period, all reasons together, by the branch in which the person was last.

    Leaving ends the stay at home on the same day, so the two meet there.
    """
    found: Any = (
        sa.select(Affiliation.unit_id.label("unit_id"), sa.func.count().label("numerator"))
        .select_from(MemberStatus)
        .join(
            Affiliation,
            sa.and_(
                Affiliation.member_id == MemberStatus.member_id,
                Affiliation.kind == "home",
                Affiliation.valid_to == MemberStatus.valid_from,
            ),
        )
        .where(
            MemberStatus.status == "left",
            MemberStatus.valid_from >= asked.period.start,
            MemberStatus.valid_from < asked.period.end,
        )
        .group_by(Affiliation.unit_id)
    )
    return cast("sa.Select[Any]", found)


def units(work: Work, asked: Asked) -> sa.Select[Any]:
    """Units that are there on a day; the site's root is none."""
    found: sa.Select[Any] = _units(work, asked)
    return found


def branches(work: Work, asked: Asked) -> sa.Select[Any]:
    """Branches that are there on a day."""
    found: sa.Select[Any] = _units(work, asked).where(UnitVersion.kind == "branch")
    return found


def _units(work: Work, asked: Asked) -> Any:
    root = sa.select(Unit.id).where(Unit.code == ROOT_CODE).scalar_subquery()
    return sa.select(UnitVersion.unit_id.label("unit_id"), sa.literal(1).label("numerator")).where(
        valid_on(UnitVersion, asked.day),
        visible(UnitVersion, work.generation),
        UnitVersion.unit_id != root,
    )


indicators = [
    Indicator(
        "members.count",
        lazy("Members"),
        "count",
        members,
        stock=True,
        meaning=lazy("Official, probationary and exempt members by home branch."),
        course=course_of_members,
        tables=TABLES,
    ),
    Indicator(
        "members.official",
        lazy("Official members"),
        "count",
        official_members,
        stock=True,
        course=course_of_official_members,
        tables=TABLES,
    ),
    Indicator(
        "members.left",
        lazy("Members who left"),
        "count",
        members_who_left,
        meaning=lazy("Moved away, died, struck from the list, expelled or resigned."),
        tables=TABLES,
    ),
    Indicator("units.count", lazy("Party organisations"), "count", units, stock=True, tables=()),
    Indicator("units.branches", lazy("Branches"), "count", branches, stock=True, tables=()),
]
