"""The country before the reform, in small: its shape, its file, and what the file makes of it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from core.exchange.workbook import RawRow
from core.generate.building import PEOPLE, write_scale
from core.generate.country import COLUMNS, Country
from core.generate.indexes import without_indexes
from core.generate.scale import SIZES, Size
from core.generate.sizes import build_scale
from core.generate.units import REFORM
from core.members.models import MemberListRow
from core.members.services import head_counts
from core.restructuring.files import read_plan
from core.restructuring.services import (
    access_plan,
    apply_plan,
    approve_plan,
    draft_from,
    draft_plan,
    submit_plan,
)
from core.testing import World
from core.units.tree import whole_tree

SMALL = Size(
    members=130, branches=24, organisations=2, communes=4, provinces=2, old_communes=12,
    districts=5, old_provinces=3,
)  # fmt: skip
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def country() -> Country:
    """Return a country of three provinces."""
    return Country(SMALL, 4, TODAY)


@pytest.mark.parametrize("part", [1.0, 0.1, 0.01])
def test_the_reform_keeps_neighbours_together_and_uses_every_new_unit(part):
    scale = build_scale("country", part=part)
    rows = list(scale.reform())
    assert len({row["old_code"] for row in rows}) == len(rows) == scale.size.old_communes
    assert len({row["new_code"] for row in rows}) == scale.size.communes
    assert len({row["new_province_code"] for row in rows}) == scale.size.provinces
    over = {(row["new_code"], row["new_province_code"]) for row in rows}
    joined = {(row["old_province"], row["new_province_code"]) for row in rows}
    assert len(over) == scale.size.communes
    assert len(joined) == scale.size.old_provinces


def test_the_country_has_the_shape_of_before_the_reform():
    scale = build_scale("country", part=0.1)
    kinds = Counter(unit.kind for unit in scale.units())
    assert (kinds["province"], kinds["commune"], kinds["branch"]) == (6, 1_004, 26_000)
    assert kinds["district"] == 70
    assert not list(scale.lineage())


def test_a_part_has_the_same_shape():
    tenth = SIZES["country"].part(0.1)
    assert (tenth.members, tenth.branches, tenth.old_communes) == (550_000, 26_000, 1_004)
    assert SIZES["town"].part(0.0001).provinces == 1


def test_the_file_has_the_columns_of_a_reform(country, tmp_path):
    path = country.write_reform(tmp_path / "var")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == list(COLUMNS)
    assert rows == list(country.reform())


def rows_of(country: Country) -> Iterator[RawRow]:
    """Return the reform's rows as a reader of files gives them."""
    for number, row in enumerate(country.reform(), 2):
        yield RawRow(number, row)


def test_the_reform_of_a_small_country_is_planned_and_applied(world: World, country: Country):
    with world.work() as work:
        steps: list[str] = []
        written = write_scale(work, country, [], lambda title, done: steps.append(title))
        assert written["core_member"] == country.persons
        assert steps
    before = tree(world, REFORM - timedelta(days=1))
    with world.work() as work:
        file = read_plan(COLUMNS, rows_of(country))
        filed = draft_from(work, file, on=REFORM, decision_no="1")
        plan, found = draft_plan(work, filed.draft)
        assert (filed.problems, found.problems, found.outcome.unplaced) == ([], [], [])
        submit_plan(work, plan)
        approve_plan(work, plan)
        apply_plan(work, access_plan(work, plan.id))
    after = tree(world, REFORM)
    kinds = Counter(code[:2] for code in after)
    assert (kinds["XQ"], kinds["XN"], kinds["XC"], kinds["XT"]) == (2, 4, 24, 2)
    assert not kinds["XP"] + kinds["XD"] + kinds["XW"]
    assert tree(world, REFORM - timedelta(days=1)) == before
    with world.work(writing=False) as work:
        root = world.place("ROOT", work)
        assert head_counts(work, root)[root.id].total == SMALL.members


def tree(world: World, day: date) -> dict[str, str]:
    """Read the tree of a day: the code of each unit and of what stands above it."""
    with world.work(writing=False) as work:
        lines = [line for line, _depth in whole_tree(work, world.place("ROOT", work), day)]
        codes = {line.id: line.code for line in lines}
        return {line.code: codes[line.parent_id] if line.parent_id else "" for line in lines}


def indexes(work: object) -> set[tuple[str, str]]:
    """Read every index of the tables of people, with its definition."""
    statement = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'core_member%'"
    return {tuple(row) for row in work.session.connection().execute(sa.text(statement))}


def test_indexes_taken_away_for_loading_come_back_as_they_were(world: World):
    if not world.system.database.is_postgresql:
        return
    said: list[str] = []
    with world.work() as work:
        before = indexes(work)
        with without_indexes(work, (*PEOPLE, MemberListRow), said.append):
            assert len(indexes(work)) < len(before) - 10
        assert indexes(work) == before
    assert "ex_core_affiliation_overlap" in said
