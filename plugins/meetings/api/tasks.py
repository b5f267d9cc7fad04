"""JSON: tasks, those of a unit and one's own."""

from __future__ import annotations

import uuid
from typing import Any

from core.units.covering import told_of
from core.web import written
from core.work import Work

from .. import permissions, services
from ..schemas import facts as sent
from ..schemas import output, record
from ..schemas.follow import CarryInput, DecisionInput, DropInput, LaterInput, ReportInput
from .door import blueprint, task_at

Task = output.TaskOutput


@blueprint.api(
    "/tasks",
    permission=permissions.TASK_SEE,
    accepts=sent.TaskListFilter(),
    answers=Task(),
    many=True,
)
def tasks(work: Work, data: dict[str, Any]) -> Any:
    """List tasks by due day; as of a day, as they were then."""
    as_of = told_of(data)
    found, following = services.list_tasks(work, as_of=as_of, **data)
    return services.as_then(work, found, as_of), following


@blueprint.api("/mine/tasks", permission=permissions.OWN, answers=Task(), many=True)
def my_tasks(work: Work) -> Any:
    """Return one's own open tasks of all units."""
    return services.my_tasks(work), None


@blueprint.api(
    "/tasks",
    methods=["POST"],
    permission=permissions.FOLLOW,
    accepts=record.TaskJson(),
    answers=Task(),
)
def give(work: Work, data: dict[str, Any]) -> Any:
    """Give somebody a task."""
    key = data["meeting_id"]
    meeting = services.access_meeting(work, key) if key is not None else None
    return written(work, services.give_task(work, data["facts"], meeting=meeting), status=201)


@blueprint.api(
    "/tasks/remind",
    methods=["POST"],
    permission=permissions.FOLLOW,
    accepts=sent.RemindTasksInput(),
    answers=output.CountOutput(),
)
def remind(work: Work, data: dict[str, Any]) -> Any:
    """Remind the owners of overdue tasks."""
    return {"count": services.remind_overdue(work, data["tasks"])}


@blueprint.api("/tasks/<uuid:task_id>", permission=permissions.OWN, answers=Task())
def task(work: Work, task_id: uuid.UUID) -> Any:
    """Return a task of the unit one may see, or one's own."""
    return services.access_task(work, task_id)


@blueprint.api(
    "/tasks/<uuid:task_id>",
    methods=["PUT"],
    permission=permissions.FOLLOW,
    accepts=record.TaskJson(),
    answers=Task(),
    revised=True,
)
def change_task(work: Work, data: dict[str, Any], task_id: uuid.UUID, revision: int) -> Any:
    """Correct a task that is open."""
    found = task_at(work, task_id, revision)
    return written(work, services.change_task(work, found, data["facts"]))


@blueprint.api(
    "/tasks/<uuid:task_id>/report",
    methods=["POST"],
    permission=permissions.FOLLOW,
    accepts=ReportInput(),
    answers=Task(),
    revised=True,
)
def report(work: Work, data: dict[str, Any], task_id: uuid.UUID, revision: int) -> Any:
    """Report on a task."""
    found = task_at(work, task_id, revision)
    services.report_task(work, found, data["report"])
    return written(work, found)


@blueprint.api(
    "/tasks/<uuid:task_id>/finish",
    methods=["POST"],
    permission=permissions.FOLLOW,
    accepts=sent.FinishInput(),
    answers=Task(),
    revised=True,
)
def finish(work: Work, data: dict[str, Any], task_id: uuid.UUID, revision: int) -> Any:
    """Finish a task."""
    found = task_at(work, task_id, revision)
    services.finish_task(work, found, **data)
    return written(work, found)


@blueprint.api(
    "/tasks/<uuid:task_id>/reopen",
    methods=["POST"],
    permission=permissions.FOLLOW,
    answers=Task(),
    revised=True,
)
def reopen(work: Work, task_id: uuid.UUID, revision: int) -> Any:
    """Open a task again."""
    found = task_at(work, task_id, revision)
    services.reopen_task(work, found)
    return written(work, found)


@blueprint.api(
    "/tasks/<uuid:task_id>/later",
    methods=["POST"],
    permission=permissions.FOLLOW,
    accepts=LaterInput(),
    answers=Task(),
    revised=True,
)
def later(work: Work, data: dict[str, Any], task_id: uuid.UUID, revision: int) -> Any:
    """Ask for a later day."""
    found = task_at(work, task_id, revision)
    services.ask_later_day(work, found, **data)
    return written(work, found)


@blueprint.api(
    "/tasks/<uuid:task_id>/decide",
    methods=["POST"],
    permission=permissions.FOLLOW,
    accepts=DecisionInput(),
    answers=Task(),
    revised=True,
)
def decide(work: Work, data: dict[str, Any], task_id: uuid.UUID, revision: int) -> Any:
    """Agree to a later day, or keep the old one."""
    found = task_at(work, task_id, revision)
    services.decide_later_day(work, found, agreed=data["answer"] == "yes")
    return written(work, found)


@blueprint.api(
    "/tasks/<uuid:task_id>/carry",
    methods=["POST"],
    permission=permissions.FOLLOW,
    accepts=CarryInput(),
    answers=Task(),
    revised=True,
)
def carry(work: Work, data: dict[str, Any], task_id: uuid.UUID, revision: int) -> Any:
    """Carry a task over to the next month; the new one is the answer."""
    found = task_at(work, task_id, revision)
    return written(work, services.carry_over(work, found, **data), status=201)


@blueprint.api(
    "/tasks/<uuid:task_id>/drop",
    methods=["POST"],
    permission=permissions.FOLLOW,
    accepts=DropInput(),
    answers=Task(),
    revised=True,
)
def drop(work: Work, data: dict[str, Any], task_id: uuid.UUID, revision: int) -> Any:
    """Drop a task that is no longer needed."""
    found = task_at(work, task_id, revision)
    services.drop_task(work, found, **data)
    return written(work, found)


@blueprint.api(
    "/mine/tasks/<uuid:task_id>/report",
    methods=["POST"],
    permission=permissions.OWN,
    accepts=ReportInput(),
    answers=Task(),
    revised=True,
)
def report_mine(work: Work, data: dict[str, Any], task_id: uuid.UUID, revision: int) -> Any:
    """Report on one's own task."""
    found = services.own_task(work, task_at(work, task_id, revision))
    services.report_task(work, found, data["report"])
    return written(work, found)


@blueprint.api(
    "/mine/tasks/<uuid:task_id>/finish",
    methods=["POST"],
    permission=permissions.OWN,
    accepts=sent.FinishInput(),
    answers=Task(),
    revised=True,
)
def finish_mine(work: Work, data: dict[str, Any], task_id: uuid.UUID, revision: int) -> Any:
    """Finish one's own task."""
    found = services.own_task(work, task_at(work, task_id, revision))
    services.finish_task(work, found, **data)
    return written(work, found)


@blueprint.api(
    "/mine/tasks/<uuid:task_id>/later",
    methods=["POST"],
    permission=permissions.OWN,
    accepts=LaterInput(),
    answers=Task(),
    revised=True,
)
def later_mine(work: Work, data: dict[str, Any], task_id: uuid.UUID, revision: int) -> Any:
    """Ask for a later day of one's own task."""
    found = services.own_task(work, task_at(work, task_id, revision))
    services.ask_later_day(work, found, **data)
    return written(work, found)
