"""Taking in what was read: the processes' spools into the table of reads, each line once."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.ledger.models import LedgerRead
from core.work import Work

NAMES = "reads-*.jsonl"
UNREADABLE = "unreadable.txt"
# A process writes into the file of its hour; two hours later nobody writes into it any more.
QUIET = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Taken:
    """How far a spool has been read."""

    file: Path
    offset: int


def offset_file(file: Path) -> Path:
    """Return the note that says how far a spool was read."""
    return file.with_suffix(".offset")


def known_offset(file: Path) -> int:
    """Return how far a spool was read; from the beginning when the note is gone."""
    note = offset_file(file)
    text = note.read_text(encoding="ascii").strip() if note.is_file() else ""
    return int(text) if text.isdigit() else 0


def ingest_spools(work: Work) -> list[Taken]:
    """Write new lines of all spools into the database; a line that is there already is left out.

    Nothing is lost by a crash: the notes are written after the commit (`clear_spools`), and a
    line that comes again has its key. A line that cannot be read goes into a file of its own,
    which `verify` reports; one whose digest is wrong is taken in, so that `verify` names it.
    """
    folder = work.host.spool_folder
    taken: list[Taken] = []
    rows: dict[uuid.UUID, dict[str, Any]] = {}
    unreadable: list[bytes] = []
    for file in sorted(folder.glob(NAMES)):
        start = known_offset(file)
        with file.open("rb") as spool:
            spool.seek(start)
            # The last line may still be being written.
            body = spool.read()
        whole = body.rfind(b"\n") + 1
        for line in body[:whole].splitlines():
            row = parse_line(line)
            if row is None:
                unreadable.append(line)
            else:
                rows[row["id"]] = row
        taken.append(Taken(file, start + whole))
    write_reads(work, rows)
    if unreadable:
        work.after_commit(lambda: keep_unreadable(folder, unreadable))
    return taken


def parse_line(line: bytes) -> dict[str, Any] | None:
    """Read one line of a spool; None for what is no such line."""
    try:
        raw = json.loads(line)
        return {
            "id": uuid.UUID(raw["id"]),
            "at": datetime.fromisoformat(raw["at"]),
            "actor_id": uuid.UUID(raw["actor_id"]) if raw["actor_id"] else None,
            "actor": str(raw["actor"])[:300],
            "acting_for": raw["acting_for"],
            "unit_id": uuid.UUID(raw["unit_id"]) if raw["unit_id"] else None,
            "route": str(raw["route"])[:80],
            "shown": raw["shown"],
            "digest": bytes.fromhex(raw["digest"]),
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def write_reads(work: Work, rows: dict[uuid.UUID, dict[str, Any]]) -> None:
    """Insert reads that are not there yet."""
    for chunk in chunked(rows):
        there = set(work.session.scalars(sa.select(LedgerRead.id).where(LedgerRead.id.in_(chunk))))
        new = [rows[key] for key in chunk if key not in there]
        if new:
            work.session.execute(sa.insert(LedgerRead), new)


def keep_unreadable(folder: Path, lines: Sequence[bytes]) -> None:
    """Keep lines that could not be read, so that nothing goes unseen."""
    with (folder / UNREADABLE).open("ab") as file:
        file.write(b"".join(line + b"\n" for line in lines))


def count_unreadable(folder: Path) -> int:
    """Count the lines that could not be read."""
    file = folder / UNREADABLE
    return len(file.read_bytes().splitlines()) if file.is_file() else 0


def clear_spools(taken: Iterable[Taken], now: datetime) -> None:
    """Note how far spools were read; remove those that are read whole and no longer written to."""
    for item in taken:
        if not item.file.is_file():
            continue
        if item.offset == item.file.stat().st_size and now > hour_of(item.file, now) + QUIET:
            item.file.unlink()
            offset_file(item.file).unlink(missing_ok=True)
        else:
            offset_file(item.file).write_text(str(item.offset), encoding="ascii")


def hour_of(file: Path, now: datetime) -> datetime:
    """Return the hour a spool is written in, told by its name; now for an odd name."""
    try:
        return datetime.strptime(file.name.split("-")[1], "%Y%m%d%H").replace(tzinfo=UTC)
    except (ValueError, IndexError):
        return now
