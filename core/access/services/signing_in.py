"""Signing in and out: the tries that are counted, the lock, the session of a device.

What is refused here is *returned*, not raised: a refused try is an act that is kept, because it
counts, and an error would take the count back together with the transaction.
"""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from core import ledger
from core.access.authentication import digest
from core.access.codes import new_secret
from core.access.models import Account, LoginSession
from core.access.passwords import hash_password, needs_rehash, verify_password, waste_time
from core.access.principal import Principal
from core.access.services.shared_devices import keep_name, names_on
from core.access.services.tries import count_wrong, locked_until
from core.access.settings import setting
from core.db import new_key
from core.i18n import _, format_time
from core.names import normalise
from core.work import Work

KEPT = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why somebody was not let in, in one sentence; the try is counted."""

    sentence: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: its key and secret go into the device's cookie.

    `device_id` is set where the name was kept on the device.
    """

    account: Account
    login: LoginSession
    secret: str
    device_id: str = ""


def fold_username(typed: str) -> str:
    """Return a user name as it is stored, whatever an input method made of it.

    Small letters without marks and spaces: `Hoa.NguyễnThị ` becomes `hoa.nguyenthi`.
    """
    folded = unicodedata.normalize("NFKD", normalise(typed).casefold()).replace("đ", "d")
    return "".join(sign for sign in folded if not unicodedata.combining(sign) and sign != " ")


def about(account: Account) -> ledger.About:
    """Say to the ledger about which account an act was."""
    return ledger.About("account", account.id, account.username, account.home_unit_id)


def acting_as(work: Work, account: Account) -> Work:
    """Return the same act as done by the person of an account, who is only now known."""
    actor = Principal(
        kind="account",
        label=account.name,
        account_id=account.id,
        member_id=account.member_id,
        home_unit_id=account.home_unit_id,
    )
    return replace(work, actor=actor)


def wrong() -> Refused:
    """The one answer to a wrong name and to a wrong password."""
    return Refused(
        _("User name or password is not right. Look at capitals and the Vietnamese input method.")
    )


def locked(work: Work, until: datetime) -> Refused:
    """The answer while an account is locked, and while a name that nobody has is."""
    return Refused(
        _(
            "Wrong several times: the account is locked until %(time)s. "
            "If it is urgent, call the committee's office.",
            time=format_time(until.astimezone(work.host.zone).time()),
        )
    )


def account_named(work: Work, username: str) -> Account | None:
    """Return the living account of a typed user name, kept from others until the act ends.

    Several tries at once must wait for each other, or all of them would find the same count.
    """
    return work.session.scalar(
        sa.select(Account)
        .where(Account.username == fold_username(username)[:60], Account.ended_at.is_(None))
        .with_for_update()
    )


def sign_in(
    work: Work,
    *,
    username: str,
    password: str,
    device: str = "",
    shared: bool = False,
    device_id: str = "",
) -> SignedIn | Refused:
    """Let somebody in by user name and password; any other answer counts as a try.

    On a computer said to be shared no name is kept. On any other the name is kept; where it is
    not the only one, several people use the device, and the session ends when it lies idle.
    """
    account = account_named(work, username)
    if account is None:
        waste_time(password)
        return _count_unknown(work, fold_username(username))
    good = verify_password(account.password_hash, password)
    if account.locked_until and account.locked_until > work.now:
        return locked(work, account.locked_until)
    if not good:
        return count_failure(work, account)
    if needs_rehash(account.password_hash):
        _write(work, account.id, password_hash=hash_password(password))
    if shared:
        return begin_session(work, account, device=device, idles=True)
    kept = keep_name(work, device_id, account)
    idles = any(name.username != account.username for name in names_on(work, kept))
    return replace(begin_session(work, account, device=device, idles=idles), device_id=kept)


def begin_session(work: Work, account: Account, *, device: str, idles: bool) -> SignedIn:
    """Begin a session under a fresh key; the one this device had before ends."""
    home = account.home_unit_id
    length = (
        timedelta(hours=setting(work, "shared_hours", home))
        if idles
        else timedelta(days=setting(work, "session_days", home))
    )
    secret = new_secret()
    asks_totp = bool(account.totp_confirmed_at or setting(work, "totp_required", home))
    login = LoginSession(
        id=new_key(),
        account_id=account.id,
        secret_digest=digest(secret),
        device=device[:80],
        is_shared=idles,
        idle_minutes=setting(work, "idle_minutes", home) if idles else 0,
        asks_totp=asks_totp,
        began_at=work.now,
        seen_at=work.now,
        expires_at=work.now + length,
    )
    _end_here(work)
    work.session.execute(
        sa.delete(LoginSession).where(
            LoginSession.account_id == account.id, LoginSession.expires_at < work.now - KEPT
        )
    )
    work.session.add(login)
    _write(work, account.id, failures=0, locked_until=None, last_signed_in_at=work.now)
    after = {"device": login.device, "shared": idles}
    ledger.record(acting_as(work, account), "access.signed_in", about(account), after=after)
    return SignedIn(account, login, secret)


def sign_out(work: Work) -> None:
    """End the session of this device."""
    if work.actor.session_id is None:
        return
    _end_here(work)
    person = ledger.About("account", work.actor.account_id, work.actor.label)
    ledger.record(work, "access.signed_out", person)


def _end_here(work: Work) -> None:
    """End the session this device has now, if any."""
    if work.actor.session_id is not None:
        work.session.execute(
            sa.update(LoginSession)
            .where(LoginSession.id == work.actor.session_id, LoginSession.ended_at.is_(None))
            .values(ended_at=work.now)
        )


def count_failure(work: Work, account: Account, answer: Refused | None = None) -> Refused:
    """Count a wrong password or code; lock the account when there were too many in a row."""
    home = account.home_unit_id
    failures = account.failures + 1
    until = None
    if failures >= setting(work, "lock_after", home):
        until = work.now + timedelta(minutes=setting(work, "lock_minutes", home))
    _write(work, account.id, failures=0 if until else failures, locked_until=until)
    # Who tried is not known: the row is about the account, and names nobody as its author.
    action = "access.locked" if until else "access.sign_in_refused"
    ledger.record(work, action, about(account), after={"failures": failures, "until": until})
    return locked(work, until) if until else answer or wrong()


def _write(work: Work, account_id: uuid.UUID, **values: object) -> None:
    """Write what sign-in keeps of an account; its revision counts changes by people only."""
    work.session.execute(
        sa.update(Account)
        .where(Account.id == account_id)
        .values(**values)
        .execution_options(synchronize_session="evaluate")
    )


def _count_unknown(work: Work, name: str) -> Refused:
    """Count a try by a name that nobody has, and lock it as an account would be."""
    until = locked_until(work, name) or count_wrong(work, name, setting(work, "lock_after"))
    return locked(work, until) if until else wrong()
