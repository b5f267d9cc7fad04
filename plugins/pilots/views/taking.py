"""A unit's way with a model: registering, choosing, inputs, its score, recognition, the end."""

from __future__ import annotations

import uuid
from typing import Any

from core.forms import Form
from core.i18n import _, _n
from core.units.tree import whole_tree
from core.web import page, redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.scoring import ScoreInput, by_key, typed_points
from ..schemas.taking import (
    AboutFilter,
    EndInput,
    InputInput,
    RecogniseInput,
    RefuseInput,
    RegisterInput,
    SelectInput,
)
from ..services import words
from .door import address, blueprint, filled

MOST_TICKED = 400
"""Units offered to tick; above that their codes are pasted."""


def vote_in(data: dict[str, Any], day: Any) -> services.Vote:
    """Take the vote out of what was sent."""
    counts = (data.pop(f"vote_{name}") for name in ("entitled", "present", "in_favour"))
    return services.Vote(day, *counts)


def asking_votes(work: Work, form: Form) -> Form:
    """Mark the counts of a vote as needed where a branch votes."""
    if services.votes_are_needed(work):
        for name in ("vote_entitled", "vote_present", "vote_in_favour"):
            form.fields[name].required = True
    return form


def form_page(work: Work, title: str, form: Form, submit: str, back: str, **values: Any) -> Any:
    """Show a page of one form."""
    return page(
        "pilots/form.html",
        title=title,
        trail=[(_("Pilot models"), address(work, "index")), (title, "")],
        form=form,
        submit=submit,
        back=back,
        **values,
    )


@blueprint.view("/register", permission=permissions.REGISTER, accepts=AboutFilter())
def register(work: Work, data: dict[str, Any] | None = None, form: Form | None = None) -> Any:
    """Show the form by which this unit registers."""
    offered = services.offered_models(work)
    wanted = (data or {}).get("model") or (offered[0][0] if offered else "")
    first = {"model_code": wanted, "registered_on": work.today}
    needs_vote = services.votes_are_needed(work)
    shown = filled(
        form,
        RegisterInput(),
        first,
        draft=f"pilots.register.{work.unit.code}",
        choices={"model_code": offered},
    )
    return form_page(
        work,
        _("Register for a model"),
        asking_votes(work, shown),
        _("Register"),
        address(work, "index"),
        intro=_("Enter the counts of the branch's vote. More than half of all entitled is needed.")
        if needs_vote
        else _("Where the committee voted, enter the counts."),
    )


@blueprint.view(
    "/register",
    methods=["POST"],
    permission=permissions.REGISTER,
    accepts=RegisterInput(),
    form="register",
)
def do_register(work: Work, data: dict[str, Any]) -> Any:
    """Register this unit."""
    vote = vote_in(data, data["registered_on"])
    made = services.register_unit(work, vote=vote, **data)
    return redirect_to(
        "pilots.registration", registration_id=made.id, sentence=_("The unit is registered.")
    )


def units_below(work: Work, kinds: Any = None) -> list[tuple[str, str]]:
    """Return the units below this one, for a choice."""
    return [
        (str(line.id), line.name)
        for line, depth in whole_tree(work, work.unit, work.today)
        if depth > 0 and (kinds is None or line.kind in kinds)
    ]


def asking_units(form: Form) -> Form:
    """Ask for codes alone where there are more units than anybody ticks one by one."""
    if len(form.choices["unit_ids"]) > MOST_TICKED:
        form.choices["unit_ids"] = ()
        form.fields.pop("unit_ids", None)
    return form


@blueprint.view("/select", permission=permissions.SELECT, accepts=AboutFilter())
def select(work: Work, data: dict[str, Any] | None = None, form: Form | None = None) -> Any:
    """Show the form by which units below are chosen."""
    models = services.models_at(work)
    wanted = (data or {}).get("model", "")
    kinds = models[wanted].kinds if wanted in models else None
    return form_page(
        work,
        _("Choose units for a model"),
        asking_units(
            filled(
                form,
                SelectInput(),
                {"model_code": wanted, "registered_on": work.today},
                choices={
                    "model_code": [(c, m.title) for c, m in models.items() if not m.is_counted],
                    "unit_ids": units_below(work, kinds),
                    "guide_id": services.officials(work),
                },
            )
        ),
        _("Choose these units"),
        address(work, "index"),
    )


