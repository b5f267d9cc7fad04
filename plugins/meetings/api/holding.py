"""JSON: the roll, guests, items, votes, resolutions, the end of a meeting."""

from __future__ import annotations

import uuid
from typing import Any

from core.web import current, written
from core.work import Work

from .. import permissions, services
from ..schemas import facts as sent
from ..schemas import output, record
from ..schemas.hold import ConclusionInput, NextStepInput
from .door import blueprint, meeting_at

Meeting = output.MeetingOutput


@blueprint.api(
    "/<uuid:meeting_id>/roll", permission=permissions.MINUTES_SEE, answers=output.RollOutput()
)
def roll(work: Work, meeting_id: uuid.UUID) -> Any:
    """Return the roll; before the day, who is expected."""
    return services.roll(work, services.access_meeting(work, meeting_id))


@blueprint.api(
    "/<uuid:meeting_id>/roll",
    methods=["POST"],
    permission=permissions.HOLD,
    answers=Meeting(),
    revised=True,
)
def open_roll(work: Work, meeting_id: uuid.UUID, revision: int) -> Any:
    """Freeze who must attend, and begin the meeting."""
    found = meeting_at(work, meeting_id, revision)
    services.open_roll(work, found)
    return written(work, found)


@blueprint.api(
    "/<uuid:meeting_id>/roll",
    methods=["PUT"],
    permission=permissions.HOLD,
    accepts=sent.MarksInput(),
    answers=Meeting(),
    revised=True,
)
def mark(
    work: Work, data: dict[uuid.UUID, services.Tick], meeting_id: uuid.UUID, revision: int
) -> Any:
    """Mark people; marks do not raise the revision, so that two may mark at once."""
    found = meeting_at(work, meeting_id, revision)
    services.tick_many(work, found, data)
    return written(work, found)


@blueprint.api(
    "/<uuid:meeting_id>/roll/close",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=sent.CloseRollInput(),
    answers=output.QuorumOutput(),
    revised=True,
)
def close_roll(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int) -> Any:
    """Finish the roll and say whether the meeting may proceed."""
    found = meeting_at(work, meeting_id, revision)
    return written(work, services.close_roll(work, found, **data), found)


@blueprint.api(
    "/<uuid:meeting_id>/visitors",
    permission=permissions.MINUTES_SEE,
    answers=output.VisitorOutput(),
    many=True,
)
def visitors(work: Work, meeting_id: uuid.UUID) -> Any:
    """Return the guests."""
    return services.list_visitors(work, services.access_meeting(work, meeting_id)), None


@blueprint.api(
    "/<uuid:meeting_id>/visitors",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=sent.GuestInput(),
    answers=output.VisitorOutput(),
    revised=True,
)
def add_visitor(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int) -> Any:
    """Add a guest."""
    found = meeting_at(work, meeting_id, revision)
    return written(work, services.add_visitor(work, found, **data), found, status=201)


@blueprint.api(
    "/<uuid:meeting_id>/visitors/<uuid:visitor_id>",
    methods=["DELETE"],
    permission=permissions.HOLD,
    revised=True,
)
def remove_visitor(work: Work, meeting_id: uuid.UUID, visitor_id: uuid.UUID, revision: int) -> Any:
    """Take a guest off the list."""
    found = meeting_at(work, meeting_id, revision)
    services.remove_visitor(work, found, visitor_id)
    return written(work, None, found, status=204)


@blueprint.api(
    "/<uuid:meeting_id>/agenda/<uuid:item_id>/start",
    methods=["POST"],
    permission=permissions.HOLD,
    answers=output.ItemOutput(),
    revised=True,
)
def start_item(work: Work, meeting_id: uuid.UUID, item_id: uuid.UUID, revision: int) -> Any:
    """Begin an item."""
    found = meeting_at(work, meeting_id, revision)
    item = services.access_item(work, found, item_id)
    services.start_item(work, found, item)
    return written(work, item, found)


@blueprint.api(
    "/<uuid:meeting_id>/agenda/<uuid:item_id>/conclude",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=ConclusionInput(),
    answers=output.ItemOutput(),
    revised=True,
)
def conclude_item(
    work: Work, data: dict[str, Any], meeting_id: uuid.UUID, item_id: uuid.UUID, revision: int
) -> Any:
    """Conclude an item."""
    found = meeting_at(work, meeting_id, revision)
    item = services.access_item(work, found, item_id)
    services.conclude_item(work, found, item, **data)
    return written(work, item, found)


@blueprint.api(
    "/<uuid:meeting_id>/votes",
    permission=permissions.MINUTES_SEE,
    answers=output.VoteOutput(),
    many=True,
)
def votes(work: Work, meeting_id: uuid.UUID) -> Any:
    """Return the votes."""
    return services.list_votes(work, services.access_meeting(work, meeting_id)), None


@blueprint.api(
    "/<uuid:meeting_id>/votes",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=record.VoteInput(),
    answers=output.VoteOutput(),
    revised=True,
)
def record_vote(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int) -> Any:
    """Record a vote as counts."""
    found = meeting_at(work, meeting_id, revision)
    vote = services.record_vote(work, found, item_of(work, found, data), data["ballot"])
    return written(work, vote, found, status=201)


def item_of(work: Work, meeting: Any, data: dict[str, Any]) -> Any:
    """Return the item that was named, or None."""
    key = data["item_id"]
    return services.access_item(work, meeting, key) if key is not None else None


