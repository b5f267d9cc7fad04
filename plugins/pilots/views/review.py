"""Reviews with results, limitations and proposals; decisions with document and scope."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from core.errors import NotFound
from core.forms import Form
from core.i18n import _
from core.units.covering import query_of, told_of
from core.web import page, redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.reviewing import DecisionInput, ReviewInput
from ..schemas.taking import AboutFilter, ListFilter
from ..services import words
from .door import address, blueprint, filled, lines_in
from .taking import form_page


@blueprint.view("/reviews", permission=permissions.SEE, accepts=ListFilter())
def reviews(work: Work, data: dict[str, Any]) -> Any:
    """List the reviews of this unit and those sent by units below, today's or as of a day."""
    as_of, model = told_of(data), data["model"]
    shown = {"model": model} if model else {}
    rows, following = services.list_reviews(work, model=model, as_of=as_of, cursor=data["cursor"])
    here = {**shown, **query_of(as_of)}
    return page(
        "pilots/reviews.html",
        title=_("Reviews of models"),
        trail=[(_("Pilot models"), address(work, "index")), (_("Reviews of models"), "")],
        lines=services.reviews_then(work, rows, as_of),
        models=dict(services.titles(services.models_in(work))),
        as_of=as_of.day if as_of.is_past else None,
        asked=as_of,
        shown=shown,
        review_kinds=words.REVIEWS,
        following=address(work, "reviews", **here, cursor=following) if following else "",
    )


@blueprint.view("/reviews/new", permission=permissions.REVIEW, accepts=AboutFilter())
def new_review(work: Work, data: dict[str, Any] | None = None, form: Form | None = None) -> Any:
    """Show the form of a review of a model, a trial or a unit's own part."""
    first = _about(work, _asked(data, form))
    if not first["model_code"] and form is None:
        return _choose(work)
    back = address(work, "index")
    if first["registration_id"]:
        back = address(work, "registration", registration_id=first["registration_id"])
    elif first["trial_id"]:
        back = address(work, "trial", trial_id=first["trial_id"])
    return form_page(
        work,
        _("Enter the results of a review"),
        filled(form, ReviewInput(), first, draft=f"pilots.review.{first['model_code']}"),
        _("Save the review"),
        back,
    )


def _asked(data: dict[str, Any] | None, form: Form | None) -> dict[str, Any]:
    """Return what a form is about: as asked for, or as a refused form carries it back.

    What a refused form carries may be anything; what is no key counts as none.
    """
    if form is None or data is not None:
        return data or {}
    found: dict[str, Any] = {"model": str(form.data.get("model_code") or "")}
    for name in ("trial", "registration"):
        with suppress(ValueError):
            found[name] = uuid.UUID(str(form.data.get(f"{name}_id") or ""))
    return found


def _choose(work: Work) -> Any:
    """Ask first which model is reviewed."""
    models = services.models_in(work)
    return page(
        "pilots/choose.html",
        title=_("Enter the results of a review"),
        trail=[(_("Pilot models"), address(work, "index")), (_("Choose a model"), "")],
        links=[
            (model.title, address(work, "new_review", model=code))
            for code, model in models.items()
            if not model.is_counted
        ],
    )