@blueprint.view(
    "/select",
    methods=["POST"],
    permission=permissions.SELECT,
    accepts=SelectInput(),
    form="select",
)
def do_select(work: Work, data: dict[str, Any]) -> Any:
    """Choose units below."""
    made = services.select_units(work, **data)
    return redirect_to(
        "pilots.registrations",
        model=data["model_code"],
        sentence=_n("%(n)s unit was chosen.", "%(n)s units were chosen.", len(made)),
    )


@blueprint.view("/registrations/<uuid:registration_id>", permission=permissions.SEE)
def registration(work: Work, registration_id: uuid.UUID) -> Any:
    """Show a unit's way with a model: its steps, what it was given, its score, its reviews."""
    found = services.access_registration(work, registration_id)
    [line] = services.lines_of(work, [found])
    inputs = services.list_inputs(work, found)
    reviews, _more = services.list_reviews(work, registration_id=found.id, limit=20)
    model = services.model_of(work, found)
    is_own = found.unit_id == work.unit.id
    return page(
        "pilots/registration.html",
        title=line.model_title,
        trail=[(_("Pilot models"), address(work, "index")), (line.model_title, "")],
        line=line,
        registration=found,
        model=model,
        sentence=services.state_sentence(work, found, model),
        steps=[
            (step.title, step.state, "")
            for step in services.steps_of(
                work, found, has_inputs=bool(inputs), has_reviews=bool(reviews)
            )
        ],
        inputs=inputs,
        input_kinds=words.INPUTS,
        milestones=services.milestones_of(work, found, model),
        today=services.last_day(line, work.today),
        reviews=reviews,
        review_kinds=words.REVIEWS,
        shortfalls=services.shortfalls(model, found) if found.scored_on else [],
        is_own=is_own,
        is_open=found.ended_on is None,
        acts=_acts(work, found, model, is_own=is_own),
        kinds=words.STATE_KINDS,
        states=words.STATES,
        ways=words.WAYS,
        outcomes=words.OUTCOMES,
    )


def _acts(work: Work, found: Any, model: Any, *, is_own: bool) -> list[str]:
    """Return what may be done next, the main act first."""
    if found.ended_on is not None:
        return []
    acts = []
    if not is_own and found.scored_on and not found.recognised_on:
        acts.append("recognise")
    if is_own and model.criteria and not found.recognised_on:
        acts.append("score")
    acts.append("review")
    if not is_own and "recognise" not in acts and not found.recognised_on:
        acts.append("recognise")
    return acts


