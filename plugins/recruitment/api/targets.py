"""JSON: targets of admission."""

from __future__ import annotations

import uuid
from typing import Any

from core.errors import Stale
from core.i18n import _
from core.units.covering import DatedPageQuery, told_of
from core.web import Answer
from core.work import Work

from .. import permissions, services
from ..schemas import forms, output
from .door import blueprint

Target = output.TargetOutput


@blueprint.api(
    "/targets",
    permission=permissions.TARGET_SEE,
    accepts=DatedPageQuery(),
    answers=Target(),
    many=True,
)
def targets(work: Work, data: dict[str, Any]) -> Any:
    """List the targets of the unit and those below it."""
    return services.list_targets(work, as_of=told_of(data), cursor=data["cursor"])


@blueprint.api(
    "/targets",
    methods=["POST"],
    permission=permissions.TARGET,
    accepts=forms.TargetInput(),
    answers=Target(),
)
def set_target(work: Work, data: dict[str, Any]) -> Any:
    """Set a target; the same unit, period and group again changes the number."""
    made = services.set_target(work, **data)
    return Answer(made, 201, made.revision)


@blueprint.api(
    "/targets/<uuid:target_id>",
    methods=["DELETE"],
    permission=permissions.TARGET,
    answers=Target(),
    revised=True,
)
def remove_target(work: Work, target_id: uuid.UUID, revision: int) -> Any:
    """Take back a target set by mistake."""
    found = services.access_target(work, target_id)
    if found.revision != revision:
        raise Stale(_("This revision is not the current one; read the record again."))
    services.remove_target(work, found)
    return Answer(found)
