"""The main job as its people do it: the secretary on a phone, then the ward's office on a PC."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browser import journey
from tests.browser.conftest import PC, PHUC_SON, WARD, Enter, Town, Visitor
from tests.browser.papers import names_in, pages_of, words_of

pytestmark = [pytest.mark.browser]
KEEPS_PICTURES = True
TWO_MINUTES = 25
"""Fields and taps that fit into two minutes, at about five seconds each."""


def hold(enter: Enter, town: Town, role: str, *, script: bool = True) -> tuple[Visitor, str]:
    """Prepare and announce on the 22nd, hold and lock on the 25th; return where it is."""
    visitor = enter(role, script=script)
    visitor.look("my-work")
    meeting = journey.prepare(visitor)
    journey.announce(visitor, meeting)
    town.at(25, 19, 30)
    visitor = enter(role, script=script)
    visitor.look("my-work")
    journey.open_roll(visitor, meeting)
    if script:
        journey.tap_everybody(visitor)
    else:
        journey.tap_some(visitor, 2)
        journey.excuse(visitor, 1, "Vắng có lý do: Sức khỏe")
        visitor.press("Tất cả có mặt")
        visitor.sees("37/38")
    journey.add_guest(visitor, "Phan Đình Hùng")
    journey.close_roll(visitor)
    item = journey.conclude_all(visitor, meeting)
    town.at(25, 21, 5)
    journey.adopt_resolution(visitor, item)
    journey.end(visitor, meeting)
    journey.finish_minutes(visitor, meeting)
    return visitor, meeting


def check_paper(visitor: Visitor, meeting: str, folder: Path, present: int) -> None:
    """Open the minutes as Word and as printed: names, resolution, tasks, at most two pages."""
    visitor.open(f"{meeting}/minutes")
    word = visitor.download("Tải Word", folder)
    text = words_of(word)
    assert "BIÊN BẢN" in text
    names = names_in(text)
    assert len(names) == present + 2  # with both who take part for a time
    assert {"Nguyễn Thị Hoa", "Đặng Thị Dung", "Trần Ngọc Xuân"} <= set(names)
    for expected in (
        f"có mặt {present}",
        "Kết quả biểu quyết “Nghị quyết về vệ sinh môi trường”: 36/37 đảng viên chính thức",
        "Phụ trách nhóm 1",
        "đ/c Nguyễn Văn An",
        "Phụ trách nhóm 2",
        "đ/c Phạm Thị Bình",
        "20/12/2026",
    ):
        assert expected in text, expected
    for file in (word, visitor.download("Tải PDF", folder)):
        pages = pages_of(file, folder)
        lines = [f"{number}. {name}" for number, name in enumerate(names, 1)]
        with_names = [page for page in pages if any(line in page for line in lines)]
        assert len(with_names) <= 2, (file, with_names)
        assert lines[-1] in with_names[-1], file


def see_from_above(enter: Enter, code: str, figure: str) -> Visitor:
    """Open the month as the ward's office: the meeting is in the matrix."""
    office = enter("commune_staff", size=PC)
    office.open(f"/u/{WARD}/meetings/month")
    row = office.page.locator(f"#branch-{code}").inner_text()
    assert figure in row
    assert "Đã hoàn thành" in row
    return office


def test_the_secretary_prepares_holds_and_follows_up_and_the_ward_sees_it(
    enter: Enter, town: Town, tmp_path: Path
) -> None:
    secretary, meeting = hold(enter, town, "branch_secretary")
    check_paper(secretary, meeting, tmp_path, 38)
    secretary.open(f"{meeting}/follow")
    secretary.sees("Phụ trách nhóm 1")
    resolution = words_of(secretary.download("Nghị quyết (Word)", tmp_path))
    assert "tăng cường vệ sinh môi trường" in resolution
    assert re.search(r"Số 0\d-NQ/CB", resolution)
    assert re.search(r"Số 0\d\u2011NQ/CB", secretary.page.inner_text("main"))
    assert "Ra quân dọn vệ sinh" in resolution
    secretary.press("Đã xong")
    secretary.sees("Đã xong")
    secretary.look("follow")
    see_from_above(enter, PHUC_SON, "38/38").look("month")


