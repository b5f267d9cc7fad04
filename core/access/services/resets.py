"""A new password without e-mail: a one-time code on paper, given by the branch or the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from core import ledger
from core.access.codes import bare_digits, reset_code
from core.access.models import Account, ResetCode
from core.access.passwords import hash_password, verify_password, waste_time
from core.access.permissions import RESET
from core.access.services.accounts import check_within_reach
from core.access.services.own_account import end_sessions, set_password
from core.access.services.signing_in import Refused, about, account_named, acting_as
from core.access.services.tries import count_wrong, locked_until
from core.access.settings import setting
from core.errors import InvalidInput, RuleBroken
from core.i18n import _, format_time
from core.work import Work

MOST_TRIES = 5
SENDER = "network address "


@dataclass(frozen=True, slots=True)
class Reset:
    """A one-time code, which is nowhere but here, and until when it holds."""

    account: Account
    code: str
    until: datetime


def issue_reset(work: Work, account: Account) -> Reset:
    """Make a one-time code for somebody who forgot the password; an older code ends."""
    check_within_reach(work, account, RESET)
    if account.ended_at is not None:
        raise RuleBroken(_("This account has ended. Open it again first."))
    _drop_open_codes(work, account)
    until = work.now + timedelta(hours=setting(work, "reset_hours", account.home_unit_id))
    code = reset_code()
    work.session.add(
        ResetCode(
            account_id=account.id,
            code_hash=hash_password(bare_digits(code)),
            made_by=work.actor.label,
            made_at=work.now,
            expires_at=until,
        )
    )
    after = {"until": until}
    ledger.record(work, "access.reset_issued", about(account), after=after, permission=RESET)
    return Reset(account, code, until)


def use_reset(
    work: Work, *, username: str, code: str, password: str, again: str, sender: str = ""
) -> Account | Refused:
    """Set a new password by a one-time code; a wrong code counts, after five it is useless.

    `sender` is the network address it came from: codes of many accounts cannot be guessed from one.
    """
    if password != again:
        reason = _("The two passwords differ. Type the new one twice.")
        raise InvalidInput(reason, fields={"again": [reason]})
    until = locked_until(work, SENDER + sender) if sender else None
    if until is not None:
        return _too_many(work, until)
    account = account_named(work, username)
    row = _open_code(work, account)
    if account is None or row is None:
        waste_time(code)
        return _wrong(work, sender)
    if not verify_password(row.code_hash, bare_digits(code)):
        row.failures += 1
        if row.failures >= MOST_TRIES:
            row.used_at = work.now
        after = {"failures": row.failures}
        ledger.record(work, "access.reset_refused", about(account), after=after)
        return _wrong(work, sender)
    row.used_at = work.now
    set_password(work, account, password=password, again=again)
    end_sessions(work, account.id)
    ledger.record(acting_as(work, account), "access.reset_used", about(account))
    return account


def _open_code(work: Work, account: Account | None) -> ResetCode | None:
    """Return the code of an account that still holds."""
    if account is None:
        return None
    return work.session.scalar(
        sa.select(ResetCode)
        .where(
            ResetCode.account_id == account.id,
            ResetCode.used_at.is_(None),
            ResetCode.expires_at > work.now,
        )
        .order_by(ResetCode.made_at.desc())
        .limit(1)
    )


def _drop_open_codes(work: Work, account: Account) -> None:
    work.session.execute(
        sa.update(ResetCode)
        .where(ResetCode.account_id == account.id, ResetCode.used_at.is_(None))
        .values(used_at=work.now)
    )


def _wrong(work: Work, sender: str) -> Refused:
    """Count a wrong try from a network address, and answer it."""
    span = timedelta(minutes=setting(work, "lock_minutes"))
    most = setting(work, "reset_tries")
    until = count_wrong(work, SENDER + sender, most, forgets=span) if sender else None
    if until is not None:
        return _too_many(work, until)
    return Refused(
        _(
            "User name or code is not right, or the code has run out. "
            "Look at the slip again, or ask for a new one."
        )
    )


def _too_many(work: Work, until: datetime) -> Refused:
    return Refused(
        _(
            "Too many wrong codes came from this network: no code is taken until %(time)s. "
            "If it is urgent, call the committee's office.",
            time=format_time(until.astimezone(work.host.zone).time()),
        )
    )
