"""The blueprint under which all pages of evaluation are declared."""

from __future__ import annotations

from core.web import PluginBlueprint

blueprint = PluginBlueprint("evaluation")
