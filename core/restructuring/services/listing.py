"""Plans in lists: of a unit and what stands below it, as they stand or stood on a day."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.restructuring.models import Plan
from core.units.covering import TODAY, AsOf, covered
from core.units.places import Place
from core.units.standing import Standing, stood
from core.work import Work

COURSE = (
    ("reverted", Plan.reverted_at),
    ("cancelled", Plan.cancelled_at),
    ("applied", Plan.applied_at),
    ("approved", Plan.approved_at),
    ("checked", Plan.submitted_at),
)
"""When a plan came to a state, the last state first; before all of them it was a draft."""


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan as a list shows it: its state, and at which unit it stood, on the day of the list."""

    plan: Plan
    state: str
    place: Standing


def list_plans(
    work: Work,
    unit: Place,
    *,
    state: str = "",
    as_of: AsOf = TODAY,
    after: uuid.UUID | None = None,
    limit: int = 50,
) -> Sequence[Plan]:
    """List the plans of a unit and of what stands below it, newest first; those of a day."""
    statement = sa.select(Plan).order_by(Plan.id.desc()).limit(limit)
    if unit.id != work.session.info.get("root_id"):
        statement = statement.where(covered(work, Plan.unit_id, as_of, unit=unit, row=Plan.id))
    if as_of.day is not None:
        statement = statement.where(Plan.created_at < work.end_of(as_of.day))
    if state:
        statement = statement.where(_state(work, as_of) == state)
    if after is not None:
        statement = statement.where(Plan.id < after)
    return work.session.scalars(statement).all()


def _state(work: Work, as_of: AsOf) -> Any:
    """Return the state of a plan as SQL, of today or as of a day."""
    if as_of.day is None:
        return Plan.state
    until = work.end_of(as_of.day)
    return sa.case(*((came < until, state) for state, came in COURSE), else_="draft")


def lines_of(work: Work, plans: Sequence[Plan], as_of: AsOf = TODAY) -> list[PlanLine]:
    """Return plans as lines of a list, as of its day."""
    places = stood(work, plans, as_of)
    return [PlanLine(plan, state_then(work, plan, as_of), places[plan.id]) for plan in plans]


def state_then(work: Work, plan: Plan, as_of: AsOf) -> str:
    """Return the state of a plan, today or as of a day: what it had come to by then."""
    if as_of.day is None:
        return plan.state
    until = work.end_of(as_of.day)
    reached = (
        state
        for state, came in COURSE
        if (at := getattr(plan, came.key)) is not None and at < until
    )
    return next(reached, "draft")
