"""Rights and a restructuring: over with their unit, extended by lineage, never by a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from core.access.models import Account, Grant
from core.errors import Forbidden, NotFound
from core.members.models import Member
from core.restructuring.operations import Link, NewUnit, Operation
from core.restructuring.services import access_plan, approve_plan, draft_plan, submit_plan
from core.restructuring.services.drafting import Draft
from core.testing import World
from core.units.tree import access_unit, list_units
from tests.core.restructuring.test_applying import CONSOLIDATE, DAY, draft, enact

EVE = date(2025, 6, 30)
DIVIDE = Operation(
    "divide",
    links=(Link("W3", "X", None, is_main=True), Link("W3", "Y", None, is_main=False)),
    new=(NewUnit("X", "Xã X", parent="P"), NewUnit("Y", "Xã Y", parent="P")),
)


@pytest.fixture
def reformed(town: World) -> World:
    """W1 and W2 became N1; W3 was divided into X, its main successor, and Y."""
    parents = {"W3B1": "X", "W3B2": "Y"}
    enact(town, draft(town, CONSOLIDATE, DIVIDE, parents=parents))
    return town


def seen(world: World, account: Account, code: str) -> bool:
    """Whether an account finds a unit."""
    with world.work(account, writing=False) as work:
        try:
            access_unit(work, code)
        except NotFound:
            return False
        return True


def test_a_right_at_the_successor_reaches_whole_predecessors(reformed: World) -> None:
    account = reformed.account("commune_staff", "N1")
    assert [seen(reformed, account, code) for code in ("W1", "W2", "W1B1")] == [True] * 3
    assert [seen(reformed, account, code) for code in ("W3", "X", "P")] == [False] * 3


def test_of_a_divided_unit_only_the_main_successor_reaches_the_past(reformed: World) -> None:
    main, other = (reformed.account("commune_staff", code) for code in ("X", "Y"))
    assert seen(reformed, main, "W3")
    assert not seen(reformed, other, "W3")
    assert not seen(reformed, main, "W3B2")
    assert seen(reformed, other, "W3B2")


def test_a_right_at_an_ended_unit_is_over_and_gives_nothing_at_the_new_one(town: World) -> None:
    account = town.account("commune_staff", "W1")
    enact(town, draft(town, CONSOLIDATE))
    assert [seen(town, account, code) for code in ("N1", "W1", "W1B1", "W2B1")] == [False] * 4
    with town.work(writing=False) as work:
        grants = work.session.scalars(sa.select(Grant).where(Grant.account_id == account.id)).all()
    assert [grant.ended_at is not None for grant in grants] == [True]


@pytest.mark.parametrize("day", [date(2020, 6, 1), EVE, DAY])
def test_an_as_of_day_shows_no_unit_and_no_member_beyond_todays_rights(
    reformed: World, day: date
) -> None:
    account = reformed.account("commune_staff", "Y")
    with reformed.work(account, "Y", writing=False) as work:
        assert not [u for u in list_units(work, reformed.place("Y"), on=day) if u.code == "W3B1"]
        homes = {row.unit_id for row in work.session.scalars(sa.select(Member)).all()}
        assert homes == {reformed.place("W3B2").id}
    browser = reformed.browser(account)
    text = f"as_of={day.isoformat()}"
    for path in (f"/u/W3/units/?{text}", f"/u/W3/units/tree?{text}", f"/u/P/units/tree?{text}"):
        assert browser.get(path).status_code == 404
    assert browser.get(f"/api/v1/units/?unit=W3&{text}").status_code == 404


def test_an_ended_unit_is_shown_as_it_was_and_names_who_took_over(reformed: World) -> None:
    browser = reformed.browser(reformed.account("commune_staff", "N1"))
    page = browser.get("/u/W1/units/?as_of=30/06/2025").get_data(as_text=True)
    assert "Đơn vị W1B1" in page
    answer = browser.get("/api/v1/units/W1").get_json()
    assert (answer["ended_on"], answer["name"]) == ("2025-07-01", "Đơn vị W1")
    assert [one["code"] for one in answer["successors"]] == ["N1"]
    listed = browser.get("/api/v1/units/?unit=W1&as_of=2025-06-30").get_json()["items"]
    assert {one["code"] for one in listed} == {"W1", "W1B1", "W1B2"}


def decide(world: World, account: Account, act: Any, *operations: Operation) -> None:
    """Let somebody decide about a plan an operator drafted."""
    with world.work() as work:
        here = world.place("W1", work)
        plan, _found = draft_plan(work, Draft(DAY, operations, decision_no="1"), here)
        if act is approve_plan:
            submit_plan(work, plan)
        key = plan.id
    with world.work(account, "W1") as work:
        act(work, access_plan(work, key))


def test_whoever_decides_needs_the_right_at_every_unit_the_plan_names(town: World) -> None:
    account = town.account("committee_leader", "W1")
    staff = town.account("commune_staff", "W1")
    across = Operation("transfer", "W1B1", changes={"parent": "W2"})
    for who, act in ((account, approve_plan), (staff, submit_plan)):
        with pytest.raises((Forbidden, NotFound)):
            decide(town, who, act, across)
