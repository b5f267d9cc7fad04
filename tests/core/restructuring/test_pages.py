"""Pages of plans: drafted, asked about, approved, applied, reverted, each by whoever may."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from core.members.models import Member
from core.members.services import count_by_home, transfer_home
from core.restructuring.models import Plan
from core.restructuring.services import list_plans
from core.testing import TODAY, World

Tree = Callable[[date], dict[str, str]]
FULL = "operation,unit_code,target_code,name\nrename,W1B1,,Chi bộ Một\nmerge_into,W1B2,W1B1,\n"


def words(page: Any) -> str:
    """Return the words of a page."""
    text = re.sub(r"<(script|style).*?</\1>", " ", page.get_data(as_text=True), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def the_plan(world: World) -> Plan:
    """Return the newest plan."""
    with world.work(writing=False) as work:
        return list_plans(work, work.unit)[0]


@pytest.fixture
def staff(town: World) -> Any:
    """A browser of somebody of a commune's office: drafts, does not approve."""
    return town.browser(town.account("commune_staff", "W1"))


@pytest.fixture
def leader(town: World) -> Any:
    """A browser of the leader of the commune's committee: approves and applies."""
    return town.browser(town.account("committee_leader", "W1"))


def approve(world: World, browser: Any, address: str, **more: Any) -> Any:
    """Approve the newest plan as its page does: with the revision that was read."""
    return browser.submit(f"{address}/approve", {"revision": the_plan(world).revision, **more})


def merger(**changes: str) -> dict[str, str]:
    """Return what an officer types to merge two branches."""
    typed = {
        "ending_code": "W1B1",
        "staying_code": "W1B2",
        "decision_no": "12-QĐ/ĐU",
        "on": TODAY.strftime("%d/%m/%Y"),
    }
    return typed | changes


def test_an_officer_merges_two_branches_and_the_leader_applies_it(
    town: World, staff: Any, leader: Any, tree: Tree
) -> None:
    town.position(town.member("W1B1", "Lê Văn Thư"), "secretary", "W1B1", since=date(2024, 1, 1))
    form = words(staff.get("/u/W1/restructuring/merge?ending=W1B1&staying=W1B2"))
    assert "Lê Văn Thư (Bí thư)" in form
    answer = staff.submit("/u/W1/restructuring/merge", merger(name="Chi bộ Hợp nhất"))
    assert answer.status_code == 303
    plan = the_plan(town)
    assert (plan.state, plan.title) == ("checked", "Sáp nhập Đơn vị W1B1 vào Đơn vị W1B2")
    address = f"/u/W1/restructuring/{plan.id}"
    shown = words(leader.get(address))
    assert "Lê Văn Thư Bí thư" in shown
    assert "Tên: Đơn vị W1B2 → Chi bộ Hợp nhất" in shown
    assert approve(town, leader, address).status_code == 303
    assert leader.submit(f"{address}/apply").status_code == 303
    assert "3 đồng chí" in words(leader.get(address))
    assert "W1B1" not in tree(TODAY)
    with town.work(writing=False) as work:
        counts = count_by_home(work, town.place("W1", work), TODAY)
        assert list(counts.values()) == [5]


def test_a_merger_that_is_no_merger_is_refused_at_the_field(town: World, staff: Any) -> None:
    same = staff.submit("/u/W1/restructuring/merge", merger(staying_code="W1B1"))
    assert same.status_code == 422
    above = staff.submit("/u/W1/restructuring/merge", merger(staying_code="W1"))
    assert above.status_code == 422
    assert town.rows(Plan) == 0


