"""Answers kept in the database each hour: a new process, or a new day, begins with them.

They are as true as those a process remembers, since they bear the same mark: whatever changed
later is told, and reckoned again by whoever reads them (decision 0010).
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import core
from core.changes import Mark
from core.chunks import chunked
from core.indicators.models import KeptAnswer
from core.indicators.reckoning import Row
from core.plugin_host import PluginHost
from core.rows import insert_rows
from core.work import Work

BELIEVED = timedelta(hours=6)
"""So long a kept answer is believed; changes are told for two days."""
CLUSTER = "SELECT system_identifier FROM pg_control_system()"


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows as the database gave them, the mark from which changes must be asked, and when."""

    rows: list[Row]
    mark: Mark
    at: datetime


def now() -> datetime:
    """Return the time of the clock on the wall; the site's own may be simulated."""
    return datetime.now(UTC)


def kept_answers(work: Work, keys: Collection[Any]) -> dict[Any, Answer]:
    """Return the answers kept for some questions: one statement."""
    if not keys:
        return {}
    world = _world(work)
    wanted = {_digest(world, key): key for key in keys}
    rows = work.session.execute(
        sa.select(KeptAnswer.digest, KeptAnswer.mark, KeptAnswer.sums, KeptAnswer.kept_at).where(
            KeptAnswer.digest.in_(list(wanted)), KeptAnswer.kept_at > now() - BELIEVED
        )
    )
    return {
        wanted[digest]: Answer([_row(line) for line in sums], Mark.spelled(mark), at)
        for digest, mark, sums, at in rows
    }


def to_keep(work: Work, answers: Mapping[Any, Answer]) -> dict[bytes, dict[str, Any]]:
    """Return the rows that keep answers, under the world in which they were reckoned."""
    world = _world(work)
    return {
        _digest(world, key): {
            "digest": _digest(world, key),
            "mark": answer.mark.spelling,
            "sums": [[_plain(value) for value in row] for row in answer.rows],
            "kept_at": answer.at,
        }
        for key, answer in answers.items()
    }


def keep(work: Work, rows: Iterable[dict[str, Any]]) -> int:
    """Keep these rows instead of all that were kept before; return how many."""
    work.session.execute(sa.delete(KeptAnswer))
    every = list(rows)
    for chunk in chunked(every):
        insert_rows(work.session, KeptAnswer, chunk)
    return len(every)


def _world(work: Work) -> str:
    """Return what all answers depend on: tree, settings, modules, day, code, and the cluster.

    A change is told by the number of its transaction, which another cluster counts from anew.
    """
    epochs, cluster = work.session.info["epochs"], ""
    kept = work.host.registries
    if work.session.get_bind().dialect.name == "postgresql":
        cluster = kept.get("cluster") or str(work.session.scalar(sa.text(CLUSTER)))
        kept["cluster"] = cluster
    parts = (work.generation, epochs["settings"], epochs["plugins"], work.today, cluster)
    return ":".join(map(str, (*parts, code_of(work.host))))


def code_of(host: PluginHost) -> str:
    """Return a digest of all code that figures may be reckoned by; 20 ms, once for a process.

    The server asks when it starts, before its workers are split off: they need not, and files
    that are exchanged while it runs do not count for it.
    """
    if "code" not in host.registries:
        digest = hashlib.sha256()
        folders = {plugin.folder for plugin in host.plugins.values()}
        for folder in [Path(core.__file__).parent, *sorted(folders)]:
            for file in sorted(folder.rglob("*.py")):
                digest.update(file.read_bytes())
        host.registries["code"] = digest.hexdigest()
    return str(host.registries["code"])


def _digest(world: str, key: Any) -> bytes:
    return hashlib.sha256(f"{world}:{key!r}".encode()).digest()


def _plain(value: Any) -> Any:
    """Write a value as JSON carries it; keys of units and exact numbers bear their sort."""
    if isinstance(value, uuid.UUID):
        return {"unit": value.hex}
    return {"number": str(value)} if isinstance(value, Decimal) else value


def _row(line: Iterable[Any]) -> Row:
    return tuple(_value(one) for one in line)


def _value(one: Any) -> Any:
    if not isinstance(one, dict):
        return one
    return uuid.UUID(one["unit"]) if "unit" in one else Decimal(one["number"])


__all__ = ["Answer", "code_of", "keep", "kept_answers", "now", "to_keep"]
