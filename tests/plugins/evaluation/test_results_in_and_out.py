"""Results of past years: in, out, again the same, one subject once, exact figures."""

from __future__ import annotations

from datetime import date

import pytest

from core.exchange.models import Import
from core.exchange.undoing import undo_import
from core.testing import UnitLine, counted
from plugins.evaluation.models import Result
from tests.plugins.evaluation.builders import reasons

UNIT = {"period": "2023", "subject_kind": "unit", "unit_code": "G", "level": "excellent"}


def article(ward, excellent: int, good: int, rest: int) -> list[dict]:
    """Return rows of branches with levels, as an article reports them."""
    levels = ["excellent"] * excellent + ["good"] * good + ["completed"] * rest
    codes = [f"X{number}" for number in range(len(levels))]
    ward.world.units(
        UnitLine("X", "party_org", "P", name="Đảng bộ thành phố"),
        *(UnitLine(code, "branch", "X", is_grassroots=True) for code in codes),
    )
    ward.office = ward.world.account("commune_staff", "P")
    return [{**UNIT, "unit_code": code, "level": level}
            for code, level in zip(codes, levels, strict=True)]  # fmt: skip


def test_the_figures_of_the_article_come_out_exactly(ward) -> None:
    report = ward.take_in(article(ward, 11, 44, 3), unit="P")
    assert (report.created, report.rejected) == (58, 0)
    assert ward.figure("rated", unit="P", subject="unit") == (58, 1)
    assert ward.figure("good_or_better_rate", unit="P", subject="unit") == (55, 58)
    assert ward.figure("excellent_rate", unit="P", subject="unit") == (11, 55)
    assert ward.figure("excellent", unit="X", subject="unit", kind="branch") == (11, 1)
    assert ward.figure("good_or_better", unit="X", subject="unit", grassroots=True) == (55, 1)
    assert ward.figure("rated", unit="X", subject="unit", grassroots=False) == (0, 1)


def test_members_are_the_subject_unless_units_are_asked_for(ward) -> None:
    ward.take_in([UNIT, ward.member_row("B1", 0), ward.member_row("B3", 0, level="excellent")])
    assert ward.figure("rated") == (2, 1)
    assert ward.figure("rated", subject="unit") == (1, 1)
    assert ward.figure("excellent_rate") == (1, 2)
    assert ward.figure("rated", unit="B3") == (1, 1)
    assert ward.figure("rated", period="2024") == (0, 1)
    assert ward.figure("good_or_better_rate", period="2022..2024") == (2, 2)


def test_organisations_and_their_branches_need_not_be_added_together(ward) -> None:
    ward.take_in([UNIT, {**UNIT, "unit_code": "B1"}, {**UNIT, "unit_code": "B3", "level": "good"}])
    assert ward.figure("rated", subject="unit") == (3, 1)
    assert ward.figure("rated", subject="unit", grassroots=True) == (2, 1)
    assert ward.figure("rated", subject="unit", kind="branch") == (2, 1)


def test_a_member_imported_again_from_another_branch_is_counted_once(ward) -> None:
    ward.take_in([ward.member_row("B1", 0)])
    report = ward.take_in([ward.member_row("B1", 0, unit_code="B2", level="excellent")])
    assert (report.updated, report.created) == (1, 0)
    assert ward.figure("rated") == (1, 1)
    assert ward.figure("rated", unit="B1") == (0, 1)
    assert ward.figure("excellent", unit="B2") == (1, 1)


def test_two_rows_of_one_file_that_rate_one_subject_are_not_both_taken(ward) -> None:
    report = ward.take_in([ward.member_row("B1", 0), ward.member_row("B1", 0, level="excellent")])
    assert (report.created, report.rejected) == (1, 1)
    assert ward.figure("rated") == (1, 1)


def test_leaders_have_a_result_for_each_post(ward) -> None:
    row = ward.member_row("B1", 0, subject_kind="leader")
    report = ward.take_in([row, {**row, "unit_code": "B2", "level": "excellent"}])
    assert report.created == 2
    assert ward.figure("rated", subject="leader") == (2, 1)


def test_the_same_file_again_changes_nothing_and_undoing_takes_it_back(ward) -> None:
    rows = [UNIT, ward.member_row("B1", 0), ward.member_row("B1", 1, level="")]
    ward.take_in(rows)
    again = ward.take_in(rows)
    assert (again.unchanged, again.created) == (3, 0)
    ward.take_in([{**UNIT, "level": "good"}])
    with ward.work() as work:
        last = work.session.query(Import).order_by(Import.id.desc()).first()
        undo_import(work, last)
    assert ward.figure("excellent", subject="unit") == (1, 1)


