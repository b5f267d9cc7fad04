"""Accounts for a whole branch at once, with slips to cut out."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest

from core.access.models import Account
from core.access.services.branch_accounts import create_accounts, list_members_without_account
from core.errors import Forbidden, InvalidInput, RuleBroken


@pytest.fixture
def branch(ward):
    """A branch of four, one of whom has left."""
    names = ("Nguyễn Thị Hòa", "Nguyễn Thị Hoà", "Trần Văn Đức")
    ward.people = [ward.member("B", name) for name in names]
    ward.member("B", "Lê Văn Đi", status="left")
    ward.member("C", "Phạm Thị Khác")
    return ward


@pytest.fixture
def office(ward, person):
    """A browser of the ward's office."""
    return ward.browser(person("W", "commune_staff"))


def members_of(world):
    return [member.id for member in world.people]


def test_members_without_an_account_are_offered_with_user_names(branch, office):
    page = office.get("/u/B/access/accounts/from-members").text
    assert page.count('type="checkbox"') == 3
    for username in ("hoa.nguyenthi", "hoa.nguyenthi2", "duc.tranvan"):
        assert username in page
    assert "Lê Văn Đi" not in page
    assert "Phạm Thị Khác" not in page
    assert "Phạm Thị Khác" in office.get("/u/W/access/accounts/from-members").text


def test_accounts_are_made_for_those_chosen_and_slips_shown_once(
    branch, office, signing_in, acts, told
):
    chosen = members_of(branch)[:2]
    answer = office.submit("/u/B/access/accounts/from-members", {"members": chosen})
    assert answer.status_code == 200
    passwords = re.findall(r'class="code">([a-z]{4}-[a-z]{4}-\d{4})<', answer.text)
    assert len(set(passwords)) == 2
    assert acts() == ["access.account_made", "access.account_made"]
    assert not any(password in told() for password in passwords)
    page = office.get("/u/B/access/accounts/from-members").text
    assert page.count('type="checkbox"') == 1
    browser = branch.browser()
    signing_in("hoa.nguyenthi", passwords[0], browser=browser)
    assert browser.get("/u/B/units/").headers["Location"] == "/me/password"


def test_the_account_holds_what_a_member_holds_and_no_more(branch, office):
    office.submit("/u/B/access/accounts/from-members", {"members": members_of(branch)})
    with branch.work(writing=False) as work:
        account = work.session.query(Account).filter_by(username="duc.tranvan").one()
    rights = branch.principal(account).rights
    assert [(right.role, right.source, right.with_subtree) for right in rights] == [
        ("member", "membership", False)
    ]


def test_slips_are_printed_as_pdf_and_word_and_only_by_who_made_them(branch, office, person):
    page = office.submit("/u/B/access/accounts/from-members", {"members": members_of(branch)}).text
    sealed = re.search(r'name="slips" value="([^"]+)"', page)[1]
    password = re.search(r'class="code">([^<]+)<', page)[1]
    pdf = office.submit("/u/B/access/slips", {"slips": sealed, "kind": "pdf"})
    assert pdf.mimetype == "application/pdf"
    assert pdf.data.startswith(b"%PDF")
    word = office.submit("/u/B/access/slips", {"slips": sealed, "kind": "docx"})
    with zipfile.ZipFile(io.BytesIO(word.data)) as archive:
        assert password in archive.read("word/document.xml").decode()
    other = branch.browser(person("W", "commune_staff"))
    assert other.submit("/u/B/access/slips", {"slips": sealed, "kind": "pdf"}).status_code == 422
    forged = office.submit("/u/B/access/slips", {"slips": sealed[:-4] + "AAAA", "kind": "pdf"})
    assert forged.status_code == 422


def test_the_page_of_slips_is_not_kept_by_the_browser(branch, office):
    answer = office.submit("/u/B/access/accounts/from-members", {"members": members_of(branch)[:1]})
    assert answer.headers["Cache-Control"] == "no-store"


def test_sending_the_form_twice_makes_no_second_account(branch, office):
    for expected in (200, 409):
        answer = office.submit("/u/B/access/accounts/from-members", {"members": members_of(branch)})
        assert answer.status_code == expected
    assert branch.rows(Account) == 4


@pytest.mark.parametrize("chosen", [[], ["not-a-key"], ["00000000-0000-7000-8000-000000000000"]])
def test_a_choice_that_makes_no_sense_changes_nothing(branch, office, chosen):
    answer = office.submit("/u/B/access/accounts/from-members", {"members": chosen})
    assert answer.status_code in (409, 422)
    assert branch.rows(Account) == 1


def test_a_member_of_another_branch_cannot_be_slipped_in(branch, office):
    stranger = branch.member("V", "Võ Thị Xa")
    answer = office.submit("/u/B/access/accounts/from-members", {"members": [stranger.id]})
    assert answer.status_code == 409
    assert branch.rows(Account) == 1


def test_somebody_with_a_position_beyond_reach_is_refused_and_nobody_gets_an_account(
    branch, person
):
    branch.position(branch.people[2], "secretary", "P")
    staff = person("W", "commune_staff")
    with pytest.raises(Forbidden) as refused, branch.work(staff, "B") as work:
        create_accounts(work, members_of(branch))
    assert "Đảng bộ tỉnh P" in refused.value.sentence
    assert branch.rows(Account) == 1


def test_a_secretary_of_the_branch_is_made_by_the_office(branch, person):
    branch.position(branch.people[2], "secretary", "B", since=date(2025, 1, 1))
    staff = person("W", "commune_staff")
    with branch.work(staff, "B") as work:
        made = create_accounts(work, members_of(branch))
    roles = {right.role for right in branch.principal(made[0].account).rights}
    assert roles == {"branch_secretary", "member"}


def test_many_are_made_in_few_statements(branch, person, statements):
    for number in range(30):
        branch.member("B", f"Nguyễn Thị Số{number}")
    staff = person("W", "commune_staff")
    with branch.work(staff, "B", writing=False) as work:
        found = list_members_without_account(work)
    before = statements.count
    with branch.work(staff, "B") as work:
        create_accounts(work, [one.id for one in found])
    assert statements.count - before <= 15


def test_too_many_at_once_are_refused(branch, person):
    with pytest.raises(InvalidInput), branch.work() as work:
        create_accounts(work, [])
    with pytest.raises((InvalidInput, RuleBroken)), branch.work() as work:
        create_accounts(work, [member.id for member in branch.people] * 40)
