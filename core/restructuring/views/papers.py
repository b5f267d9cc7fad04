"""The page on which the paper of a plan's decision is chosen from the register, or sent."""

from __future__ import annotations

import uuid
from typing import Any

from core.documents.views import MOST_BYTES
from core.forms import Form
from core.i18n import _, format_day
from core.restructuring import permissions, services
from core.restructuring.schemas import DecisionInput
from core.restructuring.views.door import blueprint, plan_here
from core.units.choosing import offer
from core.web import page, redirect_to
from core.work import Work


@blueprint.view("/<uuid:plan_id>/decision", permission=permissions.MERGE)
def decision(work: Work, plan_id: uuid.UUID, *, form: Form | None = None) -> Any:
    """Show the form for the paper of a plan's decision."""
    plan = plan_here(work, plan_id)
    schema = DecisionInput()
    known = {"document_id": str(plan.document_id or ""), "issued_on": plan.decision_date}
    listed = [
        (str(one.id), f"{one.code} · {format_day(one.issued_on)} · {one.subject}"[:120])
        for one in services.decisions_here(work, plan)
    ]
    choices = [("", _("None of them: send the file")), *listed]
    return page(
        "restructuring/decision.html",
        title=_("Paper of the decision"),
        plan=plan,
        form=offer(form or Form(schema, data=known), schema, {"document_id": choices}),
    )


@blueprint.view(
    "/<uuid:plan_id>/decision",
    methods=["POST"],
    permission=permissions.MERGE,
    accepts=DecisionInput(),
    form="decision",
    files=True,
    max_bytes=MOST_BYTES,
)
def decision_post(work: Work, data: dict[str, Any], plan_id: uuid.UUID) -> Any:
    """Let the paper of the decision stand with the plan."""
    plan = plan_here(work, plan_id)
    services.attach_decision(work, plan, upload=data.pop("file"), **data)
    sentence = _("The paper of the decision stands with the plan.")
    return redirect_to("restructuring.show", plan_id=plan_id, sentence=sentence)
