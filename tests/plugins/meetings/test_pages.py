"""Who may open which page of meetings, and what each page says to whom."""

from __future__ import annotations

import pytest

from plugins.meetings import services
from tests.plugins.meetings.builders import Branch
from tests.plugins.meetings.visiting import (
    auditor_of,
    deputy_of,
    inside,
    member_of,
    secretary_of,
    stranger_to,
    visitor,
)

READ = ("/", "/{id}/prepare", "/{id}/announce", "/{id}/roll", "/{id}/proceed")
READ_ON = ("/{id}/minutes", "/{id}/follow", "/tasks", "/tasks/{task}", "/materials")
CHANGE = (
    "/new",
    "/{id}/plan",
    "/{id}/items/new",
    "/{id}/items/{item}/edit",
    "/{id}/told",
    "/{id}/postpone",
    "/{id}/not-held",
    "/{id}/roll/sheet",
    "/{id}/proceed/new",
    "/{id}/proceed/{item}/vote",
    "/{id}/proceed/{item}/resolution",
    "/{id}/times",
    "/{id}/minutes/text",
    "/{id}/minutes/texts",
    "/{id}/minutes/items/{item}",
    "/tasks/new",
    "/tasks/{task}/later",
    "/tasks/{task}/carry",
    "/tasks/{task}/drop",
    "/tasks/{task}/edit",
    "/paper",
    "/{id}/paper",
)
OWN = ("/mine", "/mine/{id}", "/mine/tasks/{task}", "/mine/tasks/{task}/later")


@pytest.fixture
def paths(branch: Branch) -> dict[str, str]:
    """A meeting that was announced and is being held, one of its items, a task of a member."""
    with branch.work() as work:
        meeting = branch.announced(work)
    branch.evening()
    with branch.work() as work:
        meeting = services.access_meeting(work, meeting.id)
        services.open_roll(work, meeting)
        item = services.list_items(work, meeting)[0]
        task = services.give_task(
            work,
            services.TaskFacts("Vận động 5 hộ", branch.people[2].id, work.today),
            meeting=meeting,
        )
        return {"id": str(meeting.id), "item": str(item.id), "task": str(task.id)}


def test_the_secretary_and_the_deputy_open_every_page_of_the_branch(
    branch: Branch, paths: dict[str, str]
) -> None:
    for who in (secretary_of(branch), deputy_of(branch)):
        for path in (*READ, *READ_ON, *CHANGE):
            who.page(path.format(**paths))


def test_a_plain_member_opens_only_their_own_pages(branch: Branch, paths: dict[str, str]) -> None:
    member = member_of(branch)
    for path in (*READ, *READ_ON, *CHANGE):
        assert member.get(path.format(**paths)).status_code == 403, path
    for path in OWN:
        member.page(path.format(**paths))


def test_somebody_from_another_branch_finds_nothing(branch: Branch, paths: dict[str, str]) -> None:
    stranger = stranger_to(branch)
    for path in (*READ, *READ_ON, *CHANGE, *OWN):
        assert stranger.get(path.format(**paths)).status_code == 404, path


def test_a_reader_sees_the_steps_and_is_refused_every_change(
    branch: Branch, paths: dict[str, str]
) -> None:
    auditor = auditor_of(branch)
    for path in (*READ, *READ_ON):
        auditor.page(path.format(**paths))
    for path in CHANGE:
        assert auditor.get(path.format(**paths)).status_code == 403, path
    for path in ("/{id}/roll/close", "/{id}/end", "/{id}/minutes/lock", "/tasks/{task}/done"):
        assert auditor.send(path.format(**paths)).status_code == 403, path


def test_a_reader_is_offered_no_button_that_would_be_refused(
    branch: Branch, paths: dict[str, str]
) -> None:
    auditor = auditor_of(branch)
    for path in (*READ, *READ_ON):
        body = auditor.get(path.format(**paths)).get_data(as_text=True)
        main = body[body.index("<main") : body.index("</main>")]
        assert 'method="post"' not in main, path


def test_where_the_plugin_is_off_there_is_no_page(branch: Branch, paths: dict[str, str]) -> None:
    branch.world.switch("meetings", "B1", on=False)
    secretary = secretary_of(branch)
    for path in (*READ, *READ_ON, *CHANGE, *OWN):
        assert secretary.get(path.format(**paths)).status_code == 404, path


def test_a_meeting_of_another_branch_is_not_opened_here(
    branch: Branch, paths: dict[str, str]
) -> None:
    elsewhere = visitor(branch, branch.commune, "B2")
    for path in ("/{id}/prepare", "/{id}/minutes", "/tasks/{task}"):
        assert elsewhere.get(path.format(**paths)).status_code == 404, path


