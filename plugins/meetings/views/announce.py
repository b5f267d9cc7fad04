"""Step 2, announcing: the preview, who is told by which way, putting off, not holding."""

from __future__ import annotations

import uuid
from typing import Any

from core.forms import Form
from core.i18n import _, _n
from core.web import page, redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.announce import (
    AnnounceInput,
    NotHeldInput,
    PostedInput,
    PostponeInput,
    ToldInput,
)
from ..services import words
from .door import blueprint
from .frame import address, by_htmx, clock_of, filled, instant, meeting_page

BEFORE = ("preparing", "asked", "agreed", "announced", "postponed")
TOLD_ALSO = {"to_at": "to_day"}


@blueprint.view("/<uuid:meeting_id>/announce", permission=permissions.SEE)
def announce(work: Work, meeting_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show what is announced to whom, and who was told."""
    meeting = services.access_meeting(work, meeting_id)
    may = work.may(permissions.ANNOUNCE)
    is_open = meeting.state in BEFORE and meeting.starts_at is not None
    preview = services.announcement_preview(work, meeting) if is_open else None
    lines = services.told_lines(work, meeting) if may and meeting.round else []
    return meeting_page(
        work,
        meeting,
        "announce",
        title=_("Announce"),
        step="announce",
        refused=form,
        preview=preview,
        items=services.list_items(work, meeting) if is_open else [],
        is_announced=meeting.state == "announced",
        is_open=is_open,
        may=may,
        rounds=services.list_announcements(work, meeting),
        total=len(lines),
        untold=sum(line.how is None for line in lines),
        text=services.message_text(work, meeting) if is_open else "",
        form=filled(
            form,
            AnnounceInput(),
            action=address(work, "announce_post", meeting_id=meeting.id),
            draft=f"meetings.announce.{meeting.id}",
        ),
        posted=filled(
            form,
            PostedInput(),
            {"on": work.today},
            action=address(work, "posted", meeting_id=meeting.id),
        ),
    )


@blueprint.view(
    "/<uuid:meeting_id>/announce",
    methods=["POST"],
    permission=permissions.ANNOUNCE,
    accepts=AnnounceInput(),
    form="announce",
)
def announce_post(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Announce the meeting to its members and to the superior who follows the branch."""
    meeting = services.access_meeting(work, meeting_id)
    sent = services.announce(work, meeting, late_reason=data["late_reason"])
    return redirect_to(
        "meetings.announce",
        meeting_id=meeting.id,
        sentence=_n("Sent to %(n)s comrade.", "Sent to %(n)s comrades.", sent.recipients),
    )


@blueprint.view("/<uuid:meeting_id>/told", permission=permissions.ANNOUNCE)
def told_list(work: Work, meeting_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show who was told by which way, one tap a comrade."""
    meeting = services.access_meeting(work, meeting_id)
    lines = services.told_lines(work, meeting) if meeting.round else []
    return meeting_page(
        work,
        meeting,
        "told_list",
        title=_("Who has been told"),
        step="announce",
        refused=form,
        trail=[(_("Announce"), address(work, "announce", meeting_id=meeting.id))],
        lines=lines,
        untold=sum(line.how is None for line in lines),
        told_words=words.TOLD,
    )


@blueprint.view(
    "/<uuid:meeting_id>/told",
    methods=["POST"],
    permission=permissions.ANNOUNCE,
    accepts=ToldInput(),
    form="told_list",
)
def told(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Note that somebody was told, by which way."""
    meeting = services.access_meeting(work, meeting_id)
    services.mark_told(work, meeting, data["member"], data["how"])
    if by_htmx():
        lines = services.told_lines(work, meeting)
        return page(
            "meetings/told_rows.html",
            meeting=meeting,
            lines=[line for line in lines if line.person.id in data["member"]],
            untold=sum(line.how is None for line in lines),
            total=len(lines),
            told_words=words.TOLD,
        )
    anchor = f"told-{data['member'][0]}" if len(data["member"]) == 1 else "main"
    return redirect_to("meetings.told_list", meeting_id=meeting.id, _anchor=anchor)


@blueprint.view(
    "/<uuid:meeting_id>/posted",
    methods=["POST"],
    permission=permissions.ANNOUNCE,
    accepts=PostedInput(),
    form="announce",
)
def posted(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Note the day the meeting was posted on the national handbook."""
    meeting = services.access_meeting(work, meeting_id)
    services.mark_posted(work, meeting, data["on"])
    return redirect_to("meetings.announce", meeting_id=meeting.id, sentence=_("The day is noted."))


@blueprint.view("/<uuid:meeting_id>/postpone", permission=permissions.ANNOUNCE)
def postpone(work: Work, meeting_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form that puts a meeting off."""
    meeting = services.access_meeting(work, meeting_id)
    first = {"to_time": clock_of(work, meeting.starts_at)}
    return _reason_page(
        work,
        meeting,
        title=_("Postpone the meeting"),
        intro=_("The agenda stays. Everybody is told again of the new time."),
        submit=_("Postpone the meeting"),
        form=filled(
            form,
            PostponeInput(),
            first,
            draft=f"meetings.postpone.{meeting.id}",
            also=TOLD_ALSO,
        ),
    )


@blueprint.view(
    "/<uuid:meeting_id>/postpone",
    methods=["POST"],
    permission=permissions.ANNOUNCE,
    accepts=PostponeInput(),
    form="postpone",
)
def postpone_post(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Put the meeting off, with a reason."""
    meeting = services.access_meeting(work, meeting_id)
    clock = data["to_time"] or clock_of(work, meeting.starts_at)
    to_at = instant(work, data["to_day"], clock) if data["to_day"] and clock else None
    services.postpone(work, meeting, to_at=to_at, reason=data["reason"])
    return redirect_to(
        "meetings.announce",
        meeting_id=meeting.id,
        sentence=_("The meeting is postponed. Send the new announcement."),
    )


@blueprint.view("/<uuid:meeting_id>/not-held", permission=permissions.ANNOUNCE)
def not_held(work: Work, meeting_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form that notes why there is no meeting."""
    meeting = services.access_meeting(work, meeting_id)
    return _reason_page(
        work,
        meeting,
        title=_("No meeting this month"),
        intro=_("The committee above sees the reason. To meet later, postpone instead."),
        submit=_("Note that there is no meeting"),
        form=filled(form, NotHeldInput(), draft=f"meetings.not_held.{meeting.id}"),
    )


@blueprint.view(
    "/<uuid:meeting_id>/not-held",
    methods=["POST"],
    permission=permissions.ANNOUNCE,
    accepts=NotHeldInput(),
    form="not_held",
)
def not_held_post(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Note that the meeting is not held, and why."""
    meeting = services.access_meeting(work, meeting_id)
    services.cancel(work, meeting, reason=data["reason"])
    return redirect_to(
        "meetings.index", sentence=_("It is noted that there is no meeting, with the reason.")
    )


def _reason_page(
    work: Work, meeting: Any, *, title: str, intro: str, submit: str, form: Form
) -> Any:
    """Show a page that asks for a reason."""
    back = address(work, "announce", meeting_id=meeting.id)
    return meeting_page(
        work,
        meeting,
        "reason",
        title=title,
        step="announce",
        trail=[(_("Announce"), back)],
        intro=intro,
        submit=submit,
        form=form,
        back=back,
    )
