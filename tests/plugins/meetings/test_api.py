"""The JSON API: the five steps through HTTP, revisions, refusals as problems."""

from __future__ import annotations

from datetime import date

import pytest

from plugins.meetings import services
from plugins.meetings.services import TaskFacts

BASE = "/api/v1/meetings"


class Program:
    """A signed-in program at one unit that remembers the last revision."""

    def __init__(self, browser, unit):
        self.browser, self.unit, self.etag = browser, unit, None

    def signed_in_again(self, world, account):
        """Sign in anew; a session does not outlast half a day."""
        self.browser = world.browser(account)

    def __call__(self, method, path, json=None, *, expect=200, query=""):
        headers = {"If-Match": self.etag} if self.etag else {}
        address = f"{BASE}{path}?unit={self.unit}{query}"
        body = {} if json is None and method in ("POST", "PUT") else json
        answer = self.browser.send(method, address, json=body, headers=headers)
        assert answer.status_code == expect, answer.get_data(as_text=True)
        if "ETag" in answer.headers:
            self.etag = answer.headers["ETag"].strip('"')
        return answer.get_json(silent=True)


@pytest.fixture
def program(branch):
    """The secretary's program."""
    return Program(branch.world.browser(branch.secretary), "B1")


def plan(branch, **changes):
    values = {
        "for_month": "2026-11",
        "starts_at": "2026-11-12T19:30:00+07:00",
        "place": "Nhà văn hóa",
        "chair_id": str(branch.people[0].id),
        "clerk_id": str(branch.people[1].id),
    }
    return {**values, **changes}


def test_a_program_prepares_announces_holds_and_locks_a_meeting(branch, program) -> None:
    meeting = program("POST", "/", plan(branch), expect=201)
    path = f"/{meeting['id']}"
    items = program("GET", f"{path}/agenda")["items"]
    drafted = {"title": "Việc riêng", "draft_resolution": "Chi bộ thống nhất."}
    program("POST", f"{path}/agenda", drafted, expect=201)
    program("PUT", f"{path}/agenda/{items[0]['id']}", {"title": "Mở đầu"})
    program("DELETE", f"{path}/agenda/{items[1]['id']}", expect=204)
    ids = [item["id"] for item in program("GET", f"{path}/agenda")["items"]]
    program("GET", path)
    program("PUT", f"{path}/agenda", {"items": ids[::-1]})
    assert program("GET", f"{path}/missing")["sentences"]
    assert program("GET", f"{path}/proposals")["items"] == []
    program("GET", path)
    program("POST", f"{path}/ask")
    program("POST", f"{path}/agree")
    assert len(program("GET", f"{path}/announcement")["recipients"]) == 10
    program("GET", path)
    assert program("POST", f"{path}/announce")["state"] == "announced"
    told = {"member": [str(branch.people[2].id)], "how": "phone"}
    assert program("POST", f"{path}/told", told) == {"count": 1}
    program("POST", f"{path}/posted", {"on": "10/11/2026"})
    assert len(program("GET", f"{path}/told")["items"]) == 10
    branch.evening()
    program.signed_in_again(branch.world, branch.secretary)
    program("GET", path)
    program("POST", f"{path}/roll")
    mark = {"member_id": str(branch.people[3].id), "state": "excused", "reason": "duty"}
    assert program("PUT", f"{path}/roll", {"marks": [mark]})["excused"] == 1
    assert program("POST", f"{path}/roll/close", {"others": "present"})["is_met"]
    guest = program("POST", f"{path}/visitors", {"name": "Khách"}, expect=201)
    program("DELETE", f"{path}/visitors/{guest['id']}", expect=204)
    vote = {"question": "Nghị quyết", "present": 9, "in_favour": 9, "item_id": ids[0]}
    assert program("POST", f"{path}/votes", vote, expect=201)["is_passed"]
    made = {
        "item_id": ids[0],
        "title": "Vệ sinh môi trường",
        "text": "Làm sạch.",
        "points": [{"text": "Quét", "owner_id": str(branch.people[2].id), "due_on": "2026-11-20"}],
    }
    program("POST", f"{path}/resolutions", made, expect=201)
    for key in ids:
        program("POST", f"{path}/agenda/{key}/start")
        program("POST", f"{path}/agenda/{key}/conclude", {"conclusion": "Thống nhất."})
    program("POST", f"{path}/end")
    assert program("GET", f"{path}/minutes/gaps")["items"] == []
    program("GET", path)
    program("PUT", f"{path}/minutes", {"quality": "Tốt"})
    program("POST", f"{path}/minutes/adopt", {"present": 9, "in_favour": 9})
    program("POST", f"{path}/minutes/confirm-clerk")
    program("POST", f"{path}/minutes/confirm-chair")
    program("PUT", f"{path}/minutes/signed", {"signed_on": "12/11/2026", "book_no": "2"})
    assert program("POST", f"{path}/minutes/lock")["state"] == "locked"
    assert program("GET", f"{path}/minutes/paper")["title"] == "BIÊN BẢN"
    [resolution] = program("GET", f"{path}/resolutions")["items"]
    assert (resolution["code"], len(resolution["points"])) == ("01-NQ/CB", 1)
    assert program("GET", path)["state"] == "closed"
    assert program("GET", "/", query="&state=closed")["items"][0]["attended"] == 9


