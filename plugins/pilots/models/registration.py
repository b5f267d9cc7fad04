"""A unit's way with a model: registered, given inputs, scored, recognised, ended."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Keyed, Line, LongText, Revised, Scoped, ShortText
from core.watching import watch

from .. import permissions

WAYS = ("registered", "selected")
OUTCOMES = ("extend", "change", "roll_out", "stop", "withdrawn", "completed")
INPUT_KINDS = ("room", "equipment", "books", "coaching", "money", "other")


class Registration(Keyed, Scoped, Revised, Base):
    """That a unit takes part in a model from a day on; votes are kept as counts.

    `sheet` is the score sheet as it was when the unit scored itself, `scores` points by its keys.
    `ended_on` is the first day on which the unit takes part no more; `reminded_of` the day of the
    review somebody was reminded of last.
    """

    __tablename__ = "pilots_registration"
    __see__: ClassVar[str] = permissions.SEE
    model_code: Mapped[str] = mapped_column(sa.String(40))
    trial_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("pilots_trial.id"), index=True)
    way: Mapped[str] = mapped_column(sa.String(10), default="registered")
    registered_on: Mapped[date]
    plan: Mapped[LongText] = mapped_column(default="")
    conditions_met: Mapped[LongText] = mapped_column(default="")
    chosen_by: Mapped[Line] = mapped_column(default="")
    vote_on: Mapped[date | None]
    vote_entitled: Mapped[int | None]
    vote_present: Mapped[int | None]
    vote_in_favour: Mapped[int | None]
    guide_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("core_member.id"), index=True)
    guide_name: Mapped[Line] = mapped_column(default="")
    sheet: Mapped[Any | None] = mapped_column(Json)
    scores: Mapped[Any | None] = mapped_column(Json)
    scored_on: Mapped[date | None]
    self_points: Mapped[int | None]
    score_present: Mapped[int | None]
    score_in_favour: Mapped[int | None]
    recognised_on: Mapped[date | None]
    recognition_points: Mapped[int | None]
    recognition_no: Mapped[ShortText] = mapped_column(default="")
    recognised_by: Mapped[Line] = mapped_column(default="")
    refused_on: Mapped[date | None]
    refusal_reason: Mapped[LongText] = mapped_column(default="")
    document_id: Mapped[uuid.UUID | None]
    ended_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(sa.String(10), default="")
    reminded_of: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by: Mapped[Line] = mapped_column(default="")
    __table_args__ = (
        # Not unique: a unit that takes over from two keeps the registrations of both.
        sa.Index("ix_pilots_registration_unit", "unit_id", "model_code", "registered_on"),
        sa.CheckConstraint("way IN ('registered','selected')", name="way"),
        sa.CheckConstraint(
            "outcome IN ('','extend','change','roll_out','stop','withdrawn','completed')",
            name="outcome",
        ),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= registered_on", name="span"),
        sa.CheckConstraint(
            "recognised_on IS NULL OR recognised_on >= registered_on", name="recognised"
        ),
        sa.CheckConstraint(
            "vote_in_favour IS NULL OR (vote_in_favour <= vote_present"
            " AND vote_present <= vote_entitled AND vote_in_favour >= 0)",
            name="vote",
        ),
        sa.Index("ix_pilots_registration_model", "model_code", "registered_on"),
        sa.Index("ix_pilots_registration_list", "registered_on", "id"),
    )

    @property
    def year(self) -> int:
        """The year for which the unit registered."""
        return self.registered_on.year

    def state_on(self, day: date) -> str:
        """Say where the registration stands on a day."""
        if self.ended_on is not None and self.ended_on <= day:
            return "ended"
        for name, on in (
            ("recognised", self.recognised_on),
            ("refused", self.refused_on),
            ("scored", self.scored_on),
        ):
            if on is not None and on <= day:
                return name
        return "registered"


class Input(Keyed, Scoped, Base):
    """What a unit was given for a model: a room, a printer, books, coaching."""

    __tablename__ = "pilots_input"
    __see__: ClassVar[str] = permissions.SEE
    registration_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("pilots_registration.id"), index=True
    )
    kind: Mapped[str] = mapped_column(sa.String(10), default="other")
    title: Mapped[Line]
    quantity: Mapped[int] = mapped_column(default=1)
    given_on: Mapped[date]
    giver: Mapped[Line] = mapped_column(default="")
    created_at: Mapped[datetime]
    __table_args__ = (
        sa.CheckConstraint(
            "kind IN ('room','equipment','books','coaching','money','other')", name="kind"
        ),
        sa.CheckConstraint("quantity > 0", name="quantity"),
    )


class Milestone(Keyed, Base):
    """That a unit reached a milestone of its model on a day; found through its registration."""

    __tablename__ = "pilots_milestone"
    registration_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("pilots_registration.id"))
    title: Mapped[Line]
    reached_on: Mapped[date]
    remark: Mapped[Line] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by: Mapped[Line] = mapped_column(default="")
    __table_args__ = (
        sa.UniqueConstraint("registration_id", "title", name="uq_pilots_milestone_once"),
    )


watch(Registration)
