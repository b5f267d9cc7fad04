"""The inbox: one's own only, newest first, read once, counted in every page by one statement."""

import pytest
import sqlalchemy as sa

from core.notices.models import Notice, NoticeCopy
from core.notices.services.reading import PAGE


@pytest.fixture
def hoa(branch):
    """A member with an account."""
    member = branch.member("B1", "Lê Thị Hoa")
    return member, branch.account("branch_secretary", "B1", member=member)


def test_the_inbox_is_for_signed_in_people(branch):
    assert branch.browser().get("/inbox").status_code == 303


def test_an_empty_inbox_says_so(branch, hoa):
    page = branch.browser(hoa[1]).get("/inbox")
    assert page.status_code == 200
    assert "empty" in page.text


def test_notices_are_listed_newest_first_with_sender_and_unit(branch, hoa, tell):
    tell(hoa[0], subject="Việc thứ nhất")
    tell(hoa[0], subject="Việc thứ hai")
    text = branch.browser(hoa[1]).get("/inbox").text
    assert text.index("Việc thứ hai") < text.index("Việc thứ nhất")
    assert "Chi bộ tổ dân phố Phúc Sơn" in text
    assert "operator:test" in text


def test_nobody_sees_or_reads_the_notices_of_others(branch, hoa, tell):
    other = branch.member("B1", "Trần Văn Nam")
    sent = tell(other, subject="Chỉ cho đồng chí Nam")
    browser = branch.browser(hoa[1])
    assert "Chỉ cho" not in browser.get("/inbox").text
    assert browser.get(f"/inbox/{sent.notice.id}").status_code == 404
    assert browser.send("POST", f"/api/v1/notices/{sent.notice.id}/read").status_code == 404
    browser.submit("/inbox/read")
    with branch.work(writing=False) as work:
        assert work.session.scalar(sa.select(NoticeCopy.read_at)) is None


def test_the_bell_counts_what_is_unread_and_opening_it_takes_one_away(branch, hoa, tell):
    sent = tell(hoa[0], body="Mời đồng chí đọc trước.")
    tell(hoa[0])
    browser = branch.browser(hoa[1])
    assert '<span class="badge">2</span>' in browser.get("/u/B1/units/").text
    opened = browser.get(f"/inbox/{sent.notice.id}")
    assert "Mời đồng chí đọc trước." in opened.text
    assert '<span class="badge">1</span>' in opened.text
    browser.get(f"/inbox/{sent.notice.id}")
    assert '<span class="badge">1</span>' in browser.get("/u/B1/units/").text


def test_a_notice_leads_to_its_page_in_its_unit(branch, hoa, tell):
    sent = tell(hoa[0], endpoint="notices.index")
    answer = branch.browser(hoa[1]).get(f"/inbox/{sent.notice.id}")
    assert (answer.status_code, answer.location) == (303, "/u/B1/notices/")


def test_a_notice_whose_page_is_gone_shows_its_text(branch, hoa, tell):
    sent = tell(hoa[0], endpoint="gone.page", values={"x": 1}, body="Nội dung vẫn đọc được.")
    answer = branch.browser(hoa[1]).get(f"/inbox/{sent.notice.id}")
    assert answer.status_code == 200
    assert "Nội dung vẫn đọc được." in answer.text


def test_all_can_be_marked_as_read_at_once(branch, hoa, tell):
    tell(hoa[0])
    tell(hoa[0])
    browser = branch.browser(hoa[1])
    assert browser.submit("/inbox/read").status_code == 303
    assert 'class="badge"' not in browser.get("/inbox").text


def test_a_long_inbox_goes_on_by_key(branch, hoa, tell):
    for number in range(PAGE + 3):
        tell(hoa[0], subject=f"Việc số {number:02d}")
    browser = branch.browser(hoa[1])
    first = browser.get("/inbox").text
    assert ("Việc số 32" in first, "Việc số 02" in first) == (True, False)
    last = branch.rows(Notice)
    assert last == PAGE + 3
    cursor = first.split("/inbox?cursor=")[1].split('"')[0]
    second = browser.get(f"/inbox?cursor={cursor}").text
    assert ("Việc số 02" in second, "Việc số 03" in second) == (True, False)
    assert browser.get("/inbox?cursor=nonsense").status_code == 422


def test_a_member_who_gets_an_account_later_finds_what_was_said_before(branch, tell):
    member = branch.member("B1", "Trần Văn Nam")
    tell(member, subject="Nói trước khi có tài khoản")
    account = branch.account("member", "B1", member=member)
    assert "Nói trước khi có tài khoản" in branch.browser(account).get("/inbox").text


def test_somebody_who_is_no_member_has_an_inbox_too(branch, tell):
    official = branch.account("follower", "W1")
    tell(accounts=[official], subject="Gửi cấp trên theo dõi")
    assert "Gửi cấp trên theo dõi" in branch.browser(official).get("/inbox").text


def test_the_count_is_one_cheap_statement(branch, hoa, tell, statements):
    tell(hoa[0])
    browser = branch.browser(hoa[1])
    browser.get("/u/B1/units/")
    before = len(statements.statements)
    browser.get("/u/B1/units/")
    counting = [s for s in statements.statements[before:] if "core_notice_copy" in s]
    assert len(counting) == 1
    before = len(statements.statements)
    browser.get("/api/v1/notices")
    counting = [s for s in statements.statements[before:] if "count(" in s and "core_notice" in s]
    assert counting == [], "programs see no bell"


def test_the_inbox_takes_the_same_statements_whatever_its_length(branch, hoa, tell, statements):
    tell(hoa[0])
    browser = branch.browser(hoa[1])
    browser.get("/inbox")
    counts = []
    for _round in range(2):
        before = statements.count
        assert browser.get("/inbox").status_code == 200
        counts.append(statements.count - before)
        for _number in range(10):
            tell(hoa[0])
    assert counts[0] == counts[1] <= 8


def test_programs_read_their_notices_and_mark_them(branch, hoa, tell):
    sent = tell(hoa[0], subject="Cho phần mềm")
    browser = branch.browser(hoa[1])
    (item,) = browser.get("/api/v1/notices").json["items"]
    assert (item["subject"], item["read_at"], item["unit_name"]) == (
        "Cho phần mềm",
        None,
        "Chi bộ tổ dân phố Phúc Sơn",
    )
    assert browser.send("POST", f"/api/v1/notices/{sent.notice.id}/read").status_code == 204
    assert browser.get("/api/v1/notices?unread=true").json == {"items": [], "next": None}
    assert browser.get("/api/v1/notices?limit=1000").status_code == 422
    assert browser.get("/api/v1/notices?colour=red").status_code == 422
