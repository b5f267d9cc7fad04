"""People are found by the words of their names, units by any part of theirs."""

from __future__ import annotations

from alembic import op

import core.db

revision = "5b0f0f3f1c21"
down_revision = "838140df7e5e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    core.db.on_postgresql(op, "DROP INDEX IF EXISTS ix_core_member_search_trigrams")
    core.db.on_postgresql(
        op,
        "CREATE INDEX IF NOT EXISTS ix_core_member_search_words ON core_member "
        "USING gin ((' ' || search) gin_trgm_ops)",
    )
    core.db.on_postgresql(
        op,
        "CREATE INDEX IF NOT EXISTS ix_core_unit_version_search ON core_unit_version "
        "USING gin (name_search gin_trgm_ops)",
    )


def downgrade() -> None:
    """Go back."""
    core.db.on_postgresql(op, "DROP INDEX IF EXISTS ix_core_unit_version_search")
    core.db.on_postgresql(op, "DROP INDEX IF EXISTS ix_core_member_search_words")
    core.db.on_postgresql(
        op,
        "CREATE INDEX IF NOT EXISTS ix_core_member_search_trigrams ON core_member "
        "USING gin (search gin_trgm_ops)",
    )
