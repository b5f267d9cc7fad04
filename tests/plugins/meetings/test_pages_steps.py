"""Preparing, announcing and the roll through the pages, by plain forms as without a script."""

from __future__ import annotations

import re

from plugins.meetings import services
from plugins.meetings.models import Meeting
from tests.plugins.meetings.builders import Branch
from tests.plugins.meetings.visiting import (
    PLAN,
    held,
    inside,
    scheduled,
    secretary_of,
    text_of,
)


def test_a_plan_without_its_place_is_shown_again_with_what_was_typed(branch: Branch) -> None:
    page = secretary_of(branch).refused("/new", {**PLAN, "place": " "})
    assert inside(page, "Chưa ghi địa điểm.")
    assert 'href="#f-place"' in page
    assert 'value="19 giờ 30"' in page
    assert branch.world.rows(Meeting) == 0


def test_a_time_that_has_passed_is_refused_at_its_field(branch: Branch) -> None:
    page = secretary_of(branch).refused("/new", {**PLAN, "day": "3/11/2026"})
    assert inside(page, "Giờ này đã qua.")
    assert 'href="#f-day"' in page


def test_the_proposed_day_lies_ahead_and_place_and_people_are_those_of_last_time(
    branch: Branch,
) -> None:
    with branch.work() as work:
        meeting = branch.planned(work, for_month=branch.facts().for_month.replace(month=10))
        meeting.place = "Hội trường cũ"
    page = secretary_of(branch).get("/new").get_data(as_text=True)
    assert 'value="12/11/2026"' in page
    assert 'value="Hội trường cũ"' in page
    assert f'value="{branch.people[0].id}" selected' in page


def test_the_agenda_comes_with_reasons_and_its_items_move(branch: Branch) -> None:
    secretary, at = scheduled(branch)
    page = secretary.page(f"{at}/prepare")
    assert "1. Mở đầu: nêu mục đích, điểm danh, cử thư ký" in page
    body = secretary.get(f"{at}/prepare").get_data(as_text=True)
    second = re.findall(r'id="item-([0-9a-f-]{36})"', body)[1]
    secretary.done(f"{at}/items/{second}/move", {"way": "up"})
    assert "1. Thông tin thời sự" in secretary.page(f"{at}/prepare")
    assert inside(secretary.refused(f"{at}/items/new", {"title": ""}), "Chưa ghi nội dung.")
    secretary.done(f"{at}/items/new", {"title": "Việc cổng làng", "minutes": "20"})
    secretary.done(f"{at}/items/{second}/remove")
    assert "Đã bỏ “Thông tin thời sự" in secretary.page(f"{at}/prepare")
    page = secretary.page(f"{at}/prepare")
    assert "Việc cổng làng" in page
    assert "Thông tin thời sự" not in page


def test_unfinished_tasks_are_proposed_and_put_on_the_agenda(branch: Branch) -> None:
    secretary, at = scheduled(branch)
    with branch.work() as work:
        facts = services.TaskFacts("Vận động 5 hộ", branch.people[2].id, work.today)
        services.give_task(work, facts)
    body = secretary.get(f"{at}/prepare").get_data(as_text=True)
    key = next(k for k in re.findall(r'name="proposal" value="([^"]+)"', body) if "task:" in k)
    assert "Vận động 5 hộ" in key
    secretary.done(f"{at}/proposals", {"proposal": key})
    page = secretary.page(f"{at}/prepare")
    assert "Nội dung đề xuất thêm" not in page
    assert "Vận động 5 hộ" in page


def test_what_is_missing_is_said_and_the_committee_agrees_before_the_notice(
    branch: Branch,
) -> None:
    secretary, at = scheduled(branch)
    assert "Còn thiếu" not in secretary.page(f"{at}/prepare")
    drafted = {"title": "Nghị quyết", "minutes": "10", "draft_resolution": "Chi bộ thống nhất."}
    secretary.done(f"{at}/items/new", drafted)
    assert "Còn 1 nội dung có dự thảo nghị quyết chưa có người trình bày" in secretary.page(
        f"{at}/prepare"
    )
    assert inside(secretary.refused(f"{at}/announce"), "Chi ủy chưa thống nhất")
    secretary.done(f"{at}/ask")
    assert "Ý kiến chi ủy" in secretary.page(f"{at}/prepare")
    assert secretary.done(f"{at}/agree", {"on": ""}).endswith("/announce")
    page = secretary.page(f"{at}/announce")
    assert "Mời đồng chí dự sinh hoạt chi bộ" in page
    assert "10 đảng viên" in page


