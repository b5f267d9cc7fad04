"""JSON: campaigns, their board, caps, days; the acts on many evaluations at once."""

from __future__ import annotations

import uuid
from typing import Any

from core.units.covering import told_of
from core.units.tree import access_unit
from core.web import current, written
from core.work import Work

from .. import permissions, services
from ..schemas import campaigns as sent
from ..schemas import details, output
from ..schemas import reviews as acts
from .door import blueprint, counted

Campaign = output.CampaignOutput


@blueprint.api("/campaigns", permission=permissions.SEE, answers=Campaign(), many=True)
def campaigns(work: Work) -> Any:
    """List the campaigns that concern a unit."""
    return services.list_campaigns(work), None


@blueprint.api(
    "/campaigns",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=sent.CampaignInput(),
    answers=Campaign(),
)
def open_campaign(work: Work, data: dict[str, Any]) -> Any:
    """Open a campaign for everybody below a unit; a job makes the list, see `units_done`."""
    found = services.open_campaign(work, services.CampaignFacts(**data))
    return written(work, found, status=201)


@blueprint.api("/campaigns/<uuid:campaign_id>", permission=permissions.SEE, answers=Campaign())
def campaign(work: Work, campaign_id: uuid.UUID) -> Any:
    """Return a campaign."""
    return services.access_campaign(work, campaign_id)


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/close",
    methods=["POST"],
    permission=permissions.MANAGE,
    answers=Campaign(),
    revised=True,
)
def close(work: Work, campaign_id: uuid.UUID, revision: int) -> Any:
    """Close a campaign in which everything is decided."""
    found = current(services.access_campaign(work, campaign_id), revision)
    services.close_campaign(work, found)
    return written(work, found)


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/take-in",
    methods=["POST"],
    permission=permissions.MANAGE,
    answers=Campaign(),
)
def take_in(work: Work, campaign_id: uuid.UUID) -> Any:
    """Let a job take in whoever came since the opening; the campaign tells how far it is."""
    found = services.access_campaign(work, campaign_id)
    services.take_in(work, found)
    return written(work, found)


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/board",
    permission=permissions.OVERSEE,
    accepts=sent.SubjectFilter(),
    answers=output.BoardOutput(),
    many=True,
)
def board(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Return how far each unit below is, today or as of a day."""
    as_of = told_of(data)
    found = services.access_campaign(work, campaign_id)
    return services.board(work, found, data["subject"], as_of), None


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/caps",
    permission=permissions.SEE,
    answers=output.HeadroomOutput(),
    many=True,
)
def caps(work: Work, campaign_id: uuid.UUID) -> Any:
    """Return how many places are left in each group."""
    return services.headroom(work, services.access_campaign(work, campaign_id)), None


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/caps",
    methods=["POST"],
    permission=permissions.OVERRIDE,
    accepts=output.PlacesOfInput(),
    answers=output.HeadroomOutput(),
)
def grant_places(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Allow a group more places by a decision document."""
    found = services.access_campaign(work, campaign_id)
    counter = services.grant_places(work, found, data.pop("counter_id"), **data)
    return next(one for one in services.headroom(work, found) if one.counter_id == counter.id)


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/days",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=sent.DayInput(),
    answers=Campaign(),
)
def change_day(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Change the day of a stage for a tier."""
    found = services.access_campaign(work, campaign_id)
    services.change_day(work, found, **data)
    return found


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/extensions",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=sent.ExtensionInput(),
    answers=Campaign(),
)
def extend(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Give one unit a later day, by a document."""
    found = services.access_campaign(work, campaign_id)
    place = access_unit(work, data.pop("unit_code"))
    services.extend(work, found, unit_id=place.id, **data)
    return found


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/days",
    permission=permissions.SEE,
    answers=details.StageDayOutput(),
    many=True,
)
def days(work: Work, campaign_id: uuid.UUID) -> Any:
    """Return by which day each stage is to be finished, by tier."""
    given = services.stage_days(work, services.access_campaign(work, campaign_id))
    return [
        {"tier": tier, "stage": stage, "due_on": day} for (tier, stage), day in given.items()
    ], None


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/extensions",
    permission=permissions.SEE,
    answers=details.ExtensionOutput(),
    many=True,
)
def extensions(work: Work, campaign_id: uuid.UUID) -> Any:
    """Return the later days given to units, with their documents."""
    found = services.access_campaign(work, campaign_id)
    return [{"unit": name, "row": row} for row, name in services.list_extensions(work, found)], None


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/moved",
    permission=permissions.OVERSEE,
    answers=details.MovedOutput(),
    many=True,
)
def moved(work: Work, campaign_id: uuid.UUID) -> Any:
    """Return members who moved since the opening, with the unit they belong to today."""
    found = services.access_campaign(work, campaign_id)
    rows = services.moved_members(work, found)
    return [{"review": review, "belongs_to": unit_id} for review, unit_id in rows], None


