"""JSON: the minutes, from the draft to the lock and beyond."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from core.documents.paper import to_data
from core.web import written
from core.work import Work

from .. import permissions, services
from ..schemas import facts as sent
from ..schemas import output
from ..schemas.minutes import AdoptionInput, AmendmentInput, SignedInput
from .door import blueprint, meeting_at

Minutes = output.MinutesOutput


def _acted(work: Work, meeting_id: uuid.UUID, revision: int, act: Callable[[Any], Any]) -> Any:
    """Do something with the minutes of a meeting the program knows as it is."""
    found = meeting_at(work, meeting_id, revision)
    return written(work, act(found), found)


@blueprint.api(
    "/<uuid:meeting_id>/minutes", permission=permissions.MINUTES_SEE, answers=Minutes(), many=True
)
def versions(work: Work, meeting_id: uuid.UUID) -> Any:
    """Return all versions of the minutes, newest first."""
    return services.list_versions(work, services.access_meeting(work, meeting_id)), None


@blueprint.api(
    "/<uuid:meeting_id>/minutes/gaps",
    permission=permissions.MINUTES_SEE,
    answers=output.GapOutput(),
    many=True,
)
def gaps(work: Work, meeting_id: uuid.UUID) -> Any:
    """Say what the minutes still lack."""
    return services.gaps(work, services.access_meeting(work, meeting_id)), None


@blueprint.api("/<uuid:meeting_id>/minutes/paper", permission=permissions.MINUTES_SEE)
def paper(work: Work, meeting_id: uuid.UUID) -> Any:
    """Return the minutes as they print, as plain data."""
    return to_data(services.minutes_paper(work, services.access_meeting(work, meeting_id)))


@blueprint.api(
    "/<uuid:meeting_id>/minutes",
    methods=["PUT"],
    permission=permissions.MINUTES,
    accepts=sent.TextsInput(),
    answers=output.MeetingOutput(),
    revised=True,
)
def write(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int) -> Any:
    """Write the texts of the minutes."""
    found = meeting_at(work, meeting_id, revision)
    texts = {line["item_id"]: (line["discussion"], line["conclusion"]) for line in data["texts"]}
    services.write_minutes(work, found, quality=data["quality"], texts=texts)
    return written(work, found)


@blueprint.api(
    "/<uuid:meeting_id>/minutes/adopt",
    methods=["POST"],
    permission=permissions.MINUTES,
    accepts=AdoptionInput(),
    answers=Minutes(),
    revised=True,
)
def adopt(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int) -> Any:
    """Note that the minutes were read out and adopted."""
    return _acted(
        work, meeting_id, revision, lambda meeting: services.adopt_minutes(work, meeting, **data)
    )


@blueprint.api(
    "/<uuid:meeting_id>/minutes/confirm-clerk",
    methods=["POST"],
    permission=permissions.CONFIRM,
    answers=Minutes(),
    revised=True,
)
def confirm_clerk(work: Work, meeting_id: uuid.UUID, revision: int) -> Any:
    """Confirm the minutes as clerk."""
    return _acted(
        work, meeting_id, revision, lambda meeting: services.confirm_as_clerk(work, meeting)
    )


@blueprint.api(
    "/<uuid:meeting_id>/minutes/confirm-chair",
    methods=["POST"],
    permission=permissions.CONFIRM,
    answers=Minutes(),
    revised=True,
)
def confirm_chair(work: Work, meeting_id: uuid.UUID, revision: int) -> Any:
    """Confirm the minutes as chair."""
    return _acted(
        work, meeting_id, revision, lambda meeting: services.confirm_as_chair(work, meeting)
    )


@blueprint.api(
    "/<uuid:meeting_id>/minutes/signed",
    methods=["PUT"],
    permission=permissions.MINUTES,
    accepts=SignedInput(),
    answers=Minutes(),
    revised=True,
)
def signed(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int) -> Any:
    """Note day, book and page of the signed paper."""
    return _acted(
        work,
        meeting_id,
        revision,
        lambda meeting: services.note_signed_paper(work, meeting, **data),
    )


@blueprint.api(
    "/<uuid:meeting_id>/minutes/lock",
    methods=["POST"],
    permission=permissions.LOCK,
    answers=Minutes(),
    revised=True,
)
def lock(work: Work, meeting_id: uuid.UUID, revision: int) -> Any:
    """Lock the minutes."""
    return _acted(work, meeting_id, revision, lambda meeting: services.lock_minutes(work, meeting))


@blueprint.api(
    "/<uuid:meeting_id>/minutes/amend",
    methods=["POST"],
    permission=permissions.LOCK,
    accepts=AmendmentInput(),
    answers=Minutes(),
    revised=True,
)
def amend(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int) -> Any:
    """Begin an amended version of locked minutes."""
    return _acted(work, meeting_id, revision, lambda meeting: services.amend(work, meeting, **data))


@blueprint.api(
    "/<uuid:meeting_id>/from-paper/signed",
    methods=["PUT"],
    permission=permissions.ENTER,
    accepts=SignedInput(),
    answers=Minutes(),
    revised=True,
)
def signed_from_paper(
    work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int
) -> Any:
    """Note the signed paper of minutes that were typed in for a branch."""
    return _acted(
        work,
        meeting_id,
        revision,
        lambda meeting: services.note_signed_from_paper(work, meeting, **data),
    )


@blueprint.api(
    "/<uuid:meeting_id>/from-paper/lock",
    methods=["POST"],
    permission=permissions.ENTER,
    answers=Minutes(),
    revised=True,
)
def lock_from_paper(work: Work, meeting_id: uuid.UUID, revision: int) -> Any:
    """Lock minutes that were typed in for a branch from its signed paper."""
    return _acted(
        work, meeting_id, revision, lambda meeting: services.lock_from_paper(work, meeting)
    )
