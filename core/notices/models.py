"""Notices: what was said once, to whom, and who has read it; the secret address of a calendar."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Key, Keyed, Line, LongText, Scoped, ShortText
from core.notices import permissions


class Notice(Keyed, Scoped, Base):
    """What was said: kept once, however many people it was said to.

    The subject shows on locked screens: no names of third persons, no agenda, no votes
    (`wording`, 7). Whoever sends for the unit sees it there; each person sees their own anywhere.
    """

    __tablename__ = "core_notice"
    __see__: ClassVar[str] = permissions.SEND
    kind: Mapped[ShortText]
    subject: Mapped[Line]
    body: Mapped[LongText] = mapped_column(default="")
    endpoint: Mapped[ShortText] = mapped_column(default="")
    link_values: Mapped[Any] = mapped_column(Json, default=dict)
    due_on: Mapped[date | None]
    sender: Mapped[Line]
    created_at: Mapped[datetime]
    __table_args__ = (sa.Index("ix_core_notice_unit_kind", "unit_id", "kind", "id"),)


class NoticeCopy(Base):
    """One person's copy of a notice.

    `person_id` is the key of the member, or of the account of somebody who is no member: a
    member who gets an account later finds there what was said before. `was_id` is the record it
    was sent to before two records of one person became one.
    """

    __tablename__ = "core_notice_copy"
    person_id: Mapped[uuid.UUID] = mapped_column(Key(), primary_key=True)
    notice_id: Mapped[uuid.UUID] = mapped_column(
        Key(), sa.ForeignKey("core_notice.id"), primary_key=True
    )
    is_member: Mapped[bool] = mapped_column(default=True)
    has_account: Mapped[bool] = mapped_column(default=True)
    was_id: Mapped[uuid.UUID | None]
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
    __table_args__ = (
        sa.Index("ix_core_notice_copy_notice", "notice_id"),
        sa.Index(
            "ix_core_notice_copy_unread",
            "person_id",
            postgresql_where=sa.text("read_at IS NULL"),
            sqlite_where=sa.text("read_at IS NULL"),
        ),
        {"sqlite_with_rowid": False},
    )


class CalendarFeed(Keyed, Base):
    """The secret address of a person's calendar; only its digest is kept."""

    __tablename__ = "core_calendar_feed"
    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_account.id"), unique=True)
    secret_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    made_at: Mapped[datetime]
