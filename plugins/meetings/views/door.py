"""The blueprint under which all pages of meetings are declared."""

from __future__ import annotations

from core.web import PluginBlueprint

blueprint = PluginBlueprint("meetings")
