"""Pages of meetings: one for each of the five steps, and the committee's month."""

from __future__ import annotations

from core.web import PluginBlueprint

blueprint = PluginBlueprint("meetings")
