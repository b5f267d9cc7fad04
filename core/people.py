"""What plugins hand to each other about people: facts with their source, never judgements."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact about a member in a period, with the plugin and the record it comes from."""

    member_id: uuid.UUID
    key: str
    title: str
    number: float
    base: float | None = None
    source: str = ""
    on: date | None = None
