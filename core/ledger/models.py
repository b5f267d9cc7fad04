"""Rows of the ledger, their erasable payloads, the sealed batches, and the reads."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Key, Keyed, Line, ShortText


class LedgerRow(Keyed, Base):
    """One act: who, acting for whom, where, what; the before and after lie in the payload.

    `digest` is keyed and written with the row, so that a row altered before it is sealed shows.
    """

    __tablename__ = "core_ledger"
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[uuid.UUID | None]
    actor: Mapped[Line]
    acting_for: Mapped[Line | None]
    unit_id: Mapped[uuid.UUID | None]
    action: Mapped[ShortText]
    about_type: Mapped[ShortText]
    about_id: Mapped[uuid.UUID | None] = mapped_column(Key(), index=True)
    label: Mapped[Line]
    act_id: Mapped[uuid.UUID]
    payload_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    batch_no: Mapped[int | None] = mapped_column(index=True)
    __table_args__ = (
        sa.Index("ix_core_ledger_unit_at", "unit_id", "at"),
        sa.Index(
            "ix_core_ledger_unsealed",
            "id",
            postgresql_where=sa.text("batch_no IS NULL"),
            sqlite_where=sa.text("batch_no IS NULL"),
        ),
    )


class LedgerPayload(Base):
    """What stood there before and after; it can be erased under a rule, the chain stays whole."""

    __tablename__ = "core_ledger_payload"
    ledger_id: Mapped[uuid.UUID] = mapped_column(
        Key(), sa.ForeignKey("core_ledger.id"), primary_key=True
    )
    body: Mapped[Any | None] = mapped_column(Json)
    salt: Mapped[bytes] = mapped_column(sa.LargeBinary(16))
    erased_at: Mapped[datetime | None]
    erased_rule: Mapped[Line | None]


class LedgerBatch(Base):
    """A sealed batch: a Merkle root over its rows, chained to the batch before.

    `ids` are the keys of its rows in order, 16 bytes each, so that a row that is dropped later
    can still be named.
    """

    __tablename__ = "core_ledger_batch"
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(10), primary_key=True, default="acts")
    sealed_at: Mapped[datetime]
    count: Mapped[int]
    ids: Mapped[bytes] = mapped_column(sa.LargeBinary)
    root: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    previous: Mapped[bytes] = mapped_column(sa.LargeBinary(32))


class LedgerRead(Keyed, Base):
    """One request that showed personal data: who saw whose records, and which classes of fields."""

    __tablename__ = "core_ledger_read"
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[uuid.UUID | None] = mapped_column(Key(), index=True)
    actor: Mapped[Line]
    acting_for: Mapped[Line | None]
    unit_id: Mapped[uuid.UUID | None]
    route: Mapped[ShortText]
    shown: Mapped[Any] = mapped_column(Json)
    digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    batch_no: Mapped[int | None] = mapped_column(index=True)
