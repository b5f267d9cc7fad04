"""Appraisal and decision: picking levels with live room, sending back, deciding, notifying."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from core.forms import Form
from core.i18n import _, _n
from core.web import redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.lists import DecisionForm, PicksForm, ProposalInput, ReturnForm
from ..schemas.reviews import ReviewFilterInput
from .door import blueprint
from .frame import (
    ENDING,
    address,
    filled,
    handed_over,
    names_of_units,
    other,
    show,
    ticked_in,
    typed,
)

PAGE = 40
WITHIN = ("subject", "group", "branch")


def asked(data: dict[str, Any] | None, form: Form | None = None) -> dict[str, Any]:
    """Return the filters of a list: those asked for, else those a refused form was filled in under.

    What is no filter counts as none.
    """
    if data is not None:
        return data
    schema, typed_in = ReviewFilterInput(), form.data if form is not None else {}
    texts = {name: str(typed_in.get(name) or "") for name in WITHIN}
    wrong = schema.validate(texts)
    return dict(schema.load({name: text for name, text in texts.items() if name not in wrong}))


def within(data: dict[str, Any]) -> dict[str, str]:
    """Return the filters that are set, for addresses and hidden fields."""
    return {name: data[name] for name in WITHIN if data[name]}


def wanted_in(work: Work, data: dict[str, Any], stage: str, **more: Any) -> services.ReviewFilter:
    """Return which evaluations at a stage the filters leave; a unit nobody knows leaves none."""
    place = branch_of(work, data)
    if place is None and data["branch"]:
        more["ids"] = ()
    return services.ReviewFilter(
        subject=data["subject"],
        stage=stage,
        level=data.get("level", ""),
        group=data["group"],
        unit_id=place.id if place else None,
        **more,
    )


def branch_of(work: Work, data: dict[str, Any]) -> Any:
    """Return the one unit that is looked at, or None for all."""
    if not data["branch"]:
        return None
    return work.host.places.by_code(work.session, data["branch"], work.today, work.generation)


def _room(
    work: Work, campaign: Any, data: dict[str, Any], ids: Sequence[Any], picks: Any = None
) -> list[Any]:
    """Return the room of the groups the listed evaluations count in, the fullest first."""
    lines = services.headroom(
        work,
        campaign,
        data["subject"],
        with_names=bool(data["branch"]),
        review_ids=ids,
        picks=picks,
    )
    return lines[: 6 if data["branch"] else 3]


def _chips(
    work: Work, campaign: Any, endpoint: str, data: dict[str, Any]
) -> list[tuple[str, str, bool]]:
    """Return the kinds of subjects as filters; the branch that is looked at stays."""
    at = {"campaign_id": campaign.id}
    if data["branch"]:
        at["branch"] = data["branch"]
    chips = [(_("All subjects"), address(work, endpoint, **at), not data["subject"])]
    for one in campaign.subjects:
        href = address(work, endpoint, **at, subject=one)
        chips.append((str(services.words.SUBJECTS[one]), href, data["subject"] == one))
    return chips


def _typed_ids(lines: Sequence[dict[str, str]]) -> list[uuid.UUID] | None:
    """Return the evaluations of lines that were typed, so that all of them are shown again."""
    found = []
    for line in lines:
        with suppress(ValueError):
            found.append(uuid.UUID(line["review_id"]))
    return found or None


def _picked(
    reviews: Sequence[Any], lines: Mapping[str, Mapping[str, str]]
) -> dict[uuid.UUID, str | None]:
    """Return the level each line of the page shows: typed, saved, or the branch's proposal."""
    shown = {
        review.id: lines[str(review.id)]["level"]
        if str(review.id) in lines
        else review.counted_level or review.voted_level
        for review in reviews
    }
    return {key: level if level in services.words.LEVELS else None for key, level in shown.items()}


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
    data = asked(data, form)
    campaign = services.access_campaign(work, campaign_id)
    schema = PicksForm()
    lines = typed(form, schema, "rows")
    wanted = wanted_in(work, data, "appraisal", appraised_here=True)
    shown = replace(wanted, ids=_typed_ids(lines)) if lines else wanted
    reviews, following = services.list_reviews(
        work, campaign, shown, cursor=data["cursor"], limit=len(lines) or PAGE
    )
    members = [review.member_id for review in reviews if review.member_id is not None]
    by_review = {line["review_id"]: line for line in lines}
    picks = _picked(reviews, by_review)
    ready = services.ids_of(work, campaign, replace(wanted, has_level=True))
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
        room=_room(work, campaign, data, list(picks), picks),
        supposed=any(picks[review.id] != review.counted_level for review in reviews),
        branch=branch_of(work, data),
        lines=by_review,
        chips=_chips(work, campaign, "choose", data),
        following=address(work, "choose", campaign_id=campaign.id, cursor=following, **within(data))
        if following and not lines
        else "",
        within=within(data),
        form=filled(form, schema),
        return_form=filled(form, ReturnForm(), {"to_stage": "vote"},
                           action=address(work, "send_back", campaign_id=campaign.id)),
        refused=other(form, schema, ReturnForm()),
        ticked=ticked_in(form) or (),
        ready=len(ready),
        all_ready=all(review.counted_level for review in reviews) and not following,
    )  # fmt: skip


