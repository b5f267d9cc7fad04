"""Issuing the papers of a meeting: a number from the register, the text kept for ever."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from core.checking import missing
from core.documents.paper import to_data
from core.documents.services import About, issue_document
from core.errors import RuleBroken
from core.i18n import _
from core.work import Work

from .. import permissions
from ..models import Meeting, Minutes, Resolution
from .guards import note
from .minutes_paper import minutes_paper
from .papers import resolution_paper


def issue_papers(work: Work, meeting: Meeting, minutes: Minutes) -> None:
    """Freeze the paper of minutes that are being locked, and issue the meeting's resolutions.

    The papers are numbered now and printed when somebody first asks for them.
    """
    paper = minutes_paper(work, meeting, minutes)
    document = issue_document(
        work, paper, about=About("meeting", meeting.id), day=meeting.held_on, lazily=True
    )
    minutes.document_id = document.id
    minutes.body = document.paper or to_data(paper)
    for resolution in work.session.scalars(
        sa.select(Resolution)
        .where(Resolution.meeting_id == meeting.id, Resolution.issued_on.is_(None))
        .order_by(Resolution.id)
    ):
        issue_resolution(work, meeting, resolution, lazily=True)


def issue_resolution(
    work: Work,
    meeting: Meeting,
    resolution: Resolution,
    *,
    on: date | None = None,
    number: int | None = None,
    lazily: bool = False,
) -> Resolution:
    """Issue a resolution: its number comes from the register, or from the paper it stands on."""
    if resolution.issued_on is not None:
        raise RuleBroken(_("This resolution was issued and stays as it is."))
    day = on or resolution.decided_on
    if day < resolution.decided_on or day > work.today:
        raise missing("on", _("A resolution is issued on the day it was decided, or later."))
    paper = resolution_paper(work, resolution)
    document = issue_document(
        work,
        paper,
        about=About("resolution", resolution.id),
        day=day,
        number=number,
        lazily=lazily,
    )
    resolution.document_id, resolution.number = document.id, document.number
    resolution.code = document.code
    resolution.issued_on = day
    after = {"title": resolution.title, "code": document.code}
    note(work, "resolution_issued", meeting, permissions.LOCK, after=after)
    return resolution
