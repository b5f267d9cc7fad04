"""Step 1, preparing: the plan, what it still lacks, the committee's view."""

from __future__ import annotations

import calendar
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from core.checking import changes, missing
from core.errors import RuleBroken
from core.i18n import _, format_month
from core.names import search_key
from core.periods import month_of
from core.settings import value
from core.work import Work

from .. import permissions
from ..models import KINDS, MODES, AgendaItem, Meeting
from .agenda import MOST_ITEMS, add_proposals, propose_agenda
from .guards import check_before, names_of, note, sound_month, touch
from .naming import day_of
from .reading import list_items
from .shapes import MeetingFacts
from .telling import tell_committee

FARTHEST = timedelta(days=400)


def propose_facts(work: Work, month: date | None = None) -> MeetingFacts:
    """Propose the next regular meeting: day, time and room from the settings.

    Without a month, the first from this one on that has no regular meeting yet.
    """
    first = sound_month(month or _next_month(work))
    day = int(value(work, "meetings.meeting_day", on=first))
    last = calendar.monthrange(first.year, first.month)[1]
    clock = time.fromisoformat(str(value(work, "meetings.meeting_time", on=first)))
    starts_at = datetime.combine(first.replace(day=min(day, last)), clock, work.host.zone)
    minutes = int(value(work, "meetings.minimum_minutes", on=first))
    return MeetingFacts(
        for_month=first,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        place=str(value(work, "meetings.meeting_place", on=first)),
    )


def _next_month(work: Work) -> date:
    """Return the first month from this one on that has no regular meeting."""
    this = work.today.replace(day=1)
    taken = set(
        work.session.scalars(
            sa.select(Meeting.for_month).where(
                Meeting.unit_id == work.unit.id,
                Meeting.kind == "branch",
                Meeting.is_regular.is_(True),
                Meeting.for_month >= this,
                Meeting.state.not_in(("not_held", "void")),
            )
        )
    )
    while this in taken:
        this = month_of(this).end
    return this


def schedule_meeting(work: Work, facts: MeetingFacts, *, with_agenda: bool = True) -> Meeting:
    """Schedule a meeting of this unit, with the proposed agenda."""
    if facts.starts_at is not None and facts.starts_at <= work.now:
        raise missing(
            "starts_at",
            _("This time has passed. For a meeting already held, enter it from paper."),
        )
    meeting = new_meeting(work, facts)
    if with_agenda:
        # What does not fit stays proposed on the page.
        add_proposals(work, meeting, propose_agenda(work, meeting)[:MOST_ITEMS])
    note(work, "scheduled", meeting, permissions.PREPARE, after=asdict(facts))
    return meeting


def new_meeting(work: Work, facts: MeetingFacts, **held: Any) -> Meeting:
    """Make a meeting from facts that were checked; nothing is recorded yet.

    `held` are more of its columns, of one that was held already.
    """
    if work.unit.kind not in ("branch", "group") and facts.kind in ("branch", "group"):
        raise RuleBroken(_("Meetings of this kind are held in branches. Choose the branch first."))
    values = plan_values(work, facts)
    meeting = Meeting(
        unit_id=work.unit.id,
        created_at=work.now,
        created_by=work.actor.label,
        changed_at=work.now,
        **values,
        **held,
    )
    work.session.add(meeting)
    work.session.flush()
    return meeting


def plan_values(work: Work, facts: MeetingFacts, own: Meeting | None = None) -> dict[str, object]:
    """Check facts and return them as the columns of a meeting."""
    check_facts(work, facts)
    _check_free(work, facts, own)
    names = names_of(work, {facts.chair_id, facts.clerk_id}, "chair_id")
    values = asdict(facts)
    values["for_month"] = facts.for_month.replace(day=1)
    values["theme"] = facts.theme if facts.is_thematic else ""
    values["search"] = search_key(f"{facts.title} {facts.theme}")[:300]
    values["is_regular"] = facts.is_regular and facts.kind == "branch"
    values["is_thematic"] = facts.is_thematic and facts.kind == "branch"
    values["chair_name"] = names.get(facts.chair_id, "")
    values["clerk_name"] = names.get(facts.clerk_id, "")
    if facts.mode != "onsite" and not facts.approval_no:
        values["approval_no"] = str(value(work, "meetings.online_approval_no"))
    return values


def check_facts(work: Work, facts: MeetingFacts) -> None:
    """Refuse facts that contradict each other or the rules of the place."""
    if facts.kind not in KINDS or facts.mode not in MODES:
        raise missing("kind", _("Choose one of the kinds of meeting."))
    if facts.kind == "branch" and not (facts.is_regular or facts.is_thematic):
        raise missing(
            "is_regular", _("A branch meeting is regular, thematic, or both. Choose at least one.")
        )
    if facts.kind == "branch" and facts.is_thematic and not facts.theme.strip():
        raise missing("theme", _("The theme is still to be written."))
    if facts.mode != "onsite" and not value(work, "meetings.online_allowed"):
        raise missing("mode", _("Meetings may not be held online here. Choose on site."))
    sound_month(facts.for_month)
    if facts.starts_at and facts.ends_at and facts.ends_at <= facts.starts_at:
        raise missing("ends_at", _("The meeting cannot end before it begins."))
    if facts.for_month - work.today > FARTHEST:
        raise missing("for_month", _("This month is too far ahead."))
    if facts.starts_at and facts.starts_at - work.now > FARTHEST:
        raise missing("starts_at", _("This day is too far ahead."))


