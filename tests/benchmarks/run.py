"""`make bench`: everything a run needs, every measure, one table, `var/bench.json`."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator, Sequence

from tests.benchmarks import country, ground, table
from tests.benchmarks.bench import Bench, tell
from tests.benchmarks.cluster import Cluster
from tests.benchmarks.registry import ALL, READING, WRITING
from tests.benchmarks.table import Row

WRITES = {*WRITING, "import"}
RESULTS = ground.ROOT / "var" / "bench.json"
# At a province SQLite takes minutes for these rows, which a run does not have.
QUICK = [name for name in READING if name not in ("overview", "counts")]
WHOLE: Sequence[tuple[str, str, Iterable[str]]] = (
    ("postgresql", "town", READING),
    ("postgresql", "province", ALL),
    ("postgresql", "hanoi", READING),
    ("sqlite", "town", READING),
    ("sqlite", "province", QUICK),
)


def parsed() -> argparse.Namespace:
    """Read what was asked for."""
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    sizes = ["town", "province", "hanoi", "country"]
    parser.add_argument("--size", choices=sizes, action="append", help="country only if asked for")
    parser.add_argument("--part", type=float, default=0.1, help="how much of the country")
    parser.add_argument("--only", choices=sorted(ALL), action="append", metavar="MEASURE")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], action="append")
    parser.add_argument(
        "--stale", action="store_true", help="use data of an older generator, migrated"
    )
    return parser.parse_args()


def chosen(asked: argparse.Namespace) -> list[tuple[str, str, list[str]]]:
    """Return which measures run over which databases."""
    runs = []
    for kind, size, measures in WHOLE:
        if size in (asked.size or [size]) and kind in (asked.database or [kind]):
            runs.append((kind, size, list(asked.only or measures)))
    return runs


def main() -> None:
    """Set up, measure, print, keep."""
    asked = parsed()
    began = time.monotonic()
    cluster = Cluster(ground.VAR / "postgresql")
    cluster.start()
    told = ", ".join(f"{name} {value}" for name, value in cluster.settings.items())
    print(f"PostgreSQL {cluster.version()} with {told}")
    rows: list[Row] = []
    for kind, size, names in chosen(asked):
        for here in measured(cluster, kind, size, names, stale=asked.stale):
            rows.append(here)
            table.write(RESULTS, [here])
    if "country" in (asked.size or ()):
        tell(f"— country × {asked.part:g}, postgresql")
        rows.extend(country.measured(cluster, asked.part))
        table.write(RESULTS, rows)
    print(table.printed(rows))
    missed = [row for row in rows if row.met is False]
    minutes = (time.monotonic() - began) / 60
    print(f"{len(rows)} rows, {len(missed)} miss their goal; {minutes:.1f} minutes; {RESULTS}")


def measured(
    cluster: Cluster, kind: str, size: str, names: Sequence[str], *, stale: bool
) -> Iterator[Row]:
    """Run measures over one database; those that write get a copy of it."""
    tell(f"— {size}, {kind}")
    prepare = ground.prepare if kind == "postgresql" else ground.prepare_sqlite
    data = prepare(cluster, size, stale=stale)
    yield from generated(data)
    yield from run_on(Bench(cluster, data), [name for name in names if name not in WRITES])
    if WRITES.intersection(names):
        copy = ground.copied(cluster, data)
        yield from run_on(Bench(cluster, copy), [name for name in names if name in WRITES])
        ground.discard(cluster, copy)


def run_on(bench: Bench, names: Iterable[str]) -> Iterator[Row]:
    """Run measures; one that fails is told and the others go on."""
    try:
        for name in names:
            began = time.monotonic()
            try:
                yield from ALL[name](bench)
            except Exception as error:  # noqa: BLE001 - the rest of the table is still wanted
                tell(f"  {name} FAILED: {error!r}"[:500])
            tell(f"  {name}: {time.monotonic() - began:.1f} s")
    finally:
        bench.close()


def generated(data: ground.Ground) -> Iterable[Row]:
    """Tell what making the data took, and the disk it takes."""
    size = data.size if data.kind == "postgresql" else f"{data.size}, SQLite"
    goal = 600 if data.size == "province" and data.kind == "postgresql" else None
    yield table.row("generate the data, s", size, data.seconds, at_most=goal)
    yield table.row("disk of the database, MB", size, data.disk / 1e6)


if __name__ == "__main__":
    main()