def test_a_write_names_the_revision_it_knows(branch, program) -> None:
    meeting = program("POST", "/", plan(branch), expect=201)
    path = f"/{meeting['id']}"
    program("POST", f"{path}/agree")
    program.etag = "1"
    assert program("POST", f"{path}/ask", expect=412)["code"] == "stale"
    program.etag = None
    assert program("POST", f"{path}/ask", expect=428)["code"] == "condition_needed"


def test_wrong_input_comes_back_with_its_fields(branch, program) -> None:
    answer = program("POST", "/", plan(branch, kind="party"), expect=422)
    assert answer["fields"]["kind"]
    answer = program("POST", "/", plan(branch, starts_at="0001-01-01T00:00:00+07:00"), expect=422)
    assert answer["fields"]["starts_at"]
    answer = program("POST", "/", plan(branch, unknown=1), expect=422)
    assert answer["fields"]["unknown"]


def test_a_second_meeting_of_the_month_is_a_problem_with_a_sentence(branch, program) -> None:
    program("POST", "/", plan(branch), expect=201)
    answer = program("POST", "/", plan(branch), expect=409)
    assert answer["code"] == "rule_broken"
    assert "tháng 11/2026" in answer["title"]


def test_tasks_are_given_reported_and_finished(branch, program) -> None:
    owner = branch.people[2]
    task = program(
        "POST",
        "/tasks",
        {"title": "Quét", "owner_id": str(owner.id), "due_on": "2026-11-20"},
        expect=201,
    )
    path = f"/tasks/{task['id']}"
    program("POST", f"{path}/later", {"day": "2026-11-25", "reason": "Mưa"})
    assert program("POST", f"{path}/decide", {"answer": "yes"})["due_on"] == "2026-11-25"
    program("POST", f"{path}/report", {"report": "Một nửa"})
    assert program("POST", f"{path}/finish")["state"] == "done"
    program("POST", f"{path}/reopen")
    program("PUT", path, {"title": "Dọn", "owner_id": str(owner.id), "due_on": "2026-11-26"})
    program("POST", f"{path}/carry", {"due_on": "2026-12-26"}, expect=201)
    assert program("GET", path)["state"] == "carried"
    [other] = program("GET", "/tasks", query="&state=open")["items"]
    program("GET", f"/tasks/{other['id']}")
    assert program("POST", f"/tasks/{other['id']}/drop", {"reason": "Thôi"})["state"] == "dropped"
    assert program("POST", "/tasks/remind") == {"count": 0}


