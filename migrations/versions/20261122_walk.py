"""A search reads the names of all members in their order, and nothing but their index."""

from __future__ import annotations

from alembic import op

revision = "b3d86c15e9a4"
down_revision = "90d5be17c3f4"
branch_labels = None
depends_on = None

ASKED = ("search", "unit_id", "status", "voided_at", "merged_into_id")


def upgrade() -> None:
    """Go forward."""
    op.create_index("ix_core_member_walk", "core_member", ["sort_key", "id", *ASKED])
    op.drop_index("ix_core_member_sort", table_name="core_member")


def downgrade() -> None:
    """Go back."""
    op.create_index("ix_core_member_sort", "core_member", ["sort_key", "id"])
    op.drop_index("ix_core_member_walk", table_name="core_member")
