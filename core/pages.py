"""What plugins hand to pages: menu entries, cards of one's work, hits of a search, panels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A line of a unit's menu; shown only to those with the permission."""

    title: str
    endpoint: str
    permission: str
    icon: str = "circle"
    order: int = 50
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WayOn:
    """Where to go from a page that is no more; without an endpoint only a sentence.

    `values` name the page's unit as `unit` (a code).
    """

    text: str
    endpoint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkCard:
    """One thing a person has to do: its title, why, and the one step to take.

    Smaller `urgency` comes first. `values` name the page's unit as `unit` (a code).
    """

    title: str
    text: str = ""
    action: str = ""
    endpoint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    chip: str = ""
    chip_kind: str = "info"
    due_on: date | None = None
    urgency: int = 50
    unit_name: str = ""
    steps: Sequence[tuple[str, str, str]] = ()
    lines: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SearchHit:
    """Something a search found."""

    kind: str
    title: str
    text: str
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    icon: str = "chevron-right"
    order: int = 50
    """Where its kind stands: people (10), units (20) and papers (30) before other things."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel of a unit's overview: figures as (label, value, small print), and where to go on."""

    title: str
    figures: Sequence[tuple[str, str, str]]
    endpoint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    action: str = ""
    order: int = 50
