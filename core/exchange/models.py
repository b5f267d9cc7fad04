"""Imports and what each of their rows changed."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Key, Keyed, Line, Scoped, ShortText
from core.exchange import permissions

STATES = ("checked", "applied", "undone")


class Import(Keyed, Scoped, Base):
    """One change-set from a file: checked, then applied, perhaps taken back.

    `act_id` and `undo_act_id` name the acts in the ledger; `digest` is that of the file.
    """

    __tablename__ = "core_import"
    __see__: ClassVar[str] = permissions.IMPORT
    dataset: Mapped[ShortText]
    file_name: Mapped[Line]
    digest: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[str] = mapped_column(sa.String(8))
    rows: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    unknown_columns: Mapped[Any] = mapped_column(Json, default=list)
    warnings: Mapped[Any] = mapped_column(Json, default=list)
    by: Mapped[Line]
    by_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    act_id: Mapped[uuid.UUID | None]
    undone_by: Mapped[Line | None]
    undone_at: Mapped[datetime | None]
    undo_act_id: Mapped[uuid.UUID | None]
    __table_args__ = (
        sa.CheckConstraint("state IN ('checked','applied','undone')", name="state"),
        sa.Index("ix_core_import_unit_at", "unit_id", "at"),
    )


class ImportRow(Base):
    """What one row did: its reasons when rejected, else the rows of tables before and after.

    Rows that changed nothing are only counted. `unit_id` is the unit at which the right to take
    it back is asked for.
    """

    __tablename__ = "core_import_row"
    import_id: Mapped[uuid.UUID] = mapped_column(
        Key(), sa.ForeignKey("core_import.id", ondelete="CASCADE"), primary_key=True
    )
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[str] = mapped_column(sa.String(10))
    target_id: Mapped[uuid.UUID | None] = mapped_column(Key(), index=True)
    unit_id: Mapped[uuid.UUID | None]
    problems: Mapped[Any | None] = mapped_column(Json)
    before: Mapped[Any | None] = mapped_column(Json)
    after: Mapped[Any | None] = mapped_column(Json)
    __table_args__ = (
        sa.CheckConstraint("outcome IN ('created','updated','rejected')", name="outcome"),
        {"sqlite_with_rowid": False},
    )
