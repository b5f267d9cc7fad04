"""Tables of this plugin; every name begins with the plugin's."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Keyed, Line, Revised, Scoped

from . import permissions


class Loan(Keyed, Scoped, Revised, Base):
    """One loan of a branch: what, to whom, from which day until which, and when it was closed."""

    __tablename__ = "lending_loan"
    __see__: ClassVar[str] = permissions.SEE
    title: Mapped[Line]
    search: Mapped[Line]
    member_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("core_member.id"), index=True)
    begun_on: Mapped[date]
    due_on: Mapped[date]
    closed_on: Mapped[date | None]
    made_by: Mapped[Line]
    made_at: Mapped[datetime]
    __table_args__ = (
        sa.CheckConstraint("due_on >= begun_on", name="days"),
        sa.Index("ix_lending_loan_unit_due", "unit_id", "due_on", "id"),
    )
