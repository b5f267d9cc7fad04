"""What the minutes still lack, each with the page that supplies it."""

from __future__ import annotations

import sqlalchemy as sa

from core.i18n import _, _n
from core.work import Work

from ..models import AgendaItem, Attendance, Meeting, Resolution, Vote
from .preparing import least_minutes
from .shapes import Gap

MOST_NAMES = 3


def gaps(work: Work, meeting: Meeting) -> list[Gap]:
    """Say what the minutes still lack before they can be locked; three statements."""
    return [
        *_times_and_people(meeting),
        *_roll(work, meeting),
        *_agenda(work, meeting),
        *_votes(work, meeting),
    ]


def _times_and_people(meeting: Meeting) -> list[Gap]:
    found = []
    if meeting.started_at is None:
        found.append(Gap(_("the time the meeting began"), "meetings.minutes", "started_at"))
    if meeting.ended_at is None:
        found.append(Gap(_("the time the meeting ended"), "meetings.minutes", "ended_at"))
    if not meeting.chair_name:
        found.append(Gap(_("who chaired the meeting"), "meetings.minutes", "chair_id"))
    if not meeting.clerk_name:
        found.append(Gap(_("who wrote the minutes"), "meetings.minutes", "clerk_id"))
    return found


def _roll(work: Work, meeting: Meeting) -> list[Gap]:
    """Name whoever must attend and has no mark."""
    names = list(
        work.session.scalars(
            sa.select(Attendance.printed_name)
            .where(
                Attendance.meeting_id == meeting.id,
                Attendance.is_required.is_(True),
                Attendance.state.is_(None),
            )
            .order_by(Attendance.sort_key)
        )
    )
    if not names:
        return []
    if len(names) <= MOST_NAMES:
        text = _("how %(names)s attended", names=", ".join(names))
    else:
        text = _n("how %(n)s comrade attended", "how %(n)s comrades attended", len(names))
    return [Gap(text, "meetings.hold", "attendance")]


def _agenda(work: Work, meeting: Meeting) -> list[Gap]:
    """Name items without a conclusion."""
    rows = list(
        work.session.execute(
            sa.select(AgendaItem.order, AgendaItem.title)
            .where(AgendaItem.meeting_id == meeting.id, AgendaItem.conclusion == "")
            .order_by(AgendaItem.order)
        )
    )
    return [
        Gap(_("the conclusion of “%(title)s”", title=title), "meetings.hold", "conclusion")
        for _order, title in rows[:MOST_NAMES]
    ] + _rest(len(rows))


def _rest(count: int) -> list[Gap]:
    if count <= MOST_NAMES:
        return []
    text = _("conclusions of %(n)s more items", n=count - MOST_NAMES)
    return [Gap(text, "meetings.hold", "conclusion")]


def _votes(work: Work, meeting: Meeting) -> list[Gap]:
    """Name failed votes without a decision on what follows."""
    rows = work.session.scalars(
        sa.select(Vote.question).where(
            Vote.meeting_id == meeting.id, Vote.is_passed.is_(False), Vote.what_next == ""
        )
    )
    return [
        Gap(_("what follows the failed vote on “%(title)s”", title=question), "meetings.hold", "")
        for question in rows
    ]


def remarks(work: Work, meeting: Meeting) -> list[str]:
    """Say what should be seen and does not keep the minutes from being locked: too short."""
    found = []
    if meeting.started_at is not None and meeting.ended_at is not None:
        length = int((meeting.ended_at - meeting.started_at).total_seconds() // 60)
        least = least_minutes(work, meeting)
        if meeting.kind == "branch" and length < least:
            found.append(
                _(
                    "The meeting took %(length)s minutes, the rule is at least %(least)s minutes.",
                    length=length,
                    least=least,
                )
            )
    has_resolution = work.session.scalar(
        sa.select(Resolution.id).where(
            Resolution.meeting_id == meeting.id, Resolution.unit_id == meeting.unit_id
        )
    )
    if meeting.is_thematic and has_resolution is None:
        found.append(_("A thematic meeting has no resolution or conclusion yet."))
    return found
