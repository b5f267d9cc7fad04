"""JSON: registrations, inputs, scores, recognition."""

from __future__ import annotations

import uuid
from typing import Any

from core.units.covering import told_of
from core.web import Answer, current, written
from core.work import Work

from .. import permissions, services
from ..schemas import output
from ..schemas.scoring import ScoreInput, by_key
from ..schemas.taking import (
    DecisionOfMany,
    EndInput,
    InputInput,
    MilestoneInput,
    RecogniseInput,
    RefuseInput,
    RegisterInput,
    RegistrationFilter,
    SelectInput,
)
from .door import as_then, blueprint, vote_in

Registration = output.RegistrationOutput
ONE = "/registrations/<uuid:registration_id>"


@blueprint.api(
    "/registrations",
    permission=permissions.SEE,
    accepts=RegistrationFilter(),
    answers=Registration(),
    many=True,
)
def registrations(work: Work, data: dict[str, Any]) -> Any:
    """Return the registrations of a unit and below it, the newest first."""
    lines, following = services.list_registrations(work, as_of=told_of(data), **data)
    then = [(line.registration, {"unit_id": line.place.unit_id}) for line in lines]
    return as_then(Registration, then), following


@blueprint.api(
    "/registrations",
    methods=["POST"],
    permission=permissions.REGISTER,
    accepts=RegisterInput(),
    answers=Registration(),
)
def register(work: Work, data: dict[str, Any]) -> Any:
    """Register the unit for a model."""
    vote = vote_in(data, data["registered_on"])
    return written(work, services.register_unit(work, vote=vote, **data), status=201)


@blueprint.api(
    "/selections",
    methods=["POST"],
    permission=permissions.SELECT,
    accepts=SelectInput(),
    answers=output.CountOutput(),
)
def select(work: Work, data: dict[str, Any]) -> Any:
    """Choose units below for a model."""
    return {"count": len(services.select_units(work, **data))}


@blueprint.api(
    "/recognitions",
    methods=["POST"],
    permission=permissions.RECOGNISE,
    accepts=DecisionOfMany(),
    answers=output.CountOutput(),
)
def recognise_units(work: Work, data: dict[str, Any]) -> Any:
    """Recognise several units below by one decision, all or none."""
    return {"count": len(services.recognise_units(work, data.pop("registrations"), **data))}


@blueprint.api(ONE, permission=permissions.SEE, answers=Registration())
def registration(work: Work, registration_id: uuid.UUID) -> Any:
    """Return a registration of the unit or of one below it."""
    return services.access_registration(work, registration_id)


@blueprint.api(f"{ONE}/inputs", permission=permissions.SEE, answers=output.InputOutput(), many=True)
def inputs(work: Work, registration_id: uuid.UUID) -> Any:
    """Return what the unit was given."""
    found = services.access_registration(work, registration_id)
    return services.list_inputs(work, found), None


@blueprint.api(
    f"{ONE}/inputs",
    methods=["POST"],
    permission=permissions.SUPPORT,
    accepts=InputInput(),
    answers=output.InputOutput(),
)
def give(work: Work, data: dict[str, Any], registration_id: uuid.UUID) -> Any:
    """Note what the unit was given."""
    found = services.access_registration(work, registration_id)
    return written(work, services.give_input(work, found, **data), status=201)


@blueprint.api(
    f"{ONE}/milestones", permission=permissions.SEE, answers=output.MilestoneOutput(), many=True
)
def milestones(work: Work, registration_id: uuid.UUID) -> Any:
    """Return the milestones of the unit's part, with the days they are due and were reached."""
    found = services.access_registration(work, registration_id)
    return services.milestones_of(work, found, services.model_of(work, found)), None


@blueprint.api(
    f"{ONE}/milestones/<int:number>",
    methods=["PUT"],
    permission=permissions.REVIEW,
    accepts=MilestoneInput(),
    answers=output.MilestoneOutput(),
    revised=True,
)
def reach_milestone(
    work: Work, data: dict[str, Any], registration_id: uuid.UUID, number: int, revision: int
) -> Any:
    """Enter a milestone as reached, or correct its day; the revision is the registration's."""
    found = current(services.access_registration(work, registration_id), revision)
    services.reach_milestone(work, found, number=number, **data)
    return Answer(services.milestone_of(work, found, number), revision=found.revision)


@blueprint.api(
    f"{ONE}/milestones/<int:number>",
    methods=["DELETE"],
    permission=permissions.REVIEW,
    revised=True,
)
def take_back_milestone(work: Work, registration_id: uuid.UUID, number: int, revision: int) -> Any:
    """Take back a milestone that was entered by mistake."""
    found = current(services.access_registration(work, registration_id), revision)
    services.take_back_milestone(work, found, number=number)
    return Answer(None, 204, found.revision)


@blueprint.api(
    f"{ONE}/score",
    methods=["POST"],
    permission=permissions.REGISTER,
    accepts=ScoreInput(),
    answers=Registration(),
    revised=True,
)
def score(work: Work, data: dict[str, Any], registration_id: uuid.UUID, revision: int) -> Any:
    """Score one's own unit."""
    found = current(services.own_registration(work, registration_id), revision)
    vote = vote_in(data, data["scored_on"])
    made = services.score_unit(
        work, found, points=by_key(data["points"]), vote=vote, scored_on=data["scored_on"]
    )
    return written(work, made)


@blueprint.api(
    f"{ONE}/recognise",
    methods=["POST"],
    permission=permissions.RECOGNISE,
    accepts=RecogniseInput(),
    answers=Registration(),
    revised=True,
)
def recognise(work: Work, data: dict[str, Any], registration_id: uuid.UUID, revision: int) -> Any:
    """Recognise a unit below."""
    found = current(services.access_registration(work, registration_id), revision)
    return written(work, services.recognise(work, found, **data))


@blueprint.api(
    f"{ONE}/refuse",
    methods=["POST"],
    permission=permissions.RECOGNISE,
    accepts=RefuseInput(),
    answers=Registration(),
    revised=True,
)
def refuse(work: Work, data: dict[str, Any], registration_id: uuid.UUID, revision: int) -> Any:
    """Decide not to recognise a unit below."""
    found = current(services.access_registration(work, registration_id), revision)
    return written(work, services.refuse(work, found, **data))


@blueprint.api(
    f"{ONE}/issue",
    methods=["POST"],
    permission=permissions.RECOGNISE,
    answers=Registration(),
    revised=True,
)
def issue(work: Work, registration_id: uuid.UUID, revision: int) -> Any:
    """Issue the decision to recognise a unit."""
    found = current(services.access_registration(work, registration_id), revision)
    services.issue_recognition(work, found)
    return written(work, found)


@blueprint.api(
    f"{ONE}/end",
    methods=["POST"],
    permission=permissions.SEE,
    accepts=EndInput(),
    answers=Registration(),
    revised=True,
)
def end(work: Work, data: dict[str, Any], registration_id: uuid.UUID, revision: int) -> Any:
    """End a unit's part in a model."""
    found = current(services.access_registration(work, registration_id), revision)
    return written(work, services.end_registration(work, found, **data))
