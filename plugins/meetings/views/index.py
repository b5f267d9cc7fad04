"""The branch's meetings: those in hand with their steps, the earlier ones, a new one."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from core.forms import Form
from core.i18n import _, format_month
from core.units.covering import DatedPageQuery, query_of, told_of
from core.web import page, redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.prepare import PlanInput
from .door import blueprint
from .frame import (
    NEEDED,
    address,
    as_last_time,
    clock_of,
    filled,
    head_of,
    instant,
    meeting_page,
    people_choices,
    state_of,
)

OVER = ("closed", "not_held")
ALSO = {"starts_at": "day", "is_regular": "parts", "is_thematic": "parts"}
NEXT_STEP = {
    "preparing": "prepare",
    "asked": "prepare",
    "agreed": "announce",
    "postponed": "announce",
    "announced": "hold",
    "holding": "hold",
    "minutes": "minutes",
    "closed": "follow",
    "not_held": "announce",
}


@blueprint.view("/", permission=permissions.SEE, accepts=DatedPageQuery())
def index(work: Work, data: dict[str, Any]) -> Any:
    """Show the branch's meetings: in hand first, then the earlier ones; or those up to a day."""
    as_of = told_of(data)
    meetings, following = services.list_meetings(work, as_of=as_of, cursor=data["cursor"], limit=24)
    told, is_first = query_of(as_of), not data["cursor"]
    in_hand = [m for m in meetings if m.state not in OVER] if is_first and not told else []
    ids = {meeting.unit_id for meeting in meetings}
    places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    return page(
        "meetings/index.html",
        title=_("Branch meetings"),
        in_hand=[_card(work, meeting) for meeting in reversed(in_hand)],
        earlier=[
            {**_line(work, meeting), "place": places[meeting.unit_id]}
            for meeting in meetings
            if meeting not in in_hand
        ],
        following=address(work, "index", **told, cursor=following) if following else "",
        as_of=as_of.day,
        asked=as_of,
        first_page=is_first and not told,
        month=format_month(services.propose_facts(work).for_month),
        counts=services.task_counts(work) if work.may(permissions.TASK_SEE) else None,
        is_branch=work.unit.kind in ("branch", "group"),
    )


def _card(work: Work, meeting: Any) -> dict[str, Any]:
    """Return a meeting in hand with its steps and the page to go on with."""
    return {**head_of(work, meeting), "next": next_step(work, meeting)}


def next_step(work: Work, meeting: Any) -> str:
    """Return the step to go on with; what was announced, for who may not see what was said."""
    step = NEXT_STEP[meeting.state]
    return step if work.may(NEEDED[step]) else "announce"


def _line(work: Work, meeting: Any) -> dict[str, Any]:
    return {
        "meeting": meeting,
        "name": services.title_of(meeting),
        "state": state_of(meeting),
        "day": meeting.held_on
        or (services.local(work, meeting.starts_at).date() if meeting.starts_at else None),
    }


@blueprint.view("/<uuid:meeting_id>", permission=permissions.SEE)
def show(work: Work, meeting_id: uuid.UUID) -> Any:
    """Go on to the step a meeting stands at."""
    meeting = services.access_meeting(work, meeting_id)
    return redirect_to(f"meetings.{next_step(work, meeting)}", meeting_id=meeting.id)


@blueprint.view("/new", permission=permissions.PREPARE)
def schedule(work: Work, form: Form | None = None) -> Any:
    """Show the form that sets day, time and place of a new meeting."""
    first = {**_typed(work, services.propose_facts(work)), "parts": ["regular"]}
    first.update(as_last_time(work))
    if first["day"] <= work.today:
        # The usual day has passed; two days leave time to announce.
        first["day"] = work.today + timedelta(days=2)
    return page(
        "meetings/plan.html",
        title=_("Schedule a meeting"),
        trail=[(_("Branch meetings"), address(work, "index")), (_("Schedule a meeting"), "")],
        form=plan_form(work, form, first, "meetings.new"),
        submit=_("Begin preparing"),
        back=address(work, "index"),
    )


@blueprint.view(
    "/new", methods=["POST"], permission=permissions.PREPARE, accepts=PlanInput(), form="schedule"
)
def schedule_post(work: Work, data: dict[str, Any]) -> Any:
    """Schedule a meeting with its proposed agenda."""
    meeting = services.schedule_meeting(work, facts_of(work, data))
    return redirect_to(
        "meetings.prepare",
        meeting_id=meeting.id,
        sentence=_("The meeting is scheduled, with a proposed agenda. Look it over."),
    )


@blueprint.view("/<uuid:meeting_id>/plan", permission=permissions.PREPARE)
def plan(work: Work, meeting_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form that changes day, time and place."""
    meeting = services.access_meeting(work, meeting_id)
    first = {
        **_typed(work, meeting),
        "parts": [
            name
            for name, on in (("regular", meeting.is_regular), ("thematic", meeting.is_thematic))
            if on
        ],
        "revision": meeting.revision,
    }
    back = address(work, "prepare", meeting_id=meeting.id)
    return meeting_page(
        work,
        meeting,
        "plan",
        title=_("Time and place"),
        step="prepare",
        trail=[(_("Prepare"), back)],
        form=plan_form(work, form, first, f"meetings.plan.{meeting.id}"),
        submit=_("Save time and place"),
        back=back,
    )


@blueprint.view(
    "/<uuid:meeting_id>/plan",
    methods=["POST"],
    permission=permissions.PREPARE,
    accepts=PlanInput(),
    form="plan",
)
def plan_post(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Change day, time and place."""
    meeting = services.access_meeting(work, meeting_id, revision=data["revision"])
    services.change_meeting(work, meeting, facts_of(work, data))
    return redirect_to(
        "meetings.prepare", meeting_id=meeting.id, sentence=_("Time and place are saved.")
    )


def plan_form(work: Work, form: Form | None, first: dict[str, Any], draft: str) -> Form:
    """Return the form of a plan with the comrades to choose from."""
    people = people_choices(work)
    choices = {"chair_id": people, "clerk_id": people}
    return filled(form, PlanInput(), first, draft=draft, choices=choices, also=ALSO)


def _typed(work: Work, facts: Any) -> dict[str, Any]:
    """Return a plan as the form shows it."""
    starts = services.local(work, facts.starts_at) if facts.starts_at else None
    names = ("for_month", "place", "mode", "kind", "theme", "is_model", "approval_no")
    return {
        **{name: getattr(facts, name) for name in (*names, "chair_id", "clerk_id")},
        "day": starts.date() if starts else None,
        "time": clock_of(work, facts.starts_at),
    }


def facts_of(work: Work, data: dict[str, Any]) -> services.MeetingFacts:
    """Return what was typed as the facts of a meeting."""
    names = ("for_month", "place", "mode", "kind", "theme", "is_model", "approval_no")
    return services.MeetingFacts(
        **{name: data[name] for name in (*names, "chair_id", "clerk_id")},
        starts_at=instant(work, data["day"], data["time"]),
        is_regular="regular" in data["parts"],
        is_thematic="thematic" in data["parts"],
    )
