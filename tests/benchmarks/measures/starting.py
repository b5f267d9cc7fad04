"""What every request and every start pays: the door, an idle plugin, the first answer, memory."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from core.access.authentication import by_cookie
from core.app import create_app, create_system
from core.config import load_config
from core.settings import value
from core.work import Work
from tests.benchmarks import processes, servers
from tests.benchmarks.bench import Bench
from tests.benchmarks.client import Request, percentile, send
from tests.benchmarks.measures.reading import API, always, floor_b
from tests.benchmarks.recording import heard
from tests.benchmarks.table import Row, row

PLUGIN = '''"""Nothing; it only is there."""

from core.hooks import hookimpl


@hookimpl
def menu_entries(work):
    """Offer nothing."""
    return []
'''
MANIFEST = """name = "{name}"
title = "Không làm gì"
version = "1.0"
needs_core = ">=0"
prefix = "{name}"
maintainer = "bench"
description = "Chỉ có mặt."
"""


def per_request(bench: Bench) -> Iterator[Row]:
    """Who asks, may they, is it on, what is set: everything before a view begins, warm."""
    system = bench.system()
    app = create_app(system=system)
    headers = bench.people["third"].headers
    unit = bench.people["third"].unit
    with app.test_request_context("/api/v1/members", headers=headers):
        from flask import session as cookie  # noqa: PLC0415 - only inside a request

        def door() -> Work:
            opener = system.opener
            with opener.work(
                lambda s, now: by_cookie(s, now, cookie, opener.rights, system.host.zone),
                writing=False,
                unit_code=unit,
                permission="core:member:see",
            ) as work:
                system.host.enabled(work)
                value(work, "meetings.enabled")
            return work

        door()
        with heard(system.database.engine) as statements:
            door()
        times, cpu = timed(door, 400)
    with system.database.engine.connect() as connection:
        least, _cpu = timed(lambda: connection.execute(sa.text("SELECT 1")).scalar(), 200)
    yield row(
        "permission, settings and modules of a request, warm, CPU ms of the process", bench.size,
        cpu, p95=percentile(times, 0.95), floor=median(least), at_most=1,
    )  # fmt: skip
    asked = [text for text, _parameters, _many in statements if "SELECT" in text]
    yield row(
        "permission, settings and modules of a request, statements", bench.size, len(asked),
        at_most=1,
    )  # fmt: skip


def timed(act: Callable[[], object], count: int) -> tuple[list[float], float]:
    """Do something many times; return each time and the median of the process's, milliseconds."""
    times, used = [], []
    for _ in range(count):
        began, before = time.perf_counter(), time.process_time()
        act()
        used.append((time.process_time() - before) * 1000)
        times.append((time.perf_counter() - began) * 1000)
    return times, median(used)


def idle_plugin(bench: Bench) -> Iterator[Row]:
    """A page of the list with twenty plugins more that do nothing, beside one without."""
    folder = bench.folder / "idle"
    for number in range(20):
        write_plugin(folder, f"idle{number}")
    check_sound(bench, folder)
    asked = bench.ask("branch", f"/u/{bench.people['branch'].unit}/members/")
    plain, more = bench.server(), bench.server("product", HATNHAN_PLUGIN_FOLDERS=str(folder))
    pairs = [
        (bench.load(more, always(asked), 100), bench.load(plain, always(asked), 100))
        for _ in range(5)
    ]
    extra = median((with_them.cpu - without.cpu) / 20 for with_them, without in pairs)
    yield row("one idle plugin more, CPU ms a request", bench.size, max(extra, 0.0), at_most=0.2)


def check_sound(bench: Bench, folder: Path) -> None:
    """See that the plugins take part: one that is out of order costs nothing."""
    config = load_config({**bench.environ, "HATNHAN_PLUGIN_FOLDERS": str(folder)})
    host = create_system(config).host
    broken = {plugin.name: plugin.problem for plugin in host.plugins.values() if plugin.problem}
    if broken or not any(name.startswith("idle") for name in host.plugins):
        raise SystemExit(f"idle plugins are out of order: {broken}")


def write_plugin(folder: Path, name: str) -> None:
    """Write a plugin that is there and offers nothing."""
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    (place / "__init__.py").write_text('"""Nothing."""\n')
    (place / "plugin.py").write_text(PLUGIN)
    (place / "plugin.toml").write_text(MANIFEST.format(name=name))


def start_up(bench: Bench) -> Iterator[Row]:
    """The start of the server until its first answer, and the memory of a worker that worked."""
    mine, below = [], []
    for _ in range(3):
        asked = bench.ask("everywhere", API, unit="ROOT", status="official")
        mine.append(started(hatnhan_serve(bench), asked))
        floor = servers.serve("floor", bench.environ | bench.for_floor(), bench.folder / "f.log")
        below.append(started(floor, floor_b(bench, "everywhere", "ROOT")))
    for name, place, goal in (
        ("start of the server to its first answer, s", 0, 1.5),
        ("start of the server, CPU s of all its processes", 1, None),
        ("memory of a worker, MB", 2, 120),
        ("memory of a worker, what is shared counted by its share, MB", 3, None),
    ):
        yield row(name, bench.size, median(one[place] for one in mine),
                  floor=median(one[place] for one in below), at_most=goal)  # fmt: skip


def started(server: servers.Server, asked: Request) -> tuple[float, float, float, float]:
    """Return a started server's seconds, its CPU seconds, and two measures of its memory."""
    used = processes.cpu_seconds([server.pid])
    send(server.port, always(asked), 60)
    those = workers(server)
    whole = max(processes.memory(pid) for pid in those) / 1e6
    share = max(processes.share_of_memory(pid) for pid in those) / 1e6
    server.stop()
    return server.seconds, used, whole, share


def hatnhan_serve(bench: Bench) -> servers.Server:
    """Start the product as people do."""
    port = servers.free_port()
    command = [sys.executable, "-m", "core", "serve", "--port", str(port)]
    return servers.start(command, port, bench.environ, bench.folder / "serve.log")


def workers(server: servers.Server) -> list[int]:
    """Return the processes that answer."""
    return [pid for pid in processes.family([server.pid]) if pid != server.pid]
