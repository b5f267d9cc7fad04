"""Pages of notices: one's inbox and calendar, and what a unit sends to its people."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask import current_app, request, url_for
from sqlalchemy.orm import Session

from core.access.authentication import principal_of
from core.access.principal import Principal
from core.documents.services import print_bytes
from core.forms import Form
from core.i18n import _, _n, format_instant, use_locale
from core.notices import services
from core.notices.events import CalendarEvent
from core.notices.permissions import SEND
from core.notices.schemas import GROUPS, InboxQuery, MonthQuery, SendInput
from core.notices.services import calendar
from core.notices.services.reading import PAGE, Received
from core.periods import month_of
from core.web import PUBLIC, SIGNED_IN, PluginBlueprint, download, page, redirect_to
from core.work import Work

own = PluginBlueprint("core", is_core=True)
blueprint = PluginBlueprint("notices", is_core=True)


@own.view("/inbox", permission=SIGNED_IN, site=True, accepts=InboxQuery())
def inbox(work: Work, data: dict[str, Any]) -> Any:
    """Show one's notices, newest first."""
    found = services.list_own(work, after=data["cursor"])
    last = found[-1].notice.id if len(found) == PAGE else None
    return page(
        "notices/inbox.html",
        title=_("Inbox"),
        notices=[_line(work, one) for one in found],
        read_all=url_for("core.mark_all_read"),
        next=url_for("core.inbox", cursor=last) if last else "",
    )


def _line(work: Work, one: Received) -> dict[str, Any]:
    """Return a notice as a line of the inbox."""
    when = format_instant(one.notice.created_at, work.host.zone)
    return {
        "title": one.notice.subject,
        "text": one.unit_name,
        "when": f"{when} · {one.notice.sender}",
        "href": url_for("core.open_notice", notice_id=one.notice.id),
        "unread": one.read_at is None,
        "kind": "info",
    }


@own.view("/inbox/<uuid:notice_id>", permission=SIGNED_IN, site=True, writes=True)
def open_notice(work: Work, notice_id: uuid.UUID) -> Any:
    """Note that a notice was read, and go where it leads."""
    one = services.access_own(work, notice_id)
    services.mark_read(work, notice_id)
    if work.session.info.get("unread") and one.read_at is None:
        work.session.info["unread"] -= 1
    notice = one.notice
    places = work.host.places.by_ids(work.session, [notice.unit_id], work.today, work.generation)
    place = places.get(notice.unit_id)
    if notice.endpoint in current_app.view_functions and place is not None:
        named = {} if notice.endpoint.startswith("core.") else {"unit": place.code}
        return redirect_to(notice.endpoint, **{**named, **notice.link_values})
    return page(
        "notices/notice.html",
        title=notice.subject,
        one=one,
        trail=[(_("Inbox"), url_for("core.inbox")), (notice.subject, "")],
    )


@own.view("/inbox/read", methods=["POST"], permission=SIGNED_IN, site=True)
def mark_all_read(work: Work) -> Any:
    """Mark every notice as read."""
    count = services.mark_all_read(work)
    sentence = _n("%(n)s notice marked as read.", "%(n)s notices marked as read.", count)
    return redirect_to("core.inbox", sentence=sentence)


# --- calendar ------------------------------------------------------------------------------------


@own.view("/calendar", permission=SIGNED_IN, site=True, accepts=MonthQuery(), name="calendar")
def show_calendar(work: Work, data: dict[str, Any]) -> Any:
    """Show a month of one's calendar."""
    month = month_of(data["month"] or work.today)
    events = calendar.events_of_month(work, month)
    days: dict[Any, list[CalendarEvent]] = {}
    for event in events:
        days.setdefault(event.starts_at.astimezone(work.host.zone).date(), []).append(event)
    return page(
        "notices/calendar.html",
        title=_("Calendar"),
        month=month,
        days=days,
        zone=work.host.zone,
        before=month.previous(),
        after=month_of(month.end),
        has_feed=calendar.has_feed(work),
    )


