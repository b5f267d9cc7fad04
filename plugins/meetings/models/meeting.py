"""A meeting with its agenda, its announcements, and how it was put off."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Key, Keyed, Line, LongText, Revised, Scoped, ShortText, trigrams
from core.folded import for_sqlite
from core.watching import watch

from .. import permissions

KINDS = ("branch", "extra", "committee", "group")
MODES = ("onsite", "online", "mixed")
STATES = (
    "preparing",
    "asked",
    "agreed",
    "announced",
    "postponed",
    "holding",
    "minutes",
    "closed",
    "not_held",
    "void",
)
BEFORE = ("preparing", "asked", "agreed", "announced", "postponed")
HELD = ("holding", "minutes", "closed")
ORIGINS = ("own", "template", "task", "resolution", "material", "vote", "petition")

_ONE_A_MONTH = sa.text("kind = 'branch' AND is_regular AND state NOT IN ('not_held','void')")


class Figures:
    """Figures of a meeting, stored with it: live while it is held, frozen when minutes are locked.

    `members` counts home members (official with exempt, and probationary); `required` who had to
    come; `attended` is present, online, late or left early among those; `entitled` may vote.
    """

    members: Mapped[int] = mapped_column(default=0, sort_order=50)
    official: Mapped[int] = mapped_column(default=0, sort_order=51)
    probationary: Mapped[int] = mapped_column(default=0, sort_order=52)
    exempt: Mapped[int] = mapped_column(default=0, sort_order=53)
    elsewhere: Mapped[int] = mapped_column(default=0, sort_order=54)
    suspended: Mapped[int] = mapped_column(default=0, sort_order=55)
    required: Mapped[int] = mapped_column(default=0, sort_order=56)
    attended: Mapped[int] = mapped_column(default=0, sort_order=57)
    online: Mapped[int] = mapped_column(default=0, sort_order=58)
    excused: Mapped[int] = mapped_column(default=0, sort_order=59)
    absent: Mapped[int] = mapped_column(default=0, sort_order=60)
    entitled: Mapped[int] = mapped_column(default=0, sort_order=61)
    entitled_present: Mapped[int] = mapped_column(default=0, sort_order=62)
    guests: Mapped[int] = mapped_column(default=0, sort_order=63)
    used_material: Mapped[bool] = mapped_column(default=False, sort_order=64)


class Meeting(Keyed, Scoped, Figures, Revised, Base):
    """A meeting of a unit: planned, announced, held, recorded.

    `for_month` is the month it counts for, whatever the day; a sitting may be regular and thematic.
    `round` counts announcements: after each postponement everybody is told again.
    """

    __tablename__ = "meetings_meeting"
    __see__: ClassVar[str] = permissions.SEE
    kind: Mapped[str] = mapped_column(sa.String(10), default="branch")
    for_month: Mapped[date]
    is_regular: Mapped[bool] = mapped_column(default=True)
    is_thematic: Mapped[bool] = mapped_column(default=False)
    theme: Mapped[Line] = mapped_column(default="")
    is_model: Mapped[bool] = mapped_column(default=False)
    mode: Mapped[str] = mapped_column(sa.String(8), default="onsite")
    approval_no: Mapped[ShortText] = mapped_column(default="")
    title: Mapped[Line] = mapped_column(default="")
    search: Mapped[Line] = mapped_column(default="")
    place: Mapped[Line] = mapped_column(default="")
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    held_on: Mapped[date | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    chair_id: Mapped[uuid.UUID | None] = mapped_column(Key(), sa.ForeignKey("core_member.id"))
    clerk_id: Mapped[uuid.UUID | None] = mapped_column(Key(), sa.ForeignKey("core_member.id"))
    chair_name: Mapped[Line] = mapped_column(default="")
    clerk_name: Mapped[Line] = mapped_column(default="")
    state: Mapped[str] = mapped_column(sa.String(10), default="preparing")
    asked_at: Mapped[datetime | None]
    agreed_on: Mapped[date | None]
    announced_at: Mapped[datetime | None]
    round: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    not_held_reason: Mapped[Line] = mapped_column(default="")
    roll_opened_at: Mapped[datetime | None]
    roll_closed_at: Mapped[datetime | None]
    is_from_paper: Mapped[bool] = mapped_column(default=False)
    is_amending: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]
    quality: Mapped[LongText] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by: Mapped[Line] = mapped_column(default="")
    changed_at: Mapped[datetime]
    __table_args__ = (
        sa.CheckConstraint("kind IN ('branch','extra','committee','group')", name="kind"),
        sa.CheckConstraint("mode IN ('onsite','online','mixed')", name="mode"),
        sa.CheckConstraint(
            "state IN ('preparing','asked','agreed','announced','postponed','holding','minutes',"
            "'closed','not_held','void')",
            name="state",
        ),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="times"),
        sa.Index(
            "uq_meetings_meeting_one_a_month",
            "unit_id",
            "for_month",
            unique=True,
            postgresql_where=_ONE_A_MONTH,
            sqlite_where=_ONE_A_MONTH,
        ),
        sa.Index("ix_meetings_meeting_month", "for_month", "unit_id"),
        sa.Index("ix_meetings_meeting_unit_day", "unit_id", "held_on"),
        trigrams("ix_meetings_meeting_search", "search"),
        for_sqlite("ix_meetings_meeting_walk", "for_month", "id", "search", "state", "unit_id"),
    )


class AgendaItem(Keyed, Base):
    """One point of a meeting: proposed with a reason, discussed, concluded.

    What was said stands here as text of the minutes; nothing is kept by speaker.
    """

    __tablename__ = "meetings_agenda_item"
    meeting_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("meetings_meeting.id"))
    order: Mapped[int] = mapped_column("position", default=0)
    title: Mapped[Line]
    minutes: Mapped[int] = mapped_column(default=10)
    presenter_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("core_member.id"))
    presenter_name: Mapped[Line] = mapped_column(default="")
    origin: Mapped[str] = mapped_column(sa.String(10), default="own")
    origin_id: Mapped[uuid.UUID | None]
    reason: Mapped[Line] = mapped_column(default="")
    draft_resolution: Mapped[LongText] = mapped_column(default="")
    started_at: Mapped[datetime | None]
    discussion: Mapped[LongText] = mapped_column(default="")
    conclusion: Mapped[LongText] = mapped_column(default="")
    concluded_at: Mapped[datetime | None]
    __table_args__ = (
        sa.CheckConstraint("minutes BETWEEN 0 AND 600", name="minutes"),
        sa.Index("ix_meetings_agenda_item_meeting", "meeting_id", "position"),
    )


class Announcement(Keyed, Base):
    """One round of telling everybody: when, by whom, how late and why."""

    __tablename__ = "meetings_announcement"
    meeting_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("meetings_meeting.id", name="fk_meetings_announcement_meeting"), index=True
    )
    round: Mapped[int] = mapped_column(sa.SmallInteger)
    sent_at: Mapped[datetime]
    by: Mapped[Line] = mapped_column(default="")
    starts_at: Mapped[datetime]
    place: Mapped[Line] = mapped_column(default="")
    late_reason: Mapped[Line] = mapped_column(default="")
    recipients: Mapped[int] = mapped_column(default=0)
    posted_on: Mapped[date | None]
    __table_args__ = (sa.UniqueConstraint("meeting_id", "round", name="uq_meetings_announcement"),)


class Told(Base):
    """That a member was told of a meeting, by which way: it counts for the deadline."""

    __tablename__ = "meetings_told"
    meeting_id: Mapped[uuid.UUID] = mapped_column(
        Key(), sa.ForeignKey("meetings_meeting.id"), primary_key=True
    )
    round: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(
        Key(), sa.ForeignKey("core_member.id"), primary_key=True
    )
    how: Mapped[str] = mapped_column(sa.String(10))
    at: Mapped[datetime]
    by: Mapped[Line] = mapped_column(default="")
    __table_args__ = (
        sa.CheckConstraint("how IN ('app','phone','in_person','slip')", name="how"),
        sa.Index("ix_meetings_told_member", "member_id"),
    )


class Postponement(Keyed, Base):
    """A meeting put off with a reason; the agenda stays, and it is not “not held”."""

    __tablename__ = "meetings_postponement"
    meeting_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("meetings_meeting.id"), index=True)
    from_at: Mapped[datetime | None]
    to_at: Mapped[datetime | None]
    reason: Mapped[Line]
    at: Mapped[datetime]
    by: Mapped[Line] = mapped_column(default="")


class Moved(Keyed, Base):
    """Which rows two records of one person exchanged, so that a merge can be taken back."""

    __tablename__ = "meetings_moved"
    kept_id: Mapped[uuid.UUID] = mapped_column(index=True)
    merged_id: Mapped[uuid.UUID]
    rows: Mapped[Any] = mapped_column(Json)


watch(Meeting)
