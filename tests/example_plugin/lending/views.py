"""Routes for people."""

from __future__ import annotations

import uuid
from typing import Any

from core import ledger
from core.forms import Form, PageQuery
from core.i18n import _
from core.web import PluginBlueprint, page, redirect_to
from core.work import Work

from . import permissions, services
from .schemas import LoanInput

blueprint = PluginBlueprint("lending")


@blueprint.view("/", permission=permissions.SEE, accepts=PageQuery())
def index(work: Work, data: dict[str, Any]) -> Any:
    """Show the loans of this unit."""
    lines, following = services.list_loans(work, data["cursor"])
    ledger.saw(work, "loan", [line.id for line in lines])
    return page("lending/index.html", title=_("Loans"), lines=lines, following=following)


@blueprint.view("/new", permission=permissions.MANAGE)
def new(work: Work, form: Form | None = None) -> Any:
    """Show the form of a new loan."""
    form = form or Form(LoanInput())
    form.choices["member_id"] = [("", _("Nobody in particular")), *services.list_members(work)]
    return page("lending/new.html", title=_("New loan"), form=form)


@blueprint.view(
    "/new", permission=permissions.MANAGE, methods=["POST"], accepts=LoanInput(), form="new"
)
def add(work: Work, data: dict[str, Any]) -> Any:
    """Enter a loan."""
    loan = services.add_loan(work, **data)
    return redirect_to("lending.index", sentence=_("Entered: %(title)s.", title=loan.title))


@blueprint.view("/<uuid:loan_id>/close", permission=permissions.MANAGE, methods=["POST"])
def close(work: Work, loan_id: uuid.UUID) -> Any:
    """Close a loan."""
    loan = services.access_loan(work, loan_id)
    services.close_loan(work, loan)
    return redirect_to("lending.index", sentence=_("Closed: %(title)s.", title=loan.title))
