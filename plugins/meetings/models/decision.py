"""What a meeting decided: votes as counts, resolutions with items, tasks."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Keyed, Line, LongText, Revised, Scoped, ShortText, trigrams
from core.folded import for_sqlite
from core.watching import watch

from .. import permissions

METHODS = ("cards", "secret")
QUESTIONS = ("decision", "admission", "minutes")
RULES = ("majority", "two_thirds")
BASES = ("entitled", "present")
NEXT_STEPS = ("prepare_again", "report_up")
TASK_STATES = ("todo", "doing", "done", "carried", "dropped")
OPEN_TASK = ("todo", "doing")


class Vote(Keyed, Base):
    """A vote as counts only; rule and base as they stood in the settings of the day."""

    __tablename__ = "meetings_vote"
    meeting_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("meetings_meeting.id"), index=True)
    item_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("meetings_agenda_item.id"))
    question: Mapped[Line]
    kind: Mapped[str] = mapped_column(sa.String(12), default="decision")
    method: Mapped[str] = mapped_column(sa.String(6), default="cards")
    rule: Mapped[str] = mapped_column(sa.String(12))
    base: Mapped[str] = mapped_column(sa.String(10))
    base_count: Mapped[int]
    needed: Mapped[int]
    present: Mapped[int]
    issued: Mapped[int | None]
    returned: Mapped[int | None]
    valid: Mapped[int | None]
    invalid: Mapped[int | None]
    in_favour: Mapped[int]
    against: Mapped[int] = mapped_column(default=0)
    abstained: Mapped[int] = mapped_column(default=0)
    is_passed: Mapped[bool]
    what_next: Mapped[str] = mapped_column(sa.String(14), default="")
    at: Mapped[datetime]
    __table_args__ = (
        sa.CheckConstraint("method IN ('cards','secret')", name="method"),
        sa.CheckConstraint("rule IN ('majority','two_thirds')", name="rule"),
        sa.CheckConstraint(
            "in_favour >= 0 AND against >= 0 AND abstained >= 0 AND present >= 0", name="counts"
        ),
        sa.CheckConstraint("what_next IN ('','prepare_again','report_up')", name="what_next"),
    )


class Resolution(Keyed, Scoped, Revised, Base):
    """A resolution of a branch; number and code come from the register when it is issued.

    `code` is the number as papers bear it, such as 02-NQ/CB.
    """

    __tablename__ = "meetings_resolution"
    __see__: ClassVar[str] = permissions.SEE
    meeting_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("meetings_meeting.id"), index=True)
    item_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("meetings_agenda_item.id"))
    vote_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("meetings_vote.id"))
    title: Mapped[Line]
    search: Mapped[Line] = mapped_column(default="")
    text: Mapped[LongText]
    grounds: Mapped[LongText] = mapped_column(default="")
    decided_on: Mapped[date]
    number: Mapped[int | None]
    code: Mapped[ShortText] = mapped_column(default="")
    issued_on: Mapped[date | None]
    document_id: Mapped[uuid.UUID | None]
    is_done: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        trigrams("ix_meetings_resolution_search", "search"),
        for_sqlite("ix_meetings_resolution_walk", "decided_on", "id", "search", "unit_id"),
    )


class ResolutionItem(Keyed, Base):
    """One point of a resolution, with who carries it out and until when."""

    __tablename__ = "meetings_resolution_item"
    resolution_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("meetings_resolution.id", name="fk_meetings_resolution_item_resolution"),
        index=True,
    )
    order: Mapped[int] = mapped_column("position", default=0)
    text: Mapped[LongText]
    owner_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("core_member.id"))
    owner_name: Mapped[Line] = mapped_column(default="")
    due_on: Mapped[date | None]


_UNDONE = sa.text("state IN ('todo','doing')")


class Task(Keyed, Scoped, Revised, Base):
    """What somebody does until a day; given in a meeting, followed up until it is done.

    `closed_on` is the day on which it was done, carried over or dropped.
    """

    __tablename__ = "meetings_task"
    __see__: ClassVar[str] = permissions.TASK_SEE
    title: Mapped[Line]
    owner_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_member.id"))
    owner_name: Mapped[Line]
    given_on: Mapped[date]
    due_on: Mapped[date]
    closed_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(sa.String(8), default="todo")
    meeting_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("meetings_meeting.id"), index=True
    )
    item_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("meetings_agenda_item.id"))
    resolution_item_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("meetings_resolution_item.id")
    )
    carried_from_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("meetings_task.id"))
    report: Mapped[LongText] = mapped_column(default="")
    reported_at: Mapped[datetime | None]
    done_on: Mapped[date | None]
    requested_due_on: Mapped[date | None]
    request_reason: Mapped[Line] = mapped_column(default="")
    times_reminded: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None]
    dropped_reason: Mapped[Line] = mapped_column(default="")
    origin: Mapped[ShortText] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by: Mapped[Line] = mapped_column(default="")
    __table_args__ = (
        sa.CheckConstraint("state IN ('todo','doing','done','carried','dropped')", name="state"),
        sa.CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name="done"),
        sa.Index("ix_meetings_task_unit_due", "unit_id", "due_on"),
        sa.Index("ix_meetings_task_owner", "owner_id", "due_on"),
        # What is overdue in a whole province is little of all there ever was to do.
        sa.Index(
            "ix_meetings_task_open_due",
            *("due_on", "id"),
            postgresql_where=_UNDONE,
            sqlite_where=_UNDONE,
        ),
    )


watch(Task)
