"""Routes for programs."""

from __future__ import annotations

from typing import Any

from core.forms import PageQuery
from core.web import Answer, PluginBlueprint
from core.work import Work

from . import permissions, services
from .schemas import LoanInput, LoanOutput

blueprint = PluginBlueprint("lending")


@blueprint.api(
    "/", permission=permissions.SEE, accepts=PageQuery(), answers=LoanOutput(), many=True
)
def list_loans(work: Work, data: dict[str, Any]) -> Any:
    """List the loans of a unit."""
    return services.list_loans(work, data["cursor"])


@blueprint.api(
    "/",
    permission=permissions.MANAGE,
    methods=["POST"],
    accepts=LoanInput(),
    answers=LoanOutput(),
)
def add_loan(work: Work, data: dict[str, Any]) -> Any:
    """Enter a loan."""
    return Answer(services.add_loan(work, **data), 201)
