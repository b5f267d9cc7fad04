"""JSON: the committee's month, reminders, who follows whom, the month's material."""

from __future__ import annotations

import uuid
from typing import Any

from core.units.covering import told_of
from core.web import current, written
from core.work import Work

from .. import permissions, services
from ..schemas import facts as sent
from ..schemas import output
from ..schemas.oversee import AssignmentInput, MaterialInput, UntilFilter
from .door import blueprint


@blueprint.api(
    "/month",
    permission=permissions.OVERSEE,
    accepts=sent.MonthQuery(),
    answers=output.MonthLineOutput(),
    many=True,
)
def month(work: Work, data: dict[str, Any]) -> Any:
    """Return the month of all branches below, most trouble first."""
    found = services.month_matrix(work, data.pop("month"), as_of=told_of(data), **data)
    return found.lines, found.next


@blueprint.api(
    "/coverage",
    permission=permissions.OVERSEE,
    accepts=sent.MonthQuery(only=["month", "as_of", "restated"]),
    answers=output.CoverageOutput(),
)
def coverage(work: Work, data: dict[str, Any]) -> Any:
    """Return what a month adds up to."""
    return services.coverage(work, data["month"], told_of(data))


@blueprint.api(
    "/twelve-months",
    permission=permissions.OVERSEE,
    accepts=UntilFilter(),
    answers=output.MonthPointOutput(),
    many=True,
)
def twelve_months(work: Work, data: dict[str, Any]) -> Any:
    """Return twelve months up to one."""
    return services.twelve_months(work, data["month"], told_of(data)), None


@blueprint.api(
    "/chases",
    permission=permissions.OVERSEE,
    accepts=sent.MonthQuery(only=["month"]),
    answers=output.ChaseOutput(),
    many=True,
)
def chases(work: Work, data: dict[str, Any]) -> Any:
    """Return the reminders of the unit for a month."""
    return services.list_chases(work, work.unit.id, data["month"]), None


@blueprint.api(
    "/chases",
    methods=["POST"],
    permission=permissions.CHASE,
    accepts=sent.ChaseJson(),
    answers=output.CountOutput(),
)
def chase(work: Work, data: dict[str, Any]) -> Any:
    """Note that branches were reminded."""
    units, first = data.pop("units"), data.pop("month")
    return {"count": services.chase(work, units, first, **data)}


@blueprint.api(
    "/assignments",
    permission=permissions.OVERSEE,
    accepts=sent.AssignmentQuery(),
    answers=output.AssignmentOutput(),
    many=True,
)
def assignments(work: Work, data: dict[str, Any]) -> Any:
    """Return who follows which branch below this unit today."""
    return services.page_of_assignments(work, told_of(data), **data)


@blueprint.api(
    "/assignments",
    methods=["POST"],
    permission=permissions.ASSIGN,
    accepts=AssignmentInput(),
    answers=output.CountOutput(),
)
def assign(work: Work, data: dict[str, Any]) -> Any:
    """Assign who follows branches."""
    return {"count": len(services.assign_official(work, **data))}


@blueprint.api(
    "/assignments/<uuid:assignment_id>/end",
    methods=["POST"],
    permission=permissions.ASSIGN,
    accepts=sent.EndAssignmentInput(),
)
def end_assignment(work: Work, data: dict[str, Any], assignment_id: uuid.UUID) -> Any:
    """End an assignment."""
    services.end_assignment(work, assignment_id, data["on"])


@blueprint.api(
    "/materials",
    permission=permissions.MATERIAL_SEE,
    accepts=sent.MonthQuery(only=["month"]),
    answers=output.MaterialOutput(),
    many=True,
)
def materials(work: Work, data: dict[str, Any]) -> Any:
    """Return the open material of this unit and those above for a month."""
    return services.month_materials(work, data["month"]), None


@blueprint.api(
    "/materials",
    methods=["POST"],
    permission=permissions.PUBLISH,
    accepts=MaterialInput(exclude=["revision"]),
    answers=output.MaterialOutput(),
)
def draft_material(work: Work, data: dict[str, Any]) -> Any:
    """Write the month's material."""
    return written(work, services.draft_material(work, **data), status=201)


@blueprint.api(
    "/materials/<uuid:material_id>",
    permission=permissions.MATERIAL_SEE,
    answers=output.MaterialOutput(),
)
def material(work: Work, material_id: uuid.UUID) -> Any:
    """Return material of this unit, or open material of one above."""
    return services.access_material(work, material_id)


@blueprint.api(
    "/materials/<uuid:material_id>",
    methods=["PUT"],
    permission=permissions.PUBLISH,
    accepts=MaterialInput(exclude=["revision", "for_month"]),
    answers=output.MaterialOutput(),
    revised=True,
)
def change_material(work: Work, data: dict[str, Any], material_id: uuid.UUID, revision: int) -> Any:
    """Change material that is not open yet."""
    found = current(services.own_material(work, material_id), revision)
    return written(work, services.change_material(work, found, **data))


@blueprint.api(
    "/materials/<uuid:material_id>/publish",
    methods=["POST"],
    permission=permissions.PUBLISH,
    answers=output.MaterialOutput(),
    revised=True,
)
def publish(work: Work, material_id: uuid.UUID, revision: int) -> Any:
    """Publish material to everybody below."""
    found = current(services.own_material(work, material_id), revision)
    services.publish_material(work, found)
    return written(work, found)


@blueprint.api(
    "/materials/<uuid:material_id>/withdraw",
    methods=["POST"],
    permission=permissions.PUBLISH,
    answers=output.MaterialOutput(),
    revised=True,
)
def withdraw(work: Work, material_id: uuid.UUID, revision: int) -> Any:
    """Take material back."""
    found = current(services.own_material(work, material_id), revision)
    services.withdraw_material(work, found)
    return written(work, found)
