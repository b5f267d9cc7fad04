"""A plan can be cancelled, and the paper of its decision stands with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "e61b8a4d7c05"
down_revision = "c2a7d09be3f4"
branch_labels = None
depends_on = None

BEFORE = "state IN ('draft','checked','approved','applied','reverted')"
AFTER = "state IN ('draft','checked','approved','applied','reverted','cancelled')"
STATE, DOCUMENT = "ck_core_plan_state", "fk_core_plan_document_id"


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("core_plan") as table:
        table.drop_constraint(op.f(STATE), type_="check")
        table.create_check_constraint(op.f(STATE), AFTER)
        table.add_column(sa.Column("document_id", core.db.Key(length=16), nullable=True))
        table.add_column(sa.Column("cancelled_at", core.db.Instant(timezone=True), nullable=True))
        table.add_column(sa.Column("cancelled_by", sa.String(length=300), nullable=True))
        table.create_foreign_key(op.f(DOCUMENT), "core_document", ["document_id"], ["id"])
        table.create_index(op.f("ix_core_plan_document_id"), ["document_id"])


def downgrade() -> None:
    """Go back; a cancelled plan is a draft again."""
    op.execute("UPDATE core_plan SET state = 'draft' WHERE state = 'cancelled'")
    with op.batch_alter_table("core_plan") as table:
        table.drop_index(op.f("ix_core_plan_document_id"))
        table.drop_constraint(op.f(DOCUMENT), type_="foreignkey")
        table.drop_constraint(op.f(STATE), type_="check")
        table.create_check_constraint(op.f(STATE), BEFORE)
        for name in ("cancelled_by", "cancelled_at", "document_id"):
            table.drop_column(name)
