"""Who sends this request: by the cookie of a signed-in device, by a program's token, or nobody."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import MutableMapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.models import Account, ApiToken, LoginSession
from core.access.principal import NOBODY, Principal
from core.access.rights import RightsCache
from core.db import EPOCHS, Epoch
from core.errors import SignInNeeded
from core.i18n import _
from core.units.places import PlaceCache

SEEN_EVERY = timedelta(minutes=30)
ALIVE_EVERY = 60


def digest(secret: str) -> bytes:
    """Return the digest of a long random secret; passwords are hashed with argon2 instead."""
    return hashlib.sha256(secret.encode()).digest()


def _epoch_columns() -> list[Any]:
    return [
        sa.select(Epoch.value).where(Epoch.name == name).scalar_subquery().label(f"epoch_{name}")
        for name in EPOCHS
    ]


def _keep_epochs(session: Session, row: Any) -> None:
    session.info["epochs"] = {name: int(getattr(row, f"epoch_{name}") or 0) for name in EPOCHS}


def by_cookie(
    session: Session,
    now: datetime,
    cookie: MutableMapping[str, Any],
    rights: RightsCache,
    zone: Any,
) -> Principal:
    """Return who is signed in on this device; one statement for session, account and epochs."""
    try:
        key = uuid.UUID(str(cookie.get("sid", "")))
    except ValueError:
        return NOBODY
    row = session.execute(
        sa.select(LoginSession, Account, *_epoch_columns())
        .join(Account, Account.id == LoginSession.account_id)
        .where(LoginSession.id == key)
    ).one_or_none()
    if row is None:
        return NOBODY
    _keep_epochs(session, row)
    login, account = row[0], row[1]
    good = hmac.compare_digest(login.secret_digest, digest(str(cookie.get("secret", ""))))
    if not good or account.ended_at:
        return NOBODY
    if login.ended_at or login.expires_at <= now:
        session.info["session_over"] = "ended"
        return NOBODY
    if not _alive(login, now, cookie):
        session.info["session_over"] = "idle"
        return NOBODY
    if now - login.seen_at > SEEN_EVERY:
        session.info["seen_again"] = login.id
    return principal_of(session, account, now, rights, zone, login)


def _alive(login: LoginSession, now: datetime, cookie: MutableMapping[str, Any]) -> bool:
    """Whether a shared device was used lately; when it was stands in its signed cookie.

    So no page writes to the database for it. A copy of an older cookie only says an older time.
    """
    if not login.idle_minutes:
        return True
    moment = int(now.timestamp())
    used = cookie.get("used")
    if not isinstance(used, int) or moment - used > login.idle_minutes * 60:
        return False
    if moment - used >= ALIVE_EVERY:
        cookie["used"] = moment
    return True


def principal_of(
    session: Session,
    account: Account,
    now: datetime,
    rights: RightsCache,
    zone: Any,
    login: LoginSession | None = None,
) -> Principal:
    """Return the principal of an account with its rights of today."""
    today = now.astimezone(zone).date()
    held, needs_totp = rights.of(session, account.id, account.member_id, today)
    preferences = account.preferences or {}
    return Principal(
        kind="account",
        label=account.name,
        account_id=account.id,
        member_id=account.member_id,
        home_unit_id=account.home_unit_id,
        rights=held,
        session_id=login.id if login else None,
        locale=str(preferences.get("locale", "")),
        text_size=int(preferences.get("text_size", 0)),
        contrast=bool(preferences.get("contrast", False)),
        is_shared_device=bool(login and login.is_shared),
        must_change=account.must_change,
        needs_totp=login is not None
        and login.confirmed_at is None
        and (needs_totp or login.asks_totp),
    )


def by_token(
    session: Session, now: datetime, secret: str, rights: RightsCache, places: PlaceCache, zone: Any
) -> Principal:
    """Return the principal of a program: its issuer's rights, cut to the token's unit and list."""
    row = session.execute(
        sa.select(ApiToken, Account, *_epoch_columns())
        .join(Account, Account.id == ApiToken.account_id)
        .where(ApiToken.secret_digest == digest(secret))
    ).one_or_none()
    refused = SignInNeeded(_("This token is unknown, ended or expired; ask for a new one."))
    if row is None:
        raise refused
    _keep_epochs(session, row)
    token, account = row[0], row[1]
    today = now.astimezone(zone).date()
    if token.ended_at or token.expires_on < today or account.ended_at:
        raise refused
    generation = session.info["epochs"]["tree"]
    place = places.by_ids(session, [token.unit_id], today, generation).get(token.unit_id)
    if place is None:
        raise refused
    whole = principal_of(session, account, now, rights, zone)
    return whole.narrowed(token.unit_id, token.permissions, place)
