"""The evaluation of one subject in a campaign, with all that belongs to its way."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Key, Keyed, Line, LongText, Revised, Scoped, ShortText, SortBytes

from .. import permissions

STAGES = ("self_review", "comments", "vote", "appraisal", "decision", "notice", "done")
"""The way of an evaluation; `not_rated` stands beside it."""
OPEN_STAGES = STAGES[:-1]
UNDECIDED = STAGES[:5]
FORMS = ("01", "2A", "2B", "2C")
RESIDENCE = ("not_needed", "exempt", "needed", "asked", "answered")
COMMENT_KINDS = ("residence", "former")
OPINIONS = ("fulfilled", "partly", "not_fulfilled", "unknown")
_LEVEL = "('excellent','good','completed','not_completed')"


class Review(Keyed, Scoped, Revised, Base):
    """How far the evaluation of a unit, collective, leader or member is.

    `subject_id` is the unit or the member. `appraiser_id` and `decider_id` are the competent
    bodies, by the settings of the opening. `counted_level` is what fills places under the caps:
    the level picked in the appraisal, then the decided one.
    """

    __tablename__ = "evaluation_review"
    __see__: ClassVar[str] = permissions.SEE
    campaign_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("evaluation_campaign.id", name="fk_evaluation_review_campaign")
    )
    subject_kind: Mapped[str] = mapped_column(sa.String(10))
    subject_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID | None] = mapped_column(
        Key(), sa.ForeignKey("core_member.id", name="fk_evaluation_review_member")
    )
    subject_name: Mapped[Line]
    sort_key: Mapped[SortBytes]
    form: Mapped[str] = mapped_column(sa.String(4))
    tier: Mapped[str] = mapped_column(sa.String(10))
    peer_group: Mapped[ShortText] = mapped_column(default="")
    appraiser_id: Mapped[uuid.UUID] = mapped_column(
        Key(), sa.ForeignKey("core_unit.id", name="fk_evaluation_review_appraiser")
    )
    decider_id: Mapped[uuid.UUID] = mapped_column(
        Key(), sa.ForeignKey("core_unit.id", name="fk_evaluation_review_decider")
    )
    stage: Mapped[str] = mapped_column(sa.String(12), default="self_review")
    not_rated_reason: Mapped[ShortText] = mapped_column(default="")
    self_level: Mapped[str | None] = mapped_column(sa.String(16))
    on_paper: Mapped[bool] = mapped_column(default=False)
    branch_comment: Mapped[LongText] = mapped_column(default="")
    residence: Mapped[str] = mapped_column(sa.String(12), default="not_needed")
    former_unit_id: Mapped[uuid.UUID | None] = mapped_column(
        Key(), sa.ForeignKey("core_unit.id", name="fk_evaluation_review_former")
    )
    voted_level: Mapped[str | None] = mapped_column(sa.String(16))
    rank: Mapped[int | None]
    pick_reason: Mapped[Line] = mapped_column(default="")
    counted_level: Mapped[str | None] = mapped_column(sa.String(16))
    points: Mapped[float | None]
    forced_level: Mapped[str | None] = mapped_column(sa.String(16))
    forced_code: Mapped[ShortText] = mapped_column(default="")
    forced_reference: Mapped[Line] = mapped_column(default="")
    forced_by: Mapped[Line] = mapped_column(default="")
    level: Mapped[str | None] = mapped_column(sa.String(16))
    decided_on: Mapped[date | None]
    decision_no: Mapped[ShortText] = mapped_column(default="")
    notified_at: Mapped[datetime | None]
    returned_reason: Mapped[Line] = mapped_column(default="")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    __table_args__ = (
        sa.CheckConstraint(
            "stage IN ('self_review','comments','vote','appraisal','decision','notice','done',"
            "'not_rated')",
            name="stage",
        ),
        sa.CheckConstraint(
            "subject_kind IN ('unit','collective','leader','member')", name="subject_kind"
        ),
        sa.CheckConstraint(f"counted_level IN {_LEVEL}", name="counted_level"),
        sa.CheckConstraint(f"level IN {_LEVEL}", name="level"),
        sa.CheckConstraint("(member_id IS NULL) = (subject_kind IN ('unit','collective'))",
                           name="person"),
        sa.UniqueConstraint(
            "campaign_id", "subject_kind", "subject_id", "unit_id", name="uq_evaluation_review"
        ),
        sa.Index("ix_evaluation_review_list", "campaign_id", "unit_id", "subject_kind", "sort_key"),
        sa.Index("ix_evaluation_review_member", "member_id"),
        sa.Index("ix_evaluation_review_decider", "decider_id", "campaign_id", "subject_kind"),
    )  # fmt: skip


class SelfReview(Scoped, Revised, Base):
    """What somebody writes about their year; its own permission, never searched, erased in time.

    `unit_id` goes with the evaluation. `answers` hold the sections of the form by key, `scores` the
    points one gives oneself by criterion.
    """

    __tablename__ = "evaluation_self_review"
    __see__: ClassVar[str] = permissions.READ_SELF_REVIEWS
    review_id: Mapped[uuid.UUID] = mapped_column(
        Key(), sa.ForeignKey("evaluation_review.id"), primary_key=True, sort_order=-10
    )
    answers: Mapped[Any] = mapped_column(Json)
    scores: Mapped[Any] = mapped_column(Json)
    proposed_level: Mapped[str | None] = mapped_column(sa.String(16))
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[Line] = mapped_column(default="")
    erased_at: Mapped[datetime | None]


class Ballot(Base):
    """The ballots on one evaluation, as counts: nobody can tell who voted how."""

    __tablename__ = "evaluation_ballot"
    review_id: Mapped[uuid.UUID] = mapped_column(
        Key(), sa.ForeignKey("evaluation_review.id"), primary_key=True
    )
    entitled: Mapped[int]
    present: Mapped[int]
    issued: Mapped[int]
    returned: Mapped[int]
    invalid: Mapped[int]
    excellent: Mapped[int]
    good: Mapped[int]
    completed: Mapped[int]
    not_completed: Mapped[int]
    voted_on: Mapped[date]
    at: Mapped[datetime]
    by: Mapped[Line] = mapped_column(default="")
    __table_args__ = (
        sa.CheckConstraint(
            "invalid >= 0 AND excellent >= 0 AND good >= 0 AND completed >= 0"
            " AND not_completed >= 0",
            name="counts",
        ),
        sa.CheckConstraint("issued <= present AND returned <= issued", name="papers"),
        sa.CheckConstraint(
            "excellent + good + completed + not_completed + invalid = returned", name="sum"
        ),
    )


class Comment(Keyed, Scoped, Revised, Base):
    """A comment asked of another branch: where a member lives, or where they were before.

    `unit_id` is the branch asked; of one that does not use the system the asking branch types in
    the answer itself (`is_outside`).
    """

    __tablename__ = "evaluation_comment"
    __see__: ClassVar[str] = permissions.ANSWER
    review_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("evaluation_review.id", name="fk_evaluation_comment_review"), index=True
    )
    kind: Mapped[str] = mapped_column(sa.String(10), default="residence")
    subject_name: Mapped[Line]
    asking_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("core_unit.id", name="fk_evaluation_comment_asking"), index=True
    )
    asking_name: Mapped[Line]
    asked_name: Mapped[Line]
    is_outside: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime]
    asked_by: Mapped[Line] = mapped_column(default="")
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(sa.String(10), default="asked")
    opinion: Mapped[str] = mapped_column(sa.String(16), default="")
    text: Mapped[LongText] = mapped_column(default="")
    answered_on: Mapped[date | None]
    answered_by: Mapped[Line] = mapped_column(default="")
    __table_args__ = (
        sa.CheckConstraint("state IN ('asked','answered','withdrawn')", name="state"),
        sa.CheckConstraint("kind IN ('residence','former')", name="kind"),
        sa.Index("ix_evaluation_comment_open", "unit_id", "state"),
    )


class Step(Keyed, Base):
    """One act on an evaluation: from which stage to which, by whom, why, under which document."""

    __tablename__ = "evaluation_step"
    review_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("evaluation_review.id", name="fk_evaluation_step_review")
    )
    at: Mapped[datetime]
    by: Mapped[Line] = mapped_column(default="")
    action: Mapped[ShortText]
    from_stage: Mapped[str] = mapped_column(sa.String(12), default="")
    to_stage: Mapped[str] = mapped_column(sa.String(12), default="")
    reason: Mapped[Line] = mapped_column(default="")
    document_no: Mapped[ShortText] = mapped_column(default="")
    __table_args__ = (sa.Index("ix_evaluation_step_review", "review_id", "at"),)


class Appeal(Keyed, Scoped, Base):
    """A complaint about a level, and what the competent body answered; its own permission.

    `unit_id` goes with the evaluation.
    """

    __tablename__ = "evaluation_appeal"
    __see__: ClassVar[str] = permissions.READ_APPEALS
    review_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("evaluation_review.id", name="fk_evaluation_appeal_review"), index=True
    )
    received_on: Mapped[date]
    text: Mapped[LongText] = mapped_column(default="")
    state: Mapped[str] = mapped_column(sa.String(10), default="open")
    answer: Mapped[Line] = mapped_column(default="")
    answered_on: Mapped[date | None]
    document_no: Mapped[ShortText] = mapped_column(default="")
    at: Mapped[datetime]
    by: Mapped[Line] = mapped_column(default="")
    __table_args__ = (sa.CheckConstraint("state IN ('open','granted','dismissed')", name="state"),)
