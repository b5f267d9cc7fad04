"""Years running: across transfers and mergers, a page at a time, nobody left out."""

from __future__ import annotations

import random
import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from core.db import new_key
from core.errors import InvalidInput
from core.testing import NOON, TODAY, UnitLine, counted
from core.units.covering import AsOf
from core.units.models import UnitLineage
from plugins.evaluation import services
from plugins.evaluation.models import Result
from tests.plugins.evaluation.builders import move_member

BEST = dict.fromkeys(range(2021, 2026), "excellent")


def years(ward: Any, index: int, levels: dict[int, str], unit: str = "B1") -> list[dict]:
    """Return rows of several years about one member."""
    return [
        ward.member_row(unit, index, period=str(year), level=level)
        for year, level in levels.items()
    ]


def every_page(work: Any, *told: Any, limit: int, **more: Any) -> list[Any]:
    """Follow the pages to the last one."""
    found: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        rows, cursor = services.years_running(work, *told, cursor=cursor, limit=limit, **more)
        assert len(rows) == limit or cursor is None
        found += rows
    return found


def test_years_running_are_counted_across_transfers(ward) -> None:
    ward.take_in([*years(ward, 0, BEST), *years(ward, 1, {**BEST, 2023: "good"})])
    move_member(ward, ward.people["B1"][0].id, "B3")
    ward.take_in([ward.member_row("B1", 0, period="2025", level="excellent", unit_code="B3")])
    with ward.work(writing=False) as work:
        found, following = services.years_running(work, 2025, 5)
        assert [(one.name, one.unit_name) for one in found] == [
            (ward.people["B1"][0].full_name, "Chi bộ tổ dân phố Phúc Sơn")
        ]
        assert following is None
        assert len(services.years_running(work, 2025, 2)[0]) == 2
    with ward.work(unit="G", writing=False) as work:
        assert services.years_running(work, 2025, 5) == ([], None)
    here = ward.world.account("commune_staff", "B3")
    with ward.work(here, "B3", writing=False) as work:
        earlier = [one.name for one in services.years_running(work, 2025, 5)[0]]
        assert earlier == [ward.people["B1"][0].full_name], "the years before count from elsewhere"


def test_who_was_excellent_some_years_is_found_without_reading_everybody(ward) -> None:
    best = dict.fromkeys(range(2023, 2026), "excellent")
    levels = [best if number == 4 else {2025: "excellent"} for number in range(6)]
    ward.take_in([row for number in range(6) for row in years(ward, number, levels[number])])
    with ward.work(writing=False) as work:
        with counted(ward.world.system.database.engine) as counter:
            [found] = services.years_running(work, 2025, 3)[0]
        assert found.name == ward.people["B1"][4].full_name
        assert sum("evaluation_result" in one for one in counter.statements) == 1


def test_the_pages_together_name_everybody_once_and_in_order(ward, program) -> None:
    ward.take_in(
        [row for unit in ("B1", "B3") for n in range(5) for row in years(ward, n, BEST, unit)]
    )
    with ward.work(writing=False) as work:
        whole = [one.subject_id for one in services.years_running(work, 2025, 5)[0]]
        assert len(set(whole)) == len(whole) == 10
        for limit in (1, 3, 5, 10):
            pages = every_page(work, 2025, 5, limit=limit)
            assert [one.subject_id for one in pages] == whole
    asked = "&year=2025&years=5&limit=6"
    first = program("GET", "/running", query=asked)
    rest = program("GET", "/running", query=f"{asked}&cursor={first['next']}")
    assert [one["subject_id"] for one in first["items"] + rest["items"]] == list(map(str, whole))
    assert (len(first["items"]), rest["next"]) == (6, None)


def test_the_page_leads_on_without_a_script(ward, monkeypatch) -> None:
    monkeypatch.setitem(services.years_running.__kwdefaults__, "limit", 3)
    ward.take_in([row for n in range(4) for row in years(ward, n, BEST)])
    browser = ward.world.browser(ward.office)
    address = "/u/W/evaluation/results/running?period=2025&years=5"
    first = browser.get(address).text
    [following] = set(re.findall(r'href="([^"]*cursor=[^"]*)"', first))
    assert "years=5" in following
    second = browser.get(following.replace("&amp;", "&")).text
    assert re.findall(r'href="[^"]*cursor=', second) == []
    for member in ward.people["B1"][:4]:
        assert (member.full_name in first) != (member.full_name in second)


