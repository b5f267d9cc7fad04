"""The way of an evaluation: a member on a phone, the secretary's ballots, the office's levels."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import PC, PHONE, PHUC_SON, WARD, Enter, Visitor

pytestmark = [pytest.mark.browser]
BRANCH = f"/u/{PHUC_SON}/evaluation"
OFFICE = f"/u/{WARD}/evaluation"


def campaign_of(visitor: Visitor, unit: str) -> str:
    """Return the address of the running campaign at a unit."""
    visitor.open(f"{unit}/")
    links = visitor.page.eval_on_selector_all(
        "main a", "all => all.map(one => one.getAttribute('href'))"
    )
    found = next(
        match[1] for link in links if (match := re.search(r"evaluation/([0-9a-f-]{36})", link))
    )
    return f"{unit}/{found}"


def write(member: Visitor) -> None:
    """Write a self-review, keep it as a draft, hand it in."""
    member.open(f"{BRANCH}/mine")
    member.look("mine")
    link = member.page.locator("main .acts a.btn").first
    link.click()
    member.page.wait_for_load_state()
    member.page.locator("textarea").first.fill("Hoàn thành các việc chi bộ giao.")
    member.press("Lưu nháp")
    member.sees("Đã lưu nháp")
    member.look("draft")
    member.page.get_by_label("Hoàn thành tốt nhiệm vụ").check()
    member.press("Nộp bản kiểm điểm")
    member.sees("Đã nộp bản kiểm điểm")
    member.look("handed-in")


def vote(secretary: Visitor, campaign: str) -> None:
    """Complete the comments and type the ballots of the branch on one page."""
    page = secretary.page
    secretary.open(f"{campaign}/here")
    secretary.look("here")
    secretary.press("Đủ góp ý, chuyển sang bỏ phiếu")
    secretary.open(f"{campaign}/ballots")
    page.fill("input[name=voted_on]", "22/11/2026")
    for name in ("entitled", "present", "issued", "returned"):
        page.fill(f"input[name={name}]", "30")
    cells = page.locator("input[name='rows.good']")
    for number in range(cells.count()):
        cells.nth(number).fill("30")
    secretary.look("ballots")
    secretary.press("Lưu số phiếu")
    secretary.sees("Đã lưu phiếu")
    secretary.press("Trình thẩm định")
    secretary.sees("Đã trình kèm phiếu")


def test_from_the_self_review_to_the_ballots_on_a_phone(enter: Enter) -> None:
    write(enter("member", size=PHONE))
    secretary = enter("branch_secretary", size=PHONE)
    vote(secretary, campaign_of(secretary, BRANCH))


def open_quarter(office: Visitor) -> None:
    """Open a campaign for a quarter; a job makes its list."""
    office.open(f"{OFFICE}/new")
    office.fill("title", "Đánh giá quý IV năm 2026")
    office.fill("period_key", "2026-Q4")
    office.look("new")
    office.press("Mở đợt đánh giá")
    office.sees("Đã mở đợt đánh giá")
    office.sees("Đơn vị đã lập danh sách")
    office.look("being-filled")


def test_the_office_picks_levels_with_their_room_on_a_pc(enter: Enter) -> None:
    office = enter("commune_staff", size=PC)
    campaign = campaign_of(office, OFFICE)
    office.open(campaign)
    office.sees("Đơn vị trực thuộc")
    office.page.locator("td a[href*='/choose?branch=']").first.click()
    office.page.wait_for_load_state()
    one_branch = office.page.url
    office.page.locator("select[name='rows.level']").first.select_option("good")
    reason = office.page.locator("input[name='rows.reason']").first
    reason.fill("Theo kết quả thẩm định")
    office.page.locator("#room").get_by_text("chưa lưu").wait_for()
    office.press("Lưu mức đã chọn")
    office.sees("mức xếp loại")
    assert office.page.url == one_branch
    office.sees("Còn được xếp thêm")
    office.look("choose")
    office.open(f"{OFFICE}/results?period=2025&by=kind")
    office.sees("trong đó xuất sắc")
    office.look("results")
    open_quarter(office)


def test_the_same_pages_without_a_script(enter: Enter) -> None:
    deputy = enter("branch_deputy", script=False)
    campaign = campaign_of(deputy, BRANCH)
    deputy.open(f"{campaign}/here")
    deputy.look("here")
    deputy.sees("Tự đánh giá")
    deputy.open(f"{BRANCH}/mine")
    deputy.sees("Kiểm điểm")
    deputy.look("mine")
