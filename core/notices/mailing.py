"""E-mail, where it is configured: sent by a job, never while somebody waits for a page."""

from __future__ import annotations

import logging
import smtplib
import ssl
import uuid
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa

from core.access.models import Account
from core.access.principal import job as job_actor
from core.i18n import _, use_locale
from core.jobs import JobKind
from core.notices.models import Notice, NoticeCopy
from core.settings import value
from core.work import Work

if TYPE_CHECKING:
    from core.config import Config
    from core.system import System

log = logging.getLogger("hatnhan.mail")
PATIENCE = 20  # seconds for one answer of the mail server
PORTS = {"smtp": 25, "smtps": 465}


class Letter:
    """What is needed to write to one person, read before anything is sent."""

    def __init__(self, person_id: uuid.UUID, address: str, locale: str) -> None:
        """Keep to whom."""
        self.person_id = person_id
        self.address = address
        self.locale = locale


def mail_notice(system: System, payload: Mapping[str, Any]) -> int:
    """Send a notice by e-mail to those who have an address; return to how many.

    Each person is noted as told at once after their letter has gone, so that a job that is tried
    again does not write to them twice. No transaction is open while the mail server works.
    """
    if not system.config.smtp_url:
        return 0
    notice_id = uuid.UUID(payload["notice"])
    with system.opener.as_system(job_actor("notices.mail"), writing=False) as work:
        notice = work.session.scalar(sa.select(Notice).where(Notice.id == notice_id))
        if notice is None:
            return 0
        letters = _letters(work, notice, system.config.locale)
        is_discreet = _is_discreet(work, notice)
    if not letters:
        return 0
    with connect(system.config.smtp_url) as server:
        for letter in letters:
            message = write(system, notice, letter, is_discreet=is_discreet)
            try:
                server.send_message(message)
            except smtplib.SMTPRecipientsRefused:
                # The address is wrong; trying again helps nobody, and the inbox has the notice.
                log.warning("the mail server refused an address of notice %s", notice_id)
            _note(system, notice_id, letter.person_id)
    return len(letters)


def _letters(work: Work, notice: Notice, locale: str) -> list[Letter]:
    """Return whom to write to and was not written to yet."""
    rows = work.session.execute(
        sa.select(NoticeCopy.person_id, Account.email, Account.preferences)
        .select_from(NoticeCopy)
        .join(
            Account,
            sa.or_(Account.member_id == NoticeCopy.person_id, Account.id == NoticeCopy.person_id),
        )
        .where(
            NoticeCopy.notice_id == notice.id,
            NoticeCopy.mailed_at.is_(None),
            NoticeCopy.read_at.is_(None),
            Account.email.is_not(None),
            Account.email != "",
            Account.ended_at.is_(None),
        )
        .order_by(NoticeCopy.person_id)
    )
    return [
        Letter(person_id, email or "", str((preferences or {}).get("locale") or locale))
        for person_id, email, preferences in rows
    ]


def _is_discreet(work: Work, notice: Notice) -> bool:
    places = work.host.places.by_ids(work.session, [notice.unit_id], work.today, work.generation)
    return bool(value(work, "core.notices.discreet", places.get(notice.unit_id)))


def write(system: System, notice: Notice, letter: Letter, *, is_discreet: bool) -> EmailMessage:
    """Write a letter; a discreet one says only that there is something."""
    config = system.config
    message = EmailMessage()
    with use_locale(letter.locale):
        subject = _("You have a new notice") if is_discreet else notice.subject
        parts = [] if is_discreet else [notice.subject, notice.body]
        if config.public_url:
            address = f"{config.public_url}/inbox/{notice.id}"
            parts.append(_("Read it here: %(address)s", address=address))
        else:
            parts.append(_("Sign in to read it."))
        parts.append(_("This letter was written by a program; do not answer it."))
    message["Subject"] = " ".join(subject.split())
    message["From"] = config.mail_from
    message["To"] = letter.address
    message["Date"] = format_datetime(system.opener.clock())
    message["Message-ID"] = make_msgid(str(notice.id), "hatnhan.invalid")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join(part for part in parts if part))
    return message


def _note(system: System, notice_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Note that somebody was written to."""
    with system.opener.as_system(job_actor("notices.mail"), writing=True) as work:
        work.session.execute(
            sa.update(NoticeCopy)
            .where(NoticeCopy.notice_id == notice_id, NoticeCopy.person_id == person_id)
            .values(mailed_at=work.now)
            .execution_options(synchronize_session=False)
        )


def connect(url: str) -> smtplib.SMTP:
    """Connect to the mail server: smtp:// (encrypted where it is offered) or smtps://."""
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or PORTS.get(parts.scheme, 25)
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, timeout=PATIENCE, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, port, timeout=PATIENCE)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def can_mail(config: Config) -> bool:
    """Whether e-mail is configured."""
    return bool(config.smtp_url and config.mail_from)


jobs = [JobKind("notices.mail", mail_notice, limit=600, alone=True)]
