"""One's own account: the password, the sessions of one's devices."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from core import ledger
from core.access.models import Account, LoginSession
from core.access.password_rules import check_new_password
from core.access.passwords import hash_password, verify_password
from core.access.services.signing_in import Refused, about, count_failure, locked
from core.access.settings import setting
from core.errors import Forbidden, InvalidInput, NotFound, SignInNeeded
from core.i18n import _
from core.work import Work


def own_account(work: Work, *, lock: bool = False) -> Account:
    """Return the account of whoever acts; a program and the operator have none of their own."""
    if work.actor.kind == "token":
        raise Forbidden(_("A program cannot do this. Sign in on a page."))
    statement = sa.select(Account).where(Account.id == work.actor.account_id)
    account = work.session.scalar(statement.with_for_update() if lock else statement)
    if account is None:
        raise SignInNeeded(_("Sign in first."))
    return account


def change_password(work: Work, *, old: str, password: str, again: str) -> Refused | None:
    """Set a new password; other sessions of the account end. A wrong old one counts as a try.

    Whoever has just signed in with a first password is not asked for it again.
    """
    account = own_account(work, lock=True)
    if account.locked_until and account.locked_until > work.now:
        return locked(work, account.locked_until)
    known = verify_password(account.password_hash, old)
    if not known and not account.must_change:
        return count_failure(work, account, Refused(_("The old password is not right.")))
    same = password if verify_password(account.password_hash, password) else None
    set_password(work, account, password=password, again=again, old=same)
    end_sessions(work, account.id, keep=work.actor.session_id)
    ledger.record(work, "access.password_changed", about(account))
    return None


def set_password(
    work: Work, account: Account, *, password: str, again: str, old: str | None = None
) -> None:
    """Check a new password and keep its hash; failures and a lock are forgotten."""
    if password != again:
        reason = _("The two passwords differ. Type the new one twice.")
        raise InvalidInput(reason, fields={"again": [reason]})
    check_new_password(
        password,
        least=setting(work, "password_least", account.home_unit_id),
        names=(account.name, account.username),
        old=old,
    )
    account.password_hash = hash_password(password)
    account.password_changed_at = work.now
    account.must_change = False
    account.failures, account.locked_until = 0, None


def list_sessions(work: Work, account_id: uuid.UUID | None) -> list[LoginSession]:
    """List the sessions of an account that still hold, the one used last first."""
    return list(
        work.session.scalars(
            sa.select(LoginSession)
            .where(
                LoginSession.account_id == account_id,
                LoginSession.ended_at.is_(None),
                LoginSession.expires_at > work.now,
            )
            .order_by(LoginSession.seen_at.desc(), LoginSession.id)
            .limit(100)
        )
    )


def end_session(work: Work, account: Account, session_id: uuid.UUID) -> LoginSession:
    """End one session of an account: by the person, or by the office."""
    login = work.session.scalar(
        sa.select(LoginSession).where(
            LoginSession.id == session_id,
            LoginSession.account_id == account.id,
            LoginSession.ended_at.is_(None),
        )
    )
    if login is None:
        raise NotFound(_("There is no such session; it has ended already."))
    login.ended_at = work.now
    ledger.record(work, "access.session_ended", about(account), before={"device": login.device})
    return login


def end_sessions(work: Work, account_id: uuid.UUID, *, keep: uuid.UUID | None = None) -> int:
    """End all sessions of an account but one; return how many."""
    statement = sa.update(LoginSession).where(
        LoginSession.account_id == account_id, LoginSession.ended_at.is_(None)
    )
    if keep is not None:
        statement = statement.where(LoginSession.id != keep)
    result = work.session.execute(statement.values(ended_at=work.now))
    return int(result.rowcount)  # type: ignore[attr-defined]  # DML returns a cursor's result


def end_other_sessions(work: Work) -> int:
    """Sign out everywhere but here; return on how many devices."""
    account = own_account(work)
    count = end_sessions(work, account.id, keep=work.actor.session_id)
    ledger.record(work, "access.sessions_ended", about(account), after={"sessions": count})
    return count
