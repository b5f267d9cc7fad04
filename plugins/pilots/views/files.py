"""Papers of pilot models to download: the report of a review, the decision to recognise."""

from __future__ import annotations

import uuid
from typing import Any

from core.documents.services import print_bytes
from core.i18n import _
from core.names import search_key
from core.web import download, redirect_to
from core.work import Work

from .. import permissions, services
from .door import blueprint

MIMES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
ENDING = "<any(docx,pdf):ending>"


def handed_over(work: Work, paper: Any, ending: str, unit: Any = None) -> Any:
    """Hand over a paper in the layout of the place; the file is named after its title."""
    name = "-".join(search_key(paper.full_title).split())[:80] or "paper"
    return download(print_bytes(work, paper, ending, unit), f"{name}.{ending}", MIMES[ending])


@blueprint.view(f"/reviews/<uuid:review_id>/report.{ENDING}", permission=permissions.SEE)
def review_file(work: Work, review_id: uuid.UUID, ending: str) -> Any:
    """Hand over the report of a review."""
    found = services.access_review(work, review_id)
    place = services.place_of(work, found.unit_id)
    return handed_over(work, services.review_paper(work, found), ending, place)


@blueprint.view(
    f"/registrations/<uuid:registration_id>/decision.{ENDING}", permission=permissions.RECOGNISE
)
def recognition_file(work: Work, registration_id: uuid.UUID, ending: str) -> Any:
    """Hand over the decision to recognise a unit."""
    found = services.access_registration(work, registration_id)
    return handed_over(work, services.recognition_paper(work, found), ending)


@blueprint.view(
    "/registrations/<uuid:registration_id>/issue",
    methods=["POST"],
    permission=permissions.RECOGNISE,
)
def issue_recognition(work: Work, registration_id: uuid.UUID) -> Any:
    """Issue the decision to recognise a unit: numbered and kept in the register."""
    found = services.access_registration(work, registration_id)
    document = services.issue_recognition(work, found)
    return redirect_to(
        "pilots.registration",
        registration_id=found.id,
        sentence=_("Issued as %(code)s.", code=document.code or found.recognition_no),
    )
