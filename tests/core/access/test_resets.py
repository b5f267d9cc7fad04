"""A new password without e-mail: a one-time code on a slip, a page to use it."""

from __future__ import annotations

import re

import pytest

from core.access.models import ResetCode
from core.access.passwords import verify_password

PASSWORD = "một con đường làng"
NEW = "hoa sen nở tháng sáu"


@pytest.fixture
def reset(ward, person):
    """Let a branch secretary print a code for somebody; return the code and the page."""
    secretary = ward.browser(person("B", "branch_secretary"))

    def issue(account):
        page = secretary.submit(f"/u/B/access/accounts/{account.id}/reset").text
        return re.search(r'class="code">(\d{3} \d{3} \d{3})<', page)[1], page

    return issue


def use(ward, account, code, new=NEW, again=None, browser=None):
    data = {
        "username": account.username,
        "code": code,
        "password": new,
        "again": new if again is None else again,
    }
    return (browser or ward.browser()).submit("/reset", data)


def test_a_code_from_the_branch_sets_a_new_password_once(
    ward, person, reset, fresh, signing_in, acts, told
):
    account = person("B", "member")
    code, page = reset(account)
    assert "Dùng một lần, đến 12 giờ ngày 13/11/2026." in page
    browser = ward.browser(account)
    answer = use(ward, account, code)
    assert answer.headers["Location"] == "/sign-in?other=1"
    assert verify_password(fresh(account).password_hash, NEW)
    assert browser.get("/places").status_code == 303
    assert signing_in(account.username, NEW).status_code == 303
    assert use(ward, account, code).status_code == 422
    assert acts()[:2] == ["access.reset_issued", "access.reset_used"]
    assert code not in told()
    assert code.replace(" ", "") not in told()


def test_the_old_password_holds_until_the_code_is_used(ward, person, reset, signing_in):
    account = person("B", "member")
    reset(account)
    assert signing_in(account.username).status_code == 303


def test_a_newer_code_ends_the_older_one(ward, person, reset):
    account = person("B", "member")
    first, _page = reset(account)
    second, _page = reset(account)
    assert use(ward, account, first).status_code == 422
    assert use(ward, account, second).status_code == 303


def test_a_code_runs_out_after_the_hours_of_the_setting(ward, person, reset, later):
    ward.give("core.access.reset_hours", 2, "B")
    account = person("B", "member")
    code, _page = reset(account)
    later(hours=2)
    answer = use(ward, account, code)
    assert answer.status_code == 422
    assert "mã đã hết hạn" in answer.text


def test_after_five_wrong_tries_a_code_is_useless(ward, person, reset, acts):
    account = person("B", "member")
    code, _page = reset(account)
    for _try in range(5):
        assert use(ward, account, "000 000 000").status_code == 422
    assert use(ward, account, code).status_code == 422
    assert acts().count("access.reset_refused") == 5


def test_one_network_does_not_guess_the_codes_of_many_accounts(ward, person, reset, later):
    ward.give("core.access.reset_tries", 5)
    account = person("B", "member")
    code, _page = reset(account)
    nobody = type(account)(username="khong.co")
    texts = [use(ward, nobody, "111 111 111").text for _try in range(5)]
    assert "Tên đăng nhập hoặc mã chưa đúng" in texts[3]
    assert "không nhận mã đến 12:15" in texts[4]
    refused = use(ward, account, code)
    assert (refused.status_code, "không nhận mã đến 12:15" in refused.text) == (422, True)
    later(minutes=16)
    assert use(ward, account, code).status_code == 303


def test_wrong_codes_long_ago_are_forgotten(ward, person, reset, later):
    ward.give("core.access.reset_tries", 5)
    account = person("B", "member")
    code, _page = reset(account)
    nobody = type(account)(username="khong.co")
    for _try in range(4):
        use(ward, nobody, "111 111 111")
    later(minutes=16)
    assert "không nhận mã" not in use(ward, nobody, "111 111 111").text
    assert use(ward, account, code).status_code == 303


def test_a_bad_new_password_does_not_use_the_code_up(ward, person, reset):
    account = person("B", "member")
    code, _page = reset(account)
    assert "ít nhất 8" in use(ward, account, code, "ngắn").text
    assert "chưa giống nhau" in use(ward, account, code, NEW, "khác").text
    assert use(ward, account, code).status_code == 303


def test_it_is_not_told_whether_a_name_or_a_code_is_wrong(ward, person, reset):
    account = person("B", "member")
    without = person("B", "member")
    reset(account)
    nobody = type(account)(username="khong.co")
    texts = [use(ward, one, "111 111 111").text for one in (account, without, nobody)]
    assert all("Tên đăng nhập hoặc mã chưa đúng" in text for text in texts)


def test_a_code_unlocks_a_locked_account(ward, person, reset, signing_in):
    account = person("B", "member")
    for _try in range(5):
        signing_in(account.username, "sai rồi")
    code, _page = reset(account)
    use(ward, account, code)
    assert signing_in(account.username, NEW).status_code == 303


def test_codes_are_not_stored_in_clear(ward, person, reset):
    account = person("B", "member")
    code, _page = reset(account)
    with ward.work(writing=False) as work:
        row = work.session.query(ResetCode).one()
    assert code.replace(" ", "") not in row.code_hash


def test_an_ended_account_gets_no_code(ward, person):
    account = person("B", "member", ended_at=ward.now)
    office = ward.browser(person("W", "commune_staff"))
    assert office.submit(f"/u/B/access/accounts/{account.id}/reset").status_code == 409


def test_ending_an_account_ends_its_code(ward, person, reset):
    account = person("B", "member")
    code, _page = reset(account)
    office = ward.browser(person("W", "commune_staff"))
    office.submit(f"/u/B/access/accounts/{account.id}/end")
    office.submit(f"/u/B/access/accounts/{account.id}/reopen")
    assert use(ward, account, code).status_code == 422


def test_a_code_is_given_only_where_one_may(ward, person):
    account = person("B", "member")
    deputy = ward.browser(person("B", "branch_deputy"))
    stranger = ward.browser(person("C", "branch_secretary"))
    assert deputy.submit(f"/u/B/access/accounts/{account.id}/reset").status_code == 403
    assert stranger.submit(f"/u/B/access/accounts/{account.id}/reset").status_code == 404
    assert stranger.submit(f"/u/C/access/accounts/{account.id}/reset").status_code == 404
