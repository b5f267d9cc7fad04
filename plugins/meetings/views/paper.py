"""A whole meeting typed in from paper on one page, by the branch or for it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from core.forms import Form
from core.i18n import _
from core.web import page, redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.minutes import SignedInput
from ..schemas.paper import PaperInput
from .door import blueprint
from .frame import address, as_last_time, clock_of, filled, span
from .hold import marks_of, roll_words
from .lines import typed_lines

BLANK_ITEMS = 1
BLANK_TASKS = 3
BLANK_GUESTS = 2
BEFORE = ("preparing", "asked", "agreed", "announced", "postponed")
ALSO = {
    "starts_at": "held_on",
    "is_regular": "parts",
    "present": "vote_present",
    "in_favour": "vote_in_favour",
    "conclusions": "items",
    "exceptions": "mark",
}
"""To which field of the page an error of the record belongs."""


@blueprint.view("/paper", permission=permissions.ENTER)
def from_paper(work: Work, form: Form | None = None) -> Any:
    """Show the page on which a meeting is typed in from its paper minutes."""
    known = planned(work, work.today)
    if known is not None and known.starts_at and known.starts_at > work.now:
        known = None
    return _paper_page(work, known, form)


def planned(work: Work, month: date) -> Any:
    """Return the branch's meeting planned for a month and not held yet, or None."""
    found, _following = services.list_meetings(work, month=month.replace(day=1), kind="branch")
    return next((meeting for meeting in found if meeting.state in BEFORE), None)


@blueprint.view(
    "/paper",
    methods=["POST"],
    permission=permissions.ENTER,
    accepts=PaperInput(),
    form="from_paper",
)
def from_paper_post(work: Work, data: dict[str, Any]) -> Any:
    """Enter a meeting from its paper minutes."""
    known = planned(work, data["for_month"])
    return _entered(services.enter_from_paper(work, record_of(work, data), meeting=known))


