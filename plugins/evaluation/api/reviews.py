"""JSON: one evaluation, one's own self-review, requests for comments, appeals."""

from __future__ import annotations

import uuid
from typing import Any

from core.web import current, written
from core.work import Work

from .. import permissions, services
from ..schemas import details, output
from ..schemas import reviews as sent
from .door import blueprint, counted, review_at

Review = output.ReviewOutput


@blueprint.api(
    "/campaigns/<uuid:campaign_id>/reviews",
    permission=permissions.SEE,
    accepts=sent.ReviewFilterInput(),
    answers=Review(),
    many=True,
)
def reviews(work: Work, data: dict[str, Any], campaign_id: uuid.UUID) -> Any:
    """List the evaluations of a unit and everything below it."""
    found = services.access_campaign(work, campaign_id)
    wanted = services.ReviewFilter(
        subject=data["subject"], stage=data["stage"], level=data["level"], group=data["group"]
    )
    return services.list_reviews(work, found, wanted, cursor=data["cursor"], limit=data["limit"])


@blueprint.api("/reviews/<uuid:review_id>", permission=permissions.SEE, answers=Review())
def review(work: Work, review_id: uuid.UUID) -> Any:
    """Return an evaluation."""
    return services.access_review(work, review_id)


@blueprint.api("/mine", permission=permissions.OWN, answers=Review(), many=True)
def mine(work: Work) -> Any:
    """Return one's own evaluations; a level only once it was notified."""
    rows = [review for review, _campaign in services.own_reviews(work)]
    dumped = Review(many=True).dump(rows)
    for row in dumped:
        if row["stage"] != "done":
            row.update(level=None, counted_level=None, voted_level=None, points=None,
                       decision_no="", decided_on=None)  # fmt: skip
    return dumped, None


@blueprint.api(
    "/mine/<uuid:review_id>/self-review",
    permission=permissions.OWN,
    answers=output.SelfReviewOutput(),
)
def own_self_review(work: Work, review_id: uuid.UUID) -> Any:
    """Return one's own self-review."""
    return services.self_review_of(work, services.access_own(work, review_id))


@blueprint.api(
    "/mine/<uuid:review_id>/self-review",
    methods=["PUT"],
    permission=permissions.OWN,
    accepts=output.TextsInput(),
    answers=output.SelfReviewOutput(),
    revised=True,
)
def save_self_review(work: Work, data: dict[str, Any], review_id: uuid.UUID, revision: int) -> Any:
    """Save one's self-review, or hand it in; the revision is that of the evaluation."""
    found = current(services.access_own(work, review_id), revision)
    text = services.save_self_review(work, services.campaign_of(work, found), found, **data)
    return written(work, text, found)


@blueprint.api(
    "/mine/<uuid:review_id>/appeal",
    methods=["POST"],
    permission=permissions.OWN,
    accepts=sent.AppealInput(),
    answers=output.AppealOutput(),
    revised=True,
)
def appeal_own(work: Work, data: dict[str, Any], review_id: uuid.UUID, revision: int) -> Any:
    """Appeal against one's own level."""
    found = current(services.access_own(work, review_id), revision)
    row = services.appeal(work, services.campaign_of(work, found), found, text=data["text"])
    return written(work, row, found, status=201)


@blueprint.api(
    "/reviews/<uuid:review_id>/self-review",
    permission=permissions.READ_SELF_REVIEWS,
    answers=output.SelfReviewOutput(),
)
def self_review(work: Work, review_id: uuid.UUID) -> Any:
    """Return a self-review that was handed in, to those with the permission."""
    return services.self_review_of(work, services.access_review(work, review_id))


@blueprint.api(
    "/reviews/<uuid:review_id>/comment",
    methods=["PUT"],
    permission=permissions.VOTE,
    accepts=sent.CommentInput(),
    answers=Review(),
    revised=True,
)
def comment(work: Work, data: dict[str, Any], review_id: uuid.UUID, revision: int) -> Any:
    """Write the comment of the branch."""
    found, campaign = review_at(work, review_id, revision)
    services.write_branch_comment(work, campaign, found, data["text"])
    return written(work, found)


@blueprint.api(
    "/reviews/<uuid:review_id>/force",
    methods=["POST"],
    permission=permissions.APPRAISE,
    accepts=sent.ForceInput(),
    answers=Review(),
    revised=True,
)
def force(work: Work, data: dict[str, Any], review_id: uuid.UUID, revision: int) -> Any:
    """Tick a condition that limits the level."""
    found, campaign = review_at(work, review_id, revision)
    services.force_level(work, campaign, found, **data)
    return written(work, found)


@blueprint.api(
    "/reviews/<uuid:review_id>/lift",
    methods=["POST"],
    permission=permissions.APPRAISE,
    accepts=sent.ReasonInput(),
    answers=Review(),
    revised=True,
)
def lift(work: Work, data: dict[str, Any], review_id: uuid.UUID, revision: int) -> Any:
    """Take such a condition back."""
    found, campaign = review_at(work, review_id, revision)
    services.lift_forced(work, campaign, found, data["reason"])
    return written(work, found)


@blueprint.api(
    "/reviews/<uuid:review_id>/rated",
    methods=["PUT"],
    permission=permissions.APPRAISE,
    accepts=sent.RatedInput(),
    answers=Review(),
    revised=True,
)
def rated(work: Work, data: dict[str, Any], review_id: uuid.UUID, revision: int) -> Any:
    """Take a member or a unit out of the rating with a reason, or in again."""
    found, campaign = review_at(work, review_id, revision)
    services.change_rated(work, campaign, found, **data)
    return written(work, found)


