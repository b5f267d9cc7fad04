"""The last week of December: decisions and reads of one campaign over every branch, a second."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core.access.principal import operator
from core.system import System
from plugins.evaluation import services
from plugins.evaluation.jobs import fill_campaign
from tests.benchmarks.bench import Bench
from tests.benchmarks.client import Load, Request
from tests.benchmarks.table import Row, row

API = "/api/v1/evaluation"
CROWDS = (1, 4, 16)
DECISIONS, READS = 240, 1200
"""How many are sent to each crowd of clients."""
APPRAISED = """
UPDATE evaluation_review SET stage = 'decision', counted_level = 'good'
WHERE campaign_id = :campaign AND stage = 'self_review'
"""
COUNTED = """
UPDATE evaluation_counter
SET rated = seats.n, good = seats.n, room = evaluation_counter.share * seats.n / 10000
FROM (
    SELECT s.counter_id, count(*) AS n
    FROM evaluation_seat s JOIN evaluation_review r ON r.id = s.review_id
    WHERE r.campaign_id = :campaign AND r.counted_level = 'good'
    GROUP BY s.counter_id
) AS seats
WHERE seats.counter_id = evaluation_counter.id
"""
"""Everybody was appraised as good, with the sums of all groups."""


def evaluation(bench: Bench) -> Iterator[Row]:
    """A campaign opened for everybody, then decided and read by more and more at once."""
    system = bench.system()
    began = time.perf_counter()
    campaign, branches = opened(system)
    seconds = time.perf_counter() - began
    yield row(f"a campaign opened for {branches} units by its job, s", bench.size, seconds)
    waiting = appraised(system, campaign)
    taken = iter(waiting)
    decided = _by_crowd(
        bench, "decisions", lambda _n: decision(bench, campaign, next(taken)[0]), DECISIONS, 50
    )
    codes = sorted({code for _key, code in waiting})
    read = _by_crowd(
        bench, "reads", lambda n: reading(bench, campaign, codes[n % len(codes)]), READS, 500
    )
    yield from (*decided, *read)
    needed = (50 * decided[1].median + 500 * read[1].median) / 1000
    yield row("processors that 50 decisions and 500 reads a second need", bench.size, needed)


def opened(system: System) -> tuple[UUID, int]:
    """Open a campaign of members at the root, and let its job make the list."""
    with system.opener.as_system(operator("benchmarks"), writing=True) as work:
        year = work.today.year
        facts = services.CampaignFacts(f"Đợt đo năm {year}", str(year), subjects=("member",))
        campaign = services.open_campaign(work, facts)
    fill_campaign(system, {"campaign": str(campaign.id)})
    with system.opener.as_system(operator("benchmarks"), writing=False) as work:
        return campaign.id, services.access_campaign(work, campaign.id).units_done


def appraised(system: System, campaign: UUID) -> Sequence[Any]:
    """Let everybody be appraised; return some in many branches: (evaluation, unit's code)."""
    found = sa.text(
        "SELECT r.id, u.code FROM evaluation_review r JOIN core_unit u ON u.id = r.unit_id"
        " WHERE r.campaign_id = :campaign AND r.stage = 'decision' ORDER BY r.id DESC LIMIT 20000"
    ).columns(sa.column("id", sa.Uuid), sa.column("code", sa.String))
    with system.database.engine.begin() as connection:
        for statement in (APPRAISED, COUNTED):
            connection.execute(sa.text(statement), {"campaign": campaign})
        rows = connection.execute(found, {"campaign": campaign}).all()
    step = max(1, len(rows) // (len(CROWDS) * (DECISIONS + 20)))
    return [line for at in range(step) for line in rows[at::step]]


def decision(bench: Bench, campaign: UUID, review: UUID) -> Request:
    """Return the request that decides one evaluation."""
    who = bench.people["everywhere"]
    body = {"review": [str(review)], "number": "9-QĐ/ĐU", "on": "2026-01-05"}
    return Request(
        f"{API}/campaigns/{campaign}/decide?unit=ROOT",
        who.headers | {"Content-Type": "application/json"},
        json.dumps(body).encode(),
        "POST",
    )


def reading(bench: Bench, campaign: UUID, code: str) -> Request:
    """Return the request that lists the evaluations of a branch."""
    return Request(
        f"{API}/campaigns/{campaign}/reviews?unit={code}&limit=50",
        bench.people["everywhere"].headers,
    )


def _by_crowd(
    bench: Bench, what: str, make: Callable[[int], Request], count: int, goal: int
) -> tuple[Row, Row]:
    """Measure one after the other what more and more clients get done; the best is judged.

    Beside it the time of processors, server and database together, which noise moves least.
    """
    server = bench.server()
    loads: dict[int, Load] = {
        crowd: bench.load(server, make, count, clients=crowd) for crowd in CROWDS
    }
    best = max(loads, key=lambda crowd: loads[crowd].rate)
    name = f"{what} of evaluation a second, {best} at once (p95 in ms)"
    return (
        row(name, bench.size, loads[best].rate, p95=loads[best].p95, at_least=goal),
        row(f"one of these {what}, CPU ms", bench.size, loads[best].cpu),
    )
