"""Drafting plans: made from operations, changed while a draft, read back, listed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from core import ledger
from core.checking import check_revision
from core.db import new_key
from core.errors import InvalidInput, NotFound
from core.i18n import _
from core.restructuring.models import Plan, PlanOperation, PlanRow
from core.restructuring.operations import KINDS, Operation, from_payload, named_codes
from core.restructuring.outcome import REFUSE, Wanted
from core.restructuring.permissions import DRAFT
from core.restructuring.services.course import require_state
from core.restructuring.services.examining import Content, Examination, examine
from core.restructuring.services.handing_on import take_in_hand
from core.restructuring.services.loading import unit_ids
from core.restructuring.services.people import Assigned, Posting
from core.restructuring.services.picturing import picture
from core.restructuring.services.regranting import GIVEN
from core.scope import require
from core.units.places import Place
from core.work import Work


@dataclass(frozen=True)
class Draft:
    """What a plan should say."""

    on: date
    operations: Sequence[Operation]
    title: str = ""
    decision_no: str = ""
    decision_date: date | None = None
    parents: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[uuid.UUID, str] = field(default_factory=dict)
    postings: Sequence[Posting] = ()
    unassigned: str = REFUSE
    previous_id: uuid.UUID | None = None


def draft_plan(
    work: Work, draft: Draft, unit: Place | None = None, *, permission: str = DRAFT
) -> tuple[Plan, Examination]:
    """Draft a plan and examine it; what stands in its way is kept with it and refuses nothing yet.

    `permission` is needed at every unit that is there already and that the plan names.
    """
    check_decision(draft)
    _check_reach(work, draft, permission)
    plan = Plan(
        id=new_key(),
        unit_id=(unit or work.unit).id,
        title=draft.title or _("Restructuring %(no)s", no=draft.decision_no),
        decision_no=draft.decision_no,
        decision_date=draft.decision_date,
        effective_on=draft.on,
        unassigned=draft.unassigned,
        previous_id=draft.previous_id,
        created_at=work.now,
        created_by=work.actor.label,
    )
    work.session.add(plan)
    work.session.flush()
    _write_content(work, plan, draft)
    found = examine_plan(work, plan)
    note_plan(
        work, plan, "restructuring.drafted", {"operations": len(draft.operations)}, permission
    )
    return plan, found


def check_decision(draft: Draft) -> None:
    """Refuse a plan without the number of its decision."""
    if not draft.decision_no.strip():
        sentence = _("Write the number of the decision.")
        raise InvalidInput(sentence, fields={"decision_no": [sentence]})
    unknown = sorted({one.kind for one in draft.operations} - set(KINDS))
    if unknown:
        raise InvalidInput(_("There is no operation %(kind)s.", kind=unknown[0]))


def _check_reach(work: Work, draft: Draft, permission: str) -> None:
    """Require the permission at every unit named that is there."""
    codes = named_codes(draft.operations) | {*draft.parents, *draft.parents.values()}
    codes |= {*draft.members.values(), *(posting.unit_code for posting in draft.postings)}
    if not work.actor.is_system:
        require(work, permission, unit_ids(work, codes).values())


def require_everywhere(work: Work, plan: Plan, *permissions: str) -> None:
    """Require one of these permissions at every unit a plan names; a part of them is not enough."""
    if work.actor.is_system:
        return
    content = content_of(work, plan)
    codes = named_codes(content.wanted.operations) | set(content.wanted.parents)
    units = {plan.unit_id, *unit_ids(work, codes).values()}
    fit = [one for one in permissions if work.may(one)] or list(permissions)
    require(work, fit[0], units)


def _write_content(work: Work, plan: Plan, draft: Draft) -> None:
    """Write operations and rows."""
    operations = [
        {
            "id": new_key(),
            "plan_id": plan.id,
            "order": order,
            "kind": operation.kind,
            "payload": operation.as_payload(),
        }
        for order, operation in enumerate(draft.operations)
    ]
    rows: list[dict[str, Any]] = [
        {"what": "unit", "unit_code": code, "to_code": to} for code, to in draft.parents.items()
    ]
    rows += [
        {"what": "member", "member_id": one, "to_code": to} for one, to in draft.members.items()
    ]
    rows += [
        {
            "what": "post",
            "member_id": one.member_id,
            "to_code": one.unit_code,
            "position": one.position,
        }
        for one in draft.postings
    ]
    blank = {"plan_id": plan.id, "unit_code": "", "member_id": None, "position": ""}
    if operations:
        work.session.execute(sa.insert(PlanOperation), operations)
    if rows:
        whole = [{"id": new_key(), **blank, **row} for row in rows]
        work.session.execute(sa.insert(PlanRow), whole)


def change_plan(work: Work, plan: Plan, draft: Draft, *, permission: str = DRAFT) -> Examination:
    """Replace what a draft says; one that was submitted becomes a draft again."""
    plan = access_plan_for_update(work, plan)
    require_state(work, plan, "draft", "checked")
    check_decision(draft)
    _check_reach(work, draft, permission)
    plan.title, plan.effective_on = draft.title or plan.title, draft.on
    plan.decision_no, plan.decision_date = draft.decision_no, draft.decision_date
    plan.unassigned, plan.state = draft.unassigned, "draft"
    # Rows of other tables change; whoever read the plan before must notice.
    flag_modified(plan, "state")
    for model in (PlanOperation, PlanRow):
        work.session.execute(sa.delete(model).where(model.plan_id == plan.id))
    _write_content(work, plan, draft)
    found = examine_plan(work, plan)
    note_plan(
        work, plan, "restructuring.changed", {"operations": len(draft.operations)}, permission
    )
    return found


def change_frame(work: Work, plan: Plan, revision: int | None, **frame: Any) -> Examination:
    """Change the title, day and decision of a draft, its operations left as they are."""
    plan = access_plan_for_update(work, plan)
    check_revision(plan, revision)
    return change_plan(work, plan, replace(draft_of(work, plan), **frame))


def draft_again(work: Work, plan: Plan) -> tuple[Plan, Examination]:
    """Draft a plan that was reverted or cancelled once more; the new one names it as the former."""
    require_state(work, plan, "reverted", "cancelled")
    places = work.host.places.by_ids(work.session, [plan.unit_id], work.today, work.generation)
    return draft_plan(
        work, replace(draft_of(work, plan), previous_id=plan.id), places.get(plan.unit_id)
    )


def examine_plan(work: Work, plan: Plan) -> Examination:
    """Examine a plan against the tree of now and keep what was found."""
    take_in_hand(work, plan)
    content = content_of(work, plan)
    found = examine(work, content)
    kept = (plan.checks or {}).get(GIVEN) if plan.state in ("checked", "approved") else None
    checks = {**found.as_json(), "picture": picture(work, found, content)}
    plan.checks = {**checks, GIVEN: kept} if kept else checks
    work.session.flush()
    return found


def content_of(work: Work, plan: Plan) -> Content:
    """Read what a plan says."""
    operations = [
        from_payload(row.kind, row.payload)
        for row in work.session.scalars(
            sa.select(PlanOperation)
            .where(PlanOperation.plan_id == plan.id)
            .order_by(PlanOperation.order)
        )
    ]
    parents: dict[str, str] = {}
    members: dict[uuid.UUID, str] = {}
    postings: list[Posting] = []
    for what, code, member_id, to, position in work.session.execute(
        sa.select(
            PlanRow.what, PlanRow.unit_code, PlanRow.member_id, PlanRow.to_code, PlanRow.position
        )
        .where(PlanRow.plan_id == plan.id)
        .order_by(PlanRow.id)
    ):
        if what == "unit":
            parents[code] = to
        elif what == "member" and member_id is not None:
            members[member_id] = to
        elif member_id is not None:
            postings.append(Posting(member_id, to, position))
    wanted = Wanted(
        plan.effective_on,
        operations,
        plan.decision_no,
        plan.decision_date,
        parents,
        plan.unassigned,
    )
    return Content(wanted, Assigned(members, postings))


def draft_of(work: Work, plan: Plan) -> Draft:
    """Return a plan as a draft, to be changed or drafted again."""
    content = content_of(work, plan)
    return Draft(
        on=plan.effective_on,
        operations=content.wanted.operations,
        title=plan.title,
        decision_no=plan.decision_no,
        decision_date=plan.decision_date,
        parents=content.wanted.parents,
        members=content.assigned.members,
        postings=content.assigned.postings,
        unassigned=plan.unassigned,
        previous_id=plan.previous_id,
    )


def access_plan(work: Work, plan_id: uuid.UUID) -> Plan:
    """Return a plan this actor may see."""
    plan = work.session.scalar(sa.select(Plan).where(Plan.id == plan_id))
    if plan is None:
        raise NotFound(_("There is no such plan, or this account may not see it."))
    return plan


def access_plan_for_update(work: Work, plan: Plan) -> Plan:
    """Read a plan again and keep others from acting on it at the same time."""
    return work.session.scalars(
        sa.select(Plan)
        .where(Plan.id == plan.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def read_again(work: Work, plan: Plan) -> Plan:
    """Read the plan in hand anew; a plugin that was called may have let everything expire."""
    work.session.flush()
    (key,) = sa.inspect(plan).identity or (None,)
    return work.session.scalars(
        sa.select(Plan)
        .where(Plan.id == key)
        .execution_options(populate_existing=True, unscoped="the plan in hand is read anew")
    ).one()


def note_plan(
    work: Work, plan: Plan, action: str, after: Mapping[str, Any], permission: str
) -> None:
    """Tell the ledger about a plan."""
    about = ledger.About("plan", plan.id, plan.title, plan.unit_id)
    said = {"decision_no": plan.decision_no, "effective_on": plan.effective_on, **after}
    ledger.record(work, action, about, after=said, permission=permission)
