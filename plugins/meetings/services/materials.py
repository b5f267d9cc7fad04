"""The month's material: published downwards, opened on its day, used on agendas."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from core.work import Work

from ..models import (
    Material,
)

Key = uuid.UUID


def draft_material(
    work: Work, *, for_month: date, title: str, points: Sequence[Mapping[str, Any]], opens_on: date
) -> Material:
    """Write the month's material; points are {"title", "minutes", "text"}."""
    raise NotImplementedError


def change_material(
    work: Work,
    material: Material,
    *,
    title: str,
    points: Sequence[Mapping[str, Any]],
    opens_on: date,
) -> Material:
    """Change material not yet published."""
    raise NotImplementedError


def publish_material(work: Work, material: Material) -> None:
    """Publish to everybody below; seen from its opening day."""
    raise NotImplementedError


def withdraw_material(work: Work, material: Material) -> None:
    """Take material back."""
    raise NotImplementedError


def access_material(work: Work, material_id: Key) -> Material:
    """Return material of this unit, or of a unit above once it is open."""
    raise NotImplementedError


def month_materials(work: Work, month: date) -> list[Material]:
    """Return the open material of the units above for a month, the nearest first."""
    raise NotImplementedError


def list_materials(work: Work) -> list[Material]:
    """Return the material this unit wrote, newest first."""
    raise NotImplementedError
