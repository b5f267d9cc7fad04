"""The branch's work: self-reviews on paper, comments, the grid of ballots, papers in one batch."""

from __future__ import annotations

import uuid
from typing import Any

from core.forms import Form
from core.i18n import _, _n
from core.web import redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.reviews import AskInput, BallotsInput, ExemptInput, ReviewsInput
from ..services import words
from .door import blueprint
from .frame import ENDING, address, chosen, filled, handed_over, show, typed


def gone_on(work: Work, campaign: Any, count: int, sentence: str) -> Any:
    """Go back to the branch's page and say what happened to how many."""
    how_many = _n("%(n)s evaluation", "%(n)s evaluations", count)
    return redirect_to(
        "evaluation.here", campaign_id=campaign.id, sentence=f"{sentence}: {how_many}."
    )


@blueprint.view("/<uuid:campaign_id>/here", permission=permissions.SEE)
def here(work: Work, campaign_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the evaluations of this unit by stage, with the one thing to do next."""
    campaign = services.access_campaign(work, campaign_id)
    reviews = services.all_here(work, campaign)
    groups = {
        stage: [review for review in reviews if review.stage == stage] for stage in words.STAGES
    }
    stage = next((one for one in ("self_review", "comments", "vote") if groups[one]), "")
    return show(
        work,
        "here",
        title=campaign.title,
        campaign=campaign,
        groups={key: found for key, found in groups.items() if found},
        current=stage,
        residence=words.RESIDENCE,
        forms=campaign.scheme["forms"],
        total=len(reviews) - len(groups["not_rated"]),
        done=len(groups["notice"]) + len(groups["done"]),
        counted=any(review.voted_level for review in reviews),
        refused=form,
        trail=[],
    )


@blueprint.view(
    "/<uuid:campaign_id>/here/on-paper",
    methods=["POST"],
    permission=permissions.VOTE,
    accepts=ReviewsInput(),
    form="here",
)
def on_paper(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Note that self-reviews were handed in on paper."""
    campaign = services.access_campaign(work, campaign_id)
    found = chosen(work, campaign, data["review"])
    count = services.receive_on_paper(work, campaign, found)
    return gone_on(work, campaign, count, _("Self-reviews received on paper"))


@blueprint.view(
    "/<uuid:campaign_id>/here/complete",
    methods=["POST"],
    permission=permissions.VOTE,
    accepts=ReviewsInput(),
    form="here",
)
def complete(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Let evaluations go on to the ballot."""
    campaign = services.access_campaign(work, campaign_id)
    found = chosen(work, campaign, data["review"])
    count = services.comments_complete(work, campaign, found)
    return gone_on(work, campaign, count, _("Comments are complete"))


@blueprint.view(
    "/<uuid:campaign_id>/here/submit",
    methods=["POST"],
    permission=permissions.VOTE,
    accepts=ReviewsInput(),
    form="here",
)
def submit_votes(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Submit evaluations with their ballots for the appraisal."""
    campaign = services.access_campaign(work, campaign_id)
    found = chosen(work, campaign, data["review"])
    count = services.submit_votes(work, campaign, found)
    return gone_on(work, campaign, count, _("Submitted with the ballots"))


@blueprint.view("/<uuid:campaign_id>/residence", permission=permissions.VOTE)
def residence(work: Work, campaign_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show of whom a comment is still wanted, and the form that asks for several at once."""
    campaign = services.access_campaign(work, campaign_id)
    reviews = services.all_here(work, campaign, "self_review", "comments", "vote",
                                subject="member")  # fmt: skip
    comments = services.comments_on(work, [review.id for review in reviews])
    at = {"campaign_id": campaign.id}
    ticked = set(form.data.getlist("review")) if form is not None and form.data else set()
    return show(
        work,
        "residence",
        title=_("Comments of the place of residence"),
        campaign=campaign,
        wanted=[one for one in reviews if one.residence == "needed" or one.former_unit_id],
        comments=comments,
        opinions=words.OPINIONS,
        kinds=words.COMMENT_KINDS,
        residence=words.RESIDENCE,
        ticked=ticked,
        ask_form=filled(form, AskInput(), {"kind": "residence"}, action=address(work, "ask", **at)),
        exempt_form=filled(form, ExemptInput(), action=address(work, "exempt", **at)),
    )


@blueprint.view(
    "/<uuid:campaign_id>/residence",
    methods=["POST"],
    permission=permissions.VOTE,
    accepts=AskInput(),
    form="residence",
)
def ask(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Ask a branch for comments on several members."""
    campaign = services.access_campaign(work, campaign_id)
    found = chosen(work, campaign, data.pop("review"))
    rows = services.ask(work, campaign, found, **data)
    return redirect_to(
        "evaluation.residence",
        campaign_id=campaign.id,
        sentence=_("%(branch)s is asked for comments on %(n)s comrades.",
                   branch=rows[0].asked_name, n=len(rows)),
    )  # fmt: skip


@blueprint.view(
    "/<uuid:campaign_id>/residence/exempt",
    methods=["POST"],
    permission=permissions.VOTE,
    accepts=ExemptInput(),
    form="residence",
)
def exempt(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Note that no comment is needed."""
    campaign = services.access_campaign(work, campaign_id)
    found = chosen(work, campaign, data["review"])
    services.exempt(work, campaign, found, data["reason"])
    return redirect_to(
        "evaluation.residence", campaign_id=campaign.id, sentence=_("The reason is noted.")
    )


@blueprint.view(
    "/<uuid:campaign_id>/residence/<uuid:comment_id>/withdraw",
    methods=["POST"],
    permission=permissions.VOTE,
)
def withdraw(work: Work, campaign_id: uuid.UUID, comment_id: uuid.UUID) -> Any:
    """Take back a request."""
    campaign = services.access_campaign(work, campaign_id)
    services.withdraw(work, campaign, comment_id)
    return redirect_to(
        "evaluation.residence", campaign_id=campaign.id, sentence=_("The request is withdrawn.")
    )


@blueprint.view(f"/<uuid:campaign_id>/residence/letter.{ENDING}", permission=permissions.VOTE)
def letter(work: Work, campaign_id: uuid.UUID, ending: str) -> Any:
    """Hand over the letter to branches outside the system."""
    campaign = services.access_campaign(work, campaign_id)
    reviews = services.all_here(work, campaign, subject="member")
    comments = [
        one
        for one in services.comments_on(work, [review.id for review in reviews])
        if one.is_outside
    ]
    return handed_over(work, services.comment_request_paper(work, campaign, comments), ending)


@blueprint.view("/<uuid:campaign_id>/ballots", permission=permissions.VOTE)
def ballots(work: Work, campaign_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the grid in which the ballots of a whole branch are typed."""
    campaign = services.access_campaign(work, campaign_id)
    reviews = services.all_here(work, campaign, "vote")
    stored = services.ballots_of(work, [review.id for review in reviews])
    schema = BallotsInput()
    lines = {line["review_id"]: line for line in typed(form, schema, "rows")}
    first = next(iter(stored.values()), None)
    entitled = first.entitled if first else services.entitled_here(work)
    values = {
        "voted_on": first.voted_on if first else work.today,
        "entitled": entitled,
        "present": first.present if first else entitled,
        "issued": first.issued if first else entitled,
        "returned": first.returned if first else entitled,
    }
    return show(
        work,
        "ballots",
        title=_("Ballots of the branch"),
        campaign=campaign,
        reviews=reviews,
        stored=stored,
        lines=lines,
        keys=tuple(words.LEVELS),
        form=filled(form, schema, values, draft=f"evaluation.ballots.{campaign.id}"),
        back=address(work, "here", campaign_id=campaign.id),
    )


@blueprint.view(
    "/<uuid:campaign_id>/ballots",
    methods=["POST"],
    permission=permissions.VOTE,
    accepts=BallotsInput(),
    form="ballots",
    max_bytes=4_000_000,
)
def record_ballots(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """Save the ballots of the branch."""
    campaign = services.access_campaign(work, campaign_id)
    rows = data.pop("ballots")
    found = services.record_ballots(work, campaign, services.Sitting(**data), rows)
    return gone_on(work, campaign, len(found), _("Ballots saved"))


@blueprint.view(f"/<uuid:campaign_id>/print/<what>.{ENDING}", permission=permissions.VOTE)
def batch(work: Work, campaign_id: uuid.UUID, what: str, ending: str) -> Any:
    """Hand over forms, ballots and the sheet of the whole branch, the count, or the slips."""
    campaign = services.access_campaign(work, campaign_id)
    reviews = services.all_here(work, campaign)
    if what == "count":
        paper = services.ballot_count_paper(work, campaign, reviews)
    elif what == "slips":
        paper = services.slips_paper(work, campaign, reviews)
    else:
        parts = ("sheet", "ballots", "forms") if what == "all" else (what,)
        paper = services.batch_paper(work, campaign, reviews, what=parts)
    return handed_over(work, paper, ending)
