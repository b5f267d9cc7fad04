"""Wrong tries that belong to no account: by a name nobody has, by the network address of a code."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

import sqlalchemy as sa

from core.access.models import UnknownName
from core.access.settings import setting
from core.work import Work

KEPT = timedelta(days=1)


def locked_until(work: Work, what: str) -> datetime | None:
    """Return until when nothing more is taken from this, or None."""
    row = work.session.get(UnknownName, _digest(work, what), with_for_update=True)
    return row.locked_until if row and row.locked_until and row.locked_until > work.now else None


def count_wrong(
    work: Work, what: str, most: int, *, forgets: timedelta | None = None
) -> datetime | None:
    """Count a wrong try; return until when it is locked, where these were too many in a row.

    `forgets`: after so long without a wrong try the count begins anew.
    """
    row = work.session.get(UnknownName, _digest(work, what), with_for_update=True)
    if row is None:
        work.session.execute(sa.delete(UnknownName).where(UnknownName.last_at < work.now - KEPT))
        row = UnknownName(name_digest=_digest(work, what), failures=0)
        work.session.add(row)
    elif forgets is not None and row.last_at < work.now - forgets:
        row.failures = 0
    row.failures, row.last_at, row.locked_until = row.failures + 1, work.now, None
    if row.failures >= most:
        row.failures = 0
        row.locked_until = work.now + timedelta(minutes=setting(work, "lock_minutes"))
    return row.locked_until


def _digest(work: Work, what: str) -> bytes:
    """Return a keyed digest: people type passwords into the field of the name too."""
    return hmac.new(work.host.ledger_key, what.encode(), hashlib.sha256).digest()
