"""A list as of a day covers the units of then, or those of today with all they took over."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.documents.models import Document
from core.documents.services import register_paper
from core.restructuring.models import Plan
from core.restructuring.operations import Link, NewUnit, Operation
from core.restructuring.services import draft_plan
from core.restructuring.services.drafting import Draft
from core.testing import World
from core.units.covering import AsOf, covered
from core.units.models import Rehomed
from core.units.rehoming import note_left
from tests.core.restructuring.test_applying import draft, enact, revert
from tests.core.restructuring.test_pages import words

RENAME = Operation("rename", unit="W1", changes={"name": "Xã Một Hai"})
JUNE, NOVEMBER = date(2026, 6, 30), date(2026, 11, 5)
ON = date(2026, 11, 1)
PAPERS = (
    ("1-NQ/CB", "W1B1", date(2026, 6, 10)),
    ("2-NQ/CB", "W1B2", date(2026, 6, 11)),
    ("3-NQ/CB", "W1B2", NOVEMBER),
)


@pytest.fixture
def papers(town: World) -> World:
    """A commune made of two, in which two branches were merged as well; papers before and after."""
    for code, unit, day in PAPERS:
        with town.work(unit=unit) as work:
            register_paper(work, code=code, issuer="Chi bộ", issued_on=day, subject="về việc chung")
    new = NewUnit("N1", "Xã Mới", "commune", "P")
    links = (Link("W1", "N1"), Link("W2", "N1"))
    commune = Operation("consolidate", links=links, new=(new,))
    branch = Operation("merge_into", links=(Link("W1B1", "W1B2"),))
    enact(town, draft(town, commune, branch, on=ON))
    return town


def found(town: World, unit: str, as_of: AsOf) -> list[str]:
    """Return the papers that a list of a unit and of what stands below covers."""
    with town.work(unit=unit, writing=False) as work:
        where = covered(work, Document.unit_id, as_of, day=Document.issued_on)
        return sorted(work.session.scalars(sa.select(Document.code).where(where)))


@pytest.mark.parametrize(
    ("unit", "as_of", "expected"),
    [
        ("N1", AsOf(), "123"),
        ("N1", AsOf(JUNE, restated=True), "12"),
        ("N1", AsOf(JUNE), ""),  # there was no such commune in June
        ("W1", AsOf(JUNE), "12"),
        ("W2", AsOf(JUNE), ""),
        ("P", AsOf(JUNE), "12"),
        ("N1", AsOf(NOVEMBER), "23"),  # the branch that ended is nowhere on that day
    ],
)
def test_what_happened_in_june_is_found_from_the_units_of_then_and_of_today(
    papers: World, unit: str, as_of: AsOf, expected: str
) -> None:
    assert found(papers, unit, as_of) == [f"{number}-NQ/CB" for number in expected]


def test_the_register_takes_a_day_and_the_registers_it_took_over(papers: World) -> None:
    browser = papers.browser(papers.account("commune_staff", "N1"))

    def listed(query: str = "") -> list[str]:
        answer = browser.get(f"/api/v1/documents/?unit=W1B2{query}")
        return sorted(one["code"][0] for one in answer.json["items"])

    assert listed() == ["2", "3"]
    assert listed("&restated=true") == ["1", "2", "3"]
    assert listed("&as_of=2026-06-30") == ["2"]
    assert listed("&as_of=2026-06-30&restated=true") == ["1", "2"]
    page = browser.get("/u/W1B2/documents/?as_of=30/06/2026&restated=1")
    assert "2\u2011NQ/CB" in words(page)
    assert "/u/W1B1/documents/" in page.text
    assert browser.get("/u/W1B2/documents/?as_of=31/06/2026").status_code == 422


def test_a_day_never_widens_what_somebody_may_see(papers: World) -> None:
    stranger = papers.browser(papers.account("commune_staff", "W3"))
    with papers.work(papers.account("commune_staff", "W2B1"), "W2B1", writing=False) as work:
        where = covered(work, Document.unit_id, AsOf(JUNE), unit=papers.place("P", work))
        assert work.session.scalars(sa.select(Document.code).where(where)).all() == []
    assert stranger.get("/api/v1/documents/?unit=W1B2&as_of=2026-06-30").status_code == 404


@pytest.fixture
def moving(town: World) -> tuple[World, Plan]:
    """A plan that waited in a commune when that commune became part of another; and that reform."""
    with town.work(unit="W1") as work:
        waiting, _found = draft_plan(work, Draft(NOVEMBER, (RENAME,), decision_no="7-QĐ/ĐU"))
        waiting.title = "waits"
    new = NewUnit("N1", "Xã Mới", "commune", "P")
    links = (Link("W1", "N1"), Link("W2", "N1"))
    return town, enact(town, draft(town, Operation("consolidate", links=links, new=(new,)), on=ON))


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