def test_a_member_sees_and_finishes_only_their_own_tasks(branch) -> None:
    with branch.work() as work:
        own = services.give_task(
            work, TaskFacts("Của tôi", branch.people[2].id, date(2026, 11, 20))
        )
        other = services.give_task(
            work, TaskFacts("Của người khác", branch.people[3].id, date(2026, 11, 20))
        )
    account = branch.world.account("member", "B1", member=branch.people[2])
    mine = Program(branch.world.browser(account), "B1")
    assert [task["title"] for task in mine("GET", "/mine/tasks")["items"]] == ["Của tôi"]
    mine("GET", f"/tasks/{other.id}", expect=404)
    mine("GET", "/tasks", expect=403)
    mine("GET", f"/tasks/{own.id}")
    mine("POST", f"/tasks/{own.id}/finish", expect=403)
    mine("POST", f"/mine/tasks/{own.id}/report", {"report": "Đang làm"})
    mine("POST", f"/mine/tasks/{own.id}/later", {"day": "2026-11-25", "reason": "Mưa"})
    assert mine("POST", f"/mine/tasks/{own.id}/finish")["state"] == "done"


def test_a_secretary_does_not_use_the_door_for_ones_own_tasks_of_others(branch, program) -> None:
    with branch.work() as work:
        other = services.give_task(work, TaskFacts("Việc", branch.people[3].id, date(2026, 11, 20)))
    program("GET", f"/tasks/{other.id}")
    program("POST", f"/mine/tasks/{other.id}/finish", expect=404)


def test_the_committee_reads_the_month_reminds_and_assigns(branch) -> None:
    commune = Program(branch.world.browser(branch.commune), "W")
    official = branch.world.member("B2", "Trần Thị Dung")
    unit = str(branch.world.place("B1").id)
    month = "&month=2026-11"
    page = commune("GET", "/month", query=month + "&limit=1")
    rest = commune("GET", "/month", query=f"{month}&limit=1&cursor={page['next']}")
    assert {line["code"] for line in page["items"] + rest["items"]} == {"B1", "B2"}
    assert commune("GET", "/coverage", query=month)["branches"] == 2
    assert len(commune("GET", "/twelve-months")["items"]) == 12
    assert commune("POST", "/chases", {"units": [unit], "month": "2026-11"}) == {"count": 1}
    assert commune("GET", "/chases", query=month)["items"] == []
    body = {"official_id": str(official.id), "unit_ids": [unit], "role": "Đảng ủy viên"}
    assert commune("POST", "/assignments", body) == {"count": 1}
    [row] = commune("GET", "/assignments")["items"]
    commune("POST", f"/assignments/{row['id']}/end", {"on": "2026-11-11"}, expect=204)


@pytest.mark.parametrize("month", ["9999-12", "0001-01", "1900-01"])
def test_months_no_branch_ever_met_in_are_refused(branch, month) -> None:
    commune = Program(branch.world.browser(branch.commune), "W")
    commune("GET", "/month", query=f"&month={month}", expect=422)
    commune("GET", "/coverage", query=f"&month={month}", expect=422)
    commune("GET", "/twelve-months", query=f"&month={month}", expect=422)


def test_material_is_written_published_read_below_and_taken_back(branch, program) -> None:
    commune = Program(branch.world.browser(branch.commune), "W")
    body = {
        "for_month": "2026-11",
        "title": "Tài liệu tháng 11",
        "opens_on": "2026-11-11",
        "points": [{"title": "Thông báo nhanh"}],
    }
    made = commune("POST", "/materials", body, expect=201)
    path = f"/materials/{made['id']}"
    del body["for_month"]
    commune("PUT", path, {**body, "title": "Tài liệu"})
    commune("POST", f"{path}/publish")
    program("GET", path, expect=404)
    branch.later(days=1)
    program.signed_in_again(branch.world, branch.secretary)
    commune.signed_in_again(branch.world, branch.commune)
    assert program("GET", path)["title"] == "Tài liệu"
    assert len(program("GET", "/materials", query="&month=2026-11")["items"]) == 1
    commune("GET", path)
    commune("PUT", path, body, expect=409)
    commune("POST", f"{path}/withdraw")
    program("GET", path, expect=404)


