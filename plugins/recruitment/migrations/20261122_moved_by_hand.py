"""What was moved by hand before is found where it stood, in lists as of an earlier day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import core.db

revision = "2e8b7f40c6d1"
down_revision = "75bd86303f77"
branch_labels = None
depends_on = None

PASSAGE = sa.table(
    "recruitment_passage",
    sa.column("id", core.db.Key()),
    sa.column("candidate_id", core.db.Key()),
    sa.column("kind", sa.String()),
    sa.column("from_unit_id", core.db.Key()),
    sa.column("to_unit_id", core.db.Key()),
    sa.column("on", sa.Date()),
    sa.column("at", sa.DateTime()),
)
REHOMED = sa.table(
    "core_rehomed",
    sa.column("row_id", core.db.Key()),
    sa.column("until", sa.Date()),
    sa.column("unit_id", core.db.Key()),
    sa.column("by_hand", sa.Boolean()),
)


def upgrade() -> None:
    """Go forward; of several moves on one day the first tells, as it does when they are made.

    Core's tables are there: it is brought to its newest revision before any plugin.
    """
    move, earlier = PASSAGE.alias("move"), PASSAGE.alias("earlier")
    known = sa.exists().where(REHOMED.c.row_id == move.c.candidate_id, REHOMED.c.until == move.c.on)
    sooner = sa.or_(
        earlier.c.at < move.c.at, sa.and_(earlier.c.at == move.c.at, earlier.c.id < move.c.id)
    )
    first = ~sa.exists().where(
        _left(earlier),
        earlier.c.candidate_id == move.c.candidate_id,
        earlier.c.on == move.c.on,
        sooner,
    )
    op.execute(
        REHOMED.insert().from_select(
            ["row_id", "until", "unit_id", "by_hand"],
            sa.select(
                move.c.candidate_id, move.c.on, move.c.from_unit_id, sa.true().label("by_hand")
            ).where(_left(move), first, ~known),
        )
    )


def _left(passage: sa.FromClause) -> sa.ColumnElement[bool]:
    """Condition: the dossier left its unit for another one."""
    return sa.and_(
        passage.c.kind == "moved",
        passage.c.from_unit_id.is_not(None),
        passage.c.from_unit_id.is_distinct_from(passage.c.to_unit_id),
    )


def downgrade() -> None:
    """Go back; what is remembered stays true."""
