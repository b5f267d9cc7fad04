"""Appraisal and decision: picking levels with live room, sending back, deciding, notifying."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from core.forms import Form
from core.i18n import _, _n
from core.web import redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.reviews import (
    DecisionInput,
    PicksInput,
    ReturnInput,
    ReviewFilterInput,
    ReviewsInput,
)
from .door import blueprint
from .frame import ENDING, address, filled, handed_over, names_of_units, other, show, typed

PAGE = 40


def _listed(work: Work, campaign: Any, stage: str, data: dict[str, Any], **more: bool) -> Any:
    """Return a page of the evaluations at a stage that this unit is competent for."""
    place = branch_of(work, data)
    wanted = services.ReviewFilter(
        subject=data["subject"],
        stage=stage,
        level=data["level"],
        group=data["group"],
        unit_id=place.id if place else None,
        **more,
    )
    return services.list_reviews(work, campaign, wanted, cursor=data["cursor"], limit=PAGE)


def branch_of(work: Work, data: dict[str, Any]) -> Any:
    """Return the one unit that is looked at, or None for all."""
    if not data["branch"]:
        return None
    return work.host.places.by_code(work.session, data["branch"], work.today, work.generation)


def _room(work: Work, campaign: Any, data: dict[str, Any], reviews: Sequence[Any]) -> list[Any]:
    """Return the room of the groups the listed evaluations count in, the fullest first."""
    lines = services.headroom(
        work,
        campaign,
        data["subject"],
        with_names=bool(data["branch"]),
        review_ids=[review.id for review in reviews],
    )
    return lines[: 6 if data["branch"] else 3]


def _next(work: Work, campaign: Any, data: dict[str, Any], cursor: str | None) -> str:
    """Return the address of the next page, with the same filters."""
    if not cursor:
        return ""
    filters = {name: data[name] for name in ("subject", "branch", "group") if data[name]}
    return address(work, "choose", campaign_id=campaign.id, cursor=cursor, **filters)


def _chips(work: Work, campaign: Any, endpoint: str, subject: str) -> list[tuple[str, str, bool]]:
    at = {"campaign_id": campaign.id}
    chips = [(_("All subjects"), address(work, endpoint, **at), not subject)]
    for one in campaign.subjects:
        href = address(work, endpoint, **at, subject=one)
        chips.append((str(services.words.SUBJECTS[one]), href, subject == one))
    return chips


@blueprint.view(
    "/<uuid:campaign_id>/choose", permission=permissions.APPRAISE, accepts=ReviewFilterInput()
)
def choose(
    work: Work,
    data: dict[str, Any] | None = None,
    *,
    campaign_id: uuid.UUID,
    form: Form | None = None,
) -> Any:
    """Show what is to be appraised: proposals, ballots, facts beside, room under the caps."""
    data = data or ReviewFilterInput().load({})
    campaign = services.access_campaign(work, campaign_id)
    reviews, following = _listed(work, campaign, "appraisal", data, appraised_here=True)
    schema = PicksInput()
    members = [review.member_id for review in reviews if review.member_id is not None]
    return show(
        work,
        "choose",
        title=_("Appraisal: pick levels"),
        campaign=campaign,
        reviews=reviews,
        units=names_of_units(work, reviews),
        stored=services.ballots_of(work, [review.id for review in reviews]),
        facts=services.facts_about(work, campaign, members),
        earlier=services.levels_of(work, [review.subject_id for review in reviews], 3),
        room=_room(work, campaign, data, reviews),
        branch=branch_of(work, data),
        lines={line["review_id"]: line for line in typed(form, schema, "rows")},
        chips=_chips(work, campaign, "choose", data["subject"]),
        following=_next(work, campaign, data, following),
        form=filled(form, schema),
        return_form=filled(form, ReturnInput(), {"to_stage": "vote"},
                           action=address(work, "send_back", campaign_id=campaign.id)),
        refused=other(form, schema, ReturnInput()),
        ready=sum(1 for review in reviews if review.counted_level),
    )  # fmt: skip


@blueprint.view(
    "/<uuid:campaign_id>/choose",
    methods=["POST"],
    permission=permissions.APPRAISE,
    accepts=PicksInput(),
    form="choose",
    max_bytes=4_000_000,
)
def pick(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Save the levels picked."""
    campaign = services.access_campaign(work, campaign_id)
    found = services.pick_levels(work, campaign, data["picks"])
    return redirect_to(
        "evaluation.choose",
        campaign_id=campaign.id,
        sentence=_n("%(n)s level is saved.", "%(n)s levels are saved.", len(found)),
    )


