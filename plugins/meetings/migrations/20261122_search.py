"""Meetings and resolutions are found by any part of their titles."""

from __future__ import annotations

from alembic import op

import core.db

revision = "9d1c52c6a7e4"
down_revision = "e4c4b77e97ad"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    core.db.on_postgresql(
        op,
        "CREATE INDEX IF NOT EXISTS ix_meetings_meeting_search ON meetings_meeting "
        "USING gin (search gin_trgm_ops)",
    )
    core.db.on_postgresql(
        op,
        "CREATE INDEX IF NOT EXISTS ix_meetings_resolution_search ON meetings_resolution "
        "USING gin (search gin_trgm_ops)",
    )


def downgrade() -> None:
    """Go back."""
    core.db.on_postgresql(op, "DROP INDEX IF EXISTS ix_meetings_resolution_search")
    core.db.on_postgresql(op, "DROP INDEX IF EXISTS ix_meetings_meeting_search")
