"""Candidates are found by name without reading every dossier."""

from __future__ import annotations

from alembic import op

import core.db

revision = "d27f4e90a6b8"
down_revision = "4ad9130ec57b"
branch_labels = None
depends_on = None

READ = ["sort_key", "id", "search", "state", "unit_id", "stage", "full_name"]


def upgrade() -> None:
    """Go forward."""
    op.create_index("ix_recruitment_candidate_walk", "recruitment_candidate", READ)
    core.db.on_postgresql(
        op,
        "CREATE INDEX IF NOT EXISTS ix_recruitment_candidate_search ON recruitment_candidate "
        "USING gin (search gin_trgm_ops)",
    )


def downgrade() -> None:
    """Go back."""
    core.db.on_postgresql(op, "DROP INDEX IF EXISTS ix_recruitment_candidate_search")
    op.drop_index("ix_recruitment_candidate_walk", table_name="recruitment_candidate")
