"""Modules for programs."""

from __future__ import annotations

from typing import Any

from core.modules import services
from core.modules.schemas import AsOfInput, ModuleOutput, SwitchInput
from core.settings.permissions import SEE, SWITCH
from core.settings.schemas import ReasonOutput
from core.web import PluginBlueprint
from core.work import Work

blueprint = PluginBlueprint("modules", is_core=True)


@blueprint.api("/", permission=SEE, accepts=AsOfInput(), answers=ModuleOutput(), many=True)
def list_modules(work: Work, data: dict[str, Any]) -> Any:
    """List the modules with their state at a unit, today or on a day."""
    return services.states_of(work, data["as_of"]), None


@blueprint.api("/<string:name>", permission=SEE, accepts=AsOfInput(), answers=ReasonOutput())
def explain_module(work: Work, data: dict[str, Any], name: str) -> Any:
    """Say why a module is on or off at a unit on a day."""
    return services.explain_module(work, name, work.unit, data["as_of"]).as_json()


@blueprint.api(
    "/<string:name>",
    permission=SWITCH,
    methods=["PUT"],
    accepts=SwitchInput(),
    answers=ModuleOutput(),
    name="switch",
)
def switch_module(work: Work, data: dict[str, Any], name: str) -> Any:
    """Switch a module on or off at a unit from a day on, or let it follow the unit above."""
    services.switch_module(work, name, data.pop("state"), **data)
    return services.state_of(work, services.access_module(work, name), work.unit)
