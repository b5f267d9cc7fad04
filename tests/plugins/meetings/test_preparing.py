"""Step 1: the plan, the agenda with reasons, what is missing, the committee."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.errors import Changed, InvalidInput, NotFound, RuleBroken
from plugins.meetings import services
from plugins.meetings.services import ItemFacts, TaskFacts
from tests.plugins.meetings.builders import EVENING, NOVEMBER


def test_the_next_meeting_is_proposed_from_the_settings(branch) -> None:
    branch.world.give("meetings.meeting_day", 31, "B1")
    branch.world.give("meetings.meeting_time", "07:30", "B1")
    branch.world.give("meetings.meeting_place", "Nhà văn hóa", "B1")
    with branch.work() as work:
        facts = services.propose_facts(work)
    assert facts.for_month == NOVEMBER
    assert facts.starts_at.isoformat() == "2026-11-30T07:30:00+07:00"
    assert facts.ends_at - facts.starts_at == timedelta(minutes=90)
    assert facts.place == "Nhà văn hóa"


def test_a_month_that_has_its_meeting_is_not_proposed_again(branch) -> None:
    with branch.work() as work:
        branch.planned(work)
        assert services.propose_facts(work).for_month == date(2026, 12, 1)


def test_the_agenda_comes_from_the_template_of_the_sector_with_reasons(branch) -> None:
    with branch.work() as work:
        meeting = branch.planned(work)
        items = services.list_items(work, meeting)
    assert [item.order for item in items] == list(range(1, len(items) + 1))
    assert any("khu dân cư" in item.title for item in items)
    assert all(item.reason for item in items)
    assert sum(item.minutes for item in items) >= 90


def test_unfinished_tasks_of_last_month_are_proposed_with_owner_and_day(branch) -> None:
    with branch.work() as work:
        task = services.give_task(work, TaskFacts("Dọn vệ sinh", branch.people[2].id, work.today))
    branch.later(days=1)
    with branch.work() as work:
        meeting = branch.planned(work)
        found = [i for i in services.list_items(work, meeting) if i.origin == "task"]
    assert [item.origin_id for item in found] == [task.id]
    assert "Nguyễn Văn An" in found[0].reason
    assert "10/11/2026" in found[0].reason


def test_what_is_on_the_agenda_is_not_proposed_again(branch) -> None:
    with branch.work() as work:
        meeting = branch.planned(work)
        assert services.propose_agenda(work, meeting) == []


def test_the_months_material_is_proposed_where_news_stand(branch) -> None:
    with branch.work(branch.commune, "W") as work:
        material = services.draft_material(
            work,
            for_month=NOVEMBER,
            title="Tài liệu tháng 11",
            points=[{"title": "Thông báo nhanh", "minutes": 7}],
            opens_on=work.today,
        )
        services.publish_material(work, material)
    with branch.work() as work:
        meeting = branch.planned(work)
        items = services.list_items(work, meeting)
    assert [item.origin for item in items][:3] == ["template", "template", "material"]
    assert items[2].minutes == 7
    assert meeting.used_material


def test_what_is_missing_is_said_in_plain_words(branch) -> None:
    with branch.work() as work:
        meeting = branch.planned(
            work, with_agenda=False, place="", chair_id=None, clerk_id=None, starts_at=None,
            ends_at=None,
        )  # fmt: skip
        assert len(services.what_is_missing(work, meeting)) == 5
        services.add_item(work, meeting, ItemFacts("Việc chung", minutes=80))
        missing = services.what_is_missing(work, meeting)
    assert any("80" in sentence and "90" in sentence for sentence in missing)


def test_a_regular_meeting_with_a_theme_must_be_longer(branch) -> None:
    with branch.work() as work:
        meeting = branch.planned(work, is_thematic=True, theme="Học tập và làm theo Bác")
        assert services.least_minutes(work, meeting) == 120
        meeting.is_thematic = False
        assert services.least_minutes(work, meeting) == 90


def test_a_small_branch_may_have_a_smaller_number_from_above(branch) -> None:
    branch.world.give("meetings.minimum_minutes", 45, "B1")
    with branch.work() as work:
        assert services.least_minutes(work, branch.planned(work)) == 45


def test_a_branch_has_one_regular_meeting_a_month(branch) -> None:
    with branch.work() as work:
        branch.planned(work)
    with pytest.raises(RuleBroken) as refused, branch.work() as work:
        branch.planned(work)
    assert "for_month" in refused.value.fields


def test_a_thematic_meeting_of_its_own_stands_beside_the_regular_one(branch) -> None:
    with branch.work() as work:
        branch.planned(work)
        other = branch.planned(work, is_regular=False, is_thematic=True, theme="Chuyển đổi số")
        assert not other.is_regular


def test_after_a_meeting_that_is_not_held_another_may_be_prepared(branch) -> None:
    with branch.work() as work:
        services.cancel(work, branch.planned(work), reason="Bão số 12")
        assert branch.planned(work).state == "preparing"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_at": EVENING - timedelta(days=30)}, "starts_at"),
        ({"starts_at": EVENING + timedelta(days=900), "ends_at": None}, "starts_at"),
        ({"ends_at": EVENING}, "ends_at"),
        ({"is_regular": False}, "is_regular"),
        ({"is_thematic": True}, "theme"),
        ({"for_month": date(2028, 6, 1)}, "for_month"),
        ({"kind": "party"}, "kind"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(branch, changes, field) -> None:
    with pytest.raises(InvalidInput) as refused, branch.work() as work:
        branch.planned(work, **changes)
    assert list(refused.value.fields) == [field]


def test_meetings_are_not_held_online_where_it_is_not_allowed(branch) -> None:
    branch.world.give("meetings.online_allowed", value=False, unit="W")
    with pytest.raises(InvalidInput) as refused, branch.work() as work:
        branch.planned(work, mode="online")
    assert list(refused.value.fields) == ["mode"]


def test_only_members_of_the_branch_chair_it(branch) -> None:
    stranger = branch.world.member("B2", "Trần Văn Xa")
    with pytest.raises(InvalidInput), branch.work() as work:
        branch.planned(work, chair_id=stranger.id)


def test_a_commune_holds_no_branch_meeting(branch) -> None:
    with pytest.raises(RuleBroken), branch.world.work(branch.commune, "W") as work:
        services.schedule_meeting(work, branch.facts(chair_id=None, clerk_id=None))


def test_items_are_added_moved_ordered_and_removed(branch) -> None:
    with branch.work() as work:
        meeting = branch.planned(work, with_agenda=False)
        one, two, three = (
            services.add_item(work, meeting, ItemFacts(title)) for title in ("Một", "Hai", "Ba")
        )
        services.move_item(work, meeting, three, up=True)
        services.move_item(work, meeting, one, up=True)
        assert [i.title for i in services.list_items(work, meeting)] == ["Một", "Ba", "Hai"]
        services.order_items(work, meeting, [two.id, three.id, one.id])
        services.remove_item(work, meeting, three)
        assert [i.title for i in services.list_items(work, meeting)] == ["Hai", "Một"]


def test_an_order_that_misses_an_item_is_refused(branch) -> None:
    with pytest.raises(InvalidInput), branch.work() as work:
        meeting = branch.planned(work)
        items = services.list_items(work, meeting)
        services.order_items(work, meeting, [item.id for item in items[1:]])


@pytest.mark.parametrize(
    "facts", [ItemFacts(" "), ItemFacts("Việc", minutes=-1), ItemFacts("Việc", minutes=601)]
)
def test_an_item_without_title_or_with_odd_minutes_is_refused(branch, facts) -> None:
    with pytest.raises(InvalidInput), branch.work() as work:
        services.add_item(work, branch.planned(work), facts)


def test_an_agenda_has_an_end(branch) -> None:
    with pytest.raises(RuleBroken), branch.work() as work:
        meeting = branch.planned(work, with_agenda=False)
        for number in range(41):
            services.add_item(work, meeting, ItemFacts(f"Việc {number}"))


def test_the_committee_is_asked_about_an_agenda_and_agrees(branch) -> None:
    with branch.work() as work:
        meeting = branch.planned(work)
        services.ask_committee(work, meeting)
        assert meeting.state == "asked"
        services.committee_agreed(work, meeting, date(2026, 11, 9))
        assert (meeting.state, meeting.agreed_on) == ("agreed", date(2026, 11, 9))


def test_the_committee_is_not_asked_about_nothing_nor_in_the_future(branch) -> None:
    with branch.work() as work:
        meeting = branch.planned(work, with_agenda=False)
        with pytest.raises(RuleBroken):
            services.ask_committee(work, meeting)
        with pytest.raises(InvalidInput):
            services.committee_agreed(work, meeting, work.today + timedelta(days=1))


def test_the_plan_of_a_meeting_in_progress_stays(branch) -> None:
    with pytest.raises(RuleBroken), branch.work() as work:
        meeting = branch.opened(work)
        services.change_meeting(work, meeting, branch.facts(place="Nơi khác"))


def test_a_plan_is_changed_before_the_meeting(branch) -> None:
    with branch.work() as work:
        meeting = branch.planned(work)
        services.change_meeting(work, meeting, branch.facts(place="Trường học"))
        assert meeting.place == "Trường học"


def test_a_time_everybody_was_told_is_only_put_off(branch) -> None:
    with pytest.raises(InvalidInput) as refused, branch.work() as work:
        meeting = branch.announced(work)
        services.change_meeting(work, meeting, branch.facts(starts_at=EVENING + timedelta(hours=1)))
    assert list(refused.value.fields) == ["starts_at"]


def test_a_meeting_of_another_branch_is_not_found(branch) -> None:
    other = branch.world.account("branch_secretary", "B2")
    with branch.work() as work:
        meeting = branch.planned(work)
    with pytest.raises(NotFound), branch.world.work(other, "B2") as work:
        services.access_meeting(work, meeting.id)
    with pytest.raises(NotFound), branch.world.work(branch.commune, "W") as work:
        services.access_meeting(work, meeting.id)


def test_who_writes_over_a_change_of_others_is_told(branch) -> None:
    with branch.work() as work:
        meeting = branch.planned(work)
    with branch.work() as work:
        fresh = services.access_meeting(work, meeting.id)
        services.change_meeting(work, fresh, branch.facts(place="Trường học"))
    with pytest.raises(Changed), branch.work() as work:
        services.access_meeting(work, meeting.id, revision=meeting.revision)


def test_a_meeting_made_by_mistake_is_voided_unless_somebody_was_told(branch) -> None:
    with branch.work() as work:
        meeting = branch.planned(work)
        services.discard(work, meeting)
    with pytest.raises(NotFound), branch.work() as work:
        services.access_meeting(work, meeting.id)
    with pytest.raises(RuleBroken), branch.work() as work:
        services.discard(work, branch.announced(work))


def test_meetings_are_listed_a_page_at_a_time(branch) -> None:
    with branch.work() as work:
        for month in (9, 10, 11, 12):
            branch.planned(
                work,
                with_agenda=False,
                for_month=date(2026, month, 1),
                starts_at=None,
                ends_at=None,
            )
        first, cursor = services.list_meetings(work, limit=3)
        rest, end = services.list_meetings(work, limit=3, cursor=cursor or "")
        up, _cursor = services.list_meetings(work, sort="for_month")
        one, _cursor = services.list_meetings(work, month=date(2026, 10, 1))
    assert [m.for_month.month for m in first + rest] == [12, 11, 10, 9]
    assert end is None
    assert [m.for_month.month for m in up] == [9, 10, 11, 12]
    assert [m.for_month.month for m in one] == [10]


def test_the_commune_lists_the_meetings_of_its_branches(branch) -> None:
    with branch.work() as work:
        branch.planned(work)
    with branch.world.work(branch.commune, "W") as work:
        assert services.list_meetings(work)[0] == []
        assert len(services.list_meetings(work, subtree=True)[0]) == 1


@pytest.mark.parametrize("cursor", ["x", "!!!", "bnVsbA", "WzFd", "é"])
def test_a_cursor_that_cannot_be_read_is_refused(branch, cursor) -> None:
    with pytest.raises(InvalidInput), branch.work() as work:
        services.list_meetings(work, cursor=cursor)


def test_the_five_steps_follow_the_meeting(branch) -> None:
    with branch.work() as work:
        assert [s.state for s in services.steps(work, None)][:2] == ["now", "later"]
        meeting = branch.announced(work)
        assert [s.state for s in services.steps(work, meeting)][:3] == ["done", "done", "now"]
