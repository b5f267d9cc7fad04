"""Targets as people set and read them: done, share, remaining, groups, quiet branches."""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import Forbidden, InvalidInput, NotFound
from plugins.recruitment import services

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def admitted(ward, *days, unit="B1"):
    rows = [
        {
            "full_name": f"Trần Văn Số {number}",
            "birth_date": f"{number + 1:02}/01/2000",
            "unit_code": unit,
            "admitted_on": day,
            "source_group": "youth",
        }
        for number, day in enumerate(days)
    ]
    ward.take_in("admissions", rows)


def set_target(ward, work, number, unit="W", **more):
    return services.set_target(
        work,
        unit_id=ward.world.place(unit, work).id,
        period_from=YEAR[0],
        period_to=YEAR[1],
        target=number,
        **more,
    )


def test_a_table_compares_a_committee_and_its_branches(ward) -> None:
    admitted(ward, "2026-02-03", "2026-05-19", "2025-05-19")
    with ward.office("W") as work:
        set_target(ward, work, 8)
        set_target(ward, work, 2, "B1")
        found = services.target_table(work, *YEAR)
        whole = found.whole.progress
        assert (whole.admitted, whole.target, whole.remaining) == (2, 8, 6)
        assert whole.share_text == "25%"
        lines = {line.code: line.progress for line in found.lines}
        assert (lines["B1"].admitted, lines["B1"].state) == (2, "good")
        assert (lines["B2"].admitted, lines["B2"].target) == (0, None)
        assert found.groups == [("youth", "Thanh niên", 2, None)]


def test_setting_again_changes_the_number(ward) -> None:
    with ward.office("W") as work:
        first = set_target(ward, work, 8)
        again = set_target(ward, work, 9, document_no="05-CTr/ĐU")
        assert first.id == again.id
        assert services.target_table(work, *YEAR).whole.progress.target == 9


def test_a_target_for_a_group_stands_beside(ward) -> None:
    admitted(ward, "2026-02-03")
    with ward.office("W") as work:
        set_target(ward, work, 8)
        set_target(ward, work, 4, group="youth")
        found = services.target_table(work, *YEAR)
        assert found.whole.progress.target == 8
        assert found.groups == [("youth", "Thanh niên", 1, 4)]


def test_a_target_is_taken_back(ward) -> None:
    with ward.office("W") as work:
        services.remove_target(work, set_target(ward, work, 8))
        assert services.target_table(work, *YEAR).whole.progress.target is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"target": -1}, "target"),
        ({"group": "poets"}, "group"),
        ({"period_to": date(2025, 1, 1)}, "period_to"),
        ({"period_from": date(1900, 1, 1)}, "period_from"),
    ],
)
def test_what_is_wrong_about_a_target_is_told_at_its_field(ward, changes, field) -> None:
    with ward.office("W") as work:
        facts = {
            "unit_id": work.unit.id,
            "period_from": YEAR[0],
            "period_to": YEAR[1],
            "target": 5,
        }
        with pytest.raises(InvalidInput) as refused:
            services.set_target(work, **{**facts, **changes})
    assert field in refused.value.fields


def test_a_branch_sets_no_targets(ward) -> None:
    with ward.work() as work, pytest.raises((Forbidden, NotFound)):
        set_target(ward, work, 8, "B1")


def test_the_usual_period_is_that_of_the_target_in_force(ward) -> None:
    with ward.office("W") as work:
        assert services.usual_period(work) == YEAR
        services.set_target(
            work,
            unit_id=work.unit.id,
            period_from=date(2025, 7, 1),
            period_to=date(2030, 6, 30),
            target=100,
        )
        assert services.usual_period(work) == (date(2025, 7, 1), date(2030, 6, 30))


@pytest.mark.parametrize(
    ("day", "is_quiet"),
    [("2023-11-10", True), ("2023-11-11", False), ("2022-12-31", True), ("2026-01-01", False)],
)
def test_a_branch_is_quiet_after_the_years_of_its_place(ward, day, is_quiet) -> None:
    admitted(ward, day)
    with ward.office("W") as work:
        lines, _next = services.quiet_branches(work)
        assert ("B1" in [line.code for line in lines]) is is_quiet


def test_how_many_years_is_a_setting(ward) -> None:
    admitted(ward, "2025-01-01")
    ward.world.give("recruitment.quiet_years", 1, "B1")
    with ward.office("W") as work:
        lines, _next = services.quiet_branches(work)
        assert [line.code for line in lines] == ["B1", "B2"]


def test_a_secretary_sees_the_own_branch_only(ward) -> None:
    admitted(ward, "2026-02-03")
    with ward.work() as work:
        found = services.target_table(work, *YEAR)
        assert found.whole.progress.admitted == 1
        assert found.lines == []


def test_lists_go_on_where_a_page_ended(ward) -> None:
    for number in range(3, 7):
        ward.world.unit(f"B{number}", "branch", "W", name=f"Chi bộ số {number}")
    with ward.office("W") as work:
        seen, cursor = [], ""
        while True:
            lines, cursor = services.quiet_branches(work, cursor=cursor, limit=2)
            seen += [line.code for line in lines]
            if not cursor:
                break
    assert sorted(seen) == ["B1", "B2", "B3", "B4", "B5", "B6"]
    assert len(seen) == 6
