"""The database itself tells of which units facts changed, for figures that are remembered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db
from core.watching import Watch

revision = "90d5be17c3f4"
down_revision = "7c4e1d95ab20"
branch_labels = None
depends_on = None

WATCHES = (
    Watch("core_affiliation", facts=("kind",)),
    Watch(
        "core_member_status",
        through=("core_affiliation", "member_id", "member_id"),
        facts=("status",),
    ),
    Watch("core_position", facts=("position",)),
)


def upgrade() -> None:
    """Go forward; what changed before is remembered by nobody."""
    op.create_table(
        "core_change",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("stamp", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=63), nullable=False),
        sa.Column("unit_id", core.db.Key(length=16), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_change")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_core_change_stamp"), "core_change", ["stamp"])
    core.db.on_postgresql(
        op,
        "ALTER TABLE core_change ALTER COLUMN stamp SET DEFAULT pg_current_xact_id()::text::bigint",
    )
    for watch in WATCHES:
        watch.begin(op)


def downgrade() -> None:
    """Go back."""
    for watch in WATCHES:
        watch.end(op)
    op.drop_table("core_change")
