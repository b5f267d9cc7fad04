"""What is kept of a person here: the notices they were sent."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from core.members.models import Member
from core.notices.models import Notice, NoticeCopy
from core.work import Work


def move_notices(work: Work, kept_id: uuid.UUID, merged_id: uuid.UUID) -> None:
    """Give the one record the notices of both, or, when two are parted again, give them back.

    What both were sent stays where it is: it is read once.
    """
    copy = NoticeCopy
    into = work.session.scalar(
        sa.select(Member.merged_into_id)
        .where(Member.id == merged_id)
        .execution_options(unscoped="two records of one person, whoever merges them")
    )
    if into is None:  # taken back: the keys come exchanged
        work.session.execute(
            sa.update(copy)
            .where(copy.person_id == merged_id, copy.was_id == kept_id)
            .values(person_id=kept_id, was_id=None)
            .execution_options(synchronize_session=False)
        )
        return
    there = list(work.session.scalars(sa.select(copy.notice_id).where(copy.person_id == kept_id)))
    work.session.execute(
        sa.update(copy)
        .where(copy.person_id == merged_id, copy.notice_id.not_in(there))
        .values(person_id=kept_id, was_id=merged_id)
        .execution_options(synchronize_session=False)
    )


def notices_of(work: Work, member_id: uuid.UUID) -> Mapping[str, Any]:
    """Return the notices a member was sent, as plain values; empty when there are none."""
    rows = work.session.execute(
        sa.select(Notice.subject, Notice.body, Notice.sender, Notice.created_at, NoticeCopy.read_at)
        .select_from(NoticeCopy)
        .join(Notice, Notice.id == NoticeCopy.notice_id)
        .where(NoticeCopy.person_id == member_id)
        .order_by(NoticeCopy.notice_id)
        .execution_options(unscoped="what is kept of one person")
    ).all()
    if not rows:
        return {}
    return {
        "notices": [
            {
                "subject": row.subject,
                "body": row.body,
                "sender": row.sender,
                "sent_at": row.created_at.isoformat(),
                "read_at": row.read_at.isoformat() if row.read_at else None,
            }
            for row in rows
        ]
    }


def forget_notices(work: Work, member_id: uuid.UUID) -> None:
    """Delete a member's copies; what was said to the others stays."""
    work.session.execute(
        sa.delete(NoticeCopy)
        .where(NoticeCopy.person_id == member_id)
        .execution_options(synchronize_session=False)
    )


__all__ = ["forget_notices", "move_notices", "notices_of"]