def test_the_same_path_without_a_script(enter: Enter, town: Town, tmp_path: Path) -> None:
    deputy, meeting = hold(enter, town, "branch_deputy", script=False)
    check_paper(deputy, meeting, tmp_path, 37)
    deputy.open(f"{meeting}/follow")
    deputy.press("Đã xong")
    see_from_above(enter, PHUC_SON, "37/38")


def test_the_deputy_takes_over_in_the_middle(enter: Enter, town: Town) -> None:
    secretary = enter("branch_secretary", looking=False)
    meeting = journey.prepare(secretary)
    journey.announce(secretary, meeting)
    town.at(25, 19, 30)
    deputy = enter("branch_deputy", script=False)
    deputy.press("Điểm danh")
    deputy.press("Bắt đầu điểm danh")
    journey.tap_some(deputy, 2)
    secretary = enter("branch_secretary", looking=False)
    secretary.open(f"{meeting}/roll")
    secretary.sees("2/38")
    secretary.press("Tất cả có mặt")
    secretary.press("Xong điểm danh")
    deputy.open(f"{meeting}/proceed")
    deputy.sees("Có mặt 38/38")


@pytest.mark.parametrize("role", ["branch_secretary", "branch_deputy"])
def test_a_meeting_is_typed_in_from_paper_in_two_minutes(
    enter: Enter, tmp_path: Path, role: str
) -> None:
    visitor = enter(role)
    visitor.open(f"{journey.MEETINGS}/")
    visitor.touches.clear()
    visitor.press("Nhập lại từ bản giấy")
    visitor.look("paper")
    journey.type_in(visitor, "20/11/2026", absent=("Nguyễn Văn An", "Trần Thị Ánh"))
    assert len(visitor.touches) <= TWO_MINUTES, visitor.touches
    meeting = journey.meeting_of(visitor)
    check_paper(visitor, meeting, tmp_path, 36)
    see_from_above(enter, PHUC_SON, "36/38")


def test_the_ward_types_in_for_a_branch(enter: Enter) -> None:
    office = enter("commune_staff", size=PC)
    office.open(f"/u/{WARD}/meetings/month")
    row = office.page.locator("tr", has_text="Nhập thay chi bộ").first
    code = (row.get_attribute("id") or "").removeprefix("branch-")
    office.touches.clear()
    office.press("Nhập thay chi bộ")
    office.sees("Nhập thay chi bộ. Nhật ký ghi rõ ai nhập.")
    office.look("paper-for-branch")
    people = office.page.locator("ul.marks label").all_inner_texts()
    owners = (people[0], people[1])
    journey.type_in(
        office,
        "20/11/2026",
        absent=(people[2],),
        owners=owners,
        led_by=owners,
        votes=("20", "20"),
    )
    assert len(office.touches) <= TWO_MINUTES, office.touches
    office.open(f"/u/{WARD}/meetings/month")
    row = office.page.locator(f"#branch-{code}")
    assert f"{len(people) - 1}/{len(people)}" in row.inner_text()
    assert "Đã hoàn thành" in row.inner_text()


def test_the_wards_month_tells_six_states_apart(enter: Enter) -> None:
    office = enter("commune_staff", size=PC)
    office.open(f"/u/{WARD}/meetings/month")
    for state in (
        "Chưa đến ngày",
        "Quá ngày, chưa cập nhật",
        "Đã sinh hoạt, chưa có biên bản",
        "Đã hoàn thành",
        "Hoãn, có lý do",
        "Không sinh hoạt",
    ):
        assert office.page.locator("table.month .chip", has_text=state).count() > 0, state
