"""Writing: a member, a meeting of forty with its attendance, and what the ledger adds."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from statistics import median
from typing import Any

import sqlalchemy as sa

from core.members.models import COUNTED, Affiliation, MemberStatus
from core.units.models import Unit
from tests.benchmarks.bench import Bench, against
from tests.benchmarks.client import Request, percentile
from tests.benchmarks.measures.reading import API
from tests.benchmarks.table import Row, row

COUNT = 60
ROLL = 40
JSON = {"Content-Type": "application/json"}


def _post(bench: Bench, path: str, unit: str, body: object) -> Request:
    sent = json.dumps(body).encode()
    headers = bench.people["everywhere"].headers | JSON
    return Request(f"{path}?unit={unit}", headers, sent, "POST")


def _numbered(bench: Bench, make: Callable[[int], Request]) -> Callable[[int], Request]:
    """Return requests of which none comes twice in a run, whatever number is asked for."""
    counter = iter(range(bench.written, 10_000_000))

    def following(_number: int) -> Request:
        bench.written = next(counter) + 1
        return make(bench.written)

    return following


def new_member(bench: Bench, number: int) -> Request:
    """Return the request that makes a member in a branch."""
    body = {
        "full_name": f"Nguyễn Thị Đo {number}", "birth_date": "1988-04-17", "sex": "female",
        "phone": f"09{number:08d}", "admitted_on": "2026-03-02", "record_no": f"DO{number:07d}",
    }  # fmt: skip
    return _post(bench, API, bench.people["branch"].unit, body)


def create(bench: Bench) -> Iterator[Row]:
    """One member made, with status, place, list rows and ledger."""
    requests = _numbered(bench, lambda number: new_member(bench, number))
    yield from _written(bench, "create", "one member made", requests)


def meeting(bench: Bench) -> Iterator[Row]:
    """A meeting with the attendance of forty, entered in one call."""
    unit, roll = largest_branch(bench)
    requests = _numbered(bench, lambda number: new_meeting(bench, unit, roll, number))
    yield from _written(
        bench, "meeting", f"a meeting of {len(roll)} saved with its attendance", requests
    )


def largest_branch(bench: Bench) -> tuple[str, list[str]]:
    """Return a branch with forty members, or the largest, and those who were in it all the year.

    Whoever came or left during the year is not on the roll of every meeting.
    """
    year = (date(2026, 1, 1), date(2026, 12, 31))
    stays = sa.and_(Affiliation.kind == "home", *_all_along(Affiliation, *year))
    holds = sa.and_(MemberStatus.status.in_(COUNTED), *_all_along(MemberStatus, *year))
    there = (
        sa.select(Unit.code, Affiliation.member_id)
        .join_from(Affiliation, Unit, Unit.id == Affiliation.unit_id)
        .join(MemberStatus, MemberStatus.member_id == Affiliation.member_id)
        .where(stays, holds)
        .order_by(Unit.code, Affiliation.member_id)
    )
    rolls: dict[str, list[str]] = {}
    with bench.system().database.engine.connect() as connection:
        for code, key in connection.execute(there):
            rolls.setdefault(code, []).append(str(key))
    unit = min(rolls, key=lambda code: (abs(len(rolls[code]) - ROLL), code))
    return unit, rolls[unit][:ROLL]


def _all_along(model: Any, first: date, last: date) -> list[sa.ColumnElement[bool]]:
    """Conditions: a dated fact holds from before a day until after another."""
    return [model.valid_from <= first, model.valid_to > last]


def new_meeting(bench: Bench, unit: str, roll: list[str], number: int) -> Request:
    """Return the request that saves a meeting held on a day of the past."""
    day = f"2026-{1 + number % 9:02d}-{1 + number % 27:02d}"
    # Absence is not recorded of whoever need not attend, and some on the roll need not.
    states = ["present", "late"]
    marks = [
        {"member_id": key, "state": states[(at + number) % 2], "reason": ""}
        for at, key in enumerate(roll)
    ]
    body = {
        "meeting": {"for_month": day[:7], "is_regular": False, "is_thematic": True,
                    "theme": "Chuyên đề", "title": f"Họp đo {number}"},
        "started_at": f"{day}T08:00:00+07:00", "ended_at": f"{day}T10:00:00+07:00",
        "exceptions": marks,
        "conclusions": [{"title": "Nội dung thứ nhất", "conclusion": "Thống nhất."}],
    }  # fmt: skip
    return _post(bench, "/api/v1/meetings/from-paper", unit, body)


def _written(
    bench: Bench, name: str, title: str, requests: Callable[[int], Request]
) -> Iterator[Row]:
    """Measure a writing request beside the floor that sends its statements and commits."""
    bench.keep(name, [requests(0) for _ in range(3 * (COUNT + 8))])
    sent = iter(range(10_000_000))
    yield from against(
        bench, title, requests, lambda _n: Request(f"/replay/{name}/{next(sent)}"), COUNT,
        {"ratio_at_most": 2},
    )  # fmt: skip


def ledger(bench: Bench) -> Iterator[Row]:
    """The writing measures with the ledger beside those without."""
    unit, roll = largest_branch(bench)
    makers: dict[str, Callable[[int], Request]] = {
        "one member made": lambda number: new_member(bench, number),
        "a meeting of 40 saved": lambda number: new_meeting(bench, unit, roll, number),
    }
    for title, make in makers.items():
        requests = _numbered(bench, make)
        on, off = bench.server(), bench.server("without_ledger")
        pairs = [
            (bench.load(on, requests, COUNT), bench.load(off, requests, COUNT)) for _ in range(5)
        ]
        times = [t for with_it, _without in pairs for t in with_it.times]
        yield row(
            f"{title}: ledger on beside off, CPU ms", bench.size,
            median(with_it.cpu for with_it, _without in pairs), p95=percentile(times, 0.95),
            floor=median(without.cpu for _with_it, without in pairs), ratio_at_most=1.10,
        )  # fmt: skip
