"""What committees above keep: the month's material, who follows which branch, reminders."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Keyed, Line, Revised, Scoped, ShortText
from core.watching import watch

from .. import permissions

CHANNELS = ("app", "phone", "in_person", "letter")


class Material(Keyed, Scoped, Revised, Base):
    """The month's material of a unit for everybody below it; `points` are its topics.

    Nobody below sees it before `opens_on`.
    """

    __tablename__ = "meetings_material"
    __see__: ClassVar[str] = permissions.MATERIAL_SEE
    for_month: Mapped[date]
    title: Mapped[Line]
    points: Mapped[Any] = mapped_column(Json)
    opens_on: Mapped[date]
    published_at: Mapped[datetime | None]
    published_by: Mapped[Line] = mapped_column(default="")
    withdrawn_at: Mapped[datetime | None]
    document_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    __table_args__ = (sa.Index("ix_meetings_material_month", "for_month", "unit_id"),)


class OversightAssignment(Keyed, Scoped, Revised, Base):
    """Who follows a branch for the committee above, and how often they visit in a quarter.

    `unit_id` is the branch; a branch without an assignment owes the visits of the setting.
    """

    __tablename__ = "meetings_assignment"
    __see__: ClassVar[str] = permissions.SEE
    official_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_member.id"), index=True)
    official_name: Mapped[Line]
    role: Mapped[Line] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    min_visits: Mapped[int] = mapped_column(default=1)
    decision_no: Mapped[ShortText] = mapped_column(default="")
    __table_args__ = (
        sa.CheckConstraint("valid_from < valid_to", name="span"),
        sa.CheckConstraint("min_visits BETWEEN 0 AND 3", name="min_visits"),
        sa.Index("ix_meetings_assignment_unit_span", "unit_id", "valid_from"),
    )


class Chase(Keyed, Scoped, Base):
    """That a branch was reminded of a month: when, by whom, by which way, what was promised."""

    __tablename__ = "meetings_chase"
    __see__: ClassVar[str] = permissions.OVERSEE
    for_month: Mapped[date]
    at: Mapped[datetime]
    by: Mapped[Line] = mapped_column(default="")
    channel: Mapped[str] = mapped_column(sa.String(10), default="phone")
    promised_on: Mapped[date | None]
    __table_args__ = (
        sa.CheckConstraint("channel IN ('app','phone','in_person','letter')", name="channel"),
        sa.Index("ix_meetings_chase_unit_month", "unit_id", "for_month"),
    )


watch(Material)
watch(OversightAssignment)
