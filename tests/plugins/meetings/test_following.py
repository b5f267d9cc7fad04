"""Step 5: tasks with owner and day, reports, later days, carried over, reminded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from core.errors import InvalidInput, NotFound, RuleBroken
from core.notices.models import Notice
from plugins.meetings import services
from plugins.meetings.services import TaskFacts

LATER = date(2026, 11, 20)


def facts(branch, **changes):
    values = {"title": "Dọn vệ sinh", "owner_id": branch.people[2].id, "due_on": LATER}
    return TaskFacts(**{**values, **changes})


def test_a_task_names_what_who_and_when(branch) -> None:
    with branch.work() as work:
        task = services.give_task(work, facts(branch))
    assert (task.owner_name, task.state, task.due_on) == ("Nguyễn Văn An", "todo", LATER)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"due_on": date(2026, 11, 9)}, "due_on"),
        ({"due_on": date(2036, 11, 9)}, "due_on"),
    ],
)
def test_a_task_without_words_or_with_an_odd_day_is_refused(branch, changes, field) -> None:
    with pytest.raises(InvalidInput) as refused, branch.work() as work:
        services.give_task(work, facts(branch, **changes))
    assert list(refused.value.fields) == [field]


def test_tasks_are_given_to_those_who_belong_here(branch) -> None:
    stranger = branch.world.member("B2", "Trần Văn Xa")
    with pytest.raises(InvalidInput), branch.work() as work:
        services.give_task(work, facts(branch, owner_id=stranger.id))


def test_a_task_typed_in_later_may_be_due_before_today(branch) -> None:
    with branch.work() as work:
        meeting = branch.opened(work)
    branch.later(days=9)
    with branch.work() as work:
        meeting = services.access_meeting(work, meeting.id)
        task = services.give_task(work, facts(branch, due_on=date(2026, 11, 12)), meeting=meeting)
        assert services.task_counts(work).overdue == 1
        assert task.meeting_id == meeting.id


def test_the_owner_reports_and_finishes_without_other_rights(branch) -> None:
    owner = branch.world.account("member", "B1", member=branch.people[2])
    with branch.work() as work:
        key = services.give_task(work, facts(branch)).id
    with branch.world.work(owner, "B1") as work:
        task = services.access_task(work, key)
        services.report_task(work, task, "Đã vận động 20 hộ")
        assert (task.state, task.report) == ("doing", "Đã vận động 20 hộ")
        services.finish_task(work, task)
        assert (task.state, task.done_on) == ("done", work.today)
        assert services.my_tasks(work) == []


def test_a_task_of_somebody_else_is_not_found_by_a_member(branch) -> None:
    other = branch.world.account("member", "B1", member=branch.people[3])
    with branch.work() as work:
        key = services.give_task(work, facts(branch)).id
    with pytest.raises(NotFound), branch.world.work(other, "B1") as work:
        services.access_task(work, key)


def test_a_finished_task_may_be_opened_again(branch) -> None:
    with branch.work() as work:
        task = services.give_task(work, facts(branch))
        services.finish_task(work, task, on=date(2026, 11, 10), report="Xong")
        with pytest.raises(RuleBroken):
            services.finish_task(work, task)
        services.reopen_task(work, task)
        assert (task.state, task.done_on) == ("todo", None)
        with pytest.raises(RuleBroken):
            services.reopen_task(work, task)
        with pytest.raises(InvalidInput):
            services.finish_task(work, task, on=work.today + timedelta(days=1))
        with pytest.raises(InvalidInput):
            services.report_task(work, task, "  ")


def test_a_later_day_is_asked_for_and_decided(branch) -> None:
    with branch.work() as work:
        task = services.give_task(work, facts(branch))
        for day, reason, field in (
            (LATER, "Mưa", "day"),
            (date(2026, 11, 1), "Mưa", "day"),
            (LATER + timedelta(days=3), "", "reason"),
        ):
            with pytest.raises(InvalidInput) as refused:
                services.ask_later_day(work, task, day=day, reason=reason)
            assert list(refused.value.fields) == [field]
        services.ask_later_day(work, task, day=LATER + timedelta(days=5), reason="Mưa lớn")
        assert services.task_counts(work).later_asked == 1
        services.decide_later_day(work, task, agreed=False)
        assert (task.due_on, task.requested_due_on) == (LATER, None)
        services.ask_later_day(work, task, day=LATER + timedelta(days=5), reason="Mưa lớn")
        services.decide_later_day(work, task, agreed=True)
        assert task.due_on == LATER + timedelta(days=5)
        with pytest.raises(RuleBroken):
            services.decide_later_day(work, task, agreed=True)


def test_a_task_is_carried_over_by_a_linked_one(branch) -> None:
    with branch.work() as work:
        task = services.give_task(work, facts(branch))
        with pytest.raises(InvalidInput):
            services.carry_over(work, task, due_on=LATER)
        new = services.carry_over(work, task, due_on=date(2026, 12, 20))
        assert (task.state, new.carried_from_id, new.owner_id) == (
            "carried",
            task.id,
            task.owner_id,
        )
        with pytest.raises(RuleBroken):
            services.report_task(work, task, "Xong")


def test_a_task_is_dropped_with_a_reason(branch) -> None:
    with branch.work() as work:
        task = services.give_task(work, facts(branch))
        with pytest.raises(InvalidInput):
            services.drop_task(work, task, reason="")
        services.drop_task(work, task, reason="Phường đã làm")
        assert task.state == "dropped"


def test_a_task_is_corrected_while_it_is_open(branch) -> None:
    with branch.work() as work:
        task = services.give_task(work, facts(branch))
        services.change_task(work, task, facts(branch, owner_id=branch.people[3].id))
        assert task.owner_name == "Trần Thị Ánh"
        services.finish_task(work, task)
        with pytest.raises(RuleBroken):
            services.change_task(work, task, facts(branch))


def test_owners_of_overdue_tasks_are_reminded_once_with_one_notice(branch) -> None:
    with branch.work() as work:
        for person in branch.people[2:5]:
            services.give_task(work, facts(branch, owner_id=person.id))
    branch.later(days=12)
    with branch.work() as work:
        before = work.session.scalar(sa.select(sa.func.count()).select_from(Notice))
        assert services.remind_overdue(work) == 3
        after = work.session.scalar(sa.select(sa.func.count()).select_from(Notice))
        tasks, _cursor = services.list_tasks(work, state="overdue")
    assert after - before == 1
    assert [task.times_reminded for task in tasks] == [1, 1, 1]


def test_tasks_are_listed_by_day_and_counted(branch) -> None:
    with branch.work() as work:
        for number in range(4):
            services.give_task(
                work, facts(branch, title=f"Việc {number}", due_on=LATER + timedelta(days=number))
            )
        first, cursor = services.list_tasks(work, state="open", limit=3)
        rest, end = services.list_tasks(work, state="open", limit=3, cursor=cursor or "")
        services.finish_task(work, first[0])
        counts = services.task_counts(work)
    assert [task.title for task in first + rest] == [f"Việc {n}" for n in range(4)]
    assert end is None
    assert (counts.open, counts.done, counts.overdue, counts.this_month) == (3, 1, 0, 3)


def test_overdue_tasks_are_seen_by_the_committee_above(branch) -> None:
    with branch.work() as work:
        services.give_task(work, facts(branch))
    branch.later(days=12)
    with branch.world.work(branch.commune, "W") as work:
        tasks, _cursor = services.list_tasks(work, state="overdue", subtree=True)
        assert len(tasks) == 1
        assert services.shown_state(tasks[0], work.today) == "overdue"


def test_an_empty_list_of_tasks_says_what_to_do(branch) -> None:
    with branch.work() as work:
        assert "Chưa giao việc nào" in services.counts_sentence(services.task_counts(work))
        services.give_task(work, facts(branch))
        assert "0 quá hạn" in services.counts_sentence(services.task_counts(work))
