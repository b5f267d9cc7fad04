"""An import keeps what it took in but should be looked at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "fa5b078b4bfa"
down_revision = "e61b8a4d7c05"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; imports that are there have nothing to say."""
    with op.batch_alter_table("core_import", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("warnings", core.db.Json, server_default="[]", nullable=False)
        )


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("core_import", schema=None) as batch_op:
        batch_op.drop_column("warnings")
