"""Notices for programs: one's own, one's calendar, and what a unit sends."""

from __future__ import annotations

import uuid
from datetime import datetime, time
from typing import Any

from core.notices import services
from core.notices.permissions import SEND
from core.notices.schemas import (
    EventOutput,
    MonthQuery,
    NoticeOutput,
    NoticesQuery,
    ReachedOutput,
    SendInput,
)
from core.notices.services import calendar
from core.periods import month_of
from core.web import SIGNED_IN, Answer, PluginBlueprint
from core.work import Work

blueprint = PluginBlueprint("notices", is_core=True)


@blueprint.api("/", permission=SIGNED_IN, accepts=NoticesQuery(), answers=NoticeOutput(), many=True)
def list_own(work: Work, data: dict[str, Any]) -> Any:
    """List one's notices, newest first."""
    limit = data["limit"]
    found = services.list_own(work, after=data["cursor"], unread=data["unread"], limit=limit)
    return found, str(found[-1].notice.id) if len(found) == limit else None


@blueprint.api("/<uuid:notice_id>/read", methods=["POST"], permission=SIGNED_IN)
def read(work: Work, notice_id: uuid.UUID) -> Any:
    """Mark one of one's notices as read."""
    services.access_own(work, notice_id)
    services.mark_read(work, notice_id)


@blueprint.api("/read", methods=["POST"], permission=SIGNED_IN)
def read_all(work: Work) -> Any:
    """Mark all of one's notices as read."""
    services.mark_all_read(work)


@blueprint.api(
    "/calendar", permission=SIGNED_IN, accepts=MonthQuery(), answers=EventOutput(), many=True
)
def list_events(work: Work, data: dict[str, Any]) -> Any:
    """List a month of one's calendar."""
    month = month_of(data["month"] or work.today)
    start = datetime.combine(month.start, time(), work.host.zone)
    end = datetime.combine(month.end, time(), work.host.zone)
    return calendar.events_between(work, start, end), None


@blueprint.api("/sent", permission=SEND, accepts=NoticesQuery(), answers=ReachedOutput(), many=True)
def list_sent(work: Work, data: dict[str, Any]) -> Any:
    """List what a unit told its people, newest first."""
    limit = data["limit"]
    found = services.list_sent(work, after=data["cursor"], limit=limit)
    return found, str(found[-1].notice.id) if len(found) == limit else None


@blueprint.api(
    "/sent", methods=["POST"], permission=SEND, accepts=SendInput(), answers=ReachedOutput()
)
def send(work: Work, data: dict[str, Any]) -> Any:
    """Send a message to a unit's people."""
    sent = services.send_to_unit(work, **data)
    return Answer(services.access_sent(work, sent.notice.id), status=201)
