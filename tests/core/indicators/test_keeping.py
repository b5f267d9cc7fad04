"""What is kept each hour for processes that remember none, and when it is not believed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.changes import Mark
from core.indicators import jobs, keeping, remembering
from core.indicators.jobs import keep_figures
from core.indicators.models import KeptAnswer
from core.indicators.remembering import forget
from core.settings.services import give_setting
from core.testing import Counter, World, counted
from tests.core.indicators.test_remembering import asked, build_province, by_hand, check, go
from tests.environment.systems import KINDS, committing_system


@pytest.fixture(autouse=True)
def _every_unit_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "FEW", 0)
    monkeypatch.setattr(jobs, "MOST_NAMED", 5)


@pytest.fixture(params=KINDS)
def province(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Three communes in a system whose acts really commit."""
    with committing_system(request.param, tmp_path, "keeping") as system:
        world = World(system, None)
        build_province(world)
        yield world


@pytest.fixture
def statements(province: World) -> Iterator[Counter]:
    """Count the statements of the system that commits."""
    with counted(province.system.database.engine) as counter:
        yield counter


def anew(world: World) -> None:
    """Let the process know nothing, as one that has just begun."""
    with world.work(writing=False) as work:
        forget(work)


def read_by(world: World, counter: Counter, actor: object = None) -> tuple[object, bool]:
    """Ask as a process that has just begun; return the answer, and whether facts were read."""
    anew(world)
    before = counter.count
    found = asked(world, actor, by="child")
    return found, any("core_affiliation" in one for one in counter.statements[before:])


def test_a_new_process_begins_with_what_was_kept(province: World, statements: Counter) -> None:
    office = province.account("province_organisation", "P")
    assert keep_figures(province.system, {}) > 0
    expected = [("W1", 6), ("W2", 6), ("W3", 6)]
    for actor in (None, office, province.account("administrator", "ROOT")):
        assert read_by(province, statements, actor) == (expected, False), actor
    # Whoever holds other rights is answered by the facts.
    staff = province.account("commune_staff", "W1")
    anew(province)
    assert asked(province, staff, unit="W1", by="child") == [("W1A", 3), ("W1B", 3)]


def test_what_changed_since_is_reckoned(province: World, statements: Counter) -> None:
    keep_figures(province.system, {})
    chance = random.Random(3)
    people = [province.member("W1A", since=date(2025, 1, 1))]
    for act in (by_hand, go):
        anew(province)
        check(province)
        act(province, chance, people)
    anew(province)
    check(province)
    keep_figures(province.system, {})
    province.member("W2A", since=date(2026, 1, 1))
    found, read = read_by(province, statements)
    assert read
    keep_figures(province.system, {})
    assert read_by(province, statements) == (found, False)


def test_of_another_world_it_says_nothing(
    province: World, statements: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = [("W1", 6), ("W2", 6), ("W3", 6)]
    keep_figures(province.system, {})
    registries = province.system.host.registries
    with monkeypatch.context() as patch:
        patch.setitem(registries, "code", "other code")
        assert read_by(province, statements) == (kept, True)
        patch.setitem(registries, "code", "another")
        patch.setitem(registries, "cluster", "another cluster")
        assert read_by(province, statements) == (kept, True)
    assert read_by(province, statements) == (kept, False)
    with monkeypatch.context() as patch:
        patch.setattr(keeping, "BELIEVED", -timedelta(1))
        assert read_by(province, statements) == (kept, True)
    with province.work() as work:
        unit = province.place("P", work)
        give_setting(work, key="meetings.announce_days_before", value=4, unit=unit)
    assert read_by(province, statements) == (kept, True)
    keep_figures(province.system, {})
    province.unit("W4", "commune", "P")
    assert read_by(province, statements)[1]


def test_what_was_kept_before_goes(province: World) -> None:
    first = keep_figures(province.system, {})
    assert province.rows(KeptAnswer) == first
    province.unit("W4", "commune", "P")
    second = keep_figures(province.system, {})
    assert province.rows(KeptAnswer) == second


def test_a_mark_is_kept_as_it_was() -> None:
    mark = Mark(5, 9, frozenset({5, 7}))
    assert Mark.spelled(mark.spelling) == mark
    assert Mark.spelled(Mark(3, 3).spelling) == Mark(3, 3)


def test_sums_are_kept_exactly(province: World) -> None:
    with province.work(writing=False) as work:
        place = province.place("P", work)
        rows = [(0, place.id, Decimal("2.50"), 3, 0, None, 0.25)]
        lines = [[keeping._plain(value) for value in row] for row in rows]
        assert [keeping._row(line) for line in lines] == rows
