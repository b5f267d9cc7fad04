"""Step 3 goes on: guests, item by item, the real times, the end of the meeting."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from core.checking import missing, wanted_text
from core.errors import NotFound, RuleBroken
from core.i18n import _
from core.work import Work

from .. import permissions
from ..models import HELD, AgendaItem, Meeting, Minutes, OversightAssignment, Visitor
from .figures import refresh_figures
from .guards import check_held, content_changed, note
from .minutes import begin_minutes
from .naming import day_of
from .shapes import Key

OLDEST = timedelta(days=36_500)


def add_visitor(
    work: Work,
    meeting: Meeting,
    *,
    name: str,
    role: str = "",
    is_superior: bool = False,
    was_announced: bool = True,
    assignment_id: Key | None = None,
) -> Visitor:
    """Add a guest; a superior assigned to the branch may come unannounced and it counts."""
    if meeting.state in ("not_held", "void"):
        raise RuleBroken(_("This meeting is not held. Prepare a new one."))
    if meeting.state == "closed":
        check_held(meeting)
    if assignment_id is not None:
        assignment = work.session.scalar(
            sa.select(OversightAssignment).where(
                OversightAssignment.id == assignment_id,
                OversightAssignment.unit_id == meeting.unit_id,
            )
        )
        if assignment is None:
            raise missing("assignment_id", _("Choose a comrade from the list."))
        name, role = name or assignment.official_name, role or assignment.role
    visitor = Visitor(
        meeting_id=meeting.id,
        name=wanted_text(name, "name", _("The guest has no name yet.")),
        role=role,
        is_superior=is_superior or assignment_id is not None,
        was_announced=was_announced,
        assignment_id=assignment_id,
    )
    work.session.add(visitor)
    _count(work, meeting)
    note(work, "guest_added", meeting, permissions.HOLD, after={"name": name, "role": role})
    return visitor


def remove_visitor(work: Work, meeting: Meeting, visitor_id: Key) -> None:
    """Take a guest off the list."""
    if meeting.state == "closed":
        check_held(meeting)
    visitor = work.session.scalar(
        sa.select(Visitor).where(Visitor.id == visitor_id, Visitor.meeting_id == meeting.id)
    )
    if visitor is None:
        raise NotFound(_("There is no such page, or this account may not see it."))
    work.session.delete(visitor)
    _count(work, meeting)
    note(work, "guest_removed", meeting, permissions.HOLD, before={"name": visitor.name})


def _count(work: Work, meeting: Meeting) -> None:
    if meeting.state in HELD:
        content_changed(work, meeting)
    if not meeting.is_amending:
        refresh_figures(work, meeting)


def start_item(work: Work, meeting: Meeting, item: AgendaItem) -> None:
    """Begin an item; its clock runs from here, a second tap does not set it back."""
    check_held(meeting)
    if item.started_at is None:
        item.started_at = work.now
        note(work, "item_started", meeting, permissions.HOLD, after={"title": item.title})


def conclude_item(
    work: Work,
    meeting: Meeting,
    item: AgendaItem,
    *,
    discussion: str = "",
    conclusion: str = "",
) -> None:
    """Conclude an item with the text of the minutes; concluding again corrects the text."""
    check_held(meeting)
    text = wanted_text(conclusion, "conclusion", _("The conclusion is still to be written."))
    before = {"conclusion": item.conclusion} if item.conclusion else None
    item.discussion, item.conclusion = discussion.strip(), text
    item.started_at = item.started_at or work.now
    item.concluded_at = item.concluded_at or work.now
    content_changed(work, meeting)
    note(
        work,
        "item_concluded",
        meeting,
        permissions.HOLD,
        before=before,
        after={"title": item.title, "conclusion": text},
    )


def check_times(work: Work, started_at: datetime, ended_at: datetime | None) -> None:
    """Refuse times that lie ahead, or that run backwards, or a meeting longer than a day."""
    if started_at > work.now:
        raise missing("started_at", _("The meeting cannot have begun in the future."))
    if work.now - started_at > OLDEST:
        raise missing("started_at", _("This day is too far back."))
    if ended_at is None:
        return
    if ended_at < started_at:
        raise missing("ended_at", _("The meeting cannot end before it begins."))
    if ended_at > work.now:
        raise missing("ended_at", _("The meeting cannot have ended in the future."))
    if (ended_at - started_at).total_seconds() > 86_400:
        raise missing("ended_at", _("A meeting does not last longer than a day. Check the times."))


def set_times(
    work: Work, meeting: Meeting, *, started_at: datetime, ended_at: datetime | None
) -> None:
    """Correct the real times; the day of the roll stays, because the roll was frozen for it."""
    check_held(meeting)
    check_times(work, started_at, ended_at)
    if day_of(work, started_at) != meeting.held_on:
        raise missing(
            "started_at", _("The roll was taken for another day. The time lies outside that day.")
        )
    before = {"started_at": meeting.started_at, "ended_at": meeting.ended_at}
    meeting.started_at, meeting.ended_at = started_at, ended_at
    content_changed(work, meeting)
    after = {"started_at": started_at, "ended_at": ended_at}
    note(work, "times", meeting, permissions.HOLD, before=before, after=after)


def end_meeting(work: Work, meeting: Meeting, *, at: datetime | None = None) -> Minutes:
    """End the meeting and begin its minutes; ending it again corrects the time."""
    check_held(meeting)
    ended_at = at or work.now
    started_at = meeting.started_at or ended_at
    check_times(work, started_at, ended_at)
    meeting.ended_at = ended_at
    if meeting.state == "holding":
        meeting.state = "minutes"
    note(work, "ended", meeting, permissions.HOLD, after={"ended_at": ended_at})
    return begin_minutes(work, meeting)
