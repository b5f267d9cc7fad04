"""Who the demo's meetings are told about: people on a roll, branches with their habits."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

Rows = dict[str, list[dict[str, Any]]]
TABLES = (
    "meeting",
    "item",
    "attendance",
    "visitor",
    "announcement",
    "postponement",
    "vote",
    "resolution",
    "point",
    "task",
    "minutes",
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the roll of a branch on a day."""

    id: uuid.UUID
    name: str
    sort_key: bytes
    standing: str
    group: str = "home"
    status: str = ""

    @property
    def is_required(self) -> bool:
        """Whether they must attend."""
        return self.group == "home" and self.standing in ("official", "probationary")

    @property
    def is_entitled(self) -> bool:
        """Whether they vote: official members at home who are not away or suspended."""
        return self.group == "home" and self.standing == "official"


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch with its habits: its day, its time, its room, who leads, who follows it."""

    unit_id: uuid.UUID
    code: str
    name: str
    sector: str
    roll: Callable[[date], Sequence[Person]]
    chair: Callable[[date], Person | None]
    clerk: Callable[[date], Person | None]
    follower: tuple[str, uuid.UUID] | None = None
    day: int = 5
    at: time = time(19, 30)
