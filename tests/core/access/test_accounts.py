"""Accounts at a unit: listed, made, ended, opened again, unlocked; within one's own reach."""

from __future__ import annotations

import pytest

from core.access.models import Account, Grant, LoginSession
from core.access.services.accounts import create_account, list_accounts
from core.errors import Forbidden, InvalidInput, RuleBroken
from core.ledger.models import LedgerRow
from core.periods import EVER, OPEN

PASSWORD = "một con đường làng"


@pytest.fixture
def office(ward, person):
    """A browser of the ward's office."""
    return ward.browser(person("W", "commune_staff", name="Văn phòng"))


def test_the_list_shows_the_accounts_of_a_unit_and_below_in_vietnamese_order(ward, person, office):
    for name in ("Trần Văn Đức", "Lê Thị Ánh", "Nguyễn Văn An"):
        person("B", name=name)
    person("V", name="Phạm Văn Xa")
    page = office.get("/u/W/access/").text
    places = [page.index(name) for name in ("Nguyễn Văn An", "Lê Thị Ánh", "Trần Văn Đức")]
    assert places == sorted(places)
    assert "Phạm Văn Xa" not in page
    assert "Phạm Văn Xa" not in office.get("/u/B/access/").text


def test_the_list_is_searched_without_marks_and_by_state(ward, person, office, later):
    person("B", name="Nguyễn Thị Hòa", username="hoa.nguyenthi", last_signed_in_at=ward.now)
    person("B", name="Đặng Văn Khóa", locked_until=ward.now.replace(hour=9))
    person("B", name="Võ Văn Nghỉ", ended_at=ward.now)
    person("B", name="Bùi Văn Mới", must_change=True, last_signed_in_at=ward.now)
    found = {
        address: {
            name
            for name in ("Nguyễn Thị Hòa", "Đặng Văn Khóa", "Võ Văn Nghỉ", "Bùi Văn Mới")
            if name in office.get(f"/u/B/access/?{address}").text
        }
        for address in ("q=hoa", "q=HOA.ng", "state=locked", "state=ended", "state=must_change")
    }
    assert found == {
        "q=hoa": {"Nguyễn Thị Hòa", "Đặng Văn Khóa"},
        "q=HOA.ng": {"Nguyễn Thị Hòa"},
        "state=locked": {"Đặng Văn Khóa"},
        "state=ended": {"Võ Văn Nghỉ"},
        "state=must_change": {"Bùi Văn Mới"},
    }
    assert "Đặng Văn Khóa" in office.get("/u/B/access/?state=never").text
    assert "Nguyễn Thị Hòa" not in office.get("/u/B/access/?state=never").text
    assert office.get("/u/B/access/?state=other").status_code == 422
    assert office.get("/u/B/access/?cursor=x").status_code == 422


def test_the_list_goes_on_after_fifty(ward, office, statements):
    with ward.work() as work:
        for number in range(55):
            create_account(
                work,
                username=f"nguoi.{number:02}",
                name=f"Người Số {number:02}",
                unit=ward.place("B", work),
            )
    before = statements.count
    first = office.get("/u/B/access/")
    assert statements.count - before <= 15
    assert first.text.count("Người Số") == 50
    following = first.text.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert office.get(following).text.count("Người Số") == 5


def test_a_member_of_the_branch_does_not_see_the_accounts(ward, person):
    assert ward.browser(person("B", "member")).get("/u/B/access/").status_code == 403
    assert ward.browser(person("V", "commune_staff")).get("/u/B/access/").status_code == 404


def test_a_branch_secretary_sees_the_accounts_and_may_not_make_or_end_any(ward, person):
    browser = ward.browser(person("B", "branch_secretary"))
    other = person("B", "member")
    assert browser.get("/u/B/access/").status_code == 200
    page = browser.get(f"/u/B/access/accounts/{other.id}").text
    assert "In mã đặt lại mật khẩu" in page
    assert "Kết thúc tài khoản" not in page
    for address in ("accounts/new", "accounts/from-members"):
        assert browser.get(f"/u/B/access/{address}").status_code == 403
    assert browser.submit(f"/u/B/access/accounts/{other.id}/end").status_code == 403


def test_an_auditor_reads_and_changes_nothing(ward, person):
    auditor = ward.browser(person("W", "auditor"))
    other = person("B", "member")
    assert auditor.get("/u/W/access/").status_code == 200
    assert auditor.get("/u/W/access/rights").status_code == 200
    assert auditor.get("/u/W/access/why").status_code == 200
    for address in (
        f"accounts/{other.id}/reset",
        f"accounts/{other.id}/end",
        f"accounts/{other.id}/unlock",
        "accounts/new",
        "accounts/from-members",
        "rights/new",
        "delegation",
        "tokens",
    ):
        assert auditor.submit(f"/u/W/access/{address}").status_code == 403, address


def test_an_account_is_made_with_a_slip_that_is_shown_once(ward, office, signing_in, acts, told):
    answer = office.submit(
        "/u/W/access/accounts/new", {"name": "Lê Thị Ánh", "username": "Anh.LeThi"}
    )
    assert answer.status_code == 200
    password = answer.text.split('class="code">')[1].split("<")[0]
    assert acts() == ["access.account_made"]
    assert password not in told()
    opened = signing_in("anh.lethi", password)
    assert opened.status_code == 303
    with ward.work(writing=False) as work:
        account = work.session.query(Account).filter_by(username="anh.lethi").one()
    assert account.must_change
    assert password not in account.password_hash


