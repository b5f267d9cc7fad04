"""The committee above: the month of sixty branches, reminders, assignments, material."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import pytest
from python_calamine import CalamineWorkbook

from plugins.meetings import services
from tests.plugins.meetings.builders import Branch
from tests.plugins.meetings.visiting import (
    Visitor,
    auditor_of,
    inside,
    member_of,
    secretary_of,
    stranger_to,
    text_of,
    visitor,
)

READ = ("/month", "/year", "/month/tasks", "/assignments", "/materials")


@pytest.fixture
def late(branch: Branch) -> Branch:
    """The ward on 27 November: branch B1 met and locked its minutes, the others entered nothing."""
    branch.world.now = datetime(2026, 11, 12, 12, 30, tzinfo=UTC)
    branch.world.system.opener.clock = lambda: branch.world.now
    with branch.work() as work:
        branch.locked(work)
    branch.later(days=15)
    return branch


def office_of(branch: Branch) -> Visitor:
    """Return the commune's office at its own unit."""
    return visitor(branch, branch.commune, "W")


def test_the_month_names_each_state_in_words_and_shows_coverage(late: Branch) -> None:
    page = office_of(late).page("/month")
    assert "Quá ngày, chưa cập nhật" in page
    assert "Đã hoàn thành" in page
    assert "10/10 · 1/2 chi bộ có số liệu" in page
    assert page.index("Chi bộ tổ dân phố số 2") < page.index("Chi bộ tổ dân phố Phúc Sơn")


def test_sixty_branches_stay_within_the_statements_allowed(late: Branch) -> None:
    for number in range(60):
        late.world.unit(f"S{number:02d}", "branch", "W", name=f"Chi bộ số {number}")
    office = office_of(late)
    for path in READ:
        office.page(path)
    office.page("/month?state=overdue_unentered")
    office.page("/assignments/new")


def test_the_month_is_chosen_and_filtered(late: Branch) -> None:
    office = office_of(late)
    assert "tháng 10/2026" in office.page("/month?month=10/2026")
    page = office.page("/month?state=done")
    assert "Chi bộ tổ dân phố Phúc Sơn" in page
    assert "Chi bộ tổ dân phố số 2" not in page
    assert office.get("/month?month=13/2026").status_code == 422
    assert office.get("/month?state=asleep").status_code == 422
    assert office.get("/month?surprise=1").status_code == 422


def test_who_may_see_and_who_may_remind(late: Branch) -> None:
    auditor = visitor(late, late.world.account("auditor", "W"), "W")
    for path in READ:
        auditor.page(path)
    assert auditor.send("/month/remind", {"month": "11/2026"}).status_code == 403
    assert auditor.get("/assignments/new").status_code == 403
    assert auditor.get("/materials/new").status_code == 403
    assert "Nhắc chi bộ chưa cập nhật" not in auditor.page("/month")
    for who in (member_of(late), secretary_of(late)):
        who.unit = "W"
        assert who.get("/month").status_code in (403, 404)
    assert stranger_to(late).get("/month").status_code == 404


def test_the_plugin_switched_off_takes_the_month_away(late: Branch) -> None:
    late.world.switch("meetings", "W", on=False)
    office = office_of(late)
    for path in READ:
        assert office.get(path).status_code == 404, path


def test_branches_that_entered_nothing_are_reminded_once_for_all(late: Branch) -> None:
    office = office_of(late)
    assert "Nhắc 1 chi bộ chưa cập nhật tháng này?" in office.page("/month")
    office.done("/month/remind", {"month": "11/2026"})
    page = office.page("/month")
    assert "Đã nhắc 1 chi bộ." in page
    assert "Đã nhắc 1 lần" in page


def test_a_call_is_noted_with_the_day_promised(late: Branch) -> None:
    office = office_of(late)
    key = late.world.place("B2").id
    address = f"/month/branches/{key}/2026-11"
    assert "Tháng này chưa nhắc chi bộ lần nào." in office.page(address)
    refused = office.refused(address, {"month": "11/2026", "promised_on": "1/11/2026"})
    assert 'href="#f-promised_on"' in refused
    office.done(address, {"month": "11/2026", "channel": "phone", "promised_on": "28/11/2026"})
    assert "hẹn ngày 28/11/2026" in office.page("/month")
    assert "Gọi điện" in office.page(address)


def test_a_branch_of_another_ward_is_not_called_from_here(late: Branch) -> None:
    late.world.unit("W2", "commune", "P")
    late.world.unit("X", "branch", "W2")
    key = late.world.place("X").id
    office = office_of(late)
    assert office.get(f"/month/branches/{key}/2026-11").status_code == 404
    assert office.send(f"/month/branches/{key}/2026-11", {"month": "11/2026"}).status_code == 404
    answer = office.send("/month/remind", {"month": "11/2026", "unit": str(key)})
    assert answer.status_code in (403, 404)
    assert office.get(f"/month/branches/{late.world.place('B2').id}/nonsense").status_code == 404


