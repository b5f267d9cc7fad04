"""Several people on one device: names kept, two taps, a password each time."""

from __future__ import annotations

import re

import pytest

from core.access.models import SharedDevice

PASSWORD = "một con đường làng"


@pytest.fixture
def pair(ward, person, signing_in):
    """Two people who signed in on one device, one after the other."""
    first, second = person("B", name="Nguyễn Văn An"), person("B", name="Trần Thị Bình")
    browser = ward.browser()
    signing_in(first.username, browser=browser)
    signing_in(second.username, browser=browser)
    return browser, first, second


def name_id(browser, name):
    """Return the key under which a name stands on the switching page."""
    page = browser.get("/switch").text
    return re.search(rf'name=([0-9a-f-]{{36}})"[^>]*>(?:(?!</a>).)*{name}', page, re.DOTALL)[1]


def test_names_stand_on_the_page_as_large_buttons_and_a_password_is_asked(pair):
    browser, first, _second = pair
    key = name_id(browser, "Nguyễn Văn An")
    page = browser.get(f"/switch?name={key}").text
    assert 'type="password"' in page
    assert "<h1>Nguyễn Văn An</h1>" in page
    answer = browser.submit("/switch", {"name": key, "password": PASSWORD})
    assert answer.status_code == 303
    assert f'data-draft-owner="{first.id}"' in browser.get("/places").text


def test_a_wrong_password_at_the_switch_counts_as_anywhere(pair, fresh):
    browser, first, _second = pair
    key = name_id(browser, "Nguyễn Văn An")
    answer = browser.submit("/switch", {"name": key, "password": "sai rồi"})
    assert answer.status_code == 422
    assert "<h1>Nguyễn Văn An</h1>" in answer.text
    assert fresh(first).failures == 1


def test_whoever_was_there_before_is_signed_out(pair):
    browser, _first, _second = pair
    with browser.session_transaction() as cookie:
        before = dict(cookie)
    key = name_id(browser, "Nguyễn Văn An")
    browser.submit("/switch", {"name": key, "password": PASSWORD})
    with browser.session_transaction() as cookie:
        cookie.clear()
        cookie.update(before)
    assert browser.get("/places").status_code == 303


def test_where_several_names_are_kept_a_session_ends_when_idle(pair, later):
    browser, _first, _second = pair
    later(minutes=16)
    assert browser.get("/places").status_code == 303


def test_a_device_with_one_name_offers_it_and_stays_signed_in(ward, person, signing_in, later):
    account, browser = person(), ward.browser()
    signing_in(account.username, browser=browser)
    later(days=3)
    assert browser.get("/places").status_code == 200
    browser.submit("/sign-out")
    assert f'value="{account.username}"' in browser.get("/sign-in").text


def test_where_several_names_are_kept_the_sign_in_page_leads_to_them(pair):
    browser, _first, _second = pair
    browser.submit("/sign-out")
    answer = browser.get("/u/B/units/")
    answer = browser.get(answer.headers["Location"])
    assert answer.headers["Location"] == "/switch?then=/u/B/units/"
    page = browser.get(answer.headers["Location"]).text
    assert "next=/u/B/units/" in page
    assert browser.get("/sign-in?other=1").status_code == 200
    key = name_id(browser, "Nguyễn Văn An")
    data = {"name": key, "password": PASSWORD, "next": "/u/B/units/"}
    assert browser.submit("/switch", data).headers["Location"] == "/u/B/units/"


def test_on_a_computer_said_to_be_shared_no_name_is_kept(ward, person, signing_in):
    account, browser = person(), ward.browser()
    signing_in(account.username, browser=browser, shared="1")
    assert ward.rows(SharedDevice) == 0
    browser.submit("/sign-out")
    assert account.username not in browser.get("/sign-in").text


def test_a_name_is_taken_off_a_device(pair, ward):
    browser, _first, _second = pair
    key = name_id(browser, "Nguyễn Văn An")
    assert browser.submit("/switch/forget", {"name": key}).status_code == 303
    assert "Nguyễn Văn An" not in browser.get("/switch").text
    assert ward.rows(SharedDevice) == 1
    answer = browser.submit("/switch", {"name": key, "password": PASSWORD})
    assert answer.status_code == 404


def test_another_device_knows_nothing_of_the_names(pair, ward):
    browser, _first, _second = pair
    key = name_id(browser, "Nguyễn Văn An")
    stranger = ward.browser()
    assert stranger.get("/switch").headers["Location"] == "/sign-in?other=1"
    assert stranger.submit("/switch", {"name": key, "password": PASSWORD}).status_code == 404
    stranger.submit("/switch/forget", {"name": key})
    assert ward.rows(SharedDevice) == 2


def test_a_forged_device_is_no_device(pair, ward):
    stranger = ward.browser()
    stranger.set_cookie("device", "made-up")
    assert stranger.get("/switch").headers["Location"] == "/sign-in?other=1"


def test_names_of_ended_accounts_are_not_offered(pair, ward):
    browser, first, _second = pair
    with ward.work() as work:
        work.session.merge(first).ended_at = work.now
    assert "Nguyễn Văn An" not in browser.get("/switch").text


def test_the_switching_page_takes_few_statements(pair, statements):
    browser, _first, _second = pair
    before = statements.count
    browser.get("/switch")
    assert statements.count - before <= 15
