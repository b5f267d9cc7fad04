"""Tokens of programs: never wider than the rights of whoever they act for, and only for a time."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from core import ledger
from core.access.authentication import digest
from core.access.codes import new_secret
from core.access.models import Account, ApiToken
from core.access.permissions import TOKENS, titles
from core.access.services.accounts import rights_of
from core.access.settings import setting
from core.db import new_key
from core.errors import Forbidden, InvalidInput, NotFound, RuleBroken
from core.i18n import _
from core.scope import require
from core.units.places import Place
from core.work import Work

PREFIX = "hn_"


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token with its secret, which is nowhere but here."""

    token: ApiToken
    secret: str


def create_token(
    work: Work,
    account: Account,
    *,
    name: str,
    permissions: Collection[str],
    expires_on: date,
    unit: Place | None = None,
) -> NewToken:
    """Make a token that acts for an account at a unit, in the permissions listed.

    On a page or through the API one makes tokens for oneself; the operator for anybody. A token
    cannot make tokens. It holds until the end of `expires_on`.
    """
    place = unit or work.unit
    require(work, TOKENS, [place.id])
    if not work.actor.is_system and account.id != work.actor.account_id:
        raise Forbidden(_("A token is made for oneself; it acts with one's own rights."))
    if work.actor.kind == "token":
        raise Forbidden(_("A token cannot make tokens. Sign in on a page."))
    if account.ended_at is not None:
        raise RuleBroken(_("This account has ended. Choose somebody else."))
    _check_permissions(work, account, place, permissions)
    _check_expiry(work, place, expires_on)
    secret = PREFIX + new_secret()
    token = ApiToken(
        id=new_key(),
        account_id=account.id,
        name=name,
        secret_digest=digest(secret),
        unit_id=place.id,
        permissions=sorted(set(permissions)),
        expires_on=expires_on,
        made_at=work.now,
    )
    work.session.add(token)
    ledger.record(
        work,
        "access.token_made",
        ledger.About("token", token.id, name, place.id),
        after={
            "account_id": account.id,
            "permissions": token.permissions,
            "expires_on": expires_on,
        },
        permission=TOKENS,
    )
    return NewToken(token, secret)


def _check_permissions(
    work: Work, account: Account, place: Place, permissions: Collection[str]
) -> None:
    reason = "" if permissions else _("Choose at least one right.")
    unknown = sorted(set(permissions) - set(titles(work.host)))
    if unknown:
        reason = _("There is no right of this name: %(names)s.", names=", ".join(unknown))
    held = frozenset[str]().union(
        *(right.permissions for right in rights_of(work, account) if right.reaches(place))
    )
    wider = sorted(set(permissions) - held - set(unknown))
    if not reason and wider:
        reason = _(
            "%(name)s does not hold this at %(unit)s: %(names)s.",
            name=account.name,
            unit=place.name,
            names=", ".join(wider),
        )
    if reason:
        raise InvalidInput(reason, fields={"permissions": [reason]})


def _check_expiry(work: Work, place: Place, expires_on: date) -> None:
    days = setting(work, "token_days", place.id)
    reason = ""
    if expires_on < work.today:
        reason = _("The last day is over already. Choose a later one.")
    elif expires_on > work.today + timedelta(days=days):
        reason = _("A token holds for %(n)s days at most.", n=days)
    if reason:
        raise InvalidInput(reason, fields={"expires_on": [reason]})


def list_tokens(work: Work, unit: Place | None = None) -> list[tuple[ApiToken, Account]]:
    """List the tokens of a unit that still hold, with whom they act for."""
    rows = work.session.execute(
        sa.select(ApiToken, Account)
        .join(Account, Account.id == ApiToken.account_id)
        .where(
            ApiToken.unit_id == (unit or work.unit).id,
            ApiToken.ended_at.is_(None),
            ApiToken.expires_on >= work.today,
        )
        .order_by(ApiToken.made_at.desc(), ApiToken.id)
        .limit(200)
    )
    return [(token, account) for token, account in rows]


def access_token(work: Work, token_id: uuid.UUID) -> ApiToken:
    """Return a token of the work's unit that has not ended; the operator finds it anywhere."""
    statement = sa.select(ApiToken).where(ApiToken.id == token_id, ApiToken.ended_at.is_(None))
    if not work.actor.is_system:
        statement = statement.where(ApiToken.unit_id == work.unit.id)
    token = work.session.scalar(statement)
    if token is None:
        raise NotFound(_("There is no such token; it has ended already."))
    return token


def end_token(work: Work, token: ApiToken) -> None:
    """End a token: programs that use it are refused from now on."""
    token.ended_at = work.now
    ledger.record(
        work,
        "access.token_ended",
        ledger.About("token", token.id, token.name, token.unit_id),
        permission=TOKENS,
    )
