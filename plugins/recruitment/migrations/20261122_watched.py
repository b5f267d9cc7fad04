"""The tables that figures are reckoned from tell of which units facts changed."""

from __future__ import annotations

from alembic import op

from core.watching import Watch

revision = "4ad9130ec57b"
down_revision = "2e8b7f40c6d1"
branch_labels = None
depends_on = None

WATCHES = (
    Watch("recruitment_admission"),
    Watch("recruitment_target"),
)


def upgrade() -> None:
    """Go forward."""
    for watch in WATCHES:
        watch.begin(op)


def downgrade() -> None:
    """Go back."""
    for watch in WATCHES:
        watch.end(op)
