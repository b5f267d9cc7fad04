"""Units that only a reverted plan had made: their addresses say so and lead on."""

from __future__ import annotations

import sqlalchemy as sa

from core.i18n import _, format_instant
from core.pages import WayOn
from core.restructuring.models import Plan, PlanOperation
from core.restructuring.operations import Operation, from_payload
from core.restructuring.permissions import SEE
from core.restructuring.services.papers import paper_of
from core.work import Work

LOOKED_AT = 50
"""So many operations in which the code stands somewhere are read, those of the newest plans."""


def ways_from(work: Work, code: str) -> list[WayOn]:
    """Return what became of a unit that a reverted plan had made; nothing of plans not seen."""
    found = _plan_of(work, code)
    if found is None:
        return []
    plan, operation = found
    name = next(unit.name for unit in operation.new if unit.code == code)
    ways = [
        WayOn(
            _(
                "%(name)s (%(code)s) had been made by the plan “%(plan)s”. The plan was reverted "
                "on %(when)s, and the unit with it.",
                name=name,
                code=code,
                plan=plan.title,
                when=format_instant(plan.reverted_at, work.host.zone) if plan.reverted_at else "–",
            )
        )
    ]
    return [*ways, *_to_the_plan(work, plan), *_to_what_it_was_made_of(work, operation, code)]


def _plan_of(work: Work, code: str) -> tuple[Plan, Operation] | None:
    """Find the newest reverted plan one may see in which the unit begins."""
    said = sa.cast(PlanOperation.payload, sa.Text).contains(f'"{code}"', autoescape=True)
    rows = work.session.execute(
        sa.select(Plan, PlanOperation.kind, PlanOperation.payload)
        .select_from(Plan)
        .join(PlanOperation, PlanOperation.plan_id == Plan.id)
        .where(Plan.state == "reverted", said)
        .order_by(Plan.reverted_at.desc(), PlanOperation.order)
        .limit(LOOKED_AT)
    )
    for plan, kind, payload in rows:
        operation = from_payload(kind, payload)
        if any(unit.code == code for unit in operation.new):
            return plan, operation
    return None


def _to_the_plan(work: Work, plan: Plan) -> list[WayOn]:
    """Lead to the plan and to the paper of its decision."""
    places = work.host.places.by_ids(work.session, [plan.unit_id], work.today, work.generation)
    place = places.get(plan.unit_id)
    if place is None or not work.may(SEE, place):
        return []
    ways = [
        WayOn(
            _("The plan and its decision %(no)s", no=plan.decision_no),
            "restructuring.show",
            {"unit": place.code, "plan_id": plan.id},
        )
    ]
    paper = paper_of(work, plan)
    if paper is not None and paper["unit"]:
        values = {"unit": paper["unit"], "document_id": paper["id"]}
        ways.append(WayOn(_("Paper of the decision"), "documents.show", values))
    return ways


def _to_what_it_was_made_of(work: Work, operation: Operation, code: str) -> list[WayOn]:
    """Lead to the units the lost one had come from, as far as one may see them."""
    codes = [link.predecessor for link in operation.links if link.successor == code]
    codes = codes or [operation.unit]
    places = work.host.places.by_codes(work.session, codes, work.today, work.generation)
    return [
        WayOn(f"{place.name} ({place.code})", "units.overview", {"unit": place.code})
        for place in places.values()
        if work.actor.sees(place)
    ]