def _check_free(work: Work, facts: MeetingFacts, own: Meeting | None = None) -> None:
    """Refuse a second regular meeting of one month."""
    if facts.kind != "branch" or not facts.is_regular:
        return
    month = facts.for_month.replace(day=1)
    statement = sa.select(Meeting.id).where(
        Meeting.unit_id == work.unit.id,
        Meeting.for_month == month,
        Meeting.kind == "branch",
        Meeting.is_regular.is_(True),
        Meeting.state.not_in(("not_held", "void")),
    )
    if own is not None:
        statement = statement.where(Meeting.id != own.id)
    if work.session.scalar(statement) is not None:
        sentence = _(
            "The branch already has a regular meeting for %(month)s. Open that one.",
            month=format_month(month),
        )
        raise RuleBroken(sentence, fields={"for_month": [sentence]})


def change_meeting(work: Work, meeting: Meeting, facts: MeetingFacts) -> Meeting:
    """Change the plan of a meeting that is not held yet; a new time is told by putting it off."""
    check_before(meeting)
    values = plan_values(work, facts, meeting)
    if meeting.round and values["starts_at"] != meeting.starts_at:
        raise missing(
            "starts_at",
            _("Everybody was told of this time. To change it, put the meeting off with a reason."),
        )
    if (
        facts.starts_at is not None
        and facts.starts_at != meeting.starts_at
        and facts.starts_at <= work.now
    ):
        raise missing(
            "starts_at",
            _("This time has passed. For a meeting already held, enter it from paper."),
        )
    before, after = changes(meeting, values)
    if after:
        touch(work, meeting)
        note(work, "changed", meeting, permissions.PREPARE, before=before, after=after)
    return meeting


def what_is_missing(work: Work, meeting: Meeting) -> list[str]:
    """Say in plain sentences what the preparation still lacks; nothing here is refused."""
    items = list_items(work, meeting)
    return [*_missing_plan(meeting), *_missing_agenda(work, meeting, items), *_late(work, meeting)]


def _missing_plan(meeting: Meeting) -> list[str]:
    sentences = []
    if meeting.starts_at is None:
        sentences.append(_("The day and time are still to be chosen."))
    if not meeting.place and meeting.mode != "online":
        sentences.append(_("The place is still to be written."))
    if meeting.chair_id is None:
        sentences.append(_("Nobody is named to chair the meeting."))
    if meeting.clerk_id is None:
        sentences.append(_("Nobody is named as clerk."))
    if meeting.mode != "onsite" and not meeting.approval_no:
        sentences.append(_("The document that approves the online meeting is still to be noted."))
    return sentences


def _missing_agenda(work: Work, meeting: Meeting, items: list[AgendaItem]) -> list[str]:
    if not items:
        return [_("The agenda is still empty.")]
    sentences = []
    total = sum(item.minutes for item in items)
    least = least_minutes(work, meeting)
    if meeting.kind == "branch" and total < least:
        sentences.append(
            _(
                "Planned time in all %(total)s minutes, the rule is at least %(least)s minutes.",
                total=total,
                least=least,
            )
        )
    # Who chairs presents what nobody else does; a draft is presented by whoever wrote it.
    unnamed = sum(bool(item.draft_resolution) and not item.presenter_name for item in items)
    if unnamed:
        sentences.append(
            _("%(n)s items with a draft resolution have nobody to present them yet.", n=unnamed)
        )
    if meeting.is_thematic and not any(item.draft_resolution for item in items):
        sentences.append(_("The theme has no draft resolution or conclusion yet."))
    return sentences


def _late(work: Work, meeting: Meeting) -> list[str]:
    if meeting.starts_at is None or meeting.state not in ("preparing", "asked", "agreed"):
        return []
    days = int(value(work, "meetings.announce_days_before"))
    if day_of(work, meeting.starts_at) - work.today > timedelta(days=days):
        return []
    return [
        _(
            "The meeting is to be announced at least %(n)s day before it; that is now.",
            n=days,
        )
    ]


def least_minutes(work: Work, meeting: Meeting) -> int:
    """Return the least length of a meeting by the settings of its day."""
    both = meeting.is_regular and meeting.is_thematic
    key = "meetings.minimum_minutes_with_theme" if both else "meetings.minimum_minutes"
    return int(value(work, key, on=meeting.held_on or meeting.for_month))


def ask_committee(work: Work, meeting: Meeting) -> None:
    """Ask the branch committee for its view of the content."""
    check_before(meeting)
    if not list_items(work, meeting):
        raise RuleBroken(_("The agenda is still empty. Add what is to be discussed first."))
    if meeting.state == "asked":
        return
    if meeting.state == "preparing":
        meeting.state = "asked"
    meeting.asked_at = work.now
    touch(work, meeting)
    tell_committee(work, meeting)
    note(work, "committee_asked", meeting, permissions.PREPARE)


def committee_agreed(work: Work, meeting: Meeting, on: date | None = None) -> None:
    """Note the day on which the branch committee agreed, in the application or in a sitting."""
    check_before(meeting)
    day = on or work.today
    if day > work.today:
        raise missing("on", _("The committee cannot have agreed in the future."))
    if not list_items(work, meeting):
        raise RuleBroken(_("The agenda is still empty. Add what is to be discussed first."))
    meeting.agreed_on = day
    if meeting.state in ("preparing", "asked"):
        meeting.state = "agreed"
    touch(work, meeting)
    note(work, "committee_agreed", meeting, permissions.AGREE, after={"on": day})