@own.view("/calendar/address", methods=["POST"], permission=SIGNED_IN, site=True)
def make_feed(work: Work) -> Any:
    """Give one's calendar a secret address; it is shown this once."""
    secret = calendar.make_feed(work)
    return page(
        "notices/feed_made.html",
        title=_("Address of the calendar"),
        address=_root() + url_for("core.feed", secret=secret),
        trail=[(_("Calendar"), url_for("core.calendar")), (_("Address of the calendar"), "")],
    )


@own.view("/calendar/address/end", methods=["POST"], permission=SIGNED_IN, site=True)
def end_feed(work: Work) -> Any:
    """Take the address of one's calendar away."""
    calendar.end_feed(work)
    return redirect_to("core.calendar", sentence=_("The address no longer leads anywhere."))


@own.view("/calendar/<string:secret>.ics", permission=PUBLIC, site=True)
def feed(work: Work, secret: str) -> Any:
    """Hand a calendar to the telephone that knows its address."""
    system = current_app.extensions["hatnhan"]
    epochs = work.session.info["epochs"]

    def by_secret(session: Session, now: datetime) -> Principal:
        session.info["epochs"] = epochs
        account = calendar.account_of(session, secret)
        return principal_of(session, account, now, system.opener.rights, system.host.zone)

    with (
        system.opener.work(by_secret, writing=False) as theirs,
        use_locale(theirs.actor.locale or system.config.locale),
    ):
        body = calendar.feed_bytes(theirs, _address_of)
    return download(body, "calendar.ics", "text/calendar", inline=True)


def _root() -> str:
    """Return the address of this server as people reach it."""
    root = current_app.extensions["hatnhan"].config.public_url or request.url_root
    return str(root).rstrip("/")


def _address_of(event: CalendarEvent) -> str:
    """Return the whole address of the page an entry leads to."""
    if event.endpoint not in current_app.view_functions:
        return ""
    values = dict(event.values)
    if "unit" in values:
        values["unit_code"] = values.pop("unit")
    return _root() + url_for(event.endpoint, **values)


# --- a unit and its people -----------------------------------------------------------------------


@blueprint.view("/", permission=SEND, accepts=InboxQuery())
def index(work: Work, data: dict[str, Any]) -> Any:
    """Show what the unit told its people, newest first."""
    found = services.list_sent(work, after=data["cursor"])
    return page(
        "notices/sent.html",
        title=_("Notices"),
        sent=found,
        following=found[-1].notice.id if len(found) == PAGE else None,
    )


@blueprint.view("/new", permission=SEND)
def new(work: Work, *, form: Form | None = None) -> Any:
    """Show the form of a message."""
    shown = form or Form(SendInput())
    shown.choices["group"] = [
        (key, str(label))
        for key, label in GROUPS
        if key != "secretaries" or work.unit.kind != "branch"
    ]
    return page(
        "notices/new.html",
        title=_("Send a notice"),
        form=shown,
        trail=[(_("Notices"), f"/u/{work.unit.code}/notices/"), (_("Send a notice"), "")],
    )


@blueprint.view("/new", methods=["POST"], permission=SEND, accepts=SendInput(), form="new")
def send(work: Work, data: dict[str, Any]) -> Any:
    """Send a message to the unit's people."""
    sent = services.send_to_unit(work, **data)
    sentence = _n("Sent to %(n)s comrade.", "Sent to %(n)s comrades.", sent.count)
    return redirect_to("notices.show", notice_id=sent.notice.id, sentence=sentence)


@blueprint.view("/<uuid:notice_id>", permission=SEND)
def show(work: Work, notice_id: uuid.UUID) -> Any:
    """Show a notice, whom it reached, and what to do about the others."""
    one = services.access_sent(work, notice_id)
    return page(
        "notices/show.html",
        title=one.notice.subject,
        one=one,
        names=services.without_account(work, one.notice) if one.without_account else [],
        trail=[(_("Notices"), f"/u/{work.unit.code}/notices/"), (one.notice.subject, "")],
    )


@blueprint.view("/<uuid:notice_id>/slips.pdf", permission=SEND)
def slips(work: Work, notice_id: uuid.UUID) -> Any:
    """Hand over the slips for members without an account, to print and cut."""
    one = services.access_sent(work, notice_id)
    paper = services.slips_for(work, one.notice)
    body = print_bytes(work, paper, "pdf")
    return download(body, "phieu-thong-bao.pdf", "application/pdf", inline=True)
