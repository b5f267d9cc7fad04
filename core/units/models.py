"""Units, their versions in time, their ancestors stored for lists, and their lineage.

Two times stand side by side. The *valid* span says when a fact held in the world, the
*generation* span since when the system knew it: a reader at generation g sees the rows with
`gen_from <= g < gen_to`. Nothing is overwritten, so the tree as it was believed on a past day can
be shown, a plan is prepared under a generation nobody reads yet, and reverting it is exact.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import (
    LAST_GENERATION,
    Base,
    Key,
    Keyed,
    Line,
    LongText,
    ShortText,
    SortBytes,
    trigrams,
)


class Known:
    """The generations in which a row is the truth."""

    gen_from: Mapped[int] = mapped_column(sa.Integer, sort_order=80)
    gen_to: Mapped[int] = mapped_column(sa.Integer, default=LAST_GENERATION, sort_order=81)


class Spanned:
    """The half-open span of days in which a fact holds."""

    valid_from: Mapped[date] = mapped_column(sort_order=70)
    valid_to: Mapped[date] = mapped_column(sort_order=71)


class UnitKind(Base):
    """A kind of unit: branch, party organisation, commune; data, not code."""

    __tablename__ = "core_unit_kind"
    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    title: Mapped[Line]
    title_en: Mapped[Line]
    rank: Mapped[int]
    is_territorial: Mapped[bool] = mapped_column(default=False)
    holds_members: Mapped[bool] = mapped_column(default=False)


class UnitKindRule(Base):
    """Which kind may stand under which."""

    __tablename__ = "core_unit_kind_rule"
    parent_kind: Mapped[str] = mapped_column(sa.ForeignKey("core_unit_kind.key"), primary_key=True)
    child_kind: Mapped[str] = mapped_column(sa.ForeignKey("core_unit_kind.key"), primary_key=True)


class Unit(Keyed, Base):
    """The identity of a unit: it lasts for ever, and so does its code."""

    __tablename__ = "core_unit"
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    created_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[Line | None]


class UnitVersion(Keyed, Spanned, Known, Base):
    """What a unit was in a span of days: name, kind, parent and the facts that rules hang on."""

    __tablename__ = "core_unit_version"
    unit_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_unit.id"))
    name: Mapped[Line]
    name_sort: Mapped[SortBytes]
    name_search: Mapped[Line]
    kind: Mapped[str] = mapped_column(sa.ForeignKey("core_unit_kind.key"))
    parent_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("core_unit.id"))
    sector: Mapped[str] = mapped_column(sa.String(40), default="")
    is_grassroots: Mapped[bool] = mapped_column(default=False)
    has_delegated_powers: Mapped[bool] = mapped_column(default=False)
    has_seal: Mapped[bool] = mapped_column(default=False)
    term_months: Mapped[int | None]
    decision_no: Mapped[ShortText] = mapped_column(default="")
    decision_date: Mapped[date | None]
    __table_args__ = (
        sa.CheckConstraint("valid_from < valid_to", name="span"),
        sa.CheckConstraint("gen_from < gen_to", name="generations"),
        sa.Index("ix_core_unit_version_unit", "unit_id", "valid_from"),
        sa.Index("ix_core_unit_version_parent", "parent_id", "name_sort"),
        trigrams("ix_core_unit_version_search", "name_search"),
        ExcludeConstraint(
            ("unit_id", "="),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            (sa.text("int4range(gen_from, gen_to)"), "&&"),
            name="ex_core_unit_version_overlap",
        ).ddl_if(dialect="postgresql"),
    )


class UnitAncestor(Spanned, Known, Base):
    """Who stood above whom, and when; a unit is its own ancestor at depth 0."""

    __tablename__ = "core_unit_ancestor"
    ancestor_id: Mapped[uuid.UUID] = mapped_column(
        Key(), sa.ForeignKey("core_unit.id"), primary_key=True
    )
    unit_id: Mapped[uuid.UUID] = mapped_column(
        Key(), sa.ForeignKey("core_unit.id"), primary_key=True
    )
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    gen_from: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    depth: Mapped[int] = mapped_column(sa.SmallInteger)
    __table_args__ = (
        sa.Index("ix_core_unit_ancestor_unit", "unit_id", "valid_from"),
        {"sqlite_with_rowid": False},
    )


class UnitScope(Known, Base):
    """Over which units a right at `ancestor_id` reaches today.

    Living units are reached through their ancestors of today; an ended unit through its main
    successor, or, where it has none, through the unit that stood above it last.
    """

    __tablename__ = "core_unit_scope"
    ancestor_id: Mapped[uuid.UUID] = mapped_column(
        Key(), sa.ForeignKey("core_unit.id"), primary_key=True
    )
    unit_id: Mapped[uuid.UUID] = mapped_column(
        Key(), sa.ForeignKey("core_unit.id"), primary_key=True
    )
    gen_from: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    depth: Mapped[int] = mapped_column(sa.SmallInteger)
    __table_args__ = (
        sa.Index("ix_core_unit_scope_unit", "unit_id"),
        {"sqlite_with_rowid": False},
    )


class UnitLineage(Keyed, Known, Base):
    """From which unit a unit came, with what share; an unknown share stays unknown."""

    __tablename__ = "core_unit_lineage"
    predecessor_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_unit.id"), index=True)
    successor_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_unit.id"), index=True)
    on: Mapped[date]
    share_part: Mapped[int | None]
    share_whole: Mapped[int | None]
    is_main: Mapped[bool] = mapped_column(default=True)
    kind: Mapped[ShortText]
    decision_no: Mapped[ShortText] = mapped_column(default="")


class Rehomed(Base):
    """Where a record stood until the day on which a restructuring or a move took it elsewhere.

    The record itself (a task, a dossier, a registration, of whatever table) names the unit where
    it stands today; lists as of an earlier day read here where it stood then. `by_hand`: somebody
    moved this one record; it did not go along with its unit.
    """

    __tablename__ = "core_rehomed"
    row_id: Mapped[uuid.UUID] = mapped_column(Key(), primary_key=True)
    until: Mapped[date] = mapped_column(primary_key=True)
    unit_id: Mapped[uuid.UUID] = mapped_column(Key(), sa.ForeignKey("core_unit.id"), index=True)
    by_hand: Mapped[bool] = mapped_column(default=False)
    __table_args__ = ({"sqlite_with_rowid": False},)


class TreeChange(Keyed, Base):
    """One operation on the tree: what was done, to which unit, for which day, by which decision."""

    __tablename__ = "core_tree_change"
    generation: Mapped[int] = mapped_column(index=True)
    unit_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_unit.id"), index=True)
    operation: Mapped[ShortText]
    on: Mapped[date]
    decision_no: Mapped[ShortText] = mapped_column(default="")
    decision_date: Mapped[date | None]
    reason: Mapped[LongText] = mapped_column(default="")
    actor: Mapped[Line] = mapped_column(default="")
    at: Mapped[datetime]