def test_another_members_task_is_not_among_ones_own(branch: Branch, paths: dict[str, str]) -> None:
    account = branch.world.account("branch_committee", "B1", member=branch.people[3])
    committee = visitor(branch, account)
    assert committee.get(f"/tasks/{paths['task']}").status_code == 200
    assert committee.get(f"/mine/tasks/{paths['task']}").status_code == 404
    assert committee.send(f"/mine/tasks/{paths['task']}/done").status_code == 404


def test_without_a_meeting_the_page_says_what_to_do(branch: Branch) -> None:
    page = secretary_of(branch).page("/")
    assert "Chi bộ chưa có lịch sinh hoạt tháng 11/2026. Chọn ngày để bắt đầu chuẩn bị." in page


def test_the_meeting_in_hand_stands_first_with_its_step(
    branch: Branch, paths: dict[str, str]
) -> None:
    page = secretary_of(branch).page("/")
    assert page.index("Sinh hoạt thường kỳ, tháng 11/2026") < page.index("Việc của chi bộ")
    assert "Sang bước Sinh hoạt" in page
    assert "Bước 3/5" in page


def test_the_member_reads_time_place_and_agenda_and_no_votes(
    branch: Branch, paths: dict[str, str]
) -> None:
    page = member_of(branch).page(f"/mine/{paths['id']}")
    assert "19 giờ 30, thứ Năm, 12/11/2026" in page
    assert "Nhà văn hóa tổ dân phố" in page
    assert "Biểu quyết" not in page.replace("biểu quyết, thông qua biên bản", "")


def test_a_member_finishes_their_own_task_with_one_tap(
    branch: Branch, paths: dict[str, str]
) -> None:
    member = member_of(branch)
    assert "Vận động 5 hộ" in member.page("/mine")
    member.done(f"/mine/tasks/{paths['task']}/done")
    assert "Hiện không có việc nào giao cho đồng chí." in member.page("/mine")


def test_a_member_asks_for_a_later_day_and_the_secretary_agrees(
    branch: Branch, paths: dict[str, str]
) -> None:
    member, secretary = member_of(branch), secretary_of(branch)
    refused = member.refused(f"/mine/tasks/{paths['task']}/later", {"day": "20/11/2026"})
    assert inside(refused, "Chưa ghi lý do xin lùi hạn.")
    assert 'value="20/11/2026"' in refused
    member.done(
        f"/mine/tasks/{paths['task']}/later", {"day": "20/11/2026", "reason": "Chờ vật liệu"}
    )
    assert "Xin lùi đến ngày 20/11/2026: Chờ vật liệu" in secretary.page("/tasks?state=asked")
    secretary.done(f"/tasks/{paths['task']}/decide", {"answer": "yes"})
    assert "20/11/2026" in secretary.page(f"/tasks/{paths['task']}")


def test_a_task_is_reported_on_carried_over_dropped_and_opened_again(
    branch: Branch, paths: dict[str, str]
) -> None:
    secretary, task = secretary_of(branch), f"/tasks/{paths['task']}"
    assert inside(secretary.refused(f"{task}/report"), "Chưa ghi đã làm được gì.")
    secretary.done(f"{task}/report", {"report": "Đã vận động 3 hộ."})
    assert "Đã vận động 3 hộ." in secretary.page(task)
    assert inside(secretary.refused(f"{task}/drop"), "Chưa ghi lý do thôi việc này.")
    secretary.done(f"{task}/drop", {"reason": "Hộ đã tự làm"})
    secretary.done(f"{task}/reopen")
    new = secretary.done(f"{task}/carry", {"due_on": "25/12/2026"})
    assert "25/12/2026" in secretary.page(new)


def test_overdue_tasks_stand_on_top_and_their_owners_are_reminded(
    branch: Branch, paths: dict[str, str]
) -> None:
    secretary = secretary_of(branch)
    refused = secretary.refused("/tasks/new", {"title": "Thu đảng phí", "due_on": "20/12/2026"})
    assert inside(refused, "Chưa chọn người làm.")
    assert 'value="Thu đảng phí"' in refused
    owner = str(branch.people[4].id)
    secretary.done(
        "/tasks/new", {"title": "Thu đảng phí", "owner_id": owner, "due_on": "20/12/2026"}
    )
    branch.later(days=3)
    secretary = secretary_of(branch)
    page = secretary.page("/tasks")
    assert page.index("Vận động 5 hộ") < page.index("Thu đảng phí")
    assert "Nhắc 1 việc quá hạn" in page
    secretary.done("/tasks/remind")
    assert "đã nhắc 1 lần" in secretary.page("/tasks?state=overdue")
