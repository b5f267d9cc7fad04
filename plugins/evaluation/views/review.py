"""One evaluation: its way, what stands beside its criteria, and what the competent bodies do."""

from __future__ import annotations

import uuid
from typing import Any

from core.checking import not_here
from core.forms import Form
from core.i18n import _
from core.web import redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.reviews import (
    AppealInput,
    CommentInput,
    CorrectInput,
    DismissInput,
    ForceInput,
    ReasonInput,
)
from ..services import words
from .door import blueprint
from .frame import ENDING, address, filled, handed_over, names_of_units, other, show


def _forms(work: Work, campaign: Any, review: Any, form: Form | None) -> dict[str, Any]:
    """Return the forms of the page, each with its address."""
    at = {"review_id": review.id}
    conditions = [(one["code"], one["title"]) for one in campaign.rules["forced_levels"]]
    return {
        "comment_form": filled(form, CommentInput(), {"text": review.branch_comment},
                               action=address(work, "comment", **at),
                               draft=f"evaluation.comment.{review.id}"),
        "force_form": filled(form, ForceInput(), action=address(work, "force", **at),
                             choices={"code": conditions}),
        "reason_form": filled(form, ReasonInput(), action=address(
            work, "lift" if review.forced_level else "rated", **at)),
        "appeal_form": filled(form, AppealInput(), action=address(work, "appeal", **at)),
        "dismiss_form": filled(form, DismissInput()),
        "correct_form": filled(form, CorrectInput(), {"on": work.today},
                               action=address(work, "correct", **at)),
    }  # fmt: skip


