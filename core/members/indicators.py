"""Figures about members and units: facts of one grouped statement each."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa

from core.i18n import lazy
from core.indicators.registry import Asked, Indicator
from core.members.models import COUNTED, Affiliation, MemberStatus
from core.units.models import Unit, UnitVersion
from core.units.places import ROOT_CODE, valid_on, visible
from core.work import Work


def members(work: Work, asked: Asked) -> sa.Select[Any]:
    """Members by their home branch on a day: official, probationary and exempt."""
    found: sa.Select[Any] = _present(asked, COUNTED)
    return found


def official_members(work: Work, asked: Asked) -> sa.Select[Any]:
    """Official members, those exempt left out, by their home branch on a day."""
    found: sa.Select[Any] = _present(asked, ("official",))
    return found


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
    ),
    Indicator("members.official", lazy("Official members"), "count", official_members, stock=True),
    Indicator(
        "members.left",
        lazy("Members who left"),
        "count",
        members_who_left,
        meaning=lazy("Moved away, died, struck from the list, expelled or resigned."),
    ),
    Indicator("units.count", lazy("Party organisations"), "count", units, stock=True),
    Indicator("units.branches", lazy("Branches"), "count", branches, stock=True),
]
