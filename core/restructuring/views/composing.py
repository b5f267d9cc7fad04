"""Pages on which a plan is drafted: which operation, its form, taking one out again."""

from __future__ import annotations

import uuid
from typing import Any

from core.errors import NotFound
from core.forms import Form
from core.i18n import _
from core.restructuring import permissions, services
from core.restructuring.schemas import FIELDS, OperationInput
from core.restructuring.titles import MEANINGS, OPERATIONS
from core.restructuring.views.door import blueprint, plan_here
from core.units.choosing import offer, unit_choices
from core.units.history import kind_titles
from core.web import page, redirect_to
from core.work import Work


@blueprint.view("/<uuid:plan_id>/add", permission=permissions.DRAFT)
def choose(work: Work, plan_id: uuid.UUID) -> Any:
    """Show the ten operations to choose from."""
    return page(
        "restructuring/choose.html",
        title=_("Add an operation"),
        plan=plan_here(work, plan_id),
        operations=OPERATIONS,
        meanings=MEANINGS,
    )


@blueprint.view("/<uuid:plan_id>/add/<operation>", permission=permissions.DRAFT)
def add(work: Work, plan_id: uuid.UUID, operation: str, *, form: Form | None = None) -> Any:
    """Show the form of one kind of operation."""
    plan = plan_here(work, plan_id)
    if operation not in FIELDS:
        raise NotFound(_("There is no operation %(kind)s.", kind=operation))
    begun = services.begun_in(work, plan)
    units = unit_choices(work, permissions.DRAFT)
    listed = [*units, *begun] if units else []
    schema = OperationInput()
    shown = offer(
        form or Form(schema),
        schema,
        {
            "unit_code": units,
            "target_code": listed,
            "parent_code": listed,
            "kind": list(kind_titles(work).items()),
        },
    )
    return page(
        "restructuring/add.html",
        title=OPERATIONS[operation],
        plan=plan,
        form=shown,
        fields=FIELDS[operation],
        meaning=MEANINGS[operation],
    )


@blueprint.view(
    "/<uuid:plan_id>/add/<operation>",
    methods=["POST"],
    permission=permissions.DRAFT,
    accepts=OperationInput(),
    form="add",
)
def add_post(work: Work, data: dict[str, Any], plan_id: uuid.UUID, operation: str) -> Any:
    """Add an operation to a draft."""
    plan = plan_here(work, plan_id)
    if operation not in FIELDS:
        raise NotFound(_("There is no operation %(kind)s.", kind=operation))
    begun = [code for code, _name in services.begun_in(work, plan)]
    services.add_operation(work, plan, operation, {**data, "begun": begun})
    return redirect_to(
        "restructuring.show", plan_id=plan_id, sentence=_("The operation was added.")
    )


@blueprint.view(
    "/<uuid:plan_id>/remove/<int:number>",
    methods=["POST"],
    permission=permissions.DRAFT,
    form="show",
)
def remove(work: Work, plan_id: uuid.UUID, number: int) -> Any:
    """Take an operation out of a draft."""
    services.remove_operation(work, plan_here(work, plan_id), number)
    return redirect_to(
        "restructuring.show", plan_id=plan_id, sentence=_("The operation was taken out.")
    )
