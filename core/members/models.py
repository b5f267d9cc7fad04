"""A person's membership; only what the work needs, never family, views, health or place."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import (
    LAST_GENERATION,
    Base,
    Json,
    Key,
    Keyed,
    Line,
    Revised,
    Scoped,
    ShortText,
    SortBytes,
    trigrams,
)
from core.members import permissions
from core.watching import watch

STATUSES = ("probationary", "official", "exempt", "left")
ERASED = "–"
"""The name of whoever was erased."""
COUNTED = ("probationary", "official", "exempt")
EXIT_REASONS = ("moved", "deceased", "removed", "expelled", "resigned")
CONDITIONS = ("away", "suspended", "excused")


class Member(Keyed, Scoped, Revised, Base):
    """A person's membership; `unit_id` is the home branch of today, or the last one.

    Source of the fields: the national handbook's summary (Regulation 339-QĐ/TW, 10/07/2025).
    """

    __tablename__ = "core_member"
    __see__: ClassVar[str] = permissions.SEE
    surname: Mapped[ShortText] = mapped_column(default="")
    middle_name: Mapped[ShortText] = mapped_column(default="")
    given_name: Mapped[ShortText]
    full_name: Mapped[Line]
    sort_key: Mapped[SortBytes]
    search: Mapped[Line]
    birth_date: Mapped[date | None]
    birth_precision: Mapped[str] = mapped_column(sa.String(4), default="day")
    sex: Mapped[str] = mapped_column(sa.String(6), default="")
    card_no: Mapped[str | None] = mapped_column(sa.String(20))
    record_no: Mapped[str | None] = mapped_column(sa.String(20))
    phone: Mapped[str] = mapped_column(sa.String(30), default="")
    email: Mapped[str] = mapped_column(sa.String(120), default="")
    admitted_on: Mapped[date | None]
    official_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(sa.String(12))
    created_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[Line | None]
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("core_member.id"))
    __table_args__ = (
        sa.Index("ix_core_member_unit_sort", "unit_id", "sort_key", "id"),
        # A past day's list of a large unit is read in this order until a page is full. Behind the
        # order stands all that a search asks of a name, so that it reads nothing but this index.
        sa.Index(
            "ix_core_member_walk",
            "sort_key",
            "id",
            "search",
            "unit_id",
            "status",
            "voided_at",
            "merged_into_id",
        ),
        sa.Index("ix_core_member_search", "search"),
        trigrams("ix_core_member_search_words", "search", by_words=True),
        sa.Index(
            "uq_core_member_card",
            "card_no",
            unique=True,
            postgresql_where=sa.text("voided_at IS NULL AND merged_into_id IS NULL"),
            sqlite_where=sa.text("voided_at IS NULL AND merged_into_id IS NULL"),
        ),
        sa.Index("ix_core_member_record_no", "record_no"),
        # One in forty is on probation, and a province asks on every page of its work who is.
        sa.Index(
            "ix_core_member_probationary",
            "unit_id",
            postgresql_where=sa.text("status = 'probationary'"),
            sqlite_where=sa.text("status = 'probationary'"),
        ),
        sa.CheckConstraint("status IN ('probationary','official','exempt','left')", name="status"),
    )

    @property
    def is_erased(self) -> bool:
        """Whether nothing says any more who this was."""
        return self.full_name == ERASED


class MemberStatus(Keyed, Base):
    """A dated status: probationary, official, exempt, left (with the reason of the exit)."""

    __tablename__ = "core_member_status"
    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_member.id"))
    status: Mapped[str] = mapped_column(sa.String(12))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    reason: Mapped[ShortText] = mapped_column(default="")
    decision_no: Mapped[ShortText] = mapped_column(default="")
    decision_date: Mapped[date | None]
    __table_args__ = (
        sa.CheckConstraint("valid_from < valid_to", name="span"),
        sa.Index("ix_core_member_status_member", "member_id", "valid_from"),
        ExcludeConstraint(
            ("member_id", "="),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            name="ex_core_member_status_overlap",
        ).ddl_if(dialect="postgresql"),
    )


class Affiliation(Keyed, Base):
    """Where a person belongs in a span of days: one home, at most one temporary host."""

    __tablename__ = "core_affiliation"
    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_member.id"))
    unit_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_unit.id"))
    kind: Mapped[str] = mapped_column(sa.String(10), default="home")
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    decision_no: Mapped[ShortText] = mapped_column(default="")
    __table_args__ = (
        sa.CheckConstraint("valid_from < valid_to", name="span"),
        sa.CheckConstraint("kind IN ('home','temporary')", name="kind"),
        sa.Index("ix_core_affiliation_member", "member_id", "kind", "valid_from"),
        sa.Index("ix_core_affiliation_unit", "unit_id", "kind", "valid_from"),
        ExcludeConstraint(
            ("member_id", "="),
            ("kind", "="),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            name="ex_core_affiliation_overlap",
        ).ddl_if(dialect="postgresql"),
    )


class Position(Keyed, Base):
    """A position held in a unit for a span of days; several at once, in several units."""

    __tablename__ = "core_position"
    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_member.id"), index=True)
    unit_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_unit.id"))
    position: Mapped[ShortText]
    how: Mapped[ShortText] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    decision_no: Mapped[ShortText] = mapped_column(default="")
    __table_args__ = (
        sa.CheckConstraint("valid_from < valid_to", name="span"),
        sa.Index("ix_core_position_unit", "unit_id", "position", "valid_from"),
    )


class PositionKind(Base):
    """A kind of position: secretary, deputy, committee member; data, not code."""

    __tablename__ = "core_position_kind"
    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    title: Mapped[Line]
    title_en: Mapped[Line]
    rank: Mapped[int]
    is_committee: Mapped[bool] = mapped_column(default=False)
    is_external: Mapped[bool] = mapped_column(default=False)


class MemberCondition(Keyed, Revised, Base):
    """Away from home, suspended, or excused for a time; no reasons of health, no places."""

    __tablename__ = "core_member_condition"
    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_member.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    next_contact_on: Mapped[date | None] = mapped_column(index=True)
    decision_no: Mapped[ShortText] = mapped_column(default="")
    __table_args__ = (sa.CheckConstraint("valid_from < valid_to", name="span"),)


class MemberMerge(Keyed, Base):
    """Two records of one person made one; `moved` holds what is needed to take it back exactly."""

    __tablename__ = "core_member_merge"
    kept_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_member.id"), index=True)
    merged_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_member.id"), index=True)
    moved: Mapped[Any] = mapped_column(Json)
    at: Mapped[datetime]
    by: Mapped[Line]
    undone_at: Mapped[datetime | None]


class CorrectionRequest(Keyed, Revised, Base):
    """What a member asks to have put right in their own record, and what became of it."""

    __tablename__ = "core_member_correction"
    member_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_member.id"), index=True)
    wanted: Mapped[Any] = mapped_column(Json)
    state: Mapped[str] = mapped_column(sa.String(8), default="open", index=True)
    made_at: Mapped[datetime]
    due_on: Mapped[date]
    answer: Mapped[Line] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[Line | None]
    __table_args__ = (sa.CheckConstraint("state IN ('open','done','declined')", name="state"),)


class MemberListRow(Base):
    """Today's members of every unit's subtree, stored in list order.

    A row for each unit above a member's home branch: the list of a province is read like that of
    a branch, by one index in Vietnamese order (0.3 ms instead of 20 to 187 ms for a path).
    """

    __tablename__ = "core_member_list"
    ancestor_id: Mapped[uuid.UUID] = mapped_column(Key(), primary_key=True)
    sort_key: Mapped[SortBytes] = mapped_column(primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(Key(), primary_key=True)
    gen_from: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    gen_to: Mapped[int] = mapped_column(sa.Integer, default=LAST_GENERATION)
    status: Mapped[str] = mapped_column(sa.String(12))
    __table_args__ = (
        sa.Index("ix_core_member_list_member", "member_id"),
        {"sqlite_with_rowid": False},
    )


watch(Affiliation, facts=("kind",))
watch(MemberStatus, through=("core_affiliation", "member_id", "member_id"), facts=("status",))
watch(Position, facts=("position",))
