"""Step 2, announcing: who is told, by which way, late or in time; putting off, not holding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.checking import missing, wanted_text
from core.errors import RuleBroken
from core.i18n import _, _n, format_day
from core.settings import value
from core.units.places import valid_on
from core.work import Work

from .. import permissions
from ..models import Announcement, Meeting, OversightAssignment, Postponement, Told
from . import words
from .guards import check_before, note, touch
from .membership import expected
from .naming import day_of, local, message_text
from .preparing import what_is_missing
from .shapes import Key, Person, Preview, ToldLine
from .telling import tell_announced


def recipients(work: Work, meeting: Meeting) -> list[Person]:
    """Return who is told: everybody who belongs to the unit on the day, but those elsewhere."""
    day = day_of(work, meeting.starts_at) if meeting.starts_at else work.today
    people = expected(work, meeting.unit_id, day)
    return [one for one in people if one.standing not in ("elsewhere", "suspended")]


def followers(work: Work, meeting: Meeting) -> list[OversightAssignment]:
    """Return the superiors who follow the branch on the day; they are told too."""
    day = day_of(work, meeting.starts_at) if meeting.starts_at else work.today
    return list(
        work.session.scalars(
            sa.select(OversightAssignment)
            .where(
                OversightAssignment.unit_id == meeting.unit_id, valid_on(OversightAssignment, day)
            )
            .order_by(OversightAssignment.official_name)
        )
    )


def deadline(work: Work, meeting: Meeting) -> datetime | None:
    """Return until when the meeting is announced in time."""
    if meeting.starts_at is None:
        return None
    return meeting.starts_at - timedelta(days=int(value(work, "meetings.announce_days_before")))


def announcement_preview(work: Work, meeting: Meeting) -> Preview:
    """Show what would be sent, to whom, and whether it is late."""
    people = recipients(work, meeting)
    names = [one.official_name for one in followers(work, meeting)]
    until = deadline(work, meeting)
    left = meeting.starts_at - work.now if meeting.starts_at else timedelta(0)
    is_late = until is not None and work.now > until
    days = int(value(work, "meetings.announce_days_before"))
    hours = max(0, int(left.total_seconds() // 3600))
    return Preview(
        text=message_text(work, meeting) if meeting.starts_at else "",
        recipients=people,
        followers=names,
        is_late=is_late,
        hours_left=hours,
        days_before=days,
        question=_question(len(people), names) if not is_late else _late(hours, days),
        missing=what_is_missing(work, meeting),
    )


def _question(count: int, names: Sequence[str]) -> str:
    if not names:
        return _("Send the notice to %(n)s members?", n=count)
    return _(
        "Send the notice to %(n)s members and to %(names)s, who follows the branch?",
        n=count,
        names=", ".join(names),
    )


def _late(hours: int, days: int) -> str:
    return _(
        "%(hours)s hours are left until the meeting; the rule is to send the papers at least"
        " %(days)s day before. Send it anyway and note the reason?",
        hours=hours,
        days=days,
    )


def announce(work: Work, meeting: Meeting, *, late_reason: str = "") -> Announcement:
    """Announce a meeting to its members and the superior who follows it; late needs a reason."""
    check_before(meeting)
    if meeting.starts_at is None:
        raise missing("starts_at", _("The day and time are still to be chosen."))
    if meeting.starts_at <= work.now:
        raise RuleBroken(_("The time of the meeting has passed. Put it off, or open the roll."))
    _check_agreed(work, meeting)
    until = deadline(work, meeting)
    if until is not None and work.now > until and not late_reason.strip():
        raise missing("late_reason", _("The notice is late. Note the reason."))
    people = recipients(work, meeting)
    meeting.round += 1
    announcement = Announcement(
        meeting_id=meeting.id,
        round=meeting.round,
        sent_at=work.now,
        by=work.actor.label,
        starts_at=meeting.starts_at,
        place=meeting.place,
        late_reason=late_reason.strip(),
        recipients=len(people),
    )
    work.session.add(announcement)
    meeting.state, meeting.announced_at = "announced", work.now
    touch(work, meeting)
    work.session.flush()
    _tell_in_app(work, meeting, people)
    note(
        work,
        "announced",
        meeting,
        permissions.ANNOUNCE,
        after={"round": meeting.round, "recipients": len(people), "late_reason": late_reason},
    )
    return announcement


def _check_agreed(work: Work, meeting: Meeting) -> None:
    """The committee's view comes before the first notice, where the place wants it."""
    asks = meeting.kind == "branch" and bool(value(work, "meetings.committee_agrees"))
    if asks and meeting.agreed_on is None:
        raise RuleBroken(
            _("The branch committee has not agreed to the content yet. Note its view first.")
        )


def _tell_in_app(work: Work, meeting: Meeting, people: Sequence[Person]) -> None:
    """Send the notice, and note who sees it in the application."""
    superiors = [row.official_id for row in followers(work, meeting)]
    seen = tell_announced(work, meeting, [person.id for person in people], superiors)
    rows = [_told(work, meeting, key, "app") for key in sorted(seen)]
    if rows:
        work.session.execute(sa.insert(Told), rows)


def _told(work: Work, meeting: Meeting, member_id: Key, how: str) -> dict[str, Any]:
    return {
        "meeting_id": meeting.id,
        "round": meeting.round,
        "member_id": member_id,
        "how": how,
        "at": work.now,
        "by": work.actor.label,
    }


