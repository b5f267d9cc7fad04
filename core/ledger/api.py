"""The ledger for programs."""

from __future__ import annotations

from typing import Any

from core.ledger import services
from core.ledger.schemas import ActOutput, ReadOutput, SearchQuery, VerdictOutput, search_of
from core.ledger.services import SEE
from core.ledger.verifying import AT_A_GLANCE, verify
from core.web import PluginBlueprint
from core.work import Work

blueprint = PluginBlueprint("ledger", is_core=True)


@blueprint.api("/", permission=SEE, accepts=SearchQuery(), answers=ActOutput(), many=True)
def list_acts(work: Work, data: dict[str, Any]) -> Any:
    """List what was done at a unit and below it, newest first."""
    return services.list_acts(work, search_of(data), cursor=data["cursor"], limit=data["limit"])


@blueprint.api("/reads", permission=SEE, accepts=SearchQuery(), answers=ReadOutput(), many=True)
def list_reads(work: Work, data: dict[str, Any]) -> Any:
    """List who saw personal data at a unit and below it, newest first."""
    return services.list_reads(work, search_of(data), cursor=data["cursor"], limit=data["limit"])


@blueprint.api("/verdict", permission=SEE, answers=VerdictOutput())
def show_verdict(work: Work) -> Any:
    """Prove the chain and the newest rows of the ledger."""
    return verify(work, newest=AT_A_GLANCE)
