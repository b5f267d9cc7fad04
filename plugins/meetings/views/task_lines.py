"""Tasks as lines of a list: the state a person sees, the resolution, the unit of then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.units.covering import AsOf
from core.units.standing import stood
from core.work import Work

from .. import services
from ..services import words

KINDS = {
    "todo": "info",
    "doing": "info",
    "done": "good",
    "overdue": "late",
    "asked": "warn",
    "carried": "none",
    "dropped": "none",
}
"""The colour beside the words of each state of a task."""


def task_lines(work: Work, tasks: Sequence[Any], day: date | None = None) -> list[dict[str, Any]]:
    """Return tasks with the state a person sees, its colour, and the resolution they carry out."""
    codes = services.codes_of(work, tasks)
    lines = []
    for task in tasks:
        state = services.shown_state(task, day or work.today)
        lines.append(
            {
                "task": task,
                "state": (KINDS[state], str(words.TASKS[state])),
                "key": state,
                "resolution": codes.get(task.resolution_item_id, ""),
            }
        )
    return lines


def task_line(work: Work, task: Any) -> dict[str, Any]:
    """Return one task as a line of a list is shown."""
    return task_lines(work, [task])[0]


def past_lines(work: Work, tasks: Sequence[Any], as_of: AsOf) -> list[dict[str, Any]]:
    """Return tasks as lines, as they were on a day: with where each stood, and is found today."""
    places = stood(work, tasks, as_of)
    shown = services.as_then(work, tasks, as_of)
    lines = [(line, places[line["task"].id]) for line in task_lines(work, shown, as_of.day)]
    return [{**line, "place": place, "home": place.home} for line, place in lines]
