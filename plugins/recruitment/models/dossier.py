"""What a dossier holds: papers as a checklist, votes as counts, judgements, running clocks."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Keyed, Line, Revised, ShortText

RESULTS = ("", "met", "not_met", "not_applicable")
OUTCOMES = ("accepted", "permitted", "declined")
CLOCK_KINDS = (
    "pool_review",
    "paper",
    "decision",
    "ceremony",
    "probation",
    "recognition_vote",
    "recognition",
)


class DossierPaper(Keyed, Revised, Base):
    """That a paper of a dossier is there: its day, until when it is valid, who checked it.

    Scans are not kept. Of a verification only day and result stand here. A renewed paper leaves
    the old line with the instant at which it was replaced.
    """

    __tablename__ = "recruitment_paper"
    candidate_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("recruitment_candidate.id"), index=True
    )
    step: Mapped[str] = mapped_column(sa.String(30))
    form: Mapped[str] = mapped_column(sa.String(20), default="")
    title: Mapped[Line]
    dated_on: Mapped[date]
    number: Mapped[ShortText] = mapped_column(default="")
    result: Mapped[str] = mapped_column(sa.String(14), default="")
    valid_until: Mapped[date | None]
    checked_on: Mapped[date]
    checked_by: Mapped[Line] = mapped_column(default="")
    document_id: Mapped[uuid.UUID | None]
    replaced_at: Mapped[datetime | None]
    __table_args__ = (
        sa.CheckConstraint("result IN ('','met','not_met','not_applicable')", name="result"),
        sa.Index(
            "uq_recruitment_paper_current",
            "candidate_id",
            "step",
            unique=True,
            postgresql_where=sa.text("replaced_at IS NULL"),
            sqlite_where=sa.text("replaced_at IS NULL"),
        ),
    )


class DossierVote(Keyed, Base):
    """A vote on a candidate as counts; who was entitled is frozen from that day's membership."""

    __tablename__ = "recruitment_vote"
    candidate_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("recruitment_candidate.id"), index=True
    )
    step: Mapped[str] = mapped_column(sa.String(30))
    unit_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_unit.id"))
    unit_name: Mapped[Line]
    is_committee: Mapped[bool] = mapped_column(default=False)
    held_on: Mapped[date]
    entitled: Mapped[int]
    present: Mapped[int]
    in_favour: Mapped[int]
    against: Mapped[int]
    invalid: Mapped[int] = mapped_column(default=0)
    rule: Mapped[str] = mapped_column(sa.String(12))
    rule_source: Mapped[Line] = mapped_column(default="")
    needed: Mapped[int]
    is_passed: Mapped[bool]
    number: Mapped[ShortText] = mapped_column(default="")
    document_id: Mapped[uuid.UUID | None]
    at: Mapped[datetime]
    by: Mapped[Line] = mapped_column(default="")
    __table_args__ = (
        sa.CheckConstraint("rule IN ('two_thirds','majority')", name="rule"),
        sa.CheckConstraint(
            "in_favour >= 0 AND against >= 0 AND invalid >= 0 AND present <= entitled"
            " AND in_favour + against + invalid <= present AND needed >= 1",
            name="counts",
        ),
    )


class Judgement(Keyed, Base):
    """What a person decided after eligibility was computed, with what was computed then."""

    __tablename__ = "recruitment_judgement"
    candidate_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("recruitment_candidate.id"), index=True
    )
    outcome: Mapped[str] = mapped_column(sa.String(10))
    computed: Mapped[Any] = mapped_column(Json)
    document_no: Mapped[ShortText] = mapped_column(default="")
    on: Mapped[date]
    at: Mapped[datetime]
    by: Mapped[Line] = mapped_column(default="")
    __table_args__ = (
        sa.CheckConstraint("outcome IN ('accepted','permitted','declined')", name="outcome"),
    )


class Clock(Keyed, Base):
    """Something that runs out on a day; it belongs to the candidate and moves with them.

    The day was reckoned when the clock was started, by the settings of that place and day, so a
    move or a new rule does not change a clock that runs. `reminded` is the smallest number of days
    before the end for which somebody was reminded.
    """

    __tablename__ = "recruitment_clock"
    candidate_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("recruitment_candidate.id"), index=True
    )
    kind: Mapped[str] = mapped_column(sa.String(18))
    step: Mapped[str] = mapped_column(sa.String(30), default="")
    started_on: Mapped[date]
    length: Mapped[int]
    in_working_days: Mapped[bool] = mapped_column(default=False)
    source: Mapped[Line] = mapped_column(default="")
    due_on: Mapped[date]
    stopped_on: Mapped[date | None]
    reminded: Mapped[int | None]
    __table_args__ = (
        sa.CheckConstraint("due_on >= started_on", name="days"),
        sa.Index("ix_recruitment_clock_due", "stopped_on", "due_on"),
    )
