"""Tasks in lists: of a unit, of what stands below it, of oneself; and their counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.i18n import _
from core.paging import beyond, read_cursor
from core.periods import month_of, year_of
from core.scope import switched_on
from core.work import Work

from ..models import OPEN_TASK, TASK_STATES, Resolution, ResolutionItem, Task
from .reading import page_of, under
from .shapes import Key, TaskCounts


def is_overdue(task: Task, today: date) -> bool:
    """Whether a task is open and its day has passed."""
    return task.state in OPEN_TASK and task.due_on < today


def shown_state(task: Task, today: date) -> str:
    """Return the state a person sees: overdue and a later day asked for come first."""
    if task.state in OPEN_TASK and task.requested_due_on is not None:
        return "asked"
    return "overdue" if is_overdue(task, today) else task.state


def _in_state(state: str, today: date) -> sa.ColumnElement[bool]:
    is_open = Task.state.in_(OPEN_TASK)
    if state == "open":
        return is_open
    if state == "overdue":
        return sa.and_(is_open, Task.due_on < today)
    if state == "asked":
        return sa.and_(is_open, Task.requested_due_on.is_not(None))
    return Task.state == state


def list_tasks(
    work: Work,
    *,
    state: str = "",
    meeting_id: Key | None = None,
    owner_id: Key | None = None,
    subtree: bool = False,
    cursor: str = "",
    limit: int = 50,
) -> tuple[list[Task], str | None]:
    """List tasks by due day; `state` is open, overdue, asked, or any stored one."""
    where = under(work, Task.unit_id) if subtree else Task.unit_id == work.unit.id
    statement = sa.select(Task).where(where)
    if state in ("open", "overdue", "asked", *TASK_STATES):
        statement = statement.where(_in_state(state, work.today))
    if meeting_id is not None:
        statement = statement.where(Task.meeting_id == meeting_id)
    if owner_id is not None:
        statement = statement.where(Task.owner_id == owner_id)
    after = read_cursor(cursor, "d", "k")
    if after is not None:
        statement = statement.where(beyond((Task.due_on, Task.id), after))
    rows = list(work.session.scalars(statement.order_by(Task.due_on, Task.id).limit(limit + 1)))
    return page_of(rows, limit, lambda task: (task.due_on, task.id))


def task_counts(work: Work) -> TaskCounts:
    """Count the tasks of this unit; one statement."""
    today = work.today
    month, year = month_of(today), year_of(today)

    def count(*conditions: Any) -> Any:
        return sa.func.coalesce(sa.func.sum(sa.case((sa.and_(*conditions), 1), else_=0)), 0)

    is_open = Task.state.in_(OPEN_TASK)
    row = work.session.execute(
        sa.select(
            count(is_open, Task.due_on < today),
            count(is_open, Task.due_on >= today, Task.due_on < month.end),
            count(is_open),
            count(Task.state == "done", Task.done_on >= year.start),
            count(is_open, Task.requested_due_on.is_not(None)),
        )
        .select_from(Task)
        .where(Task.unit_id == work.unit.id)
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
