"""Appeals have a permission of their own, at the unit of their evaluation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "7a0c4d1be2f5"
down_revision = "d644a37c640c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("evaluation_appeal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unit_id", core.db.Key(length=16), nullable=True))
    op.execute(
        "UPDATE evaluation_appeal SET unit_id = (SELECT r.unit_id FROM evaluation_review r"
        " WHERE r.id = evaluation_appeal.review_id)"
    )
    with op.batch_alter_table("evaluation_appeal", schema=None) as batch_op:
        batch_op.alter_column("unit_id", existing_type=core.db.Key(length=16), nullable=False)
        batch_op.create_foreign_key(
            op.f("fk_evaluation_appeal_unit_id"), "core_unit", ["unit_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_evaluation_appeal_unit_id"), ["unit_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("evaluation_appeal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evaluation_appeal_unit_id"))
        batch_op.drop_constraint(op.f("fk_evaluation_appeal_unit_id"), type_="foreignkey")
        batch_op.drop_column("unit_id")