def list_announcements(work: Work, meeting: Meeting) -> list[Announcement]:
    """Return the rounds of announcements, newest first."""
    return list(
        work.session.scalars(
            sa.select(Announcement)
            .where(Announcement.meeting_id == meeting.id)
            .order_by(Announcement.round.desc())
        )
    )


def list_postponements(work: Work, meeting: Meeting) -> list[Postponement]:
    """Return how often the meeting was put off, newest first."""
    return list(
        work.session.scalars(
            sa.select(Postponement)
            .where(Postponement.meeting_id == meeting.id)
            .order_by(Postponement.at.desc(), Postponement.id.desc())
        )
    )


def told_lines(work: Work, meeting: Meeting) -> list[ToldLine]:
    """Return everybody who is to be told in this round, and by which way they were."""
    told = {
        row.member_id: row
        for row in work.session.scalars(
            sa.select(Told).where(Told.meeting_id == meeting.id, Told.round == meeting.round)
        )
    }
    lines = []
    for person in recipients(work, meeting):
        row = told.get(person.id)
        lines.append(
            ToldLine(person, row.how, row.at, row.by) if row else ToldLine(person, None, None)
        )
    return lines


def not_told_sentence(lines: Sequence[ToldLine]) -> str:
    """Say how many are still to be told; empty when everybody was."""
    count = sum(line.how is None for line in lines)
    if not count:
        return ""
    return _n("Still to be told: %(n)s comrade", "Still to be told: %(n)s comrades", count)


def mark_told(work: Work, meeting: Meeting, member_ids: Sequence[Key], how: str) -> int:
    """Note that members were told by a way; the first way of a round stays. Return how many."""
    if meeting.round == 0:
        raise RuleBroken(_("Send the notice first, then note who was told by which way."))
    if how not in words.TOLD:
        raise missing("how", _("Choose by which way the comrades were told."))
    wanted = set(member_ids)
    if wanted - {person.id for person in recipients(work, meeting)}:
        raise missing("member_ids", _("Choose a comrade from the list."))
    done = set(
        work.session.scalars(
            sa.select(Told.member_id).where(
                Told.meeting_id == meeting.id, Told.round == meeting.round
            )
        )
    )
    rows = [_told(work, meeting, key, how) for key in sorted(wanted - done)]
    if rows:
        work.session.execute(sa.insert(Told), rows)
        note(work, "told", meeting, permissions.ANNOUNCE, after={"how": how, "count": len(rows)})
    return len(rows)


def mark_posted(work: Work, meeting: Meeting, on: date) -> None:
    """Note the day the meeting was posted on the national handbook's application."""
    rounds = list_announcements(work, meeting)
    if not rounds:
        raise RuleBroken(_("Send the notice first, then note who was told by which way."))
    if on > work.today:
        raise missing("on", _("This day is still to come."))
    rounds[0].posted_on = on
    note(work, "posted", meeting, permissions.ANNOUNCE, after={"on": format_day(on)})


def postpone(work: Work, meeting: Meeting, *, to_at: datetime | None, reason: str) -> None:
    """Put a meeting off; the agenda stays, everybody is told again, and it is not “not held”."""
    check_before(meeting)
    text = wanted_text(reason, "reason", _("Note why the meeting is put off."))
    if to_at is not None and to_at <= work.now:
        raise missing("to_at", _("Choose a time that is still to come."))
    if to_at is not None and to_at == meeting.starts_at:
        raise missing("to_at", _("This is the time that was planned already."))
    work.session.add(
        Postponement(
            meeting_id=meeting.id,
            from_at=meeting.starts_at,
            to_at=to_at,
            reason=text,
            at=work.now,
            by=work.actor.label,
        )
    )
    before = {"starts_at": meeting.starts_at}
    _move_plan(meeting, to_at)
    meeting.state = "postponed"
    touch(work, meeting)
    after = {"starts_at": to_at, "reason": text}
    note(work, "postponed", meeting, permissions.ANNOUNCE, before=before, after=after)


def _move_plan(meeting: Meeting, to_at: datetime | None) -> None:
    length = meeting.ends_at - meeting.starts_at if meeting.ends_at and meeting.starts_at else None
    meeting.starts_at = to_at
    meeting.ends_at = to_at + length if to_at and length else None


def cancel(work: Work, meeting: Meeting, *, reason: str) -> None:
    """Note that a meeting is not held, and why; another one may be prepared for the month."""
    check_before(meeting)
    text = wanted_text(reason, "reason", _("Note why the meeting is not held."))
    before = {"state": meeting.state}
    meeting.state, meeting.not_held_reason = "not_held", text
    touch(work, meeting)
    note(work, "not_held", meeting, permissions.ANNOUNCE, before=before, after={"reason": text})


def discard(work: Work, meeting: Meeting) -> None:
    """Void a meeting made by mistake that nobody was told of."""
    check_before(meeting)
    if meeting.round:
        raise RuleBroken(
            _("Members were told of this meeting. Put it off, or note that it is not held.")
        )
    meeting.state = "void"
    touch(work, meeting)
    note(work, "voided", meeting, permissions.PREPARE)


def local_day(work: Work, meeting: Meeting) -> date | None:
    """Return the planned day on the site's clock."""
    return local(work, meeting.starts_at).date() if meeting.starts_at else None
