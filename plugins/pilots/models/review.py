"""What was found and decided: periodic reviews, and decisions with their document and scope."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Keyed, Line, LongText, Revised, Scoped, ShortText

from .. import permissions

REVIEW_KINDS = ("interim", "final")
DECISIONS = ("extend", "change", "roll_out", "stop")


class Review(Keyed, Scoped, Revised, Base):
    """A review of a model by a unit: of its own part, or of everything below it.

    `limitations` and `proposals` hold lines of text. A review that was sent stays as it is.
    """

    __tablename__ = "pilots_review"
    __see__: ClassVar[str] = permissions.SEE
    model_code: Mapped[str] = mapped_column(sa.String(40))
    trial_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("pilots_trial.id"), index=True)
    registration_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("pilots_registration.id"), index=True
    )
    kind: Mapped[str] = mapped_column(sa.String(8), default="interim")
    reviewed_on: Mapped[date]
    covers_from: Mapped[date]
    covers_to: Mapped[date]
    results: Mapped[LongText] = mapped_column(default="")
    limitations: Mapped[Any] = mapped_column(Json)
    proposals: Mapped[Any] = mapped_column(Json)
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[Line] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by: Mapped[Line] = mapped_column(default="")
    __table_args__ = (
        sa.CheckConstraint("kind IN ('interim','final')", name="kind"),
        sa.CheckConstraint("covers_from <= covers_to", name="span"),
        sa.Index("ix_pilots_review_list", "unit_id", "reviewed_on", "id"),
        sa.Index("ix_pilots_review_model", "model_code", "reviewed_on"),
    )


class Decision(Keyed, Scoped, Base):
    """What was decided about a model: extend, change, roll out or stop; never altered."""

    __tablename__ = "pilots_decision"
    __see__: ClassVar[str] = permissions.SEE
    model_code: Mapped[str] = mapped_column(sa.String(40))
    trial_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("pilots_trial.id"), index=True)
    outcome: Mapped[str] = mapped_column(sa.String(10))
    decided_on: Mapped[date]
    document_no: Mapped[ShortText]
    scope: Mapped[Line] = mapped_column(default="")
    text: Mapped[LongText] = mapped_column(default="")
    until: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by: Mapped[Line] = mapped_column(default="")
    __table_args__ = (
        sa.CheckConstraint("outcome IN ('extend','change','roll_out','stop')", name="outcome"),
        sa.Index("ix_pilots_decision_list", "model_code", "decided_on"),
    )


class Moved(Keyed, Base):
    """Which rows two records of one person exchanged, so that a merge can be taken back."""

    __tablename__ = "pilots_moved"
    kept_id: Mapped[uuid.UUID] = mapped_column(index=True)
    merged_id: Mapped[uuid.UUID]
    rows: Mapped[Any] = mapped_column(Json)
