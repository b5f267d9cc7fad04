"""Lists as of a day after communes were put together: the units of then, or those of today."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date

import pytest

from core.restructuring.operations import Link, NewUnit, Operation
from core.testing import UnitLine
from core.units.covering import AsOf
from plugins.pilots import services
from plugins.pilots.services import DecisionFacts, ReviewFacts
from tests.core.restructuring.test_applying import draft, enact
from tests.plugins.pilots.conftest import build_town

BEFORE, REFORM, AFTER = date(2026, 11, 20), date(2027, 1, 1), date(2027, 1, 10)
WARD, B1, B2 = "Đảng bộ phường Bắc Hồng Lĩnh", "Chi bộ tổ dân phố số 1", "Chi bộ tổ dân phố số 2"
RENAMED = "Chi bộ số 3 mới"
REVIEW = {
    "kind": "interim",
    "covers_from": date(2026, 3, 1),
    "covers_to": date(2026, 11, 10),
    "results": "Nền nếp hơn",
}


def reform(town) -> None:
    """Put both communes together on New Year's Day; B1 goes into B2 and B3 gets another name."""
    town.at(REFORM)
    new = NewUnit("N1", "Đảng bộ phường Hồng Lĩnh", "commune", "P")
    plan = draft(
        town.world,
        Operation("consolidate", links=(Link("W", "N1"), Link("X", "N1")), new=(new,)),
        Operation("merge_into", links=(Link("B1", "B2"),)),
        Operation("rename", unit="B3", changes={"name": RENAMED}),
        on=REFORM,
    )
    enact(town.world, plan)
    town.at(AFTER)


def reviewed(town, unit, actor, day, *, sent=None, **about):
    """Write a review and, on a day, send it."""
    town.at(day)
    with town.work(actor, unit) as work:
        facts = ReviewFacts(reviewed_on=day, **REVIEW)
        made = services.write_review(work, facts, model_code="online_meetings", **about)
    if sent is not None:
        town.at(sent)
        with town.work(actor, unit) as work:
            services.send_review(work, services.access_review(work, made.id))
    return made


def build_reformed(world):
    """A ward with a registration in each branch, a trial, reviews and a decision, reformed."""
    town = build_town(world)
    town.world.units(UnitLine("Z", "commune", "P", name="Đảng bộ phường Khác"))
    town.registered("B1")
    town.registered("B3")
    town.running(unit_ids=[town.key("B2")])
    reviewed(town, "B1", town.secretary, date(2026, 11, 12), sent=date(2026, 12, 3))
    reviewed(town, "W", town.staff, date(2026, 11, 15))
    with town.work(town.staff, "W") as work:
        facts = DecisionFacts("change", date(2026, 11, 15), "30-QĐ/ĐU", "Toàn phường")
        services.decide(work, facts, model_code="online_meetings")
    reform(town)
    return town


@pytest.fixture(scope="module")
def settle():
    """The tests of this module begin with it."""
    return build_reformed


@pytest.fixture
def reformed(town):
    """What each test finds untouched."""
    return town


def registrations(town, unit, as_of):
    """Return the units that a list of registrations names for the four-good branches."""
    with town.world.work(unit=unit, writing=False) as work:
        lines, _more = services.list_registrations(work, model="four_good_branch", as_of=as_of)
        return sorted((line.unit_code, line.unit_name) for line in lines)


THEN = [("B1", B1), ("B3", "Chi bộ tổ dân phố số 3")]
NOW = [("B2", B2), ("B3", RENAMED)]


@pytest.mark.parametrize(
    ("unit", "as_of", "expected"),
    [
        ("W", AsOf(BEFORE), THEN),
        ("P", AsOf(BEFORE), THEN),
        ("N1", AsOf(BEFORE), []),
        ("X", AsOf(BEFORE), []),
        ("N1", AsOf(BEFORE, restated=True), NOW),
        ("N1", AsOf(AFTER), NOW),
        ("W", AsOf(AFTER), []),
        ("N1", AsOf(), NOW),
        ("B1", AsOf(BEFORE), THEN[:1]),
        ("B2", AsOf(BEFORE), []),
        ("B2", AsOf(BEFORE, restated=True), NOW[:1]),
    ],
)
def test_registrations_are_found_at_their_units_of_then_under_the_names_of_then(
    reformed, unit, as_of, expected
) -> None:
    assert registrations(reformed, unit, as_of) == expected


@pytest.mark.parametrize(
    ("unit", "as_of", "expected"),
    [
        ("W", AsOf(BEFORE), [(WARD, "running")]),
        ("P", AsOf(BEFORE), [(WARD, "running")]),
        ("N1", AsOf(BEFORE), []),
        ("N1", AsOf(BEFORE, restated=True), [("Đảng bộ phường Hồng Lĩnh", "running")]),
        ("N1", AsOf(), [("Đảng bộ phường Hồng Lĩnh", "running")]),
        ("N1", AsOf(date(2027, 2, 10)), [("Đảng bộ phường Hồng Lĩnh", "ended")]),
        ("W", AsOf(AFTER), []),
    ],
)
def test_a_trial_is_found_at_the_commune_that_ran_it_then(reformed, unit, as_of, expected) -> None:
    with reformed.world.work(unit=unit, writing=False) as work:
        rows, _more = services.list_trials(work, as_of=as_of)
        lines = services.trials_then(work, rows, as_of)
        assert [(line.place.name, line.state) for line in lines] == expected


