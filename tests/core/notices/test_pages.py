"""What a unit sends: the form and its refusals, who has read it, text to copy, slips."""

import pytest

from core.documents.pdf_text import pdf_lines
from core.notices.models import Notice

GOOD = {"group": "members", "subject": "Tài liệu sinh hoạt tháng 12 đã có", "body": "Mời xem."}


@pytest.fixture
def secretary(branch):
    """The branch's secretary with two members, one of them without an account."""
    one = branch.member("B1", "Lê Thị Hoa")
    branch.member("B1", "Trần Văn Đức")
    branch.account("member", "B1", member=one)
    return branch.account("branch_secretary", "B1")


def test_a_secretary_tells_the_branch_something(branch, secretary):
    browser = branch.browser(secretary)
    assert "empty" in browser.get("/u/B1/notices/").text
    assert browser.get("/u/B1/notices/new").status_code == 200
    answer = browser.submit("/u/B1/notices/new", GOOD)
    assert answer.status_code == 303
    shown = browser.get(answer.location).text
    assert "Trần Văn Đức" in shown
    assert "0/2" in shown
    assert "data-copy" in shown
    listed = browser.get("/u/B1/notices/").text
    assert GOOD["subject"] in listed


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": "a" * 121}, "subject"),
        ({"group": "everybody"}, "group"),
        ({"group": ""}, "group"),
        ({"body": "a" * 4001}, "body"),
        ({"group": "committee"}, "group"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_sent(branch, secretary, change, field):
    answer = branch.browser(secretary).submit("/u/B1/notices/new", {**GOOD, **change})
    assert answer.status_code in (409, 422)
    assert f'href="#f-{field}"' in answer.text
    assert branch.rows(Notice) == 0


def test_an_unknown_field_is_refused(branch, secretary):
    answer = branch.browser(secretary).submit("/u/B1/notices/new", {**GOOD, "sender": "Ai đó"})
    assert answer.status_code == 422
    assert branch.rows(Notice) == 0


def test_without_the_right_nobody_sends_or_reads_what_was_sent(branch, secretary, tell):
    member = branch.member("B1", "Phạm Văn Sơn")
    sent = tell(member)
    reader = branch.browser(branch.account("member", "B1"))
    stranger = branch.browser(branch.account("branch_secretary", "B2"))
    for address in ("/u/B1/notices/", "/u/B1/notices/new", f"/u/B1/notices/{sent.notice.id}"):
        assert reader.get(address).status_code == 403
        assert stranger.get(address).status_code == 404
    assert reader.submit("/u/B1/notices/new", GOOD).status_code == 403
    assert stranger.submit("/u/B1/notices/new", GOOD).status_code == 404
    assert branch.rows(Notice) == 1


def test_a_notice_is_shown_only_in_its_own_unit(branch, tell):
    sent = tell(branch.member("B1"))
    staff = branch.browser(branch.account("commune_staff", "W1"))
    assert staff.get(f"/u/B1/notices/{sent.notice.id}").status_code == 200
    assert staff.get(f"/u/W1/notices/{sent.notice.id}").status_code == 404
    assert staff.get(f"/u/B2/notices/{sent.notice.id}").status_code == 404


def test_slips_are_printed_for_members_without_an_account(branch, secretary):
    browser = branch.browser(secretary)
    shown = browser.submit("/u/B1/notices/new", GOOD).location
    answer = browser.get(f"{shown}/slips.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    text = " ".join(pdf_lines(answer.data))
    assert "Trần Văn Đức" in text
    assert "Lê Thị Hoa" not in text


def test_slips_nobody_needs_are_refused_with_a_sentence(branch):
    one = branch.member("B1", "Lê Thị Hoa")
    branch.account("member", "B1", member=one)
    browser = branch.browser(branch.account("branch_secretary", "B1"))
    shown = browser.submit("/u/B1/notices/new", GOOD).location
    assert browser.get(f"{shown}/slips.pdf").status_code == 409


def test_a_branch_is_not_asked_about_branches_below_it(branch, secretary):
    assert 'value="secretaries"' not in branch.browser(secretary).get("/u/B1/notices/new").text
    staff = branch.browser(branch.account("commune_staff", "W1"))
    assert 'value="secretaries"' in staff.get("/u/W1/notices/new").text


def test_the_list_counts_readers_in_the_same_statements_however_long_it_is(
    branch, secretary, statements
):
    browser = branch.browser(secretary)
    browser.submit("/u/B1/notices/new", GOOD)
    browser.get("/u/B1/notices/")
    counts = []
    for _round in range(2):
        before = statements.count
        browser.get("/u/B1/notices/")
        counts.append(statements.count - before)
        for _number in range(5):
            browser.submit("/u/B1/notices/new", GOOD)
    assert counts[0] == counts[1] <= 10


def test_programs_send_and_list(branch, secretary):
    browser = branch.browser(secretary)
    answer = browser.send("POST", "/api/v1/notices/sent?unit=B1", GOOD)
    assert answer.status_code == 201
    assert (answer.json["people"], answer.json["without_account"]) == (2, 1)
    (item,) = browser.get("/api/v1/notices/sent?unit=B1").json["items"]
    assert item["id"] == answer.json["id"]
    assert browser.get("/api/v1/notices/sent?unit=B2").status_code == 404
    bad = browser.send("POST", "/api/v1/notices/sent?unit=B1", {"group": "members"})
    assert (bad.status_code, "subject" in bad.json["fields"]) == (422, True)
