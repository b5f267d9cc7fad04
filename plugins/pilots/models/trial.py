"""A trial: other settings at chosen units until a sunset, changed only as a person approved."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Keyed, Line, LongText, Revised, Scoped, ShortText

from .. import permissions

TRIAL_STATES = ("planned", "running", "ended", "rolled_out")
CHANGE_KINDS = ("start", "extend", "end", "roll_out")
CHANGE_STATES = ("proposed", "approved", "withdrawn")
MATCHED = ("baseline", "hand")


class Trial(Keyed, Scoped, Revised, Base):
    """A model tried as a variant of settings: which units, from when, until when.

    `unit_id` is the unit that runs it, above all that take part. `unit_ids` are those chosen,
    `settings` `{"key", "value"}`. `sunset_on` is the first day without the variant. `given` holds
    what was written as settings, so that exactly this is taken back. `reminded_of` is the day of
    the review, `sunset_told` the sunset somebody was reminded of last.
    """

    __tablename__ = "pilots_trial"
    __see__: ClassVar[str] = permissions.SEE
    model_code: Mapped[str] = mapped_column(sa.String(40), index=True)
    title: Mapped[Line]
    search: Mapped[Line] = mapped_column(default="")
    purpose: Mapped[LongText] = mapped_column(default="")
    document_no: Mapped[ShortText] = mapped_column(default="")
    starts_on: Mapped[date]
    sunset_on: Mapped[date]
    state: Mapped[str] = mapped_column(sa.String(10), default="planned")
    unit_ids: Mapped[Any] = mapped_column(Json)
    settings: Mapped[Any] = mapped_column(Json)
    given: Mapped[Any] = mapped_column(Json)
    indicators: Mapped[Any] = mapped_column(Json)
    before: Mapped[str] = mapped_column(sa.String(12), default="")
    after: Mapped[str] = mapped_column(sa.String(12), default="")
    matched: Mapped[str] = mapped_column(sa.String(10), default="baseline")
    comparison_ids: Mapped[Any] = mapped_column(Json)
    guide_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("core_member.id"), index=True)
    guide_name: Mapped[Line] = mapped_column(default="")
    reminded_of: Mapped[date | None]
    sunset_told: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by: Mapped[Line] = mapped_column(default="")
    __table_args__ = (
        sa.CheckConstraint("starts_on < sunset_on", name="span"),
        sa.CheckConstraint("state IN ('planned','running','ended','rolled_out')", name="state"),
        sa.CheckConstraint("matched IN ('baseline','hand')", name="matched"),
    )


class Change(Keyed, Scoped, Revised, Base):
    """A difference of settings that a person looks at and approves before anything is written.

    `lines` are `{"unit_id", "key", "on", "before", "after", "action", "obstacle"}`; `action` is
    `give`, `inherit` or `none`. Approving writes exactly these lines or, where something changed
    meanwhile, nothing.
    """

    __tablename__ = "pilots_change"
    __see__: ClassVar[str] = permissions.SEE
    trial_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("pilots_trial.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    state: Mapped[str] = mapped_column(sa.String(10), default="proposed")
    effective_on: Mapped[date]
    sunset_on: Mapped[date | None]
    document_no: Mapped[ShortText] = mapped_column(default="")
    lines: Mapped[Any] = mapped_column(Json)
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[Line] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[Line] = mapped_column(default="")
    __table_args__ = (
        sa.CheckConstraint("kind IN ('start','extend','end','roll_out')", name="kind"),
        sa.CheckConstraint("state IN ('proposed','approved','withdrawn')", name="state"),
        sa.Index(
            "uq_pilots_change_one_open",
            "trial_id",
            unique=True,
            postgresql_where=sa.text("state = 'proposed'"),
            sqlite_where=sa.text("state = 'proposed'"),
        ),
    )
