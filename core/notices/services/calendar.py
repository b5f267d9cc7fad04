"""A person's calendar: a month on a page, and an address a telephone subscribes to."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.models import Account
from core.errors import NotFound, RuleBroken
from core.home.services import my_place
from core.i18n import _
from core.notices.events import CalendarEvent
from core.notices.models import CalendarFeed
from core.periods import Period
from core.settings import value
from core.work import Work

BEFORE, AFTER = timedelta(days=60), timedelta(days=180)  # what a telephone is given
NOT_FOUND = "There is no such page, or this account may not see it."


def events_of_month(work: Work, month: Period) -> list[CalendarEvent]:
    """Return what stands in this person's calendar in a month, in order of time."""
    zone = work.host.zone
    start = datetime.combine(month.start, time(), zone)
    return events_between(work, start, datetime.combine(month.end, time(), zone))


def events_between(work: Work, start: datetime, end: datetime) -> list[CalendarEvent]:
    """Return what stands in this person's calendar in a half-open span of instants."""
    found: Sequence[CalendarEvent] = work.at(my_place(work)).hooks.calendar_events(
        start=start, end=end
    )
    return sorted(found, key=lambda event: (event.starts_at, event.uid))


def has_feed(work: Work) -> bool:
    """Whether this person's calendar has an address."""
    return (
        work.session.scalar(
            sa.select(CalendarFeed.id).where(CalendarFeed.account_id == work.actor.account_id)
        )
        is not None
    )


def make_feed(work: Work) -> str:
    """Give this person's calendar a new secret address; the old one is gone. It is shown once."""
    if work.actor.account_id is None or work.actor.kind != "account":
        raise RuleBroken(_("Only a signed-in person has a calendar."))
    end_feed(work)
    secret = secrets.token_urlsafe(32)
    work.session.add(
        CalendarFeed(
            account_id=work.actor.account_id, secret_digest=_digest(secret), made_at=work.now
        )
    )
    work.session.flush()
    return secret


def end_feed(work: Work) -> None:
    """Take this person's address away."""
    work.session.execute(
        sa.delete(CalendarFeed).where(CalendarFeed.account_id == work.actor.account_id)
    )


def account_of(session: Session, secret: str) -> Account:
    """Return whose calendar a secret address is; an unknown one is not found."""
    account = session.scalar(
        sa.select(Account)
        .join(CalendarFeed, CalendarFeed.account_id == Account.id)
        .where(CalendarFeed.secret_digest == _digest(secret), Account.ended_at.is_(None))
    )
    if account is None:
        raise NotFound(_(NOT_FOUND))
    return account


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def feed_bytes(work: Work, address_of: Callable[[CalendarEvent], str]) -> bytes:
    """Write this person's calendar as iCalendar; `address_of` gives the page of an entry.

    Where the place asks for discretion an entry says only when something is.
    """
    from core.notices.services import ical  # noqa: PLC0415 - brings a library only feeds need

    return ical.written(
        work,
        events_between(work, work.now - BEFORE, work.now + AFTER),
        address_of,
        is_discreet=bool(value(work, "core.notices.discreet", my_place(work))),
    )
