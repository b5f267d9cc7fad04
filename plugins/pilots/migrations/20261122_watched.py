"""The tables that figures are reckoned from tell of which units facts changed."""

from __future__ import annotations

from alembic import op

from core.watching import Watch

revision = "e07a4b93d6f8"
down_revision = "53e27c11718c"
branch_labels = None
depends_on = None

WATCHES = (Watch("pilots_registration"),)


def upgrade() -> None:
    """Go forward."""
    for watch in WATCHES:
        watch.begin(op)


def downgrade() -> None:
    """Go back."""
    for watch in WATCHES:
        watch.end(op)