def test_a_plan_that_changed_after_it_was_opened_is_not_approved(
    town: World, staff: Any, leader: Any
) -> None:
    staff.submit("/u/W1/restructuring/merge", merger())
    plan = the_plan(town)
    address = f"/u/W1/restructuring/{plan.id}"
    assert f'name="revision" value="{plan.revision}"' in leader.get(address).text
    assert leader.submit(f"{address}/approve").status_code == 422
    other = town.browser(town.account("province_organisation", "P"))
    frame = {"title": "Sáp nhập hai chi bộ", "decision_no": "13-QĐ/ĐU", "decision_date": "",
             "on": "10/11/2026", "unassigned": "main"}  # fmt: skip
    assert 'value="12-QĐ/ĐU"' in other.get(f"{address}/frame").text
    changed = other.submit(f"{address}/frame", {**frame, "revision": plan.revision})
    assert changed.status_code == 303
    late = leader.submit(f"{address}/approve", {"revision": plan.revision})
    assert late.status_code == 409
    assert "Có người đã sửa phương án" in words(late)
    assert "13-QĐ/ĐU" in words(late)
    now = the_plan(town)
    assert (now.state, now.title, now.decision_no) == ("draft", frame["title"], "13-QĐ/ĐU")
    stale = other.submit(f"{address}/frame", {**frame, "revision": plan.revision})
    assert stale.status_code == 409
    assert staff.get(f"{address}/frame").status_code == 200
    wrong = other.submit(f"{address}/frame", {**frame, "decision_no": "", "on": "x"})
    assert wrong.status_code == 422
    other.submit(f"{address}/submit")
    assert approve(town, leader, address).status_code == 303
    assert other.submit(f"{address}/frame", frame).status_code == 409


def test_whoever_drafts_does_not_approve_and_strangers_see_nothing(town: World, staff: Any) -> None:
    staff.submit("/u/W1/restructuring/merge", merger())
    plan = the_plan(town)
    address = f"/u/W1/restructuring/{plan.id}"
    assert staff.submit(f"{address}/approve").status_code == 403
    assert staff.submit(f"{address}/apply").status_code == 403
    other = town.browser(town.account("committee_leader", "W2"))
    assert other.get(address).status_code == 404
    assert other.get(f"/u/W2/restructuring/{plan.id}").status_code == 404
    assert other.submit(f"/u/W2/restructuring/{plan.id}/approve").status_code == 404


def test_a_branch_of_another_commune_cannot_be_drawn_in(town: World, staff: Any) -> None:
    answer = staff.submit("/u/W1/restructuring/merge", merger(staying_code="W2B1"))
    assert answer.status_code in (404, 422)
    assert town.rows(Plan) == 0


def test_a_plan_is_composed_on_screen_and_every_operation_has_a_form(town: World) -> None:
    browser = town.browser(town.account("province_organisation", "ROOT"))
    start = {"decision_no": "5-QĐ/TU", "on": "01/07/2025", "unassigned": "refuse"}
    assert browser.submit("/u/P/restructuring/new", start).status_code == 303
    address = f"/u/P/restructuring/{the_plan(town).id}"
    assert browser.get(f"{address}/add").status_code == 200
    new = {"name": "Xã Mới", "code": "N1", "parent_code": "D"}
    given = {
        "establish": {"name": "Xã Lập", "code": "N9", "kind": "commune", "parent_code": "D"},
        "consolidate": {"unit_codes": "W1, W2", **new},
        "divide": {"unit_code": "W3", "name": "Xã A", "code": "A1", "share": "2/5",
                   "name_2": "Xã B", "code_2": "B1", "share_2": "3/5"},
        "split_off": {"unit_code": "W1B2", "name": "Chi bộ mới", "code": "X1"},
        "transfer": {"unit_code": "W1B2", "parent_code": "N9"},
        "convert": {"unit_code": "W1B2", "has_seal": "yes", "term_months": "60"},
        "rename": {"unit_code": "W2B1", "name": "Chi bộ Đổi tên"},
        "merge_into": {"unit_code": "W1B1", "target_code": "W1B2"},
        "dissolve": {"unit_code": "W2B2", "target_code": "W2B1", "reason": "ít đảng viên"},
        "terminate": {"unit_code": "P", "when_empty": "1", "reason": "hết cấp"},
    }  # fmt: skip
    for kind, data in given.items():
        assert browser.get(f"{address}/add/{kind}").status_code == 200
        answer = browser.submit(f"{address}/add/{kind}", data)
        assert answer.status_code == 303, (kind, words(answer))
        assert browser.submit(f"{address}/add/{kind}", {}).status_code == 422
    text = words(browser.get(address))
    assert "W3" in text
    assert "Chi bộ Đổi tên" in text
    assert browser.submit(f"{address}/remove/0").status_code == 303
    assert "N9" in words(browser.get(address))  # the transfer still names what does not begin now
    assert browser.get(f"{address}/add/abolish").status_code == 404


