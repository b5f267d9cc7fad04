"""Accounts as an office sees them: listed at a unit, made, ended, opened again, unlocked."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from core import ledger
from core.access.models import Account, Grant, LoginSession, ResetCode, SharedDevice
from core.access.passwords import first_password, hash_password
from core.access.permissions import MANAGE, SEE
from core.access.principal import Right
from core.access.rights import all_rights, load_roles
from core.access.services.own_account import end_sessions
from core.access.services.signing_in import about, fold_username
from core.db import new_key
from core.errors import Forbidden, InvalidInput, NotFound, RuleBroken
from core.i18n import _
from core.members.models import Member
from core.names import normalise, search_key
from core.paging import beyond
from core.scope import reached, require
from core.units.models import UnitScope
from core.units.places import Place, visible
from core.work import Work

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")
STATES = ("locked", "never", "must_change", "ended")


@dataclass(frozen=True, slots=True)
class Made:
    """A new account with its first password, which is nowhere but here."""

    account: Account
    password: str


def at_unit(work: Work, permission: str) -> list[sa.ColumnElement[bool]]:
    """Conditions: the account belongs to the work's unit or below, within the actor's reach."""
    below = (
        sa.exists()
        .where(
            UnitScope.unit_id == Account.home_unit_id,
            UnitScope.ancestor_id == work.unit.id,
            visible(UnitScope, work.generation),
        )
        .correlate_except(UnitScope)
    )
    reach = reached(work, permission, Account.home_unit_id)
    at_root = work.unit.id == work.session.info.get("root_id")
    if at_root and reach is None:
        return []
    return [below] if reach is None else [below, reach]


def list_accounts(
    work: Work,
    *,
    query: str = "",
    state: str = "",
    after: tuple[bytes, uuid.UUID] | None = None,
    limit: int = 50,
) -> list[Account]:
    """List the accounts at a unit and below in Vietnamese order, one page after `after`."""
    statement = (
        sa.select(Account)
        .where(*at_unit(work, SEE), *_in_state(work, state))
        .order_by(Account.sort_key, Account.id)
        .limit(limit)
    )
    words = search_key(query)
    if words:
        # A user name has dots, which the words of a name have not.
        typed = fold_username(query)
        statement = statement.where(
            sa.or_(
                Account.search.contains(words, autoescape=True),
                Account.username.contains(typed, autoescape=True),
            )
        )
    if after is not None:
        statement = statement.where(beyond((Account.sort_key, Account.id), after))
    found = list(work.session.scalars(statement))
    ledger.saw(work, "account", [account.id for account in found])
    return found


def _in_state(work: Work, state: str) -> list[sa.ColumnElement[bool]]:
    """Return the conditions of a state; without one all that are not ended."""
    living: sa.ColumnElement[bool] = Account.ended_at.is_(None)
    conditions: dict[str, list[sa.ColumnElement[bool]]] = {
        "locked": [living, Account.locked_until > work.now],
        "never": [living, Account.last_signed_in_at.is_(None)],
        "must_change": [living, Account.must_change.is_(True)],
        "ended": [Account.ended_at.is_not(None)],
    }
    return conditions.get(state, [living])


def access_account(work: Work, account_id: uuid.UUID, permission: str = SEE) -> Account:
    """Return an account of the work's unit that the actor's right reaches, or NotFound."""
    account = work.session.scalar(
        sa.select(Account).where(Account.id == account_id, *at_unit(work, permission))
    )
    if account is None:
        raise NotFound(_("There is no such account here, or this account may not see it."))
    ledger.saw(work, "account", [account.id])
    return account


def find_account(work: Work, username: str) -> Account:
    """Return a living account by its user name, wherever it belongs: to give it a right here."""
    account = work.session.scalar(
        sa.select(Account).where(
            Account.username == username.strip().casefold()[:60], Account.ended_at.is_(None)
        )
    )
    if account is None:
        reason = _("There is no account with this user name.")
        raise InvalidInput(reason, fields={"username": [reason]})
    return account


def rights_of(work: Work, account: Account) -> list[Right]:
    """Return everything an account holds today."""
    roles = load_roles(work.session, work.host)
    return all_rights(work.session, roles, account.id, account.member_id, work.today)


def check_within_reach(work: Work, account: Account, permission: str) -> None:
    """Refuse an act on the account of somebody whose rights go beyond the actor's reach.

    A branch secretary may not take over the account of a commune's officer who is a member of the
    branch: the permission must reach every place at which the other holds a right.
    """
    if work.actor.is_system:
        return
    if account.id == work.actor.account_id:
        raise RuleBroken(_("For one's own account use the page “Password and devices”."))
    rights = rights_of(work, account)
    places = work.host.places.by_ids(
        work.session, {right.unit_id for right in rights}, work.today, work.generation
    )
    for right in rights:
        place = places.get(right.unit_id)
        if place is not None and not holds(work, permission, place, whole=right.with_subtree):
            raise Forbidden(
                _(
                    "%(name)s holds rights at %(unit)s; only from there can this be done.",
                    name=account.name,
                    unit=place.name,
                )
            )


def holds(work: Work, permission: str, place: Place, *, whole: bool) -> bool:
    """Whether the actor holds a permission at a place, and on its whole subtree when asked."""
    return work.actor.is_system or any(
        permission in right.permissions
        and right.reaches(place)
        and (right.with_subtree or not whole)
        for right in work.actor.rights
    )


def check_username(work: Work, username: str) -> str:
    """Return a user name as it is stored; refuse one that cannot be used or is taken."""
    folded = normalise(username).casefold()
    reason = ""
    if not USERNAME.fullmatch(folded):
        reason = _("A user name has 3 to 60 small letters without marks, digits, dots, hyphens.")
    elif work.session.scalar(sa.select(Account.id).where(Account.username == folded)) is not None:
        reason = _("The user name %(name)s is taken; choose another.", name=folded)
    if reason:
        raise InvalidInput(reason, fields={"username": [reason]})
    return folded


def create_account(
    work: Work,
    *,
    username: str,
    name: str,
    unit: Place | None = None,
    member: Member | None = None,
    email: str | None = None,
) -> Made:
    """Make an account with a first password, shown once and changed at the first sign-in."""
    place = unit or work.unit
    require(work, MANAGE, [place.id])
    folded = check_username(work, username)
    if member is not None and _has_account(work, member.id):
        raise RuleBroken(_("%(name)s already has an account.", name=member.full_name))
    password = first_password()
    account = Account(
        id=new_key(),
        username=folded,
        name=normalise(name),
        member_id=member.id if member else None,
        home_unit_id=place.id,
        password_hash=hash_password(password),
        must_change=True,
        email=email,
        created_at=work.now,
        preferences={},
    )
    work.session.add(account)
    work.session.flush()
    after = {"username": folded, "name": account.name, "member_id": account.member_id}
    ledger.record(work, "access.account_made", about(account), after=after, permission=MANAGE)
    if member is not None:
        # The member may hold a position far above; its first password is not for this office.
        check_within_reach(work, account, MANAGE)
    return Made(account, password)


def _has_account(work: Work, member_id: uuid.UUID) -> bool:
    statement = sa.select(Account.id).where(Account.member_id == member_id)
    return work.session.scalar(statement) is not None


def end_account(work: Work, account: Account) -> None:
    """End an account: nobody signs in with it any more; what was done with it stays."""
    check_within_reach(work, account, MANAGE)
    if account.ended_at is not None:
        raise RuleBroken(_("This account has ended already."))
    account.ended_at = work.now
    end_sessions(work, account.id)
    _drop_codes(work, account)
    work.touch("access")
    ledger.record(work, "access.account_ended", about(account), permission=MANAGE)


def reopen_account(work: Work, account: Account) -> None:
    """Open an ended account again; its person needs a reset code to sign in."""
    check_within_reach(work, account, MANAGE)
    if account.ended_at is None:
        raise RuleBroken(_("This account has not ended."))
    account.ended_at = None
    # Who knew the old password may no longer be the right one.
    account.password_hash = hash_password(first_password())
    account.failures, account.locked_until = 0, None
    work.touch("access")
    ledger.record(work, "access.account_reopened", about(account), permission=MANAGE)


def unlock_account(work: Work, account: Account, permission: str) -> None:
    """Let somebody try again at once after too many wrong passwords."""
    check_within_reach(work, account, permission)
    if account.locked_until is None or account.locked_until <= work.now:
        raise RuleBroken(_("This account is not locked."))
    before = {"until": account.locked_until}
    account.failures, account.locked_until = 0, None
    ledger.record(work, "access.unlocked", about(account), before=before, permission=permission)


def erase_account(work: Work, account: Account) -> None:
    """Blank what an account says about its person; what was done with it keeps its key."""
    end_sessions(work, account.id)
    _drop_codes(work, account)
    for model in (LoginSession, SharedDevice):
        work.session.execute(sa.delete(model).where(model.account_id == account.id))
    account.username, account.name = f"erased.{account.id.hex[-20:]}", ""
    account.search, account.sort_key = account.username, b""
    account.email, account.preferences, account.password_hash = None, {}, "!"
    account.totp_secret = account.totp_confirmed_at = None
    account.ended_at = account.ended_at or work.now
    work.session.execute(
        sa.update(Grant)
        .where(Grant.account_id == account.id, Grant.ended_at.is_(None))
        .values(ended_at=work.now, ended_by=work.actor.label)
    )
    work.touch("access")


def _drop_codes(work: Work, account: Account) -> None:
    """Make reset codes useless that are still on paper somewhere."""
    work.session.execute(
        sa.update(ResetCode)
        .where(ResetCode.account_id == account.id, ResetCode.used_at.is_(None))
        .values(used_at=work.now)
    )
