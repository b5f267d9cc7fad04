"""Reading: lists at every level and for every reach, one record, search, figures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from statistics import median

from core.indicators.jobs import keep_figures
from core.names import search_key
from tests.benchmarks import servers
from tests.benchmarks.bench import Bench, against
from tests.benchmarks.client import Request, fetch, percentile
from tests.benchmarks.table import Row, row

API = "/api/v1/members"
COUNT = 100
NAMES = ("nguyen van an", "tran thi", "le hong", "pham minh duc", "hoang", "bui quang huy",
         "dang thu ha", "do van", "ngo thi lan", "duong", "ly", "phan anh tuan")  # fmt: skip


def always(request: Request) -> Callable[[int], Request]:
    """Return the same request again and again."""
    return lambda _number: request


def floor_b(bench: Bench, person: str, unit: str, status: str = "official") -> Request:
    """Return the list of the floor that somebody wrote by hand."""
    path = f"/floor-b?unit={unit}&status={status}"
    return Request(path, {"Authorization": bench.people[person].token})


def lists(bench: Bench) -> Iterator[Row]:
    """The first page of a filtered list of the whole tree, as JSON and as a page."""
    asked = bench.ask("everywhere", API, unit="ROOT", status="official")
    floor = floor_b(bench, "everywhere", "ROOT")
    yield from against(
        bench, "list of the root, JSON", always(asked), always(floor), COUNT,
        {"ratio_at_most": 1.5}, time_goals={"p95_at_most": 100},
    )  # fmt: skip
    bench.keep("list", [asked])
    replay = Request("/replay/list/0")
    yield from against(
        bench, "list of the root, JSON, beside its own SQL in psycopg and its bytes",
        always(asked), always(replay), COUNT, {},
    )  # fmt: skip
    page = bench.ask("everywhere", "/u/ROOT/members/", status="official")
    yield from against(
        bench, "list of the root, HTML", always(page), always(floor), COUNT, {"ratio_at_most": 3}
    )


def levels(bench: Bench) -> Iterator[Row]:
    """The list of the root beside that of a branch, and its thousandth page beside its first."""
    root = bench.ask("everywhere", API, unit="ROOT", status="official")
    branch = bench.ask("branch", API, unit=bench.people["branch"].unit, status="official")
    yield _beside(bench, "list of the root beside a branch's", root, branch, 3)
    server = bench.server()
    cursor = ""
    for _page in range(250):
        asked = bench.ask(
            "everywhere", API, unit="ROOT", status="official", limit=200, cursor=cursor or None
        )
        following = json.loads(fetch(server.port, asked))["next"]
        if following is None:
            break
        cursor = following
    far = bench.ask("everywhere", API, unit="ROOT", status="official", cursor=cursor)
    yield _beside(bench, "the thousandth page beside the first", far, root, 1.3)


def _beside(bench: Bench, name: str, ours: Request, other: Request, at_most: float) -> Row:
    """Compare the time of processors of two requests to the same server, round by round."""
    server = bench.server()
    pairs = [
        (bench.load(server, always(ours), COUNT), bench.load(server, always(other), COUNT))
        for _round in range(3)
    ]
    times = [t for mine, _other in pairs for t in mine.times]
    return row(
        f"{name}, CPU ms", bench.size, median(mine.cpu for mine, _other in pairs),
        p95=percentile(times, 0.95), floor=median(theirs.cpu for _mine, theirs in pairs),
        ratio_at_most=at_most,
    )  # fmt: skip


def scope(bench: Bench) -> Iterator[Row]:
    """Somebody with rights on a third of the tree beside somebody with all rights."""
    unit = bench.people["third"].unit
    mine = bench.ask("third", API, unit=unit, status="official")
    all_ = bench.ask("everywhere", API, unit=unit, status="official")
    yield _beside(bench, "list of a commune: rights on a third beside all rights", mine, all_, 1.3)
    mine = bench.ask("third", API, status="official")
    all_ = bench.ask("everywhere", API, status="official")
    yield _beside(bench, "list of all one may see: a third beside all", mine, all_, 1.3)
    mine = bench.ask("scattered", API, status="official")
    yield _beside(bench, "list of all one may see: twenty branches beside all", mine, all_, 1.3)


def clients(bench: Bench) -> Iterator[Row]:
    """Requests a second of the list with four clients."""
    asked = bench.ask("everywhere", API, unit="ROOT", status="official")
    floor = floor_b(bench, "everywhere", "ROOT")
    rates = []
    for _round in range(3):
        mine = bench.load(bench.server(), always(asked), 400, clients=4)
        theirs = bench.load(bench.server("floor"), always(floor), 400, clients=4)
        rates.append((mine.rate, theirs.rate))
    yield row(
        "list of the root, JSON, requests a second of 4 clients", bench.size,
        median(mine for mine, _theirs in rates), floor=median(theirs for _mine, theirs in rates),
    )  # fmt: skip


def members_of(bench: Bench, unit: str, limit: int = 100) -> list[dict[str, str]]:
    """Return the first members of a unit."""
    asked = bench.ask("everywhere", API, unit=unit, limit=limit)
    found: list[dict[str, str]] = json.loads(fetch(bench.server().port, asked))["items"]
    return found


def record(bench: Bench) -> Iterator[Row]:
    """One record with everything dated."""
    keys = [member["id"] for member in members_of(bench, "ROOT")][:40]
    requests = [bench.ask("everywhere", f"{API}/{key}") for key in keys]
    bench.keep("record", requests)
    yield from against(
        bench, "one record, JSON", lambda n: requests[n % len(requests)],
        lambda n: Request(f"/replay/record/{n % len(requests)}"), COUNT, {"ratio_at_most": 2},
    )  # fmt: skip


def search(bench: Bench) -> Iterator[Row]:
    """A person looked for without marks; the floor sends the same statements."""
    for person in ("everywhere", "third", "scattered"):
        yield from _search(bench, person)


def _search(bench: Bench, person: str) -> Iterator[Row]:
    requests = [
        bench.ask(person, "/search", q=search_key(name).replace(" ", "+")) for name in NAMES
    ]
    bench.keep(f"search-{person}", requests)
    yield from against(
        bench, f"search for a person, rights: {person}",
        lambda n: requests[n % len(NAMES)],
        lambda n: Request(f"/replay/search-{person}/{n % len(NAMES)}"),
        60, {}, time_goals={"p95_at_most": 50},
    )  # fmt: skip


def counts(bench: Bench) -> Iterator[Row]:
    """The page of the root's units, which counts heads."""
    page = bench.ask("everywhere", "/u/ROOT/units/")
    bench.keep("counts", [page])
    yield from against(
        bench, "page of the root with its head counts", always(page),
        always(Request("/replay/counts/0")), 40, {},
    )  # fmt: skip


