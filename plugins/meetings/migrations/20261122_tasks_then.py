"""Since when a task was given and until when it was open, for lists as of an earlier day."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

import core.db

revision = "3fd0b62a87c1"
down_revision = "b7d40f9e21c6"
branch_labels = None
depends_on = None

TASK = sa.table(
    "meetings_task",
    *map(sa.column, ("id", "meeting_id", "carried_from_id", "state", "created_at")),
    *(sa.column(name, sa.Date) for name in ("given_on", "done_on", "closed_on")),
)
MEETING = sa.table("meetings_meeting", sa.column("id"), sa.column("held_on", sa.Date))
LEDGER = sa.table("core_ledger", *map(sa.column, ("about_id", "action", "at")))
CLOSED = ("meetings.task_carried", "meetings.task_dropped")


def _day(instant: Any) -> Any:
    """Return the day of an instant where the system is run."""
    if op.get_bind().dialect.name == "postgresql":
        return sa.cast(sa.func.timezone("Asia/Ho_Chi_Minh", instant), sa.Date)
    return sa.func.date(instant, "+7 hours")


def upgrade() -> None:
    """Go forward; tasks written before take their days from meeting, ledger and what was written.

    Not as a batch: SQLite would drop a table that others refer to.
    """
    op.add_column(
        "meetings_task",
        sa.Column("given_on", sa.Date(), nullable=False, server_default="1930-02-03"),
    )
    op.add_column("meetings_task", sa.Column("closed_on", sa.Date(), nullable=True))
    held = (
        sa.select(MEETING.c.held_on)
        .where(MEETING.c.id == TASK.c.meeting_id, TASK.c.carried_from_id.is_(None))
        .scalar_subquery()
    )
    op.execute(sa.update(TASK).values(given_on=sa.func.coalesce(held, _day(TASK.c.created_at))))
    done = sa.update(TASK).where(TASK.c.state == "done")
    op.execute(done.values(closed_on=TASK.c.done_on))
    closed = (
        sa.select(sa.func.max(_day(LEDGER.c.at)))
        .where(LEDGER.c.about_id == TASK.c.id, LEDGER.c.action.in_(CLOSED))
        .scalar_subquery()
    )
    others = sa.update(TASK).where(TASK.c.state.in_(("carried", "dropped")))
    op.execute(others.values(closed_on=sa.func.coalesce(closed, TASK.c.given_on)))
    core.db.on_postgresql(op, "ALTER TABLE meetings_task ALTER COLUMN given_on DROP DEFAULT")


def downgrade() -> None:
    """Go back."""
    op.drop_column("meetings_task", "closed_on")
    op.drop_column("meetings_task", "given_on")
