"""Requests of members to have their record put right: the list and the answer."""

from __future__ import annotations

import uuid
from typing import Any

from core import ledger
from core.access.fields import seen
from core.forms import Form
from core.i18n import _
from core.members import labels, permissions, services
from core.members.schemas import AnswerInput
from core.web import PluginBlueprint, page, redirect_to
from core.work import Work

blueprint = PluginBlueprint("members", is_core=True)


@blueprint.view("/requests", permission=permissions.MANAGE)
def requests(work: Work, *, form: Form | None = None) -> Any:
    """List the requests that wait for an answer."""
    found = services.list_requests(work)
    ledger.saw(work, "member", [one.member.id for one in found], seen(work, work.unit))
    places = work.host.places.by_ids(
        work.session, {one.member.unit_id for one in found}, work.today, work.generation
    )
    return page(
        "members/requests.html",
        title=_("Requests for a correction"),
        requests=found,
        places=places,
        labels=labels,
        form=form,
    )


@blueprint.view(
    "/requests/<uuid:request_id>",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=AnswerInput(),
    form="answer_again",
)
def answer(work: Work, data: dict[str, Any], request_id: uuid.UUID) -> Any:
    """Put the record right as asked, or decline with a reason."""
    services.answer_request(work, services.access_request(work, request_id), **data)
    sentence = _("The record was put right.") if data["accept"] else _("Declined, with the reason.")
    return redirect_to("members.requests", sentence=sentence)


@blueprint.view("/requests/<uuid:request_id>", permission=permissions.MANAGE)
def answer_again(work: Work, request_id: uuid.UUID, *, form: Form | None = None) -> Any:
    """Show the requests again after a refusal."""
    services.access_request(work, request_id)
    return requests(work, form=form)