def overview(bench: Bench) -> Iterator[Row]:
    """The page of figures of a province for a month, and as many figures as one may ask for."""
    page = bench.ask("everywhere", "/u/XQ00/indicators/", period="2026-10")
    yield from _figures(bench, "overview of a province for a month, page", page, "overview")
    keys = "&key=".join(_every_key(bench)[:20])
    every = bench.ask("everywhere", "/api/v1/indicators", unit="XQ00", period="2026-10", key=keys)
    yield from _figures(bench, "twenty figures of a province for a month, JSON", every, "figures")


def _figures(bench: Bench, name: str, asked: Request, kept: str) -> Iterator[Row]:
    """Figures by a process that remembers none, after a change in one commune, and unchanged.

    The floor of each is what the first of them asks the database, all facts anew.
    """
    found = bench.keep(kept, [asked])[0]
    replay = always(Request(f"/replay/{kept}/0"))
    floor = bench.load(bench.server("floor"), replay, 6, warm=1)
    for state, statement, count in STATES:
        ours = always(asked) if statement is None else _after(bench, statement, asked)
        load = bench.load(bench.server(), ours, count, warm=2)
        yield row(f"{name}, {state}, CPU ms", bench.size, load.cpu, floor=floor.cpu)
        yield row(
            f"{name}, {state}, ms", bench.size, load.median, p95=load.p95, floor=floor.median,
            at_most=150,
        )  # fmt: skip
    yield from _begun(bench, f"{name}, by a new process", asked)
    yield row(f"{name}, statements at most", bench.size, len(found.statements), at_most=15)


