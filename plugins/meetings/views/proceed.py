"""Step 3 goes on: item by item with clock and conclusion, tasks in one line, the end."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from core.forms import Form
from core.i18n import _
from core.web import redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.follow import TaskInput
from ..schemas.hold import ConclusionInput, EndInput, TimesInput
from ..schemas.prepare import ItemInput
from ..services import leading, words
from .door import blueprint
from .follow import proposed_day
from .frame import address, clock_of, filled, meeting_page, people_choices, span
from .hold import can_mark


@blueprint.view("/<uuid:meeting_id>/proceed", permission=permissions.MINUTES_SEE)
def proceed(work: Work, meeting_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the agenda as it is worked through, and the end of the meeting."""
    meeting = services.access_meeting(work, meeting_id)
    items = services.list_items(work, meeting)
    following = next((item for item in items if item.concluded_at is None), None)
    writes = can_mark(work, meeting)
    return meeting_page(
        work,
        meeting,
        "proceed",
        title=_("Agenda items"),
        step="hold",
        refused=form,
        items=[(item, used_minutes(work, item)) for item in items],
        following=following,
        remarks=services.remarks(work, meeting) if following is None and writes else [],
        quorum=services.quorum(work, meeting),
        can_write=writes,
        began=clock_of(work, meeting.started_at),
        ended=clock_of(work, meeting.ended_at),
        end_form=filled(
            form,
            EndInput(),
            {"ended_at": clock_of(work, meeting.ended_at or work.now)},
            action=address(work, "end_meeting", meeting_id=meeting.id),
        ),
    )


def used_minutes(work: Work, item: Any) -> int | None:
    """Return the minutes an item took, or has taken until now; None before it began."""
    if item.started_at is None:
        return None
    seconds: float = ((item.concluded_at or work.now) - item.started_at).total_seconds()
    return max(0, round(seconds / 60))


