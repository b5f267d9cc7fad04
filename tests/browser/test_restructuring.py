"""Two branches merged on a phone without a script; a branch divided and the tree on two days."""

from __future__ import annotations

import pytest

from tests.browser.conftest import PC, PHONE, WARD, Enter, Visitor

pytestmark = pytest.mark.browser
OFFICE = f"/u/{WARD}/restructuring"
ENDS, STAYS = "Chi bộ Quân sự phường Bắc Hồng Lĩnh", "Chi bộ Công an phường Bắc Hồng Lĩnh"


def merge(visitor: Visitor) -> None:
    """Merge two branches: choose them, say who leads, submit."""
    visitor.open(f"{OFFICE}/")
    visitor.look("index")
    visitor.press("Sáp nhập hai chi bộ")
    visitor.look("choose")
    for name, title in (("ending", ENDS), ("staying", STAYS)):
        select = visitor.page.locator(f"main select[name='{name}']")
        value = select.locator("option", has_text=title).first.get_attribute("value")
        select.select_option(value=value)
    visitor.press("Tiếp tục")
    visitor.sees(f"Kết thúc hoạt động: {ENDS}")
    visitor.fill("decision_no", "31-QĐ/ĐU")
    visitor.fill("name", "Chi bộ Công an - Quân sự phường")
    visitor.look("who-leads")
    visitor.press("Xem những gì thay đổi")
    visitor.sees("Chờ phê duyệt")
    visitor.look("submitted")


def sure(visitor: Visitor) -> None:
    """Press the button inside the question that stands open."""
    inside = visitor.page.locator(".confirm-body button[type=submit]").locator("visible=true")
    inside.first.click()
    visitor.page.wait_for_load_state()


def test_two_branches_become_one_in_a_few_taps_without_a_script(enter: Enter) -> None:
    merge(enter("commune_staff", size=PHONE, script=False))
    leader = enter("committee_leader", size=PHONE, script=False)
    leader.open("/")
    leader.look("waits")
    leader.press("Xem phương án")
    leader.press("Phê duyệt phương án")
    sure(leader)
    leader.sees("Đã phê duyệt")
    leader.look("approved")
    leader.press("Thực hiện ngay")
    sure(leader)
    leader.sees("đồng chí đã chuyển về đơn vị mới")
    leader.look("applied")
    leader.press("Hoàn tác phương án")
    leader.page.locator("[name=reason]").locator("visible=true").fill("Nhập nhầm chi bộ")
    sure(leader)
    leader.sees("mọi thứ trở lại như trước")
    leader.look("reverted")


def test_a_plan_is_drafted_on_a_pc_with_a_divided_branch(enter: Enter) -> None:
    visitor = enter("commune_staff", size=PC)
    visitor.open(f"{OFFICE}/new")
    visitor.look("new")
    visitor.fill("decision_no", "32-QĐ/ĐU")
    visitor.press("Lập phương án")
    visitor.press("Thêm việc sắp xếp")
    visitor.look("operations")
    visitor.press("Chia Một đơn vị kết thúc, hai đơn vị mới được lập thay thế.")
    select = visitor.page.locator("main select[name='unit_code']")
    select.select_option(
        value=select.locator("option", has_text=STAYS).first.get_attribute("value")
    )
    for name, text in (("name", "Chi bộ Một"), ("code", "M1"), ("name_2", "Hai"), ("code_2", "M2")):
        visitor.fill(name, text)
    visitor.look("divide")
    visitor.press("Thêm việc này")
    visitor.sees("ghi rõ từng đảng viên về đâu")
    visitor.look("asked")
    visitor.page.locator("main a[href*='/people/']").first.click()
    visitor.page.wait_for_load_state()
    visitor.look("people")


@pytest.mark.parametrize("size", [PHONE, PC])
def test_the_tree_slides_through_the_reform_and_two_days_stand_side_by_side(
    enter: Enter, size: dict[str, int]
) -> None:
    visitor = enter("province_organisation", size=size)
    visitor.open(f"/u/{WARD}/units/tree?as_of=01/07/2025")
    visitor.look("tree")
    visitor.press("So sánh hai ngày")
    visitor.look("compare")
