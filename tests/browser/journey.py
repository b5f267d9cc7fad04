"""The main job, step by step, as its people do it; each step ends on a page that says so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.browser.conftest import PHUC_SON, Visitor

MEETINGS = f"/u/{PHUC_SON}/meetings"
OWNERS = ("Nguyễn Văn An", "Phạm Thị Bình")


def meeting_of(visitor: Visitor) -> str:
    """Return the address of the meeting the page is about."""
    found = re.search(r"/u/[^/]+/meetings/[0-9a-f-]{36}", visitor.page.url)
    assert found is not None, visitor.page.url
    return found[0]


def prepare(visitor: Visitor) -> str:
    """Plan this month's meeting for the 25th and let the committee agree; return its address."""
    visitor.open(f"{MEETINGS}/")
    visitor.press("Chọn ngày sinh hoạt")
    visitor.look("plan")
    visitor.fill("day", "25/11/2026")
    visitor.fill("time", "19:30")
    visitor.fill("place", "Nhà văn hóa tổ dân phố")
    visitor.choose("chair_id", "Nguyễn Thị Hoa")
    visitor.choose("clerk_id", "Lê Đình Ân")
    visitor.press("Bắt đầu chuẩn bị")
    visitor.sees("theo tài liệu tháng 11/2026")
    visitor.sees("việc kỳ trước chưa xong")
    visitor.look("prepare")
    visitor.press("Xin ý kiến chi ủy")
    visitor.press("Chi ủy đã thống nhất")
    return meeting_of(visitor)


def announce(visitor: Visitor, meeting: str) -> None:
    """Announce three days before."""
    visitor.open(f"{meeting}/announce")
    visitor.look("announce")
    visitor.press("Gửi thông báo")  # asks first
    visitor.sees("Gửi thông báo cho 45 đảng viên")
    visitor.page.locator(".confirm-body button.primary").click()
    visitor.page.wait_for_load_state()
    visitor.sees("Đã gửi cho 45 đồng chí")
    visitor.look("announced")


def open_roll(visitor: Visitor, meeting: str) -> None:
    """Freeze who must attend."""
    visitor.open(f"{meeting}/roll")
    visitor.look("roll-before")
    visitor.press("Bắt đầu điểm danh")
    visitor.sees("0/38")
    visitor.look("roll")


def tap_everybody(visitor: Visitor) -> None:
    """Tap every name of the roll once: present."""
    page = visitor.page
    rows = page.locator("#roll > li, #roll-temporary > li")
    count = rows.count()
    for number in range(count):
        button = rows.nth(number).locator("button.roll-tap")
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            button.click()
        visitor.touches.append("roll")
        rows.nth(number).locator("summary.roll-tap").wait_for()
    visitor.sees("38/38")
    assert count == 40


def tap_some(visitor: Visitor, count: int) -> None:
    """Tap the first names without a script: the page comes again each time."""
    for number in range(count):
        visitor.page.locator("#roll > li").nth(number).locator("button.roll-tap").click()
        visitor.page.wait_for_load_state()
    visitor.sees(f"{count}/38")


def excuse(visitor: Visitor, number: int, reason: str) -> None:
    """Open the choices of a name already ticked and choose another."""
    row = visitor.page.locator("#roll > li").nth(number)
    row.locator("summary").click()
    row.get_by_role("button", name=reason, exact=True).click()
    visitor.page.wait_for_load_state()


def add_guest(visitor: Visitor, name: str) -> None:
    """Note a guest whom nobody announced."""
    visitor.press("Thêm đại biểu")
    visitor.fill("name", name)
    visitor.press("Thêm đại biểu")
    visitor.sees(name)


def close_roll(visitor: Visitor) -> None:
    """Close the roll on which everybody has a mark."""
    visitor.look("roll-done")
    visitor.press("Xong điểm danh")


def conclude_all(visitor: Visitor, meeting: str) -> str:
    """Conclude each item of the agenda in turn; return the address of the last but one."""
    page = visitor.page
    visitor.open(f"{meeting}/proceed")
    visitor.look("agenda")
    addresses = [link.get_attribute("href") or "" for link in page.locator("main ol.items a").all()]
    for number, address in enumerate(addresses):
        visitor.open(address)
        if number == 0:
            visitor.look("item")
        visitor.fill("conclusion", f"Chi bộ thống nhất nội dung {number + 1}.")
        visitor.press("Kết luận nội dung này")
    return addresses[-2]