def _mine(work: Work, campaign_id: uuid.UUID, ids: list[uuid.UUID]) -> tuple[Any, list[Any]]:
    """Return the evaluations of this unit that are named, and their campaign."""
    found = services.access_campaign(work, campaign_id)
    wanted = set(ids)
    return found, [one for one in services.all_here(work, found) if one.id in wanted]


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/on-paper",
    methods=["POST"],
    permission=permissions.VOTE,
    accepts=acts.ReviewsInput(),
    answers=output.CountOutput(),
)
def on_paper(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Note self-reviews handed in on paper."""
    found, reviews = _mine(work, campaign_id, data["review"])
    return counted(services.receive_on_paper(work, found, reviews))


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/comments",
    methods=["POST"],
    permission=permissions.VOTE,
    accepts=acts.AskInput(),
    answers=output.CommentOutput(),
    many=True,
)
def ask(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Ask a branch for comments on several members."""
    found, reviews = _mine(work, campaign_id, data.pop("review"))
    return services.ask(work, found, reviews, **data), None


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/comments/<uuid:comment_id>/withdraw",
    methods=["POST"],
    permission=permissions.VOTE,
    answers=output.CommentOutput(),
)
def withdraw(work: Work, campaign_id: uuid.UUID, comment_id: uuid.UUID) -> Any:
    """Take back a request for a comment that went to the wrong branch."""
    found = services.access_campaign(work, campaign_id)
    return services.withdraw(work, found, comment_id)


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/exempt",
    methods=["POST"],
    permission=permissions.VOTE,
    accepts=acts.ExemptInput(),
    answers=output.CountOutput(),
)
def exempt(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Note of whom no comment is needed."""
    found, reviews = _mine(work, campaign_id, data["review"])
    services.exempt(work, found, reviews, data["reason"])
    return counted(len(reviews))


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/comments-complete",
    methods=["POST"],
    permission=permissions.VOTE,
    accepts=acts.ReviewsInput(),
    answers=output.CountOutput(),
)
def complete(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Let evaluations go on to the ballot."""
    found, reviews = _mine(work, campaign_id, data["review"])
    return counted(services.comments_complete(work, found, reviews))


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/ballots",
    methods=["PUT"],
    permission=permissions.VOTE,
    accepts=acts.BallotsInput(),
    answers=output.CountOutput(),
)
def record_ballots(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Record the ballots of a branch."""
    found = services.access_campaign(work, campaign_id)
    rows = data.pop("ballots")
    return counted(len(services.record_ballots(work, found, services.Sitting(**data), rows)))


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/submit",
    methods=["POST"],
    permission=permissions.VOTE,
    accepts=acts.ReviewsInput(),
    answers=output.CountOutput(),
)
def submit(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Submit evaluations with their ballots."""
    found, reviews = _mine(work, campaign_id, data["review"])
    return counted(services.submit_votes(work, found, reviews))


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/picks",
    methods=["PUT"],
    permission=permissions.APPRAISE,
    accepts=acts.PicksInput(),
    answers=output.CountOutput(),
)
def pick(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Pick levels; all or none, as the caps allow."""
    found = services.access_campaign(work, campaign_id)
    return counted(len(services.pick_levels(work, found, data["picks"])))


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/propose",
    methods=["POST"],
    permission=permissions.APPRAISE,
    accepts=acts.ReviewsInput(),
    answers=output.CountOutput(),
)
def propose(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Submit appraised evaluations for decision."""
    found = services.access_campaign(work, campaign_id)
    return counted(services.submit_for_decision(work, found, data["review"]))


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/send-back",
    methods=["POST"],
    permission=permissions.SEE,
    accepts=acts.ReturnInput(),
    answers=output.CountOutput(),
)
def send_back(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Send evaluations back with a reason."""
    found = services.access_campaign(work, campaign_id)
    back = services.send_back(work, found, data["review"], data["to_stage"], data["reason"])
    return counted(len(back))


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/decide",
    methods=["POST"],
    permission=permissions.DECIDE,
    accepts=acts.DecisionInput(),
    answers=output.CountOutput(),
)
def decide(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Decide evaluations by one document."""
    found = services.access_campaign(work, campaign_id)
    ids = data.pop("review")
    return counted(len(services.decide(work, found, ids, services.Decision(**data))))


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/notify",
    methods=["POST"],
    permission=permissions.DECIDE,
    accepts=acts.ReviewsInput(),
    answers=output.CountOutput(),
)
def notify(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Tell the subjects of decided evaluations."""
    found = services.access_campaign(work, campaign_id)
    return counted(services.notify(work, found, data["review"]))
