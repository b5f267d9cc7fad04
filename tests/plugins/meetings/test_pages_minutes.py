"""Items, votes and minutes through the pages, by plain forms as a browser without script does."""

from __future__ import annotations

import re

import pytest

from plugins.meetings.models import Resolution
from tests.plugins.meetings.builders import Branch
from tests.plugins.meetings.visiting import (
    PLAN,
    Visitor,
    held,
    inside,
    items_of,
    secretary_of,
)


def test_an_item_is_concluded_and_leads_to_the_next(branch: Branch) -> None:
    secretary, at = held(branch)
    secretary.done(f"{at}/roll/close", {"others": "present"})
    first, second, *_rest = items_of(secretary, at)
    secretary.done(f"{first}/start")
    branch.later(minutes=7)
    assert "đã dùng 7/5 phút" in secretary.page(first)
    assert inside(secretary.refused(first, {"discussion": "Nhất trí"}), "Chưa ghi kết luận")
    secretary.done(first, {"discussion": "Nhất trí", "conclusion": "Chi bộ thống nhất."})
    page = secretary.get(first).get_data(as_text=True)
    assert second in page
    assert "Sang nội dung sau" in page


def test_a_vote_shows_its_rule_and_counts_that_do_not_add_up_are_refused(branch: Branch) -> None:
    secretary, at = held(branch)
    secretary.done(f"{at}/roll/close", {"others": "present"})
    item = items_of(secretary, at)[3]
    assert "Cần ít nhất 6/10 đảng viên chính thức" in secretary.page(f"{item}/vote")
    ballot = {"question": "Nghị quyết", "kind": "decision", "method": "cards", "present": "10"}
    page = secretary.refused(f"{item}/vote", {**ballot, "in_favour": "8"})
    assert 'href="#f-in_favour"' in page
    assert 'name="in_favour" value="8"' in page
    secret = {"method": "secret", "issued": "10", "returned": "10", "valid": "9", "invalid": "0"}
    page = secretary.refused(f"{item}/vote", {**ballot, **secret, "in_favour": "9"})
    assert inside(page, "Cộng các loại phiếu được 9, chưa khớp 10 phiếu thu về.")


def test_a_failed_vote_makes_no_resolution_and_asks_what_next(branch: Branch) -> None:
    secretary, at = held(branch)
    secretary.done(f"{at}/roll/close", {"others": "present"})
    item = items_of(secretary, at)[3]
    ballot = {"question": "Nghị quyết", "present": "10", "in_favour": "4", "against": "6"}
    secretary.done(f"{item}/vote", {**ballot, "kind": "decision", "method": "cards"})
    page = secretary.page(item)
    assert "Không được thông qua: 4/10, cần 6" in page
    assert "Lập nghị quyết" not in page
    refused = secretary.refused(f"{item}/resolution", {"title": "Về cổng làng", "text": "Làm."})
    assert inside(refused, "Không được thông qua")
    assert branch.world.rows(Resolution) == 0
    body = secretary.get(item).get_data(as_text=True)
    vote = re.search(r"/votes/([0-9a-f-]{36})/next", body)
    assert vote
    secretary.done(f"{at}/votes/{vote[1]}/next", {"what_next": "prepare_again"})
    assert "Chuẩn bị lại cho kỳ sau" in secretary.page(item)
    secretary.done(f"{at}/votes/{vote[1]}/remove")
    assert "Nội dung này chưa biểu quyết." in secretary.page(item)


@pytest.fixture
def ended(branch: Branch) -> tuple[Visitor, str]:
    """A meeting with a resolution, two tasks and every item concluded, just ended."""
    secretary, at = held(branch)
    secretary.done(f"{at}/roll/all")
    secretary.done(f"{at}/roll/close")
    items = items_of(secretary, at)
    for item in items:
        secretary.done(item, {"conclusion": "Chi bộ thống nhất."})
    ballot = {"question": "Nghị quyết", "present": "10", "in_favour": "10"}
    secretary.done(f"{items[3]}/vote", {**ballot, "kind": "decision", "method": "cards"})
    owner = str(branch.people[4].id)
    point = {"points.text": "Vận động 5 hộ", "points.owner_id": owner, "points.due_on": "1/12/2026"}
    text = {"title": "về vệ sinh môi trường", "text": "Chi bộ quyết nghị làm sạch ngõ xóm."}
    secretary.done(f"{items[3]}/resolution", {**text, **point})
    task = {"title": "Rà soát đảng viên đi làm xa", "owner_id": owner, "due_on": "05/12/2026"}
    secretary.done(f"{items[3]}/tasks", task)
    branch.later(minutes=95)
    secretary.done(f"{at}/end", {"ended_at": ""})
    return secretary, at


