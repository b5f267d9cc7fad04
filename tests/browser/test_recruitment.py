"""Admission as its people do it: the branch on a phone without a script, the office on a PC."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from tests.browser.conftest import PC, PHONE, PHUC_SON, WARD, Enter, Visitor
from tests.browser.papers import pages_of

pytestmark = pytest.mark.browser
HERE = f"/u/{PHUC_SON}/recruitment"
ABOVE = f"/u/{WARD}/recruitment"
NAME = "Hồ Thị Thử Nghiệm"


def put_on_the_list(visitor: Visitor) -> None:
    """Put somebody on the list of the pool and enter the branch's resolution."""
    page = visitor.page
    visitor.open(f"{HERE}/")
    visitor.look("board")
    visitor.press("Thêm người vào nguồn")
    page.fill("input[name=full_name]", NAME)
    page.fill("input[name=birth_date]", "15/03/2001")
    page.select_option("select[name=education]", "university")
    page.get_by_label("Phụ nữ").check()
    visitor.look("new")
    visitor.press("Đưa vào danh sách nguồn")
    visitor.sees("Nghị quyết của chi bộ đưa quần chúng ưu tú vào nguồn")
    visitor.look("dossier")
    visitor.press("Ghi giấy tờ")
    visitor.look("paper")
    visitor.press("Ghi vào hồ sơ")
    visitor.sees("Giai đoạn này không thiếu gì")
    visitor.press("Chuyển sang bước tiếp theo")
    visitor.sees("Hồ sơ chuyển sang: Học lớp nhận thức")


def decide_about_conditions(visitor: Visitor) -> None:
    """Look at the conditions; what is not met is not accepted without a document."""
    visitor.press("Kết luận về điều kiện")
    visitor.sees("25 năm 8 tháng")
    visitor.look("conditions")
    visitor.page.select_option("select[name=outcome]", "accepted")
    visitor.press("Lưu kết luận")
    visitor.sees("Chưa đạt")
    visitor.look("conditions-refused")
    # The browser itself complains of a refusal; that is what was wanted here.
    visitor.faults[:] = [fault for fault in visitor.faults if "422" not in fault]


@pytest.mark.parametrize(
    ("size", "script"),
    [(PHONE, False), (PHONE, True), (PC, True)],
    ids=["plain-phone", "script-phone", "script-pc"],
)
def test_a_branch_begins_a_dossier(enter: Enter, size: dict[str, int], script: bool) -> None:
    secretary = enter("branch_secretary", size=size, script=script)
    put_on_the_list(secretary)
    decide_about_conditions(secretary)
    secretary.open(f"{HERE}/list")
    secretary.sees(NAME)
    secretary.look("list")
    # Every run begins anew: the dossier is taken away again.
    secretary.page.get_by_role("link", name=NAME).first.click()
    secretary.press("Kết thúc hồ sơ")
    secretary.page.select_option("select[name=state]", "withdrawn")
    secretary.page.select_option("select[name=reason]", "own_wish")
    secretary.press("Kết thúc hồ sơ")
    secretary.sees("Thôi làm hồ sơ")


@pytest.mark.parametrize("size", [PHONE, PC], ids=["phone", "pc"])
def test_the_office_admits_somebody_and_sees_it_in_the_figures(
    enter: Enter, size: dict[str, int]
) -> None:
    office = enter("commune_staff", size=size)
    office.open(f"{ABOVE}/targets?from=2026-01-01&to=2026-12-31")
    office.look("targets")
    before = admitted(office)
    office.open(f"{ABOVE}/")
    office.look("board")
    section = office.page.locator("section", has=office.page.locator("#stage-ceremony"))
    section.get_by_role("link").first.click()
    office.page.wait_for_load_state()
    office.look("before-ceremony")
    office.press("Ghi lễ kết nạp")
    office.look("ceremony")
    office.press("Ghi lễ kết nạp")
    office.sees("là đảng viên dự bị từ ngày 22/11/2026")
    office.look("admitted")
    office.open(f"{ABOVE}/targets?from=2026-01-01&to=2026-12-31")
    assert admitted(office) == before + 1
    office.open(f"{ABOVE}/quiet")
    office.look("quiet")


def admitted(visitor: Visitor) -> int:
    """Return the figure of admissions on the page of targets."""
    return int(visitor.page.locator(".figure strong").first.inner_text().replace(".", ""))


def test_a_resolution_is_printed_as_it_reads(enter: Enter, tmp_path: Path) -> None:
    office = enter("commune_staff", size=PC)
    office.open(f"{ABOVE}/")
    page = office.page
    section = page.locator("section", has=page.locator("#stage-decision"))
    section.get_by_role("link").first.click()
    page.wait_for_load_state()
    name = page.locator("h1").inner_text().strip()
    with page.expect_download() as download:
        page.get_by_role("link", name="Nghị quyết (Word)").first.click()
    file = tmp_path / "resolution.docx"
    download.value.save_as(file)
    assert zipfile.is_zipfile(file)
    text = re.sub(r"\s+", " ", " ".join(pages_of(file, tmp_path)))
    assert "NGHỊ QUYẾT" in text
    assert f"Đề nghị kết nạp quần chúng {name}" in text
    assert re.search(r"Tổng số có quyền biểu quyết: \d+ đồng chí; có mặt: \d+; tán thành", text)
