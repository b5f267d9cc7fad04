"""What must be true before a meeting is changed, and the line each change leaves in the ledger."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.checking import missing
from core.errors import RuleBroken
from core.i18n import _
from core.members.models import Affiliation, Member
from core.work import Work

from ..models import BEFORE, HELD, Meeting, Minutes
from .naming import title_of

FIRST_YEAR, LAST_YEAR = 1930, 2200


def check_before(meeting: Meeting) -> None:
    """Refuse to change the plan of a meeting that was held, or that is not held at all."""
    if meeting.state in HELD:
        raise RuleBroken(_("This meeting has begun. Its plan cannot be changed any more."))
    if meeting.state not in BEFORE:
        raise RuleBroken(_("This meeting is not held. Prepare a new one."))


def check_held(meeting: Meeting) -> None:
    """Refuse what belongs to a meeting in progress or to its open minutes."""
    if meeting.state in BEFORE:
        raise RuleBroken(_("The meeting has not begun. Open the roll first."))
    if meeting.state not in HELD:
        raise RuleBroken(_("This meeting is not held. Prepare a new one."))
    if meeting.state == "closed" and not meeting.is_amending:
        raise RuleBroken(_("The minutes are locked. To change them, make an amended version."))


def check_not_locked(meeting: Meeting) -> None:
    """Refuse to change an agenda once the minutes are locked, or the meeting is not held."""
    if meeting.state in BEFORE:
        return
    check_held(meeting)


def sound_month(month: date) -> date:
    """Return the first day of a month; refuse one in which no branch ever met."""
    if not FIRST_YEAR <= month.year <= LAST_YEAR:
        raise missing("month", _("The month is not right. Write month/year, for example 11/2026."))
    return month.replace(day=1)


def names_of(
    work: Work, member_ids: set[uuid.UUID | None], field: str, unit_id: uuid.UUID | None = None
) -> dict[Any, str]:
    """Return the names to be printed of members who belong, or belonged, to the unit.

    Somebody unknown, or of another unit, is refused at the field.
    """
    wanted = {member_id for member_id in member_ids if member_id is not None}
    if not wanted:
        return {}
    here = sa.exists().where(
        Affiliation.member_id == Member.id, Affiliation.unit_id == (unit_id or work.unit.id)
    )
    rows = work.session.execute(
        sa.select(Member.id, Member.full_name)
        .where(Member.id.in_(wanted), Member.voided_at.is_(None), here)
        .execution_options(unscoped="names printed in a meeting, of those who belong here")
    )
    found = {row.id: row.full_name for row in rows}
    if wanted - set(found):
        raise missing(field, _("Choose a comrade from the list."))
    return found


def touch(work: Work, meeting: Meeting) -> None:
    """Make others who work on the same meeting notice the change."""
    meeting.changed_at = work.now


def content_changed(work: Work, meeting: Meeting) -> None:
    """Take back that the minutes were adopted and confirmed: they no longer say the same.

    Nothing happens while the meeting is still going on.
    """
    touch(work, meeting)
    if meeting.state == "holding":
        return
    work.session.execute(
        sa.update(Minutes)
        .where(Minutes.meeting_id == meeting.id, Minutes.state.in_(("adopted", "confirmed")))
        .values(
            state="draft",
            read_out_at=None,
            adopted_present=None,
            adopted_in_favour=None,
            clerk_confirmed_at=None,
            clerk_confirmed_by="",
            chair_confirmed_at=None,
            chair_confirmed_by="",
        )
        .execution_options(synchronize_session="auto")
    )


def note(
    work: Work,
    action: str,
    meeting: Meeting,
    permission: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Record an act on a meeting."""
    about = ledger.About("meeting", meeting.id, title_of(meeting), meeting.unit_id)
    ledger.record(
        work, f"meetings.{action}", about, before=before, after=after, permission=permission
    )
