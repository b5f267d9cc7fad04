"""Sealing the ledger: rows into batches, a Merkle root for each, chained, the last also outside.

A sealed batch says how many rows it has, which, and the root over their digests; the next batch
carries its digest. A line for each batch goes into a file beside the database, so that whoever
rewrites the whole chain in the database still contradicts what was written there.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.access.principal import job
from core.chunks import chunked
from core.ledger.models import LedgerBatch, LedgerRead, LedgerRow
from core.ledger.recording import canonical
from core.ledger.spool import clear_spools, ingest_spools
from core.work import Work

if TYPE_CHECKING:
    from core.system import System

AT_ONCE = 5_000
NOTHING_BEFORE = bytes(32)
MODELS: dict[str, type[LedgerRow | LedgerRead]] = {"acts": LedgerRow, "reads": LedgerRead}
# Only one sealer at a time on PostgreSQL; on SQLite whoever writes is alone anyway.
LOCK = 0x6E68_6174
ROOTS_FILE = "ledger-roots.txt"


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over digests in order (leaf and node told apart as in RFC 6962)."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest()
            for i in range(0, len(level) - 1, 2)
        ]
        # An odd one goes up as it is: doubling it would let two different lists share a root.
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def batch_digest(key: bytes, batch: LedgerBatch) -> bytes:
    """Keyed digest over everything a batch says; the next batch and the outside file carry it."""
    values = {
        "no": batch.no,
        "kind": batch.kind,
        "sealed_at": batch.sealed_at.replace(tzinfo=None).isoformat(timespec="microseconds"),
        "count": batch.count,
        "ids": hashlib.sha256(batch.ids).hexdigest(),
        "root": batch.root.hex(),
        "previous": batch.previous.hex(),
    }
    return hmac.new(key, canonical(values), hashlib.sha256).digest()


def roots_file(work: Work) -> Path:
    """Return the file beside the database that keeps a line for each batch."""
    return work.host.spool_folder.parent / ROOTS_FILE


def seal(work: Work) -> int:
    """Seal everything written and not sealed yet; return how many rows were sealed."""
    if work.session.get_bind().dialect.name == "postgresql":
        work.session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    sealed = sum(_seal_kind(work, kind) for kind in MODELS)
    path, key = roots_file(work), work.host.ledger_key
    lines = missing_lines(work, path, key)
    work.after_commit(lambda: append_lines(path, lines))
    return sealed


def _seal_kind(work: Work, kind: str) -> int:
    """Seal rows of one kind, batch by batch."""
    model = MODELS[kind]
    previous = work.session.scalar(
        sa.select(LedgerBatch)
        .where(LedgerBatch.kind == kind)
        .order_by(LedgerBatch.no.desc())
        .limit(1)
    )
    sealed = 0
    while True:
        rows = work.session.execute(
            sa.select(model.id, model.digest)
            .where(model.batch_no.is_(None))
            .order_by(model.id)
            .limit(AT_ONCE)
        ).all()
        if not rows:
            return sealed
        previous = _seal_batch(work, kind, [(row.id, row.digest) for row in rows], previous)
        sealed += len(rows)


def _seal_batch(
    work: Work, kind: str, rows: Sequence[tuple[uuid.UUID, bytes]], previous: LedgerBatch | None
) -> LedgerBatch:
    """Make one batch of rows; their number is set once."""
    model = MODELS[kind]
    batch = LedgerBatch(
        no=previous.no + 1 if previous else 1,
        kind=kind,
        sealed_at=work.now,
        count=len(rows),
        ids=b"".join(key.bytes for key, _digest in rows),
        root=merkle_root([digest for _key, digest in rows]),
        previous=batch_digest(work.host.ledger_key, previous) if previous else NOTHING_BEFORE,
    )
    work.session.add(batch)
    work.session.flush()
    for chunk in chunked(key for key, _digest in rows):
        work.session.execute(
            sa.update(model)
            .where(model.id.in_(chunk), model.batch_no.is_(None))
            .values(batch_no=batch.no)
            .execution_options(synchronize_session=False)
        )
    return batch


# --- the file outside the database ---------------------------------------------------------------


def line_of(key: bytes, batch: LedgerBatch) -> str:
    """Write a batch as a line of the outside file."""
    digest = batch_digest(key, batch).hex()
    return f"{batch.sealed_at:%Y-%m-%dT%H:%M:%SZ} {batch.kind} {batch.no} {digest}"


def read_lines(path: Path) -> dict[tuple[str, int], str]:
    """Read the outside file: the digest by kind and number; unreadable lines are left out."""
    if not path.is_file():
        return {}
    found: dict[tuple[str, int], str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = line.split()
        if len(parts) == 4 and parts[2].isdigit():
            found[parts[1], int(parts[2])] = parts[3]
    return found


def missing_lines(work: Work, path: Path, key: bytes) -> list[str]:
    """Return the lines of batches that the file does not have yet, also those of a crash before."""
    last: dict[str, int] = {}
    for kind, number in read_lines(path):
        last[kind] = max(number, last.get(kind, 0))
    newer = sa.or_(
        *(sa.and_(LedgerBatch.kind == kind, LedgerBatch.no > last.get(kind, 0)) for kind in MODELS)
    )
    batches = work.session.scalars(
        sa.select(LedgerBatch).where(newer).order_by(LedgerBatch.kind, LedgerBatch.no)
    )
    return [line_of(key, batch) for batch in batches]


def append_lines(path: Path, lines: Sequence[str]) -> None:
    """Append lines to the outside file; nothing in it is ever rewritten."""
    if not lines:
        return
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))


def seal_due(system: System, _payload: Any = None) -> int:
    """Take in the reads of all processes and seal what is new; the job of the ledger.

    Returns how many rows were sealed. Two transactions: a read is in the database before the
    line in the spool goes.
    """
    with system.opener.as_system(job("ledger"), writing=True) as work:
        taken = ingest_spools(work)
    clear_spools(taken, system.opener.clock())
    with system.opener.as_system(job("ledger"), writing=True) as work:
        return seal(work)