@blueprint.api(
    "/<uuid:meeting_id>/votes/<uuid:vote_id>/next",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=NextStepInput(),
    answers=output.VoteOutput(),
    revised=True,
)
def after_vote(
    work: Work, data: dict[str, Any], meeting_id: uuid.UUID, vote_id: uuid.UUID, revision: int
) -> Any:
    """Note what follows a failed vote."""
    found = meeting_at(work, meeting_id, revision)
    vote = services.access_vote(work, found, vote_id)
    services.resolve_failed_vote(work, found, vote, data["what_next"])
    return written(work, vote, found)


@blueprint.api(
    "/<uuid:meeting_id>/votes/<uuid:vote_id>",
    methods=["DELETE"],
    permission=permissions.HOLD,
    revised=True,
)
def remove_vote(work: Work, meeting_id: uuid.UUID, vote_id: uuid.UUID, revision: int) -> Any:
    """Take back a vote typed in wrongly."""
    found = meeting_at(work, meeting_id, revision)
    services.remove_vote(work, found, services.access_vote(work, found, vote_id))
    return written(work, None, found, status=204)


@blueprint.api(
    "/<uuid:meeting_id>/resolutions",
    permission=permissions.MINUTES_SEE,
    answers=output.ResolutionsOutput(),
    many=True,
)
def resolutions(work: Work, meeting_id: uuid.UUID) -> Any:
    """Return the resolutions of a meeting with their points."""
    return services.list_resolutions(work, services.access_meeting(work, meeting_id)), None


@blueprint.api(
    "/<uuid:meeting_id>/resolutions",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=record.ResolutionJson(),
    answers=output.ResolutionOutput(),
    revised=True,
)
def make_resolution(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int) -> Any:
    """Make a resolution of what was passed; the answer's revision is the meeting's."""
    found = meeting_at(work, meeting_id, revision)
    item = item_of(work, found, data)
    made = services.make_resolution(work, found, item, data["facts"])
    return written(work, made, found, status=201)


@blueprint.api(
    "/resolutions/<uuid:resolution_id>",
    permission=permissions.MINUTES_SEE,
    answers=output.ResolutionOutput(),
)
def resolution(work: Work, resolution_id: uuid.UUID) -> Any:
    """Return a resolution."""
    return services.access_resolution(work, resolution_id)


@blueprint.api(
    "/resolutions/<uuid:resolution_id>",
    methods=["PUT"],
    permission=permissions.HOLD,
    accepts=record.ResolutionJson(),
    answers=output.ResolutionOutput(),
    revised=True,
)
def change_resolution(
    work: Work, data: dict[str, Any], resolution_id: uuid.UUID, revision: int
) -> Any:
    """Change the text of a resolution before the minutes are locked."""
    found = current(services.access_resolution(work, resolution_id), revision)
    meeting = services.access_meeting(work, found.meeting_id)
    return written(work, services.change_resolution(work, meeting, found, data["facts"]))


@blueprint.api(
    "/resolutions/<uuid:resolution_id>",
    methods=["DELETE"],
    permission=permissions.HOLD,
    revised=True,
)
def remove_resolution(work: Work, resolution_id: uuid.UUID, revision: int) -> Any:
    """Take back a resolution typed in wrongly."""
    found = current(services.access_resolution(work, resolution_id), revision)
    meeting = services.access_meeting(work, found.meeting_id)
    services.remove_resolution(work, meeting, found)
    return written(work, None, meeting, status=204)


@blueprint.api(
    "/resolutions/<uuid:resolution_id>/issue",
    methods=["POST"],
    permission=permissions.LOCK,
    accepts=sent.IssueInput(),
    answers=output.ResolutionOutput(),
    revised=True,
)
def issue_resolution(
    work: Work, data: dict[str, Any], resolution_id: uuid.UUID, revision: int
) -> Any:
    """Issue a resolution with its number from the register."""
    found = current(services.access_resolution(work, resolution_id), revision)
    meeting = services.access_meeting(work, found.meeting_id)
    services.issue_resolution(work, meeting, found, **data, lazily=True)
    return written(work, found)


@blueprint.api(
    "/<uuid:meeting_id>/times",
    methods=["PUT"],
    permission=permissions.HOLD,
    accepts=sent.RealTimesInput(),
    answers=Meeting(),
    revised=True,
)
def set_times(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int) -> Any:
    """Correct the real times."""
    found = meeting_at(work, meeting_id, revision)
    services.set_times(work, found, **data)
    return written(work, found)


@blueprint.api(
    "/<uuid:meeting_id>/leaders",
    methods=["PUT"],
    permission=permissions.HOLD,
    accepts=sent.LeadersInput(),
    answers=Meeting(),
    revised=True,
)
def name_leaders(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int) -> Any:
    """Name who really chaired and who wrote."""
    found = meeting_at(work, meeting_id, revision)
    services.name_leaders(work, found, **data)
    return written(work, found)


@blueprint.api(
    "/<uuid:meeting_id>/end",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=sent.EndedInput(),
    answers=Meeting(),
    revised=True,
)
def end(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int) -> Any:
    """End the meeting; its minutes begin."""
    found = meeting_at(work, meeting_id, revision)
    services.end_meeting(work, found, **data)
    return written(work, found)


@blueprint.api(
    "/from-paper",
    methods=["POST"],
    permission=permissions.ENTER,
    accepts=record.RecordInput(),
    answers=Meeting(),
)
def from_paper(work: Work, data: dict[str, Any]) -> Any:
    """Enter a whole meeting from its paper minutes, in one call."""
    key = data["planned_id"]
    planned = services.access_meeting(work, key) if key is not None else None
    meeting = services.enter_from_paper(work, data["record"], meeting=planned)
    return written(work, meeting, status=201)