def test_the_minutes_are_adopted_confirmed_locked_and_printed(
    branch: Branch, ended: tuple[Visitor, str]
) -> None:
    secretary, at = ended
    page = secretary.page(f"{at}/minutes")
    assert "IV. Phân công nhiệm vụ" in page
    assert "Vận động 5 hộ" in page
    assert inside(secretary.refused(f"{at}/minutes/lock"), "xác nhận")
    wrong = secretary.refused(f"{at}/minutes/adopt", {"present": "10", "in_favour": "11"})
    assert 'href="#f-in_favour"' in wrong
    secretary.done(f"{at}/minutes/adopt", {"present": "10", "in_favour": "10"})
    secretary.done(f"{at}/minutes/confirm/clerk")
    secretary.done(f"{at}/minutes/confirm/chair")
    assert secretary.done(f"{at}/minutes/lock").endswith("/follow")
    page = secretary.page(f"{at}/follow")
    assert "Rà soát đảng viên đi làm xa" in page
    assert "Về vệ sinh môi trường" in page
    secretary.page(f"{at}/minutes")
    for ending, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        answer = secretary.get(f"{at}/minutes.{ending}")
        assert answer.data.startswith(start)
        assert f".{ending}" in answer.headers["Content-Disposition"]


def test_a_tap_is_never_called_a_signature(branch: Branch, ended: tuple[Visitor, str]) -> None:
    secretary, at = ended
    secretary.done(f"{at}/minutes/adopt", {"present": "10", "in_favour": "10"})
    secretary.done(f"{at}/minutes/confirm/clerk")
    page = secretary.page(f"{at}/minutes")
    assert "là xác nhận, không phải ký" in page
    assert "đã ký" not in page.lower().replace("bản giấy đã ký", "")


def test_the_signed_paper_is_noted_and_lets_the_minutes_be_locked(
    branch: Branch, ended: tuple[Visitor, str]
) -> None:
    secretary, at = ended
    refused = secretary.refused(f"{at}/minutes/signed", {"signed_on": "31/02/2026"})
    assert 'href="#f-signed_on"' in refused
    data = {"signed_on": "12/11/2026", "book_no": "02", "page_no": "15"}
    secretary.done(f"{at}/minutes/signed", data)
    secretary.done(f"{at}/minutes/lock")
    page = secretary.page(f"{at}/minutes")
    assert "Bản giấy đã ký ngày 12/11/2026, lưu tại sổ biên bản số 02, trang 15." in page


def test_locked_minutes_change_only_in_an_amended_version(
    branch: Branch, ended: tuple[Visitor, str]
) -> None:
    secretary, at = ended
    secretary.done(f"{at}/minutes/signed", {"signed_on": "12/11/2026"})
    secretary.done(f"{at}/minutes/lock")
    item = items_of(secretary, at)[0]
    assert inside(secretary.refused(item, {"conclusion": "Khác"}), "bản sửa đổi")
    assert inside(secretary.refused(f"{at}/minutes/amend"), "Chưa ghi lý do sửa biên bản.")
    secretary.done(f"{at}/minutes/amend", {"reason": "Ghi nhầm số hộ"})
    page = secretary.page(f"{at}/minutes")
    assert "bản sửa đổi thứ 2" in page
    assert "Ghi nhầm số hộ" in page
    key = item.rpartition("/")[2]
    secretary.done(f"{at}/minutes/items/{key}", {"conclusion": "Chi bộ thống nhất vận động 6 hộ."})
    assert "vận động 6 hộ" in secretary.page(f"{at}/minutes")


def test_gaps_lead_to_the_page_that_fills_them(branch: Branch) -> None:
    secretary = secretary_of(branch)
    at = secretary.done("/new", PLAN).removesuffix("/prepare")
    branch.evening()
    secretary = secretary_of(branch)
    secretary.done(f"{at}/roll/open")
    secretary.done(f"{at}/roll/close", {"others": "present"})
    secretary.done(f"{at}/end")
    page = secretary.get(f"{at}/minutes").get_data(as_text=True)
    assert f'href="{at}/times"' in page
    assert f'href="{at}/proceed"' in page
    people = {"chair_id": str(branch.people[0].id), "clerk_id": str(branch.people[1].id)}
    times = {"held_on": "12/11/2026", "started_at": "19:30", "ended_at": "19:35"}
    assert inside(secretary.refused(f"{at}/times", times), "Chưa chọn người chủ trì.")
    secretary.done(f"{at}/times", {**times, **people})
    assert f'href="{at}/times">ai' not in secretary.get(f"{at}/minutes").get_data(as_text=True)


def test_every_paper_of_a_meeting_is_handed_over(
    branch: Branch, ended: tuple[Visitor, str]
) -> None:
    secretary, at = ended
    body = secretary.get(f"{at}/follow").get_data(as_text=True)
    found = re.search(r"/resolutions/[0-9a-f-]{36}\.docx", body)
    assert found
    for path in ("notice.docx", "slips.pdf", "sheet.pdf", "pack.pdf", "minutes.docx"):
        assert secretary.get(f"{at}/{path}").status_code == 200, path
    assert secretary.get(found[0]).data.startswith(b"PK")
    assert secretary.get("/sheet.pdf").data.startswith(b"%PDF")
    assert secretary.get(f"{at}/minutes.exe").status_code == 404
