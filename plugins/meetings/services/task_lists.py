"""Tasks in lists: of a unit, of what stands below it, of oneself; and their counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.checking import missing
from core.i18n import _
from core.paging import beyond, read_cursor
from core.periods import month_of, year_of
from core.scope import switched_on
from core.units.covering import TODAY, AsOf, covered
from core.units.standing import stood
from core.work import Work

from ..models import OPEN_TASK, TASK_STATES, Resolution, ResolutionItem, Task
from .reading import page_of
from .shapes import Key, TaskCounts


def is_overdue(task: Task, today: date) -> bool:
    """Whether a task is open and its day has passed."""
    return task.state in OPEN_TASK and task.due_on < today


def shown_state(task: Task, today: date) -> str:
    """Return the state a person sees: overdue and a later day asked for come first."""
    if task.state in OPEN_TASK and task.requested_due_on is not None:
        return "asked"
    return "overdue" if is_overdue(task, today) else task.state


def _open_on(as_of: AsOf) -> sa.ColumnElement[bool]:
    """Condition: a task is open today, or was on the day asked for."""
    if as_of.day is None:
        return sa.or_(Task.state.in_(OPEN_TASK))
    return sa.or_(Task.closed_on.is_(None), Task.closed_on > as_of.day)


def _in_state(work: Work, state: str, as_of: AsOf) -> sa.ColumnElement[bool]:
    is_open, begun = _open_on(as_of), Task.state == state
    if state == "open":
        return is_open
    if state == "overdue":
        return sa.and_(is_open, Task.due_on < (as_of.day or work.today))
    if state == "asked":
        return sa.and_(is_open, Task.requested_due_on.is_not(None))
    if as_of.day is None:
        return begun
    if state in OPEN_TASK:
        reported = sa.and_(Task.reported_at.is_not(None), Task.reported_at < work.end_of(as_of.day))
        return sa.and_(is_open, reported if state == "doing" else ~reported)
    return sa.and_(begun, ~is_open)


def list_tasks(
    work: Work,
    *,
    state: str = "",
    meeting_id: Key | None = None,
    owner_id: Key | None = None,
    subtree: bool = False,
    as_of: AsOf = TODAY,
    cursor: str = "",
    limit: int = 50,
) -> tuple[list[Task], str | None]:
    """List tasks by due day; `state` is open, overdue, asked, or any stored one.

    As of a day: those given by then, open, done or dropped as they were; `as_then` shows them so.
    """
    if state == "asked" and as_of.day is not None:
        raise missing("state", _("Who asked for a later day is listed for today only."))
    where = covered(
        work, Task.unit_id, as_of, day=Task.given_on, alone=not subtree, row=Task.id
    )  # fmt: skip
    statement = sa.select(Task).where(where)
    if state in ("open", "overdue", "asked", *TASK_STATES):
        statement = statement.where(_in_state(work, state, as_of))
    if meeting_id is not None:
        statement = statement.where(Task.meeting_id == meeting_id)
    if owner_id is not None:
        statement = statement.where(Task.owner_id == owner_id)
    after = read_cursor(cursor, "d", "k")
    if after is not None:
        statement = statement.where(beyond((Task.due_on, Task.id), after))
    rows = list(work.session.scalars(statement.order_by(Task.due_on, Task.id).limit(limit + 1)))
    return page_of(rows, limit, lambda task: (task.due_on, task.id))


def as_then(work: Work, tasks: Sequence[Task], as_of: AsOf) -> Sequence[Task]:
    """Return tasks as they were on the day asked for, at the units of then; without one, as is.

    They are taken out of the session before, so that nothing of this can be stored. Title, who
    does it and the day due are those of today: a correction holds for the past as well.
    """
    if as_of.day is None:
        return tasks
    places = stood(work, tasks, as_of)
    for task in tasks:
        work.session.expunge(task)
        _turn_back(work, task, as_of.day)
        task.unit_id = places[task.id].unit_id
    return tasks


def _turn_back(work: Work, task: Task, day: date) -> None:
    """Let a task that is out of the session look as it did on a day."""
    over = work.end_of(day)
    task.requested_due_on, task.request_reason = None, ""
    if task.reminded_at is None or task.reminded_at >= over:
        task.times_reminded = 0
    is_reported = task.reported_at is not None and task.reported_at < over
    if not is_reported:
        task.report = ""
    if task.closed_on is None or task.closed_on > day:
        task.state = "doing" if is_reported else "todo"
        task.done_on, task.closed_on, task.dropped_reason = None, None, ""


def task_counts(work: Work, as_of: AsOf = TODAY) -> TaskCounts:
    """Count the tasks of this unit, as they stand or stood on a day; one statement."""
    today = as_of.day or work.today
    month, year = month_of(today), year_of(today)

    def count(*conditions: Any) -> Any:
        return sa.func.coalesce(sa.func.sum(sa.case((sa.and_(*conditions), 1), else_=0)), 0)

    is_open = _open_on(as_of)
    row = work.session.execute(
        sa.select(
            count(is_open, Task.due_on < today),
            count(is_open, Task.due_on >= today, Task.due_on < month.end),
            count(is_open),
            count(Task.state == "done", Task.done_on >= year.start, Task.done_on <= today),
            count(is_open, Task.requested_due_on.is_not(None)),
        )
        .select_from(Task)
        .where(covered(work, Task.unit_id, as_of, day=Task.given_on, alone=True, row=Task.id))
    ).one()
    return TaskCounts(*(int(number) for number in row))


def counts_sentence(counts: TaskCounts) -> str:
    """Say how the tasks of the branch stand."""
    if not counts.open and not counts.done:
        return _("No task has been given yet. Each resolution should name who does it and when.")
    return _(
        "Tasks of the branch: %(overdue)s overdue, %(month)s this month, %(done)s finished.",
        overdue=counts.overdue,
        month=counts.this_month,
        done=counts.done,
    )


def my_tasks(work: Work, limit: int = 50) -> list[Task]:
    """Return one's own open tasks of all units, the most urgent first."""
    if work.actor.member_id is None:
        return []
    statement = sa.select(Task).where(
        Task.owner_id == work.actor.member_id, Task.state.in_(OPEN_TASK)
    )
    on = switched_on(work, "meetings", Task.unit_id)
    if on is not None:
        statement = statement.where(on)
    return list(
        work.session.scalars(
            statement.order_by(Task.due_on, Task.id)
            .limit(limit)
            .execution_options(unscoped="one's own tasks")
        )
    )


def codes_of(work: Work, tasks: Sequence[Task]) -> dict[Key, str]:
    """Return the numbers of the resolutions that tasks carry out, by point; one statement at most.

    A resolution that is not issued yet bears none.
    """
    ids = {task.resolution_item_id for task in tasks if task.resolution_item_id is not None}
    if not ids:
        return {}
    rows = work.session.execute(
        sa.select(ResolutionItem.id, Resolution.code)
        .select_from(Resolution)
        .join(ResolutionItem, ResolutionItem.resolution_id == Resolution.id)
        .where(ResolutionItem.id.in_(ids), Resolution.code != "")
        .execution_options(unscoped="whoever sees a task sees which resolution it carries out")
    )
    return {row.id: row.code for row in rows}
