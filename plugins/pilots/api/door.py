"""The blueprint of the JSON API, and what its routes share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import marshmallow as ma

from core.web import PluginBlueprint

from .. import services

blueprint = PluginBlueprint("pilots")


def as_then(
    schema: type[ma.Schema], lines: Iterable[tuple[Any, Mapping[str, Any]]]
) -> list[dict[str, Any]]:
    """Return what programs get of records, each with what was otherwise on the day of a list."""
    names = list(schema().fields)
    return [{**{name: getattr(record, name) for name in names}, **then} for record, then in lines]


def vote_in(data: dict[str, Any], day: Any) -> services.Vote:
    """Take the vote out of what was sent."""
    counts = (data.pop(f"vote_{name}") for name in ("entitled", "present", "in_favour"))
    return services.Vote(day, *counts)
