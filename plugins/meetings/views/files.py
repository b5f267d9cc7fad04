"""Papers of meetings to download: Word and PDF."""

from __future__ import annotations

import uuid
from typing import Any

from core.documents.services import print_bytes
from core.names import search_key
from core.web import download
from core.work import Work

from .. import permissions, services
from .door import blueprint

MIMES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
ENDING = "<any(docx,pdf):ending>"


def handed_over(work: Work, paper: Any, ending: str, document_id: uuid.UUID | None = None) -> Any:
    """Hand over a paper in the layout of the place; the file is named after its title.

    One in the register that was printed before is handed over byte for byte.
    """
    name = "-".join(search_key(paper.full_title).split())[:80] or "paper"
    body = services.kept_bytes(work, document_id, ending) or print_bytes(work, paper, ending)
    return download(body, f"{name}.{ending}", MIMES[ending])


@blueprint.view(f"/<uuid:meeting_id>/notice.{ENDING}", permission=permissions.SEE)
def notice_file(work: Work, meeting_id: uuid.UUID, ending: str) -> Any:
    """Hand over the notice of a meeting."""
    meeting = services.access_meeting(work, meeting_id)
    return handed_over(work, services.notice_paper(work, meeting), ending)


@blueprint.view(f"/<uuid:meeting_id>/slips.{ENDING}", permission=permissions.ANNOUNCE)
def slips_file(work: Work, meeting_id: uuid.UUID, ending: str) -> Any:
    """Hand over slips to be cut out, one for each comrade: time and place only."""
    meeting = services.access_meeting(work, meeting_id)
    return handed_over(work, services.invitation_paper(work, meeting), ending)


@blueprint.view(f"/<uuid:meeting_id>/sheet.{ENDING}", permission=permissions.HOLD)
def sheet_file(work: Work, meeting_id: uuid.UUID, ending: str) -> Any:
    """Hand over the sheet on which those who come sign."""
    meeting = services.access_meeting(work, meeting_id)
    return handed_over(work, services.attendance_sheet_paper(work, meeting), ending)


@blueprint.view(f"/<uuid:meeting_id>/pack.{ENDING}", permission=permissions.HOLD)
def pack_file(work: Work, meeting_id: uuid.UUID, ending: str) -> Any:
    """Hand over the pack for a place without network."""
    meeting = services.access_meeting(work, meeting_id)
    return handed_over(work, services.paper_pack(work, meeting), ending)


@blueprint.view(f"/<uuid:meeting_id>/minutes.{ENDING}", permission=permissions.MINUTES_SEE)
def minutes_file(work: Work, meeting_id: uuid.UUID, ending: str) -> Any:
    """Hand over the minutes."""
    meeting = services.access_meeting(work, meeting_id)
    newest = services.current_minutes(work, meeting)
    issued = newest.document_id if newest is not None else None
    return handed_over(work, services.minutes_paper(work, meeting), ending, issued)


@blueprint.view(f"/resolutions/<uuid:resolution_id>.{ENDING}", permission=permissions.MINUTES_SEE)
def resolution_file(work: Work, resolution_id: uuid.UUID, ending: str) -> Any:
    """Hand over a resolution."""
    resolution = services.access_resolution(work, resolution_id)
    paper = services.resolution_paper(work, resolution)
    return handed_over(work, paper, ending, resolution.document_id)


@blueprint.view(f"/sheet.{ENDING}", permission=permissions.ENTER)
def blank_sheet_file(work: Work, ending: str) -> Any:
    """Hand over a blank sheet for a meeting that is not scheduled here."""
    return handed_over(work, services.attendance_sheet_paper(work), ending)
