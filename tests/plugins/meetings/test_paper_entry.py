"""A whole meeting typed in from paper in one call."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from core.errors import InvalidInput, RuleBroken
from core.testing import counted
from plugins.meetings import services
from plugins.meetings.services import ConclusionFacts, PaperRecord, TaskFacts, Tick
from tests.plugins.meetings.builders import ballot, resolution

BEGAN = datetime(2026, 11, 3, 12, 30, tzinfo=UTC)


def record(branch, **changes):
    values = {
        "meeting": branch.facts(starts_at=None, ends_at=None),
        "started_at": BEGAN,
        "ended_at": BEGAN + timedelta(minutes=95),
        "exceptions": {branch.people[4].id: Tick("excused", "health")},
        "conclusions": [ConclusionFacts("Vệ sinh môi trường", "Thống nhất ra nghị quyết.")],
        "resolutions": [
            resolution(title="Vệ sinh môi trường", vote=ballot(in_favour=9, present=9))
        ],
        "tasks": [TaskFacts("Lập danh sách", branch.people[2].id, date(2026, 11, 9))],
        "visitors": [("Trần Thị Dung", "Đảng ủy viên")],
        "adopted_present": 9,
        "signed_on": date(2026, 11, 4),
        "book_no": "2",
        "page_no": "15",
    }
    return PaperRecord(**{**values, **changes})


def test_a_meeting_from_paper_is_the_same_record_with_the_real_times(branch) -> None:
    with branch.work() as work:
        meeting = services.enter_from_paper(work, record(branch))
        minutes = services.current_minutes(work, meeting)
        [(made, _points)] = services.list_resolutions(work, meeting)
        item = services.list_items(work, meeting)[0]
        tasks, _cursor = services.list_tasks(work, meeting_id=meeting.id)
    assert (meeting.held_on, meeting.is_from_paper) == (date(2026, 11, 3), True)
    assert (meeting.started_at, meeting.state) == (BEGAN, "minutes")
    assert (meeting.required, meeting.attended, meeting.excused, meeting.guests) == (10, 9, 1, 1)
    assert (minutes.state, minutes.adopted_in_favour, minutes.book_no) == ("adopted", 9, "2")
    assert made.item_id == item.id
    assert [task.due_on for task in tasks] == [date(2026, 11, 9)]


def test_the_record_can_be_locked_at_once(branch) -> None:
    with branch.work() as work:
        meeting = services.enter_from_paper(work, record(branch))
        services.lock_minutes(work, meeting)
        assert meeting.state == "closed"


def test_the_commune_enters_for_the_branch(branch) -> None:
    with branch.world.work(branch.commune, "B1") as work:
        meeting = services.enter_from_paper(work, record(branch))
    assert meeting.unit_id == branch.world.place("B1").id


def test_the_planned_meeting_takes_what_is_on_paper(branch) -> None:
    branch.world.now -= timedelta(days=9)
    branch.later()
    with branch.work() as work:
        planned = branch.announced(work, starts_at=BEGAN, ends_at=None, place="Nhà văn hóa")
        title = services.list_items(work, planned)[0].title
    branch.later(days=9)
    with branch.work() as work:
        planned = services.access_meeting(work, planned.id)
        facts = record(
            branch,
            conclusions=[
                ConclusionFacts(title, "Đã điểm danh."),
                ConclusionFacts("Việc khác", "Xong"),
            ],
            resolutions=[],
        )
        meeting = services.enter_from_paper(work, facts, meeting=planned)
        items = services.list_items(work, meeting)
    assert meeting.id == planned.id
    assert meeting.starts_at == BEGAN
    assert [item.title for item in items] == [title, "Việc khác"]


def test_a_meeting_whose_roll_is_open_goes_on_there(branch) -> None:
    with pytest.raises(RuleBroken), branch.work() as work:
        services.enter_from_paper(work, record(branch), meeting=branch.opened(work))


def test_exempt_and_temporary_members_are_named_when_they_came(branch) -> None:
    exempt = branch.world.member("B1", "Cao Thị Lan", status="exempt")
    guest = branch.world.member("B2", "Đặng Thị Dung")
    branch.temporary(guest, "B1")
    with branch.work() as work:
        meeting = services.enter_from_paper(
            work,
            record(
                branch,
                exceptions={exempt.id: Tick("present")},
                temporary_present=[guest.id],
                resolutions=[],
                adopted_present=None,
            ),
        )
        roll = services.roll(work, meeting)
    assert [line.state for line in roll.not_required] == ["present"]
    assert [line.state for line in roll.temporary] == ["present"]
    assert (meeting.attended, meeting.required) == (10, 10)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"conclusions": []}, "conclusions"),
        ({"conclusions": [ConclusionFacts(" ", "Xong")]}, "conclusions"),
        ({"started_at": BEGAN + timedelta(days=30)}, "started_at"),
        ({"ended_at": BEGAN - timedelta(hours=1)}, "ended_at"),
        ({"signed_on": date(2026, 11, 1)}, "signed_on"),
        ({"adopted_present": 99}, "present"),
    ],
)
def test_what_does_not_fit_is_refused_whole(branch, changes, field) -> None:
    with pytest.raises(InvalidInput) as refused, branch.work() as work:
        services.enter_from_paper(work, record(branch, **changes))
    assert list(refused.value.fields) == [field]
    with branch.work() as work:
        assert services.list_meetings(work)[0] == []


def test_who_is_not_on_the_roll_of_that_day_is_refused(branch) -> None:
    stranger = branch.world.member("B2", "Trần Văn Xa")
    for changes in (
        {"exceptions": {stranger.id: Tick("absent")}},
        {"temporary_present": [branch.people[0].id]},
    ):
        with pytest.raises(InvalidInput), branch.work() as work:
            services.enter_from_paper(work, replace(record(branch), **changes))


def test_a_second_regular_meeting_of_the_month_is_refused(branch) -> None:
    with branch.work() as work:
        services.enter_from_paper(work, record(branch))
    with pytest.raises(RuleBroken), branch.work() as work:
        services.enter_from_paper(work, record(branch))


def test_a_failed_vote_on_paper_makes_no_resolution(branch) -> None:
    with pytest.raises(RuleBroken), branch.work() as work:
        services.enter_from_paper(
            work,
            record(
                branch, resolutions=[resolution(vote=ballot(in_favour=4, against=5, present=9))]
            ),
        )


def test_a_meeting_is_written_once_with_everybodys_mark(branch) -> None:
    with branch.work() as work:
        services.enter_from_paper(work, record(branch))
    engine = branch.world.system.database.engine
    plain = {"resolutions": [], "tasks": [], "visitors": [], "signed_on": None}
    with counted(engine) as counter, branch.work() as work:
        facts = branch.facts(starts_at=None, ends_at=None, is_regular=False, is_thematic=True)
        held = record(branch, meeting=replace(facts, theme="Đất đai"), **plain)
        services.enter_from_paper(work, held)
    written = [text for text in counter.statements if "meetings_attendance" in text]
    assert [text.split()[0] for text in written] == ["INSERT", "SELECT"]
    assert counter.count <= 15, counter.statements
