"""Two branches become one: what was open goes on with somebody who answers for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from core.indicators.evaluation import Question, evaluate
from core.periods import Period
from core.restructuring.operations import Link, NewUnit, Operation
from core.restructuring.services import (
    Draft,
    access_plan,
    apply_plan,
    approve_plan,
    draft_plan,
    revert_plan,
    submit_plan,
)
from core.restructuring.services.applying import open_work
from core.testing import TODAY
from plugins.meetings import services
from plugins.meetings.models import Material, Meeting, OversightAssignment, Task
from plugins.meetings.services import TaskFacts
from tests.plugins.meetings.builders import NOVEMBER, Branch

POINTS = [{"title": "Thời sự", "minutes": 10, "text": ""}]
MERGE = Operation("merge_into", links=(Link("B1", "B2"),))
DIVIDE = Operation(
    "divide",
    links=(Link("B1", "X1", None, is_main=True), Link("B1", "X2", None, is_main=False)),
    new=(NewUnit("X1", "Chi bộ X1"), NewUnit("X2", "Chi bộ X2")),
)


def enact(branch: Branch, operation: Operation, on: date = TODAY, **more: Any) -> Any:
    """Draft, approve and apply a plan of one operation."""
    with branch.world.work() as work:
        plan, _found = draft_plan(work, Draft(on, [operation], decision_no="1-QĐ/ĐU", **more))
        submit_plan(work, plan)
        approve_plan(work, plan)
        return apply_plan(work, plan)


def opened(branch: Branch, *codes: str) -> dict[str, Counter[str]]:
    """Count what is open, by unit and sort."""
    with branch.world.work(writing=False) as work:
        places = work.host.places.by_codes(work.session, codes, work.today, work.generation)
        names = {place.id: code for code, place in places.items()}
        found: dict[str, Counter[str]] = {code: Counter() for code in codes}
        for (kind, unit_id), n in open_work(work, names).items():
            found[names[unit_id]][kind] += n
        return found


def rows(branch: Branch, model: Any, *columns: Any) -> list[Any]:
    """Read columns of all rows of a table, with the code of their unit first."""
    with branch.world.work(writing=False) as work:
        found = work.session.execute(
            sa.select(model.unit_id, *columns).execution_options(unscoped="a test looks")
        ).all()
        places = work.host.places.by_ids(
            work.session, {row[0] for row in found}, work.today, work.generation
        )
        return sorted((places[row[0]].code, *row[1:]) for row in found)


def busy(branch: Branch) -> None:
    """Leave a planned meeting, an unfinished one, tasks, follow-up in both branches."""
    with branch.work() as work:
        branch.planned(work, for_month=date(2026, 12, 1), starts_at=None, ends_at=None)
        branch.held(work)
        services.give_task(work, TaskFacts("Quét", branch.people[2].id, date(2026, 12, 1)))
        services.give_task(work, TaskFacts("Sơn", branch.people[3].id, date(2026, 12, 1)))
    with branch.world.work(unit="B2") as work:
        facts = branch.facts(for_month=date(2026, 12, 1), starts_at=None, ends_at=None)
        facts = replace(facts, chair_id=None, clerk_id=None)
        services.schedule_meeting(work, facts)
    with branch.world.work(unit="W") as work:
        services.assign_official(
            work,
            unit_ids=[branch.world.place("B1", work).id],
            official_id=branch.people[1].id,
            valid_from=TODAY - timedelta(days=30),
        )


def test_what_is_open_goes_to_the_branch_that_takes_over_and_nothing_is_lost(branch) -> None:
    busy(branch)
    before = opened(branch, "B1", "B2")
    assert before["B1"] == {"meetings.meetings": 2, "meetings.tasks": 2, "meetings.following": 1}
    plan = enact(branch, MERGE)
    after = opened(branch, "B1", "B2")
    assert after["B1"] == {}
    assert after["B2"] == before["B1"] + before["B2"]
    assert {row[0] for row in rows(branch, Task)} == {"B2"}
    december = [
        row
        for row in rows(branch, Meeting, Meeting.for_month, Meeting.kind, Meeting.is_regular)
        if row[1] == date(2026, 12, 1)
    ]
    assert [row[2:] for row in december] == [("branch", True), ("extra", False)]
    followed = rows(branch, OversightAssignment, OversightAssignment.valid_to)
    assert followed == [("B1", TODAY), ("B2", date(9999, 12, 31))]
    with branch.world.work() as work:
        revert_plan(work, access_plan(work, plan.id), reason="nhầm")
    assert opened(branch, "B1", "B2") == before


def test_a_meeting_that_was_held_stays_with_the_branch_that_held_it(branch) -> None:
    busy(branch)
    enact(branch, MERGE)
    held = [row for row in rows(branch, Meeting, Meeting.for_month) if row[1] == NOVEMBER]
    assert held == [("B1", NOVEMBER)]


def test_tasks_go_along_with_whoever_does_them_when_a_branch_is_divided(branch) -> None:
    busy(branch)
    homes = {one.id: "X1" for one in branch.people} | {branch.people[3].id: "X2"}
    enact(branch, DIVIDE, members=homes)
    assert rows(branch, Task, Task.title) == [("X1", "Quét"), ("X2", "Sơn")]
    after = opened(branch, "B1", "X1", "X2")
    assert after["B1"] == {}
    assert after["X1"]["meetings.tasks"] == after["X2"]["meetings.tasks"] == 1
    assert after["X1"]["meetings.meetings"] == 2


def test_material_of_a_commune_goes_on_for_the_months_to_come(branch) -> None:
    with branch.world.work(unit="W") as work:
        for month in (date(2026, 10, 1), date(2026, 11, 1)):
            services.draft_material(
                work, for_month=month, title="Tài liệu", points=POINTS, opens_on=month
            )
    consolidate = Operation(
        "consolidate", links=(Link("W", "N"),), new=(NewUnit("N", "Phường mới", parent="P"),)
    )
    enact(branch, consolidate)
    found = rows(branch, Material, Material.for_month)
    assert found == [("N", date(2026, 11, 1)), ("W", date(2026, 10, 1))]


def test_what_was_held_before_is_found_from_the_new_commune_and_counted_in_the_old(branch) -> None:
    """A meeting of October, a reform of November: seen from both, counted once in each tree."""
    with branch.work() as work:
        branch.locked(work, for_month=date(2026, 10, 1), starts_at=None, ends_at=None)
    consolidate = Operation(
        "consolidate", links=(Link("W", "N"),), new=(NewUnit("N", "Phường mới", parent="P"),)
    )
    enact(branch, consolidate, date(2026, 11, 10))
    staff = branch.world.account("commune_staff", "N")
    browser = branch.world.browser(staff)
    assert "tháng 10/2026" in browser.get("/u/B1/meetings/").get_data(as_text=True)
    assert browser.get("/u/W/units/?as_of=31/10/2026").status_code == 200
    with branch.world.work(writing=False) as work:
        held = {}
        for code, options in (("W", {}), ("N", {}), ("N", {"restated": True})):
            question = Question(branch.world.place(code, work), Period.parse("2026-10"), **options)
            [figure] = evaluate(work, ["meetings.held_rate"], question)
            held[(code, bool(options))] = figure.numerator
    assert held == {("W", False): 1, ("N", False): 0, ("N", True): 1}
