"""Step 5, following up: tasks with owner and day, reports, later days, what is carried over."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from core.work import Work

from ..models import (
    Meeting,
    Task,
)
from .shapes import (
    TaskCounts,
    TaskFacts,
)

Key = uuid.UUID


def give_task(
    work: Work,
    facts: TaskFacts,
    *,
    meeting: Meeting | None = None,
    item_id: Key | None = None,
    resolution_item_id: Key | None = None,
) -> Task:
    """Give somebody a task: what, who, until when."""
    raise NotImplementedError


def change_task(work: Work, task: Task, facts: TaskFacts) -> Task:
    """Correct a task that is still open."""
    raise NotImplementedError


def report_task(work: Work, task: Task, report: str) -> None:
    """Report on a task; it is being done."""
    raise NotImplementedError


def finish_task(work: Work, task: Task, *, on: date | None = None, report: str = "") -> None:
    """Finish a task."""
    raise NotImplementedError


def reopen_task(work: Work, task: Task) -> None:
    """Take back that a task is finished."""
    raise NotImplementedError


def ask_later_day(work: Work, task: Task, *, day: date, reason: str) -> None:
    """Ask for a later day."""
    raise NotImplementedError


def decide_later_day(work: Work, task: Task, *, agreed: bool) -> None:
    """Agree to a later day, or keep the old one."""
    raise NotImplementedError


def carry_over(work: Work, task: Task, *, due_on: date) -> Task:
    """Carry a task over to the next month; the new one is linked."""
    raise NotImplementedError


def drop_task(work: Work, task: Task, *, reason: str) -> None:
    """Drop a task that is no longer needed."""
    raise NotImplementedError


def remind_overdue(work: Work, task_ids: Sequence[Key] = ()) -> int:
    """Remind the owners of overdue tasks here; return how many."""
    raise NotImplementedError


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
    """List tasks by due day; state may be open, overdue, asked or any stored one."""
    raise NotImplementedError


def task_counts(work: Work) -> TaskCounts:
    """Count the tasks of this unit."""
    raise NotImplementedError


def my_tasks(work: Work, limit: int = 50) -> list[Task]:
    """Return one's own open tasks of all units, the most urgent first."""
    raise NotImplementedError