def test_an_empty_level_is_not_rated_and_a_person_without_a_card_is_found(ward) -> None:
    new = ward.world.member("B3", "Trần Văn Mới", status="probationary", since=date(2023, 8, 1),
                            birth_date=date(2001, 2, 3))  # fmt: skip
    row = {"period": "2023", "subject_kind": "member", "unit_code": "B3", "level": "",
           "full_name": new.full_name, "birth_date": "03/02/2001"}  # fmt: skip
    assert ward.take_in([row]).created == 1
    assert ward.figure("rated") == (0, 1)
    [out] = ward.given_out()
    assert (out["full_name"], out["level"], out["birth_date"]) == (
        "Trần Văn Mới", "", date(2001, 2, 3),
    )  # fmt: skip


def test_what_is_exported_is_taken_in_again_without_a_change(ward) -> None:
    ward.take_in([
        {**UNIT, "period": "2025", "points": 93.5, "decided_on": "2026-01-15",
         "decision_no": "12-QĐ/ĐU"},
        ward.member_row("B1", 0, period="2025-Q3", level="completed"),
        {**UNIT, "subject_kind": "collective", "level": "not_completed"},
    ])  # fmt: skip
    rows = ward.given_out()
    assert [row["period"] for row in rows] == ["2023", "2025", "2025-Q3"]
    assert rows[1]["points"] == 93.5
    plain = [
        {key: (value.isoformat() if isinstance(value, date) else value)
         for key, value in row.items() if value not in ("", None)}
        for row in rows
    ]  # fmt: skip
    assert ward.take_in(plain).unchanged == 3
    assert len(ward.given_out(as_of=date(2025, 6, 1))) == 1


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"period": "2023-05"}, "period"),
        ({"period": "khóa XII"}, "period"),
        ({"period": "2027"}, "period"),
        ({"subject_kind": "party"}, "subject_kind"),
        ({"unit_code": "NONE"}, "unit_code"),
        ({"level": "super"}, "level"),
        ({"points": "80"}, "points"),
        ({"period": "2025", "points": "80"}, "points"),
        ({"period": "2025", "points": "101"}, "points"),
        ({"period": "2025", "points": "80", "level": ""}, "points"),
        ({"decided_on": "2027-01-01"}, "decided_on"),
        ({"full_name": "Nguyễn Văn An"}, "full_name"),
    ],
)
def test_rows_that_cannot_be_are_rejected_at_their_column(ward, changes, column) -> None:
    report = ward.take_in([{**UNIT, **changes}])
    [(_number, columns)] = reasons(report).items()
    assert column in columns
    assert ward.world.rows(Result) == 0


def test_unknown_people_and_units_of_another_time_are_rejected(ward) -> None:
    ward.world.unit("NEW", "branch", "W", on=date(2025, 1, 1))
    report = ward.take_in([
        {**UNIT, "unit_code": "NEW"},
        ward.member_row("B1", 0, card_no="99999999", full_name=""),
        ward.member_row("B1", 0, card_no="", full_name="Không Có Ai"),
    ])  # fmt: skip
    assert report.rejected == 3
    assert reasons(report)[min(report.problems)] == ["unit_code"]


def test_where_the_module_is_off_rows_are_rejected_with_that_reason(ward) -> None:
    ward.world.switch("evaluation", "B3", on=False)
    report = ward.take_in([{**UNIT, "unit_code": "B3"}])
    [[(column, sentence)]] = report.problems.values()
    assert column == "unit_code"
    assert "Chi bộ tổ dân phố Phúc Sơn" in sentence


def test_whoever_may_not_import_at_a_unit_is_refused_there(ward) -> None:
    other = ward.world.account("commune_staff", "G")
    report = ward.take_in([{**UNIT, "unit_code": "B3"}, UNIT], actor=other, unit="G")
    assert (report.rejected, report.created) == (1, 1)


def test_an_import_takes_a_fixed_number_of_statements(ward) -> None:
    rows = [ward.member_row("B3", n) for n in range(10)]
    engine = ward.world.system.database.engine
    with counted(engine) as few:
        ward.take_in(rows[:2])
    with counted(engine) as many:
        ward.take_in(rows[2:])
    assert many.count <= few.count + 3


def test_figures_respect_rights(ward) -> None:
    ward.take_in([ward.member_row("B1", 0), ward.member_row("B3", 0)])
    with ward.work(ward.secretary, "B3", writing=False) as work:
        assert {row.unit_id for row in work.session.query(Result).all()} == {work.unit.id}
