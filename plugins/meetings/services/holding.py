"""Step 3, holding: who must attend, the frozen roll, ticks, quorum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.checking import missing
from core.errors import RuleBroken
from core.i18n import _
from core.rows import insert_rows
from core.work import Work

from .. import permissions
from ..models import CAME, Attendance, Meeting
from . import words
from .figures import refresh_figures
from .guards import check_held, content_changed, note, touch
from .membership import LEFT_OUT, expected
from .naming import day_of
from .quorum import quorum
from .shapes import Key, Quorum, Roll, RollLine, Tick


def open_roll(work: Work, meeting: Meeting, on: date | None = None) -> None:
    """Freeze who must attend from the membership of the meeting's day, and begin the meeting.

    Opening it again on the same page changes nothing.
    """
    if meeting.roll_opened_at is not None:
        return
    if meeting.state in ("not_held", "void"):
        raise RuleBroken(_("This meeting is not held. Prepare a new one."))
    day = on or (day_of(work, meeting.starts_at) if meeting.starts_at else work.today)
    if day > work.today:
        raise RuleBroken(
            _("The roll is taken on the day of the meeting. Change the day, or wait for it.")
        )
    freeze_roll(work, meeting, roll_lines(work, meeting, day))
    meeting.state = "holding"
    meeting.held_on = day
    meeting.started_at = meeting.started_at or _begin(work, meeting, day)
    touch(work, meeting)
    refresh_figures(work, meeting)
    note(work, "roll_opened", meeting, permissions.HOLD, after={"held_on": day})


def _begin(work: Work, meeting: Meeting, day: date) -> Any:
    """Return when the meeting began, as far as known: now on its day, else as planned."""
    if day == work.today or meeting.starts_at is None:
        return work.now
    return meeting.starts_at


def roll_lines(work: Work, meeting: Meeting, day: date) -> list[dict[str, Any]]:
    """Return a line for everybody who belongs to the unit on the day, not marked yet."""
    people = expected(work, meeting.unit_id, day)
    if not any(person.is_required for person in people):
        raise RuleBroken(
            _("No member of this unit had to attend on that day. Check the list of members first.")
        )
    return [
        {
            "meeting_id": meeting.id,
            "member_id": person.id,
            "printed_name": person.name,
            "sort_key": person.sort_key,
            "group": person.group,
            "status": person.status,
            "standing": person.standing,
            "is_required": person.is_required,
            "is_entitled": person.is_entitled,
            "state": None if person.is_required or person.group == "temporary" else LEFT_OUT,
            "reason": "",
        }
        for person in people
    ]


def freeze_roll(work: Work, meeting: Meeting, lines: Sequence[Mapping[str, Any]]) -> None:
    """Write the lines of the roll; from now on they stay, whoever comes or goes."""
    meeting.roll_opened_at = work.now
    work.session.flush()
    insert_rows(work.session, Attendance, lines)


def roll(work: Work, meeting: Meeting) -> Roll:
    """Return the roll in its groups with the quorum; before the day, who is expected to come."""
    if meeting.roll_opened_at is None:
        lines = _planned(work, meeting)
    else:
        rows = work.session.scalars(
            sa.select(Attendance)
            .select_from(Meeting)
            .join(Attendance, Attendance.meeting_id == Meeting.id)
            .where(Meeting.id == meeting.id)
            .order_by(Attendance.sort_key, Attendance.member_id)
        )
        lines = [line_of(row) for row in rows]
    home = [line for line in lines if line.group == "home"]
    return Roll(
        required=[line for line in home if line.is_required],
        not_required=[line for line in home if not line.is_required],
        temporary=[line for line in lines if line.group == "temporary"],
        unmarked=sum(line.is_required and line.state is None for line in lines),
        quorum=quorum(work, meeting),
    )


def _planned(work: Work, meeting: Meeting) -> list[RollLine]:
    day = day_of(work, meeting.starts_at) if meeting.starts_at else work.today
    return [
        RollLine(p.id, p.name, p.standing, p.group, p.is_required, p.is_entitled, None, "")
        for p in expected(work, meeting.unit_id, day)
    ]


def line_of(row: Attendance) -> RollLine:
    """Return a line of the roll as pages show it."""
    return RollLine(
        row.member_id,
        row.printed_name,
        row.standing,
        row.group,
        row.is_required,
        row.is_entitled,
        row.state,
        row.reason,
    )


def next_mark(line: RollLine) -> Tick:
    """Return what one more tap makes of a line: present, then without a mark again."""
    nothing = None if line.is_required or line.group == "temporary" else LEFT_OUT
    return Tick("present") if line.state == nothing else Tick(nothing)


def tick(work: Work, meeting: Meeting, member_id: Key, mark: Tick) -> RollLine:
    """Mark one person; others may mark at the same time."""
    rows, _changed = _mark(work, meeting, {member_id: mark})
    return line_of(rows[member_id])


def tick_many(work: Work, meeting: Meeting, marks: Mapping[Key, Tick]) -> int:
    """Mark many at once, as the page without script sends them; return how many changed."""
    _rows, changed = _mark(work, meeting, marks)
    return changed


def _mark(
    work: Work, meeting: Meeting, marks: Mapping[Key, Tick]
) -> tuple[dict[Key, Attendance], int]:
    """Write marks and the figures: five statements for any number of people."""
    check_held(meeting)
    rows: dict[Key, Attendance] = {
        row.member_id: row
        for row in work.session.scalars(
            sa.select(Attendance)
            .select_from(Meeting)
            .join(Attendance, Attendance.meeting_id == Meeting.id)
            .where(Meeting.id == meeting.id, Attendance.member_id.in_(list(marks)))
        )
    }
    if set(marks) - set(rows):
        raise missing("member_id", _("This comrade is not on the roll of the meeting."))
    before, after = {}, {}
    for member_id, mark in marks.items():
        row = rows[member_id]
        reason = check_tick(row.printed_name, mark, is_required=row.is_required)
        if (row.state, row.reason) != (mark.state, reason):
            before[str(member_id)] = [row.state, row.reason]
            after[str(member_id)] = [mark.state, reason]
            row.state, row.reason = mark.state, reason
    if after:
        if not meeting.is_amending:
            refresh_figures(work, meeting)
        if meeting.state != "holding":
            content_changed(work, meeting)
        note(work, "attendance", meeting, permissions.HOLD, before=before, after=after)
    return rows, len(after)


def check_tick(name: str, mark: Tick, *, is_required: bool) -> str:
    """Return the class of reason of a mark; refuse a mark that does not fit the person."""
    if mark.state == "excused":
        if mark.reason not in words.REASONS:
            raise missing("reason", _("Choose why %(name)s is excused.", name=name))
        return mark.reason
    if mark.state is not None and mark.state not in words.ATTENDANCE:
        raise missing("state", _("Choose one of the ways of attending."))
    if mark.state == "not_required" and is_required:
        raise missing(
            "state",
            _(
                "%(name)s has to attend: choose excused or absent instead.",
                name=name,
            ),
        )
    if mark.state == "absent" and not is_required:
        raise missing("state", _("%(name)s need not attend and cannot be absent.", name=name))
    return ""


def close_roll(work: Work, meeting: Meeting, *, others: str = "") -> Quorum:
    """Finish the roll; `others` (`present` or `absent`) marks whoever has no mark yet."""
    check_held(meeting)
    if others not in ("", "present", "absent"):
        raise missing("others", _("Choose one of the ways of attending."))
    if others:
        unmarked = sa.and_(
            Attendance.meeting_id == meeting.id,
            Attendance.is_required.is_(True),
            Attendance.state.is_(None),
        )
        work.session.execute(
            sa.update(Attendance)
            .where(unmarked)
            .values(state=others)
            .execution_options(synchronize_session="auto")
        )
        if not meeting.is_amending:
            refresh_figures(work, meeting)
    meeting.roll_closed_at = work.now
    touch(work, meeting)
    note(work, "roll_closed", meeting, permissions.HOLD, after={"others": others})
    return quorum(work, meeting)


__all__ = [
    "CAME",
    "check_tick",
    "close_roll",
    "expected",
    "freeze_roll",
    "line_of",
    "next_mark",
    "open_roll",
    "quorum",
    "roll",
    "roll_lines",
    "tick",
    "tick_many",
]
