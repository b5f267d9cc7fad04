"""What meetings offer to core: cards, hits, calendar, panels, evidence, one's data, objections."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from core.errors import RuleBroken
from core.home.services import my_cards
from core.notices.models import Notice
from core.periods import Period
from core.testing import counted
from core.units.services import void_unit
from plugins.meetings import services
from plugins.meetings.models import Attendance, Meeting, Task, Told
from plugins.meetings.services import TaskFacts, Tick
from tests.plugins.meetings.builders import ballot, resolution


def cards_of(branch, account):
    with branch.world.work(account, "ROOT", writing=False) as work:
        return my_cards(work)


def test_a_secretary_is_told_that_no_meeting_is_planned(branch) -> None:
    [card] = cards_of(branch, branch.secretary)
    assert card.endpoint == "meetings.schedule"
    assert card.values == {"unit": "B1"}
    assert "tháng 11" in card.text


def test_the_card_of_a_meeting_leads_to_its_next_step(branch) -> None:
    with branch.work() as work:
        meeting = branch.planned(work)
    card = cards_of(branch, branch.secretary)[0]
    assert (card.endpoint, len(card.steps)) == ("meetings.prepare", 5)
    with branch.work() as work:
        meeting = services.access_meeting(work, meeting.id)
        services.committee_agreed(work, meeting)
        services.announce(work, meeting)
    card = cards_of(branch, branch.secretary)[0]
    assert (card.endpoint, card.due_on) == ("meetings.hold", date(2026, 11, 12))


def test_a_month_that_is_done_asks_for_nothing(branch) -> None:
    with branch.work() as work:
        branch.locked(work)
    assert cards_of(branch, branch.secretary) == []


def test_overdue_tasks_stand_on_a_card_of_the_branch_and_of_their_owner(branch) -> None:
    owner = branch.world.account("member", "B1", member=branch.people[2])
    with branch.work() as work:
        services.give_task(work, TaskFacts("Quét", branch.people[2].id, date(2026, 11, 12)))
        branch.locked(work)
    branch.later(days=5)
    [card] = cards_of(branch, branch.secretary)
    assert (card.endpoint, card.chip_kind) == ("meetings.tasks", "late")
    [own] = cards_of(branch, owner)
    assert own.endpoint == "meetings.mine"
    assert "Quét" in own.lines[0]


def test_a_member_is_asked_to_the_next_meeting(branch) -> None:
    member = branch.world.account("member", "B1", member=branch.people[4])
    with branch.work() as work:
        meeting = branch.announced(work)
    [card] = cards_of(branch, member)
    assert card.endpoint == "meetings.my_meeting"
    assert card.values == {"unit": "B1", "meeting_id": meeting.id}


def test_the_commune_sees_how_the_month_stands(branch) -> None:
    [card] = cards_of(branch, branch.commune)
    assert card.endpoint == "meetings.month"
    assert "0/2" in card.text


def test_whoever_follows_branches_sees_their_next_meetings(branch) -> None:
    official = branch.world.member("B2", "Trần Thị Dung")
    follower = branch.world.account("follower", "W", member=official)
    with branch.world.work(branch.commune, "W") as work:
        services.assign_official(
            work, unit_ids=[branch.world.place("B1").id], official_id=official.id
        )
    with branch.work() as work:
        branch.announced(work)
    found = [card for card in cards_of(branch, follower) if card.endpoint == "meetings.show"]
    assert "Phúc Sơn" in found[0].lines[0]


def test_all_cards_of_a_secretary_cost_a_few_statements(branch) -> None:
    with branch.work() as work:
        branch.announced(work)
    with branch.world.work(branch.secretary, "B1", writing=False) as work:
        with counted(work.session.get_bind().engine) as counter:
            services.work_cards_of(work)
        assert counter.count <= 8


def test_meetings_and_resolutions_are_found_without_marks(branch) -> None:
    with branch.work() as work:
        meeting = branch.opened(work, is_thematic=True, theme="Chuyển đổi số")
        branch.all_present(work, meeting)
        services.make_resolution(work, meeting, None, resolution())
        assert [h.values["meeting_id"] for h in services.hits_of(work, "chuyen doi", 5)] == [
            meeting.id
        ]
        assert services.hits_of(work, "ve sinh moi truong", 5)[0].title.startswith("Tăng cường")
        assert services.hits_of(work, "x", 5) == []
    stranger = branch.world.account("branch_secretary", "B2")
    with branch.world.work(stranger, "B2") as work:
        assert services.hits_of(work, "chuyen doi", 5) == []


def test_announced_meetings_stand_in_a_members_calendar(branch) -> None:
    member = branch.world.account("member", "B1", member=branch.people[4])
    with branch.work() as work:
        branch.announced(work)
    with branch.world.work(member, "B1") as work:
        [event] = services.events_of(work, work.now, work.now + timedelta(days=30))
        assert services.events_of(work, work.now - timedelta(days=30), work.now) == []
    assert event.title == "Sinh hoạt chi bộ thường kỳ"
    assert event.values["unit"] == "B1"


def test_the_overview_has_a_panel_for_a_committee_and_for_a_branch(branch) -> None:
    with branch.world.work(branch.commune, "W") as work:
        [panel] = services.panels_of(work, Period.parse("2026"))
    assert panel.figures[0][1] == "0/2 (0%)"
    with branch.work() as work:
        branch.locked(work)
        [panel] = services.panels_of(work, Period.parse("2026"))
    assert panel.figures[0][1] == "10/10 (100%)"


def test_facts_for_the_yearly_review_are_counts_with_their_base(branch) -> None:
    ids = [person.id for person in branch.people]
    with branch.work() as work:
        meeting = branch.opened(work)
        branch.all_present(work, meeting)
        services.tick(work, meeting, ids[3], Tick("absent"))
        task = services.give_task(work, TaskFacts("Quét", ids[2], date(2026, 11, 20)))
        services.finish_task(work, task)
        work.session.flush()
        with counted(work.session.get_bind().engine) as counter:
            found = work.hooks.evidence(
                member_ids=ids, start=date(2026, 1, 1), end=date(2027, 1, 1)
            )
        assert len([one for one in counter.statements if "meetings_" in one]) == 2
    facts = {(e.member_id, e.key): (e.number, e.base) for e in found}
    assert facts[(ids[2], "meetings.attended")] == (1, 1)
    assert facts[(ids[3], "meetings.absent")] == (1, 1)
    assert facts[(ids[2], "meetings.tasks_on_time")] == (1, 1)
    assert (ids[4], "meetings.absent") not in facts


def test_a_person_gets_everything_kept_about_them(branch) -> None:
    key = branch.people[2].id
    with branch.work() as work:
        meeting = branch.announced(work)
        services.mark_told(work, meeting, [key], "phone")
        services.give_task(work, TaskFacts("Quét", key, date(2026, 11, 20)))
        data = services.data_of(work, key)
        assert data["tasks"][0]["title"] == "Quét"
        assert data["told"][0]["how"] == "phone"
        assert services.data_of(work, branch.people[5].id) == {}


def test_erasure_takes_names_reasons_and_reports_and_leaves_figures(branch) -> None:
    key = branch.people[2].id
    with branch.work() as work:
        meeting = branch.opened(work)
        branch.all_present(work, meeting)
        services.tick(work, meeting, key, Tick("excused", "health"))
        task = services.give_task(work, TaskFacts("Quét", key, date(2026, 11, 20)))
        services.report_task(work, task, "Đã quét")
        services.erase(work, key)
    with branch.work() as work:
        meeting = services.access_meeting(work, meeting.id)
        line = next(x for x in services.roll(work, meeting).lines if x.member_id == key)
        task = services.access_task(work, task.id)
    assert (line.name, line.reason, line.state) == ("(đã xóa)", "", "excused")
    assert (task.owner_name, task.report) == ("(đã xóa)", "")
    assert (meeting.excused, meeting.attended) == (1, 9)
    assert branch.world.rows(Told) == 0


def test_rows_of_a_merged_record_move_and_come_back(branch) -> None:
    kept, merged, other = (person.id for person in branch.people[:3])
    with branch.work() as work:
        meeting = branch.opened(work, chair_id=merged)
        services.give_task(work, TaskFacts("Quét", merged, date(2026, 11, 20)))
        work.session.execute(
            sa.delete(Attendance).where(
                Attendance.member_id == kept, Attendance.meeting_id == meeting.id
            )
        )
        services.move_rows(work, kept, merged)

    def state():
        with branch.world.work() as work:
            scope = {"execution_options": {"unscoped": "test"}}
            return (
                work.session.scalar(sa.select(Task.owner_id), **scope),
                work.session.scalar(sa.select(Meeting.chair_id), **scope),
                set(work.session.scalars(sa.select(Attendance.member_id))) & {kept, merged},
            )

    assert state() == (kept, kept, {kept})
    with branch.work() as work:
        services.move_rows(work, merged, kept)
    assert state() == (merged, merged, {merged})
    assert other not in (kept, merged)


def test_a_unit_does_not_end_while_its_meeting_goes_on_nor_is_it_voided(branch) -> None:
    with branch.work() as work:
        services.object_to_ending(work, work.unit.id)
        meeting = branch.opened(work)
        with pytest.raises(RuleBroken):
            services.object_to_ending(work, work.unit.id)
        services.end_meeting(work, meeting)
        services.object_to_ending(work, work.unit.id)
    with pytest.raises(RuleBroken), branch.world.work() as work:
        void_unit(work, branch.world.place("B1", work), reason="nhầm")


def test_a_failed_ballot_is_no_evidence_against_anybody(branch) -> None:
    with branch.work() as work:
        meeting = branch.opened(work)
        branch.all_present(work, meeting)
        services.record_vote(work, meeting, None, ballot(in_favour=4, against=6))
        names = set(services.data_of(work, branch.people[2].id))
    assert names == {"attendance"}


def test_reasons_are_erased_when_their_time_has_passed_and_figures_stay(branch) -> None:
    branch.world.give("meetings.keep_reasons_months", 6, "W")
    with branch.work() as work:
        meeting = branch.opened(work)
        branch.all_present(work, meeting)
        services.tick(work, meeting, branch.people[2].id, Tick("excused", "health"))
    with branch.world.work() as work:
        assert services.erase_old_reasons(work) == 0
    branch.later(days=240)
    with branch.world.work() as work:
        assert services.erase_old_reasons(work) == 1
        assert services.erase_old_reasons(work) == 0
        reasons = work.session.scalars(sa.select(Attendance.reason).distinct()).all()
    assert reasons == [""]
    assert meeting.excused == 1


def test_material_is_told_on_the_day_it_opens_and_once(branch) -> None:
    with branch.world.work(branch.commune, "W") as work:
        material = services.draft_material(
            work,
            for_month=date(2026, 12, 1),
            title="Tài liệu tháng 12",
            points=[{"title": "Thông báo nhanh"}],
            opens_on=date(2026, 11, 11),
        )
        services.publish_material(work, material)
        assert services.tell_opened(work) == 0
    branch.later(days=1)
    with branch.world.work() as work:
        assert services.tell_opened(work) == 1
        subject = work.session.scalar(
            sa.select(Notice.subject).where(Notice.kind == "meetings.material"),
            execution_options={"unscoped": "test"},
        )
    assert subject == "Tài liệu sinh hoạt tháng 12 đã có"


def test_long_overdue_tasks_are_shown_to_whoever_follows_the_branch(branch) -> None:
    official = branch.world.member("B2", "Trần Thị Dung")
    follower = branch.world.account("follower", "W", member=official)
    with branch.world.work(branch.commune, "W") as work:
        services.assign_official(
            work, unit_ids=[branch.world.place("B1").id], official_id=official.id
        )
    with branch.work() as work:
        services.give_task(work, TaskFacts("Quét", branch.people[2].id, date(2026, 11, 12)))
    branch.later(days=5)
    assert not [c for c in cards_of(branch, follower) if c.endpoint == "meetings.tasks"]
    branch.later(days=5)
    [card] = [c for c in cards_of(branch, follower) if c.endpoint == "meetings.tasks"]
    assert card.lines == ["Chi bộ tổ dân phố Phúc Sơn: 1"]
