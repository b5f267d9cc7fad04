"""Milestones of a unit's part in a model: entered as reached, taken back."""

from __future__ import annotations

import uuid
from typing import Any

from core.forms import Form
from core.i18n import _
from core.web import redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.taking import MilestoneInput
from .door import address, blueprint, filled
from .taking import form_page

ONE = "/registrations/<uuid:registration_id>/milestones/<int:number>"


@blueprint.view(ONE, permission=permissions.REVIEW)
def milestone(work: Work, registration_id: uuid.UUID, number: int, form: Form | None = None) -> Any:
    """Show the form by which a milestone is entered as reached."""
    found = services.access_registration(work, registration_id)
    line = services.milestone_of(work, found, number)
    first = {"reached_on": line.reached_on or work.today, "remark": line.remark}
    return form_page(
        work,
        line.title,
        filled(form, MilestoneInput(), first),
        _("Save the milestone"),
        address(work, "registration", registration_id=found.id),
    )


@blueprint.view(
    ONE,
    methods=["POST"],
    permission=permissions.REVIEW,
    accepts=MilestoneInput(),
    form="milestone",
)
def reach_milestone(
    work: Work, data: dict[str, Any], registration_id: uuid.UUID, number: int
) -> Any:
    """Enter a milestone as reached."""
    found = services.access_registration(work, registration_id)
    services.reach_milestone(work, found, number=number, **data)
    return redirect_to("pilots.registration", registration_id=found.id, sentence=_("Saved."))


@blueprint.view(
    f"{ONE}/take-back", methods=["POST"], permission=permissions.REVIEW, form="milestone"
)
def take_back_milestone(work: Work, registration_id: uuid.UUID, number: int) -> Any:
    """Take back a milestone that was entered by mistake."""
    found = services.access_registration(work, registration_id)
    services.take_back_milestone(work, found, number=number)
    sentence = _("The milestone is taken back.")
    return redirect_to("pilots.registration", registration_id=found.id, sentence=sentence)
