"""Open work that went on with another unit is found, as of a day, where it stood then."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from core.restructuring.models import Plan
from core.restructuring.operations import Link, NewUnit, Operation
from core.restructuring.services import draft_plan, lines_of, list_plans
from core.restructuring.services.drafting import Draft
from core.testing import World
from core.units.covering import AsOf, covered
from core.units.models import Rehomed
from core.units.rehoming import note_left
from tests.core.restructuring.conftest import build_town
from tests.core.restructuring.test_applying import draft, enact, revert
from tests.environment.settling import Fresh, Settle

RENAME = Operation("rename", unit="W1", changes={"name": "Xã Một Hai"})
JUNE, NOVEMBER = date(2026, 6, 30), date(2026, 11, 5)
ON = date(2026, 11, 1)


def build_moving(world: World) -> Plan:
    """A plan that waited in a commune when that commune became part of another; and that reform."""
    town = build_town(world)
    with town.work(unit="W1") as work:
        waiting, _found = draft_plan(work, Draft(NOVEMBER, (RENAME,), decision_no="7-QĐ/ĐU"))
        waiting.title = "waits"
    new = NewUnit("N1", "Xã Mới", "commune", "P")
    links = (Link("W1", "N1"), Link("W2", "N1"))
    return enact(town, draft(town, Operation("consolidate", links=links, new=(new,)), on=ON))


@pytest.fixture(scope="module")
def settle() -> Settle:
    """The tests of this module begin with it."""
    return build_moving


@pytest.fixture
def moving(anew: Fresh) -> tuple[World, Plan]:
    """The town and its reform, which each test finds untouched."""
    return anew.world, anew.things


def waiting(town: World, unit: str, as_of: AsOf, *, alone: bool = False) -> bool:
    """Whether a list of a unit shows the plan that waits."""
    with town.work(unit=unit, writing=False) as work:
        where = covered(work, Plan.unit_id, as_of, alone=alone, row=Plan.id)
        return "waits" in work.session.scalars(sa.select(Plan.title).where(where)).all()


@pytest.mark.parametrize(
    ("unit", "as_of", "is_there"),
    [
        ("N1", AsOf(), True),
        ("N1", AsOf(JUNE), False),
        ("N1", AsOf(JUNE, restated=True), True),
        ("N1", AsOf(NOVEMBER), True),
        ("W1", AsOf(JUNE), True),
        ("W1", AsOf(NOVEMBER), False),
        ("W2", AsOf(JUNE), False),
        ("P", AsOf(JUNE), True),
        ("P", AsOf(NOVEMBER), True),
    ],
)
def test_open_work_that_went_on_with_another_unit_is_found_where_it_stood_then(
    moving: tuple[World, Plan], unit: str, as_of: AsOf, is_there: bool
) -> None:
    town, _reform = moving
    assert waiting(town, unit, as_of) is is_there
    if unit != "P":
        assert waiting(town, unit, as_of, alone=True) is is_there


def test_what_was_moved_by_hand_since_is_restated_from_where_it_stood(
    moving: tuple[World, Plan],
) -> None:
    town, _reform = moving
    with town.work() as work:
        plan = work.session.scalars(sa.select(Plan).where(Plan.title == "waits")).one()
        for code, on in (("W3", NOVEMBER), ("W2B1", NOVEMBER)):  # the second is a slip, put right
            note_left(work, plan.id, plan.unit_id, on)
            plan.unit_id = town.place(code, work).id
            work.session.flush()
    restated = AsOf(JUNE, restated=True)
    assert waiting(town, "N1", restated)
    assert not waiting(town, "W2B1", restated)
    assert waiting(town, "W1", AsOf(JUNE))
    assert waiting(town, "W2B1", AsOf())
    assert waiting(town, "W2B1", AsOf(NOVEMBER))
    assert waiting(town, "N1", AsOf(ON))


def test_a_reverted_reform_leaves_no_trace_of_where_things_stood(
    moving: tuple[World, Plan],
) -> None:
    town, reform = moving
    with town.work(writing=False) as work:
        assert work.session.scalar(sa.select(sa.func.count()).select_from(Rehomed)) == 1
    revert(town, reform)
    with town.work(writing=False) as work:
        assert work.session.scalar(sa.select(sa.func.count()).select_from(Rehomed)) == 0
    assert waiting(town, "W1", AsOf(NOVEMBER))


def test_plans_are_listed_as_they_stood_on_a_day(moving: tuple[World, Plan]) -> None:
    town, reform = moving
    first = town.now.date()
    town.now += timedelta(days=3)
    town.system.opener.clock = lambda: town.now
    revert(town, reform)

    def listed(unit: str, as_of: AsOf, state: str = "") -> dict[str, str]:
        with town.work(unit=unit, writing=False) as work:
            found = list_plans(work, work.unit, as_of=as_of, state=state)
            lines = lines_of(work, found, as_of)
            return {line.plan.title: line.state for line in lines}

    enacted = reform.title
    assert listed("ROOT", AsOf()) == {"waits": "draft", enacted: "reverted"}
    assert listed("ROOT", AsOf(first)) == {"waits": "draft", enacted: "applied"}
    assert listed("ROOT", AsOf(first), "applied") == {enacted: "applied"}
    assert listed("ROOT", AsOf(first), "reverted") == {}
    assert listed("ROOT", AsOf(first - timedelta(days=1))) == {}
    assert listed("W1", AsOf(first)) == {"waits": "draft"}
    browser = town.browser(town.account("province_organisation", "ROOT"))
    page = browser.get(f"/u/ROOT/restructuring/?as_of={first:%d/%m/%Y}")
    assert "Đã thực hiện" in page.text
    assert "Đã hoàn tác" not in page.text
    early = browser.get("/u/ROOT/restructuring/?as_of=01/01/2026")
    assert "chưa soạn phương án nào" in early.text
    (one,) = browser.get(f"/api/v1/restructuring/?as_of={first}&state=applied").json["items"]
    assert (one["title"], one["state"]) == (enacted, "applied")
    assert browser.get("/api/v1/restructuring/?as_of=2026-02-30").status_code == 422
