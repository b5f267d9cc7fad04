"""What is done with a plan as a whole: checked again, submitted, approved, applied, reverted."""

from __future__ import annotations

import uuid
from typing import Any

from core.i18n import _, format_day
from core.restructuring import permissions, services
from core.restructuring.schemas import ApproveInput, ReasonInput
from core.restructuring.views.door import blueprint, plan_here
from core.restructuring.views.plans import show
from core.web import redirect_to
from core.work import Work


def _back(plan_id: uuid.UUID, sentence: str) -> Any:
    return redirect_to("restructuring.show", plan_id=plan_id, sentence=sentence)


@blueprint.view("/<uuid:plan_id>/check", methods=["POST"], permission=permissions.SEE, form="show")
def check(work: Work, plan_id: uuid.UUID) -> Any:
    """Check a plan against the tree of now."""
    plan = plan_here(work, plan_id)
    if plan.state in ("draft", "checked", "approved"):
        services.examine_plan(work, plan)
    return _back(plan_id, _("The plan was checked again."))


@blueprint.view(
    "/<uuid:plan_id>/submit", methods=["POST"], permission=permissions.MERGE, form="show"
)
def submit(work: Work, plan_id: uuid.UUID) -> Any:
    """Submit a plan for approval."""
    services.submit_plan(work, plan_here(work, plan_id))
    return _back(plan_id, _("Submitted for approval."))


@blueprint.view(
    "/<uuid:plan_id>/cancel", methods=["POST"], permission=permissions.MERGE, form="show"
)
def cancel(work: Work, plan_id: uuid.UUID) -> Any:
    """Cancel a plan that was not approved; it stays to be read."""
    services.cancel_plan(work, plan_here(work, plan_id))
    return _back(plan_id, _("The plan is cancelled; nothing was changed by it."))


@blueprint.view(
    "/<uuid:plan_id>/again", methods=["POST"], permission=permissions.DRAFT, form="show"
)
def again(work: Work, plan_id: uuid.UUID) -> Any:
    """Draft a plan that was reverted or cancelled once more."""
    plan, _found = services.draft_again(work, plan_here(work, plan_id))
    return _back(plan.id, _("The plan is drafted. Nothing has been changed yet."))


@blueprint.view(
    "/<uuid:plan_id>/approve",
    methods=["POST"],
    permission=permissions.APPROVE,
    accepts=ApproveInput(),
    form="show",
)
def approve(work: Work, data: dict[str, Any], plan_id: uuid.UUID) -> Any:
    """Approve the plan that was read; it is applied on its day, or by a button where it has come.

    The rights that were ticked go on at whoever takes over.
    """
    plan = services.approve_plan(work, plan_here(work, plan_id), **data)
    if plan.effective_on > work.today:
        day = format_day(plan.effective_on)
        return _back(plan_id, _("Approved; it is applied on %(day)s.", day=day))
    return _back(plan_id, _("Approved. Its day has come: apply it now, or leave it to the system."))


@blueprint.view(
    "/<uuid:plan_id>/send-back",
    methods=["POST"],
    permission=permissions.APPROVE,
    accepts=ReasonInput(),
    form="show",
)
def send_back(work: Work, data: dict[str, Any], plan_id: uuid.UUID) -> Any:
    """Send a plan back to whoever drafted it."""
    services.send_back_plan(work, plan_here(work, plan_id), reason=data["reason"])
    return _back(plan_id, _("Sent back, with the reason."))


@blueprint.view(
    "/<uuid:plan_id>/apply", methods=["POST"], permission=permissions.APPLY, form="show"
)
def apply(work: Work, plan_id: uuid.UUID) -> Any:
    """Apply an approved plan whose day has come; a large one is left to the job."""
    plan = plan_here(work, plan_id)
    if services.is_large(plan):
        return _back(plan_id, _("The plan is large; the system applies it within ten minutes."))
    services.apply_plan(work, plan)
    return _back(plan_id, services.result_of(plan))


@blueprint.view(
    "/<uuid:plan_id>/revert",
    methods=["POST"],
    permission=permissions.APPLY,
    accepts=ReasonInput(),
    form="show",
)
def revert(work: Work, data: dict[str, Any], plan_id: uuid.UUID) -> Any:
    """Take back a plan, or show the list of what stands in the way."""
    plan = plan_here(work, plan_id)
    standing = services.obstacles(work, plan) if plan.state == "applied" else []
    if standing:
        return show(work, plan_id, obstacles=standing)
    services.revert_plan(work, plan, reason=data["reason"])
    return _back(plan_id, _("The plan was reverted; everything is as it was before."))