def adopt_resolution(visitor: Visitor, item: str) -> None:
    """Vote on an item and write the resolution with two points, which become tasks."""
    visitor.open(item)
    visitor.press("Ghi kết quả biểu quyết")
    visitor.fill("question", "Nghị quyết về vệ sinh môi trường")
    visitor.fill("present", "37")
    visitor.fill("in_favour", "36")
    visitor.fill("against", "1")
    visitor.look("vote")
    visitor.press("Lưu kết quả biểu quyết")
    visitor.sees("được thông qua")
    visitor.look("voted")
    visitor.press("Lập nghị quyết từ nội dung này")
    visitor.fill("title", "tăng cường vệ sinh môi trường")
    visitor.fill("text", "Ra quân dọn vệ sinh vào sáng thứ Bảy hằng tuần.")
    for number, owner in enumerate(OWNERS):
        visitor.fill("points.text", f"Phụ trách nhóm {number + 1}", number)
        visitor.choose("points.owner_id", owner, number)
        visitor.fill("points.due_on", "20/12/2026", number)
    visitor.look("resolution")
    visitor.press("Lưu nghị quyết")
    visitor.sees("vệ sinh môi trường")


def end(visitor: Visitor, meeting: str) -> None:
    """End the meeting now."""
    visitor.open(f"{meeting}/proceed")
    visitor.look("concluded")
    visitor.press("Kết thúc buổi sinh hoạt")


def finish_minutes(visitor: Visitor, meeting: str) -> None:
    """Read out, adopt, say how good it was, confirm as clerk and as chair, lock."""
    visitor.open(f"{meeting}/minutes")
    visitor.look("minutes")
    visitor.press("Ghi chất lượng buổi sinh hoạt")
    visitor.fill("quality", "Sinh hoạt đúng giờ, thảo luận tập trung.")
    visitor.press("Lưu nội dung này")
    visitor.press("Biên bản được thông qua")
    visitor.look("adopted")
    visitor.press("Xác nhận (thư ký)")
    visitor.press("Xác nhận (chủ trì)")
    visitor.look("confirmed")
    lock(visitor)


def lock(visitor: Visitor) -> None:
    """Lock the minutes, which asks first."""
    visitor.press("Khóa biên bản")
    visitor.page.locator(".confirm-body button.primary").click()
    visitor.page.wait_for_load_state()
    visitor.look("locked")


def type_in(
    visitor: Visitor,
    day: str,
    *,
    absent: Sequence[str],
    owners: Sequence[str] = OWNERS,
    led_by: Sequence[str] = (),
    votes: tuple[str, str] = ("37", "36"),
) -> None:
    """Type a meeting in from its paper minutes and lock it; the page is open already."""
    visitor.fill("held_on", day)
    visitor.fill("started_at", "19:30")
    visitor.fill("ended_at", "21:05")
    for name, person in zip(("chair_id", "clerk_id"), led_by, strict=False):
        if not visitor.page.locator(f"select[name={name}]").input_value():
            visitor.choose(name, person)
    for name in absent:
        line = visitor.page.locator("ul.marks li").filter(has_text=name).first
        line.locator("select").select_option(label="Vắng có lý do: Sức khỏe")
        visitor.touches.append(name)
    for box in visitor.page.locator("input[name=temporary]").all():
        box.check()
        visitor.touches.append("temporary")
    if not visitor.page.locator("[name='items.title']").first.input_value():
        visitor.fill("items.title", "Nhiệm vụ trọng tâm trong tháng")
    visitor.fill("items.conclusion", "Chi bộ thống nhất nội dung đã trình bày.")
    visitor.fill("resolution_title", "Nghị quyết về vệ sinh môi trường")
    visitor.fill("resolution_text", "Ra quân dọn vệ sinh vào sáng thứ Bảy hằng tuần.")
    visitor.fill("vote_present", votes[0])
    visitor.fill("vote_in_favour", votes[1])
    for number, owner in enumerate(owners):
        visitor.fill("tasks.title", f"Phụ trách nhóm {number + 1}", number)
        visitor.choose("tasks.owner_id", owner, number)
        visitor.fill("tasks.due_on", "20/12/2026", number)
    visitor.fill("signed_on", day)
    visitor.press("Lưu biên bản")
    visitor.look("from-paper")
    visitor.press("Khóa biên bản")
    visitor.page.locator(".confirm-body button.primary").click()
    visitor.touches.append("Khóa biên bản")
    visitor.page.wait_for_load_state()
    visitor.sees("Đã khóa biên bản")
