"""Answers of figures are kept for processes that remember none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import core.db

revision = "4e19c7a2d06b"
down_revision = "b3d86c15e9a4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "core_kept_answer",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column(
            "sums",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("kept_at", core.db.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_core_kept_answer")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("core_kept_answer")
