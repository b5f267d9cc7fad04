"""Members on many days at once are counted as on each day by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.indicators.evaluation import Question, evaluate
from core.members.services import transfer_home
from core.members.services.statuses import leave
from core.periods import Period
from core.testing import UnitLine, World, counted


@pytest.fixture
def year(world: World) -> World:
    """Two branches; people who came, moved and left in the course of 2026."""
    world.units(
        UnitLine("V", "commune"), UnitLine("K", "branch", "V"), UnitLine("L", "branch", "V")
    )
    people = world.members("K", (f"Nguyễn Văn {name}" for name in ("An", "Bình", "Chi", "Dung")))
    world.members("L", ["Trần Thị Em"])
    with world.work(unit="K") as work:
        to = world.place("L", work)
        transfer_home(work, people[0], to, since=date(2026, 3, 31), decision_no="1")
        transfer_home(work, people[1], to, since=date(2026, 4, 1), decision_no="2")
        leave(work, people[2], "deceased", on=date(2026, 6, 30))
    return world


@pytest.mark.parametrize("key", ["members.count", "members.official"])
def test_the_months_of_a_year_in_one_pass_are_the_months_one_by_one(year: World, key: str) -> None:
    with year.work(unit="V", writing=False) as work:
        asked = Question(work.unit, Period.parse("2026"), by="child", series=True)
        with counted(year.system.database.engine) as counter:
            together = evaluate(work, [key], asked)
        one_by_one = [
            figure
            for part in asked.parts
            for figure in evaluate(work, [key], replace(asked, period=part, series=False))
        ]
    assert together == one_by_one
    numbers = {(one.group, one.period): one.value for one in together}
    assert numbers[("K", "2026-02")] == 4
    assert numbers[("K", "2026-03")] == 3
    assert numbers[("K", "2026-04")] == 2
    assert numbers[("L", "2026-04")] == 3
    assert numbers[("K", "2026-06")] == 1
    assert sum("core_affiliation" in one for one in counter.statements) == 1
