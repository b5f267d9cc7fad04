"""Pages of plans: the list, a new one, one plan with everything that follows from it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from core.errors import RuleBroken
from core.forms import Form
from core.i18n import _
from core.restructuring import permissions, services
from core.restructuring.schemas import FrameInput, IndexQuery, PlanInput, ReasonInput
from core.restructuring.titles import OPERATIONS, STATES
from core.restructuring.views.door import MOST_BYTES, blueprint, plan_here, sent_file
from core.units.covering import query_of, told_of
from core.units.history import kind_titles
from core.units.labels import SECTOR
from core.web import page, redirect_to
from core.work import Work

LISTED = 30
CHIPS = {"draft": "none", "checked": "warn", "approved": "info", "applied": "good"}


@blueprint.view("/", permission=permissions.SEE, accepts=IndexQuery())
def index(work: Work, data: dict[str, Any]) -> Any:
    """List the plans of this unit and of what stands below it, newest first, or those of a day."""
    as_of = told_of(data)
    found = services.list_plans(work, work.unit, as_of=as_of, after=data["after"], limit=LISTED + 1)
    return page(
        "restructuring/index.html",
        title=_("Restructuring"),
        lines=services.lines_of(work, found[:LISTED], as_of),
        older=found[LISTED - 1].id if len(found) > LISTED else None,
        as_of=as_of.day if as_of.is_past else None,
        asked=as_of,
        told=query_of(as_of),
        states=STATES,
        chips=CHIPS,
    )


@blueprint.view("/new", permission=permissions.DRAFT)
def new(work: Work, *, form: Form | None = None) -> Any:
    """Show the form of a new plan."""
    shown = form or Form(PlanInput(), data={"on": work.today, "unassigned": "refuse"})
    return page("restructuring/new.html", title=_("Draft a plan"), form=shown)


@blueprint.view(
    "/new",
    methods=["POST"],
    permission=permissions.DRAFT,
    accepts=PlanInput(),
    form="new",
    files=True,
    max_bytes=MOST_BYTES,
)
def new_post(work: Work, data: dict[str, Any]) -> Any:
    """Draft a plan, from a file where one was sent."""
    file = sent_file(data.pop("file"), "file", services.read_plan_file)
    told = sent_file(data.pop("assign"), "assign", services.read_assign_file)
    filed = services.draft_from(work, file or services.PlanFile(), told, **data)
    if filed.problems:
        raise RuleBroken(
            _("The file was not taken: %(reasons)s", reasons=" ".join(filed.problems[:8]))
        )
    plan, found = services.draft_plan(work, filed.draft)
    if found.sentences and filed.draft.operations:
        sentence = _("The plan is drafted; something stands in its way.")
    else:
        sentence = _("The plan is drafted. Nothing has been changed yet.")
    return redirect_to("restructuring.show", plan_id=plan.id, sentence=sentence)


@blueprint.view("/<uuid:plan_id>", permission=permissions.SEE)
def show(
    work: Work,
    plan_id: uuid.UUID,
    *,
    form: Form | None = None,
    obstacles: list[str] | None = None,
) -> Any:
    """Show a plan: its operations, what stands in the way, whom and what it touches."""
    plan = plan_here(work, plan_id)
    checks = plan.checks or {}
    picture = checks.get("picture", {})
    listed = services.content_of(work, plan).wanted.operations
    return page(
        "restructuring/show.html",
        title=plan.title,
        plan=plan,
        state=STATES[plan.state],
        chip=CHIPS.get(plan.state, "none"),
        checks=checks,
        picture=picture,
        people=services.names_of(work, picture),
        operations=OPERATIONS,
        listed=listed,
        names=services.names_of_units(work, listed),
        kinds=kind_titles(work),
        sectors=SECTOR,
        positions=services.position_titles(work),
        roles=services.role_titles(work),
        form=replace(form, schema=ReasonInput()) if form else Form(ReasonInput()),
        given={key.hex for key in services.chosen(plan)},
        obstacles=obstacles or [],
        is_due=plan.effective_on <= work.today,
        is_large=services.is_large(plan),
        may=services.acts_on(work, plan),
        paper=services.paper_of(work, plan),
        drawing=services.drawing_of(picture.get("flows", [])),
    )


@blueprint.view("/<uuid:plan_id>/frame", permission=permissions.DRAFT)
def frame(work: Work, plan_id: uuid.UUID, *, form: Form | None = None) -> Any:
    """Show the form that changes the title, the day and the decision of a draft."""
    plan = plan_here(work, plan_id)
    services.require_state(work, plan, "draft", "checked")
    names = ("title", "decision_no", "decision_date", "unassigned", "revision")
    first = {**{name: getattr(plan, name) for name in names}, "on": plan.effective_on}
    shown = form or Form(FrameInput(), data=first)
    return page(
        "restructuring/frame.html", title=_("Title, day and decision"), plan=plan, form=shown
    )


@blueprint.view(
    "/<uuid:plan_id>/frame",
    methods=["POST"],
    permission=permissions.DRAFT,
    accepts=FrameInput(),
    form="frame",
)
def frame_post(work: Work, data: dict[str, Any], plan_id: uuid.UUID) -> Any:
    """Change the title, the day and the decision of a draft."""
    services.change_frame(work, plan_here(work, plan_id), data.pop("revision"), **data)
    sentence = _("Saved; the plan was checked again. Submit it again where it had been submitted.")
    return redirect_to("restructuring.show", plan_id=plan_id, sentence=sentence)
