"""The blueprint of the JSON API, and what its routes share."""

from __future__ import annotations

from typing import Any

from core.web import PluginBlueprint

from .. import services

blueprint = PluginBlueprint("pilots")


def vote_in(data: dict[str, Any], day: Any) -> services.Vote:
    """Take the vote out of what was sent."""
    counts = (data.pop(f"vote_{name}") for name in ("entitled", "present", "in_favour"))
    return services.Vote(day, *counts)
