"""A candidate on the way into the Party: who, where, at which stage, helped by whom."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import (
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

from .. import permissions

STATES = ("open", "referred", "recognised", "refused", "withdrawn")
OPEN_STATES = ("open", "referred")
CLOSED_STATES = ("recognised", "refused", "withdrawn")
ROLES = ("introducer", "helper")
PASSAGES = ("entered", "stage", "moved", "template", "referred", "returned", "closed", "reopened")


class Candidate(Keyed, Scoped, Revised, Base):
    """Somebody on the way into the Party; only what the admission needs, nothing of relatives.

    The dossier's steps are those that held at the unit on `template_on`. From the ceremony on
    `member_id` names the member. `former_id` names the record of somebody who was one before.
    """

    __tablename__ = "recruitment_candidate"
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
    phone: Mapped[str] = mapped_column(sa.String(30), default="")
    education: Mapped[str] = mapped_column(sa.String(20), default="")
    groups: Mapped[Any] = mapped_column(Json)
    is_union_member: Mapped[bool] = mapped_column(default=False)
    entered_on: Mapped[date]
    reviewed_on: Mapped[date | None]
    stage: Mapped[str] = mapped_column(sa.String(12), default="pool")
    stage_since: Mapped[date]
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    template_on: Mapped[date]
    eligible_on: Mapped[date | None]
    decision_no: Mapped[ShortText] = mapped_column(default="")
    decided_on: Mapped[date | None]
    received_on: Mapped[date | None]
    ceremony_on: Mapped[date | None]
    official_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    closed_reason: Mapped[ShortText] = mapped_column(default="")
    anonymised_at: Mapped[datetime | None]
    member_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("core_member.id"), index=True)
    former_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("core_member.id"))
    created_at: Mapped[datetime]
    created_by: Mapped[Line] = mapped_column(default="")
    changed_at: Mapped[datetime]
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('open','referred','recognised','refused','withdrawn')", name="state"
        ),
        sa.CheckConstraint("(state IN ('open','referred')) = (closed_on IS NULL)", name="closed"),
        sa.Index("ix_recruitment_candidate_unit_stage", "unit_id", "state", "stage"),
        sa.Index("ix_recruitment_candidate_unit_sort", "unit_id", "sort_key", "id"),
        sa.Index("ix_recruitment_candidate_closed", "closed_on", "state"),
        # A search reads names in this order, and nothing but this index; rare ones by the other.
        sa.Index(
            "ix_recruitment_candidate_walk",
            "sort_key",
            "id",
            "search",
            "state",
            "unit_id",
            "stage",
            "full_name",
        ),
        trigrams("ix_recruitment_candidate_search", "search"),
    )


class Supporter(Keyed, Base):
    """A member who introduces a candidate, or helps through the pool or the probation."""

    __tablename__ = "recruitment_supporter"
    candidate_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("recruitment_candidate.id"), index=True
    )
    member_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("core_member.id"), index=True)
    name: Mapped[Line]
    role: Mapped[str] = mapped_column(sa.String(10))
    known_since: Mapped[date | None]
    is_replacement: Mapped[bool] = mapped_column(default=False)
    since: Mapped[date]
    until: Mapped[date | None]
    __table_args__ = (sa.CheckConstraint("role IN ('introducer','helper')", name="role"),)


class Passage(Keyed, Base):
    """A step on the way: a stage reached, a move, a case referred, closed; the history."""

    __tablename__ = "recruitment_passage"
    candidate_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("recruitment_candidate.id"), index=True
    )
    kind: Mapped[str] = mapped_column(sa.String(10))
    from_stage: Mapped[str] = mapped_column(sa.String(12), default="")
    to_stage: Mapped[str] = mapped_column(sa.String(12), default="")
    from_unit_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("core_unit.id"))
    to_unit_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("core_unit.id"))
    missing: Mapped[Any] = mapped_column(Json)
    document_no: Mapped[ShortText] = mapped_column(default="")
    on: Mapped[date]
    at: Mapped[datetime]
    by: Mapped[Line] = mapped_column(default="")


class Moved(Keyed, Base):
    """Which rows two records of one person exchanged, so that a merge can be taken back."""

    __tablename__ = "recruitment_moved"
    kept_id: Mapped[uuid.UUID] = mapped_column(Key(), index=True)
    merged_id: Mapped[uuid.UUID]
    rows: Mapped[Any] = mapped_column(Json)
