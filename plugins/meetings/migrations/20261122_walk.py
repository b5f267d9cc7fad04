"""SQLite finds meetings and resolutions by title without reading every row."""

from __future__ import annotations

from alembic import op

revision = "a94c07d5e1b3"
down_revision = "58e2a0b96d13"
branch_labels = None
depends_on = None


WALKS = {
    "meetings_meeting": "for_month, id, search, state, unit_id",
    "meetings_resolution": "decided_on, id, search, unit_id",
}


def upgrade() -> None:
    """Go forward."""
    if op.get_bind().dialect.name == "sqlite":
        for table, columns in WALKS.items():
            op.execute(f"CREATE INDEX ix_{table}_walk ON {table} ({columns}) WHERE search <> ''")


def downgrade() -> None:
    """Go back."""
    if op.get_bind().dialect.name == "sqlite":
        for table in WALKS:
            op.execute(f"DROP INDEX ix_{table}_walk")
