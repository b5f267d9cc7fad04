"""A whole meeting typed in from paper on one page: by the branch, its deputy, or the commune."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.meetings import services
from plugins.meetings.models import Meeting, Task
from tests.plugins.meetings.builders import NAMES, Branch
from tests.plugins.meetings.visiting import (
    Visitor,
    auditor_of,
    deputy_of,
    inside,
    member_of,
    secretary_of,
    visitor,
)


def record(branch: Branch, **changes: Any) -> dict[str, Any]:
    """Return what somebody types from the paper of 3 November."""
    people = branch.people
    return {
        "for_month": "11/2026",
        "held_on": "3/11/2026",
        "started_at": "19h30",
        "ended_at": "21:05",
        "place": "Nhà văn hóa tổ dân phố",
        "parts": "regular",
        "mode": "onsite",
        "chair_id": str(people[0].id),
        "clerk_id": str(people[1].id),
        "mark": [f"{people[2].id}:excused.health"]
        + [f"{person.id}:present" for person in people if person is not people[2]],
        "items.title": ["Công tác tháng 11", "Việc khác"],
        "items.conclusion": ["Chi bộ thống nhất.", ""],
        "resolution_title": "về vệ sinh môi trường",
        "resolution_text": "Chi bộ quyết nghị làm sạch ngõ xóm.",
        "vote_present": "9",
        "vote_in_favour": "9",
        "tasks.title": ["Vận động 5 hộ", "", ""],
        "tasks.owner_id": [str(people[4].id), "", ""],
        "tasks.due_on": ["25/11/2026", "", ""],
        "adopted_present": "9",
        "adopted_in_favour": "9",
        "signed_on": "03/11/2026",
        "book_no": "02",
        "page_no": "15",
        **changes,
    }


def check_record(who: Visitor, at: str) -> None:
    """Look at the meeting as it was entered."""
    page = who.page(f"{at}/minutes")
    assert "19 giờ 30 phút" in page
    assert "có mặt 09" in page
    assert "Nguyễn Văn An (sức khỏe)" in page
    assert "Chi bộ thống nhất." in page
    assert "Việc khác" not in page
    assert "Vận động 5 hộ" in page


@pytest.mark.parametrize("kind", [secretary_of, deputy_of])
def test_the_branch_enters_its_meeting_in_one_form(branch: Branch, kind: Any) -> None:
    who = kind(branch)
    who.page("/paper")
    at = who.done("/paper", record(branch)).removesuffix("/minutes")
    check_record(who, at)
    who.done(f"{at}/minutes/lock")
    assert "Vận động 5 hộ" in who.page(f"{at}/follow")


def test_the_commune_enters_it_for_the_branch_and_the_page_says_so(branch: Branch) -> None:
    office = visitor(branch, branch.commune)
    assert "Nhập thay chi bộ." in office.page("/paper")
    at = office.done("/paper", record(branch)).removesuffix("/minutes")
    check_record(office, at)


def test_whoever_may_not_enter_is_refused(branch: Branch) -> None:
    for who in (member_of(branch), auditor_of(branch)):
        assert who.send("/paper", record(branch)).status_code == 403
    assert branch.world.rows(Meeting) == 0


def test_a_half_typed_task_comes_back_with_everything_else(branch: Branch) -> None:
    data = record(branch, **{"tasks.owner_id": ["", "", ""]})
    page = secretary_of(branch).refused("/paper", data)
    assert inside(page, "Mỗi việc cần đủ: làm gì, ai làm, hạn ngày nào.")
    assert 'href="#f-tasks"' in page
    assert 'value="Vận động 5 hộ"' in page
    assert f'value="{branch.people[2].id}:excused.health" selected' in page
    assert "Chi bộ thống nhất.</textarea>" in page
    assert branch.world.rows(Meeting) == branch.world.rows(Task) == 0


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"ended_at": ""}, "Chưa ghi giờ kết thúc."),
    ({"held_on": "31/11/2026"}, "Ngày chưa đúng."),
    ({"held_on": "30/11/2026"}, "Giờ bắt đầu chưa đến."),
    ({"items.conclusion": ["", ""]}, "Ghi kết luận của ít nhất một nội dung."),
    ({"resolution_text": ""}, "Chưa ghi nội dung nghị quyết."),
    ({"mark": ["x:present"]}, ""),
    ({"clerk_id": ""}, "Chưa chọn thư ký."),
    ({"vote_in_favour": "30"}, "30"),
    ({"unheard_of": "1"}, ""),
)


def test_what_is_wrong_is_named_and_nothing_is_kept(branch: Branch) -> None:
    who = secretary_of(branch)
    for changes, sentence in WRONG:
        page = who.refused("/paper", record(branch, **changes))
        assert inside(page, sentence), changes
        assert 'id="error-summary"' in page, changes
    assert branch.world.rows(Meeting) == 0


def test_a_meeting_past_midnight_ends_on_the_next_day(branch: Branch) -> None:
    who = secretary_of(branch)
    at = who.done("/paper", record(branch, ended_at="0:15")).removesuffix("/minutes")
    assert "0 giờ 15" in who.page(f"{at}/minutes")


def test_a_planned_meeting_takes_the_record_with_its_agenda(branch: Branch) -> None:
    with branch.work() as work:
        meeting = branch.announced(work)
        titles = [item.title for item in services.list_items(work, meeting)]
    branch.later(days=4)
    who = secretary_of(branch)
    page = who.get("/paper").get_data(as_text=True)
    assert titles[0] in page
    assert f"/{meeting.id}/paper" in page
    data = record(branch, held_on="12/11/2026", signed_on="12/11/2026")
    at = who.done("/paper", {**data, "items.title": [titles[0], ""]})
    assert at.endswith(f"/{meeting.id}/minutes")
    assert branch.world.rows(Meeting) == 1


def test_guests_and_temporary_members_are_entered_too(branch: Branch) -> None:
    guest = branch.world.member("B2", "Đinh Thị Tâm")
    branch.temporary(guest, "B1")
    who = secretary_of(branch)
    data = record(branch, temporary=str(guest.id))
    data |= {"guests.name": ["Lê Quang Đức", ""], "guests.role": ["Đảng ủy viên", ""]}
    at = who.done("/paper", data).removesuffix("/minutes")
    page = who.page(f"{at}/roll")
    assert "Lê Quang Đức" in page
    assert "Đinh Thị Tâm" in page


def test_forty_names_are_read_and_sent_within_the_statements_allowed(branch: Branch) -> None:
    for number in range(30):
        branch.world.member("B1", f"{NAMES[number % 10]} {'ABCDEFGHIK'[number // 3]}")
    who = secretary_of(branch)
    who.page("/paper")
    at = who.done("/paper", record(branch, vote_present="39", vote_in_favour="39"))
    at = at.removesuffix("/minutes")
    for path in ("minutes", "roll", "roll/sheet", "proceed", "prepare", "announce", "follow"):
        who.page(f"{at}/{path}")


def test_the_commune_locks_what_it_entered_from_a_signed_paper(branch: Branch) -> None:
    office = visitor(branch, branch.commune)
    at = office.done("/paper", record(branch)).removesuffix("/minutes")
    assert "Khóa biên bản" in office.page(f"{at}/minutes")
    office.done(f"{at}/paper/lock")
    assert "Đã khóa" in office.page(f"{at}/minutes")


def test_the_commune_does_not_lock_without_a_signed_paper(branch: Branch) -> None:
    office = visitor(branch, branch.commune)
    at = office.done("/paper", record(branch, signed_on="")).removesuffix("/minutes")
    assert "Khóa biên bản" not in office.page(f"{at}/minutes")
    page = office.refused(f"{at}/paper/lock")
    assert "Ghi ngày ký bản giấy trước." in page
    assert f'action="{at}/paper/signed"' in office.get(f"{at}/minutes").get_data(as_text=True)
    office.done(f"{at}/paper/signed", {"signed_on": "04/11/2026"})
    office.done(f"{at}/paper/lock")
    assert "Đã khóa" in office.page(f"{at}/minutes")
