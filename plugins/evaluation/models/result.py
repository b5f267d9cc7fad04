"""Results: one current version for each subject and period; a correction is a new version."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Key, Keyed, Line, Scoped, ShortText
from core.watching import watch

from .. import permissions

_CURRENT = sa.text("is_current")


class Result(Keyed, Scoped, Base):
    """The level of a subject for a period, decided here or imported as a fact of the past.

    `subject_id` is the unit or the member. `post_id` is the unit of a leader's post, so that
    several posts have a result each; for all others it is the subject itself: a member is counted
    once a period, wherever they moved. `level` None means not rated.
    """

    __tablename__ = "evaluation_result"
    __see__: ClassVar[str] = permissions.RESULTS
    period_key: Mapped[str] = mapped_column(sa.String(20))
    period_kind: Mapped[str] = mapped_column(sa.String(10))
    period_start: Mapped[date]
    period_last: Mapped[date]
    subject_kind: Mapped[str] = mapped_column(sa.String(10))
    subject_id: Mapped[uuid.UUID]
    post_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID | None] = mapped_column(
        Key(), sa.ForeignKey("core_member.id", name="fk_evaluation_result_member")
    )
    level: Mapped[str | None] = mapped_column(sa.String(16))
    points: Mapped[float | None]
    not_rated_reason: Mapped[ShortText] = mapped_column(default="")
    decided_on: Mapped[date | None]
    decision_no: Mapped[ShortText] = mapped_column(default="")
    review_id: Mapped[uuid.UUID | None] = mapped_column(
        Key(), sa.ForeignKey("evaluation_review.id", name="fk_evaluation_result_review")
    )
    version: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    is_current: Mapped[bool] = mapped_column(default=True)
    replaces_id: Mapped[uuid.UUID | None]
    reason: Mapped[Line] = mapped_column(default="")
    made_at: Mapped[datetime]
    made_by: Mapped[Line] = mapped_column(default="")
    __table_args__ = (
        sa.CheckConstraint(
            "level IN ('excellent','good','completed','not_completed')", name="level"
        ),
        sa.CheckConstraint(
            "subject_kind IN ('unit','collective','leader','member')", name="subject_kind"
        ),
        sa.CheckConstraint("points >= 0 AND points <= 100", name="points"),
        sa.Index(
            "uq_evaluation_result_current",
            *("period_key", "subject_kind", "subject_id", "post_id"),
            unique=True,
            postgresql_where=_CURRENT,
            sqlite_where=_CURRENT,
        ),
        sa.Index("ix_evaluation_result_period", "period_kind", "period_start", "subject_kind"),
        sa.Index("ix_evaluation_result_subject", "subject_id", "subject_kind", "period_start"),
        sa.Index("ix_evaluation_result_member", "member_id"),
        sa.Index("ix_evaluation_result_review", "review_id"),
    )


class Moved(Keyed, Base):
    """Which rows two records of one person exchanged, so that a merge can be taken back."""

    __tablename__ = "evaluation_moved"
    kept_id: Mapped[uuid.UUID] = mapped_column(index=True)
    merged_id: Mapped[uuid.UUID]
    rows: Mapped[Any] = mapped_column(Json)


watch(Result)
