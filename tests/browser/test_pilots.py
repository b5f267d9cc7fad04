"""Pilot models as people use them: the branch scores itself, the ward recognises, a trial ends."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import PC, PHUC_SON, WARD, Enter, Visitor

pytestmark = pytest.mark.browser
BRANCH = f"/u/{PHUC_SON}/pilots"
OFFICE = f"/u/{WARD}/pilots"


def score(visitor: Visitor) -> str:
    """Score the branch with its vote; return the address of its registration."""
    visitor.open(f"{BRANCH}/")
    visitor.look("index")
    visitor.press("Xem tiến độ")
    address = visitor.page.url.removeprefix(visitor.town.address)
    visitor.press("Tự chấm điểm")
    for number, points in enumerate(("28", "22", "18", "22")):
        visitor.page.locator("[name='points.points']").nth(number).fill(points)
    visitor.page.fill("[name=vote_entitled]", "37")
    visitor.page.fill("[name=vote_present]", "35")
    visitor.page.fill("[name=vote_in_favour]", "34")
    visitor.look("score")
    visitor.press("Lưu điểm")
    visitor.sees("Đã chấm 90 điểm")
    visitor.look("scored")
    return address


def recognise(visitor: Visitor, address: str) -> None:
    """Recognise the branch by a decision."""
    visitor.open(address.replace(PHUC_SON, WARD))
    visitor.press("Công nhận đơn vị")
    visitor.page.fill("[name=decision_no]", "61-QĐ/ĐU")
    visitor.look("recognise")
    visitor.press("Công nhận đơn vị")
    visitor.sees("61-QĐ/ĐU")
    with visitor.page.expect_download() as waiting:
        visitor.page.get_by_role("link", name="Tải quyết định (Word)").click()
    assert waiting.value.suggested_filename.endswith(".docx")


def review(visitor: Visitor) -> None:
    """Enter the results of a review of the trial and send it."""
    visitor.press("Nhập kết quả sơ kết")
    visitor.page.fill("[name=results]", "Dự đông hơn, phát biểu có chuẩn bị.")
    visitor.page.fill("[name=limitations]", "Đảng viên đi làm ăn xa khó dự")
    visitor.page.fill("[name=proposals]", "Nhân rộng toàn phường")
    visitor.look("review-form")
    visitor.press("Lưu báo cáo")
    visitor.sees("Nhân rộng toàn phường")
    visitor.look("review")


def open_trial(visitor: Visitor) -> str:
    """Open the ward's trial; return its address."""
    visitor.open(f"{OFFICE}/trials")
    visitor.look("trials")
    visitor.page.get_by_role("link", name=re.compile("Thí điểm nâng cao")).first.click()
    visitor.page.wait_for_load_state()
    visitor.sees("Đang thí điểm")
    visitor.look("trial")
    return visitor.page.url.removeprefix(visitor.town.address)


def test_a_branch_scores_itself_and_the_ward_recognises_it(enter: Enter) -> None:
    address = score(enter("branch_secretary"))
    office = enter("commune_staff", size=PC)
    office.open(f"{OFFICE}/")
    office.sees("Bí thư đồng thời là Chủ tịch Hội đồng nhân dân")
    office.look("register")
    recognise(office, address)


def test_a_trial_is_reviewed_judged_and_rolled_out_after_approval(enter: Enter) -> None:
    office = enter("commune_staff", size=PC)
    trial = open_trial(office)
    review(office)
    office.open(f"{trial}/effect")
    for text in ("Ít số liệu", "Bảng đối chiếu", "không phải bốc thăm"):
        office.sees(text)
    office.look("effect")
    office.open(trial)
    office.press("Nhân rộng cho mọi đơn vị trực thuộc")
    office.press("Xem sẽ thay đổi gì")
    office.sees("Chờ phê duyệt")
    change = office.page.url.removeprefix(office.town.address)
    approver = enter("administrator")
    approver.open(change)
    approver.look("change")
    approver.press("Phê duyệt")
    approver.page.locator(".confirm-body button.primary").click()
    approver.sees("Đã nhân rộng")
    approver.look("rolled-out")


def test_the_same_pages_without_a_script(enter: Enter) -> None:
    deputy = enter("branch_deputy", script=False)
    deputy.open(f"{BRANCH}/")
    deputy.sees("Chi bộ bốn tốt")
    deputy.press("Xem tiến độ")
    deputy.sees("Chi bộ biểu quyết")
    office = enter("commune_staff", script=False)
    office.open(f"{OFFICE}/models/four_good_branch")
    office.sees("Theo năm")
    office.open(f"{OFFICE}/new-model")
    office.page.fill("[name=title]", "Chi bộ số")
    office.press("Lưu mô hình")
    office.sees("Chi bộ số")
    office.open(f"{OFFICE}/registrations?state=scored")
    office.page.locator("main tbody a").first.click()
    office.page.wait_for_load_state()
    office.sees("chờ công nhận")
    office.look("registration")
