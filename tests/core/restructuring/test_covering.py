"""A list as of a day covers the units of then, or those of today with all they took over."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.documents.models import Document
from core.documents.services import register_paper
from core.restructuring.operations import Link, NewUnit, Operation
from core.testing import World
from core.units.covering import AsOf, covered
from tests.core.restructuring.conftest import build_town
from tests.core.restructuring.test_applying import draft, enact
from tests.core.restructuring.test_pages import words
from tests.environment.settling import Fresh, Settle

JUNE, NOVEMBER = date(2026, 6, 30), date(2026, 11, 5)
ON = date(2026, 11, 1)
PAPERS = (
    ("1-NQ/CB", "W1B1", date(2026, 6, 10)),
    ("2-NQ/CB", "W1B2", date(2026, 6, 11)),
    ("3-NQ/CB", "W1B2", NOVEMBER),
)


def build_papers(world: World) -> World:
    """A commune made of two, in which two branches were merged as well; papers before and after."""
    town = build_town(world)
    for code, unit, day in PAPERS:
        with town.work(unit=unit) as work:
            register_paper(work, code=code, issuer="Chi bộ", issued_on=day, subject="về việc chung")
    new = NewUnit("N1", "Xã Mới", "commune", "P")
    links = (Link("W1", "N1"), Link("W2", "N1"))
    commune = Operation("consolidate", links=links, new=(new,))
    branch = Operation("merge_into", links=(Link("W1B1", "W1B2"),))
    enact(town, draft(town, commune, branch, on=ON))
    return town


@pytest.fixture(scope="module")
def settle() -> Settle:
    """The tests of this module begin with it."""
    return build_papers


@pytest.fixture
def papers(anew: Fresh) -> World:
    """What each test finds untouched."""
    return anew.world


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
