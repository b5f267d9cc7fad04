"""A resolution bears its number as papers do: with kind and body, such as 02-NQ/CB."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "c5b1de07a2f9"
down_revision = "9d1c52c6a7e4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; resolutions issued before take their code from the register.

    Not as a batch: SQLite would drop a table that others refer to.
    """
    op.add_column(
        "meetings_resolution",
        sa.Column("code", sa.String(80), nullable=False, server_default=""),
    )
    op.execute(
        "UPDATE meetings_resolution SET code = COALESCE((SELECT core_document.code"
        " FROM core_document WHERE core_document.id = meetings_resolution.document_id), '')"
    )
    core.db.on_postgresql(op, "ALTER TABLE meetings_resolution ALTER COLUMN code DROP DEFAULT")


def downgrade() -> None:
    """Go back."""
    op.drop_column("meetings_resolution", "code")
