"""Who had to come to a meeting, who came, and which guests."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Key, Keyed, Line, SortBytes
from core.watching import watch

GROUPS = ("home", "temporary")
STANDINGS = ("official", "probationary", "exempt", "elsewhere", "suspended", "excused")
ATTENDANCE_STATES = (
    "present",
    "online",
    "late",
    "left_early",
    "excused",
    "absent",
    "not_required",
)
CAME = ("present", "online", "late", "left_early")
REASONS = ("health", "duty", "study", "family", "away", "disaster", "other")


class Attendance(Base):
    """One person's line on the roll, frozen from the membership of the day; `state` None: not yet.

    The name is the one printed then. A reason is a class only, never text.
    """

    __tablename__ = "meetings_attendance"
    meeting_id: Mapped[uuid.UUID] = mapped_column(
        Key(), sa.ForeignKey("meetings_meeting.id"), primary_key=True
    )
    member_id: Mapped[uuid.UUID] = mapped_column(
        Key(), sa.ForeignKey("core_member.id"), primary_key=True
    )
    printed_name: Mapped[Line]
    sort_key: Mapped[SortBytes]
    group: Mapped[str] = mapped_column("list_group", sa.String(10), default="home")
    status: Mapped[str] = mapped_column(sa.String(12), default="official")
    standing: Mapped[str] = mapped_column(sa.String(12))
    is_required: Mapped[bool]
    is_entitled: Mapped[bool]
    state: Mapped[str | None] = mapped_column(sa.String(12))
    reason: Mapped[str] = mapped_column(sa.String(10), default="")
    __table_args__ = (
        sa.CheckConstraint("list_group IN ('home','temporary')", name="list_group"),
        sa.CheckConstraint(
            "state IS NULL OR state IN ('present','online','late','left_early','excused',"
            "'absent','not_required')",
            name="state",
        ),
        sa.Index("ix_meetings_attendance_member", "member_id"),
        {"sqlite_with_rowid": False},
    )


class Visitor(Keyed, Base):
    """A guest of a meeting; `is_superior` for officials from above, who may come unannounced."""

    __tablename__ = "meetings_visitor"
    meeting_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("meetings_meeting.id"), index=True)
    name: Mapped[Line]
    role: Mapped[Line] = mapped_column(default="")
    is_superior: Mapped[bool] = mapped_column(default=False)
    was_announced: Mapped[bool] = mapped_column(default=True)
    assignment_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("meetings_assignment.id"), index=True
    )


watch(Visitor, through=("meetings_meeting", "id", "meeting_id"))
