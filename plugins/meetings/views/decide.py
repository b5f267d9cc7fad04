"""Votes as counts with their rule, what a failed one leads to, and resolutions."""

from __future__ import annotations

import uuid
from typing import Any

from core.forms import Form
from core.i18n import _
from core.web import redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.hold import BallotInput, NextStepInput, ResolutionInput
from .door import blueprint
from .frame import address, filled, meeting_page, people_choices
from .lines import typed_lines

POINTS = 3
"""Blank lines offered for the points of a resolution."""


@blueprint.view("/<uuid:meeting_id>/proceed/<uuid:item_id>/vote", permission=permissions.HOLD)
def vote(work: Work, meeting_id: uuid.UUID, item_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form of a vote, with the rule and whom it is counted of."""
    meeting = services.access_meeting(work, meeting_id)
    item = services.access_item(work, meeting, item_id)
    back = address(work, "item", meeting_id=meeting.id, item_id=item.id)
    first = {
        "question": item.title,
        "kind": "decision",
        "method": "cards",
        "present": meeting.entitled_present,
    }
    return meeting_page(
        work,
        meeting,
        "vote",
        title=_("Enter a vote"),
        step="hold",
        trail=[(item.title, back)],
        item=item,
        back=back,
        rules=[
            (kind, services.vote_rule(work, meeting, kind)) for kind in ("decision", "admission")
        ],
        form=filled(form, BallotInput(), first, draft=f"meetings.vote.{item.id}"),
    )


@blueprint.view(
    "/<uuid:meeting_id>/proceed/<uuid:item_id>/vote",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=BallotInput(),
    form="vote",
)
def vote_post(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, item_id: uuid.UUID) -> Any:
    """Record a vote as counts."""
    meeting = services.access_meeting(work, meeting_id)
    item = services.access_item(work, meeting, item_id)
    zeros = {name: data[name] or 0 for name in ("against", "abstained")}
    result = services.record_vote(work, meeting, item, services.Ballot(**{**data, **zeros}))
    return redirect_to(
        "meetings.item",
        meeting_id=meeting.id,
        item_id=item.id,
        _anchor="votes",
        sentence=services.result_sentence(result),
        kind="done" if result.is_passed else "warning",
    )


@blueprint.view(
    "/<uuid:meeting_id>/votes/<uuid:vote_id>/next",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=NextStepInput(),
)
def after_failed_vote(
    work: Work, data: dict[str, Any], meeting_id: uuid.UUID, vote_id: uuid.UUID
) -> Any:
    """Note what follows a failed vote."""
    meeting = services.access_meeting(work, meeting_id)
    failed = services.access_vote(work, meeting, vote_id)
    services.resolve_failed_vote(work, meeting, failed, data["what_next"])
    return _to_item(meeting, failed.item_id, _("What follows is noted."))


@blueprint.view(
    "/<uuid:meeting_id>/votes/<uuid:vote_id>/remove", methods=["POST"], permission=permissions.HOLD
)
def remove_vote(work: Work, meeting_id: uuid.UUID, vote_id: uuid.UUID) -> Any:
    """Take back a vote that was typed in wrongly."""
    meeting = services.access_meeting(work, meeting_id)
    wrong = services.access_vote(work, meeting, vote_id)
    item_id = wrong.item_id
    services.remove_vote(work, meeting, wrong)
    return _to_item(meeting, item_id, _("The vote is taken back. Enter it again."))


def _to_item(meeting: Any, item_id: uuid.UUID | None, sentence: str) -> Any:
    """Go back to the item, or to the agenda where a vote belongs to none."""
    if item_id is None:
        return redirect_to("meetings.proceed", meeting_id=meeting.id, sentence=sentence)
    return redirect_to(
        "meetings.item", meeting_id=meeting.id, item_id=item_id, _anchor="votes", sentence=sentence
    )


@blueprint.view("/<uuid:meeting_id>/proceed/<uuid:item_id>/resolution", permission=permissions.HOLD)
def resolution(
    work: Work, meeting_id: uuid.UUID, item_id: uuid.UUID, form: Form | None = None
) -> Any:
    """Show the form of a resolution that the vote carried."""
    meeting = services.access_meeting(work, meeting_id)
    item = services.access_item(work, meeting, item_id)
    first = {"title": item.title, "text": item.draft_resolution or item.conclusion}
    return _resolution_page(work, meeting, item.id, form, first, POINTS)


@blueprint.view(
    "/<uuid:meeting_id>/proceed/<uuid:item_id>/resolution",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=ResolutionInput(),
    form="resolution",
)
def resolution_post(
    work: Work, data: dict[str, Any], meeting_id: uuid.UUID, item_id: uuid.UUID
) -> Any:
    """Make a resolution; a point with owner and day becomes a task at once."""
    meeting = services.access_meeting(work, meeting_id)
    item = services.access_item(work, meeting, item_id)
    made = services.make_resolution(work, meeting, item, resolution_of(data))
    return _to_item(meeting, item.id, _("The resolution “%(title)s” is made.", title=made.title))


@blueprint.view(
    "/<uuid:meeting_id>/resolutions/<uuid:resolution_id>/edit", permission=permissions.HOLD
)
def edit_resolution(
    work: Work, meeting_id: uuid.UUID, resolution_id: uuid.UUID, form: Form | None = None
) -> Any:
    """Show the form of a resolution made before."""
    meeting = services.access_meeting(work, meeting_id)
    known = services.access_resolution(work, resolution_id)
    return _resolution_page(work, meeting, known.item_id, form, known, 0)


@blueprint.view(
    "/<uuid:meeting_id>/resolutions/<uuid:resolution_id>/edit",
    methods=["POST"],
    permission=permissions.HOLD,
    accepts=ResolutionInput(),
    form="edit_resolution",
)
def change_resolution(
    work: Work, data: dict[str, Any], meeting_id: uuid.UUID, resolution_id: uuid.UUID
) -> Any:
    """Change the text of a resolution."""
    meeting = services.access_meeting(work, meeting_id)
    known = services.access_resolution(work, resolution_id, revision=data["revision"])
    services.change_resolution(work, meeting, known, resolution_of(data))
    return _to_item(meeting, known.item_id, _("The resolution is saved."))


@blueprint.view(
    "/<uuid:meeting_id>/resolutions/<uuid:resolution_id>/remove",
    methods=["POST"],
    permission=permissions.HOLD,
    form="edit_resolution",
)
def remove_resolution(work: Work, meeting_id: uuid.UUID, resolution_id: uuid.UUID) -> Any:
    """Take back a resolution that was typed in wrongly."""
    meeting = services.access_meeting(work, meeting_id)
    known = services.access_resolution(work, resolution_id)
    item_id = known.item_id
    services.remove_resolution(work, meeting, known)
    return _to_item(meeting, item_id, _("The resolution is taken back."))


def _resolution_page(
    work: Work, meeting: Any, item_id: uuid.UUID | None, form: Form | None, first: Any, blank: int
) -> Any:
    """Show the form of a resolution; points only where it is new."""
    known = first if not isinstance(first, dict) else None
    back = (
        address(work, "item", meeting_id=meeting.id, item_id=item_id)
        if item_id
        else address(work, "proceed", meeting_id=meeting.id)
    )
    key = known.id if known is not None else item_id
    return meeting_page(
        work,
        meeting,
        "resolution_form",
        title=_("Resolution"),
        step="hold",
        trail=[(_("Agenda items"), back)],
        known=known,
        back=back,
        points=typed_lines(form, "points", ("text", "owner_id", "due_on"), blank),
        people=people_choices(work, meeting.held_on),
        form=filled(form, ResolutionInput(), first, draft=f"meetings.resolution.{key}"),
    )


def resolution_of(data: dict[str, Any]) -> services.ResolutionFacts:
    """Return what was typed as the facts of a resolution."""
    return services.ResolutionFacts(
        title=data["title"],
        text=data["text"],
        grounds=data["grounds"],
        points=[services.PointFacts(**point) for point in data["points"]],
    )
