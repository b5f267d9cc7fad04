"""Plans of restructuring: their operations, assignments, and the trace by which one is reverted."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Keyed, Line, LongText, Revised, Scoped, ShortText
from core.restructuring import permissions

STATES = ("draft", "checked", "approved", "applied", "reverted", "cancelled")


class Plan(Keyed, Scoped, Revised, Base):
    """A restructuring: many operations for one day, by one decision.

    `unit_id` is the lowest unit under which everything happens. `generation` is that under which
    it was applied; `checks` what was found when it was
    last checked, with the rights that were chosen to go on; `document_id` the paper of
    its decision in a register.
    """

    __tablename__ = "core_plan"
    __see__: ClassVar[str] = permissions.SEE
    title: Mapped[Line]
    decision_no: Mapped[ShortText] = mapped_column(default="")
    decision_date: Mapped[date | None]
    effective_on: Mapped[date] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(sa.String(10), default="draft")
    unassigned: Mapped[str] = mapped_column(sa.String(6), default="refuse")
    previous_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("core_plan.id"), index=True)
    generation: Mapped[int | None]
    checks: Mapped[Any | None] = mapped_column(Json)
    refusal: Mapped[LongText] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by: Mapped[Line]
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[Line | None]
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[Line | None]
    applied_at: Mapped[datetime | None]
    applied_by: Mapped[Line | None]
    reverted_at: Mapped[datetime | None]
    reverted_by: Mapped[Line | None]
    revert_reason: Mapped[LongText] = mapped_column(default="")
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[Line | None]
    document_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("core_document.id"), index=True
    )
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('draft','checked','approved','applied','reverted','cancelled')", name="state"
        ),
        sa.CheckConstraint("unassigned IN ('refuse','main')", name="unassigned"),
    )


class PlanOperation(Keyed, Base):
    """One operation of a plan; the payload names units by code."""

    __tablename__ = "core_plan_operation"
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_plan.id"))
    order: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(12))
    payload: Mapped[Any] = mapped_column(Json)
    __table_args__ = (sa.Index("uq_core_plan_operation_order", "plan_id", "order", unique=True),)


class PlanRow(Keyed, Base):
    """Where one thing goes: a unit to a parent, a member to a unit, a post to a member.

    `what` is "unit", "member" or "post"; `position` is the post's.
    """

    __tablename__ = "core_plan_row"
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_plan.id"), index=True)
    what: Mapped[str] = mapped_column(sa.String(6))
    unit_code: Mapped[str] = mapped_column(sa.String(40), default="")
    member_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("core_member.id"), index=True)
    to_code: Mapped[str] = mapped_column(sa.String(40))
    position: Mapped[ShortText] = mapped_column(default="")
    __table_args__ = (sa.CheckConstraint("what IN ('unit','member','post')", name="what"),)


class PlanTrace(Keyed, Base):
    """What applying a plan wrote into one table, in order: rows added, changed, taken away.

    `entries` are triples (key, before, after) in plain values; reverting goes them backwards.
    """

    __tablename__ = "core_plan_trace"
    plan_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_plan.id"))
    order: Mapped[int]
    table: Mapped[ShortText]
    entries: Mapped[Any] = mapped_column(Json)
    __table_args__ = (sa.Index("uq_core_plan_trace_order", "plan_id", "order", unique=True),)
