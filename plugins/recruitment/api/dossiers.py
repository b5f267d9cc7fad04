"""JSON: candidates with their dossiers, from the pool to the recognition."""

from __future__ import annotations

import uuid
from typing import Any

from core.units.covering import told_of
from core.units.tree import access_unit
from core.work import Work

from .. import permissions, services
from ..schemas import forms, output
from ..schemas.facts import EnterInput, EveryPaperInput
from .door import blueprint, dossier_at, told

Dossier = output.DossierOutput
HERE = "/dossiers/<uuid:candidate_id>"


@blueprint.api(
    "/dossiers",
    permission=permissions.SEE,
    accepts=forms.ListFilter(),
    answers=output.CardOutput(),
    many=True,
)
def dossiers(work: Work, data: dict[str, Any]) -> Any:
    """List the dossiers of the unit and those below it, as of a day with what held then."""
    state = "" if data["state"] == "all" else data["state"]
    return services.list_candidates(
        work,
        stage=data["stage"],
        state=state,
        words=data["q"],
        as_of=told_of(data),
        cursor=data["cursor"],
    )


@blueprint.api(
    "/dossiers",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=EnterInput(),
    answers=Dossier(),
)
def enter(work: Work, data: dict[str, Any]) -> Any:
    """Put somebody on the list of the pool."""
    return told(work, services.enter_candidate(work, data["facts"]), status=201)


@blueprint.api(HERE, permission=permissions.SEE, answers=Dossier())
def dossier(work: Work, candidate_id: uuid.UUID) -> Any:
    """Return a whole dossier."""
    return told(work, services.access_candidate(work, candidate_id))


@blueprint.api(
    HERE,
    methods=["PUT"],
    permission=permissions.MANAGE,
    accepts=EnterInput(),
    answers=Dossier(),
    revised=True,
)
def change(work: Work, data: dict[str, Any], candidate_id: uuid.UUID, revision: int) -> Any:
    """Correct what is kept about a candidate."""
    found = dossier_at(work, candidate_id, revision)
    return told(work, services.change_candidate(work, found.candidate, data["facts"]))


@blueprint.api(
    "/review",
    methods=["POST"],
    permission=permissions.MANAGE,
    answers=output.CountOutput(),
)
def review(work: Work) -> Any:
    """Note that the list of the pool was looked over today."""
    return {"count": services.review_pool(work)}


@blueprint.api(
    f"{HERE}/papers/<step>",
    methods=["PUT"],
    permission=permissions.MANAGE,
    accepts=EveryPaperInput(),
    answers=Dossier(),
    revised=True,
)
def paper(
    work: Work, data: dict[str, Any], candidate_id: uuid.UUID, step: str, revision: int
) -> Any:
    """Note that a paper is there, or was renewed."""
    found = dossier_at(work, candidate_id, revision)
    services.record_paper(work, found, step, services.PaperFacts(**data))
    return told(work, found.candidate)


@blueprint.api(
    f"{HERE}/papers/<step>",
    methods=["DELETE"],
    permission=permissions.MANAGE,
    answers=Dossier(),
    revised=True,
)
def take_back(work: Work, candidate_id: uuid.UUID, step: str, revision: int) -> Any:
    """Take a paper entered by mistake off the list."""
    found = dossier_at(work, candidate_id, revision)
    services.take_back(work, found, step)
    return told(work, found.candidate)


@blueprint.api(
    f"{HERE}/papers/<step>/leave-out",
    methods=["POST"],
    permission=permissions.MANAGE,
    answers=Dossier(),
    revised=True,
)
def leave_out(work: Work, candidate_id: uuid.UUID, step: str, revision: int) -> Any:
    """Note that a step does not apply."""
    found = dossier_at(work, candidate_id, revision)
    services.leave_out(work, found, step)
    return told(work, found.candidate)


@blueprint.api(
    f"{HERE}/supporters",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=forms.SupporterInput(),
    answers=Dossier(),
    revised=True,
)
def support(work: Work, data: dict[str, Any], candidate_id: uuid.UUID, revision: int) -> Any:
    """Name who introduces or helps."""
    found = dossier_at(work, candidate_id, revision)
    services.name_supporter(work, found.candidate, **data)
    return told(work, found.candidate)


@blueprint.api(
    f"{HERE}/supporters/<uuid:supporter_id>",
    methods=["DELETE"],
    permission=permissions.MANAGE,
    answers=Dossier(),
    revised=True,
)
def release(work: Work, candidate_id: uuid.UUID, supporter_id: uuid.UUID, revision: int) -> Any:
    """End that somebody introduces or helps."""
    found = dossier_at(work, candidate_id, revision)
    services.release_supporter(work, found.candidate, supporter_id)
    return told(work, found.candidate)


@blueprint.api(
    f"{HERE}/conditions",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=forms.JudgementInput(),
    answers=Dossier(),
    revised=True,
)
def judge(work: Work, data: dict[str, Any], candidate_id: uuid.UUID, revision: int) -> Any:
    """Decide about the conditions."""
    found = dossier_at(work, candidate_id, revision)
    services.judge(work, found, **data)
    return told(work, found.candidate)


@blueprint.api(
    f"{HERE}/votes/<step>",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=forms.VoteInput(),
    answers=Dossier(),
    revised=True,
)
def vote(
    work: Work, data: dict[str, Any], candidate_id: uuid.UUID, step: str, revision: int
) -> Any:
    """Record a vote."""
    found = dossier_at(work, candidate_id, revision)
    services.record_vote(work, found, step, services.Ballot(**data))
    return told(work, found.candidate)


@blueprint.api(
    f"{HERE}/votes/<uuid:vote_id>",
    methods=["DELETE"],
    permission=permissions.MANAGE,
    answers=Dossier(),
    revised=True,
)
def remove_vote(work: Work, candidate_id: uuid.UUID, vote_id: uuid.UUID, revision: int) -> Any:
    """Take back a vote typed in wrongly."""
    found = dossier_at(work, candidate_id, revision)
    services.remove_vote(work, found, vote_id)
    return told(work, found.candidate)


@blueprint.api(
    f"{HERE}/votes/<uuid:vote_id>/issue",
    methods=["POST"],
    permission=permissions.MANAGE,
    answers=Dossier(),
    revised=True,
)
def issue(work: Work, candidate_id: uuid.UUID, vote_id: uuid.UUID, revision: int) -> Any:
    """Issue the resolution on a vote."""
    found = dossier_at(work, candidate_id, revision)
    services.issue_resolution(work, found, vote_id)
    return told(work, found.candidate)


@blueprint.api(
    f"{HERE}/move",
    methods=["POST"],
    permission=permissions.MOVE,
    accepts=forms.MoveInput(),
    answers=Dossier(),
    revised=True,
)
def move(work: Work, data: dict[str, Any], candidate_id: uuid.UUID, revision: int) -> Any:
    """Move a candidate to another branch."""
    found = dossier_at(work, candidate_id, revision)
    to = access_unit(work, data.pop("unit_code"))
    services.move_candidate(work, found, to, **data)
    return told(work, found.candidate)
