"""Conditions in SQL that figures and pages share: who takes part, who is recognised, two posts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.members.models import Position

from .registration import Registration


def one(condition: Any) -> Any:
    """Return 1 where a condition holds, else 0."""
    return sa.case((condition, 1), else_=0)


def is_registered(code: str, unit_id: Any, start: Any, day: Any) -> Any:
    """Condition: the unit took part in the model between two days."""
    row = sa.orm.aliased(Registration)
    return sa.exists().where(
        row.unit_id == unit_id,
        row.model_code == code,
        row.registered_on <= day,
        sa.or_(row.ended_on.is_(None), row.ended_on > start),
    )


def is_recognised(code: str, unit_id: Any, start: Any, day: Any) -> Any:
    """Condition: the unit took part between two days and was recognised by the second."""
    row = sa.orm.aliased(Registration)
    return sa.exists().where(
        row.unit_id == unit_id,
        row.model_code == code,
        row.registered_on <= day,
        sa.or_(row.ended_on.is_(None), row.ended_on > start),
        row.recognised_on <= day,
    )


def holds_both(positions: tuple[str, str], unit_id: Any, day: Any) -> Any:
    """Condition: on a day somebody holds the first post in the unit and the second anywhere."""
    first, second = sa.orm.aliased(Position), sa.orm.aliased(Position)
    return sa.exists().where(
        first.unit_id == unit_id,
        first.position == positions[0],
        first.valid_from <= day,
        first.valid_to > day,
        second.member_id == first.member_id,
        second.position == positions[1],
        second.valid_from <= day,
        second.valid_to > day,
    )
