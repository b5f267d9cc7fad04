"""JSON: meetings, their agenda, the committee's view, announcing and putting off."""

from __future__ import annotations

import uuid
from typing import Any

from core.units.covering import told_of
from core.web import written
from core.work import Work

from .. import permissions, services
from ..schemas import facts as sent
from ..schemas import output
from ..schemas.announce import AnnounceInput, NotHeldInput, PostedInput, ToldInput
from ..schemas.prepare import AgreedInput, ItemInput
from .door import blueprint, meeting_at

Meeting = output.MeetingOutput


@blueprint.api(
    "/", permission=permissions.SEE, accepts=sent.MeetingFilter(), answers=Meeting(), many=True
)
def meetings(work: Work, data: dict[str, Any]) -> Any:
    """List the meetings of a unit, or of everything below it, as of a day or restated."""
    return services.list_meetings(work, as_of=told_of(data), **data)


@blueprint.api(
    "/",
    methods=["POST"],
    permission=permissions.PREPARE,
    accepts=sent.MeetingInput(),
    answers=Meeting(),
)
def schedule(work: Work, data: services.MeetingFacts) -> Any:
    """Schedule a meeting with the proposed agenda."""
    return written(work, services.schedule_meeting(work, data), status=201)


@blueprint.api("/<uuid:meeting_id>", permission=permissions.SEE, answers=Meeting())
def meeting(work: Work, meeting_id: uuid.UUID) -> Any:
    """Return a meeting; its revision is the ETag that every write names."""
    return services.access_meeting(work, meeting_id)


@blueprint.api(
    "/<uuid:meeting_id>",
    methods=["PUT"],
    permission=permissions.PREPARE,
    accepts=sent.MeetingInput(),
    answers=Meeting(),
    revised=True,
)
def change(work: Work, data: services.MeetingFacts, meeting_id: uuid.UUID, revision: int) -> Any:
    """Change the plan of a meeting."""
    found = meeting_at(work, meeting_id, revision)
    return written(work, services.change_meeting(work, found, data))


@blueprint.api(
    "/<uuid:meeting_id>", methods=["DELETE"], permission=permissions.PREPARE, revised=True
)
def discard(work: Work, meeting_id: uuid.UUID, revision: int) -> Any:
    """Void a meeting made by mistake."""
    services.discard(work, meeting_at(work, meeting_id, revision))


@blueprint.api(
    "/<uuid:meeting_id>/proposals",
    permission=permissions.SEE,
    answers=output.ProposalOutput(),
    many=True,
)
def proposals(work: Work, meeting_id: uuid.UUID) -> Any:
    """Propose what is not on the agenda yet."""
    found = services.access_meeting(work, meeting_id)
    return services.propose_agenda(work, found), None


@blueprint.api(
    "/<uuid:meeting_id>/agenda",
    permission=permissions.SEE,
    answers=output.ItemOutput(),
    many=True,
)
def agenda(work: Work, meeting_id: uuid.UUID) -> Any:
    """Return the agenda in order."""
    found = services.access_meeting(work, meeting_id)
    return services.list_items(work, found), None


@blueprint.api(
    "/<uuid:meeting_id>/agenda",
    methods=["POST"],
    permission=permissions.PREPARE,
    accepts=ItemInput(),
    answers=output.ItemOutput(),
    revised=True,
)
def add_item(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int) -> Any:
    """Add an item to the agenda."""
    found = meeting_at(work, meeting_id, revision)
    item = services.add_item(work, found, services.ItemFacts(**data))
    return written(work, item, found, status=201)


@blueprint.api(
    "/<uuid:meeting_id>/agenda",
    methods=["PUT"],
    permission=permissions.PREPARE,
    accepts=sent.OrderInput(),
    answers=Meeting(),
    revised=True,
)
def order(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int) -> Any:
    """Put the agenda in a new order."""
    found = meeting_at(work, meeting_id, revision)
    services.order_items(work, found, data["items"])
    return written(work, found)


@blueprint.api(
    "/<uuid:meeting_id>/agenda/<uuid:item_id>",
    methods=["PUT"],
    permission=permissions.PREPARE,
    accepts=ItemInput(),
    answers=output.ItemOutput(),
    revised=True,
)
def change_item(
    work: Work, data: dict[str, Any], meeting_id: uuid.UUID, item_id: uuid.UUID, revision: int
) -> Any:
    """Change an item."""
    found = meeting_at(work, meeting_id, revision)
    item = services.access_item(work, found, item_id)
    services.change_item(work, found, item, services.ItemFacts(**data))
    return written(work, item, found)


@blueprint.api(
    "/<uuid:meeting_id>/agenda/<uuid:item_id>",
    methods=["DELETE"],
    permission=permissions.PREPARE,
    revised=True,
)
def remove_item(work: Work, meeting_id: uuid.UUID, item_id: uuid.UUID, revision: int) -> Any:
    """Take an item off the agenda."""
    found = meeting_at(work, meeting_id, revision)
    services.remove_item(work, found, services.access_item(work, found, item_id))
    return written(work, None, found, status=204)


