"""A model: a way of working that is tried, with what a unit needs, does and is measured by."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Keyed, Line, LongText, Revised, Scoped, ShortText

from .. import permissions


class PilotModel(Keyed, Scoped, Revised, Base):
    """A model as a unit describes it for itself and everybody below.

    The nearest description of a code on the way up holds; where nobody wrote one, the built-in
    model of that code does. `criteria` are `{"key", "title", "points", "must"}`, `milestones`
    `{"title", "months"}`, `settings` `{"key", "value"}`; the other lists hold lines of text.
    """

    __tablename__ = "pilots_model"
    __see__: ClassVar[str] = permissions.SEE
    code: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[Line]
    search: Mapped[Line] = mapped_column(default="")
    purpose: Mapped[LongText] = mapped_column(default="")
    legal_basis: Mapped[Line] = mapped_column(default="")
    owner: Mapped[Line] = mapped_column(default="")
    kinds: Mapped[Any] = mapped_column(Json)
    grassroots_only: Mapped[bool] = mapped_column(default=False)
    wanted: Mapped[int | None]
    conditions: Mapped[LongText] = mapped_column(default="")
    criteria: Mapped[Any] = mapped_column(Json)
    pass_points: Mapped[int] = mapped_column(default=0)
    inputs: Mapped[Any] = mapped_column(Json)
    milestones: Mapped[Any] = mapped_column(Json)
    rules: Mapped[Any] = mapped_column(Json)
    settings: Mapped[Any] = mapped_column(Json)
    indicators: Mapped[Any] = mapped_column(Json)
    review_months: Mapped[int] = mapped_column(default=0)
    document_no: Mapped[ShortText] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by: Mapped[Line] = mapped_column(default="")
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "code", name="uq_pilots_model_unit_code"),
        sa.CheckConstraint("wanted IS NULL OR wanted > 0", name="wanted"),
        sa.CheckConstraint("pass_points >= 0", name="pass_points"),
        sa.Index("ix_pilots_model_code", "code"),
    )
