"""Admissions as facts that are counted, and the targets they are counted against."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Key, Keyed, Line, Revised, Scoped, ShortText
from core.watching import watch

from .. import permissions


class Admission(Keyed, Scoped, Revised, Base):
    """That a branch admitted somebody on a day; it stays with that branch for ever.

    `member_id` is empty once the member's data were erased: the count stays.
    """

    __tablename__ = "recruitment_admission"
    __see__: ClassVar[str] = permissions.SEE
    member_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("core_member.id"))
    admitted_on: Mapped[date]
    official_on: Mapped[date | None]
    candidate_id: Mapped[uuid.UUID | None]
    __table_args__ = (
        sa.CheckConstraint("official_on IS NULL OR official_on >= admitted_on", name="days"),
        sa.UniqueConstraint("member_id", "admitted_on", name="uq_recruitment_admission_once"),
        sa.Index("ix_recruitment_admission_day", "admitted_on", "unit_id"),
        sa.Index("ix_recruitment_admission_unit_day", "unit_id", "admitted_on"),
        sa.Index("ix_recruitment_admission_candidate_id", "candidate_id"),
    )


class AdmissionGroup(Base):
    """A source group an admission counts in."""

    __tablename__ = "recruitment_admission_group"
    admission_id: Mapped[uuid.UUID] = mapped_column(
        Key(),
        sa.ForeignKey("recruitment_admission.id", name="fk_recruitment_admission_group_admission"),
        primary_key=True,
    )
    group: Mapped[str] = mapped_column("source_group", sa.String(30), primary_key=True)


class Target(Keyed, Scoped, Revised, Base):
    """How many a unit is to admit from one day to another, both included; all groups, or one."""

    __tablename__ = "recruitment_target"
    __see__: ClassVar[str] = permissions.TARGET_SEE
    period_from: Mapped[date]
    period_to: Mapped[date]
    group: Mapped[str] = mapped_column("source_group", sa.String(30), default="")
    target: Mapped[int]
    document_no: Mapped[ShortText] = mapped_column(default="")
    set_at: Mapped[datetime]
    set_by: Mapped[Line] = mapped_column(default="")
    __table_args__ = (
        sa.CheckConstraint("period_from <= period_to", name="days"),
        sa.CheckConstraint("target >= 0", name="number"),
        sa.UniqueConstraint(
            "unit_id",
            "period_from",
            "period_to",
            "source_group",
            name="uq_recruitment_target_once",
        ),
        sa.Index("ix_recruitment_target_period", "period_from", "period_to"),
    )


watch(Admission)
watch(Target)