def _begun(bench: Bench, name: str, asked: Request) -> Iterator[Row]:
    """Figures by a process that has just begun, from what the hourly job kept.

    It has answered another page before, so that its code is there.
    """
    keep_figures(bench.system(), {})
    other = always(bench.ask("everywhere", "/u/XQ00/settings/"))
    loads = []
    for _turn in range(NEW_PROCESSES):
        server = servers.serve("product", bench.environ, bench.folder / "new.log")
        try:
            bench.load(server, other, 1, warm=1)
            loads.append(bench.load(server, always(asked), 1, warm=0))
        finally:
            server.stop()
    times = sorted(load.median for load in loads)
    yield row(f"{name}, CPU ms", bench.size, median(load.cpu for load in loads))
    yield row(f"{name}, ms", bench.size, median(times), p95=times[-1], at_most=150)


NEW_PROCESSES = 5
FORGET = "UPDATE core_epoch SET value = value + 1 WHERE name = 'settings'"
CHANGE = """
    INSERT INTO core_change (source, unit_id, since, written_on)
    SELECT source, unit_id, '2026-10-05', '2026-11-22'
    FROM (SELECT unit_id FROM meetings_meeting ORDER BY id LIMIT 1) AS branch,
         (SELECT 'meetings_meeting' AS source UNION ALL SELECT 'core_affiliation'
          UNION ALL SELECT 'core_member_status' UNION ALL SELECT 'meetings_task') AS tables
"""
"""As if somebody came and a meeting was held in one branch, with a task."""
STATES = (
    ("for the first time", FORGET, 8),
    ("after a change in one commune", CHANGE, 40),
    ("unchanged", None, 60),
)


def _after(bench: Bench, statement: str, asked: Request) -> Callable[[int], Request]:
    """Return the request, each time after a statement of somebody else's."""
    engine = bench.engine()

    def ours(_number: int) -> Request:
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)
        return asked

    return ours


def _every_key(bench: Bench) -> list[str]:
    host = bench.system().host
    return [one.key for plugin in host.sound() for one in plugin.offered("indicators")]


def rollup(bench: Bench) -> Iterator[Row]:
    """A year of attendance by commune, by a process that remembers none."""
    asked = bench.ask(
        "everywhere", "/api/v1/indicators", unit="XQ00", period="2026",
        key="meetings.attendance_rate", by="child",
    )  # fmt: skip
    bench.keep("rollup", [asked])
    yield from against(
        bench, "a year of attendance by commune", _after(bench, FORGET, asked),
        always(Request("/replay/rollup/0")), 20, {}, time_goals={"at_most": 300},
    )  # fmt: skip


def past(bench: Bench) -> Iterator[Row]:
    """The list as of a past day: of the root, of a commune, of a branch."""
    for person in ("everywhere", "commune", "branch"):
        unit = bench.people[person].unit
        asked = bench.ask(person, API, unit=unit, status="official", as_of="2026-03-01")
        name = f"past-{person}"
        bench.keep(name, [asked])
        where = {"everywhere": "the root", "commune": "a commune", "branch": "a branch"}[person]
        yield from against(
            bench, f"list of {where} as of a past day, JSON", always(asked),
            always(Request(f"/replay/{name}/0")), 20, {},
        )  # fmt: skip
