"""Signing in and out: who is let in, what is counted, when a session ends."""

from __future__ import annotations

import unicodedata

import pytest
import sqlalchemy as sa

from core.access.models import LoginSession, UnknownName
from core.access.services.signing_in import fold_username

PASSWORD = "một con đường làng"
WRONG = "Tên đăng nhập hoặc mật khẩu chưa đúng"
LOCKED = "tài khoản tạm khóa đến 12:15"


def sessions_of(ward, account):
    with ward.work(writing=False) as work:
        return work.session.scalars(
            sa.select(LoginSession)
            .where(LoginSession.account_id == account.id)
            .order_by(LoginSession.id)
        ).all()


def test_the_right_password_opens_a_session_and_leads_where_one_wanted_to_go(
    ward, person, signing_in, acts, fresh
):
    account = person("B", "branch_secretary")
    browser = ward.browser()
    answer = signing_in(account.username, browser=browser, next="/u/B/units/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/u/B/units/")
    assert browser.get("/u/B/units/").status_code == 200
    assert acts() == ["access.signed_in"]
    assert fresh(account).last_signed_in_at == ward.now


@pytest.mark.parametrize(
    "address", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)"]
)
def test_nobody_is_led_to_a_foreign_address(ward, person, signing_in, address):
    account = person()
    assert signing_in(account.username, next=address).headers["Location"] == "/"


@pytest.mark.parametrize(
    "typed", ["HOA.nguyenthi", " hoa.nguyễnthị ", "Hoa.NguyenThi", "hoa.nguyen thi"]
)
def test_a_user_name_is_found_whatever_the_input_method_made_of_it(ward, person, signing_in, typed):
    person(username="hoa.nguyenthi")
    assert signing_in(typed).status_code == 303


def test_a_letter_with_a_bar_is_folded_too():
    assert fold_username("Đức.Đặng") == "duc.dang"


def test_a_password_typed_as_separate_marks_is_the_same_password(ward, person, signing_in):
    account = person()
    assert signing_in(account.username, unicodedata.normalize("NFD", PASSWORD)).status_code == 303


def test_spaces_of_a_password_count(ward, person, signing_in):
    account = person()
    assert signing_in(account.username, PASSWORD + " ").status_code == 422


def test_a_wrong_password_is_counted_although_nothing_was_opened(
    ward, person, signing_in, fresh, acts, told
):
    account = person()
    answer = signing_in(account.username, "sai mật khẩu rồi")
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert "sai mật khẩu rồi" not in answer.text
    assert fresh(account).failures == 1
    assert acts() == ["access.sign_in_refused"]
    assert "sai mật khẩu" not in told()


def test_too_many_wrong_passwords_lock_the_account_even_for_the_right_one(
    ward, person, signing_in, acts
):
    account = person()
    answers = [signing_in(account.username, "sai rồi") for _try in range(5)]
    assert WRONG in answers[3].text
    assert LOCKED in answers[4].text
    assert LOCKED in signing_in(account.username).text
    assert acts() == [*["access.sign_in_refused"] * 4, "access.locked"]


def test_a_lock_ends_by_itself_and_a_sign_in_forgets_the_count(
    ward, person, signing_in, later, fresh
):
    account = person()
    for _try in range(5):
        signing_in(account.username, "sai rồi")
    later(minutes=14)
    assert signing_in(account.username).status_code == 422
    later(minutes=15)
    assert signing_in(account.username).status_code == 303
    assert (fresh(account).failures, fresh(account).locked_until) == (0, None)


def test_how_many_tries_and_how_long_are_settings_of_the_place(ward, person, signing_in):
    ward.give("core.access.lock_after", 3, "W")
    ward.give("core.access.lock_minutes", 60, "W")
    account = person("B")
    answers = [signing_in(account.username, "sai rồi") for _try in range(3)]
    assert "tạm khóa đến 13:00" in answers[2].text


def test_a_name_nobody_has_is_answered_and_locked_like_one_somebody_has(ward, person, signing_in):
    known = person()
    for name in (known.username, "khong.co.ai"):
        texts = [signing_in(name, "sai rồi").text for _try in range(6)]
        assert [WRONG in text for text in texts] == [True] * 4 + [False] * 2
        assert LOCKED in texts[4]
        assert LOCKED in texts[5]
    with ward.work(writing=False) as work:
        row = work.session.scalars(sa.select(UnknownName)).one()
    assert b"khong" not in row.name_digest


def test_notes_about_unknown_names_are_forgotten_after_a_day(ward, signing_in, later):
    signing_in("khong.co.ai")
    later(days=2)
    signing_in("ai.khac")
    assert ward.rows(UnknownName) == 1


def test_an_ended_account_is_like_none(ward, person, signing_in):
    account = person(ended_at=ward.now)
    assert WRONG in signing_in(account.username).text


@pytest.mark.parametrize(
    "fields",
    [
        {"username": "", "password": ""},
        {"username": "a" * 1000, "password": "x"},
        {"username": "a", "password": "x" * 1_000_000},
        {"username": "a", "password": "x", "surprise": "1"},
    ],
)
def test_what_cannot_be_read_is_refused_before_anything_is_hashed(ward, fields):
    answer = ward.browser().submit("/sign-in", fields)
    assert answer.status_code == 422
    assert ward.rows(UnknownName) == 0