@blueprint.api(
    "/reviews/<uuid:review_id>/steps",
    permission=permissions.SEE,
    answers=details.StepOutput(),
    many=True,
)
def steps(work: Work, review_id: uuid.UUID) -> Any:
    """Return what was done on an evaluation, the newest first."""
    return services.history_of(work, services.access_review(work, review_id)), None


@blueprint.api(
    "/reviews/<uuid:review_id>/ballot", permission=permissions.SEE, answers=details.BallotOutput()
)
def ballot(work: Work, review_id: uuid.UUID) -> Any:
    """Return the ballots on an evaluation, as counts."""
    return services.ballot_of(work, services.access_review(work, review_id))


@blueprint.api(
    "/reviews/<uuid:review_id>/comments",
    permission=permissions.SEE,
    answers=output.CommentOutput(),
    many=True,
)
def comments(work: Work, review_id: uuid.UUID) -> Any:
    """Return the comments asked for on an evaluation."""
    found = services.access_review(work, review_id)
    return services.comments_on(work, [found.id]), None


@blueprint.api(
    "/reviews/<uuid:review_id>/versions",
    permission=permissions.RESULTS,
    answers=details.VersionOutput(),
    many=True,
)
def versions(work: Work, review_id: uuid.UUID) -> Any:
    """Return all versions of the result of an evaluation, the newest first."""
    return services.versions_of(work, services.access_review(work, review_id)), None


@blueprint.api(
    "/reviews/<uuid:review_id>/criteria",
    permission=permissions.SEE,
    answers=details.CriterionOutput(),
    many=True,
)
def criteria(work: Work, review_id: uuid.UUID) -> Any:
    """Return the criteria of an evaluation with the facts beside them, never points."""
    found = services.access_review(work, review_id)
    return services.criteria_beside(work, services.campaign_of(work, found), found), None


@blueprint.api(
    "/reviews/<uuid:review_id>/follow",
    methods=["POST"],
    permission=permissions.APPRAISE,
    answers=Review(),
    revised=True,
)
def follow(work: Work, review_id: uuid.UUID, revision: int) -> Any:
    """Let the branch of today rate a member who moved."""
    found, campaign = review_at(work, review_id, revision)
    return written(work, services.follow_member(work, campaign, found))


@blueprint.api(
    "/reviews/<uuid:review_id>/appeals",
    permission=permissions.READ_APPEALS,
    answers=output.AppealOutput(),
    many=True,
)
def appeals(work: Work, review_id: uuid.UUID) -> Any:
    """Return the appeals against a level."""
    return services.appeals_of(work, services.access_review(work, review_id)), None


@blueprint.api(
    "/reviews/<uuid:review_id>/appeals",
    methods=["POST"],
    permission=permissions.VOTE,
    accepts=sent.AppealInput(),
    answers=output.AppealOutput(),
    revised=True,
)
def appeal(work: Work, data: dict[str, Any], review_id: uuid.UUID, revision: int) -> Any:
    """Type in an appeal that came on paper."""
    found, campaign = review_at(work, review_id, revision)
    return written(work, services.appeal(work, campaign, found, **data), found, status=201)


@blueprint.api(
    "/reviews/<uuid:review_id>/appeals/<uuid:appeal_id>",
    methods=["POST"],
    permission=permissions.CORRECT,
    accepts=sent.DismissInput(),
    answers=output.AppealOutput(),
    revised=True,
)
def dismiss(
    work: Work, data: dict[str, Any], review_id: uuid.UUID, appeal_id: uuid.UUID, revision: int
) -> Any:
    """Answer an appeal and keep the level."""
    found, _campaign = review_at(work, review_id, revision)
    row = services.access_appeal(work, found, appeal_id)
    services.dismiss_appeal(work, found, row, **data)
    return written(work, row, found)


@blueprint.api(
    "/reviews/<uuid:review_id>/correct",
    methods=["POST"],
    permission=permissions.CORRECT,
    accepts=sent.CorrectInput(),
    answers=Review(),
    revised=True,
)
def correct(work: Work, data: dict[str, Any], review_id: uuid.UUID, revision: int) -> Any:
    """Correct a decided level by a new version."""
    found, campaign = review_at(work, review_id, revision)
    appeal_id = data.pop("appeal_id")
    row = services.access_appeal(work, found, appeal_id) if appeal_id else None
    decision = services.Decision(data.pop("number"), data.pop("on"))
    services.correct(work, campaign, found, decision=decision, appeal_row=row, **data)
    return written(work, found)


@blueprint.api("/asked", permission=permissions.ANSWER, answers=output.CommentOutput(), many=True)
def asked(work: Work) -> Any:
    """Return what others ask of this branch."""
    return services.list_asked(work)


@blueprint.api(
    "/asked",
    methods=["POST"],
    permission=permissions.ANSWER,
    accepts=sent.AnswersInput(),
    answers=output.CountOutput(),
)
def answer(work: Work, data: dict[str, Any]) -> Any:
    """Answer several requests."""
    given = {one["id"]: (one["opinion"], one["text"]) for one in data["answers"] if one["opinion"]}
    return counted(services.answer(work, given, data["answered_on"]))
