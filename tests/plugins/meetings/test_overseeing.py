"""The committee above: six states told apart, coverage, twelve months, reminders, assignments."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core.errors import Forbidden, InvalidInput, NotFound, RuleBroken
from core.periods import EVER
from core.testing import UnitLine, counted
from core.units.covering import AsOf
from core.units.services import VersionFacts, establish_unit, transfer_unit
from plugins.meetings import services
from plugins.meetings.services import PaperRecord, TaskFacts, Tick
from plugins.meetings.services.shapes import ConclusionFacts, MeetingFacts
from tests.plugins.meetings.builders import EVENING, NOVEMBER

OCTOBER = date(2026, 10, 1)


def lines_of(branch, month=NOVEMBER, **options):
    with branch.world.work(branch.commune, "W", writing=False) as work:
        return services.month_matrix(work, month, **options)


def state_of(branch, month=NOVEMBER, code="B1"):
    return next(line for line in lines_of(branch, month).lines if line.code == code).state


def enter(work, day, *, month=None, thematic=False, absent=()):
    """Enter a meeting of a past day from paper."""
    began = datetime(day.year, day.month, day.day, 12, 30, tzinfo=UTC)
    return services.enter_from_paper(
        work,
        PaperRecord(
            meeting=MeetingFacts(
                for_month=(month or day).replace(day=1),
                place="Nhà văn hóa",
                is_thematic=thematic,
                theme="Chuyên đề" if thematic else "",
            ),
            started_at=began,
            ended_at=began + timedelta(minutes=95),
            exceptions={key: Tick("absent") for key in absent},
            conclusions=[ConclusionFacts("Việc chung", "Thống nhất.")],
        ),
    )


def test_a_month_that_is_not_over_is_not_yet_due(branch) -> None:
    assert state_of(branch) == "not_due"


def test_past_the_due_day_a_month_without_a_meeting_is_past_and_not_entered(branch) -> None:
    branch.world.give("meetings.due_day_of_month", 9, "W")
    assert state_of(branch) == "overdue_unentered"
    branch.world.give("meetings.due_day_of_month", 10, "W")
    assert state_of(branch) == "not_due"


def test_a_past_month_without_a_meeting_is_not_entered_and_a_future_one_not_due(branch) -> None:
    assert state_of(branch, OCTOBER) == "overdue_unentered"
    assert state_of(branch, date(2026, 12, 1)) == "not_due"


def test_a_planned_meeting_is_not_due_until_its_day_has_passed(branch) -> None:
    branch.world.give("meetings.due_day_of_month", 9, "W")
    with branch.work() as work:
        branch.announced(work)
    assert state_of(branch) == "not_due"
    branch.later(days=2, hours=8)
    assert state_of(branch) == "not_due"
    branch.later(days=1)
    assert state_of(branch) == "overdue_unentered"


def test_a_meeting_put_off_is_postponed_until_its_new_day_has_passed(branch) -> None:
    with branch.work() as work:
        meeting = branch.announced(work)
        services.postpone(work, meeting, to_at=EVENING + timedelta(days=7), reason="Bão")
    assert state_of(branch) == "postponed"
    with branch.work() as work:
        services.announce(work, services.access_meeting(work, meeting.id))
    assert state_of(branch) == "postponed"
    branch.later(days=12)
    assert state_of(branch) == "overdue_unentered"


def test_held_without_minutes_and_done_are_told_apart(branch) -> None:
    with branch.work() as work:
        meeting = branch.held(work)
    assert state_of(branch) == "held_no_minutes"
    with branch.work() as work:
        meeting = services.access_meeting(work, meeting.id)
        services.note_signed_paper(work, meeting, signed_on=work.today)
        services.lock_minutes(work, meeting)
    assert state_of(branch) == "done"


def test_not_held_gives_way_to_a_meeting_held_after_all(branch) -> None:
    with branch.work() as work:
        services.cancel(work, branch.planned(work), reason="Bão")
    assert state_of(branch) == "not_held"
    with branch.work() as work:
        enter(work, date(2026, 11, 3))
    assert state_of(branch) == "held_no_minutes"


def test_the_month_a_meeting_counts_for_is_not_the_month_of_its_day(branch) -> None:
    with branch.work() as work:
        enter(work, date(2026, 11, 2), month=OCTOBER)
    assert state_of(branch, OCTOBER) == "held_no_minutes"
    assert state_of(branch) == "not_due"


def test_a_line_carries_attendance_theme_tasks_and_visits(branch) -> None:
    with branch.work() as work:
        meeting = enter(
            work,
            date(2026, 11, 3),
            thematic=True,
            absent=[branch.people[4].id],
        )
        services.add_visitor(work, meeting, name="Trần Thị Dung", is_superior=True)
        services.give_task(
            work, TaskFacts("Việc", branch.people[2].id, date(2026, 11, 5)), meeting=meeting
        )
    matrix = lines_of(branch)
    line = next(line for line in matrix.lines if line.code == "B1")
    assert (line.attended, line.required, line.overdue_tasks, line.visits) == (9, 10, 1, 1)
    assert line.has_thematic
    assert line.is_thematic_due
    assert line.rate_text == "9/10 (90%)"
    assert line.secretary == "Nguyễn Thị Hoa"
    assert line.held_on == date(2026, 11, 3)


def test_whoever_is_in_trouble_stands_first(branch) -> None:
    with branch.world.work(branch.commune, "B2") as work:
        enter(work, date(2026, 10, 3), month=OCTOBER)
    matrix = lines_of(branch, OCTOBER)
    assert [line.code for line in matrix.lines] == ["B1", "B2"]
    assert [line.code for line in lines_of(branch, OCTOBER, state="held_no_minutes").lines] == [
        "B2"
    ]


def test_the_sums_are_those_of_the_lines(branch) -> None:
    with branch.work() as work:
        enter(work, date(2026, 11, 3))
    found = lines_of(branch).coverage
    assert found.branches == 2
    assert found.states == {
        "not_due": 1,
        "overdue_unentered": 0,
        "held_no_minutes": 1,
        "done": 0,
        "postponed": 0,
        "not_held": 0,
    }
    assert (found.attended, found.required, found.with_attendance) == (10, 10, 1)
    assert "0/2" in found.sentence


def test_sixty_branches_cost_at_most_six_statements_and_page_by_key(branch) -> None:
    with branch.world.work() as work:
        ward = branch.world.place("W", work)
        for number in range(60):
            facts = VersionFacts(name=f"Chi bộ số {number}", kind="branch", parent_id=ward.id)
            establish_unit(work, code=f"C{number}", on=EVER, facts=facts)
    with branch.world.work(branch.commune, "W", writing=False) as work:
        with counted(work.session.get_bind().engine) as counter:
            matrix = services.month_matrix(work, OCTOBER, limit=40)
        assert counter.count <= 6
        rest = services.month_matrix(work, OCTOBER, limit=40, cursor=matrix.next or "")
    codes = [line.code for line in (*matrix.lines, *rest.lines)]
    assert len(matrix.lines) == 40
    assert (len(set(codes)), rest.next) == (62, None)


def test_branches_where_the_module_is_off_are_left_out(branch) -> None:
    branch.world.switch("meetings", "B2", on=False)
    assert [line.code for line in lines_of(branch).lines] == ["B1"]


def test_a_branch_that_left_is_shown_only_as_far_as_rights_reach_today(branch) -> None:
    branch.world.unit("W2", "commune", "P")
    with branch.world.work() as work:
        transfer_unit(
            work,
            branch.world.place("B2", work),
            parent=branch.world.place("W2", work),
            on=date(2026, 11, 1),
        )
    assert [line.code for line in lines_of(branch, OCTOBER).lines] == ["B1"]
    province = branch.world.account("province_organisation", "P")
    with branch.world.work(province, "W", writing=False) as work:
        assert len(services.month_matrix(work, OCTOBER).lines) == 2
        assert len(services.month_matrix(work, NOVEMBER).lines) == 1


def test_phone_numbers_are_shown_to_those_who_may_see_them(branch) -> None:
    with branch.world.work() as work:
        member = work.session.get(type(branch.people[0]), branch.people[0].id)
        member.phone = "0900000000"
    follower = branch.world.account("party_building", "W")
    seen = {line.code: line for line in lines_of(branch).lines}
    with branch.world.work(follower, "W", writing=False) as work:
        hidden = {line.code: line for line in services.month_matrix(work, NOVEMBER).lines}
    assert seen["B1"].phone == "0900000000"
    assert hidden["B1"].phone == ""


def test_twelve_months_are_drawn_from_one_statement(branch) -> None:
    with branch.work() as work:
        enter(work, date(2026, 9, 3))
        enter(work, date(2026, 11, 3), absent=[branch.people[4].id])
    with (
        branch.world.work(branch.commune, "W", writing=False) as work,
        counted(work.session.get_bind().engine) as counter,
    ):
        points = services.twelve_months(work)
    assert counter.count == 1
    assert [point.month.month for point in points] == [12, *range(1, 12)]
    assert [point.held for point in points] == [0] * 9 + [1, 0, 1]
    assert (points[-1].branches, points[-1].attended, points[-1].required) == (2, 9, 10)


def test_branches_are_reminded_and_the_history_is_kept(branch) -> None:
    unit = branch.world.place("B1")
    with branch.world.work(branch.commune, "W") as work:
        services.chase(work, [unit.id], NOVEMBER, channel="app")
        services.chase(work, [unit.id], NOVEMBER, channel="phone", promised_on=date(2026, 11, 28))
        history = services.list_chases(work, unit.id, NOVEMBER)
    line = next(line for line in lines_of(branch).lines if line.code == "B1")
    assert [row.channel for row in history] == ["phone", "app"]
    assert (line.chased, line.promised_on) == (2, date(2026, 11, 28))


def test_reminding_needs_branches_a_way_and_a_day_to_come(branch) -> None:
    unit = branch.world.place("B1")
    with branch.world.work(branch.commune, "W") as work:
        for units, options in (
            ([], {"channel": "phone"}),
            ([unit.id], {"channel": "pigeon"}),
            ([unit.id], {"channel": "phone", "promised_on": date(2026, 11, 1)}),
        ):
            with pytest.raises(InvalidInput):
                services.chase(work, units, NOVEMBER, **options)


def test_nobody_reminds_or_assigns_beyond_their_own_committee(branch) -> None:
    branch.world.unit("W2", "commune", "P")
    other = branch.world.unit("B9", "branch", "W2")
    with pytest.raises(NotFound), branch.world.work(branch.commune, "W") as work:
        services.chase(work, [other.id], NOVEMBER, channel="phone")
    with pytest.raises(Forbidden), branch.work() as work:
        services.chase(work, [work.unit.id], NOVEMBER, channel="phone")
    with pytest.raises(NotFound), branch.world.work(branch.commune, "W") as work:
        services.assign_official(work, unit_ids=[other.id], official_id=branch.people[0].id)


def test_branches_nobody_follows_are_counted_and_assignments_are_paged(branch) -> None:
    official = branch.world.member("B2", "Trần Thị Dung")
    branch.world.units(*(UnitLine(f"M{n}", "branch", "W") for n in range(4)))
    units = [branch.world.place(code).id for code in ("B1", "M0", "M1")]
    with branch.world.work(branch.commune, "W") as work:
        services.assign_official(work, unit_ids=units, official_id=official.id)
        names, count = services.unfollowed_branches(work, limit=2)
        assert (len(names), count) == (2, 3)
        assert services.unfollowed_branches(work) == ([*names, "Đơn vị M3"], 3)
        first, cursor = services.page_of_assignments(work, limit=2)
        rest, end = services.page_of_assignments(work, cursor=cursor or "", limit=2)
        assert {row.unit_id for row in (*first, *rest)} == set(units)
        assert (len(first), end) == (2, None)
        for name in ("Lê Văn Đức", "Lê Văn Dũng"):
            other = branch.world.member("B2", name)
            services.assign_official(work, unit_ids=units[:1], official_id=other.id)
        listed = [(row.official_name, place.code) for row, place in services.list_assignments(work)]
        assert listed == [
            ("Trần Thị Dung", "B1"), ("Trần Thị Dung", "M0"), ("Trần Thị Dung", "M1"),
            ("Lê Văn Dũng", "B1"), ("Lê Văn Đức", "B1"),
        ]  # fmt: skip


def test_who_follows_a_branch_is_assigned_changed_and_ended(branch) -> None:
    official = branch.world.member("B2", "Trần Thị Dung")
    follower = branch.world.account("follower", "W", member=official)
    unit = branch.world.place("B1")
    with branch.world.work(branch.commune, "W") as work:
        [old] = services.assign_official(
            work, unit_ids=[unit.id], official_id=official.id, valid_from=date(2026, 1, 1)
        )
        [new] = services.assign_official(
            work, unit_ids=[unit.id], official_id=official.id, min_visits=2
        )
        [(before, _place)] = services.list_assignments(work, AsOf(work.today - timedelta(days=1)))
        assert (before.id, new.valid_from) == (old.id, work.today)
        with pytest.raises(RuleBroken):
            services.assign_official(work, unit_ids=[unit.id], official_id=official.id)
        [(row, place)] = services.list_assignments(work)
        assert (row.id, place.code) == (new.id, "B1")
    with branch.world.work(follower, "W") as work:
        assert [place.code for place in services.followed_branches(work)] == ["B1"]
    branch.later(days=1)
    with branch.world.work(branch.commune, "W") as work:
        services.end_assignment(work, new.id)
        assert services.list_assignments(work) == []
        with pytest.raises(InvalidInput):
            services.end_assignment(work, new.id, on=date(2026, 1, 1))
        with pytest.raises(NotFound):
            services.end_assignment(work, unit.id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"min_visits": 9}, "min_visits"),
        ({"valid_to": date(2020, 1, 1)}, "valid_to"),
        ({"unit_ids": []}, "unit"),
    ],
)
def test_an_assignment_that_makes_no_sense_is_refused(branch, changes, field) -> None:
    official = branch.world.member("B2", "Trần Thị Dung")
    values = {"unit_ids": [branch.world.place("B1").id], "official_id": official.id}
    with pytest.raises(InvalidInput) as refused, branch.world.work(branch.commune, "W") as work:
        services.assign_official(work, **{**values, **changes})
    assert list(refused.value.fields) == [field]


def test_only_branches_are_followed(branch) -> None:
    official = branch.world.member("B2", "Trần Thị Dung")
    with pytest.raises(InvalidInput), branch.world.work(branch.commune, "W") as work:
        services.assign_official(
            work, unit_ids=[branch.world.place("W").id], official_id=official.id
        )
