"""Keeping and reading what a plan wrote, so that it can be taken back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import sqlalchemy as sa

from core.chunks import chunked
from core.db import new_key
from core.restructuring.models import Plan, PlanTrace
from core.units.tracing import Batch, Entry, Recorder
from core.work import Work

PIECE = 500
PLACED = "core_unit_ancestor"
"""Under this name the keys are kept of units whose place in the tree the plan changed."""


def keep_trace(work: Work, plan: Plan, recorder: Recorder, affected: Iterable[uuid.UUID]) -> None:
    """Write down what was done, in pieces, in order."""
    order = 0
    for batch in [_placed(affected), *recorder.batches]:
        for chunk in chunked(range(0, len(batch.entries), PIECE)):
            rows = [
                {
                    "id": new_key(),
                    "plan_id": plan.id,
                    "order": order + number,
                    "table": batch.table,
                    "entries": [list(entry) for entry in batch.entries[start : start + PIECE]],
                }
                for number, start in enumerate(chunk)
            ]
            work.session.execute(sa.insert(PlanTrace), rows)
            order += len(rows)


def _placed(affected: Iterable[uuid.UUID]) -> Batch:
    return Batch(PLACED, [Entry([unit_id.hex], None, None) for unit_id in sorted(affected)])


def read_trace(work: Work, plan: Plan) -> tuple[set[uuid.UUID], list[Batch]]:
    """Return the units whose place changed, and what was written beside the tree."""
    placed: set[uuid.UUID] = set()
    batches: list[Batch] = []
    for row in work.session.scalars(
        sa.select(PlanTrace).where(PlanTrace.plan_id == plan.id).order_by(PlanTrace.order)
    ):
        if row.table == PLACED:
            placed.update(uuid.UUID(key[0]) for key, _before, _after in row.entries)
        else:
            batches.append(Batch(row.table, [Entry(*entry) for entry in row.entries]))
    return placed, batches


def drop_trace(work: Work, plan: Plan) -> None:
    """Forget what a plan wrote, once it was taken back."""
    work.session.execute(
        sa.delete(PlanTrace)
        .where(PlanTrace.plan_id == plan.id)
        .execution_options(synchronize_session=False)
    )
