"""Initial."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "lending_1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "lending_loan",
        sa.Column("id", core.db.Key(length=16), nullable=False),
        sa.Column("unit_id", core.db.Key(length=16), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("search", sa.String(length=300), nullable=False),
        sa.Column("member_id", core.db.Key(length=16), nullable=True),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("made_by", sa.String(length=300), nullable=False),
        sa.Column("made_at", core.db.Instant(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("due_on >= begun_on", name=op.f("ck_lending_loan_days")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["core_member.id"], name=op.f("fk_lending_loan_member_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["core_unit.id"], name=op.f("fk_lending_loan_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lending_loan")),
    )
    op.create_index(op.f("ix_lending_loan_member_id"), "lending_loan", ["member_id"])
    op.create_index(op.f("ix_lending_loan_unit_id"), "lending_loan", ["unit_id"])
    op.create_index("ix_lending_loan_unit_due", "lending_loan", ["unit_id", "due_on", "id"])


def downgrade() -> None:
    """Go back."""
    op.drop_table("lending_loan")
