"""The outbox of jobs, and what the machinery remembers between two runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Keyed, LongText, ShortText

STATES = ("waiting", "running", "done", "failed")


class Job(Keyed, Base):
    """One piece of work: written with the act that wants it, run after that act committed.

    The payload holds keys only; whoever runs it reads the rows as they are then. `run_after` empty
    means at once: it then depends on no clock. `heartbeat` is kept fresh by the runner; a running
    job whose heartbeat stopped is taken up again by another runner.
    """

    __tablename__ = "core_job"
    kind: Mapped[ShortText]
    key: Mapped[str] = mapped_column(sa.String(160), unique=True)
    payload: Mapped[Any] = mapped_column(Json, default=dict)
    state: Mapped[str] = mapped_column(sa.String(8), default="waiting")
    run_after: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    time_limit_s: Mapped[int]
    last_error: Mapped[LongText] = mapped_column(default="")
    runner: Mapped[ShortText] = mapped_column(default="")
    made_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    heartbeat: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    __table_args__ = (
        sa.CheckConstraint("state IN ('waiting','running','done','failed')", name="state"),
        sa.Index(
            "ix_core_job_open",
            "state",
            "id",
            postgresql_where=sa.text("state IN ('waiting','running')"),
            sqlite_where=sa.text("state IN ('waiting','running')"),
        ),
        sa.Index("ix_core_job_finished", "state", "finished_at"),
    )


class JobState(Base):
    """A word a job leaves for its next run, such as the day up to which it has worked."""

    __tablename__ = "core_job_state"
    name: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    value: Mapped[ShortText]