@pytest.mark.parametrize("cursor", ["x", "x!", "W10", "eyJhIjoxfQ"])
def test_a_page_that_was_never_given_is_refused(ward, program, cursor: str) -> None:
    with ward.work(writing=False) as work:
        for subject in ("member", "unit"):
            with pytest.raises(InvalidInput, match="đầu"):
                services.years_running(work, 2025, 2, subject=subject, cursor=cursor)
    problem = program("GET", "/running", query=f"&year=2025&cursor={cursor}", expect=422)
    assert list(problem["fields"]) == ["cursor"]
    page = "/u/W/evaluation/results/running?period=2025&cursor="
    assert ward.world.browser(ward.office).get(page + cursor).status_code == 422


@pytest.mark.parametrize("limit", ["0", "201", "all"])
def test_a_page_is_never_longer_than_is_told(program, limit: str) -> None:
    problem = program("GET", "/running", query=f"&year=2025&limit={limit}", expect=422)
    assert list(problem["fields"]) == ["limit"]


CODES = [f"U{number:02}" for number in range(14)]
ENDS = {"U00": ["U01"], "U01": ["U02"], "U03": ["U04", "U05"], "U06": ["U04"], "U07": ["U08"],
        "U08": ["U07"]}  # fmt: skip
"""A chain, one that was divided, one beside it, and two that name each other."""


def heir(code: str, whole: dict[str, str]) -> str:
    """Follow a unit to where it ended; in a circle it stays itself."""
    seen, at = [code], code
    while at in whole:
        at = whole[at]
        if at in seen:
            return code
        seen.append(at)
    return at


def write(ward: Any, ends: dict[str, list[str]], levels: dict[tuple[str, int], str]) -> None:
    """Write units, who took over from whom, and their results."""
    ward.world.units(*(UnitLine(code, "branch", "W") for code in CODES))
    with ward.world.work() as work:
        ids = {code: ward.world.place(code, work).id for code in CODES}
        for before, heirs in ends.items():
            for after in heirs:
                line = UnitLineage(predecessor_id=ids[before], successor_id=ids[after], on=TODAY)
                line.kind, line.gen_from = "merge_into", work.generation
                work.session.add(line)
        for (code, year), level in levels.items():
            work.session.add(
                Result(
                    id=new_key(), unit_id=ids[code], subject_id=ids[code], post_id=ids[code],
                    subject_kind="unit", period_kind="year", period_key=str(year), level=level,
                    period_start=date(year, 1, 1), period_last=date(year, 12, 31), made_at=NOON,
                )
            )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_units_keep_the_years_of_all_that_went_over_whole_into_their_heir(ward, seed: int) -> None:
    chance = random.Random(seed)
    ends = dict(ENDS)
    for code in CODES[9:13]:
        if chance.random() < 0.6:
            ends[code] = [chance.choice(CODES[CODES.index(code) + 1 :])]
    given = ("excellent", "excellent", "excellent", "good")
    levels = {(code, year): chance.choice(given) for code in CODES for year in (2023, 2024, 2025)}
    write(ward, ends, levels)
    whole = {code: heirs[0] for code, heirs in ends.items() if len(heirs) == 1}
    had: dict[str, set[int]] = {}
    for (code, year), level in levels.items():
        if level == "excellent":
            had.setdefault(heir(code, whole), set()).add(year)
    for count in (2, 3):
        last = set(range(2026 - count, 2026))
        wanted = sorted(
            f"Đơn vị {code}"
            for code in CODES
            if levels[code, 2025] == "excellent" and last <= had[heir(code, whole)]
        )
        with ward.work(writing=False) as work:
            found = every_page(work, 2025, count, subject="unit", limit=2)
            assert [one.name for one in found] == wanted
            restated = AsOf(None, restated=True)
            again = every_page(work, 2025, count, subject="unit", limit=3, as_of=restated)
            assert [one.name for one in again] == wanted


def test_a_plan_that_was_taken_back_gives_no_years(ward) -> None:
    write(ward, {"U00": ["U01"]}, {("U00", 2024): "excellent", ("U01", 2025): "excellent"})
    with ward.work(writing=False) as work:
        [found] = services.years_running(work, 2025, 2, subject="unit")[0]
        assert found.name == "Đơn vị U01"
    with ward.world.work() as work:
        work.session.execute(sa.update(UnitLineage).values(gen_to=work.generation))
    with ward.work(writing=False) as work:
        assert services.years_running(work, 2025, 2, subject="unit") == ([], None)
