"""The overdue tasks of a province are found without reading all tasks there ever were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b7d40f9e21c6"
down_revision = "c5b1de07a2f9"
branch_labels = None
depends_on = None

UNDONE = sa.text("state IN ('todo','doing')")


def upgrade() -> None:
    """Go forward."""
    op.create_index(
        "ix_meetings_task_open_due",
        "meetings_task",
        ["due_on", "id"],
        postgresql_where=UNDONE,
        sqlite_where=UNDONE,
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_meetings_task_open_due", table_name="meetings_task")