@blueprint.view("/<uuid:meeting_id>/proceed/<uuid:item_id>", permission=permissions.MINUTES_SEE)
def item(work: Work, meeting_id: uuid.UUID, item_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show one item: its clock, conclusion, votes, resolution and tasks."""
    meeting = services.access_meeting(work, meeting_id)
    one = services.access_item(work, meeting, item_id)
    items = services.list_items(work, meeting)
    keys = [other.id for other in items]
    at = keys.index(one.id)
    tasks, _following = services.list_tasks(work, meeting_id=meeting.id, state="all")
    return meeting_page(
        work,
        meeting,
        "item",
        title=one.title,
        step="hold",
        refused=form,
        trail=[(_("Agenda items"), address(work, "proceed", meeting_id=meeting.id))],
        item=one,
        number=at + 1,
        count=len(items),
        following=next((o for o in items[at + 1 :] if o.concluded_at is None), None),
        used=used_minutes(work, one),
        can_write=can_mark(work, meeting),
        votes=[
            (vote, services.result_sentence(vote))
            for vote in services.list_votes(work, meeting)
            if vote.item_id == one.id
        ],
        resolutions=[
            pair for pair in services.list_resolutions(work, meeting) if pair[0].item_id == one.id
        ],
        tasks=[task for task in tasks if task.item_id == one.id],
        next_steps=words.NEXT_STEPS,
        **_item_forms(work, meeting, one, form),
    )


def _item_forms(work: Work, meeting: Any, one: Any, form: Form | None) -> dict[str, Any]:
    """Return the two forms of an item: its conclusion and a new task."""
    path = {"meeting_id": meeting.id, "item_id": one.id}
    return {
        "form": filled(
            form,
            ConclusionInput(),
            one,
            action=address(work, "conclude", **path),
            draft=f"meetings.conclude.{one.id}",
        ),
        "task_form": filled(
            form,
            TaskInput(),
            {"due_on": proposed_day(work)},
            action=address(work, "give_item_task", **path),
            draft=f"meetings.item_task.{one.id}",
            choices={"owner_id": people_choices(work, meeting.held_on)},
        ),
    }


@blueprint.view(
    "/<uuid:meeting_id>/proceed/<uuid:item_id>/start",
    methods=["POST"],
    permission=permissions.HOLD,
)
def start_item(work: Work, meeting_id: uuid.UUID, item_id: uuid.UUID) -> Any:
    """Begin an item; its clock runs."""
    meeting = services.access_meeting(work, meeting_id)
    one = services.access_item(work, meeting, item_id)
    services.start_item(work, meeting, one)
    return redirect_to("meetings.item", meeting_id=meeting.id, item_id=one.id)


@blueprint.view(
    "/<uuid:meeting_id>/proceed/<uuid:item_id>",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=ConclusionInput(),
    form="item",
)
def conclude(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, item_id: uuid.UUID) -> Any:
    """Conclude an item, or correct its text."""
    meeting = services.access_meeting(work, meeting_id)
    one = services.access_item(work, meeting, item_id)
    services.conclude_item(work, meeting, one, **data)
    return redirect_to(
        "meetings.item",
        meeting_id=meeting.id,
        item_id=one.id,
        sentence=_("The conclusion is saved."),
    )


@blueprint.view(
    "/<uuid:meeting_id>/proceed/<uuid:item_id>/tasks",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=TaskInput(),
    form="item",
)
def give_item_task(
    work: Work, data: dict[str, Any], meeting_id: uuid.UUID, item_id: uuid.UUID
) -> Any:
    """Give a task out of an item: what, who, until when."""
    meeting = services.access_meeting(work, meeting_id)
    one = services.access_item(work, meeting, item_id)
    task = services.give_task(work, services.TaskFacts(**data), meeting=meeting, item_id=one.id)
    return redirect_to(
        "meetings.item",
        meeting_id=meeting.id,
        item_id=one.id,
        _anchor="tasks",
        sentence=_("Task given to comrade %(name)s.", name=task.owner_name),
    )


@blueprint.view("/<uuid:meeting_id>/proceed/new", permission=permissions.HOLD)
def new_live_item(work: Work, meeting_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form of an item that came up during the meeting."""
    meeting = services.access_meeting(work, meeting_id)
    back = address(work, "proceed", meeting_id=meeting.id)
    return meeting_page(
        work,
        meeting,
        "item_form",
        title=_("Add an item"),
        step="hold",
        trail=[(_("Agenda items"), back)],
        item=None,
        back=back,
        form=filled(form, ItemInput(), choices={"presenter_id": people_choices(work)}),
    )


@blueprint.view(
    "/<uuid:meeting_id>/proceed/new",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=ItemInput(),
    form="new_live_item",
)
def add_live_item(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Add an item that came up during the meeting."""
    meeting = services.access_meeting(work, meeting_id)
    one = services.add_item(work, meeting, services.ItemFacts(**data))
    return redirect_to("meetings.item", meeting_id=meeting.id, item_id=one.id)


@blueprint.view(
    "/<uuid:meeting_id>/end",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=EndInput(),
    form="proceed",
)
def end_meeting(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """End the meeting and begin its minutes."""
    meeting = services.access_meeting(work, meeting_id)
    services.end_meeting(work, meeting, at=ended_at(work, meeting, data["ended_at"]))
    return redirect_to(
        "meetings.minutes",
        meeting_id=meeting.id,
        sentence=_("The meeting has ended. Read the minutes out and let them be adopted."),
    )


def ended_at(work: Work, meeting: Any, clock: Any) -> Any:
    """Return the instant a meeting ended: the minute typed, or now when that is this minute."""
    if clock is None or clock == clock_of(work, work.now):
        return None
    began = services.local(work, meeting.started_at or work.now)
    return span(work, began.date(), began.time().replace(second=0, microsecond=0), clock)[1]


@blueprint.view("/<uuid:meeting_id>/times", permission=permissions.HOLD)
def times(work: Work, meeting_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form of the real times."""
    meeting = services.access_meeting(work, meeting_id)
    back = address(work, "minutes", meeting_id=meeting.id)
    first = {
        "held_on": meeting.held_on,
        "started_at": clock_of(work, meeting.started_at),
        "ended_at": clock_of(work, meeting.ended_at),
        "chair_id": meeting.chair_id,
        "clerk_id": meeting.clerk_id,
    }
    people = people_choices(work, meeting.held_on)
    return meeting_page(
        work,
        meeting,
        "reason",
        title=_("The real times, chair and clerk"),
        step="hold",
        trail=[(_("Minutes"), back)],
        intro=_("As the meeting really went. After a change the minutes are read out again."),
        submit=_("Save as it was"),
        form=filled(form, TimesInput(), first, choices={"chair_id": people, "clerk_id": people}),
        back=back,
    )


@blueprint.view(
    "/<uuid:meeting_id>/times",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=TimesInput(),
    form="times",
)
def times_post(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Correct the real times."""
    meeting = services.access_meeting(work, meeting_id)
    began, ended = span(work, data["held_on"], data["started_at"], data["ended_at"])
    if (began, ended) != (
        minute_of(meeting.started_at),
        minute_of(meeting.ended_at),
    ):
        services.set_times(work, meeting, started_at=began, ended_at=ended)
    leading.name_leaders(work, meeting, chair_id=data["chair_id"], clerk_id=data["clerk_id"])
    return redirect_to(
        "meetings.minutes", meeting_id=meeting.id, sentence=_("Times, chair and clerk are saved.")
    )


def minute_of(moment: datetime | None) -> datetime | None:
    """Return the minute an instant lies in, as forms show it."""
    return moment.replace(second=0, microsecond=0) if moment else None
