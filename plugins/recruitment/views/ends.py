"""Moves to another branch, ends and new beginnings, and the papers that print."""

from __future__ import annotations

import uuid
from typing import Any

from core.documents.services import print_bytes
from core.forms import Form
from core.i18n import _
from core.names import search_key
from core.units.choosing import find_unit, offer, unit_choices
from core.web import download, redirect_to
from core.work import Work

from .. import permissions, services
from ..schemas.forms import CloseInput, MoveInput
from .door import address, blueprint, dossier_at, filled, form_page, way_to
from .show import newly_sentence

MIMES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
ENDING = "<any(docx,pdf):ending>"


@blueprint.view("/<uuid:candidate_id>/move", permission=permissions.MOVE)
def move(work: Work, candidate_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form that moves a candidate to another branch."""
    dossier, schema = dossier_at(work, candidate_id), MoveInput()
    branches = unit_choices(work, permissions.MOVE, holding=True)
    return form_page(
        work,
        title=_("Move to another branch"),
        form=offer(filled(form, schema, {"on": work.today}), schema, {"unit_code": branches}),
        submit=_("Move the dossier"),
        back=address(work, "show", candidate_id=candidate_id),
        trail=way_to(work, dossier),
        intro=_("Papers, votes and clocks go along; what the branch there asks for is listed."),
    )


@blueprint.view(
    "/<uuid:candidate_id>/move",
    methods=["POST"],
    permission=permissions.MOVE,
    accepts=MoveInput(),
    form="move",
)
def move_post(work: Work, data: dict[str, Any], candidate_id: uuid.UUID) -> Any:
    """Move a candidate."""
    to = find_unit(work, data.pop("unit_code"))
    newly = services.move_candidate(work, dossier_at(work, candidate_id), to, **data)
    return redirect_to(
        "recruitment.show",
        unit=to.code,
        candidate_id=candidate_id,
        sentence=newly_sentence(newly),
    )


@blueprint.view("/<uuid:candidate_id>/close", permission=permissions.MANAGE)
def close(work: Work, candidate_id: uuid.UUID, form: Form | None = None) -> Any:
    """Show the form that ends a way."""
    dossier = dossier_at(work, candidate_id)
    return form_page(
        work,
        title=_("End this dossier"),
        form=filled(form, CloseInput(), {"on": work.today}),
        submit=_("End the dossier"),
        back=address(work, "show", candidate_id=candidate_id),
        trail=way_to(work, dossier),
        intro=_("After the time of keeping the name is erased; the counts stay."),
    )


@blueprint.view(
    "/<uuid:candidate_id>/close",
    methods=["POST"],
    permission=permissions.MANAGE,
    accepts=CloseInput(),
    form="close",
)
def close_post(work: Work, data: dict[str, Any], candidate_id: uuid.UUID) -> Any:
    """End a way."""
    services.close(work, dossier_at(work, candidate_id), **data)
    return redirect_to(
        "recruitment.show", candidate_id=candidate_id, sentence=_("The dossier is closed.")
    )


@blueprint.view(
    "/<uuid:candidate_id>/reopen", methods=["POST"], permission=permissions.MANAGE, form="show"
)
def reopen(work: Work, candidate_id: uuid.UUID) -> Any:
    """Take up a way that was ended."""
    services.reopen(work, dossier_at(work, candidate_id))
    return redirect_to(
        "recruitment.show", candidate_id=candidate_id, sentence=_("The dossier is open again.")
    )


@blueprint.view(
    "/<uuid:candidate_id>/vote/<uuid:vote_id>/issue",
    methods=["POST"],
    permission=permissions.MANAGE,
    form="show",
)
def issue(work: Work, candidate_id: uuid.UUID, vote_id: uuid.UUID) -> Any:
    """Issue the resolution on a vote."""
    vote = services.issue_resolution(work, dossier_at(work, candidate_id), vote_id)
    return redirect_to(
        "recruitment.show",
        candidate_id=candidate_id,
        sentence=_("Issued: %(code)s.", code=vote.number),
    )


def handed_over(work: Work, paper: Any, ending: str, place: Any = None) -> Any:
    """Hand over a paper in the layout of the place; the file is named after its title."""
    name = "-".join(search_key(paper.full_title).split())[:80] or "paper"
    return download(print_bytes(work, paper, ending, place), f"{name}.{ending}", MIMES[ending])


@blueprint.view(f"/<uuid:candidate_id>/vote/<uuid:vote_id>.{ENDING}", permission=permissions.SEE)
def resolution_file(work: Work, candidate_id: uuid.UUID, vote_id: uuid.UUID, ending: str) -> Any:
    """Hand over the resolution on a vote."""
    dossier = dossier_at(work, candidate_id)
    vote = services.vote_of(dossier, vote_id)
    paper = services.resolution_paper(work, dossier, vote)
    return handed_over(work, paper, ending, services.place_of(work, vote.unit_id))


@blueprint.view(f"/request.{ENDING}", permission=permissions.MANAGE)
def request_file(work: Work, ending: str) -> Any:
    """Hand over the branch's request to consider the dossiers that wait for the committee."""
    return handed_over(work, services.request_paper(work, services.waiting_dossiers(work)), ending)