def from_paper(branch, **changes):
    return {
        "meeting": {"for_month": "11/2026", "place": "Nhà văn hóa"},
        "started_at": "2026-11-03T19:30:00+07:00",
        "ended_at": "2026-11-03T21:05:00+07:00",
        "exceptions": [{"member_id": str(branch.people[4].id), "state": "absent"}],
        "conclusions": [{"title": "Việc chung", "conclusion": "Thống nhất."}],
        "resolutions": [
            {
                "title": "Vệ sinh",
                "text": "Làm sạch.",
                "vote": {"question": "Nghị quyết", "present": 9, "in_favour": 9},
            }
        ],
        "tasks": [{"title": "Quét", "owner_id": str(branch.people[2].id), "due_on": "2026-11-20"}],
        "visitors": [{"name": "Trần Thị Dung"}],
        "adopted_present": 9,
        "signed_on": "2026-11-04",
        **changes,
    }


def test_a_meeting_from_paper_comes_in_one_call(branch, program) -> None:
    meeting = program("POST", "/from-paper", from_paper(branch), expect=201)
    assert (meeting["attended"], meeting["required"], meeting["guests"]) == (9, 10, 1)


def test_the_commune_locks_what_its_program_entered_from_a_signed_paper(branch) -> None:
    office = Program(branch.world.browser(branch.commune), "B1")
    people = {"chair_id": str(branch.people[0].id), "clerk_id": str(branch.people[1].id)}
    plan = {"for_month": "11/2026", "place": "Nhà văn hóa", **people}
    unsigned = from_paper(branch, meeting=plan, signed_on=None)
    at = f"/{office('POST', '/from-paper', unsigned, expect=201)['id']}"
    assert (
        "Ghi ngày ký bản giấy trước."
        in office("POST", f"{at}/from-paper/lock", expect=409)["title"]
    )
    office("POST", f"{at}/minutes/lock", expect=403)
    office("PUT", f"{at}/minutes/signed", {"signed_on": "2026-11-04"}, expect=403)
    office("PUT", f"{at}/from-paper/signed", {"signed_on": "2026-11-04"})
    assert office("POST", f"{at}/from-paper/lock")["state"] == "locked"
    assert office("GET", at)["state"] == "closed"
    office("PUT", f"{at}/from-paper/signed", {"signed_on": "2026-11-05"}, expect=409)


def test_putting_off_and_not_holding_through_the_api(branch, program) -> None:
    meeting = program("POST", "/", plan(branch), expect=201)
    path = f"/{meeting['id']}"
    put_off = {"reason": "Bão", "to_at": "2026-11-19T19:30:00+07:00"}
    assert program("POST", f"{path}/postpone", put_off)["state"] == "postponed"
    assert program("POST", f"{path}/not-held", {"reason": "Bão"})["state"] == "not_held"
    other = program("POST", "/", plan(branch), expect=201)
    program("PUT", f"/{other['id']}", plan(branch, place="Trường học"))
    program("DELETE", f"/{other['id']}", expect=204)
    program("GET", f"/{other['id']}", expect=404)


def test_a_failed_vote_is_resolved_or_taken_back(branch, program) -> None:
    with branch.work() as work:
        meeting = branch.opened(work)
        branch.all_present(work, meeting)
    path = f"/{meeting.id}"
    program("GET", path)
    body = {"question": "Đề nghị", "present": 10, "in_favour": 4, "against": 6}
    vote = program("POST", f"{path}/votes", body, expect=201)
    program("POST", f"{path}/votes/{vote['id']}/next", {"what_next": "report_up"})
    program("DELETE", f"{path}/votes/{vote['id']}", expect=204)
    assert program("GET", f"{path}/votes")["items"] == []


def test_who_may_not_is_refused_and_who_may_not_see_finds_nothing(branch, program) -> None:
    meeting = program("POST", "/", plan(branch), expect=201)
    stranger = branch.world.account("branch_secretary", "B2")
    member = branch.world.account("member", "B1", member=branch.people[5])
    Program(branch.world.browser(stranger), "B1")("GET", f"/{meeting['id']}", expect=404)
    Program(branch.world.browser(stranger), "B2")("GET", f"/{meeting['id']}", expect=404)
    Program(branch.world.browser(member), "B1")("GET", f"/{meeting['id']}", expect=403)
    branch.world.switch("meetings", "B1", on=False)
    program("GET", f"/{meeting['id']}", expect=404)
