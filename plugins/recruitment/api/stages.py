"""JSON: from stage to stage, the decision, the ceremony, the recognition, the end."""

from __future__ import annotations

import uuid
from typing import Any

from core.work import Work

from .. import permissions, services
from ..schemas import forms, output
from .door import blueprint, dossier_at, told

Dossier = output.DossierOutput
HERE = "/dossiers/<uuid:candidate_id>"


@blueprint.api(
    f"{HERE}/advance",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=forms.AdvanceInput(),
    answers=Dossier(),
    revised=True,
)
def advance(work: Work, data: dict[str, Any], candidate_id: uuid.UUID, revision: int) -> Any:
    """Go on to the next stage."""
    found = dossier_at(work, candidate_id, revision)
    services.advance(work, found, **data)
    return told(work, found.candidate)


@blueprint.api(
    f"{HERE}/back",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=forms.BackInput(),
    answers=Dossier(),
    revised=True,
)
def send_back(work: Work, data: dict[str, Any], candidate_id: uuid.UUID, revision: int) -> Any:
    """Send a dossier back one stage."""
    found = dossier_at(work, candidate_id, revision)
    services.send_back(work, found, **data)
    return told(work, found.candidate)


@blueprint.api(
    f"{HERE}/template",
    methods=["POST"],
    permission=permissions.MANAGE,
    answers=Dossier(),
    revised=True,
)
def take_over(work: Work, candidate_id: uuid.UUID, revision: int) -> Any:
    """Let the steps of today hold."""
    found = dossier_at(work, candidate_id, revision)
    services.take_over_template(work, found)
    return told(work, found.candidate)


@blueprint.api(
    f"{HERE}/referral",
    methods=["POST"],
    permission=permissions.DECIDE,
    accepts=forms.ReferralInput(),
    answers=Dossier(),
    revised=True,
)
def referral(work: Work, data: dict[str, Any], candidate_id: uuid.UUID, revision: int) -> Any:
    """Record what the superior decided after failed votes."""
    found = dossier_at(work, candidate_id, revision)
    services.resolve_referral(work, found, **data)
    return told(work, found.candidate)


@blueprint.api(
    f"{HERE}/decision",
    methods=["POST"],
    permission=permissions.DECIDE,
    accepts=forms.DecisionInput(),
    answers=Dossier(),
    revised=True,
)
def decision(work: Work, data: dict[str, Any], candidate_id: uuid.UUID, revision: int) -> Any:
    """Record the decision on admission."""
    found = dossier_at(work, candidate_id, revision)
    services.record_decision(work, found, **data)
    return told(work, found.candidate)


@blueprint.api(
    f"{HERE}/ceremony",
    methods=["POST"],
    permission=permissions.ADMIT,
    accepts=forms.CeremonyInput(),
    answers=Dossier(),
    revised=True,
)
def ceremony(work: Work, data: dict[str, Any], candidate_id: uuid.UUID, revision: int) -> Any:
    """Record the ceremony; the member is made."""
    found = dossier_at(work, candidate_id, revision)
    services.hold_ceremony(work, found, **data)
    return told(work, found.candidate)


@blueprint.api(
    f"{HERE}/recognition",
    methods=["POST"],
    permission=permissions.DECIDE,
    accepts=forms.RecognitionInput(),
    answers=Dossier(),
    revised=True,
)
def recognition(work: Work, data: dict[str, Any], candidate_id: uuid.UUID, revision: int) -> Any:
    """Record the recognition; the member is official."""
    found = dossier_at(work, candidate_id, revision)
    services.recognise(work, found, **data)
    return told(work, found.candidate)


@blueprint.api(
    f"{HERE}/close",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=forms.CloseInput(),
    answers=Dossier(),
    revised=True,
)
def close(work: Work, data: dict[str, Any], candidate_id: uuid.UUID, revision: int) -> Any:
    """End a way."""
    found = dossier_at(work, candidate_id, revision)
    services.close(work, found, **data)
    return told(work, found.candidate)


@blueprint.api(
    f"{HERE}/reopen",
    methods=["POST"],
    permission=permissions.MANAGE,
    answers=Dossier(),
    revised=True,
)
def reopen(work: Work, candidate_id: uuid.UUID, revision: int) -> Any:
    """Take up a way that was ended."""
    found = dossier_at(work, candidate_id, revision)
    services.reopen(work, found)
    return told(work, found.candidate)
