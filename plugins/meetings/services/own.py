"""What is a member's own: announced meetings of their branches; who belongs here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.errors import NotFound
from core.i18n import _
from core.members.models import Affiliation
from core.scope import switched_on
from core.units.places import valid_on
from core.work import Work

from ..models import AgendaItem, Meeting
from .membership import expected
from .reading import list_items
from .shapes import Key, Person

SHOWN = ("announced", "postponed", "holding", "minutes", "closed")
OWN = "one's own meetings: of branches one belongs to, announced to everybody there"


def _own(work: Work, states: Sequence[str] = SHOWN) -> sa.Select[Any]:
    """Select the meetings of one's own branches that everybody there was told of."""
    mine = sa.exists().where(
        Affiliation.member_id == work.actor.member_id,
        Affiliation.unit_id == Meeting.unit_id,
        valid_on(Affiliation, work.today),
    )
    statement = sa.select(Meeting).where(
        mine, Meeting.kind != "committee", Meeting.round > 0, Meeting.state.in_(states)
    )
    on = switched_on(work, "meetings", Meeting.unit_id)
    return statement if on is None else statement.where(on)


def my_meetings(work: Work, limit: int = 12) -> list[Meeting]:
    """Return a member's own announced meetings of all their branches, the next first."""
    if work.actor.member_id is None:
        return []
    since = work.now - timedelta(days=400)
    rows = work.session.scalars(
        _own(work)
        .where(Meeting.starts_at >= since)
        .order_by(Meeting.starts_at.desc(), Meeting.id)
        .limit(limit)
        .execution_options(unscoped=OWN)
    ).all()
    coming = [meeting for meeting in rows if meeting.state in ("announced", "postponed", "holding")]
    return [*reversed(coming), *(meeting for meeting in rows if meeting not in coming)]


def own_meetings(work: Work, start: datetime, end: datetime) -> list[Meeting]:
    """Return one's own meetings in a span of instants, those that are not held too."""
    if work.actor.member_id is None:
        return []
    return list(
        work.session.scalars(
            _own(work, (*SHOWN, "not_held"))
            .where(Meeting.starts_at >= start, Meeting.starts_at < end)
            .order_by(Meeting.starts_at, Meeting.id)
            .limit(200)
            .execution_options(unscoped=OWN)
        )
    )


def access_my_meeting(work: Work, meeting_id: Key) -> tuple[Meeting, list[AgendaItem]]:
    """Return an announced meeting of one's own branch with its agenda, or NotFound."""
    meeting = None
    if work.actor.member_id is not None:
        meeting = work.session.scalar(
            _own(work)
            .where(Meeting.id == meeting_id, Meeting.unit_id == work.unit.id)
            .execution_options(unscoped=OWN)
        )
    if meeting is None:
        raise NotFound(_("There is no such page, or this account may not see it."))
    return meeting, list_items(work, meeting)


def people_here(work: Work, on: date | None = None) -> list[Person]:
    """Return who belongs to this unit on a day, in Vietnamese order: for choosing a person."""
    return expected(work, work.unit.id, on or work.today)
