"""The ground a run stands on: the databases of each size, generated once for a generator."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tests.benchmarks.cluster import Cluster

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var" / "bench-data"
TODAY = "2026-11-22"
SEED = 1
SOURCES = (
    "core/generate/**/*.py", "plugins/*/demo/**/*.py", "core/*/models.py",
    "plugins/*/models/**/*.py", "plugins/*/models.py",
    "migrations/versions/*.py", "plugins/*/migrations/*.py",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ground:
    """A generated database: where it is, and what making it took."""

    size: str
    kind: str
    url: str
    name: str
    seconds: float
    disk: int
    rows: dict[str, int]


def digest() -> str:
    """Return a digest of what decides the generated rows and their tables."""
    found = hashlib.sha256(f"{TODAY} {SEED}".encode())
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            found.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:12]


def environment(url: str, var: Path, **more: str) -> dict[str, str]:
    """Return the environment in which the product runs for a measure."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("HATNHAN_")}
    return kept | {
        "HATNHAN_DATABASE_URL": url,
        "HATNHAN_VAR": str(var),
        "HATNHAN_SECRET_KEY": "for-benchmarks-only",
        "HATNHAN_MODE": "test",
        # A module that fails must end the row with its reason, not answer 404 for the rest of it.
        "HATNHAN_STRICT_PLUGINS": "1",
        "HATNHAN_NOW": f"{TODAY}T08:00:00+07:00",
        **more,
    }


def hatnhan(url: str, *arguments: str, var: Path | None = None) -> str:
    """Run a command of the product against a database; return what it printed."""
    command = [sys.executable, "-m", "core", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(url, var or VAR / "files"), check=False,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed.")
    return done.stdout


def prepare(cluster: Cluster, size: str, *, stale: bool = False) -> Ground:
    """Return the PostgreSQL ground of a size, generated where no run has done so yet.

    `stale` takes what an older generator wrote, with its tables migrated.
    """
    there = cluster.databases()
    name = f"{size}_{digest()}"
    older = newest(f"{size}_*.json", there) if stale and name not in there else None
    if older is not None:
        hatnhan(cluster.url(older), "db", "upgrade")
        return told_of(size, "postgresql", cluster.url(older), older)
    notes = VAR / f"{name}.json"
    if name not in there or not notes.exists():
        making = f"{name}_making"
        cluster.create(making)
        told = json.loads(generated(cluster.url(making), size))
        with cluster.connect(making) as connection:
            connection.execute("VACUUM (ANALYZE)")
            connection.execute("CHECKPOINT")
            found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        told["bytes"] = found[0] if found else told["bytes"]
        cluster.drop(name)
        cluster.rename(making, name)
        notes.write_text(json.dumps(told))
    return told_of(size, "postgresql", cluster.url(name), name)


def generated(url: str, size: str) -> str:
    """Generate a size into an empty database; return what the command printed."""
    return hatnhan(url, "generate", "--size", size, "--seed", str(SEED), "--json")


def newest(pattern: str, there: Iterable[str]) -> str | None:
    """Return the name of the latest data of a size whose database is still there."""
    files = sorted(VAR.glob(pattern), key=lambda path: path.stat().st_mtime)
    names = [path.stem for path in files if path.stem in there]
    return names[-1] if names else None


def told_of(size: str, kind: str, url: str, name: str) -> Ground:
    """Return the ground with what its generation told."""
    told = json.loads((VAR / f"{name}.json").read_text())
    return Ground(size, kind, url, name, told["seconds"], told["bytes"], told["rows"])


def prepare_sqlite(_cluster: Cluster, size: str, *, stale: bool = False) -> Ground:
    """Return the SQLite ground of a size."""
    name = f"{size}_{digest()}.sqlite3"
    if stale and not (VAR / f"{name}.json").exists():
        there = [path.name for path in VAR.glob(f"{size}_*.sqlite3")]
        older = newest(f"{size}_*.sqlite3.json", there)
        if older is not None:
            hatnhan(f"sqlite:///{VAR / older}", "db", "upgrade")
            return told_of(size, "sqlite", f"sqlite:///{VAR / older}", older)
    file, notes = VAR / name, VAR / f"{name}.json"
    if not notes.exists():
        for ending in ("", "-wal", "-shm"):
            file.with_name(file.name + ending).unlink(missing_ok=True)
        VAR.mkdir(parents=True, exist_ok=True)
        notes.write_text(generated(f"sqlite:///{file}", size))
    return told_of(size, "sqlite", f"sqlite:///{file}", name)


def copied(cluster: Cluster, ground: Ground) -> Ground:
    """Return a copy to write into, so that what was generated stays what it was."""
    name = f"{ground.size}_copy"
    if ground.kind == "postgresql":
        cluster.copy(ground.name, name)
        return replace(ground, name=name, url=cluster.url(name))
    source, target = VAR / ground.name, VAR / f"{name}.sqlite3"
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)
    return replace(ground, name=target.name, url=f"sqlite:///{target}")


def discard(cluster: Cluster, ground: Ground) -> None:
    """Remove a copy."""
    if ground.kind == "postgresql":
        cluster.drop(ground.name)
    for ending in ("", "-wal", "-shm") if ground.kind == "sqlite" else ():
        (VAR / (ground.name + ending)).unlink(missing_ok=True)
