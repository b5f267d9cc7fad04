"""The calendar: a month of one's own, and a secret address for a telephone."""

import re
from datetime import UTC, datetime

import icalendar
import pytest

from core.notices.models import CalendarFeed

EVENING = datetime(2026, 11, 17, 12, 30, tzinfo=UTC)  # 19:30 in Hà Nội


@pytest.fixture
def hoa(branch):
    """A secretary of the branch."""
    return branch.account("branch_secretary", "B1", name="Lê Thị Hoa")


def made(browser) -> str:
    """Make an address and return its path."""
    text = browser.submit("/calendar/address").text
    return re.search(r"/calendar/[\w-]+\.ics", text)[0]


def test_a_month_shows_what_plugins_put_into_it(branch, hoa, diary):
    diary.add(
        "meetings-1", EVENING, place="Nhà văn hóa", endpoint="notices.index", values={"unit": "B1"}
    )
    page = branch.browser(hoa).get("/calendar?month=11/2026")
    assert page.status_code == 200
    assert "19:30 Sinh hoạt chi bộ kỳ tháng 11" in page.text
    assert "Nhà văn hóa" in page.text
    assert 'href="/u/B1/notices/"' in page.text
    assert "empty" in branch.browser(hoa).get("/calendar?month=12/2026").text


def test_a_month_begins_and_ends_at_midnight_of_the_site(branch, hoa, diary):
    branch.browser(hoa).get("/calendar?month=2026-11")
    start, end = diary.asked[0]
    assert start == datetime(2026, 10, 31, 17, tzinfo=UTC)
    assert end == datetime(2026, 11, 30, 17, tzinfo=UTC)


def test_a_month_that_cannot_be_read_is_refused(branch, hoa):
    assert branch.browser(hoa).get("/calendar?month=13/2026").status_code == 422


def test_a_telephone_reads_the_calendar_by_its_address(branch, hoa, diary):
    diary.add(
        "meetings-1",
        EVENING,
        place="Nhà văn hóa",
        endpoint="notices.index",
        values={"unit": "B1"},
        changed=2,
    )
    diary.add("meetings-2", EVENING.replace(day=20), is_cancelled=True)
    path = made(branch.browser(hoa))
    answer = branch.browser().get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    first, second = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert str(first["uid"]) == "meetings-1@hatnhan"
    assert first.decoded("dtstart") == EVENING
    assert (int(first["sequence"]), str(first["location"])) == (2, "Nhà văn hóa")
    assert str(first["url"]).endswith("/u/B1/notices/")
    assert str(second["status"]) == "CANCELLED"


def test_a_discreet_place_says_only_when(branch, hoa, diary):
    branch.give("core.notices.discreet", True, "W1")
    diary.add("meetings-1", EVENING, place="Nhà văn hóa")
    text = branch.browser().get(made(branch.browser(hoa))).text
    assert "Sinh ho" not in text
    assert "LOCATION" not in text


def test_an_unknown_address_leads_nowhere(branch):
    assert branch.browser().get("/calendar/nothing-of-the-kind.ics").status_code == 404


def test_a_new_address_ends_the_old_one_and_an_end_ends_it(branch, hoa, diary):
    browser = branch.browser(hoa)
    old, new = made(browser), made(browser)
    assert branch.rows(CalendarFeed) == 1
    assert branch.browser().get(old).status_code == 404
    assert branch.browser().get(new).status_code == 200
    assert browser.submit("/calendar/address/end").status_code == 303
    assert branch.browser().get(new).status_code == 404


def test_the_address_of_an_ended_account_leads_nowhere(branch, hoa, diary):
    path = made(branch.browser(hoa))
    with branch.work() as work:
        work.session.merge(hoa).ended_at = work.now
    assert branch.browser().get(path).status_code == 404


def test_only_the_digest_of_an_address_is_kept(branch, hoa):
    path = made(branch.browser(hoa))
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    with branch.work(writing=False) as work:
        feed = work.session.query(CalendarFeed).one()
    assert secret.encode() not in feed.secret_digest
    assert len(secret) >= 40


def test_an_address_cannot_be_made_from_another_site(branch, hoa):
    assert branch.browser(hoa).post("/calendar/address").status_code == 422
    assert branch.rows(CalendarFeed) == 0


def test_programs_read_a_month(branch, hoa, diary):
    diary.add("meetings-1", EVENING)
    (item,) = branch.browser(hoa).get("/api/v1/notices/calendar?month=11/2026").json["items"]
    assert item["starts_at"] == EVENING.isoformat()
