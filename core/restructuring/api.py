"""Plans of restructuring for programs: the same services and permissions as the pages have."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from core import ledger
from core.errors import Stale
from core.i18n import _
from core.paging import next_cursor, read_cursor
from core.restructuring import permissions, services
from core.restructuring.api_schemas import (
    AnswerBody,
    AskedOutput,
    DecisionBody,
    ObstacleOutput,
    PlanBody,
    PlanOutput,
    PlansQuery,
    RightsBody,
    WholePlanOutput,
)
from core.restructuring.models import Plan
from core.restructuring.schemas import MergeInput, ReasonInput
from core.restructuring.views.door import MOST_BYTES, plan_here
from core.restructuring.views.merging import merger_of
from core.units.covering import told_of
from core.web import Answer, PluginBlueprint
from core.work import Work

blueprint = PluginBlueprint("restructuring", is_core=True)
FILES = MOST_BYTES * 4 // 3
WHOLE = WholePlanOutput()


def _whole(work: Work, plan: Plan, status: int = 200) -> Answer:
    """Return a plan with everything that follows from it, and its revision as the ETag."""
    plan = services.access_plan(work, plan.id)
    return Answer(services.told(work, plan), status=status, revision=plan.revision)


def _changing(work: Work, plan_id: uuid.UUID, revision: int) -> Plan:
    """Return a plan to act on, locked; a revision that is not the current one is stale."""
    plan = services.access_plan_for_update(work, plan_here(work, plan_id))
    if plan.revision != revision:
        raise Stale(_("This revision is not the current one; read the record again."))
    return plan


@blueprint.api("/", permission=permissions.SEE, accepts=PlansQuery(), answers=PlanOutput(),
               many=True, anywhere=True)  # fmt: skip
def list_plans(work: Work, data: dict[str, Any]) -> Any:
    """List the plans of a unit and of what stands below it, newest first, or those of a day."""
    as_of, size, after = told_of(data), data["limit"], read_cursor(data["cursor"], "k")
    found = services.list_plans(
        work,
        work.unit,
        state=data["state"],
        as_of=as_of,
        after=after[0] if after else None,
        limit=size + 1,
    )
    return services.told_list(work, found[:size], as_of), next_cursor(found, size, "id") or None


@blueprint.api("/<uuid:plan_id>", permission=permissions.SEE, answers=WHOLE)
def show(work: Work, plan_id: uuid.UUID) -> Any:
    """Return a plan: what it says, what stands in its way, whom and what it touches."""
    return _whole(work, plan_here(work, plan_id))


@blueprint.api("/", methods=["POST"], permission=permissions.DRAFT, accepts=PlanBody(),
               answers=WHOLE, max_bytes=FILES, name="draft")  # fmt: skip
def draft(work: Work, data: dict[str, Any]) -> Any:
    """Draft a plan at a unit, from rows or from a file as {"filename", "base64"}."""
    plan, _found = services.draft_plan(work, services.draft_sent(work, data))
    return _whole(work, plan, 201)


@blueprint.api("/merge", methods=["POST"], permission=permissions.MERGE, accepts=MergeInput(),
               answers=WHOLE, name="merge")  # fmt: skip
def merge(work: Work, data: dict[str, Any]) -> Any:
    """Draft the merger of two branches, and submit it where nothing stands in its way."""
    plan, found = services.merge_branches(work, merger_of(work, data))
    if not found.sentences:
        services.submit_plan(work, plan)
    return _whole(work, plan, 201)


@blueprint.api("/<uuid:plan_id>", methods=["PUT"], permission=permissions.DRAFT, revised=True,
               accepts=PlanBody(), answers=WHOLE, max_bytes=FILES, name="change")  # fmt: skip
def change(work: Work, data: dict[str, Any], plan_id: uuid.UUID, revision: int) -> Any:
    """Replace what a draft says; one that was submitted becomes a draft again."""
    plan = _changing(work, plan_id, revision)
    services.change_plan(work, plan, services.draft_sent(work, data))
    return _whole(work, plan)


@blueprint.api("/<uuid:plan_id>/asked/<code>", permission=permissions.MERGE, answers=AskedOutput())
def asked(work: Work, plan_id: uuid.UUID, code: str) -> Any:
    """Return a divided unit with everybody in it, and where each goes so far."""
    found = services.access_asked(work, plan_here(work, plan_id), code)
    ledger.saw(work, "member", [one.id for one in found.members])
    targets = [{"code": target, "name": name} for target, name in found.targets]
    return {
        "code": found.code,
        "name": found.name,
        "goes_on": found.goes_on,
        "left": found.left,
        "targets": targets,
        "units": found.units,
        "members": found.members,
    }


@blueprint.api("/<uuid:plan_id>/asked/<code>", methods=["POST"], permission=permissions.MERGE,
               revised=True, accepts=AnswerBody(), answers=WHOLE, max_bytes=FILES,
               name="answer")  # fmt: skip
def answer(work: Work, data: dict[str, Any], plan_id: uuid.UUID, code: str, revision: int) -> Any:
    """Say where units and members of a divided unit go, as rows or as a filled-in workbook."""
    plan = _changing(work, plan_id, revision)
    services.answer_sent(work, plan, services.access_asked(work, plan, code), data)
    return _whole(work, plan)


@blueprint.api("/<uuid:plan_id>/decision", methods=["POST"], permission=permissions.MERGE,
               revised=True, accepts=DecisionBody(), answers=WHOLE, max_bytes=FILES,
               name="decision")  # fmt: skip
def decision(work: Work, data: dict[str, Any], plan_id: uuid.UUID, revision: int) -> Any:
    """Let the paper of the decision stand with a plan: one of a register, or a file."""
    plan = _changing(work, plan_id, revision)
    services.attach_decision(work, plan, upload=data.pop("file"), **data)
    return _whole(work, plan)


@blueprint.api("/<uuid:plan_id>/check", methods=["POST"], permission=permissions.SEE,
               answers=WHOLE, name="check")  # fmt: skip
def check(work: Work, plan_id: uuid.UUID) -> Any:
    """Check a plan against the tree of now."""
    plan = plan_here(work, plan_id)
    services.require_state(work, plan, "draft", "checked", "approved")
    services.examine_plan(work, plan)
    return _whole(work, plan)


@blueprint.api("/<uuid:plan_id>/again", methods=["POST"], permission=permissions.DRAFT,
               answers=WHOLE, name="again")  # fmt: skip
def again(work: Work, plan_id: uuid.UUID) -> Any:
    """Draft a plan that was reverted or cancelled once more."""
    plan, _found = services.draft_again(work, plan_here(work, plan_id))
    return _whole(work, plan, 201)


def _act(word: str, permission: str, act: Callable[[Work, Plan], Any]) -> None:
    """Declare an act on a plan as a whole that needs nothing but the revision one knows."""

    def view(work: Work, plan_id: uuid.UUID, revision: int) -> Any:
        plan = _changing(work, plan_id, revision)
        act(work, plan)
        return _whole(work, plan)

    view.__doc__ = act.__doc__
    blueprint.api(f"/<uuid:plan_id>/{word}", methods=["POST"], permission=permission, revised=True,
                  answers=WHOLE, name=word)(view)  # fmt: skip


def _apply(work: Work, plan: Plan) -> None:
    """Apply an approved plan whose day has come; a large one stays approved, the job applies it."""
    if not (services.is_large(plan) and plan.state == "approved"):
        services.apply_plan(work, plan)


_act("submit", permissions.MERGE, services.submit_plan)
_act("approve", permissions.APPROVE, services.approve_plan)
_act("apply", permissions.APPLY, _apply)
_act("cancel", permissions.MERGE, services.cancel_plan)


@blueprint.api("/<uuid:plan_id>/rights", methods=["POST"], permission=permissions.APPROVE,
               revised=True, accepts=RightsBody(), answers=WHOLE, name="rights")  # fmt: skip
def rights(work: Work, data: dict[str, Any], plan_id: uuid.UUID, revision: int) -> Any:
    """Choose for which ending rights a new one is given when the plan is applied; no others are."""
    plan = _changing(work, plan_id, revision)
    services.choose_going_on(work, plan, data["grants"], members=data["members"])
    return _whole(work, plan)


@blueprint.api("/<uuid:plan_id>/send-back", methods=["POST"], permission=permissions.APPROVE,
               revised=True, accepts=ReasonInput(), answers=WHOLE, name="send_back")  # fmt: skip
def send_back(work: Work, data: dict[str, Any], plan_id: uuid.UUID, revision: int) -> Any:
    """Send a plan back to whoever drafted it, with the reason."""
    plan = _changing(work, plan_id, revision)
    services.send_back_plan(work, plan, reason=data["reason"])
    return _whole(work, plan)


@blueprint.api("/<uuid:plan_id>/obstacles", permission=permissions.APPLY,
               answers=ObstacleOutput(), many=True)  # fmt: skip
def obstacles(work: Work, plan_id: uuid.UUID) -> Any:
    """List what stands in the way of reverting a plan that was applied."""
    plan = plan_here(work, plan_id)
    found = services.obstacles(work, plan) if plan.state == "applied" else []
    return [{"sentence": sentence} for sentence in found], None


@blueprint.api("/<uuid:plan_id>/revert", methods=["POST"], permission=permissions.APPLY,
               revised=True, accepts=ReasonInput(), answers=WHOLE, name="revert")  # fmt: skip
def revert(work: Work, data: dict[str, Any], plan_id: uuid.UUID, revision: int) -> Any:
    """Take back a plan; refused with all that stands in the way, under `fields.obstacles`."""
    plan = _changing(work, plan_id, revision)
    services.revert_plan(work, plan, reason=data["reason"])
    return _whole(work, plan)
