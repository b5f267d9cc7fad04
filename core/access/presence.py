"""When a device was used last: written rarely, and only after the page has been sent."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime
from functools import partial

import sqlalchemy as sa
from flask import Response, after_this_request, current_app, has_request_context
from sqlalchemy.exc import SQLAlchemyError

from core.access.models import LoginSession
from core.db import Database
from core.work import Work

log = logging.getLogger("hatnhan")


def note_presence(work: Work) -> None:
    """Have it written later that this device is in use, where the last note is old."""
    session_id = work.session.info.pop("seen_again", None)
    if session_id is None or not has_request_context():
        return
    database: Database = current_app.extensions["hatnhan"].opener.database
    write = partial(write_presence, database, session_id, work.now)

    @after_this_request
    def later(response: Response) -> Response:
        # Closing comes after the last byte: the reader does not wait, not even for a long import.
        response.call_on_close(write)
        return response


def write_presence(database: Database, session_id: uuid.UUID, now: datetime) -> None:
    """Write when a session was used; if the database is busy, the next page tries again."""
    session = database.session(writing=True)
    try:
        session.execute(
            sa.update(LoginSession).where(LoginSession.id == session_id).values(seen_at=now)
        )
        session.commit()
    except SQLAlchemyError:
        session.rollback()
        log.info("presence was not written", exc_info=True)
    finally:
        session.close()