def test_a_plan_is_drafted_from_a_file_and_a_bad_file_is_refused(town: World) -> None:
    browser = town.browser(town.account("province_organisation", "ROOT"))
    frame = {"decision_no": "5", "on": "01/07/2025", "unassigned": "refuse"}
    file = {"file": (io.BytesIO(FULL.encode()), "ke-hoach.csv")}
    answer = browser.submit("/u/P/restructuring/new", frame | file)
    assert answer.status_code == 303
    assert "Chi bộ Một" in words(browser.get(answer.location))
    bad = {"file": (io.BytesIO(b"\x00\x01"), "ke-hoach.xlsx")}
    assert browser.submit("/u/P/restructuring/new", frame | bad).status_code == 422
    assert town.rows(Plan) == 1


def divided(town: World, browser: Any) -> str:
    """Draft the division of a branch of three and return the plan's address."""
    for name in ("An", "Bình", "Cúc"):
        town.member("W1B1", f"Phạm Thị {name}")
    rows = (
        "operation,unit_code,target_code,name,main_successor\n"
        "divide,W1B1,X1,Chi bộ X1,yes\ndivide,W1B1,X2,Chi bộ X2,\n"
    )
    frame = {"decision_no": "7", "on": "01/07/2026", "unassigned": "refuse"}
    file = {"file": (io.BytesIO(rows.encode()), "chia.csv")}
    return str(browser.submit("/u/P/restructuring/new", frame | file).location)


def test_a_divided_branch_asks_for_everybody_by_hand(town: World) -> None:
    browser = town.browser(town.account("province_organisation", "ROOT"))
    address = divided(town, browser)
    assert browser.submit(f"{address}/submit").status_code == 409
    page = browser.get(f"{address}/people/W1B1").get_data(as_text=True)
    names = re.findall(r'name="(m\.[0-9a-f-]+)"', page)
    assert len(names) == 5
    some = dict.fromkeys(names[:4], "X1")
    assert browser.submit(f"{address}/people/W1B1", some).status_code == 303
    assert "còn 1/5 đồng chí" in words(browser.get(address))
    stranger = {names[4]: "W2B1"}
    assert browser.submit(f"{address}/people/W1B1", stranger).status_code == 409
    assert browser.submit(f"{address}/people/W1B1", {names[4]: "X2"}).status_code == 303
    assert browser.submit(f"{address}/submit").status_code == 303


def test_a_divided_branch_asks_for_everybody_by_a_workbook(town: World) -> None:
    browser = town.browser(town.account("province_organisation", "ROOT"))
    address = divided(town, browser)
    sheet = browser.get(f"{address}/people/W1B1/excel")
    book = load_workbook(io.BytesIO(sheet.get_data()))
    table = book.active
    heads = {cell.value: cell.column for row in table.iter_rows() for cell in row if cell.value}
    column = heads.get("Mã chi bộ mới của đảng viên", 7)
    for row in table.iter_rows():
        if row[0].value == "W1B1":
            table.cell(row[0].row, column, "X2")
    buffer = io.BytesIO()
    book.save(buffer)
    buffer.seek(0)
    sent = {"file": (buffer, "W1B1.xlsx")}
    answer = browser.submit(f"{address}/people/W1B1/file", sent)
    assert answer.status_code == 303, words(answer)
    assert browser.submit(f"{address}/submit").status_code == 303


def test_reverting_lists_what_stands_in_the_way(town: World, leader: Any) -> None:
    staff = town.browser(town.account("commune_staff", "W1"))
    staff.submit("/u/W1/restructuring/merge", merger(on="01/07/2026"))
    address = f"/u/W1/restructuring/{the_plan(town).id}"
    approve(town, leader, address)
    leader.submit(f"{address}/apply")
    with town.work() as work:
        here = Member.unit_id == town.place("W1B2", work).id
        for member in work.session.scalars(sa.select(Member).where(here)).all():
            transfer_home(work, member, town.place("W2B1", work), since=work.today)
    page = leader.submit(f"{address}/revert", {"reason": "nhầm"})
    assert "Chưa hoàn tác được phương án" in words(page)
    assert "nơi sinh hoạt" in words(page)
    assert the_plan(town).state == "applied"
    assert leader.submit(f"{address}/revert", {"reason": ""}).status_code == 422


def test_the_list_leads_to_every_plan_and_a_card_to_the_one_that_waits(
    town: World, staff: Any, leader: Any
) -> None:
    assert "Chưa có" in words(staff.get("/u/W1/restructuring/"))
    staff.submit("/u/W1/restructuring/merge", merger())
    assert "12-QĐ/ĐU" in words(staff.get("/u/W1/restructuring/"))
    assert "chờ phê duyệt" in words(leader.get("/"))
