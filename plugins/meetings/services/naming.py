"""How a meeting, its day and its people are called in sentences."""

from __future__ import annotations

from datetime import date, datetime

from core.errors import RuleBroken
from core.i18n import _, format_day_long, format_month, month_in_words, time_in_words
from core.work import Work

from ..models import Meeting
from .words import KINDS


def title_of(meeting: Meeting) -> str:
    """Name a meeting as people call it: kind, theme, and the month it counts for."""
    if meeting.title:
        return meeting.title
    return _("%(kind)s, %(month)s", kind=kind_of(meeting), month=format_month(meeting.for_month))


def kind_of(meeting: Meeting) -> str:
    """Say what kind of meeting it is; regular and thematic parts may stand in one sitting."""
    if meeting.kind != "branch":
        return str(KINDS[meeting.kind])
    if meeting.is_regular and meeting.is_thematic:
        return _("Regular meeting with a theme")
    return _("Thematic meeting") if meeting.is_thematic else _("Regular meeting")


def local(work: Work, instant: datetime) -> datetime:
    """Return an instant on the site's clock."""
    return instant.astimezone(work.host.zone)


def day_of(work: Work, instant: datetime) -> date:
    """Return the day an instant lies in, on the site's clock."""
    return local(work, instant).date()


def time_and_day(work: Work, instant: datetime) -> str:
    """Write an instant for a sentence: 19 giờ 30, thứ Ba, 03/11/2026."""
    there = local(work, instant)
    return f"{time_in_words(there.time(), screen=True)}, {format_day_long(there.date())}"


def phrase_of(meeting: Meeting) -> str:
    """Name the kind of meeting inside a sentence: sinh hoạt chi bộ thường kỳ."""
    if meeting.kind == "committee":
        return _("meeting of the branch committee")
    if meeting.kind == "group":
        return _("meeting of the Party group")
    if meeting.kind == "extra":
        return _("extra meeting of the branch")
    if meeting.is_regular and meeting.is_thematic:
        return _("regular and thematic meeting of the branch")
    return (
        _("thematic meeting of the branch")
        if meeting.is_thematic
        else _("regular meeting of the branch")
    )


def subject_of(meeting: Meeting) -> str:
    """Name the meeting as papers do: kind and month it counts for."""
    what = _(
        "%(what)s of %(month)s", what=phrase_of(meeting), month=month_in_words(meeting.for_month)
    )
    return what[:1].upper() + what[1:]


def message_text(work: Work, meeting: Meeting) -> str:
    """Return a text to copy into a message: time and place only, no agenda and no names."""
    if meeting.starts_at is None:
        raise RuleBroken(_("The day and time are still to be chosen."))
    return _(
        "You are asked to attend the %(what)s of month %(month)s: %(when)s, %(place)s."
        " Whoever cannot come tells the secretary beforehand.",
        what=phrase_of(meeting),
        month=meeting.for_month.month,
        when=time_and_day(work, meeting.starts_at),
        place=_("at %(place)s", place=meeting.place) if meeting.place else _("online"),
    )
