"""JSON: reviews with results, limitations and proposals."""

from __future__ import annotations

import uuid
from typing import Any

from core.units.covering import told_of
from core.web import current, written
from core.work import Work

from .. import permissions, services
from ..schemas import output
from ..schemas.reviewing import ReviewInput
from ..schemas.taking import ListFilter
from .door import as_then, blueprint

Review = output.ReviewOutput


def facts_in(data: dict[str, Any]) -> services.ReviewFacts:
    """Return what was sent as a review."""
    names = ("kind", "reviewed_on", "covers_from", "covers_to", "results")
    return services.ReviewFacts(
        **{name: data[name] for name in names},
        limitations=data["limitations"].split("\n"),
        proposals=data["proposals"].split("\n"),
    )


@blueprint.api(
    "/reviews",
    permission=permissions.SEE,
    accepts=ListFilter(exclude=["year"]),
    answers=Review(),
    many=True,
)
def reviews(work: Work, data: dict[str, Any]) -> Any:
    """Return the reviews of a unit and those sent by units below."""
    as_of = told_of(data)
    rows, following = services.list_reviews(
        work,
        model=data["model"],
        trial_id=data["trial"],
        registration_id=data["registration"],
        as_of=as_of,
        cursor=data["cursor"],
    )
    lines = services.reviews_then(work, rows, as_of)
    then = [(one.review, {"unit_id": one.place.unit_id, "sent_at": one.sent_at}) for one in lines]
    return as_then(Review, then), following


@blueprint.api(
    "/reviews",
    methods=["POST"],
    permission=permissions.REVIEW,
    accepts=ReviewInput(exclude=["revision"]),
    answers=Review(),
)
def write_review(work: Work, data: dict[str, Any]) -> Any:
    """Write a review of a model, a trial or a unit's part."""
    trial = services.access_trial(work, data["trial_id"]) if data["trial_id"] else None
    key = data["registration_id"]
    part = services.access_registration(work, key) if key else None
    about = trial or part
    made = services.write_review(
        work,
        facts_in(data),
        model_code=about.model_code if about else data["model_code"],
        trial=trial,
        registration=part,
    )
    return written(work, made, status=201)


@blueprint.api("/reviews/<uuid:review_id>", permission=permissions.SEE, answers=Review())
def review(work: Work, review_id: uuid.UUID) -> Any:
    """Return a review."""
    return services.access_review(work, review_id)


@blueprint.api(
    "/reviews/<uuid:review_id>",
    methods=["PUT"],
    permission=permissions.REVIEW,
    accepts=ReviewInput(exclude=["revision", "model_code", "trial_id", "registration_id"]),
    answers=Review(),
    revised=True,
)
def change_review(work: Work, data: dict[str, Any], review_id: uuid.UUID, revision: int) -> Any:
    """Change a review that was not sent yet."""
    found = current(services.access_review(work, review_id), revision)
    return written(work, services.change_review(work, found, facts_in(data)))


@blueprint.api(
    "/reviews/<uuid:review_id>/send",
    methods=["POST"],
    permission=permissions.REVIEW,
    answers=Review(),
    revised=True,
)
def send_review(work: Work, review_id: uuid.UUID, revision: int) -> Any:
    """Send a review to the superior."""
    found = current(services.access_review(work, review_id), revision)
    return written(work, services.send_review(work, found))
