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


def _with_account(statement: Any, account_id: Any) -> Any:
    """Add the account of a session or token, and every epoch (a row for each).

    Built once: building it anew for each request cost as much as sending it. Columns, not
    entities, and rows of epochs, not a subquery for each, halve the rest.
    """
    return (
        statement.add_columns(
            Account.id,
            Account.name,
            Account.member_id,
            Account.home_unit_id,
            Account.preferences,
            Account.must_change,
            Account.ended_at,
            Epoch.name.label("epoch"),
            Epoch.value,
        )
        .join(Account, Account.id == account_id)
        .outerjoin(Epoch, sa.true())
    )


BY_SESSION = _with_account(
    sa.select(
        LoginSession.id.label("session_id"),
        LoginSession.secret_digest,
        LoginSession.ended_at.label("session_ended_at"),
        LoginSession.expires_at,
        LoginSession.seen_at,
        LoginSession.idle_minutes,
        LoginSession.is_shared,
        LoginSession.confirmed_at,
        LoginSession.asks_totp,
    ),
    LoginSession.account_id,
).where(LoginSession.id == sa.bindparam("key"))
BY_TOKEN = _with_account(
    sa.select(
        ApiToken.ended_at.label("token_ended_at"),
        ApiToken.expires_on,
        ApiToken.unit_id,
        ApiToken.permissions,
    ),
    ApiToken.account_id,
).where(ApiToken.secret_digest == sa.bindparam("key"))


def _entered(session: Session, statement: Any, key: Any) -> Any:
    """Return who enters by a key, or None; the epochs are read by the same statement and kept."""
    rows = session.connection().execute(statement, {"key": key}).all()
    if not rows:
        return None
    found = {row.epoch: int(row.value or 0) for row in rows}
    session.info["epochs"] = {name: found.get(name, 0) for name in EPOCHS}
    return rows[0]


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
    row = _entered(session, BY_SESSION, key)
    if row is None:
        return NOBODY
    good = hmac.compare_digest(row.secret_digest, digest(str(cookie.get("secret", ""))))
    if not good or row.ended_at:
        return NOBODY
    if row.session_ended_at or row.expires_at <= now:
        session.info["session_over"] = "ended"
        return NOBODY
    if not _alive(row.idle_minutes, now, cookie):
        session.info["session_over"] = "idle"
        return NOBODY
    if now - row.seen_at > SEEN_EVERY:
        session.info["seen_again"] = row.session_id
    return principal_of(session, row, now, rights, zone, login=row)


def _alive(idle_minutes: int, now: datetime, cookie: MutableMapping[str, Any]) -> bool:
    """Whether a shared device was used lately; when it was stands in its signed cookie.

    So no page writes to the database for it. A copy of an older cookie only says an older time.
    """
    if not idle_minutes:
        return True
    moment = int(now.timestamp())
    used = cookie.get("used")
    if not isinstance(used, int) or moment - used > idle_minutes * 60:
        return False
    if moment - used >= ALIVE_EVERY:
        cookie["used"] = moment
    return True


def principal_of(
    session: Session,
    account: Any,
    now: datetime,
    rights: RightsCache,
    zone: Any,
    login: Any = None,
) -> Principal:
    """Return the principal of an account with its rights of today.

    `account` is an `Account` or a row with its columns, `login` the row of `BY_SESSION`.
    """
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
        session_id=login.session_id if login else None,
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
    row = _entered(session, BY_TOKEN, digest(secret))
    refused = SignInNeeded(_("This token is unknown, ended or expired; ask for a new one."))
    if row is None:
        raise refused
    today = now.astimezone(zone).date()
    if row.token_ended_at or row.expires_on < today or row.ended_at:
        raise refused
    generation = session.info["epochs"]["tree"]
    place = places.by_ids(session, [row.unit_id], today, generation).get(row.unit_id)
    if place is None:
        raise refused
    whole = principal_of(session, row, now, rights, zone)
    return whole.narrowed(row.unit_id, row.permissions, place)
