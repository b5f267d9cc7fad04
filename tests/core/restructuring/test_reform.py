"""The reform of 1 July 2025 as the proof: Hà Tĩnh, 12 districts and 209 communes become 69."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from core.cli import Context
from core.commands.restructuring import restructure
from core.members.services import count_by_home, head_counts
from core.testing import World
from core.units.models import UnitAncestor, UnitLineage, UnitVersion
from core.units.places import valid_on, visible

DATA = Path(__file__).parent / "data"
BEFORE = DATA / "tinhhatinh-units-before.csv"
REFORM = DATA / "tinhhatinh-reform-2025-07-01.csv"
DAY = date(2025, 7, 1)
EVE = DAY - timedelta(days=1)
DIVIDED = ("W18082", "W18796")
BRANCHES = {"postgresql": 17, "sqlite": 5}
"""Branches in each commune: 209 × 17 = 3,553; on SQLite, where one act waits for another, fewer."""

pytestmark = [pytest.mark.slow]
Tree = Callable[[date], dict[str, str]]


@pytest.fixture(scope="module")
def settle() -> None:
    """These begin with nothing."""


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a file of the reform."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def build(world: World, fill: Callable[..., None], number: int) -> None:
    """Build Hà Tĩnh before the reform with so many branches in each commune, and people."""
    units = [(row["code"], row["level"], row["parent_code"] or "ROOT") for row in rows_of(BEFORE)]
    communes = [code for code, kind, _parent in units if kind == "commune"]
    branches = [(f"C{c}.{n}", "branch", c) for c in communes for n in range(number)]
    people = {
        code: ["An", "Bình"][: 1 + at % 2] for at, (code, _kind, _parent) in enumerate(branches)
    }
    fill(world, [*units, *branches], people)
    with world.work() as work:  # as a database does by itself within a minute
        work.session.connection().exec_driver_sql("ANALYZE")


def run(world: World, *arguments: str) -> tuple[int, Any]:
    """Run `hatnhan restructure …` and return its exit code and what it printed."""
    context = Context()
    context._system = world.system
    done = CliRunner().invoke(restructure, [*arguments, "--json"], obj=context)
    world.system.opener.forget()
    return done.exit_code, json.loads(done.stdout) if done.stdout else done.stderr


def assign_file(folder: Path, branches: int) -> Path:
    """Write where the branches of divided communes go: in turn to each successor."""
    path = folder / "assign.csv"
    heirs: dict[str, list[str]] = {}
    for row in rows_of(REFORM):
        heirs.setdefault(row["old_code"], []).append(row["new_code"])
    lines = ["unit_code,new_parent_code"]
    lines += [
        f"C{old}.{number},{heirs[old][number % len(heirs[old])]}"
        for old in DIVIDED
        for number in range(branches)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def plan(world: World, *more: str) -> tuple[int, Any]:
    """Plan the reform."""
    return run(
        world, "plan", str(REFORM), "--on", "01/07/2025", "--decision", "1656/NQ-UBTVQH15", *more
    )


def test_the_reform_of_ha_tinh(
    world: World,
    fill: Callable[..., None],
    tree: Tree,
    checksums: Callable[[], dict[str, str]],
    tmp_path: Path,
) -> None:
    branches = BRANCHES[world.system.database.engine.dialect.name]
    build(world, fill, branches)
    before, sums = tree(EVE), checksums()
    heads = count(world, EVE)
    code, asked = plan(world)
    assert code == 1
    assert len(asked["problems"]) == len(DIVIDED)
    assert all(any(old in said for old in DIVIDED) for said in asked["problems"])

    code, made = plan(world, "--assign", str(assign_file(tmp_path, branches)))
    assert (code, made["problems"], made["unplaced"]) == (0, [], [])
    assert made["effective_on"] == "2025-07-01"
    code, _applied = run(world, "apply", made["id"])
    assert code == 0

    after = tree(DAY)
    kinds = Counter(key[0] for key in after if key != "ROOT")
    assert (kinds["N"], kinds["D"], kinds["W"], kinds["P"], kinds["Q"]) == (69, 0, 0, 0, 1)
    assert kinds["C"] == 209 * branches
    assert tree(EVE) == before
    assert count(world, DAY) == count(world, world.today) == heads
    check_one_parent_a_day(world, 209 * branches)
    check_lineage(world, 209 * branches * 3 // 2)

    code, _reverted = run(world, "revert", made["id"])
    assert code == 0
    now = checksums()
    assert [name for name in sums if sums[name] != now[name]] == []
    assert tree(DAY) == before


def count(world: World, day: date) -> dict[str, int]:
    """Count the members of each branch on a day."""
    with world.work(writing=False) as work:
        found = count_by_home(work, world.place("ROOT", work), day)
        return {str(unit_id): number for unit_id, number in found.items()}


def check_one_parent_a_day(world: World, branches: int) -> None:
    """Every branch stands directly under exactly one unit on every day, without gap or overlap."""
    with world.work(writing=False) as work:
        spans = work.session.execute(
            sa.select(UnitVersion.unit_id, UnitVersion.valid_from, UnitVersion.valid_to)
            .where(UnitVersion.kind == "branch", visible(UnitVersion, work.generation))
            .order_by(UnitVersion.unit_id, UnitVersion.valid_from)
        ).all()
        by_unit: dict[Any, list[tuple[date, date]]] = {}
        for unit_id, start, end in spans:
            by_unit.setdefault(unit_id, []).append((start, end))
        assert len(by_unit) == branches
        assert all(
            listed[0][0] == date(1, 1, 1)
            and listed[-1][1] == date(9999, 12, 31)
            and all(one[1] == two[0] for one, two in pairwise(listed))
            for listed in by_unit.values()
        )
        for day in (EVE, DAY, world.today):
            number = work.session.scalar(
                sa.select(sa.func.count())
                .select_from(UnitAncestor)
                .where(
                    UnitAncestor.unit_id.in_(list(by_unit)[:500]),
                    UnitAncestor.depth == 1,
                    valid_on(UnitAncestor, day),
                    visible(UnitAncestor, work.generation),
                )
            )
            assert number == 500


def check_lineage(world: World, members: int) -> None:
    """Shares are as declared: whole, or unknown, never a half; levels have their successors."""
    with world.work(writing=False) as work:
        rows = work.session.scalars(sa.select(UnitLineage)).all()
        ids = {row.predecessor_id for row in rows} | {row.successor_id for row in rows}
        places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
        lines: dict[str, dict[str, Any]] = {}
        for row in rows:
            old, new = places[row.predecessor_id].code, places[row.successor_id].code
            share = (row.share_part, row.share_whole)
            lines.setdefault(old, {})[new] = (share, row.is_main)
        q42 = places[world.place("Q42", work).id]
        total = head_counts(work, q42)[q42.id].total
    assert lines["W18073"] == {"N18073": ((1, 1), True)}
    assert lines["W18082"] == {
        "N18073": ((None, None), True),
        "N18652": ((None, None), False),
    }
    communes = {row["code"]: row["parent_code"] for row in rows_of(BEFORE)}
    for district in (row["code"] for row in rows_of(BEFORE) if row["level"] == "district"):
        wanted = {r["new_code"] for r in rows_of(REFORM) if communes[r["old_code"]] == district}
        assert set(lines[district]) == wanted
    assert lines["P42"]["Q42"] == ((1, 1), True)
    assert total == members


def test_what_is_not_in_the_file_stays_and_is_listed(
    world: World, fill: Callable[..., None], tree: Tree, tmp_path: Path
) -> None:
    build(world, fill, 1)
    lines = REFORM.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "part.csv"
    path.write_text("\n".join(x for x in lines if not x.startswith("W18073")), encoding="utf-8")
    code, made = run(
        world, "plan", str(path), "--on", "2025-07-01", "--decision", "1", "--unassigned", "main"
    )
    assert (code, made["unplaced"]) == (0, ["D436", "P42", "W18073"])
    code, _applied = run(world, "apply", made["id"])
    after = tree(DAY)
    assert code == 0
    assert (after["W18073"], after["D436"], after["P42"]) == ("D436", "P42", "ROOT")
    assert sum(key.startswith("D") for key in after) == 1
    assert after["CW18082.0"] == "N18073"
