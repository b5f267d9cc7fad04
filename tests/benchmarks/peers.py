"""`make bench-peers`: Tryton and ours, the same people, the same work, in turns in the same run."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from statistics import median

from tests.benchmarks import ground, table
from tests.benchmarks.bench import Bench, tell
from tests.benchmarks.client import Request
from tests.benchmarks.cluster import Cluster
from tests.benchmarks.measures.reading import API, floor_b, members_of
from tests.benchmarks.run import RESULTS
from tests.benchmarks.servers import Server
from tests.benchmarks.table import Row, row
from tests.benchmarks.tryton import FIELDS, INDEX, Tryton

ROUNDS = 3
CLIENTS = 4
ODOO = 15
"""Odoo answered a fifteenth of the requests of floor B, measured by hand on 21/11/2026."""

Ask = Callable[[int], Request]
CUSTOM = 'ALTER DATABASE "{}" SET plan_cache_mode = force_custom_plan'
USUAL = 'ALTER DATABASE "{}" RESET plan_cache_mode'
VARIANTS = (
    ("Tryton stock", "DROP INDEX IF EXISTS bench_category_party", USUAL, None),
    ("Tryton tuned (one index more)", INDEX, USUAL, 30),
    ("Tryton tuned, with a sane plan", INDEX, CUSTOM, 10),
)


class Turns:
    """Ours and theirs, one after the other, a few times."""

    def __init__(self, bench: Bench, peer: Tryton) -> None:
        """Take both."""
        self.bench = bench
        self.peer = peer

    def rates(self, theirs: Ask, ours: Ask, server: Server, count: int) -> tuple[float, float]:
        """Return the median of requests a second of four clients: ours, theirs."""
        found = []
        for _ in range(ROUNDS):
            peer = self.bench.load(server, theirs, count, clients=CLIENTS, warm=4).rate
            mine = self.bench.load(self.bench.server(), ours, 8 * count, clients=CLIENTS).rate
            found.append((mine, peer))
        return median(mine for mine, _peer in found), median(peer for _mine, peer in found)

    def times(self, theirs: Ask, ours: Ask, server: Server, count: int) -> tuple[float, float]:
        """Return the median of milliseconds of one client: ours, theirs."""
        mine: list[float] = []
        peer: list[float] = []
        for _ in range(ROUNDS):
            peer.extend(self.bench.load(server, theirs, count, warm=4).times)
            mine.extend(self.bench.load(self.bench.server(), ours, count).times)
        return median(mine), median(peer)


def lists(turns: Turns) -> Iterator[Row]:
    """The list of a commune, its members with one standing in order: all variants."""
    bench, peer = turns.bench, turns.peer
    units = peer.keys("name LIKE 'XN%'")
    standing = peer.keys("name = 'status official'")["status official"]
    codes = sorted(units)

    def ours(number: int) -> Request:
        code = codes[number % len(codes)]
        return bench.ask("everywhere", API, unit=code, status="official")

    name = "list of a commune, requests a second of 4 clients, beside"
    for title, index, plan, goal in VARIANTS:
        peer.tune(index)
        peer.tune(plan)
        server = peer.start()
        asked = [peer.list_request(units[code], standing) for code in codes]
        mine, theirs = turns.rates(lambda n: asked[n % len(asked)], ours, server, 40)  # noqa: B023
        yield row(f"{name} {title}", bench.size, mine, floor=theirs, ratio_at_least=goal)
        server.stop()
    floors = []
    for _ in range(ROUNDS):
        mine = bench.load(bench.server(), ours, 320, clients=CLIENTS).rate
        below = bench.load(
            bench.server("floor"), lambda n: floor_b(bench, "everywhere", codes[n % len(codes)]),
            320, clients=CLIENTS,
        ).rate  # fmt: skip
        floors.append((mine, below / ODOO))
    yield row(f"{name} Odoo (a fifteenth of floor B)", bench.size,
              median(mine for mine, _odoo in floors), floor=median(odoo for _mine, odoo in floors),
              ratio_at_least=10)  # fmt: skip


def records(turns: Turns) -> Iterator[Row]:
    """One record read."""
    bench, peer = turns.bench, turns.peer
    server = peer.start()
    keys = [member["id"] for member in members_of(bench, "ROOT")]
    found = peer.call("model.party.party.search", [["code", "like", "M%"]], 0, 100, None, {})
    mine, theirs = turns.times(
        lambda n: peer.request("model.party.party.read", [found[n % len(found)]], FIELDS, {}),
        lambda n: bench.ask("everywhere", f"{API}/{keys[n % len(keys)]}"), server, 40,
    )  # fmt: skip
    yield row("one record, ms, beside Tryton", bench.size, mine, floor=theirs)
    server.stop()


def main() -> None:
    """Install, fill, measure, print, keep."""
    parser = argparse.ArgumentParser(prog="make bench-peers ARGS=…", description=__doc__)
    parser.add_argument("--size", default="province", choices=["town", "province", "hanoi"])
    parser.add_argument("--stale", action="store_true")
    asked = parser.parse_args()
    cluster = Cluster(ground.VAR / "postgresql")
    cluster.start()
    data = ground.prepare(cluster, asked.size, stale=asked.stale)
    peer = Tryton(cluster, data)
    tell("installing Tryton and giving it the same people")
    print(", ".join(peer.install()))
    peer.prepare()
    bench = Bench(cluster, data)
    rows: list[Row] = []
    try:
        for measure in (lists, records):
            for one in measure(Turns(bench, peer)):
                rows.append(one)
                table.write(RESULTS, [one])
                tell(table.printed([one]).splitlines()[1])
    finally:
        bench.close()
        if peer.server is not None:
            peer.server.stop()
    print(table.printed(rows))


if __name__ == "__main__":
    main()