@pytest.mark.parametrize(
    ("username", "sentence"),
    [
        ("ab", "3 đến 60 ký tự"),
        ("có dấu", "3 đến 60 ký tự"),
        ("hoa nguyen", "3 đến 60 ký tự"),
        ("da.co", "đã có người dùng"),
    ],
)
def test_a_user_name_that_cannot_be_used_is_refused(ward, person, office, username, sentence):
    person("B", username="da.co")
    answer = office.submit("/u/W/access/accounts/new", {"name": "Lê Ánh", "username": username})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Lê Ánh"' in answer.text


def test_an_ended_account_is_shut_at_once_and_opens_again_with_a_code_only(
    ward, person, office, signing_in, acts, fresh
):
    account = person("B", "branch_secretary")
    browser = ward.browser(account)
    office.submit(f"/u/B/access/accounts/{account.id}/end")
    assert browser.get("/places").status_code == 303
    assert signing_in(account.username).status_code == 422
    assert office.submit(f"/u/B/access/accounts/{account.id}/end").status_code == 409
    office.submit(f"/u/B/access/accounts/{account.id}/reopen")
    assert fresh(account).ended_at is None
    assert signing_in(account.username).status_code == 422
    assert acts()[:2] == ["access.account_ended", "access.account_reopened"]
    assert ward.principal(fresh(account)).rights


def test_a_locked_account_is_unlocked(ward, person, office, signing_in):
    account = person("B")
    for _try in range(5):
        signing_in(account.username, "sai rồi")
    office.submit(f"/u/B/access/accounts/{account.id}/unlock")
    assert signing_in(account.username).status_code == 303
    assert office.submit(f"/u/B/access/accounts/{account.id}/unlock").status_code == 409


def test_the_office_ends_a_device(ward, person, office):
    account = person("B")
    browser = ward.browser(account)
    with browser.session_transaction() as cookie:
        key = cookie["sid"]
    office.submit(f"/u/B/access/accounts/{account.id}/sessions/{key}/end")
    assert browser.get("/places").status_code == 303


@pytest.mark.parametrize("act", ["reset", "end", "unlock"])
def test_nobody_takes_over_the_account_of_somebody_with_wider_rights(ward, person, office, act):
    officer = person("B", name="Cán bộ tỉnh", locked_until=ward.now.replace(hour=9))
    with ward.work() as work:
        work.session.add(_grant(officer, "province_organisation", ward.place("P", work), work))
        work.touch("access")
    answer = office.submit(f"/u/B/access/accounts/{officer.id}/{act}")
    assert answer.status_code == 403
    assert "có quyền tại Đảng bộ tỉnh P" in answer.text


def test_a_right_with_the_subtree_is_wider_than_one_without(ward, person):
    secretary = person("B", "branch_secretary", with_subtree=False)
    other = person("B", "branch_deputy")
    browser = ward.browser(secretary)
    assert browser.submit(f"/u/B/access/accounts/{other.id}/reset").status_code == 403


def test_ones_own_account_is_kept_on_ones_own_page(ward, person):
    staff = person("W", "commune_staff")
    browser = ward.browser(staff)
    for act in ("reset", "end"):
        assert browser.submit(f"/u/W/access/accounts/{staff.id}/{act}").status_code == 409


def test_an_account_of_elsewhere_is_not_found(ward, person, office):
    other = person("V", "commune_staff")
    assert office.get(f"/u/W/access/accounts/{other.id}").status_code == 404
    assert office.submit(f"/u/W/access/accounts/{other.id}/end").status_code == 404


def test_reading_accounts_is_noted(ward, person, office, tmp_path):
    kept = ward.system.host.spool_folder
    ward.system.host.spool_folder = tmp_path
    person("B")
    office.get("/u/B/access/")
    ward.system.host.spool_folder = kept
    assert any("account" in file.read_text() for file in tmp_path.iterdir())


def test_an_account_needs_a_member_without_one(ward, person):
    member = ward.member("B")
    person("B", member=member)
    with pytest.raises(RuleBroken), ward.work() as work:
        create_account(work, username="moi.moi", name="A", member=member)


def test_an_account_for_a_member_with_a_position_above_is_made_above(ward, person):
    member = ward.member("B")
    ward.position(member, "secretary", "P")
    staff = person("W", "commune_staff")
    with pytest.raises(Forbidden), ward.work(staff, "B") as work:
        create_account(work, username="moi.moi", name="A", member=member)
    assert ward.rows(Account) == 1


def test_an_operator_lists_everything_and_a_refused_name_leaves_nothing(ward, person):
    person("B")
    with ward.work(writing=False) as work:
        assert len(list_accounts(work)) == 1
    with pytest.raises(InvalidInput), ward.work() as work:
        create_account(work, username="x", name="A")
    assert ward.rows(LoginSession) == 0
    assert ward.rows(LedgerRow) == 0


def _grant(account, role, place, work):
    return Grant(
        account_id=account.id,
        role=role,
        unit_id=place.id,
        valid_from=EVER,
        valid_to=OPEN,
        made_by="test",
        made_at=work.now,
    )
