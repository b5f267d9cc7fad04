"""Settings for programs."""

from __future__ import annotations

from typing import Any

from core.settings import services
from core.settings.explaining import explain_on, list_reasons
from core.settings.permissions import MANAGE, SEE
from core.settings.schemas import AsOfInput, GivenBody, InheritInput, ListInput, ReasonOutput
from core.web import PluginBlueprint
from core.work import Work

blueprint = PluginBlueprint("settings", is_core=True)


@blueprint.api("/", permission=SEE, accepts=ListInput(), answers=ReasonOutput(), many=True)
def list_settings(work: Work, data: dict[str, Any]) -> Any:
    """List the settings of a unit with their values and where these come from."""
    specs = services.find_specs(work, data["q"])
    reasons = list_reasons(work, work.unit, specs, data["as_of"])
    return [reason.as_json() for reason in reasons], None


@blueprint.api("/<string:key>", permission=SEE, accepts=AsOfInput(), answers=ReasonOutput())
def show_setting(work: Work, data: dict[str, Any], key: str) -> Any:
    """Say which value of a setting holds at a unit on a day, and why."""
    return explain_on(work, key, work.unit, data["as_of"]).as_json()


@blueprint.api(
    "/<string:key>",
    permission=MANAGE,
    methods=["PUT"],
    accepts=GivenBody(),
    answers=ReasonOutput(),
    name="give",
)
def give_setting(work: Work, data: dict[str, Any], key: str) -> Any:
    """Give a setting a value at a unit from a day on."""
    services.refuse_switch(key)
    services.give_setting(work, key=key, **data)
    return explain_on(work, key, work.unit, data["on"]).as_json()


@blueprint.api(
    "/<string:key>/inherit",
    permission=MANAGE,
    methods=["POST"],
    accepts=InheritInput(),
    answers=ReasonOutput(),
    name="inherit",
)
def inherit_setting(work: Work, data: dict[str, Any], key: str) -> Any:
    """Let a setting follow the unit above from a day on."""
    services.refuse_switch(key)
    services.inherit_setting(work, key=key, **data)
    return explain_on(work, key, work.unit, data["on"]).as_json()
