"""Where records stood before a restructuring or a move by hand let them go on elsewhere."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "7c4e1d95ab20"
down_revision = "1f6a93c0d8b2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "core_rehomed",
        sa.Column("row_id", core.db.Key(length=16), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("unit_id", core.db.Key(length=16), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["core_unit.id"], name=op.f("fk_core_rehomed_unit_id")
        ),
        sa.PrimaryKeyConstraint("row_id", "until", name=op.f("pk_core_rehomed")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_core_rehomed_unit_id"), "core_rehomed", ["unit_id"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("core_rehomed")
