"""A whole meeting typed in later from paper, in one call: the same record the five steps make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from core.checking import changes, missing, wanted_text
from core.errors import RuleBroken
from core.i18n import _
from core.work import Work

from .. import permissions
from ..models import AgendaItem, Attendance, Meeting, Minutes
from .agenda import add_proposals, mark_material
from .figures import refresh_figures
from .following import give_task
from .guards import check_before, note, touch
from .holding import check_tick, freeze_roll
from .minutes import adopt_minutes, begin_minutes, lock_minutes, note_signed_paper
from .naming import day_of
from .preparing import check_facts, new_meeting, plan_values
from .proceeding import add_visitor, check_times
from .reading import list_items
from .resolving import make_resolution
from .shapes import ConclusionFacts, MeetingFacts, PaperRecord, Proposal, ResolutionFacts


def enter_from_paper(work: Work, record: PaperRecord, *, meeting: Meeting | None = None) -> Meeting:
    """Enter a meeting from its paper minutes, with the real times.

    `meeting` is the planned one, when there is one: its agenda stays and takes the conclusions.
    Everybody who had to attend and is not named was present. The minutes wait to be confirmed, or
    are ready to be locked when the day the paper was signed is known.
    """
    _check_record(work, record)
    meeting = _meeting(work, record, meeting)
    day = day_of(work, record.started_at)
    freeze_roll(work, meeting, day)
    meeting.held_on, meeting.roll_closed_at = day, work.now
    meeting.started_at, meeting.ended_at = record.started_at, record.ended_at
    meeting.state, meeting.is_from_paper = "minutes", True
    meeting.quality = record.quality.strip()
    _mark_roll(work, meeting, record)
    for name, role in record.visitors:
        add_visitor(work, meeting, name=name, role=role, is_superior=True)
    refresh_figures(work, meeting)
    items = _write_items(work, meeting, record.conclusions)
    begin_minutes(work, meeting)
    for resolution in record.resolutions:
        make_resolution(work, meeting, _item_of(items, resolution), resolution)
    for task in record.tasks:
        give_task(work, task, meeting=meeting)
    _adopt(work, meeting, record)
    touch(work, meeting)
    note(work, "entered_from_paper", meeting, permissions.ENTER, after={"held_on": day})
    return meeting


def note_signed_from_paper(work: Work, meeting: Meeting, **signed: Any) -> Minutes:
    """Note the signed paper of minutes typed in from it, by whoever may type in for the branch."""
    if not meeting.is_from_paper or meeting.state != "minutes":
        raise RuleBroken(_("Only open minutes that were entered from paper are completed here."))
    return note_signed_paper(work, meeting, **signed, permission=permissions.ENTER)


def lock_from_paper(work: Work, meeting: Meeting) -> Minutes:
    """Lock minutes typed in from paper that is signed, by whoever may type in for the branch."""
    if not meeting.is_from_paper or begin_minutes(work, meeting).signed_on is None:
        raise RuleBroken(
            _(
                "Only minutes entered from a signed paper are locked here;"
                " note the day it was signed."
            )
        )
    return lock_minutes(work, meeting, permission=permissions.ENTER)


def _check_record(work: Work, record: PaperRecord) -> None:
    check_facts(work, record.meeting)
    check_times(work, record.started_at, record.ended_at)
    if not record.conclusions:
        raise missing("conclusions", _("At least one item with its conclusion is needed."))


def _meeting(work: Work, record: PaperRecord, meeting: Meeting | None) -> Meeting:
    """Return the meeting the record belongs to: the planned one, or a new one."""
    facts = replace(record.meeting, starts_at=None, ends_at=None)
    if meeting is None:
        return new_meeting(work, facts)
    check_before(meeting)
    if meeting.roll_opened_at is not None:
        raise RuleBroken(_("The roll of this meeting was opened already. Go on there."))
    values = plan_values(work, _kept_plan(meeting, facts), meeting)
    changes(meeting, values)
    return meeting


def _kept_plan(meeting: Meeting, facts: MeetingFacts) -> MeetingFacts:
    """Keep the planned time beside the real one."""
    return replace(facts, starts_at=meeting.starts_at, ends_at=meeting.ends_at)


def _mark_roll(work: Work, meeting: Meeting, record: PaperRecord) -> None:
    """Mark everybody: those named as named, the others who had to attend as present."""
    rows = work.session.scalars(
        sa.select(Attendance).where(Attendance.meeting_id == meeting.id)
    ).all()
    known = {row.member_id: row for row in rows}
    here = set(record.temporary_present)
    unknown = (set(record.exceptions) | here) - set(known)
    if unknown or any(known[key].group != "temporary" for key in here):
        raise missing("exceptions", _("This comrade is not on the roll of the meeting."))
    for row in rows:
        mark = record.exceptions.get(row.member_id)
        if mark is not None:
            row.reason = check_tick(row, mark)
            row.state = mark.state
        elif row.is_required or row.member_id in here:
            row.state = "present"


def _write_items(
    work: Work, meeting: Meeting, conclusions: Sequence[ConclusionFacts]
) -> list[AgendaItem]:
    """Write what was discussed: into the planned items of the same title, else into new ones."""
    planned = {item.title: item for item in list_items(work, meeting)}
    new = [facts for facts in conclusions if facts.title.strip() not in planned]
    made = add_proposals(
        work,
        meeting,
        [
            Proposal(
                title=wanted_text(facts.title, "conclusions", _("The item has no title yet.")),
                minutes=0,
                origin=facts.origin,
                reason="",
                origin_id=facts.origin_id,
            )
            for facts in new
        ],
    )
    by_title = planned | {item.title: item for item in made}
    for facts in conclusions:
        item = by_title[facts.title.strip()]
        item.discussion, item.conclusion = facts.discussion.strip(), facts.conclusion.strip()
        item.started_at, item.concluded_at = meeting.started_at, meeting.ended_at
    _drop_untouched(work, meeting, planned, conclusions)
    work.session.flush()
    return list_items(work, meeting)


def _drop_untouched(
    work: Work,
    meeting: Meeting,
    planned: dict[str, AgendaItem],
    conclusions: Sequence[ConclusionFacts],
) -> None:
    """Take planned items off that the paper does not name: they were not discussed."""
    named = {facts.title.strip() for facts in conclusions}
    gone = [item for title, item in planned.items() if title not in named]
    for item in gone:
        work.session.delete(item)
    if gone:
        work.session.flush()
        mark_material(meeting, list_items(work, meeting))


def _item_of(items: Sequence[AgendaItem], resolution: ResolutionFacts) -> AgendaItem | None:
    """Return the item a resolution belongs to: the one of its title, else none."""
    return next((item for item in items if item.title == resolution.title), None)


def _adopt(work: Work, meeting: Meeting, record: PaperRecord) -> None:
    """Note adoption and the signed paper, as far as they are known."""
    if record.adopted_present is not None:
        in_favour = record.adopted_in_favour
        adopt_minutes(
            work,
            meeting,
            in_favour=record.adopted_present if in_favour is None else in_favour,
            present=record.adopted_present,
        )
    if record.signed_on is not None:
        note_signed_paper(
            work,
            meeting,
            signed_on=record.signed_on,
            book_no=record.book_no,
            page_no=record.page_no,
        )