def test_the_office_is_led_to_enter_for_the_branch(late: Branch) -> None:
    body = office_of(late).get("/month").get_data(as_text=True)
    assert 'href="/u/B2/meetings/paper"' in body


def test_the_secretarys_phone_is_shown_only_where_it_may_be_seen(late: Branch) -> None:
    head = late.world.member("B2", "Phan Văn Trị", phone="0912345678")
    late.world.position(head, "secretary", "B2")
    assert "0912345678" in office_of(late).page("/month")
    follower = visitor(late, late.world.account("follower", "W"), "W")
    assert "0912345678" not in follower.page("/month")


def test_the_month_is_handed_over_as_a_workbook(late: Branch) -> None:
    answer = office_of(late).get("/month.xlsx?month=11/2026")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    text = "\n".join(" ".join(str(cell) for cell in row) for row in rows)
    assert "Chi bộ tổ dân phố số 2" in text
    assert "Quá ngày, chưa cập nhật" in text
    assert "10/10 (100%)" in text


def test_twelve_months_are_drawn_with_their_figures_as_a_table(late: Branch) -> None:
    office = office_of(late)
    page = office.page("/year")
    assert "tháng 11/2026 1/2 (50%) 10/10 (100%)" in page
    assert "<svg" in office.get("/year").get_data(as_text=True)


def test_an_official_is_assigned_to_branches_and_the_assignment_ends(late: Branch) -> None:
    late.world.position(late.people[5], "committee_member", "W")
    office = office_of(late)
    official, unit = str(late.people[5].id), str(late.world.place("B2").id)
    refused = office.refused("/assignments/new", {"official_id": official})
    assert inside(refused, "Chưa chọn chi bộ.")
    office.done(
        "/assignments/new", {"official_id": official, "unit_ids": unit, "valid_from": "1/11/2026"}
    )
    page = office.page("/assignments")
    assert re.search(r"Hoàng Văn Châu[^·]*· 1 chi bộ .*Chi bộ tổ dân phố số 2 1 ", page)
    assert "Chi bộ chưa có người theo dõi (1)" in page
    body = office.get("/assignments").get_data(as_text=True)
    found = re.search(r"/assignments/([0-9a-f-]{36})/end", body)
    assert found
    office.done(f"/assignments/{found[1]}/end")
    assert "Hoàng Văn Châu" not in office.page("/assignments")


def test_of_too_many_branches_one_is_sent_to_a_unit_below(
    late: Branch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_SHOWN", 1)
    told = office_of(late).get("/assignments/new").get_data(as_text=True)
    assert "Mở đơn vị cấp trên trực tiếp của chi bộ" in told


MATERIAL = {
    "title": "Tài liệu sinh hoạt tháng 12",
    "for_month": "12/2026",
    "opens_on": "30/11/2026",
    "points.title": ["Thời sự", "", ""],
    "points.minutes": ["15", "", ""],
    "points.text": ["Tình hình nổi bật trong tháng.", "", ""],
}


def test_material_is_published_and_branches_see_it_from_its_day(late: Branch) -> None:
    office = office_of(late)
    refused = office.refused("/materials/new", {**MATERIAL, "points.title": ["", "", ""]})
    assert inside(refused, "Ghi ít nhất một nội dung; nội dung nào cũng cần tên.")
    assert "Tình hình nổi bật trong tháng.</textarea>" in refused
    at = office.done("/materials/new", MATERIAL)
    assert "chưa phát hành" in office.page(at)
    office.done(f"{at}/publish")
    branch_page = at.replace("/u/W/", "/u/B1/")
    assert secretary_of(late).get(branch_page).status_code == 404
    late.later(days=4)
    assert "Thời sự" in text_of(secretary_of(late).get(branch_page))
    assert "Tài liệu sinh hoạt tháng 12" in secretary_of(late).page("/materials")


def test_material_can_be_changed_before_it_opens_and_taken_back(late: Branch) -> None:
    office = office_of(late)
    at = office.done("/materials/new", MATERIAL)
    office.done(f"{at}/edit", {**MATERIAL, "title": "Tài liệu tháng 12 (sửa)"})
    assert "Tài liệu tháng 12 (sửa)" in office.page(at)
    stale = office.send(f"{at}/edit", {**MATERIAL, "revision": "1"})
    assert stale.status_code == 409
    office.done(f"{at}/publish")
    office.done(f"{at}/withdraw")
    assert "đã thu hồi" in office.page(at)
    auditor = auditor_of(late)
    assert auditor.send(f"{at}/publish".replace("/u/W/", "/u/B1/")).status_code in (403, 404)


def test_overdue_tasks_of_the_branches_are_listed_with_their_branch(late: Branch) -> None:
    with late.work() as work:
        facts = services.TaskFacts("Vận động 5 hộ", late.people[2].id, work.today)
        services.give_task(work, facts)
    late.later(days=2)
    page = office_of(late).page("/month/tasks")
    assert "Vận động 5 hộ Chi bộ tổ dân phố Phúc Sơn" in page
    assert "quá hạn 2 ngày" in page