@blueprint.view("/registrations/<uuid:registration_id>/inputs", permission=permissions.SUPPORT)
def give(work: Work, registration_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form of what a unit was given."""
    found = services.access_registration(work, registration_id)
    first = {"kind": "equipment", "quantity": 1, "given_on": work.today, "giver": work.unit.name}
    return form_page(
        work,
        _("What the unit was given"),
        filled(form, InputInput(), first),
        _("Save what was given"),
        address(work, "registration", registration_id=found.id),
    )


@blueprint.view(
    "/registrations/<uuid:registration_id>/inputs",
    methods=["POST"],
    permission=permissions.SUPPORT,
    accepts=InputInput(),
    form="give",
)
def do_give(work: Work, data: dict[str, Any], registration_id: uuid.UUID) -> Any:
    """Note what a unit was given."""
    found = services.access_registration(work, registration_id)
    services.give_input(work, found, **data)
    return redirect_to("pilots.registration", registration_id=found.id, sentence=_("Saved."))


@blueprint.view("/registrations/<uuid:registration_id>/score", permission=permissions.REGISTER)
def score(work: Work, registration_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the score sheet of one's own unit."""
    found = services.own_registration(work, registration_id)
    first = {"scored_on": found.scored_on or work.today}
    shown = asking_votes(work, filled(form, ScoreInput(), first, draft=f"pilots.score.{found.id}"))
    title = _("Score the unit")
    back = address(work, "registration", registration_id=found.id)
    model = services.model_of(work, found)
    return page(
        "pilots/score.html",
        title=title,
        trail=[(_("Pilot models"), address(work, "index")), (model.title, back), (title, "")],
        form=shown,
        model=model,
        points=typed_points(shown.data) or found.scores or {},
        back=back,
    )


@blueprint.view(
    "/registrations/<uuid:registration_id>/score",
    methods=["POST"],
    permission=permissions.REGISTER,
    accepts=ScoreInput(),
    form="score",
)
def do_score(work: Work, data: dict[str, Any], registration_id: uuid.UUID) -> Any:
    """Score one's own unit."""
    found = services.own_registration(work, registration_id)
    vote = vote_in(data, data["scored_on"])
    services.score_unit(
        work, found, points=by_key(data["points"]), vote=vote, scored_on=data["scored_on"]
    )
    return redirect_to(
        "pilots.registration",
        registration_id=found.id,
        sentence=_("Scored with %(n)s points. The superior was told.", n=found.self_points),
    )


@blueprint.view("/registrations/<uuid:registration_id>/recognise", permission=permissions.RECOGNISE)
def recognise(work: Work, registration_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form of a decision to recognise."""
    found = services.access_registration(work, registration_id)
    first = {"recognised_on": work.today, "points": found.self_points}
    model = services.model_of(work, found)
    return form_page(
        work,
        _("Recognise the unit"),
        filled(form, RecogniseInput(), first),
        _("Recognise the unit"),
        address(work, "registration", registration_id=found.id),
        warnings=services.shortfalls(model, found),
    )


@blueprint.view(
    "/registrations/<uuid:registration_id>/recognise",
    methods=["POST"],
    permission=permissions.RECOGNISE,
    accepts=RecogniseInput(),
    form="recognise",
)
def do_recognise(work: Work, data: dict[str, Any], registration_id: uuid.UUID) -> Any:
    """Recognise a unit below."""
    found = services.access_registration(work, registration_id)
    services.recognise(work, found, **data)
    return redirect_to(
        "pilots.registration", registration_id=found.id, sentence=_("The unit is recognised.")
    )


@blueprint.view("/registrations/<uuid:registration_id>/refuse", permission=permissions.RECOGNISE)
def refuse(work: Work, registration_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form of why a unit is not recognised."""
    found = services.access_registration(work, registration_id)
    return form_page(
        work,
        _("Not recognise the unit"),
        filled(form, RefuseInput(), {"on": work.today}),
        _("Not recognise the unit"),
        address(work, "registration", registration_id=found.id),
    )


@blueprint.view(
    "/registrations/<uuid:registration_id>/refuse",
    methods=["POST"],
    permission=permissions.RECOGNISE,
    accepts=RefuseInput(),
    form="refuse",
)
def do_refuse(work: Work, data: dict[str, Any], registration_id: uuid.UUID) -> Any:
    """Decide not to recognise a unit below."""
    found = services.access_registration(work, registration_id)
    services.refuse(work, found, **data)
    return redirect_to(
        "pilots.registration", registration_id=found.id, sentence=_("The unit was told.")
    )


@blueprint.view("/registrations/<uuid:registration_id>/end", permission=permissions.SEE)
def end(work: Work, registration_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form of how a unit's part ends."""
    found = services.access_registration(work, registration_id)
    return form_page(
        work,
        _("End the unit's part"),
        filled(form, EndInput(), {"on": work.today}),
        _("End the unit's part"),
        address(work, "registration", registration_id=found.id),
    )


@blueprint.view(
    "/registrations/<uuid:registration_id>/end",
    methods=["POST"],
    permission=permissions.SEE,
    accepts=EndInput(),
    form="end",
)
def do_end(work: Work, data: dict[str, Any], registration_id: uuid.UUID) -> Any:
    """End a unit's part; the unit itself or its superior, as their rights say."""
    found = services.access_registration(work, registration_id)
    services.end_registration(work, found, **data)
    return redirect_to("pilots.registration", registration_id=found.id, sentence=_("Saved."))
