"""A campaign of evaluation: its rules frozen at the opening, its dated stages, its caps."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Keyed, Line, Revised, Scoped, ShortText

from .. import permissions

SUBJECTS = ("collective", "member", "unit", "leader")
"""Subjects in the order in which they are decided."""
LEVELS = ("excellent", "good", "completed", "not_completed")
"""Levels, the best first."""
PERIOD_KINDS = ("year", "quarter", "term", "on_demand")
TIERS = ("branch", "grassroots", "superior")
CAMPAIGN_STATES = ("running", "closed", "void")
SCOPES = ("grassroots_org", "peer_group", "superior", "campaign")
BASES = ("good_or_better", "good_only", "all_rated")
ROUNDINGS = ("floor", "nearest")


class Campaign(Keyed, Scoped, Revised, Base):
    """A campaign at a unit for everybody below it.

    `scheme`, `caps` and `rules` are the settings as they were when it was opened: what a committee
    decides later for next year changes nothing here. `period_last` is the period's last day.
    A job takes in the units below one after the other: `units_done` of `unit_count`, up to the
    one with the key `taken_to`. Nothing is done in a campaign before it is ready for the first
    time.
    """

    __tablename__ = "evaluation_campaign"
    __see__: ClassVar[str] = permissions.SEE
    title: Mapped[Line]
    period_key: Mapped[str] = mapped_column(sa.String(20))
    period_kind: Mapped[str] = mapped_column(sa.String(10))
    period_start: Mapped[date]
    period_last: Mapped[date]
    subjects: Mapped[Any] = mapped_column(Json)
    scheme: Mapped[Any] = mapped_column(Json)
    caps: Mapped[Any] = mapped_column(Json)
    rules: Mapped[Any] = mapped_column(Json)
    state: Mapped[str] = mapped_column(sa.String(10), default="running")
    document_no: Mapped[ShortText] = mapped_column(default="")
    opened_at: Mapped[datetime]
    opened_by: Mapped[Line] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    is_filling: Mapped[bool] = mapped_column(default=False)
    unit_count: Mapped[int] = mapped_column(default=0)
    units_done: Mapped[int] = mapped_column(default=0)
    taken_to: Mapped[uuid.UUID | None]
    ready_at: Mapped[datetime | None]
    __table_args__ = (
        sa.CheckConstraint("state IN ('running','closed','void')", name="state"),
        sa.CheckConstraint(
            "period_kind IN ('year','quarter','term','on_demand')", name="period_kind"
        ),
        sa.CheckConstraint("period_start <= period_last", name="period"),
        sa.Index("ix_evaluation_campaign_state", "state", "period_key"),
    )

    @property
    def is_open(self) -> bool:
        """Whether work goes on in it: it is running and its list was made."""
        return self.state == "running" and self.ready_at is not None


class StageDay(Keyed, Base):
    """By which day a stage is to be finished at a tier of the organisation."""

    __tablename__ = "evaluation_stage_day"
    campaign_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("evaluation_campaign.id", name="fk_evaluation_stage_day_campaign")
    )
    tier: Mapped[str] = mapped_column(sa.String(10))
    stage: Mapped[str] = mapped_column(sa.String(12))
    due_on: Mapped[date]
    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "tier", "stage", name="uq_evaluation_stage_day"),
    )


class Extension(Keyed, Base):
    """A later day for one stage at a unit and everything under it, with its document."""

    __tablename__ = "evaluation_extension"
    campaign_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("evaluation_campaign.id", name="fk_evaluation_extension_campaign")
    )
    place_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("core_unit.id", name="fk_evaluation_extension_place")
    )
    stage: Mapped[str] = mapped_column(sa.String(12))
    due_on: Mapped[date]
    document_no: Mapped[ShortText]
    document_on: Mapped[date | None]
    reason: Mapped[Line] = mapped_column(default="")
    at: Mapped[datetime]
    by: Mapped[Line] = mapped_column(default="")
    __table_args__ = (
        sa.Index("ix_evaluation_extension_place", "campaign_id", "place_id", "stage"),
    )


class Counter(Keyed, Base):
    """How many of a group are rated, good or excellent, and how many may be excellent.

    Whoever changes a level locks the counters it counts in, in the order of their keys; `room` is
    what the rule and `extra` allow, and the database itself refuses more excellent ones than that.
    `share` is the percentage in hundredths: 2000 is 20 %.
    """

    __tablename__ = "evaluation_counter"
    campaign_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("evaluation_campaign.id", name="fk_evaluation_counter_campaign")
    )
    scope: Mapped[str] = mapped_column(sa.String(16))
    subject_kind: Mapped[str] = mapped_column(sa.String(10))
    place_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("core_unit.id", name="fk_evaluation_counter_place")
    )
    group: Mapped[ShortText] = mapped_column("peer_group", default="")
    base: Mapped[str] = mapped_column(sa.String(16))
    share: Mapped[int]
    rounding: Mapped[str] = mapped_column(sa.String(8))
    rated: Mapped[int] = mapped_column(default=0)
    good: Mapped[int] = mapped_column(default=0)
    excellent: Mapped[int] = mapped_column(default=0)
    extra: Mapped[int] = mapped_column(default=0)
    extra_document_no: Mapped[ShortText] = mapped_column(default="")
    extra_document_on: Mapped[date | None]
    room: Mapped[int] = mapped_column(default=0)
    __table_args__ = (
        sa.UniqueConstraint(
            *("campaign_id", "scope", "subject_kind", "place_id", "peer_group"),
            name="uq_evaluation_counter",
        ),
        sa.CheckConstraint("excellent <= room", name="room"),
        sa.CheckConstraint(
            "excellent >= 0 AND good >= 0 AND rated >= good + excellent", name="sums"
        ),
        sa.Index("ix_evaluation_counter_place", "place_id", "campaign_id"),
    )


class Seat(Keyed, Base):
    """In which counters an evaluation counts."""

    __tablename__ = "evaluation_seat"
    review_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("evaluation_review.id", name="fk_evaluation_seat_review")
    )
    counter_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("evaluation_counter.id", name="fk_evaluation_seat_counter"), index=True
    )
    __table_args__ = (sa.UniqueConstraint("review_id", "counter_id", name="uq_evaluation_seat"),)


class Report(Keyed, Scoped, Base):
    """A report as it was sent: its figures stay; what changed since is reckoned when one looks."""

    __tablename__ = "evaluation_report"
    __see__: ClassVar[str] = permissions.RESULTS
    campaign_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("evaluation_campaign.id", name="fk_evaluation_report_campaign"), index=True
    )
    document_no: Mapped[ShortText] = mapped_column(default="")
    sent_on: Mapped[date]
    made_at: Mapped[datetime]
    made_by: Mapped[Line] = mapped_column(default="")
    rows: Mapped[Any] = mapped_column(Json)
