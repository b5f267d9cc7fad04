"""The tables that figures are reckoned from tell of which units facts changed."""

from __future__ import annotations

from alembic import op

from core.watching import Watch

revision = "c19f5ae8027b"
down_revision = "7a0c4d1be2f5"
branch_labels = None
depends_on = None

WATCHES = (Watch("evaluation_result"),)


def upgrade() -> None:
    """Go forward."""
    for watch in WATCHES:
        watch.begin(op)


def downgrade() -> None:
    """Go back."""
    for watch in WATCHES:
        watch.end(op)
