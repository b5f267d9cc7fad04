"""Minutes in versions: draft, adopted, confirmed, locked; a locked one never changes."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Keyed, Line, Revised, ShortText

MINUTES_STATES = ("draft", "adopted", "confirmed", "locked")


class Minutes(Keyed, Revised, Base):
    """One version of a meeting's minutes; `body` is the paper as it stood when it was locked.

    A tap is a confirmation, never a signature: day, book and page of the signed paper are noted.
    """

    __tablename__ = "meetings_minutes"
    meeting_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("meetings_meeting.id"))
    version: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    state: Mapped[str] = mapped_column(sa.String(9), default="draft")
    previous_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("meetings_minutes.id"))
    amendment_reason: Mapped[Line] = mapped_column(default="")
    read_out_at: Mapped[datetime | None]
    adopted_present: Mapped[int | None]
    adopted_in_favour: Mapped[int | None]
    clerk_confirmed_at: Mapped[datetime | None]
    clerk_confirmed_by: Mapped[Line] = mapped_column(default="")
    chair_confirmed_at: Mapped[datetime | None]
    chair_confirmed_by: Mapped[Line] = mapped_column(default="")
    locked_at: Mapped[datetime | None]
    locked_by: Mapped[Line] = mapped_column(default="")
    signed_on: Mapped[date | None]
    book_no: Mapped[ShortText] = mapped_column(default="")
    page_no: Mapped[ShortText] = mapped_column(default="")
    body: Mapped[Any | None] = mapped_column(Json)
    figures: Mapped[Any | None] = mapped_column(Json)
    document_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    created_by: Mapped[Line] = mapped_column(default="")
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "version", name="uq_meetings_minutes_version"),
        sa.CheckConstraint("state IN ('draft','adopted','confirmed','locked')", name="state"),
        sa.CheckConstraint("(state = 'locked') = (locked_at IS NOT NULL)", name="locked"),
    )
