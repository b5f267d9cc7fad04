"""Pages about members, through HTTP: what they show, to whom, and what they refuse."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
import sqlalchemy as sa

from core.members.models import CorrectionRequest, Member, MemberCondition, MemberMerge, Position
from core.members.services import set_condition
from core.testing import World, counted

BORN = date(1958, 11, 18)


@pytest.fixture
def secretary(ward: World):
    """The secretary of branch A, who is a member of it."""
    member = ward.member("A", "Nguyễn Thị Hoa", birth_date=BORN, phone="0912 345 678")
    ward.position(member, "secretary", "A")
    return ward.account(member=member, unit="A")


def one(ward: World, member):
    """Read a member as it is now."""
    with ward.work(writing=False) as work:
        return work.session.scalars(sa.select(Member).where(Member.id == member.id)).one()


def token_free(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_the_list_shows_members_in_order_with_posts_and_the_head_count(ward: World, secretary):
    ward.member("A", "Trần Văn Đức", status="probationary")
    ward.member("B", "Lê Văn Lạ")
    page = ward.browser(secretary).get("/u/A/members/")
    text = token_free(page.get_data(as_text=True))
    assert page.status_code == 200
    assert text.rindex("Trần Văn Đức") < text.rindex("Nguyễn Thị Hoa")
    assert "Bí thư" in text
    assert "2 đảng viên: 1 chính thức, 1 dự bị" in text
    assert "Lê Văn Lạ" not in text


def test_the_list_is_narrowed_and_printed(ward: World, secretary):
    browser = ward.browser(secretary)
    for query in (
        "?q=hoa",
        "?status=official",
        "?status=left",
        "?group=temporary",
        "?as_of=01/01/2024",
        "?as_of=2030-01-01",
        "?sector=school",
        "?q=%25&status=exempt",
    ):
        for address in ("/u/A/members/", "/u/A/members/print"):
            assert browser.get(address + query).status_code == 200, query


def test_a_query_that_cannot_be_read_is_refused_with_a_sentence(ward: World, secretary):
    browser = ward.browser(secretary)
    for query in (
        "?status=king",
        "?as_of=31/02/2024",
        "?cursor=x",
        "?colour=red",
        "?q=" + "a" * 2000,
    ):
        page = browser.get(f"/u/A/members/{query}")
        assert page.status_code == 422, query


def test_a_long_list_goes_on_by_key(ward: World, secretary):
    for number in range(55):
        ward.member("A", f"Nguyễn Văn {chr(65 + number % 26)}{number}")
    browser = ward.browser(secretary)
    first = browser.get("/u/A/members/").get_data(as_text=True)
    following = re.search(r'href="([^"]*cursor=[^"]+)"', first)
    assert following
    second = browser.get(following.group(1).replace("&amp;", "&")).get_data(as_text=True)
    found = re.findall(r"/members/([0-9a-f-]{36})\"", first) + re.findall(
        r"/members/([0-9a-f-]{36})\"", second
    )
    assert len(set(found)) == 56


def test_pages_take_few_statements_however_many_rows_there_are(ward: World, secretary):
    for number in range(45):
        ward.position(ward.member("A", f"Lê Văn {number}"), "staff", "W1")
    member = ward.member("A", "Đặng Thị Mẫu")
    browser = ward.browser(secretary)
    for address in ("/u/A/members/", f"/u/A/members/{member.id}", "/u/A/units/", "/u/A/units/tree"):
        with counted(ward.system.database.engine) as counter:
            assert browser.get(address).status_code == 200
        assert counter.count <= 15, (address, counter.statements)


def test_who_reads_which_fields_is_kept(ward: World, secretary):
    ward.browser(secretary).get("/u/A/members/")
    lines = [
        json.loads(line)
        for file in ward.system.host.spool_folder.glob("*.jsonl")
        for line in file.read_text().splitlines()
    ]
    mine = [line for line in lines if line["actor_id"] == str(secretary.id)]
    assert mine[-1]["shown"]["member"]["classes"] == ["birth", "card", "contact"]


def test_what_a_reader_may_not_see_is_not_on_the_page(ward: World, secretary):
    member = ward.member("A", "Trần Văn Đức", birth_date=date(1971, 3, 4), phone="0999 888 777",
                         card_no="77777777")  # fmt: skip
    committee = ward.account("branch_committee", "A")
    for address in (f"/u/A/members/{member.id}", "/u/A/members/", "/u/A/members/print"):
        text = ward.browser(committee).get(address).get_data(as_text=True)
        assert "Trần Văn Đức" in text
        assert "04/03/1971" not in text
        assert "77777777" not in text
    assert "0999 888 777" in ward.browser(committee).get(f"/u/A/members/{member.id}").get_data(
        as_text=True
    )


def test_a_record_is_found_only_where_it_belongs_and_by_whoever_may_see_it(ward: World, secretary):
    mine, other = ward.member("A"), ward.member("C")
    browser = ward.browser(secretary)
    assert browser.get(f"/u/A/members/{mine.id}").status_code == 200
    assert browser.get(f"/u/A/members/{other.id}").status_code == 404
    assert browser.get(f"/u/C/members/{other.id}").status_code == 404
    staff = ward.browser(ward.account("commune_staff", "W1"))
    assert staff.get(f"/u/W1/members/{mine.id}").status_code == 200
    assert staff.get(f"/u/B/members/{mine.id}").status_code == 404


def test_a_member_is_entered_with_a_birth_year_alone(ward: World, secretary):
    browser = ward.browser(secretary)
    sent = browser.submit(
        "/u/A/members/new",
        {"full_name": "Phạm  Văn   Ba", "birth_date": "1950", "admitted_on": "3/2/1975",
         "official_on": "03-02-1976", "sex": "male"},
    )  # fmt: skip
    assert sent.status_code == 303
    with ward.work(writing=False) as work:
        made = work.session.scalars(sa.select(Member).where(Member.search == "pham van ba")).one()
    assert (made.full_name, made.birth_precision, made.status) == (
        "Phạm Văn Ba",
        "year",
        "official",
    )


def test_a_form_comes_back_with_what_was_typed_and_what_is_wrong(ward: World, secretary):
    browser = ward.browser(secretary)
    sent = browser.submit(
        "/u/A/members/new", {"full_name": "", "birth_date": "31/31/1950", "phone": "0123"}
    )
    text = sent.get_data(as_text=True)
    assert sent.status_code == 422
    assert "31/31/1950" in text
    assert "0123" in text
    assert ward.rows(Member) == 1


def test_whoever_may_only_look_enters_nobody(ward: World, secretary):
    reader = ward.browser(ward.account("branch_committee", "A"))
    assert reader.get("/u/A/members/new").status_code == 403
    assert reader.submit("/u/A/members/new", {"full_name": "Lê Hoa"}).status_code == 403
    assert ward.browser().get("/u/A/members/").status_code == 303


ACTS = {
    "correct": {"full_name": "Nguyễn Văn Bình", "phone": ""},
    "status": {"status": "exempt", "on": "01/11/2026"},
    "leave": {"reason": "deceased", "on": "05/11/2026"},
    "transfer": {"unit_code": "chi bo b", "since": "01/11/2026", "end_positions": "1"},
    "temporary": {"unit_code": "B", "since": "01/11/2026", "until": "30/11/2026"},
    "positions/new": {"position": "staff", "unit_code": "A", "since": "01/11/2026"},
    "conditions/new": {"kind": "away", "since": "01/11/2026", "next_contact_on": "01/12/2026"},
    "void": {"reason": "Nhập nhầm"},
}


def test_every_act_has_a_form_that_works(ward: World, staff):
    browser = ward.browser(staff)
    for name, typed in ACTS.items():
        member = ward.member("A")
        form = browser.get(f"/u/A/members/{member.id}/{name}")
        revision = re.search(r'name="revision" value="(\d+)"', form.get_data(as_text=True))
        assert revision, name
        data = {**typed, "revision": revision.group(1)}
        sent = browser.submit(f"/u/A/members/{member.id}/{name}", data)
        assert sent.status_code == 303, token_free(sent.get_data(as_text=True))[-600:]
        if name != "void":
            assert browser.get(sent.headers["Location"]).status_code == 200, name


def test_every_act_refuses_an_empty_form_and_keeps_the_page(ward: World, staff):
    browser, member = ward.browser(staff), ward.member("A")
    before = one(ward, member)
    for name in ACTS:
        sent = browser.submit(f"/u/A/members/{member.id}/{name}", {})
        if name == "correct":
            assert sent.status_code == 303
        else:
            assert sent.status_code == 422, name
            assert "error-summary" in sent.get_data(as_text=True)
        assert one(ward, member).revision == before.revision


def test_whoever_saves_over_a_newer_state_is_told_and_nothing_is_lost(ward: World, staff):
    member = ward.member("A")
    browser = ward.browser(staff)
    old = one(ward, member).revision
    first = {"full_name": "Nguyễn Văn Một", "revision": str(old)}
    assert browser.submit(f"/u/A/members/{member.id}/correct", first).status_code == 303
    second = {"full_name": "Nguyễn Văn Hai", "revision": str(old)}
    sent = browser.submit(f"/u/A/members/{member.id}/correct", second)
    text = sent.get_data(as_text=True)
    assert sent.status_code == 409
    assert "Nguyễn Văn Hai" in text
    assert "Nguyễn Văn Một" in text
    now = re.search(r'name="revision" value="(\d+)"', text)
    assert now
    again = browser.submit(
        f"/u/A/members/{member.id}/correct", {**second, "revision": now.group(1)}
    )
    assert again.status_code == 303
    assert one(ward, member).full_name == "Nguyễn Văn Hai"


def test_an_entry_of_the_history_is_put_right_and_taken_out(ward: World, staff):
    member = ward.member("A")
    ward.position(member, "staff", "A", since=date(2024, 1, 1))
    browser = ward.browser(staff)
    page = browser.get(f"/u/A/members/{member.id}").get_data(as_text=True)
    address = re.search(r'href="([^"]+/facts/position/[^"]+)"', page)
    assert address
    assert browser.get(address.group(1)).status_code == 200
    sent = browser.submit(address.group(1), {"valid_from": "01/02/2024", "until": "31/12/2024"})
    assert sent.status_code == 303
    with ward.work(writing=False) as work:
        post = work.session.scalars(sa.select(Position)).one()
    assert (post.valid_from, post.valid_to) == (date(2024, 2, 1), date(2025, 1, 1))
    page = browser.get(f"/u/A/members/{member.id}").get_data(as_text=True)
    address = re.search(r'href="([^"]+/facts/position/[^"]+)"', page)
    assert address
    assert browser.submit(address.group(1) + "/drop", {}).status_code == 303
    assert ward.rows(Position) == 0
    assert browser.get(address.group(1)).status_code == 404


def test_an_act_warns_of_a_second_secretary(ward: World, secretary):
    other = ward.member("A", "Lê Thị Hai")
    browser = ward.browser(ward.account("commune_staff", "W1"))
    sent = browser.submit(
        f"/u/A/members/{other.id}/positions/new",
        {"position": "secretary", "unit_code": "A", "since": "01/11/2026"},
    )
    page = browser.get(sent.headers["Location"]).get_data(as_text=True)
    assert "Nguyễn Thị Hoa" in page


def test_who_is_away_is_listed_and_contacted(ward: World, staff, acting):
    member = ward.member("A")
    with acting(member) as (work, found):
        set_condition(work, found, "away", since=date(2026, 1, 1), next_contact_on=ward.today)
    browser = ward.browser(staff)
    page = browser.get("/u/W1/members/contacts").get_data(as_text=True)
    address = re.search(r'href="([^"]+/contact)"', page)
    assert address
    assert browser.get(address.group(1)).status_code == 200
    assert browser.submit(address.group(1), {"next_contact_on": "01/01/2027"}).status_code == 303
    with ward.work(writing=False) as work:
        due = work.session.scalar(sa.select(MemberCondition.next_contact_on))
    assert due == date(2027, 1, 1)


def test_two_records_are_compared_merged_and_taken_apart_again(ward: World):
    one_record = ward.member("A", birth_date=BORN)
    two = ward.member("B", birth_date=BORN, phone="0999")
    browser = ward.browser(ward.account("commune_staff", "W1"))
    found = browser.get("/u/W1/members/duplicates").get_data(as_text=True)
    address = re.search(r'href="([^"]+/merge\?[^"]+)"', found)
    assert address
    assert browser.get(address.group(1).replace("&amp;", "&")).status_code == 200
    sent = browser.submit(
        "/u/W1/members/merge",
        {"kept_id": str(one_record.id), "merged_id": str(two.id), "facts_from": "merged",
         "fields_from_merged": "phone"},
    )  # fmt: skip
    assert sent.status_code == 303
    assert one(ward, one_record).phone == "0999"
    moved = browser.get(f"/u/W1/members/{two.id}")
    assert (moved.status_code, str(one_record.id) in moved.headers["Location"]) == (303, True)
    assert browser.get("/u/W1/members/merges").status_code == 200
    with ward.work(writing=False) as work:
        key = work.session.scalar(sa.select(MemberMerge.id))
    assert browser.submit(f"/u/W1/members/merges/{key}/undo", {}).status_code == 303
    assert one(ward, one_record).phone == ""
    again = browser.submit(f"/u/W1/members/merges/{key}/undo", {})
    assert again.status_code == 409


def test_merging_a_record_with_itself_shows_the_two_columns_again(ward: World):
    record = ward.member("A", birth_date=BORN)
    browser = ward.browser(ward.account("commune_staff", "W1"))
    sent = browser.submit(
        "/u/W1/members/merge", {"kept_id": str(record.id), "merged_id": str(record.id)}
    )
    assert sent.status_code == 409
    assert browser.submit("/u/W1/members/merge", {"kept_id": "x"}).status_code in (303, 422)


def test_my_record_shows_everything_and_hands_it_over_as_a_file(ward: World):
    member = ward.member("A", "Trần Văn Mình", birth_date=BORN, phone="0911 222 333")
    browser = ward.browser(ward.account(member=member, unit="A"))
    page = browser.get("/me").get_data(as_text=True)
    assert "18/11/1958" in page
    assert "0911 222 333" in page
    file = browser.get("/me/data")
    assert file.headers["Content-Disposition"].startswith("attachment")
    data = json.loads(file.get_data(as_text=True))
    assert data["members"]["record"]["full_name"] == "Trần Văn Mình"
    assert data["members"]["home"][0]["unit"] == "A"


def test_an_account_without_a_record_is_told_so(ward: World):
    browser = ward.browser(ward.account("administrator"))
    assert browser.get("/me").status_code == 200
    assert browser.get("/me/data").status_code == 404
    assert browser.get("/me/correction").status_code == 404
    assert ward.browser().get("/me").status_code == 303


@pytest.mark.parametrize("accept", [True, False])
def test_a_correction_is_asked_for_and_answered(ward: World, secretary, accept):
    member = ward.member("A", "Trần Văn Mình", birth_date=BORN)
    mine = ward.browser(ward.account(member=member, unit="A"))
    sent = mine.submit("/me/correction", {"phone": "0911 222 333", "birth_date": "19/11/1958"})
    assert sent.status_code == 303
    assert mine.submit("/me/correction", {"phone": "0911"}).status_code == 409
    browser = ward.browser(secretary)
    assert "0911 222 333" in browser.get("/u/A/members/requests").get_data(as_text=True)
    assert "đồng chí chờ trả lời" in browser.get("/").get_data(as_text=True)
    with ward.work(writing=False) as work:
        key = work.session.scalar(sa.select(CorrectionRequest.id))
    data = {"accept": "1"} if accept else {"answer": "Chưa có giấy tờ"}
    if not accept:
        assert browser.submit(f"/u/A/members/requests/{key}", {}).status_code == 422
    assert browser.submit(f"/u/A/members/requests/{key}", data).status_code == 303
    assert one(ward, member).phone == ("0911 222 333" if accept else "")
    assert one(ward, member).birth_date == (date(1958, 11, 19) if accept else BORN)
    assert browser.submit(f"/u/A/members/requests/{key}", data).status_code == 409
    if not accept:
        assert "Chưa có giấy tờ" in mine.get("/me").get_data(as_text=True)


@pytest.mark.parametrize("data", [{}, {"full_name": "Trần Văn Mình"}, {"status": "official"}])
def test_a_request_that_changes_nothing_or_too_much_is_refused(ward: World, data):
    member = ward.member("A", "Trần Văn Mình")
    sent = ward.browser(ward.account(member=member, unit="A")).submit("/me/correction", data)
    assert sent.status_code == 422
    assert ward.rows(CorrectionRequest) == 0


def test_people_and_units_are_found_from_the_search_box(ward: World, secretary):
    page = ward.browser(secretary).get("/search?q=hoa+thi").get_data(as_text=True)
    assert "Nguyễn Thị Hoa" in page
    assert "Chi bộ A" in ward.browser(secretary).get("/search?q=chi+bo+a").get_data(as_text=True)
    other = ward.browser(ward.account("branch_secretary", "C"))
    assert "Nguyễn Thị Hoa" not in other.get("/search?q=hoa").get_data(as_text=True)
