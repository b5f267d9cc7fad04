"""Lists of a past day are read in their order."""

from __future__ import annotations

from alembic import op

revision = "c2a7d09be3f4"
down_revision = "5b0f0f3f1c21"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_index("ix_core_member_sort", "core_member", ["sort_key", "id"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_core_member_sort", table_name="core_member")
