"""Deciding about plans: submitted for approval, approved, sent back."""

from __future__ import annotations

import uuid
from collections.abc import Collection

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
from core.restructuring.services.examining import Examination
from core.restructuring.services.regranting import GIVEN, choose_rights, chosen
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


def approve_plan(
    work: Work,
    plan: Plan,
    *,
    revision: int | None = None,
    rights: Collection[uuid.UUID] | None = None,
    members: bool = False,
) -> Plan:
    """Approve a submitted plan; it is examined again, because the tree may have changed.

    `revision` is the one that was read: somebody may have changed the plan since. `rights` are
    the ending ones that go on at whoever takes over, with `members` the roles of all members
    too; None leaves what was chosen before.
    """
    plan = access_plan_for_update(work, plan)
    require_everywhere(work, plan, APPROVE)
    if plan.state in ("draft", "checked"):
        check_read(plan, revision)
    require_state(work, plan, "checked")
    found = _check_sound(work, plan)
    if rights is not None:
        choose_rights(work, plan, found.outcome, rights, members=members)
    plan.state, plan.approved_at, plan.approved_by = "approved", work.now, work.actor.label
    told = {"rights": sorted(str(one) for one in chosen(plan))}
    note_plan(work, plan, "restructuring.approved", told, APPROVE)
    return plan


def check_read(plan: Plan, revision: int | None) -> None:
    """Refuse to decide about a plan that is not any more what was read."""
    if revision is not None and plan.revision != revision:
        raise RuleBroken(
            _(
                "Somebody changed the plan after you opened it; nothing was done. Read it again "
                "below, then decide."
            )
        )


def choose_going_on(
    work: Work, plan: Plan, rights: Collection[uuid.UUID], *, members: bool = False
) -> Plan:
    """Choose for which ending rights a new one is given; for whoever approves the plan."""
    plan = access_plan_for_update(work, plan)
    require_everywhere(work, plan, APPROVE)
    require_state(work, plan, "checked", "approved")
    found = _check_sound(work, plan)
    picked = choose_rights(work, plan, found.outcome, rights, members=members)
    told = {"rights": [str(one.grant_id) for one in picked]}
    note_plan(work, plan, "restructuring.rights_chosen", told, APPROVE)
    work.session.flush()
    return plan


def send_back_plan(work: Work, plan: Plan, *, reason: str = "") -> Plan:
    """Send a plan that was not applied yet back to whoever drafted it."""
    plan = access_plan_for_update(work, plan)
    require_everywhere(work, plan, APPROVE)
    require_state(work, plan, "checked", "approved")
    plan.state, plan.refusal = "draft", reason
    plan.checks = {name: value for name, value in (plan.checks or {}).items() if name != GIVEN}
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


def _check_sound(work: Work, plan: Plan) -> Examination:
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
    return found