@blueprint.view("/<uuid:meeting_id>/paper", permission=permissions.ENTER)
def meeting_from_paper(work: Work, meeting_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the same page for a meeting that was scheduled here."""
    return _paper_page(work, services.access_meeting(work, meeting_id), form)


@blueprint.view(
    "/<uuid:meeting_id>/paper",
    methods=["POST"],
    permission=permissions.ENTER,
    accepts=PaperInput(),
    form="meeting_from_paper",
)
def meeting_from_paper_post(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Enter a scheduled meeting from its paper minutes."""
    meeting = services.access_meeting(work, meeting_id)
    services.enter_from_paper(work, record_of(work, data), meeting=meeting)
    return _entered(meeting)


@blueprint.view(
    "/<uuid:meeting_id>/paper/signed",
    methods=["POST"],
    permission=permissions.ENTER,
    accepts=SignedInput(),
    form="minutes",
)
def signed_from_paper(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Note the signed paper of minutes that were typed in for a branch."""
    meeting = services.access_meeting(work, meeting_id)
    services.note_signed_from_paper(work, meeting, **data)
    return redirect_to(
        "meetings.minutes",
        meeting_id=meeting.id,
        sentence=_("The signed paper is noted. Now the minutes can be locked."),
    )


@blueprint.view(
    "/<uuid:meeting_id>/paper/lock", methods=["POST"], permission=permissions.ENTER, form="minutes"
)
def lock_from_paper(work: Work, meeting_id: uuid.UUID) -> Any:
    """Lock minutes that were typed in for a branch from its signed paper."""
    meeting = services.access_meeting(work, meeting_id)
    services.lock_from_paper(work, meeting)
    return redirect_to(
        "meetings.minutes",
        meeting_id=meeting.id,
        sentence=_("The minutes are locked. The meeting counts as done in the month."),
    )


def _entered(meeting: Any) -> Any:
    return redirect_to(
        "meetings.minutes",
        meeting_id=meeting.id,
        sentence=_("The meeting is entered from paper. Look the minutes over, then lock them."),
    )


def _paper_page(work: Work, meeting: Any, form: Form | None) -> Any:
    """Show the form, filled with what the plan knows already."""
    people = services.people_here(work, meeting.held_on if meeting else None)
    everybody = [(str(person.id), person.name) for person in people]
    first = _first(work, meeting)
    title = _("Enter from the paper minutes")
    paper_form = filled(
        form,
        PaperInput(),
        first,
        action=address(work, "meeting_from_paper_post", meeting_id=meeting.id)
        if meeting
        else address(work, "from_paper_post"),
        draft=f"meetings.paper.{meeting.id if meeting else work.unit.code}",
        choices={
            "chair_id": everybody,
            "clerk_id": everybody,
            "temporary": [(str(p.id), p.name) for p in people if p.group == "temporary"],
        },
        also=ALSO,
    )
    return page(
        "meetings/paper.html",
        title=title,
        trail=[(_("Branch meetings"), address(work, "index")), (title, "")],
        form=paper_form,
        meeting=meeting,
        required=[one for one in people if one.group == "home" and one.is_required],
        has_temporary=any(one.group == "temporary" for one in people),
        typed=_typed_marks(form),
        items=typed_lines(form, "items", ("title", "conclusion"), BLANK_ITEMS, first["items"]),
        tasks=typed_lines(form, "tasks", ("title", "owner_id", "due_on"), BLANK_TASKS),
        guests=typed_lines(form, "guests", ("name", "role"), BLANK_GUESTS),
        people=everybody,
        is_for_branch=not work.may(permissions.PREPARE),
        **roll_words(meeting or services.propose_facts(work)),
    )


def _first(work: Work, meeting: Any) -> dict[str, Any]:
    """Return what is known before anything is typed: the plan, or the settings of the place."""
    if meeting is None:
        facts = services.propose_facts(work, work.today)
        return {
            "for_month": facts.for_month,
            "place": facts.place,
            "parts": ["regular"],
            "mode": "onsite",
            "items": [],
            **as_last_time(work),
        }
    starts = services.local(work, meeting.starts_at) if meeting.starts_at else None
    items = services.list_items(work, meeting)
    parts = (("regular", meeting.is_regular), ("thematic", meeting.is_thematic))
    return {
        "for_month": meeting.for_month,
        "held_on": starts.date() if starts else None,
        "started_at": clock_of(work, meeting.starts_at),
        "place": meeting.place,
        "parts": [name for name, on in parts if on],
        "theme": meeting.theme,
        "mode": meeting.mode,
        "chair_id": meeting.chair_id,
        "clerk_id": meeting.clerk_id,
        "items": [{"title": item.title, "conclusion": item.conclusion} for item in items],
    }


def _typed_marks(form: Form | None) -> Mapping[str, str]:
    """Return the marks as they were typed when the form was refused."""
    if form is None:
        return {}
    return dict(text.split(":", 1) for text in form.data.getlist("mark") if ":" in text)


def record_of(work: Work, data: dict[str, Any]) -> services.PaperRecord:
    """Return what was typed as the record of a meeting."""
    began, ended = span(work, data["held_on"], data["started_at"], data["ended_at"])
    assert ended is not None  # noqa: S101 - the schema asks for it
    marks = marks_of(data["mark"])
    same = ("for_month", "place", "theme", "mode", "chair_id", "clerk_id")
    return services.PaperRecord(
        meeting=services.MeetingFacts(
            **{name: data[name] for name in same},
            starts_at=began,
            is_regular="regular" in data["parts"],
            is_thematic="thematic" in data["parts"],
        ),
        started_at=began,
        ended_at=ended,
        exceptions={
            key: tick for key, tick in marks.items() if tick.state not in (None, "present")
        },
        temporary_present=data["temporary"],
        # An item whose conclusion stays empty was not dealt with; the minutes do not name it.
        conclusions=[
            services.ConclusionFacts(**line) for line in data["items"] if line["conclusion"]
        ],
        resolutions=_resolutions_of(data),
        tasks=[services.TaskFacts(**line) for line in data["tasks"]],
        visitors=[(line["name"], line["role"]) for line in data["guests"]],
        quality=data["quality"],
        adopted_present=data["adopted_present"],
        adopted_in_favour=data["adopted_in_favour"],
        signed_on=data["signed_on"],
        book_no=data["book_no"],
        page_no=data["page_no"],
    )


def _resolutions_of(data: dict[str, Any]) -> list[services.ResolutionFacts]:
    """Return the one resolution of the page, with its vote, or none."""
    if not data["resolution_title"]:
        return []
    ballot = services.Ballot(
        question=data["resolution_title"],
        in_favour=data["vote_in_favour"],
        against=data["vote_against"] or 0,
        present=data["vote_present"],
        abstained=max(
            0, data["vote_present"] - data["vote_in_favour"] - (data["vote_against"] or 0)
        ),
    )
    return [
        services.ResolutionFacts(
            title=data["resolution_title"], text=data["resolution_text"], vote=ballot
        )
    ]
