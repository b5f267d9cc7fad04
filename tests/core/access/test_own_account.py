"""One's own account: a first password is changed, devices are listed and ended."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from core.access.models import LoginSession
from core.access.passwords import verify_password

PASSWORD = "một con đường làng"
NEW = "hoa sen nở tháng sáu"


def test_a_first_password_must_be_changed_before_anything_else(
    ward, person, signing_in, fresh, acts
):
    account = person("B", "branch_secretary", must_change=True)
    browser = ward.browser()
    signing_in(account.username, browser=browser, next="/u/B/units/")
    assert browser.get("/u/B/units/").headers["Location"] == "/me/password"
    assert browser.get("/").headers["Location"] == "/me/password"
    page = browser.get("/me/password").text
    assert "Mật khẩu trên phiếu chỉ dùng lần đầu" in page
    assert 'name="old"' not in page
    answer = browser.submit("/me/password", {"password": NEW, "again": NEW})
    assert answer.headers["Location"] == "/u/B/units/"
    assert browser.get("/u/B/units/").status_code == 200
    assert not fresh(account).must_change
    assert verify_password(fresh(account).password_hash, NEW)
    assert acts() == ["access.signed_in", "access.password_changed"]


def test_a_program_waits_for_the_first_password_too(ward, person):
    account = person("B", "branch_secretary", must_change=True)
    answer = ward.browser(account).get("/api/v1/access/sessions")
    assert answer.status_code == 409


def test_the_old_password_is_asked_and_a_wrong_one_counts(ward, person, fresh):
    account = person()
    browser = ward.browser(account)
    data = {"old": "sai rồi", "password": NEW, "again": NEW}
    answer = browser.submit("/me/password", data)
    assert answer.status_code == 422
    assert "Mật khẩu cũ chưa đúng." in answer.text
    assert fresh(account).failures == 1
    assert verify_password(fresh(account).password_hash, PASSWORD)
    for _try in range(4):
        answer = browser.submit("/me/password", data)
    assert "tạm khóa" in answer.text
    answer = browser.submit("/me/password", {**data, "old": PASSWORD})
    assert "tạm khóa" in answer.text


@pytest.mark.parametrize(
    ("new", "again", "sentence"),
    [
        (NEW, NEW + " ", "Hai lần gõ chưa giống nhau"),
        ("ngắn", "ngắn", "ít nhất 8 ký tự"),
        ("matkhau2026", "matkhau2026", "nhiều người dùng"),
        ("nguoidung1", "nguoidung1", "nhiều người dùng"),
        (PASSWORD, PASSWORD, "Đây là mật khẩu đang dùng"),
    ],
)
def test_a_new_password_that_is_no_good_is_refused_and_nothing_changes(
    ward, person, fresh, new, again, sentence
):
    account = person()
    answer = ward.browser(account).submit(
        "/me/password", {"old": PASSWORD, "password": new, "again": again}
    )
    assert answer.status_code == 422
    assert sentence in answer.text
    assert verify_password(fresh(account).password_hash, PASSWORD)


def test_a_new_password_signs_out_everywhere_else(ward, person):
    account = person()
    here, elsewhere = ward.browser(account), ward.browser(account)
    data = {"old": PASSWORD, "password": NEW, "again": NEW}
    assert here.submit("/me/password", data).headers["Location"] == "/me/security"
    assert here.get("/places").status_code == 200
    assert elsewhere.get("/places").status_code == 303


def test_how_long_a_password_must_be_is_a_setting(ward, person):
    ward.give("core.access.password_least", 14, "W")
    account = person("B")
    data = {"old": PASSWORD, "password": "trời xanh nắng", "again": "trời xanh nắng"}
    assert ward.browser(account).submit("/me/password", data).status_code == 303
    data = {"old": "trời xanh nắng", "password": "trời trong gió", "again": "trời trong gió"}
    assert ward.browser(account).submit("/me/password", data).status_code == 303
    data = {"old": "trời trong gió", "password": "trời xanh 7", "again": "trời xanh 7"}
    assert "ít nhất 14" in ward.browser(account).submit("/me/password", data).text


def test_devices_are_listed_and_one_can_be_ended(ward, person, acts):
    account = person()
    here, elsewhere = ward.browser(account), ward.browser(account)
    page = here.get("/me/security").text
    assert page.count("Thoát trên máy đó") == 1
    assert "Máy này" in page
    with elsewhere.session_transaction() as cookie:
        key = cookie["sid"]
    answer = here.submit(f"/me/security/sessions/{key}/end")
    assert answer.headers["Location"] == "/me/security"
    assert elsewhere.get("/places").status_code == 303
    assert here.submit(f"/me/security/sessions/{key}/end").status_code == 404
    assert acts() == ["access.session_ended"]


def test_somebody_elses_device_cannot_be_ended(ward, person):
    mine, other = ward.browser(person()), ward.browser(person())
    with other.session_transaction() as cookie:
        key = cookie["sid"]
    assert mine.submit(f"/me/security/sessions/{key}/end").status_code == 404
    assert other.get("/places").status_code == 200


def test_all_other_devices_are_ended_at_once(ward, person):
    account = person()
    here, *others = (ward.browser(account) for _number in range(3))
    answer = here.submit("/me/security/sessions/end-others", follow_redirects=True)
    assert "Đã thoát trên 2 máy." in answer.text
    assert [other.get("/places").status_code for other in others] == [303, 303]
    assert here.get("/places").status_code == 200


def test_a_program_lists_and_ends_its_persons_sessions(ward, person):
    account = person()
    here, elsewhere = ward.browser(account), ward.browser(account)
    items = here.get("/api/v1/access/sessions").get_json()["items"]
    assert [one["is_this"] for one in items].count(True) == 1
    other = next(one for one in items if not one["is_this"])
    assert here.send("DELETE", f"/api/v1/access/sessions/{other['id']}").status_code == 204
    assert elsewhere.get("/api/v1/access/sessions").status_code == 401
    assert here.send("DELETE", f"/api/v1/access/sessions/{other['id']}").status_code == 404


def test_a_secret_that_does_not_fit_the_session_opens_nothing(ward, person):
    browser = ward.browser(person())
    with browser.session_transaction() as cookie:
        cookie["secret"] = "0" * 32
    assert browser.get("/places").status_code == 303
    with ward.work(writing=False) as work:
        assert work.session.scalar(sa.select(LoginSession.ended_at)) is None


def test_own_pages_take_few_statements(ward, person, statements):
    account = person("B", "branch_secretary")
    browsers = [ward.browser(account) for _number in range(5)]
    for address in ("/me/security", "/me/rights", "/me/password"):
        before = statements.count
        assert browsers[0].get(address).status_code == 200
        assert statements.count - before <= 15, address
