"""Step 5, following up: the tasks of a meeting and of the branch, reports, later days."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from core.forms import Form
from core.i18n import _, _n
from core.settings import value
from core.units.covering import query_of, told_of
from core.web import page, redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.follow import (
    CarryInput,
    DecisionInput,
    DropInput,
    LaterInput,
    ReportInput,
    TaskFilter,
    TaskInput,
)
from .door import blueprint
from .frame import address, filled, meeting_page, people_choices
from .task_lines import past_lines, task_line, task_lines


@blueprint.view("/<uuid:meeting_id>/follow", permission=permissions.TASK_SEE)
def follow(work: Work, meeting_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the resolutions and tasks of a meeting, the overdue ones on top."""
    meeting = services.access_meeting(work, meeting_id)
    tasks, _following = services.list_tasks(work, meeting_id=meeting.id, limit=100)
    lines = task_lines(work, tasks)
    is_closed = ("done", "dropped", "carried")
    may_read = work.may(permissions.MINUTES_SEE)
    return meeting_page(
        work,
        meeting,
        "follow",
        title=_("Follow up"),
        step="follow",
        refused=form,
        open_lines=[line for line in lines if line["key"] not in is_closed],
        closed_lines=[line for line in lines if line["key"] in is_closed],
        overdue=sum(line["task"].due_on < work.today for line in lines if line["key"] == "overdue"),
        resolutions=services.list_resolutions(work, meeting) if may_read else [],
        task_form=filled(
            form,
            TaskInput(),
            {"due_on": proposed_day(work)},
            action=address(work, "give_meeting_task", meeting_id=meeting.id),
            draft=f"meetings.task.{meeting.id}",
            choices={"owner_id": people_choices(work)},
        ),
    )


def proposed_day(work: Work) -> Any:
    """Return the day proposed for a new task, from the settings of the place."""
    return work.today + timedelta(days=int(value(work, "meetings.task_days")))


