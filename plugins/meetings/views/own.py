"""A member's own pages: the meetings they are asked to, and the tasks given to them."""

from __future__ import annotations

import uuid
from typing import Any

from core.errors import NotFound
from core.forms import Form
from core.i18n import _
from core.web import page, redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.follow import LaterInput, ReportInput
from .door import blueprint
from .frame import address, filled, state_of
from .task_lines import task_line, task_lines

COMING = ("announced", "postponed", "holding")


@blueprint.view("/mine", permission=permissions.OWN)
def mine(work: Work, form: Form | None = None) -> Any:
    """Show one's own next meetings and open tasks."""
    tasks = services.my_tasks(work)
    meetings = services.my_meetings(work)
    ids = {task.unit_id for task in tasks} | {meeting.unit_id for meeting in meetings}
    places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    return page(
        "meetings/mine.html",
        title=_("Tasks given to me"),
        refused=form,
        place_of=places,
        lines=[
            {**line, "place": places[line["task"].unit_id]}
            for line in task_lines(work, tasks)
            if line["task"].unit_id in places
        ],
        meetings=[
            {
                "meeting": meeting,
                "name": services.title_of(meeting),
                "when": services.time_and_day(work, meeting.starts_at) if meeting.starts_at else "",
                "state": state_of(meeting),
                "place": places[meeting.unit_id],
                "is_coming": meeting.state in COMING,
            }
            for meeting in meetings
            if meeting.unit_id in places
        ],
    )


@blueprint.view("/mine/<uuid:meeting_id>", permission=permissions.OWN)
def my_meeting(work: Work, meeting_id: uuid.UUID) -> Any:
    """Show a meeting one is asked to: time, place, agenda."""
    meeting, items = services.access_my_meeting(work, meeting_id)
    title = services.title_of(meeting)
    return page(
        "meetings/my_meeting.html",
        title=title,
        trail=[(_("Tasks given to me"), address(work, "mine")), (title, "")],
        meeting=meeting,
        items=items,
        when=services.time_and_day(work, meeting.starts_at) if meeting.starts_at else "",
        state=state_of(meeting),
        is_coming=meeting.state in COMING,
    )


def own_task(work: Work, task_id: uuid.UUID) -> Any:
    """Return a task of the reader's own; another's does not exist on these pages."""
    one = services.access_task(work, task_id)
    if one.owner_id != work.actor.member_id:
        raise NotFound(_("There is no such page, or this account may not see it."))
    return one


@blueprint.view("/mine/tasks/<uuid:task_id>", permission=permissions.OWN)
def my_task(work: Work, task_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show a task given to me: done, report, a later day."""
    one = own_task(work, task_id)
    back = address(work, "mine")
    return page(
        "meetings/task.html",
        title=one.title,
        trail=[(_("Tasks given to me"), back), (one.title, "")],
        back=back,
        is_own=True,
        refused=form,
        report_form=filled(
            form,
            ReportInput(),
            {"report": one.report},
            action=address(work, "my_report", task_id=one.id),
            draft=f"meetings.report.{one.id}",
        ),
        **task_line(work, one),
    )


@blueprint.view(
    "/mine/tasks/<uuid:task_id>/done",
    methods=["POST"],
    permission=permissions.OWN,
    form="my_task",
)
def my_task_done(work: Work, task_id: uuid.UUID) -> Any:
    """Finish one's own task with one tap."""
    one = own_task(work, task_id)
    services.finish_task(work, one)
    return redirect_to("meetings.mine", sentence=_("Finished: %(title)s", title=one.title))


@blueprint.view(
    "/mine/tasks/<uuid:task_id>/report",
    methods=["POST"],
    permission=permissions.OWN,
    accepts=ReportInput(),
    form="my_task",
)
def my_report(work: Work, data: dict[str, Any], task_id: uuid.UUID) -> Any:
    """Say how far one's own task is."""
    one = own_task(work, task_id)
    services.report_task(work, one, data["report"])
    return redirect_to("meetings.my_task", task_id=one.id, sentence=_("The report is saved."))


@blueprint.view("/mine/tasks/<uuid:task_id>/later", permission=permissions.OWN)
def my_later(work: Work, task_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form that asks for a later day of one's own task."""
    one = own_task(work, task_id)
    back = address(work, "my_task", task_id=one.id)
    title = _("Ask for a later day")
    return page(
        "meetings/task_form.html",
        title=title,
        trail=[(one.title, back), (title, "")],
        intro=one.title,
        back=back,
        submit=_("Send the request"),
        form=filled(form, LaterInput(), draft=f"meetings.later.{one.id}"),
    )


@blueprint.view(
    "/mine/tasks/<uuid:task_id>/later",
    methods=["POST"],
    permission=permissions.OWN,
    accepts=LaterInput(),
    form="my_later",
)
def my_later_post(work: Work, data: dict[str, Any], task_id: uuid.UUID) -> Any:
    """Ask for a later day of one's own task."""
    one = own_task(work, task_id)
    services.ask_later_day(work, one, **data)
    return redirect_to(
        "meetings.my_task", task_id=one.id, sentence=_("The later day is asked for.")
    )