@blueprint.view(
    "/<uuid:campaign_id>/choose/room",
    methods=["POST"],
    permission=permissions.APPRAISE,
    accepts=PicksForm(),
    max_bytes=4_000_000,
)
def room(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Show the room as it would be with the levels picked so far; nothing is saved."""
    campaign = services.access_campaign(work, campaign_id)
    picks = {key: pick.level for key, pick in data["picks"].items()}
    return show(
        work,
        "room",
        title=_("Room under the caps"),
        campaign=campaign,
        room=_room(work, campaign, data, list(picks), picks) if picks else [],
        supposed=True,
        alone=True,
    )


@blueprint.view(
    "/<uuid:campaign_id>/choose",
    methods=["POST"],
    permission=permissions.APPRAISE,
    accepts=PicksForm(),
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
        **within(data),
        sentence=_n("%(n)s level is saved.", "%(n)s levels are saved.", len(found)),
    )


@blueprint.view(
    "/<uuid:campaign_id>/propose",
    methods=["POST"],
    permission=permissions.APPRAISE,
    accepts=ProposalInput(),
    form="choose",
)
def propose(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Submit the appraised evaluations of a filter for decision: all that have a level."""
    campaign = services.access_campaign(work, campaign_id)
    wanted = wanted_in(work, data, "appraisal", appraised_here=True, has_level=True)
    count = services.submit_for_decision(work, campaign, services.ids_of(work, campaign, wanted))
    return redirect_to(
        "evaluation.choose",
        campaign_id=campaign.id,
        **within(data),
        sentence=_n("%(n)s evaluation is submitted for decision.",
                    "%(n)s evaluations are submitted for decision.", count),
    )  # fmt: skip


@blueprint.view(
    "/<uuid:campaign_id>/send-back",
    methods=["POST"],
    permission=permissions.SEE,
    accepts=ReturnForm(),
    form="choose",
)
def send_back(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Send evaluations back with a reason."""
    campaign = services.access_campaign(work, campaign_id)
    found = services.send_back(work, campaign, data["review"], data["to_stage"], data["reason"])
    return redirect_to(
        "evaluation.choose",
        campaign_id=campaign.id,
        **within(data),
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
    data = asked(data, form)
    campaign = services.access_campaign(work, campaign_id)
    wanted = wanted_in(work, data, "decision", decided_here=True)
    reviews, following = services.list_reviews(
        work, campaign, wanted, cursor=data["cursor"], limit=PAGE
    )
    schema = DecisionForm()
    notices = services.ReviewFilter(stage="notice", decided_here=True)
    return show(
        work,
        "decisions",
        title=_("Decision on levels"),
        campaign=campaign,
        reviews=reviews,
        units=names_of_units(work, reviews),
        ticked=ticked_in(form),
        everyone=bool(form is not None and form.data and form.data.get("everyone")),
        waiting=len(services.ids_of(work, campaign, wanted)),
        branch=branch_of(work, data),
        within=within(data),
        chips=_chips(work, campaign, "decisions", data),
        following=address(
            work, "decisions", campaign_id=campaign.id, cursor=following, **within(data)
        )
        if following
        else "",
        form=filled(form, schema, {"on": work.today}),
        decided=services.list_reviews(work, campaign, notices, limit=20)[0],
        unnotified=len(services.ids_of(work, campaign, notices)),
        refused=other(form, schema),
    )


@blueprint.view(
    "/<uuid:campaign_id>/decisions",
    methods=["POST"],
    permission=permissions.DECIDE,
    accepts=DecisionForm(),
    form="decisions",
)
def decide(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Decide the ticked evaluations by one document, or all that wait under the filters."""
    campaign = services.access_campaign(work, campaign_id)
    decision = services.Decision(data["number"], data["on"], data["order_document"])
    ids = data["review"]
    if data["everyone"]:
        wanted = wanted_in(work, data, "decision", decided_here=True)
        ids = services.ids_of(work, campaign, wanted)
    found = services.decide(work, campaign, ids, decision)
    return redirect_to(
        "evaluation.decisions",
        campaign_id=campaign.id,
        **within(data),
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
    count = services.notify(work, campaign, services.ids_of(work, campaign, wanted))
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
