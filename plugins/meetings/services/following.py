"""Step 5, following up: tasks with owner and day, reports, later days, what is carried over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.checking import changes, missing, wanted_text
from core.errors import RuleBroken
from core.i18n import _, format_day
from core.work import Work

from .. import permissions
from ..models import OPEN_TASK, Meeting, Task
from .guards import names_of
from .shapes import Key, TaskFacts
from .telling import tell_overdue, tell_tasks

FARTHEST = timedelta(days=1100)
OWN_STEPS = permissions.OWN


def _note(work: Work, action: str, task: Task, **values: Any) -> None:
    permission = values.pop("permission", permissions.FOLLOW)
    about = ledger.About("task", task.id, task.title, task.unit_id)
    ledger.record(work, f"meetings.task_{action}", about, permission=permission, **values)


def _check_open(task: Task) -> None:
    if task.state not in OPEN_TASK:
        raise RuleBroken(_("This task is closed. Open it again first."))


def check_task(work: Work, facts: TaskFacts, given_on: date) -> None:
    """Refuse a task without a title, or with a day that has passed when it was given."""
    wanted_text(facts.title, "title", _("The task is still to be written: what is to be done."))
    if facts.due_on < given_on:
        raise missing("due_on", _("The task cannot be due before it was given."))
    if facts.due_on - work.today > FARTHEST:
        raise missing("due_on", _("This day is too far ahead."))


def give_task(
    work: Work,
    facts: TaskFacts,
    *,
    meeting: Meeting | None = None,
    item_id: Key | None = None,
    resolution_item_id: Key | None = None,
) -> Task:
    """Give somebody a task: what, who, until when; in a meeting or between meetings."""
    given_on = meeting.held_on if meeting is not None and meeting.held_on else work.today
    check_task(work, facts, given_on)
    unit_id = meeting.unit_id if meeting is not None else work.unit.id
    names = names_of(work, {facts.owner_id}, "owner_id", unit_id)
    task = write_task(
        work,
        unit_id,
        facts,
        names[facts.owner_id],
        meeting_id=meeting.id if meeting is not None else None,
        item_id=item_id,
        resolution_item_id=resolution_item_id,
        given_on=given_on,
    )
    if meeting is None:  # what a meeting gives out is told when its minutes are locked
        tell_tasks(work, [task])
    return task


def write_task(
    work: Work,
    unit_id: Key,
    facts: TaskFacts,
    owner_name: str,
    *,
    given_on: date,
    **links: Key | None,
) -> Task:
    """Write a task that was checked."""
    task = Task(
        unit_id=unit_id,
        title=facts.title.strip()[:300],
        owner_id=facts.owner_id,
        owner_name=owner_name,
        given_on=given_on,
        due_on=facts.due_on,
        created_at=work.now,
        created_by=work.actor.label,
        **links,
    )
    work.session.add(task)
    work.session.flush()
    after = {"title": task.title, "owner": owner_name, "due_on": task.due_on}
    _note(work, "given", task, after=after)
    return task


def change_task(work: Work, task: Task, facts: TaskFacts) -> Task:
    """Correct a task that is still open."""
    _check_open(task)
    check_task(work, facts, min(task.due_on, work.today))
    owner_name = task.owner_name
    if facts.owner_id != task.owner_id:
        names = names_of(work, {facts.owner_id}, "owner_id", task.unit_id)
        owner_name = names[facts.owner_id]
    values = {
        "title": facts.title.strip(),
        "owner_id": facts.owner_id,
        "owner_name": owner_name,
        "due_on": facts.due_on,
    }
    before, after = changes(task, values)
    if after:
        _note(work, "changed", task, before=before, after=after)
    return task


def _own(work: Work, task: Task) -> str:
    """Return under which permission an act is done: one's own task, or following up others'."""
    return OWN_STEPS if task.owner_id == work.actor.member_id else permissions.FOLLOW


def report_task(work: Work, task: Task, report: str) -> None:
    """Report on a task; from then on it is being done."""
    _check_open(task)
    text = wanted_text(report, "report", _("The report is still to be written."))
    before, after = changes(task, {"report": text, "state": "doing", "reported_at": work.now})
    _note(work, "reported", task, before=before, after=after, permission=_own(work, task))


def finish_task(work: Work, task: Task, *, on: date | None = None, report: str = "") -> None:
    """Finish a task, today or on the day it really was."""
    _check_open(task)
    day = on or work.today
    if day > work.today:
        raise missing("on", _("This day is still to come."))
    if report.strip():
        task.report, task.reported_at = report.strip(), work.now
    task.state, task.done_on, task.closed_on = "done", day, day
    task.requested_due_on, task.request_reason = None, ""
    _note(work, "finished", task, after={"done_on": day}, permission=_own(work, task))


def reopen_task(work: Work, task: Task) -> None:
    """Take back that a task is finished or dropped."""
    if task.state not in ("done", "dropped"):
        raise RuleBroken(_("This task is open already, or was carried to the next month."))
    before = {"state": task.state, "done_on": task.done_on}
    task.state, task.done_on, task.closed_on, task.dropped_reason = "todo", None, None, ""
    _note(work, "reopened", task, before=before)


def ask_later_day(work: Work, task: Task, *, day: date, reason: str) -> None:
    """Ask for a later day; the old one holds until it is agreed to."""
    _check_open(task)
    text = wanted_text(reason, "reason", _("Note why a later day is needed."))
    if day <= task.due_on or day < work.today:
        raise missing(
            "day",
            _("Choose a day after %(day)s that is still to come.", day=format_day(task.due_on)),
        )
    if day - work.today > FARTHEST:
        raise missing("day", _("This day is too far ahead."))
    task.requested_due_on, task.request_reason = day, text
    after = {"day": day, "reason": text}
    _note(work, "later_asked", task, after=after, permission=_own(work, task))


def decide_later_day(work: Work, task: Task, *, agreed: bool) -> None:
    """Agree to a later day, or keep the old one."""
    _check_open(task)
    if task.requested_due_on is None:
        raise RuleBroken(_("No later day was asked for."))
    before = {"due_on": task.due_on, "asked": task.requested_due_on}
    if agreed:
        task.due_on = task.requested_due_on
    task.requested_due_on, task.request_reason = None, ""
    _note(
        work,
        "later_decided",
        task,
        before=before,
        after={"due_on": task.due_on, "agreed": agreed},
    )


def carry_over(work: Work, task: Task, *, due_on: date) -> Task:
    """Carry a task over to the next month; the new one names the old one."""
    _check_open(task)
    if due_on <= task.due_on or due_on < work.today:
        raise missing(
            "due_on",
            _("Choose a day after %(day)s that is still to come.", day=format_day(task.due_on)),
        )
    if due_on - work.today > FARTHEST:
        raise missing("due_on", _("This day is too far ahead."))
    task.state, task.closed_on = "carried", work.today
    task.requested_due_on, task.request_reason = None, ""
    new = write_task(
        work,
        task.unit_id,
        TaskFacts(task.title, task.owner_id, due_on),
        task.owner_name,
        given_on=work.today,
        meeting_id=task.meeting_id,
        resolution_item_id=task.resolution_item_id,
        carried_from_id=task.id,
    )
    _note(work, "carried", task, before={"due_on": task.due_on}, after={"due_on": due_on})
    return new


def drop_task(work: Work, task: Task, *, reason: str) -> None:
    """Drop a task that is no longer needed."""
    _check_open(task)
    text = wanted_text(reason, "reason", _("Note why the task is dropped."))
    task.state, task.closed_on, task.dropped_reason = "dropped", work.today, text
    task.requested_due_on, task.request_reason = None, ""
    _note(work, "dropped", task, after={"reason": text})


def remind_overdue(work: Work, task_ids: Sequence[Key] = ()) -> int:
    """Remind the owners of overdue tasks here, all or those named; return how many."""
    statement = sa.select(Task).where(
        Task.unit_id == work.unit.id, Task.state.in_(OPEN_TASK), Task.due_on < work.today
    )
    if task_ids:
        statement = statement.where(Task.id.in_(list(task_ids)))
    tasks = work.session.scalars(statement.limit(200)).all()
    for task in tasks:
        task.times_reminded += 1
        task.reminded_at = work.now
        _note(work, "reminded", task, after={"times": task.times_reminded})
    tell_overdue(work, tasks)
    return len(tasks)