@blueprint.view(
    "/<uuid:meeting_id>/follow",
    methods=["POST"],
    permission=permissions.FOLLOW,
    accepts=TaskInput(),
    form="follow",
)
def give_meeting_task(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Give a task out of a meeting."""
    meeting = services.access_meeting(work, meeting_id)
    task = services.give_task(work, services.TaskFacts(**data), meeting=meeting)
    return redirect_to(
        "meetings.follow",
        meeting_id=meeting.id,
        sentence=_("Task given to comrade %(name)s.", name=task.owner_name),
    )


@blueprint.view("/tasks", permission=permissions.TASK_SEE, accepts=TaskFilter())
def tasks(work: Work, data: dict[str, Any]) -> Any:
    """Show the branch's tasks by their day, the overdue ones first; today's or those of a day."""
    as_of = told_of(data)
    state = data["state"] or "open"
    found, following = services.list_tasks(
        work, state=state, as_of=as_of, cursor=data["cursor"], limit=40
    )
    told, kept = query_of(as_of), {"state": data["state"]} if data["state"] else {}
    return page(
        "meetings/tasks.html",
        title=_("Tasks of the branch"),
        trail=[(_("Branch meetings"), address(work, "index")), (_("Tasks of the branch"), "")],
        lines=past_lines(work, found, as_of),
        following=address(work, "tasks", **kept, **told, cursor=following) if following else "",
        state=data["state"],
        counts=services.task_counts(work, as_of),
        first_page=not data["cursor"],
        as_of=as_of.day if as_of.is_past else None,
        asked=as_of,
        told=told,
        kept=kept,
    )


@blueprint.view("/tasks/new", permission=permissions.FOLLOW)
def new_task(work: Work, form: Form | None = None) -> Any:
    """Show the form of a task given between meetings."""
    return _task_page(
        work,
        "task_form",
        title=_("Give a task"),
        submit=_("Give the task"),
        back=address(work, "tasks"),
        form=filled(
            form,
            TaskInput(),
            {"due_on": proposed_day(work)},
            draft="meetings.task.new",
            choices={"owner_id": people_choices(work)},
        ),
    )


@blueprint.view(
    "/tasks/new",
    methods=["POST"],
    permission=permissions.FOLLOW,
    accepts=TaskInput(),
    form="new_task",
)
def give_task(work: Work, data: dict[str, Any]) -> Any:
    """Give a task between meetings."""
    task = services.give_task(work, services.TaskFacts(**data))
    return redirect_to(
        "meetings.tasks", sentence=_("Task given to comrade %(name)s.", name=task.owner_name)
    )


@blueprint.view("/tasks/remind", methods=["POST"], permission=permissions.FOLLOW)
def remind(work: Work) -> Any:
    """Remind the owners of all overdue tasks."""
    count = services.remind_overdue(work)
    sentence = _n("Reminded of %(n)s overdue task.", "Reminded of %(n)s overdue tasks.", count)
    return redirect_to(
        "meetings.tasks", sentence=sentence if count else _("No task is overdue."), state="overdue"
    )


@blueprint.view("/tasks/<uuid:task_id>", permission=permissions.TASK_SEE)
def task(work: Work, task_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show one task of the branch: its report, its days, what can be done with it."""
    one = services.access_task(work, task_id)
    return _task_page(
        work,
        "task",
        title=one.title,
        refused=form,
        back=address(work, "tasks"),
        is_own=False,
        report_form=filled(
            form,
            ReportInput(),
            {"report": one.report},
            action=address(work, "report", task_id=one.id),
            draft=f"meetings.report.{one.id}",
        ),
        **task_line(work, one),
    )


def _task_page(work: Work, template: str, *, title: str, back: str, **values: Any) -> Any:
    """Show a page about one task."""
    way = [(_("Tasks of the branch"), back), (title, "")]
    return page(f"meetings/{template}.html", title=title, trail=way, back=back, **values)


@blueprint.view(
    "/tasks/<uuid:task_id>/done", methods=["POST"], permission=permissions.FOLLOW, form="task"
)
def finish(work: Work, task_id: uuid.UUID) -> Any:
    """Finish a task with one tap."""
    one = services.access_task(work, task_id)
    services.finish_task(work, one)
    return back_to_tasks(one, _("Finished: %(title)s", title=one.title))


def back_to_tasks(one: Any, sentence: str) -> Any:
    """Go back to the list a task stands in: its meeting's, else the branch's."""
    if one.meeting_id is not None:
        return redirect_to("meetings.follow", meeting_id=one.meeting_id, sentence=sentence)
    return redirect_to("meetings.tasks", sentence=sentence)


@blueprint.view(
    "/tasks/<uuid:task_id>/report",
    methods=["POST"],
    permission=permissions.FOLLOW,
    accepts=ReportInput(),
    form="task",
)
def report(work: Work, data: dict[str, Any], task_id: uuid.UUID) -> Any:
    """Note how far a task is."""
    one = services.access_task(work, task_id)
    services.report_task(work, one, data["report"])
    return redirect_to("meetings.task", task_id=one.id, sentence=_("The report is saved."))


@blueprint.view(
    "/tasks/<uuid:task_id>/reopen", methods=["POST"], permission=permissions.FOLLOW, form="task"
)
def reopen(work: Work, task_id: uuid.UUID) -> Any:
    """Take back that a task is finished."""
    one = services.access_task(work, task_id)
    services.reopen_task(work, one)
    return redirect_to("meetings.task", task_id=one.id, sentence=_("The task is open again."))


@blueprint.view("/tasks/<uuid:task_id>/later", permission=permissions.FOLLOW)
def later(work: Work, task_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form that asks for a later day."""
    one = services.access_task(work, task_id)
    return _one_form(
        work, one, _("Ask for a later day"), filled(form, LaterInput()), _("Send the request")
    )


def _one_form(work: Work, one: Any, title: str, form: Form, submit: str) -> Any:
    """Show a page with one small form about a task."""
    return _task_page(
        work,
        "task_form",
        title=title,
        back=address(work, "task", task_id=one.id),
        submit=submit,
        form=form,
        intro=one.title,
    )


@blueprint.view(
    "/tasks/<uuid:task_id>/later",
    methods=["POST"],
    permission=permissions.FOLLOW,
    accepts=LaterInput(),
    form="later",
)
def later_post(work: Work, data: dict[str, Any], task_id: uuid.UUID) -> Any:
    """Ask for a later day."""
    one = services.access_task(work, task_id)
    services.ask_later_day(work, one, **data)
    return redirect_to("meetings.task", task_id=one.id, sentence=_("The later day is asked for."))


@blueprint.view(
    "/tasks/<uuid:task_id>/decide",
    methods=["POST"],
    permission=permissions.FOLLOW,
    accepts=DecisionInput(),
    form="task",
)
def decide(work: Work, data: dict[str, Any], task_id: uuid.UUID) -> Any:
    """Agree to a later day, or keep the old one."""
    one = services.access_task(work, task_id)
    services.decide_later_day(work, one, agreed=data["answer"] == "yes")
    sentence = _("The later day holds.") if data["answer"] == "yes" else _("The old day stays.")
    return redirect_to("meetings.task", task_id=one.id, sentence=sentence)


@blueprint.view("/tasks/<uuid:task_id>/carry", permission=permissions.FOLLOW)
def carry(work: Work, task_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form that carries a task over."""
    one = services.access_task(work, task_id)
    first = {"due_on": proposed_day(work)}
    return _one_form(
        work,
        one,
        _("Carry over to the next month"),
        filled(form, CarryInput(), first),
        _("Carry the task over"),
    )


@blueprint.view(
    "/tasks/<uuid:task_id>/carry",
    methods=["POST"],
    permission=permissions.FOLLOW,
    accepts=CarryInput(),
    form="carry",
)
def carry_post(work: Work, data: dict[str, Any], task_id: uuid.UUID) -> Any:
    """Carry a task over to the next month."""
    new = services.carry_over(work, services.access_task(work, task_id), **data)
    return redirect_to(
        "meetings.task", task_id=new.id, sentence=_("The task is carried over with its new day.")
    )


@blueprint.view("/tasks/<uuid:task_id>/drop", permission=permissions.FOLLOW)
def drop(work: Work, task_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form that drops a task."""
    one = services.access_task(work, task_id)
    return _one_form(work, one, _("Drop the task"), filled(form, DropInput()), _("Drop the task"))


@blueprint.view(
    "/tasks/<uuid:task_id>/drop",
    methods=["POST"],
    permission=permissions.FOLLOW,
    accepts=DropInput(),
    form="drop",
)
def drop_post(work: Work, data: dict[str, Any], task_id: uuid.UUID) -> Any:
    """Drop a task that is no longer needed."""
    one = services.access_task(work, task_id)
    services.drop_task(work, one, **data)
    return back_to_tasks(one, _("The task is dropped, with its reason."))


@blueprint.view("/tasks/<uuid:task_id>/edit", permission=permissions.FOLLOW)
def edit_task(work: Work, task_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form that corrects a task."""
    one = services.access_task(work, task_id)
    choices = {"owner_id": people_choices(work)}
    return _one_form(
        work,
        one,
        _("Correct the task"),
        filled(form, TaskInput(), one, choices=choices),
        _("Save the task"),
    )


@blueprint.view(
    "/tasks/<uuid:task_id>/edit",
    methods=["POST"],
    permission=permissions.FOLLOW,
    accepts=TaskInput(),
    form="edit_task",
)
def edit_task_post(work: Work, data: dict[str, Any], task_id: uuid.UUID) -> Any:
    """Correct a task that is still open."""
    one = services.access_task(work, task_id)
    services.change_task(work, one, services.TaskFacts(**data))
    return redirect_to("meetings.task", task_id=one.id, sentence=_("The task is saved."))
