"""Step 1, preparing: the proposed agenda with its reasons, what is missing, the committee."""

from __future__ import annotations

import uuid
from typing import Any

from core.forms import Form
from core.i18n import _, _n, format_month
from core.web import redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.prepare import AgreedInput, ItemInput, MoveInput, ProposalsInput
from .door import blueprint
from .frame import address, filled, meeting_page, people_choices


@blueprint.view("/<uuid:meeting_id>/prepare", permission=permissions.SEE)
def prepare(work: Work, meeting_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the agenda, what could be added, and what is missing."""
    meeting = services.access_meeting(work, meeting_id)
    items = services.list_items(work, meeting)
    can_change = work.may(permissions.PREPARE) and meeting.state not in ("closed", "not_held")
    proposals = services.propose_agenda(work, meeting) if can_change else []
    materials = services.month_materials(work, meeting.for_month)
    return meeting_page(
        work,
        meeting,
        "prepare",
        title=_("Prepare"),
        step="prepare",
        refused=form,
        items=items,
        total=sum(item.minutes for item in items),
        proposals=[(proposal_key(one), one) for one in proposals],
        missing=services.what_is_missing(work, meeting),
        materials=materials,
        month=format_month(meeting.for_month),
        can_change=can_change,
        is_planned=meeting.state in ("preparing", "asked", "agreed", "announced", "postponed"),
        agreed_form=filled(
            form,
            AgreedInput(),
            {"on": work.today},
            action=address(work, "agree", meeting_id=meeting.id),
        ),
    )


def proposal_key(proposal: services.Proposal) -> str:
    """Return what tells one proposal from the others between two requests."""
    return f"{proposal.origin}:{proposal.origin_id or ''}:{proposal.title}"[:400]


@blueprint.view(
    "/<uuid:meeting_id>/proposals",
    methods=["POST"],
    permission=permissions.PREPARE,
    accepts=ProposalsInput(),
    form="prepare",
)
def add_proposals(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Put the chosen proposals on the agenda."""
    meeting = services.access_meeting(work, meeting_id)
    wanted = set(data["proposal"])
    chosen = [one for one in services.propose_agenda(work, meeting) if proposal_key(one) in wanted]
    services.add_proposals(work, meeting, chosen)
    sentence = _n("%(n)s item was added.", "%(n)s items were added.", len(chosen))
    return redirect_to(
        "meetings.prepare",
        meeting_id=meeting.id,
        _anchor="agenda",
        sentence=sentence if chosen else _("Tick the items to be added first."),
        kind="done" if chosen else "info",
    )


@blueprint.view("/<uuid:meeting_id>/items/new", permission=permissions.PREPARE)
def new_item(work: Work, meeting_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form of a new item."""
    meeting = services.access_meeting(work, meeting_id)
    return _item_page(work, meeting, None, form)


@blueprint.view(
    "/<uuid:meeting_id>/items/new",
    methods=["POST"],
    permission=permissions.PREPARE,
    accepts=ItemInput(),
    form="new_item",
)
def add_item(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Add an item to the agenda."""
    meeting = services.access_meeting(work, meeting_id)
    item = services.add_item(work, meeting, services.ItemFacts(**data))
    return _back_to_item(meeting, item, _("The item is added."))


@blueprint.view("/<uuid:meeting_id>/items/<uuid:item_id>/edit", permission=permissions.PREPARE)
def edit_item(
    work: Work, meeting_id: uuid.UUID, item_id: uuid.UUID, form: Form | None = None
) -> Any:
    """Show the form of an item."""
    meeting = services.access_meeting(work, meeting_id)
    return _item_page(work, meeting, services.access_item(work, meeting, item_id), form)


@blueprint.view(
    "/<uuid:meeting_id>/items/<uuid:item_id>/edit",
    methods=["POST"],
    permission=permissions.PREPARE,
    accepts=ItemInput(),
    form="edit_item",
)
def change_item(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, item_id: uuid.UUID) -> Any:
    """Change an item of the agenda."""
    meeting = services.access_meeting(work, meeting_id)
    item = services.access_item(work, meeting, item_id)
    services.change_item(work, meeting, item, services.ItemFacts(**data))
    return _back_to_item(meeting, item, _("The item is saved."))


def _item_page(work: Work, meeting: Any, item: Any, form: Form | None) -> Any:
    """Show the form of one item, new or known."""
    title = _("Change the item") if item else _("Add an item")
    back = address(work, "prepare", meeting_id=meeting.id)
    key = item.id if item else "new"
    return meeting_page(
        work,
        meeting,
        "item_form",
        title=title,
        step="prepare",
        trail=[(_("Prepare"), back)],
        item=item,
        back=back,
        form=filled(
            form,
            ItemInput(),
            item,
            draft=f"meetings.item.{meeting.id}.{key}",
            choices={"presenter_id": people_choices(work)},
        ),
    )


def _back_to_item(meeting: Any, item: Any, sentence: str = "") -> Any:
    return redirect_to(
        "meetings.prepare", meeting_id=meeting.id, _anchor=f"item-{item.id}", sentence=sentence
    )


@blueprint.view(
    "/<uuid:meeting_id>/items/<uuid:item_id>/move",
    methods=["POST"],
    permission=permissions.PREPARE,
    accepts=MoveInput(),
    form="edit_item",
)
def move_item(work: Work, data: dict[str, Any], meeting_id: uuid.UUID, item_id: uuid.UUID) -> Any:
    """Move an item one place up or down."""
    meeting = services.access_meeting(work, meeting_id)
    item = services.access_item(work, meeting, item_id)
    services.move_item(work, meeting, item, up=data["way"] == "up")
    return _back_to_item(meeting, item)


@blueprint.view(
    "/<uuid:meeting_id>/items/<uuid:item_id>/remove",
    methods=["POST"],
    permission=permissions.PREPARE,
    form="edit_item",
)
def remove_item(work: Work, meeting_id: uuid.UUID, item_id: uuid.UUID) -> Any:
    """Take an item off the agenda."""
    meeting = services.access_meeting(work, meeting_id)
    item = services.access_item(work, meeting, item_id)
    title = item.title
    services.remove_item(work, meeting, item)
    return redirect_to(
        "meetings.prepare",
        meeting_id=meeting.id,
        _anchor="agenda",
        sentence=_("“%(title)s” is taken off the agenda.", title=title),
    )


@blueprint.view(
    "/<uuid:meeting_id>/ask", methods=["POST"], permission=permissions.PREPARE, form="prepare"
)
def ask(work: Work, meeting_id: uuid.UUID) -> Any:
    """Ask the branch committee for its view."""
    meeting = services.access_meeting(work, meeting_id)
    services.ask_committee(work, meeting)
    return redirect_to(
        "meetings.prepare",
        meeting_id=meeting.id,
        sentence=_("The content is with the branch committee for its view."),
    )


@blueprint.view(
    "/<uuid:meeting_id>/agree",
    methods=["POST"],
    permission=permissions.AGREE,
    accepts=AgreedInput(),
    form="prepare",
)
def agree(work: Work, data: dict[str, Any], meeting_id: uuid.UUID) -> Any:
    """Note that the branch committee agreed."""
    meeting = services.access_meeting(work, meeting_id)
    services.committee_agreed(work, meeting, data["on"])
    return redirect_to(
        "meetings.announce",
        meeting_id=meeting.id,
        sentence=_("The branch committee agreed. Now the meeting can be announced."),
    )


@blueprint.view(
    "/<uuid:meeting_id>/discard", methods=["POST"], permission=permissions.PREPARE, form="plan"
)
def discard(work: Work, meeting_id: uuid.UUID) -> Any:
    """Take back a meeting that was scheduled by mistake."""
    meeting = services.access_meeting(work, meeting_id)
    services.discard(work, meeting)
    return redirect_to("meetings.index", sentence=_("The meeting made by mistake is taken back."))
