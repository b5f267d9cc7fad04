"""Approved plans whose day has come, applied by a job."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.access.principal import job
from core.errors import DomainError
from core.restructuring.models import Plan
from core.restructuring.services.applying import apply_plan
from core.restructuring.services.drafting import access_plan
from core.work import Work

if TYPE_CHECKING:
    from core.system import System

ACTOR = "restructuring.due"


def due_plans(work: Work) -> list[uuid.UUID]:
    """Return approved plans whose day has come, in the order of their days."""
    return list(
        work.session.scalars(
            sa.select(Plan.id)
            .where(Plan.state == "approved", Plan.effective_on <= work.today)
            .order_by(Plan.effective_on, Plan.id)
        )
    )


def apply_due(system: System, payload: Mapping[str, Any]) -> None:
    """Apply what is due, each plan in a transaction of its own; a refusal is kept with the plan."""
    with system.opener.as_system(job(ACTOR), writing=False) as work:
        waiting = due_plans(work)
    for plan_id in waiting:
        try:
            with system.opener.as_system(job(ACTOR), writing=True) as work:
                apply_plan(work, access_plan(work, plan_id))
        except DomainError as error:
            with system.opener.as_system(job(ACTOR), writing=True) as work:
                access_plan(work, plan_id).refusal = error.sentence
