"""Deciding about plans: submitted for approval, approved, sent back."""

from __future__ import annotations

from core.errors import RuleBroken
from core.i18n import _
from core.restructuring.models import Plan
from core.restructuring.permissions import APPROVE, DRAFT, MERGE
from core.restructuring.services.course import require_state
from core.restructuring.services.drafting import (
    access_plan_for_update,
    examine_plan,
    note_plan,
    require_everywhere,
)
from core.work import Work


def submit_plan(work: Work, plan: Plan) -> Plan:
    """Submit a draft for approval; refused while something stands in its way."""
    plan = access_plan_for_update(work, plan)
    require_everywhere(work, plan, DRAFT, MERGE)
    require_state(work, plan, "draft")
    _check_sound(work, plan)
    plan.state, plan.submitted_at, plan.submitted_by = "checked", work.now, work.actor.label
    note_plan(work, plan, "restructuring.submitted", {}, DRAFT)
    return plan


def approve_plan(work: Work, plan: Plan) -> Plan:
    """Approve a submitted plan; it is examined again, because the tree may have changed."""
    plan = access_plan_for_update(work, plan)
    require_everywhere(work, plan, APPROVE)
    require_state(work, plan, "checked")
    _check_sound(work, plan)
    plan.state, plan.approved_at, plan.approved_by = "approved", work.now, work.actor.label
    note_plan(work, plan, "restructuring.approved", {}, APPROVE)
    return plan


def send_back_plan(work: Work, plan: Plan, *, reason: str = "") -> Plan:
    """Send a plan that was not applied yet back to whoever drafted it."""
    plan = access_plan_for_update(work, plan)
    require_everywhere(work, plan, APPROVE)
    require_state(work, plan, "checked", "approved")
    plan.state, plan.refusal = "draft", reason
    note_plan(work, plan, "restructuring.sent_back", {"reason": reason}, APPROVE)
    return plan


def cancel_plan(work: Work, plan: Plan) -> Plan:
    """Cancel a plan that was not approved; it stays to be read, and nothing can be done with it."""
    plan = access_plan_for_update(work, plan)
    require_everywhere(work, plan, DRAFT, MERGE)
    require_state(work, plan, "draft", "checked")
    plan.state, plan.cancelled_at, plan.cancelled_by = "cancelled", work.now, work.actor.label
    note_plan(work, plan, "restructuring.cancelled", {}, DRAFT)
    return plan


def _check_sound(work: Work, plan: Plan) -> None:
    """Examine a plan; refuse it with its first problems as one sentence."""
    found = examine_plan(work, plan)
    if found.problems:
        first = found.sentences[:5]
        raise RuleBroken(
            _(
                "%(n)s things stand in the way of the plan: %(reasons)s",
                n=len(found.sentences),
                reasons=" ".join(first),
            )
        )
