"""The figures of meetings, exactly as the contract defines them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core.indicators.evaluation import Question, evaluate
from core.periods import Period
from core.testing import counted
from core.units.services import transfer_unit
from plugins.meetings import services
from plugins.meetings.services import MeetingFacts, PaperRecord, TaskFacts, Tick
from plugins.meetings.services.shapes import ConclusionFacts


def held(branch, day, *, unit="B1", month=None, thematic=False, absent=(), visitor=False):
    """Enter a meeting of a past day."""
    began = datetime(day.year, day.month, day.day, 12, 30, tzinfo=UTC)
    with branch.world.work(branch.commune, unit) as work:
        meeting = services.enter_from_paper(
            work,
            PaperRecord(
                meeting=MeetingFacts(
                    for_month=month or day.replace(day=1),
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
        if visitor:
            services.add_visitor(work, meeting, name="Trần Thị Dung", is_superior=True)
        return meeting


def figure(branch, key, period, unit="W"):
    """Return numerator and denominator of a figure."""
    with branch.world.work(branch.commune, "W", writing=False) as work:
        question = Question(unit=branch.world.place(unit, work), period=Period.parse(period))
        [found] = evaluate(work, [f"meetings.{key}"], question)
        return found.numerator, found.denominator


def test_branches_that_met_are_summed_over_months_that_have_begun(branch) -> None:
    held(branch, date(2026, 11, 3))
    held(branch, date(2026, 10, 3))
    held(branch, date(2026, 10, 5), unit="B2")
    assert figure(branch, "held_rate", "2026-11") == (1, 2)
    assert figure(branch, "held_rate", "2026-Q4") == (3, 4)
    assert figure(branch, "held_rate", "2026") == (3, 22)
    assert figure(branch, "held_rate", "2026-10", unit="B2") == (1, 1)
    assert figure(branch, "held_rate", "2026-12") == (0, 0)


def test_the_month_a_meeting_counts_for_decides(branch) -> None:
    held(branch, date(2026, 11, 2), month=date(2026, 10, 1))
    assert figure(branch, "held_rate", "2026-10") == (1, 2)
    assert figure(branch, "held_rate", "2026-11") == (0, 2)


def test_held_counts_without_minutes_and_postponed_or_not_held_do_not(branch) -> None:
    with branch.work() as work:
        meeting = branch.announced(work)
        services.postpone(work, meeting, to_at=None, reason="Bão")
    assert figure(branch, "held_rate", "2026-11") == (0, 2)
    with branch.work() as work:
        services.cancel(work, services.access_meeting(work, meeting.id), reason="Bão")
        branch.opened(work)
    assert figure(branch, "held_rate", "2026-11") == (1, 2)


def test_branches_where_the_module_was_off_on_the_months_last_day_are_left_out(branch) -> None:
    branch.world.give("meetings.enabled", value=False, unit="B2", on=date(2026, 10, 15))
    assert figure(branch, "held_rate", "2026-09") == (0, 2)
    assert figure(branch, "held_rate", "2026-10") == (0, 1)


def test_a_branch_counts_in_the_tree_of_the_periods_end(branch) -> None:
    branch.world.unit("W2", "commune", "P")
    held(branch, date(2026, 9, 3), unit="B2")
    with branch.world.work() as work:
        transfer_unit(
            work,
            branch.world.place("B2", work),
            parent=branch.world.place("W2", work),
            on=date(2026, 10, 1),
        )
    with branch.world.work(writing=False) as work:
        for unit, expected in (("W", (0, 1)), ("W2", (0, 1))):
            question = Question(unit=branch.world.place(unit, work), period=Period.parse("2026-10"))
            [found] = evaluate(work, ["meetings.held_rate"], question)
            assert (found.numerator, found.denominator) == expected


def test_attendance_is_of_those_required_in_held_branch_meetings(branch) -> None:
    held(branch, date(2026, 11, 3), absent=[branch.people[3].id])
    held(branch, date(2026, 10, 5), unit="B2")
    assert figure(branch, "attendance_rate", "2026-11") == (9, 10)
    assert figure(branch, "attendance_rate", "2026-Q4") == (10, 11)
    assert figure(branch, "attendance_rate", "2026-01") == (0, 0)


def test_thematic_meetings_are_counted_by_quarter(branch) -> None:
    held(branch, date(2026, 10, 3), thematic=True)
    held(branch, date(2026, 11, 3), thematic=True)
    held(branch, date(2026, 2, 3), thematic=True)
    assert figure(branch, "thematic_rate", "2026-Q4") == (1, 2)
    assert figure(branch, "thematic_rate", "2026") == (2, 8)


def test_tasks_finished_by_their_day_are_counted_of_those_due_up_to_today(branch) -> None:
    with branch.work() as work:
        tasks = [
            services.give_task(
                work, TaskFacts(f"Việc {n}", branch.people[2].id, date(2026, 11, 10 + n))
            )
            for n in range(4)
        ]
        services.finish_task(work, tasks[0])
        services.drop_task(work, tasks[3], reason="Thôi")
    branch.later(days=2)
    with branch.work() as work:
        services.finish_task(work, services.access_task(work, tasks[1].id))
    assert figure(branch, "tasks_done_on_time", "2026-11") == (1, 3)
    branch.later(days=-2)
    assert figure(branch, "tasks_done_on_time", "2026-11") == (1, 1)


def test_visits_made_are_counted_up_to_those_due(branch) -> None:
    official = branch.world.member("B2", "Trần Thị Dung")
    with branch.world.work(branch.commune, "W") as work:
        services.assign_official(
            work,
            unit_ids=[branch.world.place("B1").id],
            official_id=official.id,
            valid_from=date(2026, 1, 1),
        )
    held(branch, date(2026, 10, 3), visitor=True)
    held(branch, date(2026, 11, 3), visitor=True)
    held(branch, date(2026, 10, 5), unit="B2", visitor=True)
    assert figure(branch, "visit_coverage", "2026-Q4") == (1, 1)
    branch.world.give("meetings.visits_per_quarter", 1, "B2")
    assert figure(branch, "visit_coverage", "2026-Q4") == (2, 2)
    assert figure(branch, "visit_coverage", "2026-Q3") == (0, 2)


def test_material_is_used_where_it_stands_on_the_agenda(branch) -> None:
    with branch.world.work(branch.commune, "W") as work:
        material = services.draft_material(
            work,
            for_month=date(2026, 11, 1),
            title="Tài liệu",
            points=[{"title": "Thông báo nhanh"}],
            opens_on=work.today,
        )
        services.publish_material(work, material)
    with branch.work() as work:
        branch.opened(work)
    assert figure(branch, "material_coverage", "2026-11") == (1, 2)
    assert figure(branch, "material_coverage", "2026-10") == (0, 0)


@pytest.mark.parametrize(
    "key",
    [
        "held_rate",
        "attendance_rate",
        "thematic_rate",
        "tasks_done_on_time",
        "visit_coverage",
        "material_coverage",
    ],
)
def test_a_figure_is_one_statement_for_a_whole_year_of_months(branch, key) -> None:
    with branch.world.work(branch.commune, "W", writing=False) as work:
        question = Question(
            unit=branch.world.place("W", work), period=Period.parse("2026"), series=True
        )
        with counted(work.session.get_bind().engine) as counter:
            found = evaluate(work, [f"meetings.{key}"], question)
    assert len(found) == 12
    assert len([one for one in counter.statements if "meetings_" in one]) == 1
    assert counter.count <= 3  # the first day of lineage and the units near are asked for once
