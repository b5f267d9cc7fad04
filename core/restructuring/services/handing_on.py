"""Other plans that stand at a unit which ends: they go on with whoever takes over."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import sqlalchemy as sa

from core.chunks import chunked
from core.i18n import _
from core.restructuring.models import Plan
from core.units.rehoming import Obligation, Rehoming
from core.work import Work

IN_HAND = "plan_in_hand"
OPEN = ("draft", "checked", "approved")


def take_in_hand(work: Work, plan: Plan) -> None:
    """Remember which plan is examined or applied: it is no open work of its own."""
    work.session.info[IN_HAND] = plan.id


def obligations_of(work: Work, unit_ids: Iterable[uuid.UUID]) -> list[Obligation]:
    """Return the other plans that wait at units."""
    found: list[Obligation] = []
    title = _("Plans of restructuring not applied yet")
    for chunk in chunked(sorted(unit_ids)):
        rows = work.session.execute(
            sa.select(Plan.unit_id, sa.func.count())
            .where(Plan.unit_id.in_(chunk), *_others(work))
            .group_by(Plan.unit_id)
            .execution_options(unscoped="what is open in units that end, wherever it is")
        )
        found.extend(Obligation("restructuring.plans", title, unit, n) for unit, n in rows)
    return found


def hand_on(work: Work, rehoming: Rehoming) -> None:
    """Let the other plans stand at the unit that took over."""
    rehoming.move(Plan, *_others(work))


def _others(work: Work) -> tuple[sa.ColumnElement[bool], ...]:
    """Conditions: a plan is open, and not the one in hand."""
    in_hand = work.session.info.get(IN_HAND)
    return (Plan.state.in_(OPEN), *((Plan.id != in_hand,) if in_hand else ()))