def _about(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
    """Return the first values of a review: what it is about, and a span that suits it."""
    begun = date(work.today.year, 1, 1)
    found: dict[str, Any] = {
        "model_code": asked.get("model", ""),
        "trial_id": None,
        "registration_id": None,
    }
    if asked.get("trial"):
        trial = services.access_trial(work, asked["trial"])
        found |= {"model_code": trial.model_code, "trial_id": trial.id}
        begun = trial.starts_on
    if asked.get("registration"):
        part = services.access_registration(work, asked["registration"])
        found |= {"model_code": part.model_code, "registration_id": part.id}
        begun = part.registered_on
    if found["model_code"]:
        services.access_model(work, found["model_code"])
    return {
        **found,
        "kind": "interim",
        "reviewed_on": work.today,
        "covers_from": min(begun, work.today - timedelta(days=1)),
        "covers_to": work.today,
    }


def facts_in(data: dict[str, Any]) -> services.ReviewFacts:
    """Return what was sent as a review."""
    names = ("kind", "reviewed_on", "covers_from", "covers_to", "results")
    return services.ReviewFacts(
        **{name: data[name] for name in names},
        limitations=lines_in(data["limitations"]),
        proposals=lines_in(data["proposals"]),
    )


@blueprint.view(
    "/reviews/new",
    methods=["POST"],
    permission=permissions.REVIEW,
    accepts=ReviewInput(),
    form="new_review",
)
def write_review(work: Work, data: dict[str, Any]) -> Any:
    """Write a review; it is sent in a second step."""
    trial = services.access_trial(work, data["trial_id"]) if data["trial_id"] else None
    part = (
        services.access_registration(work, data["registration_id"])
        if data["registration_id"]
        else None
    )
    made = services.write_review(
        work, facts_in(data), model_code=data["model_code"], trial=trial, registration=part
    )
    return redirect_to(
        "pilots.review",
        review_id=made.id,
        sentence=_("The review is saved. Look it over, then send it."),
    )


@blueprint.view("/reviews/<uuid:review_id>", permission=permissions.SEE)
def review(work: Work, review_id: uuid.UUID) -> Any:
    """Show a review."""
    found = services.access_review(work, review_id)
    title = services.access_model(work, found.model_code).title
    return page(
        "pilots/review.html",
        title=f"{words.REVIEWS[found.kind]}: {title}",
        trail=[(_("Pilot models"), address(work, "index")), (_("Review"), "")],
        review=found,
        place=services.place_of(work, found.unit_id),
        is_own=found.unit_id == work.unit.id,
    )


@blueprint.view("/reviews/<uuid:review_id>/edit", permission=permissions.REVIEW)
def edit_review(work: Work, review_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form of a review that was not sent yet."""
    found = services.access_review(work, review_id)
    names = ("kind", "reviewed_on", "covers_from", "covers_to", "results", "revision")
    first = {
        **{name: getattr(found, name) for name in names},
        "limitations": "\n".join(found.limitations),
        "proposals": "\n".join(found.proposals),
    }
    return form_page(
        work,
        _("Change the review"),
        filled(form, ReviewInput(), first),
        _("Save the review"),
        address(work, "review", review_id=found.id),
    )


@blueprint.view(
    "/reviews/<uuid:review_id>/edit",
    methods=["POST"],
    permission=permissions.REVIEW,
    accepts=ReviewInput(),
    form="edit_review",
)
def change_review(work: Work, data: dict[str, Any], review_id: uuid.UUID) -> Any:
    """Change a review that was not sent yet."""
    found = services.access_review(work, review_id, revision=data["revision"])
    services.change_review(work, found, facts_in(data))
    return redirect_to("pilots.review", review_id=found.id, sentence=_("The review is saved."))


@blueprint.view("/reviews/<uuid:review_id>/send", methods=["POST"], permission=permissions.REVIEW)
def send_review(work: Work, review_id: uuid.UUID) -> Any:
    """Send a review to the superior."""
    found = services.access_review(work, review_id)
    services.send_review(work, found)
    return redirect_to("pilots.review", review_id=found.id, sentence=_("The review was sent."))


@blueprint.view("/decisions/new", permission=permissions.DECIDE, accepts=AboutFilter())
def new_decision(work: Work, data: dict[str, Any] | None = None, form: Form | None = None) -> Any:
    """Show the form of a decision on a model or a trial."""
    asked = _asked(data, form)
    first: dict[str, Any] = {"model_code": asked.get("model", ""), "decided_on": work.today}
    back = address(work, "index")
    if asked.get("trial"):
        trial = services.own_trial(work, asked["trial"])
        first |= {"model_code": trial.model_code, "trial_id": trial.id}
        back = address(work, "trial", trial_id=trial.id)
    if form is None and not first["model_code"]:
        raise NotFound(_("There is no such page, or this account may not see it."))
    return form_page(
        work,
        _("Enter a decision"),
        filled(form, DecisionInput(), {**first, "scope": work.unit.name}),
        _("Save this decision"),
        back,
        intro=_("Settings do not change by this alone: propose the step at the trial afterwards."),
    )


@blueprint.view(
    "/decisions/new",
    methods=["POST"],
    permission=permissions.DECIDE,
    accepts=DecisionInput(),
    form="new_decision",
)
def decide(work: Work, data: dict[str, Any]) -> Any:
    """Enter a decision on a model or a trial."""
    code, trial_id = data.pop("model_code"), data.pop("trial_id")
    trial = services.own_trial(work, trial_id) if trial_id else None
    services.decide(work, services.DecisionFacts(**data), model_code=code, trial=trial)
    if trial is not None:
        return redirect_to(
            "pilots.trial",
            trial_id=trial.id,
            sentence=_("The decision is saved. Settings change once the step is proposed here and"
                       " approved."),
        )  # fmt: skip
    return redirect_to("pilots.model", code=code, sentence=_("The decision is saved."))
