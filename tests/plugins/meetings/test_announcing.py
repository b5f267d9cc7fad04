"""Step 2: who is told, late or in time, by which way; putting off, not holding."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.errors import InvalidInput, RuleBroken
from plugins.meetings import services
from tests.plugins.meetings.builders import EVENING, NOVEMBER


def test_a_message_says_time_and_place_only(branch) -> None:
    with branch.work() as work:
        text = services.message_text(work, branch.planned(work))
    assert "19 giờ 30" in text
    assert "thứ Năm, 12/11/2026" in text
    assert "Nhà văn hóa" in text
    assert "Hoa" not in text


def test_a_meeting_without_a_time_has_no_message(branch) -> None:
    with pytest.raises(RuleBroken), branch.work() as work:
        services.message_text(work, branch.planned(work, starts_at=None, ends_at=None))


def test_an_announcement_in_time_goes_to_everybody_who_belongs_here(branch) -> None:
    branch.temporary(branch.people[9], "B2")
    with branch.work() as work:
        meeting = branch.announced(work)
        preview = services.announcement_preview(work, meeting)
        lines = services.told_lines(work, meeting)
    assert meeting.state == "announced"
    assert len(preview.recipients) == 9
    assert not preview.is_late
    assert [line.how for line in lines if line.how] == ["app"]


def test_the_superior_who_follows_the_branch_is_told_too(branch) -> None:
    official = branch.world.member("B2", "Trần Thị Dung")
    with branch.world.work(branch.commune, "W") as work:
        services.assign_official(
            work, unit_ids=[branch.world.place("B1").id], official_id=official.id
        )
    with branch.work() as work:
        preview = services.announcement_preview(work, branch.planned(work))
    assert list(preview.followers) == ["Trần Thị Dung"]
    assert "Trần Thị Dung" in preview.question


def test_a_late_notice_needs_a_reason(branch) -> None:
    with branch.work() as work:
        meeting = branch.planned(work)
        services.committee_agreed(work, meeting)
    branch.later(days=2)
    with branch.work() as work:
        meeting = services.access_meeting(work, meeting.id)
        assert services.announcement_preview(work, meeting).is_late
        with pytest.raises(InvalidInput) as refused:
            services.announce(work, meeting)
        assert list(refused.value.fields) == ["late_reason"]
        services.announce(work, meeting, late_reason="Chi ủy họp muộn")
        assert services.list_announcements(work, meeting)[0].late_reason == "Chi ủy họp muộn"


def test_how_many_days_before_is_a_setting(branch) -> None:
    branch.world.give("meetings.announce_days_before", 3, "W")
    with branch.work() as work:
        assert services.announcement_preview(work, branch.planned(work)).is_late


def test_the_committee_agrees_before_the_notice_where_the_place_wants_it(branch) -> None:
    with pytest.raises(RuleBroken), branch.work() as work:
        services.announce(work, branch.planned(work))
    branch.world.give("meetings.committee_agrees", value=False, unit="B1")
    with branch.work() as work:
        services.announce(work, branch.planned(work))


def test_a_meeting_without_time_or_of_the_past_is_not_announced(branch) -> None:
    with branch.work() as work:
        meeting = branch.planned(work, starts_at=None, ends_at=None)
        services.committee_agreed(work, meeting)
        with pytest.raises(InvalidInput):
            services.announce(work, meeting)
    with branch.work() as work:
        meeting = services.access_meeting(work, meeting.id)
        services.change_meeting(work, meeting, branch.facts())
    branch.later(days=5)
    with pytest.raises(RuleBroken), branch.work() as work:
        services.announce(work, services.access_meeting(work, meeting.id))


def test_members_are_told_by_phone_in_person_or_by_slip(branch) -> None:
    with branch.work() as work:
        meeting = branch.announced(work)
        ids = [person.id for person in branch.people[:3]]
        assert services.mark_told(work, meeting, ids, "phone") == 2
        assert services.mark_told(work, meeting, ids, "slip") == 0
        lines = services.told_lines(work, meeting)
    assert sorted(line.how for line in lines if line.how) == ["app", "phone", "phone"]
    assert "7" in services.not_told_sentence(lines)
    assert services.not_told_sentence([]) == ""


def test_telling_somebody_else_or_by_an_unknown_way_is_refused(branch) -> None:
    stranger = branch.world.member("B2", "Trần Văn Xa")
    with branch.work() as work:
        meeting = branch.announced(work)
        with pytest.raises(InvalidInput):
            services.mark_told(work, meeting, [stranger.id], "phone")
        with pytest.raises(InvalidInput):
            services.mark_told(work, meeting, [branch.people[0].id], "drum")


def test_nobody_is_told_before_the_notice_was_sent(branch) -> None:
    with branch.work() as work:
        meeting = branch.planned(work)
        with pytest.raises(RuleBroken):
            services.mark_told(work, meeting, [branch.people[0].id], "phone")
        with pytest.raises(RuleBroken):
            services.mark_posted(work, meeting, work.today)


def test_the_day_of_posting_on_the_national_application_is_noted(branch) -> None:
    with branch.work() as work:
        meeting = branch.announced(work)
        services.mark_posted(work, meeting, date(2026, 11, 10))
        assert services.list_announcements(work, meeting)[0].posted_on == date(2026, 11, 10)
        with pytest.raises(InvalidInput):
            services.mark_posted(work, meeting, date(2026, 11, 11))


def test_a_postponed_meeting_keeps_its_agenda_and_tells_everybody_again(branch) -> None:
    with branch.work() as work:
        meeting = branch.announced(work)
        before = [item.title for item in services.list_items(work, meeting)]
        later = EVENING + timedelta(days=7)
        services.postpone(work, meeting, to_at=later, reason="Bão")
        assert (meeting.state, meeting.starts_at) == ("postponed", later)
        assert meeting.ends_at - meeting.starts_at == timedelta(minutes=100)
        assert [item.title for item in services.list_items(work, meeting)] == before
        services.announce(work, meeting)
        assert meeting.round == 2
        assert sum(line.how is None for line in services.told_lines(work, meeting)) == 9
        assert services.list_postponements(work, meeting)[0].reason == "Bão"
    assert meeting.for_month == NOVEMBER


def test_a_meeting_may_be_put_off_without_a_new_day_yet(branch) -> None:
    with branch.work() as work:
        meeting = branch.announced(work)
        services.postpone(work, meeting, to_at=None, reason="Lũ")
        assert meeting.starts_at is None
        with pytest.raises(InvalidInput):
            services.announce(work, meeting)


@pytest.mark.parametrize(
    ("to_at", "reason", "field"),
    [
        (EVENING + timedelta(days=1), " ", "reason"),
        (EVENING - timedelta(days=9), "Bão", "to_at"),
        (EVENING, "Bão", "to_at"),
    ],
)
def test_putting_off_needs_a_reason_and_another_time(branch, to_at, reason, field) -> None:
    with pytest.raises(InvalidInput) as refused, branch.work() as work:
        services.postpone(work, branch.announced(work), to_at=to_at, reason=reason)
    assert list(refused.value.fields) == [field]


def test_a_meeting_not_held_has_a_reason_and_stays_so(branch) -> None:
    with branch.work() as work:
        meeting = branch.announced(work)
        with pytest.raises(InvalidInput):
            services.cancel(work, meeting, reason="")
        services.cancel(work, meeting, reason="Chi bộ đang sáp nhập")
        assert meeting.state == "not_held"
        for act in (
            lambda: services.postpone(work, meeting, to_at=None, reason="Bão"),
            lambda: services.announce(work, meeting),
            lambda: services.open_roll(work, meeting),
            lambda: services.add_visitor(work, meeting, name="Khách"),
        ):
            with pytest.raises(RuleBroken):
                act()


def test_a_member_finds_the_announced_meetings_of_their_branch_only(branch) -> None:
    account = branch.world.account("member", "B1", member=branch.people[4])
    stranger = branch.world.account("member", "B2", member=branch.world.member("B2", "Lê Xa"))
    with branch.work() as work:
        hidden = branch.planned(work)
        with branch.world.work(account, "B1") as own:
            assert services.my_meetings(own) == []
        services.committee_agreed(work, hidden)
        services.announce(work, hidden)
    with branch.world.work(account, "B1") as work:
        assert [meeting.id for meeting in services.my_meetings(work)] == [hidden.id]
        _meeting, items = services.access_my_meeting(work, hidden.id)
        assert items
    with branch.world.work(stranger, "B2") as work:
        assert services.my_meetings(work) == []
