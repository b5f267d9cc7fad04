"""What stands in a person's calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An entry of a calendar: when, where, what, and the page it leads to.

    `uid` is the same for ever, so that a telephone moves an entry instead of doubling it, and
    `changed` is the number of times it was moved. Times are instants. The title names no third
    person, no agenda, no vote. `values` name the page's unit as `unit` (a code).
    """

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    endpoint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    unit_name: str = ""
    is_cancelled: bool = False
    changed: int = 0