@blueprint.view(
    "/<uuid:campaign_id>/propose",
    methods=["POST"],
    permission=permissions.APPRAISE,
    accepts=ReviewsInput(),
    form="choose",
)
def propose(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Submit appraised evaluations for decision: those ticked, or all with a level."""
    campaign = services.access_campaign(work, campaign_id)
    ids = data["review"] or [
        review.id
        for review in services.list_reviews(
            work,
            campaign,
            services.ReviewFilter(stage="appraisal", appraised_here=True),
            limit=2_000,
        )[0]
        if review.counted_level
    ]
    count = services.submit_for_decision(work, campaign, ids)
    return redirect_to(
        "evaluation.choose",
        campaign_id=campaign.id,
        sentence=_n("%(n)s evaluation is submitted for decision.",
                    "%(n)s evaluations are submitted for decision.", count),
    )  # fmt: skip


@blueprint.view(
    "/<uuid:campaign_id>/send-back",
    methods=["POST"],
    permission=permissions.SEE,
    accepts=ReturnInput(),
    form="choose",
)
def send_back(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Send evaluations back with a reason."""
    campaign = services.access_campaign(work, campaign_id)
    found = services.send_back(work, campaign, data["review"], data["to_stage"], data["reason"])
    return redirect_to(
        "evaluation.choose",
        campaign_id=campaign.id,
        sentence=_n("%(n)s evaluation is sent back.", "%(n)s evaluations are sent back.",
                    len(found)),
    )  # fmt: skip


@blueprint.view(
    "/<uuid:campaign_id>/decisions", permission=permissions.DECIDE, accepts=ReviewFilterInput()
)
def decisions(
    work: Work,
    data: dict[str, Any] | None = None,
    *,
    campaign_id: uuid.UUID,
    form: Form | None = None,
) -> Any:
    """Show what waits for a decision, and the form with its number and day."""
    data = data or ReviewFilterInput().load({})
    campaign = services.access_campaign(work, campaign_id)
    reviews, following = _listed(work, campaign, "decision", data, decided_here=True)
    schema = DecisionInput()
    ticked = set(form.data.getlist("review")) if form is not None and form.data else None
    notices = services.ReviewFilter(stage="notice", decided_here=True)
    return show(
        work,
        "decisions",
        title=_("Decision on levels"),
        campaign=campaign,
        reviews=reviews,
        units=names_of_units(work, reviews),
        ticked=ticked,
        chips=_chips(work, campaign, "decisions", data["subject"]),
        following=address(work, "decisions", campaign_id=campaign.id, cursor=following)
        if following
        else "",
        form=filled(form, schema, {"on": work.today}),
        decided=services.list_reviews(work, campaign, notices, limit=200)[0],
        refused=other(form, schema),
    )


@blueprint.view(
    "/<uuid:campaign_id>/decisions",
    methods=["POST"],
    permission=permissions.DECIDE,
    accepts=DecisionInput(),
    form="decisions",
)
def decide(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Decide the ticked evaluations by one document."""
    campaign = services.access_campaign(work, campaign_id)
    decision = services.Decision(data["number"], data["on"], data["order_document"])
    found = services.decide(work, campaign, data["review"], decision)
    return redirect_to(
        "evaluation.decisions",
        campaign_id=campaign.id,
        sentence=_n("%(n)s level is decided.", "%(n)s levels are decided.", len(found)),
    )


@blueprint.view(
    "/<uuid:campaign_id>/notify",
    methods=["POST"],
    permission=permissions.DECIDE,
    form="decisions",
)
def notify(work: Work, campaign_id: uuid.UUID) -> Any:
    """Tell everybody whose level was decided here."""
    campaign = services.access_campaign(work, campaign_id)
    wanted = services.ReviewFilter(stage="notice", decided_here=True)
    found, _cursor = services.list_reviews(work, campaign, wanted, limit=2_000)
    count = services.notify(work, campaign, [review.id for review in found])
    return redirect_to(
        "evaluation.decisions",
        campaign_id=campaign.id,
        sentence=_n("%(n)s result is notified.", "%(n)s results are notified.", count),
    )


@blueprint.view(f"/<uuid:campaign_id>/list.{ENDING}", permission=permissions.EXPORT)
def official_list(work: Work, campaign_id: uuid.UUID, ending: str) -> Any:
    """Hand over the official list of levels decided here or below."""
    campaign = services.access_campaign(work, campaign_id)
    found, _cursor = services.list_reviews(work, campaign, services.ReviewFilter(), limit=5_000)
    paper = services.decision_list_paper(work, campaign, found, names_of_units(work, found))
    return handed_over(work, paper, ending)
