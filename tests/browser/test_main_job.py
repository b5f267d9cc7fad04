"""The main job as its people do it: the secretary on a phone, then the ward's office on a PC."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from tests.browser.conftest import PC, PHUC_SON, WARD, Enter, Visitor

pytestmark = pytest.mark.browser
MEETINGS = f"/u/{PHUC_SON}/meetings"


def meeting_of(visitor: Visitor) -> str:
    """Return the address of the meeting the page is about."""
    found = re.search(r"/meetings/([0-9a-f-]{36})", visitor.page.url)
    assert found is not None, visitor.page.url
    return f"{MEETINGS}/{found[1]}"


def prepare(visitor: Visitor) -> str:
    """Plan this month's meeting for tonight and let the committee agree; return its address."""
    page = visitor.page
    visitor.open(f"{MEETINGS}/new")
    visitor.look("plan")
    page.fill("input[name=day]", "22/11/2026")
    page.fill("input[name=time]", "19:30")
    page.fill("input[name=place]", "Nhà văn hóa tổ dân phố")
    page.select_option("select[name=chair_id]", label="Nguyễn Thị Hoa")
    page.select_option("select[name=clerk_id]", label="Lê Đình Ân")
    visitor.press("Bắt đầu chuẩn bị")
    visitor.sees("theo tài liệu tháng 11/2026")
    visitor.sees("việc kỳ trước chưa xong")
    visitor.look("prepare")
    visitor.press("Xin ý kiến chi ủy")
    visitor.press("Chi ủy đã thống nhất")
    return meeting_of(visitor)


def announce(visitor: Visitor, meeting: str) -> None:
    """Announce on the day itself, with the reason why so late."""
    visitor.open(f"{meeting}/announce")
    visitor.look("announce")
    visitor.page.fill("input[name=late_reason]", "Nhà văn hóa chỉ trống tối nay")
    visitor.press("Vẫn gửi, ghi lý do")
    visitor.sees("Đã gửi cho 45 đồng chí")


def tick(visitor: Visitor, meeting: str) -> None:
    """Tick the roll: everybody present, then one tap and a choice for who is away."""
    visitor.open(f"{meeting}/roll")
    visitor.press("Bắt đầu điểm danh")
    visitor.sees("0/38")
    visitor.look("roll")
    visitor.press("Tất cả có mặt")
    visitor.sees("38/38")
    visitor.sees("đủ điều kiện tiến hành")
    visitor.look("roll-done")
    visitor.press("Xong điểm danh")


def decide(visitor: Visitor, meeting: str) -> None:
    """Conclude an item, vote, adopt a resolution with two points that become tasks."""
    page = visitor.page
    visitor.open(f"{meeting}/proceed")
    visitor.look("agenda")
    page.locator("main a[href*='/proceed/']").nth(6).click()
    page.wait_for_load_state()
    item = page.url.split("?")[0]
    page.fill("textarea[name=conclusion]", "Chi bộ thống nhất nội dung đã trình bày.")
    visitor.look("item")
    visitor.press("Kết luận nội dung này")
    page.goto(f"{item}/vote")
    page.fill("input[name=question]", "Nghị quyết về vệ sinh môi trường")
    page.fill("input[name=present]", "37")
    page.fill("input[name=in_favour]", "36")
    page.fill("input[name=against]", "1")
    visitor.look("vote")
    visitor.press("Lưu kết quả biểu quyết")
    visitor.sees("được thông qua")
    page.goto(f"{item}/resolution")
    page.fill("input[name=title]", "tăng cường vệ sinh môi trường")
    page.fill("textarea[name=text]", "Ra quân dọn vệ sinh vào sáng thứ Bảy hằng tuần.")
    for number, owner in enumerate(("Nguyễn Văn An", "Phạm Thị Bình")):
        page.locator("[name='points.text']").nth(number).fill(f"Phụ trách nhóm {number + 1}")
        page.locator("[name='points.owner_id']").nth(number).select_option(label=owner)
        page.locator("[name='points.due_on']").nth(number).fill("20/12/2026")
    visitor.look("resolution")
    visitor.press("Lưu nghị quyết")
    visitor.sees("vệ sinh môi trường")


def test_the_secretary_prepares_holds_and_follows_up_and_the_ward_sees_it(
    enter: Enter, tmp_path: Path
) -> None:
    secretary = enter("branch_secretary")
    secretary.look("my-work")
    meeting = prepare(secretary)
    announce(secretary, meeting)
    tick(secretary, meeting)
    decide(secretary, meeting)
    secretary.open(f"{meeting}/minutes")
    secretary.look("minutes")
    with secretary.page.expect_download() as waiting:
        secretary.page.get_by_role("link", name="Tải Word").first.click()
    file = tmp_path / "minutes.docx"
    waiting.value.save_as(file)
    with zipfile.ZipFile(file) as archive:
        text = re.sub(r"<[^>]+>", "", archive.read("word/document.xml").decode())
    for expected in ("BIÊN BẢN", "có mặt 38", "36", "Phụ trách nhóm 1", "Phụ trách nhóm 2"):
        assert expected in text, expected
    secretary.open(f"{meeting}/follow")
    secretary.sees("Phụ trách nhóm 1")
    secretary.look("follow")
    office = enter("commune_staff", size=PC)
    office.open(f"/u/{WARD}/meetings/month")
    office.sees("38/38")
    office.look("month")


def test_the_same_path_without_a_script(enter: Enter) -> None:
    deputy = enter("branch_deputy", script=False)
    deputy.open(f"{MEETINGS}/")
    deputy.look("index")
    deputy.sees("Sinh hoạt")