def test_a_sign_in_renews_the_session_and_ends_the_one_before(ward, person, signing_in):
    account, browser = person(), ward.browser()
    signing_in(account.username, browser=browser)
    with browser.session_transaction() as cookie:
        first = cookie["sid"]
    signing_in(account.username, browser=browser)
    with browser.session_transaction() as cookie:
        second = cookie["sid"]
    assert first != second
    assert [bool(login.ended_at) for login in sessions_of(ward, account)] == [True, False]


def test_the_session_says_coarsely_on_which_device_it_is(ward, person):
    account = person()
    agent = "Mozilla/5.0 (Linux; Android 14; SM-A155F) Chrome/130.0 Mobile Safari/537.36"
    ward.browser().submit(
        "/sign-in",
        {"username": account.username, "password": PASSWORD},
        headers={"User-Agent": agent},
    )
    assert [login.device for login in sessions_of(ward, account)] == ["Chrome · Android"]


def test_signing_out_ends_the_session_for_good(ward, person, signing_in, acts):
    account, browser = person(), ward.browser()
    signing_in(account.username, browser=browser)
    with browser.session_transaction() as cookie:
        kept = dict(cookie)
    assert browser.submit("/sign-out").headers["Location"] == "/sign-in"
    with browser.session_transaction() as cookie:
        cookie.update(kept)
    assert browser.get("/places").headers["Location"].startswith("/sign-in")
    assert acts() == ["access.signed_in", "access.signed_out"]


def test_a_session_of_ones_own_device_lasts_days_and_then_ends(ward, person, signing_in, later):
    account, browser = person(), ward.browser()
    answer = signing_in(account.username, browser=browser)
    assert "Expires=" in answer.headers.getlist("Set-Cookie")[0]
    later(days=29)
    assert browser.get("/places").status_code == 200
    later(days=31)
    assert browser.get("/places").status_code == 303


def test_a_shared_computer_signs_out_when_it_lies_idle(ward, person, signing_in, later):
    account, browser = person(), ward.browser()
    answer = signing_in(account.username, browser=browser, shared="1")
    cookies = answer.headers.getlist("Set-Cookie")
    assert not any("Expires=" in cookie or "Max-Age=" in cookie for cookie in cookies)
    for minutes in (10, 20, 30):
        later(minutes=minutes)
        assert browser.get("/places").status_code == 200
    later(minutes=46)
    assert browser.get("/places").status_code == 303
    assert "Lâu không thao tác" in browser.get("/sign-in").text
    assert "Lâu không thao tác" not in browser.get("/sign-in").text


def test_an_older_cookie_does_not_make_an_idle_session_live_on(ward, person, signing_in, later):
    account, browser = person(), ward.browser()
    signing_in(account.username, browser=browser, shared="1")
    with browser.session_transaction() as cookie:
        old = dict(cookie)
    later(minutes=10)
    browser.get("/places")
    later(minutes=20)
    with browser.session_transaction() as cookie:
        cookie.clear()
        cookie.update(old)
    assert browser.get("/places").status_code == 303


def test_a_shared_computer_signs_out_after_some_hours_at_the_latest(
    ward, person, signing_in, later
):
    ward.give("core.access.shared_hours", 1)
    account, browser = person("B"), ward.browser()
    signing_in(account.username, browser=browser, shared="1")
    seen = []
    for minutes in range(10, 80, 10):
        later(minutes=minutes)
        seen.append(browser.get("/places").status_code)
    assert seen == [200] * 5 + [303] * 2


def test_the_page_says_how_long_a_shared_computer_waits(ward):
    ward.give("core.access.idle_minutes", 7)
    assert "tự thoát sau 7 phút" in ward.browser().get("/sign-in").text


def test_when_a_device_was_used_is_written_after_the_page(ward, person, signing_in, later):
    account, browser = person(), ward.browser()
    signing_in(account.username, browser=browser)
    later(minutes=20)
    browser.get("/places").close()
    assert sessions_of(ward, account)[0].seen_at < ward.now
    later(minutes=31)
    browser.get("/places").close()
    assert sessions_of(ward, account)[0].seen_at == ward.now


def test_who_is_signed_in_is_not_asked_again(ward, person):
    browser = ward.browser(person())
    assert browser.get("/sign-in").headers["Location"] == "/"
    assert browser.get("/sign-in?other=1").status_code == 200


def test_old_sessions_are_forgotten_at_the_next_sign_in(ward, person, signing_in, later):
    account = person()
    signing_in(account.username)
    later(days=400)
    signing_in(account.username)
    assert len(sessions_of(ward, account)) == 1


def test_signing_in_takes_few_statements(ward, person, signing_in, statements):
    account, browser = person(), ward.browser()
    signing_in(account.username, browser=browser)
    before = statements.count
    signing_in(account.username, browser=browser)
    assert statements.count - before <= 15
