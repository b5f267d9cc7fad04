"""The second factor of one's own account: set up, asked after the password, taken away."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from core import ledger
from core.access.authentication import digest
from core.access.codes import bare_code, recovery_codes
from core.access.models import Account, LoginSession, RecoveryCode, Role
from core.access.services.own_account import own_account
from core.access.services.signing_in import Refused, about, count_failure, locked
from core.access.settings import setting
from core.access.totp import grouped, matching_step, new_sealed_secret, opened, picture
from core.errors import RuleBroken
from core.i18n import _
from core.work import Work


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a telephone needs to show codes: a picture to scan, or the secret to type."""

    picture: str
    secret: str


def asks_second_factor(work: Work, account: Account) -> bool:
    """Whether roles or the place of an account ask for a second factor."""
    roles = work.actor.needs_totp or _role_asks(work)
    return roles or bool(setting(work, "totp_required", account.home_unit_id))


def _role_asks(work: Work) -> bool:
    keys = {right.role for right in work.actor.rights}
    return bool(
        work.session.scalar(
            sa.select(sa.func.count())
            .select_from(Role)
            .where(Role.key.in_(keys), Role.needs_totp.is_(True))
        )
    )


def begin_enrolment(work: Work) -> None:
    """Make a secret that waits for its first code."""
    account = own_account(work)
    if account.totp_confirmed_at is not None:
        raise RuleBroken(_("The second factor is set up already. Take it away first."))
    account.totp_secret = new_sealed_secret(work.host.ledger_key)
    account.totp_last_step = None
    ledger.record(work, "access.second_factor_begun", about(account))


def enrolment(work: Work, account: Account) -> Enrolment | None:
    """Return what is to be scanned, while a secret waits for its first code."""
    if account.totp_secret is None or account.totp_confirmed_at is not None:
        return None
    secret = opened(work.host.ledger_key, account.totp_secret)
    if secret is None:
        return None
    return Enrolment(picture(secret, account.username), grouped(secret))


def confirm_enrolment(work: Work, code: str) -> list[str] | Refused:
    """Take the first code; return the recovery codes, which are shown this once."""
    account = own_account(work, lock=True)
    if account.totp_confirmed_at is not None or account.totp_secret is None:
        raise RuleBroken(_("Begin again: there is no picture waiting for its first code."))
    if account.locked_until and account.locked_until > work.now:
        return locked(work, account.locked_until)
    if not _fits(work, account, code):
        return count_failure(work, account, _wrong_code())
    account.totp_confirmed_at = work.now
    _confirm_session(work)
    codes = _new_recovery_codes(work, account)
    ledger.record(work, "access.second_factor_set_up", about(account))
    return codes


def give_code(work: Work, code: str) -> bool | Refused:
    """Take the second factor after the password: a code of the telephone, or a recovery code.

    True when it was a recovery code, so that the person can be told to make new ones.
    """
    account = own_account(work, lock=True)
    if account.locked_until and account.locked_until > work.now:
        return locked(work, account.locked_until)
    if account.totp_confirmed_at is not None and _fits(work, account, code):
        used_paper = False
    elif account.totp_confirmed_at is not None and _use_recovery_code(work, account, code):
        used_paper = True
    else:
        return count_failure(work, account, _wrong_code())
    account.failures, account.locked_until = 0, None
    _confirm_session(work)
    after = {"recovery_code": used_paper}
    ledger.record(work, "access.second_factor_given", about(account), after=after)
    return used_paper


def renew_recovery_codes(work: Work) -> list[str]:
    """Make new recovery codes; the old ones end."""
    account = own_account(work)
    if account.totp_confirmed_at is None:
        raise RuleBroken(_("Set up the second factor first."))
    codes = _new_recovery_codes(work, account)
    ledger.record(work, "access.recovery_codes_made", about(account))
    return codes


def codes_left(work: Work, account: Account) -> int:
    """Count the recovery codes that were not used."""
    statement = (
        sa.select(sa.func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    )
    return int(work.session.scalar(statement) or 0)


def take_away(work: Work, account: Account) -> None:
    """Take the second factor away; where it is asked, it is set up anew at the next sign-in."""
    if account.totp_secret is None:
        raise RuleBroken(_("There is no second factor on this account."))
    account.totp_secret = account.totp_confirmed_at = account.totp_last_step = None
    work.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    ledger.record(work, "access.second_factor_taken_away", about(account))


def take_own_away(work: Work) -> None:
    """Take one's own second factor away, unless a role or the place asks for it."""
    account = own_account(work)
    if asks_second_factor(work, account):
        raise RuleBroken(_("This account's rights ask for a second factor; it stays."))
    take_away(work, account)


def _fits(work: Work, account: Account, code: str) -> bool:
    """Whether a code is right and was not used before; the step is kept against replay."""
    if account.totp_secret is None:
        return False
    secret = opened(work.host.ledger_key, account.totp_secret)
    if secret is None:
        return False
    step = matching_step(secret, code, work.now, account.totp_last_step)
    if step is None:
        return False
    account.totp_last_step = step
    return True


def _confirm_session(work: Work) -> None:
    """Remember for the rest of this session that the second factor was given."""
    work.session.execute(
        sa.update(LoginSession)
        .where(LoginSession.id == work.actor.session_id)
        .values(confirmed_at=work.now)
    )


def _new_recovery_codes(work: Work, account: Account) -> list[str]:
    work.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = recovery_codes()
    work.session.add_all(
        RecoveryCode(account_id=account.id, code_hash=digest(bare_code(code)).hex())
        for code in codes
    )
    return codes


def _use_recovery_code(work: Work, account: Account, code: str) -> bool:
    """Use up a recovery code; one that was used does not fit again."""
    row = work.session.scalar(
        sa.select(RecoveryCode).where(
            RecoveryCode.account_id == account.id,
            RecoveryCode.code_hash == digest(bare_code(code)).hex(),
            RecoveryCode.used_at.is_(None),
        )
    )
    if row is None:
        return False
    row.used_at = work.now
    return True


def _wrong_code() -> Refused:
    return Refused(_("The code is not right, or was used already. Wait for the next one."))
