"""Pages of units: the overview of a place."""

from __future__ import annotations

from typing import Any

from core.units import permissions
from core.web import PluginBlueprint, page
from core.work import Work

blueprint = PluginBlueprint("units", is_core=True)


@blueprint.view("/", permission=permissions.SEE)
def overview(work: Work) -> Any:
    """Show a unit at a glance."""
    return page("core/message.html", title=work.unit.name, heading=work.unit.name)
