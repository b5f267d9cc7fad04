"""The papers of meetings as plain data: minutes, resolutions, notices, sheets to sign, slips."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from core.documents.paper import Paper
from core.work import Work

from ..models import (
    Meeting,
    Resolution,
)

Key = uuid.UUID


def minutes_paper(work: Work, meeting: Meeting) -> Paper:
    """Return the minutes as they print: frozen once locked."""
    raise NotImplementedError


def resolution_paper(work: Work, resolution: Resolution) -> Paper:
    """Return a resolution as it prints."""
    raise NotImplementedError


def notice_paper(work: Work, meeting: Meeting) -> Paper:
    """Return the branch committee's notice of a meeting."""
    raise NotImplementedError


def attendance_sheet_paper(
    work: Work, meeting: Meeting | None = None, on: date | None = None
) -> Paper:
    """Return a sheet to be signed by those who come."""
    raise NotImplementedError


def invitation_paper(work: Work, meeting: Meeting, member_ids: Sequence[Key] = ()) -> Paper:
    """Return slips to cut out and hand over: time and place only."""
    raise NotImplementedError


def paper_pack(work: Work, meeting: Meeting) -> Paper:
    """Return the pack for a place without network: roll, agenda, room for conclusions and votes."""
    raise NotImplementedError
