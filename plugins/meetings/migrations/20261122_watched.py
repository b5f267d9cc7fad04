"""The tables that figures are reckoned from tell of which units facts changed."""

from __future__ import annotations

from alembic import op

from core.watching import Watch

revision = "58e2a0b96d13"
down_revision = "3fd0b62a87c1"
branch_labels = None
depends_on = None

WATCHES = (
    Watch("meetings_meeting"),
    Watch("meetings_visitor", through=("meetings_meeting", "id", "meeting_id")),
    Watch("meetings_task"),
    Watch("meetings_assignment"),
    Watch("meetings_material"),
)


def upgrade() -> None:
    """Go forward."""
    for watch in WATCHES:
        watch.begin(op)


def downgrade() -> None:
    """Go back."""
    for watch in WATCHES:
        watch.end(op)
