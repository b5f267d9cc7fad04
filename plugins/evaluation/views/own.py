"""What is one's own: my evaluations, the self-review saved as one types, an appeal."""

from __future__ import annotations

import uuid
from typing import Any

from core.forms import Form
from core.i18n import _
from core.web import redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.reviews import AppealInput, SelfReviewInput
from .door import blueprint
from .frame import ENDING, address, filled, handed_over, show, typed


@blueprint.view("/mine", permission=permissions.OWN)
def mine(work: Work) -> Any:
    """Show one's own evaluations with what is to be done."""
    rows = services.own_reviews(work)
    return show(
        work,
        "mine",
        title=_("My evaluations"),
        rows=rows,
        drafts=services.drafts_of(work, [review.id for review, _campaign in rows]),
    )


@blueprint.view("/mine/<uuid:review_id>", permission=permissions.OWN)
def write_own(work: Work, review_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show one's self-review: to write while it is open, to read later, with the result."""
    found = services.access_own(work, review_id)
    campaign, due = services.campaign_and_day(work, found)
    text = services.self_review_of(work, found)
    schema = SelfReviewInput()
    parts = {line["key"]: line["text"] for line in typed(form, schema, "parts")}
    scores = {line["key"]: line["points"] for line in typed(form, schema, "scores")}
    is_open = found.stage == "self_review" and campaign.is_open
    return show(
        work,
        "write_own",
        title=services.form_of(campaign, found)["title"],
        review=found,
        about=campaign,
        is_open=is_open,
        text=text,
        parts=[
            (part, parts.get(part["key"], text.answers.get(part["key"], "") if text else ""))
            for part in services.form_of(campaign, found)["parts"]
        ],
        criteria=services.criteria_beside(work, campaign, found, text),
        scores=scores,
        with_points=campaign.scheme["points"],
        due=due,
        form=filled(form, schema, {"level": text.proposed_level if text else None},
                    draft=f"evaluation.own.{found.id}"),
        appeal_form=filled(form, AppealInput(),
                           action=address(work, "appeal_own", review_id=found.id)),
        appeals=services.appeals_of(work, found),
        appeal_states=services.words.APPEALS,
        trail=[(_("My evaluations"), address(work, "mine"))],
    )  # fmt: skip


@blueprint.view(
    "/mine/<uuid:review_id>",
    methods=["POST"],
    permission=permissions.OWN,
    accepts=SelfReviewInput(),
    form="write_own",
)
def save_own(work: Work, data: dict[str, Any], review_id: uuid.UUID) -> Any:
    """Save the self-review as a draft, or hand it in."""
    found = services.access_own(work, review_id)
    services.save_self_review(
        work,
        services.campaign_of(work, found),
        found,
        answers={part["key"]: part["text"] for part in data["parts"]},
        scores={one["key"]: one["points"] for one in data["scores"]},
        level=data["level"],
        submit=data["submit"],
    )
    sentence = _("The self-review is handed in.") if data["submit"] else _("The draft is saved.")
    return redirect_to("evaluation.write_own", review_id=found.id, sentence=sentence)


@blueprint.view(
    "/mine/<uuid:review_id>/appeal",
    methods=["POST"],
    permission=permissions.OWN,
    accepts=AppealInput(),
    form="write_own",
)
def appeal_own(work: Work, data: dict[str, Any], review_id: uuid.UUID) -> Any:
    """Appeal against one's own level."""
    found = services.access_own(work, review_id)
    services.appeal(work, services.campaign_of(work, found), found, text=data["text"])
    return redirect_to(
        "evaluation.write_own", review_id=found.id, sentence=_("The appeal is sent.")
    )


@blueprint.view(f"/mine/<uuid:review_id>/form.{ENDING}", permission=permissions.OWN)
def own_file(work: Work, review_id: uuid.UUID, ending: str) -> Any:
    """Hand over one's own self-review as a paper to sign."""
    found = services.access_own(work, review_id)
    campaign = services.campaign_of(work, found)
    text = services.self_review_of(work, found)
    return handed_over(work, services.form_paper(work, campaign, found, text), ending)
