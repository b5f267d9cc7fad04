"""Who is on probation in a province is found without reading all members."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1f6a93c0d8b2"
down_revision = "fa5b078b4bfa"
branch_labels = None
depends_on = None

PROBATIONARY = sa.text("status = 'probationary'")


def upgrade() -> None:
    """Go forward."""
    op.create_index(
        "ix_core_member_probationary",
        "core_member",
        ["unit_id"],
        postgresql_where=PROBATIONARY,
        sqlite_where=PROBATIONARY,
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_core_member_probationary", table_name="core_member")
