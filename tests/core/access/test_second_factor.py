"""The second factor: asked by role, by place or by wish; codes used once; codes on paper."""

from __future__ import annotations

import re

import pytest
from pyotp.totp import TOTP

from core.access.models import Account, RecoveryCode
from core.access.totp import opened

PASSWORD = "một con đường làng"


@pytest.fixture
def code(ward):
    """Return the code a telephone shows now, or some steps away."""

    def shown(account: Account, steps: int = 0) -> str:
        with ward.work(writing=False) as work:
            sealed = work.session.get(Account, account.id).totp_secret
            secret = opened(work.host.ledger_key, sealed)
            return TOTP(secret).at(int(ward.now.timestamp()) + 30 * steps)

    return shown


@pytest.fixture
def enrolled(ward, person, signing_in, code):
    """Set the second factor up for somebody, and return account, browser and paper codes."""

    def make(unit: str = "B", role: str | None = None):
        account = person(unit, role)
        browser = ward.browser()
        signing_in(account.username, browser=browser)
        browser.submit("/sign-in/second", {"begin": "1"})
        page = browser.submit("/sign-in/second", {"code": code(account)})
        return account, browser, re.findall(r"[2-9a-z]{4}(?:-[2-9a-z]{4}){3}", page.text)

    return make


def test_a_role_that_asks_for_it_waits_until_it_is_set_up(ward, person, signing_in, code, acts):
    account = person("ROOT", "administrator")
    browser = ward.browser()
    signing_in(account.username, browser=browser, next="/u/W/access/")
    assert browser.get("/u/W/access/").headers["Location"] == "/sign-in/second"
    assert browser.get("/api/v1/access/sessions").status_code == 409
    assert "Cài một ứng dụng xác thực" in browser.get("/sign-in/second").text
    browser.submit("/sign-in/second", {"begin": "1"})
    page = browser.get("/sign-in/second").text
    assert 'src="data:image/png;base64,' in page
    answer = browser.submit("/sign-in/second", {"code": "000 000"})
    assert "Mã chưa đúng" in answer.text
    answer = browser.submit("/sign-in/second", {"code": code(account)})
    assert len(re.findall(r"[2-9a-z]{4}(?:-[2-9a-z]{4}){3}", answer.text)) == 10
    assert browser.get("/u/W/access/").status_code == 200
    assert acts() == [
        "access.signed_in",
        "access.second_factor_begun",
        "access.sign_in_refused",
        "access.second_factor_set_up",
    ]


def test_villagers_are_not_asked(ward, person, signing_in):
    account = person("B", "branch_secretary")
    browser = ward.browser()
    signing_in(account.username, browser=browser)
    assert browser.get("/places").status_code == 200


def test_a_place_may_ask_it_from_everybody(ward, person, signing_in):
    ward.give("core.access.totp_required", True, "W")
    browser = ward.browser()
    signing_in(person("B", "branch_secretary").username, browser=browser)
    assert browser.get("/places").headers["Location"] == "/sign-in/second"
    elsewhere = ward.browser()
    signing_in(person("V", "branch_secretary").username, browser=elsewhere)
    assert elsewhere.get("/places").status_code == 200


def test_who_has_set_it_up_is_asked_at_every_sign_in_and_led_on(ward, enrolled, signing_in, code):
    account, _first, _paper = enrolled("B", "branch_secretary")
    browser = ward.browser()
    signing_in(account.username, browser=browser, next="/u/B/units/")
    assert browser.get("/u/B/units/").headers["Location"] == "/sign-in/second"
    answer = browser.submit("/sign-in/second", {"code": code(account, 1)})
    assert answer.headers["Location"] == "/u/B/units/"
    assert browser.get("/u/B/units/").status_code == 200
    assert browser.get("/sign-in/second").headers["Location"] == "/me/security"


def test_the_password_page_stays_shut_until_the_second_step(ward, enrolled, signing_in):
    account, _first, _paper = enrolled()
    browser = ward.browser()
    signing_in(account.username, browser=browser)
    assert browser.get("/me/password").headers["Location"] == "/sign-in/second"
    data = {"old": PASSWORD, "password": "hoa sen nở đỏ", "again": "hoa sen nở đỏ"}
    assert browser.submit("/me/password", data).headers["Location"] == "/sign-in/second"
    assert browser.get("/me/security").headers["Location"] == "/sign-in/second"