@blueprint.api(
    "/<uuid:meeting_id>/missing", permission=permissions.SEE, answers=output.SentencesOutput()
)
def missing(work: Work, meeting_id: uuid.UUID) -> Any:
    """Say what the preparation still lacks."""
    found = services.access_meeting(work, meeting_id)
    return {"sentences": services.what_is_missing(work, found)}


@blueprint.api(
    "/<uuid:meeting_id>/ask",
    methods=["POST"],
    permission=permissions.PREPARE,
    answers=Meeting(),
    revised=True,
)
def ask(work: Work, meeting_id: uuid.UUID, revision: int) -> Any:
    """Ask the branch committee for its view."""
    found = meeting_at(work, meeting_id, revision)
    services.ask_committee(work, found)
    return written(work, found)


@blueprint.api(
    "/<uuid:meeting_id>/agree",
    methods=["POST"],
    permission=permissions.AGREE,
    accepts=AgreedInput(),
    answers=Meeting(),
    revised=True,
)
def agree(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int) -> Any:
    """Note that the branch committee agreed."""
    found = meeting_at(work, meeting_id, revision)
    services.committee_agreed(work, found, data["on"])
    return written(work, found)


@blueprint.api(
    "/<uuid:meeting_id>/announcement",
    permission=permissions.ANNOUNCE,
    answers=output.PreviewOutput(),
)
def announcement(work: Work, meeting_id: uuid.UUID) -> Any:
    """Show what an announcement would say and to whom it goes."""
    return services.announcement_preview(work, services.access_meeting(work, meeting_id))


@blueprint.api(
    "/<uuid:meeting_id>/announce",
    methods=["POST"],
    permission=permissions.ANNOUNCE,
    accepts=AnnounceInput(),
    answers=Meeting(),
    revised=True,
)
def announce(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int) -> Any:
    """Announce a meeting."""
    found = meeting_at(work, meeting_id, revision)
    services.announce(work, found, **data)
    return written(work, found)


@blueprint.api(
    "/<uuid:meeting_id>/told",
    permission=permissions.ANNOUNCE,
    answers=output.ToldOutput(),
    many=True,
)
def told(work: Work, meeting_id: uuid.UUID) -> Any:
    """Return who is to be told in this round, and who was."""
    return services.told_lines(work, services.access_meeting(work, meeting_id)), None


@blueprint.api(
    "/<uuid:meeting_id>/told",
    methods=["POST"],
    permission=permissions.ANNOUNCE,
    accepts=ToldInput(),
    answers=output.CountOutput(),
    revised=True,
)
def mark_told(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int) -> Any:
    """Note that members were told by a way."""
    found = meeting_at(work, meeting_id, revision)
    count = services.mark_told(work, found, data["member"], data["how"])
    return written(work, {"count": count}, found)


@blueprint.api(
    "/<uuid:meeting_id>/posted",
    methods=["POST"],
    permission=permissions.ANNOUNCE,
    accepts=PostedInput(),
    answers=Meeting(),
    revised=True,
)
def posted(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int) -> Any:
    """Note the day the meeting was posted on the national handbook's application."""
    found = meeting_at(work, meeting_id, revision)
    services.mark_posted(work, found, data["on"])
    return written(work, found)


@blueprint.api(
    "/<uuid:meeting_id>/postpone",
    methods=["POST"],
    permission=permissions.ANNOUNCE,
    accepts=sent.PutOffInput(),
    answers=Meeting(),
    revised=True,
)
def postpone(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int) -> Any:
    """Put a meeting off."""
    found = meeting_at(work, meeting_id, revision)
    services.postpone(work, found, **data)
    return written(work, found)


@blueprint.api(
    "/<uuid:meeting_id>/not-held",
    methods=["POST"],
    permission=permissions.ANNOUNCE,
    accepts=NotHeldInput(),
    answers=Meeting(),
    revised=True,
)
def not_held(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, revision: int) -> Any:
    """Note that a meeting is not held."""
    found = meeting_at(work, meeting_id, revision)
    services.cancel(work, found, **data)
    return written(work, found)


@blueprint.api("/mine", permission=permissions.OWN, answers=Meeting(), many=True)
def mine(work: Work) -> Any:
    """Return one's own announced meetings."""
    return services.my_meetings(work), None


@blueprint.api("/mine/<uuid:meeting_id>", permission=permissions.OWN, answers=Meeting())
def my_meeting(work: Work, meeting_id: uuid.UUID) -> Any:
    """Return an announced meeting of one's own branch."""
    found, _items = services.access_my_meeting(work, meeting_id)
    return found


@blueprint.api(
    "/mine/<uuid:meeting_id>/agenda",
    permission=permissions.OWN,
    answers=output.ItemOutput(only=["order", "title", "minutes", "presenter_name"]),
    many=True,
)
def my_agenda(work: Work, meeting_id: uuid.UUID) -> Any:
    """Return what an announced meeting of one's own branch is about."""
    _meeting, items = services.access_my_meeting(work, meeting_id)
    return items, None
