"""Settings as they were given, and the effective values that SQL needs per unit."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Key, Keyed, Line, ShortText


class SettingRow(Keyed, Base):
    """A value given to a unit from a day on; it holds until the next one given there.

    `inherits` ends the unit's own value: from that day the value from above holds again.
    A locked value cannot be changed further down.
    """

    __tablename__ = "core_setting"
    key: Mapped[ShortText]
    unit_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_unit.id"), index=True)
    valid_from: Mapped[date]
    value: Mapped[Any | None] = mapped_column(Json)
    inherits: Mapped[bool] = mapped_column(default=False)
    locked: Mapped[bool] = mapped_column(default=False)
    document_no: Mapped[ShortText] = mapped_column(default="")
    set_by: Mapped[Line]
    set_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        sa.Index(
            "uq_core_setting_key",
            "key",
            "unit_id",
            "valid_from",
            unique=True,
            postgresql_where=sa.text("withdrawn_at IS NULL"),
            sqlite_where=sa.text("withdrawn_at IS NULL"),
        ),
    )


class EffectiveValue(Base):
    """The value of a setting in force at a unit in a span of days, for statements over many units.

    Kept only for settings that say `in_sql`; rebuilt where a value or the tree changed.
    """

    __tablename__ = "core_effective"
    key: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    unit_id: Mapped[uuid.UUID] = mapped_column(
        Key(), sa.ForeignKey("core_unit.id"), primary_key=True
    )
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_to: Mapped[date]
    number: Mapped[float | None]
    text: Mapped[Line | None]
    __table_args__ = ({"sqlite_with_rowid": False},)
