"""One's own notices: how many are unread, the list, one of them, marked as read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.errors import NotFound
from core.i18n import _
from core.notices.models import Notice, NoticeCopy
from core.work import Work

MOST_COUNTED = 100  # the badge says 99+
PAGE = 30
OWN = "one's own notices"


@dataclass(frozen=True, slots=True)
class Received:
    """A notice as the person it was sent to sees it."""

    notice: Notice
    read_at: datetime | None
    unit_name: str


def person_key(work: Work) -> uuid.UUID | None:
    """Return the key under which this person's notices stand, or None for a program or a job."""
    return work.actor.member_id or work.actor.account_id


def count_unread(work: Work) -> int:
    """Count this person's unread notices, up to a hundred, by one look at a partial index."""
    unread = (
        sa.select(sa.literal(1))
        .select_from(NoticeCopy)
        .where(NoticeCopy.person_id == person_key(work), NoticeCopy.read_at.is_(None))
        .limit(MOST_COUNTED)
        .subquery()
    )
    return int(work.session.scalar(sa.select(sa.func.count()).select_from(unread)) or 0)


def list_own(
    work: Work, *, after: uuid.UUID | None = None, unread: bool = False, limit: int = PAGE
) -> list[Received]:
    """List this person's notices, newest first, those after one of them."""
    statement = (
        sa.select(Notice, NoticeCopy.read_at)
        .select_from(NoticeCopy)
        .join(Notice, Notice.id == NoticeCopy.notice_id)
        .where(NoticeCopy.person_id == person_key(work))
        .order_by(NoticeCopy.notice_id.desc())
        .limit(limit)
        .execution_options(unscoped=OWN)
    )
    if after is not None:
        statement = statement.where(NoticeCopy.notice_id < after)
    if unread:
        statement = statement.where(NoticeCopy.read_at.is_(None))
    rows = work.session.execute(statement).all()
    return _received(work, [(row[0], row[1]) for row in rows])


def _received(work: Work, rows: Sequence[tuple[Notice, datetime | None]]) -> list[Received]:
    """Name the unit each notice comes from."""
    ids = {notice.unit_id for notice, _read_at in rows}
    places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    root = work.session.info.get("root_id")
    return [
        Received(
            notice,
            read_at,
            places[notice.unit_id].name
            if notice.unit_id in places and notice.unit_id != root
            else "",
        )
        for notice, read_at in rows
    ]


def access_own(work: Work, notice_id: uuid.UUID) -> Received:
    """Return one of this person's notices; anybody else's is not found."""
    row = work.session.execute(
        sa.select(Notice, NoticeCopy.read_at)
        .select_from(NoticeCopy)
        .join(Notice, Notice.id == NoticeCopy.notice_id)
        .where(NoticeCopy.person_id == person_key(work), NoticeCopy.notice_id == notice_id)
        .execution_options(unscoped=OWN)
    ).one_or_none()
    if row is None:
        raise NotFound(_("There is no such page, or this account may not see it."))
    return _received(work, [(row[0], row[1])])[0]


def mark_read(work: Work, notice_id: uuid.UUID) -> None:
    """Note that this person has read a notice; the first time counts."""
    _mark(work, NoticeCopy.notice_id == notice_id)


def mark_all_read(work: Work) -> int:
    """Note that this person has read everything; return how many were unread."""
    return _mark(work)


def _mark(work: Work, *which: sa.ColumnElement[bool]) -> int:
    result = work.session.execute(
        sa.update(NoticeCopy)
        .where(NoticeCopy.person_id == person_key(work), NoticeCopy.read_at.is_(None), *which)
        .values(read_at=work.now)
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]  # DML returns a cursor's result
