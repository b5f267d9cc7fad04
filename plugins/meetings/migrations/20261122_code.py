"""A resolution bears its number as papers do: with kind and body, such as 02-NQ/CB."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c5b1de07a2f9"
down_revision = "9d1c52c6a7e4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; resolutions issued before take their code from the register."""
    with op.batch_alter_table("meetings_resolution") as table:
        table.add_column(sa.Column("code", sa.String(80), nullable=False, server_default=""))
    op.execute(
        "UPDATE meetings_resolution SET code = COALESCE((SELECT core_document.code"
        " FROM core_document WHERE core_document.id = meetings_resolution.document_id), '')"
    )
    with op.batch_alter_table("meetings_resolution") as table:
        table.alter_column("code", server_default=None)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("meetings_resolution") as table:
        table.drop_column("code")
