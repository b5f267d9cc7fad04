"""A model as a place may use it, whoever described it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Key = uuid.UUID


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A model as a place may use it: a built-in one, or as a unit above describes it.

    `unit_id` and `id` name the unit's own description and are None for a built-in model.
    `positions` are two posts held by one person, for a model that is counted and not registered.
    """

    code: str
    title: str
    purpose: str = ""
    legal_basis: str = ""
    owner: str = ""
    kinds: tuple[str, ...] = ("branch",)
    grassroots_only: bool = False
    wanted: int | None = None
    conditions: str = ""
    criteria: tuple[Mapping[str, Any], ...] = ()
    pass_points: int = 0
    inputs: tuple[str, ...] = ()
    milestones: tuple[Mapping[str, Any], ...] = ()
    rules: tuple[str, ...] = ()
    settings: tuple[Mapping[str, Any], ...] = ()
    indicators: tuple[str, ...] = ()
    review_months: int = 0
    document_no: str = ""
    positions: tuple[str, str] | None = None
    id: Key | None = None
    unit_id: Key | None = None
    revision: int = 0

    @property
    def is_counted(self) -> bool:
        """Whether the model is counted from positions, so that nobody registers for it."""
        return self.positions is not None

    @property
    def most_points(self) -> int:
        """The points of all criteria together."""
        return sum(int(one["points"]) for one in self.criteria)