def test_a_late_notice_asks_for_its_reason(branch: Branch) -> None:
    secretary, at = scheduled(branch)
    secretary.done(f"{at}/agree")
    branch.later(hours=50)
    secretary = secretary_of(branch)
    assert "Lý do gửi muộn" in secretary.page(f"{at}/announce")
    page = secretary.refused(f"{at}/announce")
    assert 'href="#f-late_reason"' in page
    secretary.done(f"{at}/announce", {"late_reason": "Nhà văn hóa chỉ trống hôm ấy"})
    assert "Đã thông báo" in secretary.page(f"{at}/announce")


def test_who_was_told_by_which_way_is_noted_with_one_tap(branch: Branch) -> None:
    secretary, at = scheduled(branch)
    secretary.done(f"{at}/agree")
    secretary.done(f"{at}/announce")
    assert "Chưa báo được: 9 đồng chí" in secretary.page(f"{at}/announce")
    one = str(branch.people[4].id)
    to = secretary.done(f"{at}/told", {"member": one, "how": "phone"})
    assert to.endswith(f"/told#told-{one}")
    assert "Chưa báo được: 8 đồng chí" in secretary.page(f"{at}/told")
    two = str(branch.people[5].id)
    answer = secretary.send(
        f"{at}/told", {"member": two, "how": "slip"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert "Chưa báo được: 7 đồng chí" in text_of(answer)
    refused = secretary.refused(f"{at}/told", {"member": two, "how": "owl"})
    assert inside(refused, "Chọn một trong các mục: ứng dụng, điện thoại, trực tiếp, phiếu in.")


def test_a_meeting_is_put_off_with_a_reason_and_told_again(branch: Branch) -> None:
    secretary, at = scheduled(branch)
    secretary.done(f"{at}/agree")
    secretary.done(f"{at}/announce")
    assert inside(secretary.refused(f"{at}/postpone", {"reason": ""}), "Chưa ghi lý do hoãn.")
    data = {"reason": "Bão số 7", "to_day": "19/11/2026", "to_time": "19:30"}
    secretary.done(f"{at}/postpone", data)
    page = secretary.page(f"{at}/announce")
    assert "19 giờ 30, thứ Năm, 19/11/2026" in page
    assert "Gửi thông báo" in page
    assert "Hoãn" in secretary.page("/")


def test_a_month_without_a_meeting_names_its_reason(branch: Branch) -> None:
    secretary, at = scheduled(branch)
    assert inside(secretary.refused(f"{at}/not-held"), "Chưa ghi lý do không tổ chức.")
    secretary.done(f"{at}/not-held", {"reason": "Chi bộ sắp chuyển về xã khác"})
    assert "Chi bộ sắp chuyển về xã khác" in secretary.page(f"{at}/announce")


def test_the_roll_is_opened_on_the_day_and_not_before(branch: Branch) -> None:
    secretary, at = scheduled(branch)
    assert "Điểm danh được từ ngày sinh hoạt" in secretary.page(f"{at}/roll")
    assert inside(secretary.refused(f"{at}/roll/open"), "ngày")
    branch.evening()
    secretary = secretary_of(branch)
    assert "Bắt đầu điểm danh" in secretary.page(f"{at}/roll")


def test_one_tap_is_present_and_a_second_opens_the_choices(branch: Branch) -> None:
    secretary, at = held(branch)
    one = branch.people[4].id
    to = secretary.done(f"{at}/roll/{one}", {"state": "present"})
    assert to.endswith(f"#roll-{one}")
    page = secretary.page(f"{at}/roll")
    assert "Có mặt 1/10" in page
    assert "Vắng có lý do: Sức khỏe" in page
    secretary.done(f"{at}/roll/{one}", {"state": "excused.health"})
    assert "Có mặt 0/10" in secretary.page(f"{at}/roll")
    secretary.done(f"{at}/roll/{one}", {"state": "none"})
    assert "Sức khỏe" not in secretary.page(f"{at}/roll")


def test_a_tap_with_script_answers_with_the_row_the_count_and_the_foot(branch: Branch) -> None:
    secretary, at = held(branch)
    one = branch.people[4].id
    answer = secretary.send(
        f"{at}/roll/{one}", {"state": "present"}, headers={"HX-Request": "true"}
    )
    body = answer.get_data(as_text=True)
    assert f'id="roll-{one}"' in body
    assert '<div class="count" id="count" role="status" hx-swap-oob="true">' in body
    assert "Còn 9 đồng chí chưa ghi" in body
    assert "<html" not in body


def test_a_mark_nobody_knows_is_refused_and_the_roll_stays(branch: Branch) -> None:
    secretary, at = held(branch)
    page = secretary.refused(f"{at}/roll/{branch.people[4].id}", {"state": "asleep"})
    assert inside(page, "Có mặt 0/10")
    other = branch.world.member("B2", "Người Khác")
    assert secretary.send(f"{at}/roll/{other.id}", {"state": "present"}).status_code == 422


def test_all_are_marked_present_and_the_exceptions_after(branch: Branch) -> None:
    secretary, at = held(branch)
    secretary.done(f"{at}/roll/all")
    secretary.done(f"{at}/roll/{branch.people[3].id}", {"state": "excused.duty"})
    page = secretary.page(f"{at}/roll")
    assert "Có mặt 9/10" in page
    assert "đủ điều kiện tiến hành" in page


def test_the_whole_list_is_sent_at_once(branch: Branch) -> None:
    secretary, at = held(branch)
    marks = [f"{person.id}:present" for person in branch.people]
    marks[2] = f"{branch.people[2].id}:absent"
    secretary.done(f"{at}/roll/sheet", {"mark": marks})
    page = secretary.page(f"{at}/roll")
    assert "Có mặt 9/10" in page
    assert "Vắng không lý do" in page
    assert secretary.send(f"{at}/roll/sheet", {"mark": ["nonsense"]}).status_code == 422


def test_temporary_members_stand_apart_and_guests_may_come_unannounced(branch: Branch) -> None:
    guest = branch.world.member("B2", "Đinh Thị Tâm")
    branch.temporary(guest, "B1")
    secretary, at = held(branch)
    page = secretary.page(f"{at}/roll")
    assert "Sinh hoạt tạm thời tại chi bộ Dự, phát biểu, không biểu quyết." in page
    assert inside(secretary.refused(f"{at}/visitors", {"name": ""}), "Chưa ghi họ tên đại biểu.")
    data = {"name": "Nguyễn Văn Thủy", "role": "Đảng ủy viên", "unannounced": "1"}
    secretary.done(f"{at}/visitors", {**data, "is_superior": "1"})
    page = secretary.page(f"{at}/roll")
    assert "Nguyễn Văn Thủy" in page
    assert "không báo trước" in page
    body = secretary.get(f"{at}/roll").get_data(as_text=True)
    found = re.search(r"/visitors/([0-9a-f-]{36})/remove", body)
    assert found
    secretary.done(f"{at}/visitors/{found[1]}/remove")
    assert "Nguyễn Văn Thủy" not in secretary.page(f"{at}/roll")


def test_finishing_the_roll_says_whether_the_meeting_may_proceed(branch: Branch) -> None:
    secretary, at = held(branch)
    assert secretary.done(f"{at}/roll/close", {"others": "absent"}).endswith("/proceed")
    assert "chưa đủ điều kiện tiến hành" in secretary.page(f"{at}/proceed")
    secretary.done(f"{at}/roll/{branch.people[0].id}", {"state": "present"})
    assert secretary.get(f"{at}/hold").headers["Location"].endswith("/proceed")
