"""Which units' facts changed: told by the database itself, asked by whoever remembers figures."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, Key, table_of

MOST_TOLD = 2_000
"""So many changes are told one by one; of more, only that there were too many."""


class Change(Base):
    """Facts of a unit in a table changed; written by triggers, so by whoever writes and however.

    Rows are only added, so that nobody waits for somebody else's. `stamp` orders them for readers:
    on PostgreSQL the number of the writing transaction, on SQLite, where one writes at a time, the
    row's own key. `since` is the first day of which something else is true now; empty where that
    is not known.
    """

    __tablename__ = "core_change"
    id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True
    )
    stamp: Mapped[int | None] = mapped_column(sa.BigInteger, index=True)
    source: Mapped[str] = mapped_column(sa.String(63))
    unit_id: Mapped[uuid.UUID] = mapped_column(Key())
    since: Mapped[date | None]
    written_on: Mapped[date]
    # A key is never given again, also after old rows were swept.
    __table_args__ = ({"sqlite_autoincrement": True},)


STAMPED = (
    "ALTER TABLE core_change ALTER COLUMN stamp SET DEFAULT pg_current_xact_id()::text::bigint"
)


@sa.event.listens_for(table_of(Change), "after_create")
def _stamp_by_default(_table: Any, connection: sa.Connection, **_options: Any) -> None:
    """Let PostgreSQL write its own number of the transaction."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(STAMPED)


SNAPSHOT: Any = sa.literal_column(
    "pg_current_snapshot()::text || ':' || coalesce(pg_current_xact_id_if_assigned()::text, '')"
)
NEXT_ROW: Any = sa.select(sa.func.coalesce(sa.func.max(Change.id), 0) + 1).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Mark:
    """What a reader saw: stamps below `next` but for those `open`, the least of which is `low`.

    `own` is the stamp of what the same transaction writes, which goes on.
    """

    low: int
    next: int
    open: frozenset[int] = frozenset()
    own: int = 0

    @classmethod
    def of(cls, told: str | int) -> Mark:
        """Read a snapshot of PostgreSQL's with its own number, or the next key of SQLite's."""
        if isinstance(told, int):
            return cls(told, told)
        low, following, running, own = told.split(":")
        others = frozenset(map(int, filter(None, running.split(","))))
        return cls(int(low), int(following), others, int(own or 0))

    @property
    def spelling(self) -> str:
        """The mark as text, to be kept."""
        return f"{self.low}:{self.next}:{','.join(map(str, sorted(self.open)))}:{self.own}"

    @classmethod
    def spelled(cls, text: str) -> Mark:
        """Read a mark that was kept; its own writing is over, and seen by nobody else."""
        low, following, running, own = text.split(":")
        others = frozenset(map(int, filter(None, running.split(","))))
        return cls(int(low), int(following), others, int(own))

    def saw(self, stamp: int) -> bool:
        """Whether a change of that stamp was already seen."""
        return stamp < self.next and stamp not in self.open and stamp != self.own


@dataclass(frozen=True, slots=True)
class Told:
    """A change: its table, the unit, its stamp, and the first day it is about, where known."""

    source: str
    unit_id: uuid.UUID
    stamp: int
    since: date | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed that some mark did not see, and the mark to ask from next time."""

    mark: Mark
    told: list[Told] = field(default_factory=list)
    too_many: bool = False

    def since(self, mark: Mark) -> list[Told]:
        """Return those that one of the marks did not see."""
        return [told for told in self.told if not mark.saw(told.stamp)]


def changes_since(session: Session, tables: Collection[str], marks: Collection[Mark]) -> Changes:
    """Return what changed in tables that some marks did not see, and the mark of now.

    Ask before reading the facts: whatever commits in between is told again the next time, and
    reckoning twice does no harm. A mark knows which transactions were open, so one that commits
    late is not missed. Stamps that lie ahead of this snapshot are of another cluster, from which
    the database was restored, and say nothing.
    """
    on_server = session.get_bind().dialect.name == "postgresql"
    here = SNAPSHOT if on_server else NEXT_ROW
    if not marks:
        return Changes(Mark.of(session.execute(sa.select(here)).scalar_one()))
    stamp: Any = Change.stamp if on_server else Change.id
    found: Any = (
        sa.select(Change.source, Change.unit_id, stamp.label("stamp"), Change.since)
        .where(stamp >= min(mark.low for mark in marks), Change.source.in_(tables))
        .distinct()
        .limit(MOST_TOLD + 1)
        .subquery("found")
    )
    now = sa.select(here.label("now")).subquery("here")
    rows = session.execute(sa.select(now.c.now, found).outerjoin_from(now, found, sa.true())).all()
    mark = Mark.of(rows[0][0])
    told = [Told(*row[1:]) for row in rows if row[1]]
    known = [one for one in told if mark.saw(one.stamp) or one.stamp == mark.own]
    return Changes(mark, known, too_many=len(told) > MOST_TOLD)


__all__ = ["Change", "Changes", "Mark", "Told", "changes_since"]
