"""Where a plan stands, said to whoever comes too late: by whom, when, and what to do now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.errors import RuleBroken
from core.i18n import _, format_instant
from core.restructuring.models import Plan
from core.work import Work

STEPS = ("created", "submitted", "approved", "applied", "reverted", "cancelled")
LAST = {"checked": "submitted"}
SHOWN = 20


def course_of(plan: Plan) -> list[dict[str, Any]]:
    """Return what was done with a plan, by whom and when, in order."""
    steps = [(name, getattr(plan, f"{name}_by"), getattr(plan, f"{name}_at")) for name in STEPS]
    return [{"step": name, "by": who, "at": when} for name, who, when in steps if when]


def reverted_since(work: Work, at: datetime) -> list[str]:
    """Name the plans one sees that had been applied by an instant and were reverted since."""
    plans = work.session.scalars(
        sa.select(Plan)
        .where(Plan.applied_at < at, Plan.reverted_at >= at)
        .order_by(Plan.applied_at)
        .limit(SHOWN)
    )
    zone = work.host.zone
    return [
        _(
            "Then the plan “%(title)s” had been applied (%(applied)s); it was reverted on "
            "%(reverted)s and is not shown here.",
            title=plan.title,
            applied=format_instant(plan.applied_at, zone),
            reverted=format_instant(plan.reverted_at, zone),
        )
        for plan in plans
        if plan.applied_at and plan.reverted_at
    ]


def require_state(work: Work, plan: Plan, *states: str) -> None:
    """Refuse an act that a plan is past, or not at yet, with what became of it meanwhile."""
    if plan.state not in states:
        raise RuleBroken(where_it_stands(work, plan))


def where_it_stands(work: Work, plan: Plan) -> str:
    """Say in one sentence who did what with a plan last, when, and what to do now."""
    step = LAST.get(plan.state, plan.state)
    who: str = getattr(plan, f"{step}_by", None) or "–"
    when: datetime | None = getattr(plan, f"{step}_at", None)
    values = {"who": who, "when": format_instant(when, work.host.zone) if when else "–"}
    if plan.state == "draft":
        return _("The plan is a draft still. Submit it first; then it is approved and applied.")
    if plan.state == "checked":
        return _("%(who)s submitted the plan on %(when)s; it waits for approval.", **values)
    if plan.state == "approved":
        return _(
            "%(who)s approved the plan on %(when)s. To change it, send it back first.", **values
        )
    if plan.state == "applied":
        return _(
            "%(who)s applied the plan on %(when)s. To undo it, revert it; to change more, draft "
            "another.",
            **values,
        )
    if plan.state == "reverted":
        return _(
            "%(who)s reverted the plan on %(when)s. Draft it again where it is still needed.",
            **values,
        )
    return _(
        "%(who)s cancelled the plan on %(when)s. Draft it again where it is still needed.", **values
    )