def test_a_code_is_good_once_only(ward, enrolled, signing_in, code):
    account, _first, _paper = enrolled()
    used = code(account, 1)
    for expected in (303, 422):
        browser = ward.browser()
        signing_in(account.username, browser=browser)
        assert browser.submit("/sign-in/second", {"code": used}).status_code == expected


def test_a_code_from_before_the_last_one_is_refused(ward, enrolled, signing_in, code):
    account, _first, _paper = enrolled()
    browser = ward.browser()
    signing_in(account.username, browser=browser)
    for steps in (0, -1, 2, -2):
        answer = browser.submit("/sign-in/second", {"code": code(account, steps)})
        assert answer.status_code == 422, steps


def test_wrong_codes_lock_the_account(ward, enrolled, signing_in, code):
    account, _first, _paper = enrolled()
    browser = ward.browser()
    signing_in(account.username, browser=browser)
    answers = [browser.submit("/sign-in/second", {"code": "123456"}) for _try in range(5)]
    assert "tạm khóa" in answers[4].text
    assert "tạm khóa" in browser.submit("/sign-in/second", {"code": code(account, 1)}).text
    assert browser.get("/places").status_code == 303


def test_a_code_on_paper_replaces_the_telephone_once(ward, enrolled, signing_in, fresh):
    account, _first, paper = enrolled()
    browser = ward.browser()
    signing_in(account.username, browser=browser)
    typed = paper[3].upper().replace("-", " ")
    assert browser.submit("/sign-in/second", {"code": typed}).status_code == 303
    again = ward.browser()
    signing_in(account.username, browser=again)
    assert again.submit("/sign-in/second", {"code": paper[3]}).status_code == 422
    assert "Còn 9 mã dự phòng" in browser.get("/me/security").text


def test_new_paper_codes_need_a_code_and_end_the_old_ones(ward, enrolled, code, signing_in, later):
    account, browser, paper = enrolled()
    refused = browser.submit("/me/security/recovery-codes", {"code": "000000"})
    assert refused.headers["Location"] == "/me/security"
    later(minutes=2)
    answer = browser.submit("/me/security/recovery-codes", {"code": code(account)})
    fresh_codes = re.findall(r"[2-9a-z]{4}(?:-[2-9a-z]{4}){3}", answer.text)
    assert len(fresh_codes) == 10
    assert not set(fresh_codes) & set(paper)
    assert ward.rows(RecoveryCode) == 10
    other = ward.browser()
    signing_in(account.username, browser=other)
    assert other.submit("/sign-in/second", {"code": paper[0]}).status_code == 422


def test_it_can_be_switched_off_with_a_code_where_nobody_asks_for_it(
    ward, enrolled, code, fresh, later
):
    account, browser, _paper = enrolled()
    later(minutes=2)
    browser.submit("/me/security/second-factor/end", {"code": code(account)})
    assert fresh(account).totp_secret is None
    assert ward.rows(RecoveryCode) == 0


def test_it_stays_where_a_role_asks_for_it(ward, enrolled, code, fresh, later):
    account, browser, _paper = enrolled("ROOT", "administrator")
    assert "Tắt bước hai" not in browser.get("/me/security").text
    later(minutes=2)
    answer = browser.submit("/me/security/second-factor/end", {"code": code(account)})
    assert answer.status_code == 409
    assert fresh(account).totp_confirmed_at is not None


def test_secret_and_paper_codes_are_not_stored_in_clear(ward, enrolled, fresh, told):
    account, _browser, paper = enrolled()
    with ward.work(writing=False) as work:
        secret = opened(work.host.ledger_key, fresh(account).totp_secret)
        hashes = [row.code_hash for row in work.session.query(RecoveryCode)]
    assert secret not in fresh(account).totp_secret
    assert not {code.replace("-", "") for code in paper} & set(hashes)
    assert secret not in told()
    assert not any(code in told() for code in paper)


def test_a_secret_sealed_under_another_key_opens_nothing(ward, enrolled, fresh):
    account, _browser, _paper = enrolled()
    assert opened(b"another key of the deployment...", fresh(account).totp_secret) is None


def test_an_office_takes_it_away_when_the_telephone_is_lost(
    ward, person, enrolled, signing_in, fresh, acts
):
    account, _browser, _paper = enrolled()
    office = ward.browser(person("W", "commune_staff"))
    answer = office.submit(f"/u/W/access/accounts/{account.id}/second-factor")
    assert answer.status_code == 303
    assert fresh(account).totp_secret is None
    assert acts()[-1] == "access.second_factor_taken_away"
    assert signing_in(account.username).headers["Location"] == "/"
