"""Parts that several pages of accounts and rights share: tabs, slips, spans of days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from core.access.models import Account
from core.access.permissions import DELEGATE, SEE, SEE_GRANTS, TOKENS
from core.errors import InvalidInput
from core.i18n import _
from core.periods import OPEN
from core.web import PageAnswer, page
from core.work import Work

SLIPS_HOLD = 3600
Slips = Sequence[Mapping[str, str]]


def tabs(work: Work, current: str) -> list[tuple[str, str, bool]]:
    """Return the pages of accounts and rights this person may open: title, endpoint, current."""
    offered = (
        (_("Accounts"), "access.accounts", SEE),
        (_("Rights"), "access.rights", SEE_GRANTS),
        (_("Why allowed, why not?"), "access.why", SEE_GRANTS),
        (_("Delegate"), "access.delegation", DELEGATE),
        (_("Tokens of programs"), "access.tokens", TOKENS),
    )
    return [(text, name, name == current) for text, name, needed in offered if work.may(needed)]


def states_of(account: Account, now: datetime) -> list[tuple[str, str]]:
    """Return in which state an account is, as chips: a kind of colour and words."""
    if account.ended_at is not None:
        return [("none", _("Ended"))]
    found = []
    if account.locked_until is not None and account.locked_until > now:
        found.append(("late", _("Locked for now")))
    if account.last_signed_in_at is None:
        found.append(("warn", _("Not signed in yet")))
    elif account.must_change:
        found.append(("warn", _("Password to be changed")))
    return found or [("good", _("In use"))]


def after_last_day(until: date | None) -> date:
    """Return the first day on which a span typed with its last day holds no more."""
    return OPEN if until is None or until >= OPEN else until + timedelta(days=1)


def _sealer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="slips")


def show_slips(work: Work, slips: Slips, *, title: str, leave: str) -> PageAnswer:
    """Show slips this once; they travel in the page, signed, so that it can have them printed.

    Nothing is stored: whoever leaves this page without printing makes new ones.
    """
    sealed = _sealer().dumps({"by": str(work.actor.account_id), "slips": [dict(s) for s in slips]})
    return page(
        "access/slips.html",
        title=title,
        slips=slips,
        sealed=str(sealed),
        leave=leave,
    )


def opened_slips(work: Work, sealed: str) -> Slips:
    """Return the slips of a page of this person, within the hour."""
    try:
        kept: Any = _sealer().loads(sealed, max_age=SLIPS_HOLD)
    except BadSignature:
        kept = {}
    if kept.get("by") != str(work.actor.account_id):
        raise InvalidInput(_("These slips cannot be printed any more. Make new ones."))
    slips: Slips = kept["slips"]
    return slips
