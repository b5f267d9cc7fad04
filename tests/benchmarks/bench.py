"""One run over one database: its servers, its people, its recorder; measures ask it for them."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from statistics import median

from sqlalchemy.engine import Engine

from core.app import create_system
from core.config import load_config
from core.db import Database, make_engine
from core.system import System
from tests.benchmarks import kept, recording, servers
from tests.benchmarks.client import Load, Request, percentile, send
from tests.benchmarks.cluster import Cluster
from tests.benchmarks.ground import Ground, environment
from tests.benchmarks.people import Person, settle
from tests.benchmarks.table import Row, row

ROUNDS = 3


class Bench:
    """What measures work with; everything is started when first asked for."""

    def __init__(self, cluster: Cluster, ground: Ground) -> None:
        """Take a database, and a folder that is gone afterwards."""
        self.cluster = cluster
        self.ground = ground
        self.folder = Path(tempfile.mkdtemp(prefix="hatnhan-bench-"))
        self.environ = environment(ground.url, self.folder)
        self.written = 0
        self._running: dict[str, servers.Server] = {}
        self._engines: list[Engine] = []

    @property
    def is_postgresql(self) -> bool:
        """Whether the database is a server of its own."""
        return self.ground.kind == "postgresql"

    @property
    def size(self) -> str:
        """How rows call the size."""
        return self.ground.size if self.is_postgresql else f"{self.ground.size}, SQLite"

    def system(self) -> System:
        """Build a system of this process on the database."""
        return create_system(load_config(self.environ), database=Database(self.engine()))

    def engine(self) -> Engine:
        """Connect to the database; it is closed with the run."""
        engine = make_engine(load_config(self.environ).database_url)
        self._engines.append(engine)
        return engine

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Who asks."""
        return settle(self.system())

    @cached_property
    def recorder(self) -> recording.Recorder:
        """The product in this process, whose acts leave nothing behind."""
        _ = self.people
        return recording.Recorder(self.system())

    def server(self, variant: str = "product", **more: str) -> servers.Server:
        """Return a running server of a variant."""
        name = variant + "".join(sorted(more.values()))
        if name not in self._running:
            _ = self.people
            environ = self.environ | self.for_floor() | more
            self._running[name] = servers.serve(variant, environ, self.folder / f"{variant}.log")
        return self._running[name]

    def for_floor(self) -> dict[str, str]:
        """Return what the floor's server must be told."""
        address = self.ground.url.replace("postgresql+psycopg://", "postgresql://", 1)
        return {"BENCH_ADDRESS": address, "BENCH_RECORDED": str(self.folder / "recorded")}

    def watched(self, server: servers.Server) -> list[int]:
        """Return the processes that work for a request: the server's and the database's."""
        return [server.pid, self.cluster.pid] if self.is_postgresql else [server.pid]

    def ask(self, person: str, path: str, **query: object) -> Request:
        """Return a request of somebody; `unit` in the query is theirs unless named."""
        who = self.people[person]
        words = "&".join(f"{key}={value}" for key, value in query.items() if value is not None)
        return Request(f"{path}?{words}" if words else path, who.headers)

    def load(
        self, server: servers.Server, requests: Callable[[int], Request], count: int, **more: int
    ) -> Load:
        """Send requests to a server and watch what they cost."""
        return send(server.port, requests, count, watch=self.watched(server), **more)

    def keep(self, name: str, requests: Sequence[Request]) -> list[kept.Recorded]:
        """Record requests for the floor to repeat."""
        self.recorder.send(requests[0])
        found = [self.recorder.record(request, warm=0) for request in requests]
        kept.keep(self.folder / "recorded", name, found)
        return found

    def close(self) -> None:
        """Stop the servers and remove the folder."""
        for server in self._running.values():
            server.stop()
        for engine in self._engines:
            engine.dispose()
        shutil.rmtree(self.folder, ignore_errors=True)


def against(
    bench: Bench,
    name: str,
    ours: Callable[[int], Request],
    floor: Callable[[int], Request],
    count: int,
    goals: Mapping[str, float],
    *,
    variant: str = "product",
    time_goals: Mapping[str, float] | None = None,
) -> Iterator[Row]:
    """Measure requests beside their floor, a round of one after a round of the other.

    Two rows: the processors' time of server and database a request, which noise moves least, and
    the time until the answer.
    """
    product, below = bench.server(variant), bench.server("floor")
    loads = [
        (bench.load(product, ours, count), bench.load(below, floor, count))
        for _round in range(ROUNDS)
    ]
    mine, theirs = zip(*loads, strict=True)
    times = [t for load in mine for t in load.times]
    yield row(
        f"{name}, CPU ms", bench.size, median(load.cpu for load in mine),
        floor=median(load.cpu for load in theirs), **goals,
    )  # fmt: skip
    yield row(
        f"{name}, ms", bench.size, median(times), p95=percentile(times, 0.95),
        floor=median(t for load in theirs for t in load.times), **(time_goals or {}),
    )  # fmt: skip


def tell(text: str) -> None:
    """Say on the terminal what is being measured."""
    print(text, file=sys.stderr, flush=True)
