"""Step 3: who must attend, ticks, quorum, guests, items, the end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from core.errors import InvalidInput, NotFound, RuleBroken
from core.members.models import MemberStatus
from core.testing import counted
from plugins.meetings import services
from plugins.meetings.services import ItemFacts, Tick


def test_a_whole_meeting_is_held_and_locked(branch) -> None:
    with branch.work() as work:
        meeting = branch.locked(work)
        figures = (meeting.required, meeting.attended, meeting.entitled, meeting.entitled_present)
    assert meeting.state == "closed"
    assert figures == (10, 10, 10, 10)


def test_the_roll_is_frozen_from_the_membership_of_the_day(branch) -> None:
    world = branch.world
    world.member("B1", "Cao Thị Lan", status="exempt")
    world.member("B1", "Mai Văn Minh", status="probationary")
    branch.temporary(branch.people[8], "B2")
    branch.condition(branch.people[7], "suspended")
    branch.condition(branch.people[6], "excused")
    branch.condition(branch.people[5], "away")
    guest = world.member("B2", "Đặng Thị Dung")
    branch.temporary(guest, "B1")
    with branch.work() as work:
        meeting = branch.opened(work)
        roll = services.roll(work, meeting)
    standing = {line.name: line.standing for line in roll.lines}
    assert standing["Cao Thị Lan"] == "exempt"
    assert standing["Bùi Văn Giang"] == "elsewhere"
    assert standing["Võ Thị Đào"] == "suspended"
    assert standing["Đặng Quang Dũng"] == "excused"
    assert standing["Hoàng Văn Châu"] == "official"
    assert [line.name for line in roll.temporary] == ["Đặng Thị Dung"]
    assert not roll.temporary[0].is_entitled
    assert (meeting.members, meeting.official, meeting.probationary) == (12, 11, 1)
    assert (meeting.required, meeting.entitled, meeting.elsewhere) == (8, 7, 1)
    assert roll.unmarked == 8


def test_the_roll_is_in_vietnamese_order_of_given_names(branch) -> None:
    with branch.work() as work:
        roll = services.roll(work, branch.opened(work))
    names = [line.name.split()[-1] for line in roll.required]
    assert names == ["An", "Ánh", "Ân", "Bình", "Châu", "Dũng", "Đào", "Giang", "Hải", "Hoa"]


def test_a_member_who_arrives_later_is_not_on_the_roll(branch) -> None:
    with branch.work() as work:
        meeting = branch.opened(work)
    branch.world.member("B1", "Người Mới", since=date(2026, 11, 1))
    with branch.work() as work:
        assert len(services.roll(work, meeting).lines) == 10


def test_before_the_day_the_roll_shows_who_is_expected(branch) -> None:
    with branch.work() as work:
        roll = services.roll(work, branch.announced(work))
    assert len(roll.required) == 10
    assert not roll.quorum.is_met


def test_the_roll_is_not_taken_before_the_day(branch) -> None:
    with pytest.raises(RuleBroken), branch.work() as work:
        services.open_roll(work, branch.announced(work))


def test_a_branch_without_members_has_no_roll(branch) -> None:
    branch.world.unit("B3", "branch", "W")
    staff = branch.world.account("branch_secretary", "B3")
    with pytest.raises(RuleBroken), branch.world.work(staff, "B3") as work:
        branch.opened(work, chair_id=None, clerk_id=None)


def test_a_tap_marks_somebody_present_and_the_next_takes_it_back(branch) -> None:
    with branch.work() as work:
        meeting = branch.opened(work)
        line = services.roll(work, meeting).required[0]
        line = services.tick(work, meeting, line.member_id, services.next_mark(line))
        assert (line.state, meeting.attended) == ("present", 1)
        line = services.tick(work, meeting, line.member_id, services.next_mark(line))
        assert (line.state, meeting.attended) == (None, 0)


def test_each_way_of_attending_counts_where_it_belongs(branch) -> None:
    ids = [person.id for person in branch.people]
    with branch.work() as work:
        meeting = branch.opened(work)
        services.tick_many(
            work,
            meeting,
            {
                ids[0]: Tick("present"),
                ids[1]: Tick("online"),
                ids[2]: Tick("late"),
                ids[3]: Tick("left_early"),
                ids[4]: Tick("excused", "health"),
                ids[5]: Tick("absent"),
            },
        )
    assert (meeting.attended, meeting.online) == (4, 1)
    assert (meeting.excused, meeting.absent, meeting.entitled_present) == (1, 1, 4)


def test_an_exempt_member_who_came_is_not_in_the_rate(branch) -> None:
    exempt = branch.world.member("B1", "Cao Thị Lan", status="exempt")
    with branch.work() as work:
        meeting = branch.opened(work)
        branch.all_present(work, meeting)
        line = services.tick(work, meeting, exempt.id, Tick("present"))
        assert (meeting.attended, meeting.required, meeting.exempt) == (10, 10, 1)
        assert services.next_mark(line) == Tick("not_required")


@pytest.mark.parametrize(
    ("mark", "field"),
    [
        (Tick("excused"), "reason"),
        (Tick("excused", "laziness"), "reason"),
        (Tick("asleep"), "state"),
        (Tick("not_required"), "state"),
    ],
)
def test_a_mark_that_does_not_fit_is_refused(branch, mark, field) -> None:
    with pytest.raises(InvalidInput) as refused, branch.work() as work:
        services.tick(work, branch.opened(work), branch.people[0].id, mark)
    assert list(refused.value.fields) == [field]


def test_who_need_not_come_cannot_be_absent(branch) -> None:
    exempt = branch.world.member("B1", "Cao Thị Lan", status="exempt")
    with pytest.raises(InvalidInput), branch.work() as work:
        services.tick(work, branch.opened(work), exempt.id, Tick("absent"))


def test_who_is_not_on_the_roll_is_not_marked(branch) -> None:
    stranger = branch.world.member("B2", "Trần Văn Xa")
    with pytest.raises(InvalidInput), branch.work() as work:
        services.tick(work, branch.opened(work), stranger.id, Tick("present"))


def test_nobody_is_marked_before_the_roll_is_open_or_after_it_is_locked(branch) -> None:
    with branch.work() as work:
        meeting = branch.planned(work)
        with pytest.raises(RuleBroken):
            services.tick(work, meeting, branch.people[0].id, Tick("present"))
        services.discard(work, meeting)
        locked = branch.locked(work)
        with pytest.raises(RuleBroken):
            services.tick(work, locked, branch.people[0].id, Tick("absent"))


def test_forty_people_are_marked_with_a_handful_of_statements(branch) -> None:
    people = [branch.world.member("B1", f"Nguyễn Văn Số {n}") for n in range(30)]
    with branch.work() as work:
        meeting = branch.opened(work)
    marks = {person.id: Tick("present") for person in [*branch.people, *people]}
    with branch.work() as work:
        meeting = services.access_meeting(work, meeting.id)
        with counted(work.session.get_bind().engine) as counter:
            assert services.tick_many(work, meeting, marks) == 40
        assert counter.count <= 6
    assert meeting.attended == 40


def test_one_tap_costs_a_few_statements(branch) -> None:
    with branch.work() as work:
        meeting = branch.opened(work)
        with counted(work.session.get_bind().engine) as counter:
            services.tick(work, meeting, branch.people[0].id, Tick("present"))
        assert counter.count <= 4


def test_two_people_tick_at_once_without_a_conflict(branch) -> None:
    with branch.work() as work:
        meeting = branch.opened(work)
    with branch.work() as one, branch.work() as two:
        first = services.access_meeting(one, meeting.id)
        second = services.access_meeting(two, meeting.id)
        services.tick(one, first, branch.people[0].id, Tick("present"))
        services.tick(two, second, branch.people[1].id, Tick("present"))
    with branch.work() as work:
        assert services.access_meeting(work, meeting.id).attended == 2


def test_temporary_members_count_and_vote_where_local_practice_wants_it(branch) -> None:
    guest = branch.world.member("B2", "Đặng Thị Dung")
    branch.temporary(guest, "B1")
    branch.world.give("meetings.temporary_members_vote", value=True, unit="W")
    branch.world.give("meetings.temporary_members_count", value=True, unit="W")
    with branch.work() as work:
        meeting = branch.opened(work)
        assert (meeting.required, meeting.entitled, meeting.members) == (11, 11, 10)


def test_the_quorum_is_of_those_entitled(branch) -> None:
    ids = [person.id for person in branch.people]
    with branch.work() as work:
        meeting = branch.opened(work)
        services.tick_many(work, meeting, {key: Tick("present") for key in ids[:5]})
        quorum = services.quorum(work, meeting)
        assert (quorum.entitled_present, quorum.needed, quorum.is_met) == (5, 6, False)
        services.tick(work, meeting, ids[5], Tick("late"))
        quorum = services.quorum(work, meeting)
        assert quorum.is_met
        assert "6/10" in quorum.sentence


def test_the_share_of_the_quorum_is_a_setting_and_names_its_source(branch) -> None:
    branch.world.give("meetings.quorum", "two_thirds", "W")
    with branch.work() as work:
        meeting = branch.opened(work)
        services.tick_many(
            work, meeting, {person.id: Tick("present") for person in branch.people[:6]}
        )
        quorum = services.quorum(work, meeting)
    assert (quorum.needed, quorum.is_met) == (7, False)
    assert "Bắc Hồng Lĩnh" in quorum.sentence


def test_guests_are_added_announced_or_not_and_counted(branch) -> None:
    official = branch.world.member("B2", "Trần Thị Dung")
    with branch.world.work(branch.commune, "W") as work:
        [row] = services.assign_official(
            work,
            unit_ids=[branch.world.place("B1").id],
            official_id=official.id,
            role="Đảng ủy viên",
        )
    with branch.work() as work:
        meeting = branch.opened(work)
        visitor = services.add_visitor(
            work, meeting, name="", assignment_id=row.id, was_announced=False
        )
        services.add_visitor(work, meeting, name="Trưởng ban công tác mặt trận")
        assert (visitor.name, visitor.role) == ("Trần Thị Dung", "Đảng ủy viên")
        assert visitor.is_superior
        assert meeting.guests == 2
        services.remove_visitor(work, meeting, visitor.id)
        assert meeting.guests == 1
        with pytest.raises(NotFound):
            services.remove_visitor(work, meeting, visitor.id)
        with pytest.raises(InvalidInput):
            services.add_visitor(work, meeting, name=" ")
        with pytest.raises(InvalidInput):
            services.add_visitor(work, meeting, name="X", assignment_id=meeting.id)


def test_items_are_begun_once_and_concluded_with_a_text(branch) -> None:
    with branch.work() as work:
        meeting = branch.opened(work)
        item = services.list_items(work, meeting)[0]
        services.start_item(work, meeting, item)
        began = item.started_at
    branch.later(minutes=3)
    with branch.work() as work:
        meeting = services.access_meeting(work, meeting.id)
        item = services.access_item(work, meeting, item.id)
        services.start_item(work, meeting, item)
        assert item.started_at == began
        with pytest.raises(InvalidInput):
            services.conclude_item(work, meeting, item, conclusion=" ")
        services.conclude_item(work, meeting, item, conclusion="Thống nhất.", discussion="Nhiều ý")
        assert item.concluded_at is not None
        with pytest.raises(RuleBroken):
            services.remove_item(work, meeting, item)


def test_an_item_may_be_added_while_the_meeting_is_going_on(branch) -> None:
    with branch.work() as work:
        meeting = branch.opened(work)
        services.add_item(work, meeting, ItemFacts("Việc đột xuất"))
        assert services.list_items(work, meeting)[-1].title == "Việc đột xuất"


def test_real_times_are_checked_against_each_other_and_the_day(branch) -> None:
    with branch.work() as work:
        meeting = branch.opened(work)
        hour = timedelta(hours=1)
        for started, ended, field in (
            (work.now + hour, None, "started_at"),
            (work.now - hour, work.now - 2 * hour, "ended_at"),
            (work.now - hour, work.now + hour, "ended_at"),
            (work.now - 30 * hour, work.now, "ended_at"),
            (work.now - 20 * hour, work.now, "started_at"),
        ):
            with pytest.raises(InvalidInput) as refused:
                services.set_times(work, meeting, started_at=started, ended_at=ended)
            assert list(refused.value.fields) == [field]
        services.set_times(work, meeting, started_at=work.now - 2 * hour, ended_at=work.now - hour)
        assert meeting.ended_at - meeting.started_at == hour


def test_the_meeting_ends_and_its_minutes_begin(branch) -> None:
    with branch.work() as work:
        meeting = branch.opened(work)
        minutes = services.end_meeting(work, meeting)
        assert (meeting.state, minutes.state, minutes.version) == ("minutes", "draft", 1)
        assert services.end_meeting(work, meeting).id == minutes.id


def test_one_statement_reads_the_membership_of_a_day(branch) -> None:
    with branch.work() as work:
        unit_id = work.unit.id
        services.expected(work, unit_id, date(2026, 11, 9))  # from now on the settings are known
        with counted(work.session.get_bind().engine) as counter:
            people = services.expected(work, unit_id, date(2026, 11, 10))
        assert (len(people), counter.count) == (10, 1)


def test_a_past_days_roll_follows_the_status_of_that_day(branch) -> None:
    member = branch.people[0]
    with branch.world.work() as work:
        row = work.session.scalar(
            sa.select(MemberStatus).where(MemberStatus.member_id == member.id)
        )
        row.valid_to = date(2026, 6, 1)
        work.session.add(
            MemberStatus(
                member_id=member.id,
                status="exempt",
                valid_from=date(2026, 6, 1),
                valid_to=date(9999, 12, 31),
            )
        )
    with branch.work() as work:
        then = {p.id: p for p in services.expected(work, work.unit.id, date(2026, 5, 31))}
        now = {p.id: p for p in services.expected(work, work.unit.id, date(2026, 6, 1))}
    assert then[member.id].is_required
    assert not now[member.id].is_required
