"""The reform of a country: generated, planned, applied while somebody reads; time, memory, disk.

`make bench ARGS="--size country --part 0.1"` measures a tenth; the whole needs an hour or two and
some 30 GB, so it is not part of a plain run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks import ground
from tests.benchmarks.bench import tell
from tests.benchmarks.cluster import Cluster
from tests.benchmarks.processes import cpu_seconds
from tests.benchmarks.table import Row, row

NAME = "country_measured"
READER = "tests.benchmarks.reader"
DAY, DECISION = "2025-07-01", "1"
SECOND = 1.0
"""What no request may wait for the apply: the issue's number."""


@dataclass(frozen=True, slots=True)
class Done:
    """A command of the product that has ended: what it took, and what it printed."""

    seconds: float
    cpu: float
    server_cpu: float
    peak: int
    said: Any


def measured(cluster: Cluster, part: float) -> Iterator[Row]:
    """Generate a part of the country, plan its reform, apply it under a reader; then drop it."""
    size = f"country × {part:g}"
    cluster.create(NAME)
    made = run(cluster, "generate", "--size", "country", "--part", str(part), "--seed", "1")
    with cluster.connect(NAME) as connection:
        connection.execute("VACUUM (ANALYZE)")
    yield from _told("generate", size, made)
    yield row("country: disk before, MB", size, _disk(cluster))
    yield from reformed(cluster, size, Path(made.said["reform"]))
    cluster.drop(NAME)


def reformed(cluster: Cluster, size: str, file: Path) -> Iterator[Row]:
    """Plan and apply the reform of a country that is there."""
    plan = run(cluster, "restructure", "plan", str(file), "--on", DAY, "--decision", DECISION)
    yield from _told("plan", size, plan)
    reader = watch(cluster)
    quiet = ask(reader)
    apply = run(cluster, "restructure", "apply", plan.said["id"])
    busy = ask(reader)
    after = ask(reader)
    reader.communicate("end\n")
    yield from _told("apply", size, apply)
    yield row("country: disk after, MB", size, _disk(cluster))
    for name, looks in (("before", quiet), ("during the apply", busy)):
        goal = SECOND if looks is busy else None
        yield row(f"country: a look {name}, ms", size, looks["median"], p95=looks["p95"])
        yield row(f"country: longest look {name}, s", size, looks["longest"], at_most=goal)
    seen = set(busy["seen"])
    strange = seen - set(quiet["seen"]) - set(after["seen"])
    yield row("country: most work of one look, CPU ms", size, busy["most_work"] * 1000)
    yield row("country: looks during the apply", size, busy["looks"])
    yield row("country: trees seen that are neither old nor new", size, len(strange), at_most=0)
    yield row("country: longest wait of a writer, s", size, busy["longest_write"], at_most=SECOND)
    tell(f"  writers were told: {busy['told']}; meanwhile saved: {busy['saved']}")


def run(cluster: Cluster, *command: str) -> Done:
    """Run a command of the product; end where it fails."""
    server, began = cpu_seconds([cluster.pid]), time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "core", *command, "--json"], cwd=ground.ROOT,
        env=ground.environment(cluster.url(NAME), ground.VAR / "country"),
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    said = process.stdout.read() if process.stdout else ""
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {said[:2000]}")
    seconds = time.perf_counter() - began
    tell(f"  {command[0]} {command[1]}: {seconds:.0f} s")
    return Done(
        seconds, used.ru_utime + used.ru_stime, cpu_seconds([cluster.pid]) - server,
        used.ru_maxrss * 1024, json.loads(said),
    )  # fmt: skip


def watch(cluster: Cluster) -> subprocess.Popen[str]:
    """Start a process that reads all the time, and now and then tries to save."""
    return subprocess.Popen(
        [sys.executable, "-m", READER], cwd=ground.ROOT, text=True,
        env=ground.environment(cluster.url(NAME), ground.VAR / "country"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def ask(reader: subprocess.Popen[str], least: float = 5.0) -> dict[str, Any]:
    """Ask what was seen since the last time, or in the next seconds where that is longer."""
    if reader.stdin is None or reader.stdout is None:
        raise SystemExit("The reader has no pipes.")
    time.sleep(least)
    reader.stdin.write("tell\n")
    reader.stdin.flush()
    found: dict[str, Any] = json.loads(reader.stdout.readline())
    return found


def _disk(cluster: Cluster) -> float:
    with cluster.connect(NAME) as connection:
        found = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return (found[0] if found else 0) / 1e6


def _told(name: str, size: str, done: Done) -> Iterator[Row]:
    yield row(f"country: {name}, s", size, done.seconds)
    yield row(f"country: {name}, CPU s (client)", size, done.cpu)
    yield row(f"country: {name}, CPU s (server)", size, done.server_cpu)
    yield row(f"country: {name}, peak memory, MB", size, done.peak / 1e6)