@blueprint.view("/reviews/<uuid:review_id>", permission=permissions.SEE)
def review(work: Work, review_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show one evaluation: its stage, texts, ballots, facts, level, and its history."""
    return shown(work, services.access_review(work, review_id), form)


def shown(work: Work, found: Any, form: Form | None, appeal_id: uuid.UUID | None = None) -> Any:
    """Return the page of an evaluation; with the key of an appeal it must be one against it."""
    is_decided = found.stage in ("notice", "done")
    appeals = services.appeals_of(work, found) if is_decided else []
    if appeal_id is not None and appeal_id not in {row.id for row in appeals}:
        raise not_here()
    campaign, due = services.campaign_and_day(work, found)
    text = services.self_review_of(work, found)
    return show(
        work,
        "review",
        title=found.subject_name,
        campaign=campaign,
        review=found,
        unit=names_of_units(work, [found]).get(found.unit_id, ""),
        steps=[(title, state, "") for title, state in services.steps_of(found)],
        due=due,
        text=text,
        form_of=services.form_of(campaign, found),
        criteria=services.criteria_beside(work, campaign, found, text),
        ballot=services.ballot_of(work, found) if found.voted_level else None,
        comments=services.comments_on(work, [found.id]) if may_be_asked(found) else [],
        appeals=appeals,
        versions=services.versions_of(work, found) if is_decided else [],
        earlier=services.levels_of(work, [found.subject_id]).get(found.subject_id, []),
        history=services.history_of(work, found),
        actions=words.ACTIONS,
        opinions=words.OPINIONS,
        comment_kinds=words.COMMENT_KINDS,
        appeal_states=words.APPEALS,
        not_rated=words.NOT_RATED,
        residence=words.RESIDENCE,
        competent=names_of_bodies(work, found),
        refused=other(form, CommentInput(), ForceInput(), ReasonInput(), AppealInput(),
                      DismissInput(), CorrectInput()),
        **_forms(work, campaign, found, form),
    )  # fmt: skip


def may_be_asked(found: Any) -> bool:
    """Whether another branch may have been asked about somebody."""
    return found.residence != "not_needed" or found.former_unit_id is not None


def names_of_bodies(work: Work, found: Any) -> tuple[str, str]:
    """Return the names of the bodies that appraise and that decide."""
    ids = {found.appraiser_id, found.decider_id}
    places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    return tuple(
        places[key].name if key in places else "" for key in (found.appraiser_id, found.decider_id)
    )  # type: ignore[return-value]  # a view's answer


def _back(found: Any, sentence: str) -> Any:
    return redirect_to("evaluation.review", review_id=found.id, sentence=sentence)


@blueprint.view(
    "/reviews/<uuid:review_id>/comment",
    methods=["POST"],
    permission=permissions.VOTE,
    accepts=CommentInput(),
    form="review",
)
def comment(work: Work, data: dict[str, Any], review_id: uuid.UUID) -> Any:
    """Save the comment of the branch."""
    found = services.access_review(work, review_id)
    services.write_branch_comment(work, services.campaign_of(work, found), found, data["text"])
    return _back(found, _("The comment is saved."))


@blueprint.view(
    "/reviews/<uuid:review_id>/force",
    methods=["POST"],
    permission=permissions.APPRAISE,
    accepts=ForceInput(),
    form="review",
)
def force(work: Work, data: dict[str, Any], review_id: uuid.UUID) -> Any:
    """Tick a condition that limits the level."""
    found = services.access_review(work, review_id)
    services.force_level(work, services.campaign_of(work, found), found, **data)
    return _back(found, _("The condition is noted."))


@blueprint.view(
    "/reviews/<uuid:review_id>/lift",
    methods=["POST"],
    permission=permissions.APPRAISE,
    accepts=ReasonInput(),
    form="review",
)
def lift(work: Work, data: dict[str, Any], review_id: uuid.UUID) -> Any:
    """Take a condition back."""
    found = services.access_review(work, review_id)
    services.lift_forced(work, services.campaign_of(work, found), found, data["reason"])
    return _back(found, _("The limit is lifted."))


@blueprint.view(
    "/reviews/<uuid:review_id>/rated",
    methods=["POST"],
    permission=permissions.APPRAISE,
    accepts=ReasonInput(),
    form="review",
)
def rated(work: Work, data: dict[str, Any], review_id: uuid.UUID) -> Any:
    """Take somebody out of the rating, or in again."""
    found = services.access_review(work, review_id)
    into = found.stage == "not_rated"
    services.change_rated(
        work, services.campaign_of(work, found), found, rated=into, reason=data["reason"]
    )
    return _back(found, _("The rating is changed."))


@blueprint.view(
    "/reviews/<uuid:review_id>/appeal",
    methods=["POST"],
    permission=permissions.VOTE,
    accepts=AppealInput(),
    form="review",
)
def appeal(work: Work, data: dict[str, Any], review_id: uuid.UUID) -> Any:
    """Type in an appeal that came on paper."""
    found = services.access_review(work, review_id)
    services.appeal(work, services.campaign_of(work, found), found, **data)
    return _back(found, _("The appeal is noted."))


@blueprint.view(
    "/reviews/<uuid:review_id>/appeals/<uuid:appeal_id>",
    methods=["POST"],
    permission=permissions.CORRECT,
    accepts=DismissInput(),
    form="review_appeal",
)
def dismiss(work: Work, data: dict[str, Any], review_id: uuid.UUID, appeal_id: uuid.UUID) -> Any:
    """Answer an appeal and keep the level."""
    found = services.access_review(work, review_id)
    row = services.access_appeal(work, found, appeal_id)
    services.dismiss_appeal(work, found, row, **data)
    return _back(found, _("The appeal is answered."))


@blueprint.view(
    "/reviews/<uuid:review_id>/appeals/<uuid:appeal_id>", permission=permissions.READ_APPEALS
)
def review_appeal(
    work: Work, review_id: uuid.UUID, appeal_id: uuid.UUID, form: Form | None = None
) -> Any:
    """Show the page of the evaluation with its appeal."""
    return shown(work, services.access_review(work, review_id), form, appeal_id)


@blueprint.view(
    "/reviews/<uuid:review_id>/correct",
    methods=["POST"],
    permission=permissions.CORRECT,
    accepts=CorrectInput(),
    form="review",
)
def correct(work: Work, data: dict[str, Any], review_id: uuid.UUID) -> Any:
    """Correct a decided level by a new decision."""
    found = services.access_review(work, review_id)
    appeal_id = data.pop("appeal_id")
    row = services.access_appeal(work, found, appeal_id) if appeal_id else None
    decision = services.Decision(data.pop("number"), data.pop("on"))
    services.correct(
        work,
        services.campaign_of(work, found),
        found,
        decision=decision,
        appeal_row=row,
        **data,
    )
    return _back(found, _("The level is corrected by a new version."))


@blueprint.view(
    f"/reviews/<uuid:review_id>/form.{ENDING}", permission=permissions.READ_SELF_REVIEWS
)
def form_file(work: Work, review_id: uuid.UUID, ending: str) -> Any:
    """Hand over the self-review as a paper, for those who may read it."""
    found = services.access_review(work, review_id)
    campaign = services.campaign_of(work, found)
    text = services.self_review_of(work, found)
    return handed_over(work, services.form_paper(work, campaign, found, text), ending)