SENT, DRAFT = (B1, "sent"), (B1, "draft")
OWN = (WARD, "draft")


@pytest.mark.parametrize(
    ("unit", "as_of", "expected"),
    [
        ("W", AsOf(date(2026, 11, 11)), []),
        ("W", AsOf(date(2026, 11, 12)), [DRAFT]),
        ("W", AsOf(BEFORE), [OWN, DRAFT]),
        ("W", AsOf(date(2026, 12, 3)), [OWN, SENT]),
        ("P", AsOf(BEFORE), [DRAFT]),
        ("B1", AsOf(BEFORE), [DRAFT]),
        ("N1", AsOf(BEFORE), []),
        ("N1", AsOf(BEFORE, restated=True), [("Đảng bộ phường Hồng Lĩnh", "draft"), DRAFT]),
        ("N1", AsOf(), [("Đảng bộ phường Hồng Lĩnh", "draft"), SENT]),
        ("P", AsOf(), [SENT]),
    ],
)
def test_reviews_are_drafts_until_the_day_they_were_sent(reformed, unit, as_of, expected) -> None:
    with reformed.world.work(unit=unit, writing=False) as work:
        rows, _more = services.list_reviews(work, as_of=as_of)
        lines = services.reviews_then(work, rows, as_of)
        found = [(one.place.name, "sent" if one.sent_at else "draft") for one in lines]
    assert found == expected


@pytest.mark.parametrize(
    ("unit", "as_of", "found"),
    [
        ("W", AsOf(date(2026, 11, 14)), False),
        ("W", AsOf(BEFORE), True),
        ("B3", AsOf(BEFORE), True),
        ("B3", AsOf(), False),
        ("B3", AsOf(BEFORE, restated=True), True),
        ("B3", AsOf(restated=True), True),
        ("B3", AsOf(date(2026, 11, 14), restated=True), False),
        ("B3", AsOf(AFTER), False),
        ("Y1", AsOf(BEFORE), False),
        ("N1", AsOf(BEFORE), False),
        ("N1", AsOf(BEFORE, restated=True), True),
    ],
)
def test_decisions_hold_below_the_unit_that_took_them_then(reformed, unit, as_of, found) -> None:
    with reformed.world.work(unit=unit, writing=False) as work:
        decisions = services.list_decisions(work, model="online_meetings", as_of=as_of)
        assert bool(decisions) is found


def test_pages_and_programs_show_the_units_of_then_and_lead_to_where_records_are(reformed) -> None:
    browser = reformed.world.browser(reformed.world.account("province_organisation", "P"))
    day = "as_of=20/11/2026"
    for name, texts in (
        ("trials", (WARD, "Đang thí điểm", "10/02/2027")),
        ("reviews", (B1, "chưa gửi")),
        ("registrations", (B1, "Chi bộ tổ dân phố số 3")),
    ):
        then = browser.get(f"/u/W/pilots/{name}?{day}").text
        for text in (*texts, "20/11/2026"):
            assert text in then, (name, text)
        main = then.partition("<main")[2]
        links = re.findall(
            r'href="(/u/[^"]*/pilots/(?:trials|reviews|registrations)/[0-9a-f-]+)"', main
        )
        assert links, name
        for address in links:
            assert browser.get(html.unescape(address)).status_code == 200, address
        ids = {link.rpartition("/")[2] for link in links}
        told = browser.get(f"/api/v1/pilots/{name}?unit=W&as_of=2026-11-20").json["items"]
        assert {one["id"] for one in told} >= ids
        assert str(reformed.key("N1")) not in {one["unit_id"] for one in told}
        empty = browser.get(f"/api/v1/pilots/{name}?unit=N1&as_of=2026-11-20").json["items"]
        assert empty == [], name
        restated = browser.get(f"/api/v1/pilots/{name}?unit=N1&as_of=2026-11-20&restated=true")
        assert {one["id"] for one in restated.json["items"]} >= ids
    told = browser.get("/api/v1/pilots/decisions?unit=W&as_of=2026-11-20").json["items"]
    assert [one["document_no"] for one in told] == ["30-QĐ/ĐU"]
    model = browser.get(f"/u/W/pilots/models/online_meetings?{day}").text
    assert "30-QĐ/ĐU" in model
    assert "30-QĐ/ĐU" not in browser.get("/u/N1/pilots/models/online_meetings").text


def test_a_day_shows_nobody_more_than_today(reformed) -> None:
    stranger = reformed.world.account("commune_staff", "Z")
    browser = reformed.world.browser(stranger)
    for name in ("trials", "reviews", "registrations", "decisions"):
        asked = f"/api/v1/pilots/{name}?unit=W&as_of=2026-11-20"
        assert browser.get(asked).status_code in (403, 404), name
        assert browser.get(f"{asked}&restated=true").status_code in (403, 404), name
    for name in ("trials", "reviews", "registrations"):
        page = browser.get(f"/u/Z/pilots/{name}?as_of=20/11/2026")
        assert page.status_code == 200
        assert B1 not in page.text
        assert WARD not in page.text
    for as_of in (AsOf(BEFORE), AsOf(BEFORE, restated=True)):
        with reformed.work(stranger, "Z") as own:
            work = replace(own, unit=reformed.world.place("P", own))
            assert services.list_trials(work, as_of=as_of)[0] == []
            assert services.list_reviews(work, as_of=as_of)[0] == []
            assert services.list_registrations(work, as_of=as_of)[0] == []
