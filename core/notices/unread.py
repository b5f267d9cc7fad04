"""The number on the bell: one look at a partial index for each page of a signed-in person."""

from __future__ import annotations

from flask import has_request_context, request

from core.notices.services.reading import count_unread
from core.work import Work


def note_unread(work: Work) -> None:
    """Count a person's unread notices for the frame of the page; programs and jobs have none."""
    if work.actor.kind != "account" or not has_request_context():
        return
    if not request.path.startswith("/api/"):
        work.session.info["unread"] = count_unread(work)
