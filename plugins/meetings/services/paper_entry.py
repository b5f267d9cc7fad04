"""A whole meeting typed in later from paper, in one call: the same record the five steps make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core.checking import changes, missing, wanted_text
from core.errors import RuleBroken
from core.i18n import _
from core.work import Work

from .. import permissions
from ..models import AgendaItem, Meeting, Minutes
from .agenda import mark_material, put_on_agenda
from .figures import refresh_figures
from .following import give_task
from .guards import check_before, note, touch
from .holding import check_tick, freeze_roll, roll_lines
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
    day = day_of(work, record.started_at)
    agenda = list_items(work, meeting) if meeting is not None else []
    meeting = _meeting(work, record, meeting)
    lines = roll_lines(work, meeting, day)
    _mark_roll(lines, record)
    freeze_roll(work, meeting, lines)
    for name, role in record.visitors:
        add_visitor(work, meeting, name=name, role=role, is_superior=True)
    refresh_figures(work, meeting)
    items = _write_items(work, meeting, agenda, record.conclusions)
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
    held = {
        "held_on": day_of(work, record.started_at),
        "started_at": record.started_at,
        "ended_at": record.ended_at,
        "roll_opened_at": work.now,
        "roll_closed_at": work.now,
        "state": "minutes",
        "is_from_paper": True,
        "quality": record.quality.strip(),
    }
    if meeting is None:
        return new_meeting(work, facts, **held)
    check_before(meeting)
    if meeting.roll_opened_at is not None:
        raise RuleBroken(_("The roll of this meeting was opened already. Go on there."))
    values = plan_values(work, _kept_plan(meeting, facts), meeting)
    changes(meeting, values | held)
    return meeting


def _kept_plan(meeting: Meeting, facts: MeetingFacts) -> MeetingFacts:
    """Keep the planned time beside the real one."""
    return replace(facts, starts_at=meeting.starts_at, ends_at=meeting.ends_at)


def _mark_roll(lines: Sequence[dict[str, Any]], record: PaperRecord) -> None:
    """Mark everybody: those named as named, the others who had to attend as present."""
    known = {line["member_id"]: line for line in lines}
    here = set(record.temporary_present)
    unknown = (set(record.exceptions) | here) - set(known)
    if unknown or any(known[key]["group"] != "temporary" for key in here):
        raise missing("exceptions", _("This comrade is not on the roll of the meeting."))
    for key, line in known.items():
        mark, is_required = record.exceptions.get(key), line["is_required"]
        if mark is not None:
            reason = check_tick(line["printed_name"], mark, is_required=is_required)
            line.update(state=mark.state, reason=reason)
        elif is_required or key in here:
            line["state"] = "present"


def _write_items(
    work: Work,
    meeting: Meeting,
    agenda: Sequence[AgendaItem],
    conclusions: Sequence[ConclusionFacts],
) -> list[AgendaItem]:
    """Write what was discussed: into the planned items of the same title, else into new ones.

    Return the agenda as it is then. Planned items that the paper does not name were not
    discussed and are taken off.
    """
    planned = {item.title: item for item in agenda}
    new = [facts for facts in conclusions if facts.title.strip() not in planned]
    made = put_on_agenda(
        work,
        meeting,
        agenda,
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
    named = {facts.title.strip() for facts in conclusions}
    gone = [item for title, item in planned.items() if title not in named]
    for item in gone:
        work.session.delete(item)
    work.session.flush()
    items = [item for item in (*agenda, *made) if item not in gone]
    mark_material(meeting, items)
    return items


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
