"""A job makes the list of a campaign, with progress."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "d644a37c640c"
down_revision = "b80840cab6ad"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; campaigns that are there have their lists."""
    with op.batch_alter_table("evaluation_campaign", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_filling", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("unit_count", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(
            sa.Column("units_done", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(sa.Column("taken_to", core.db.Key(length=16), nullable=True))
        batch_op.add_column(sa.Column("ready_at", core.db.Instant(timezone=True), nullable=True))
    op.execute("UPDATE evaluation_campaign SET ready_at = opened_at")


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("evaluation_campaign", schema=None) as batch_op:
        batch_op.drop_column("ready_at")
        batch_op.drop_column("taken_to")
        batch_op.drop_column("units_done")
        batch_op.drop_column("unit_count")
        batch_op.drop_column("is_filling")
