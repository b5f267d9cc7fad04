"""The datasets `admissions` and `admission-targets`: in, out, again the same, and taken back."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from core.exchange.registry import datasets_of
from core.exchange.undoing import undo_import
from core.members import services as members
from core.members.models import Affiliation, Member, MemberStatus
from plugins.recruitment.models import Admission, Target

NEW = {
    "full_name": "Hồ Thị Kim Ngân",
    "birth_date": "15/03/2001",
    "unit_code": "B1",
    "admitted_on": "19/05/2025",
    "official_on": "19/05/2026",
    "source_group": "youth; Phụ nữ",
}
TARGET = {
    "unit_code": "W",
    "period_from": "2026-01-01",
    "period_to": "2026-12-31",
    "target": "30",
}


def why(report):
    """Return which columns were rejected, by row."""
    return {number: [column for column, _why in found] for number, found in report.problems.items()}


def member_of(ward, name):
    with ward.work(ward.commune, "W", writing=False) as work:
        return work.session.scalar(sa.select(Member).where(Member.full_name == name))


def test_an_admission_makes_the_member_with_branch_and_status(ward) -> None:
    _record, report = ward.take_in("admissions", [NEW])
    assert (report.created, report.rejected) == (1, 0)
    member = member_of(ward, NEW["full_name"])
    assert (member.status, member.admitted_on) == ("official", date(2025, 5, 19))
    with ward.office() as work:
        spans = work.session.execute(
            sa.select(MemberStatus.status, MemberStatus.valid_from)
            .where(MemberStatus.member_id == member.id)
            .order_by(MemberStatus.valid_from)
        ).all()
        home = work.session.scalar(
            sa.select(Affiliation.valid_from).where(Affiliation.member_id == member.id)
        )
    assert [tuple(span) for span in spans] == [
        ("probationary", date(2025, 5, 19)),
        ("official", date(2026, 5, 19)),
    ]
    assert home == date(2025, 5, 19)


def test_the_same_file_again_changes_nothing(ward) -> None:
    ward.take_in("admissions", [NEW])
    _record, report = ward.take_in("admissions", [NEW])
    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)


def test_what_goes_out_comes_in_again_unchanged(ward) -> None:
    ward.take_in("admissions", [NEW])
    [row] = ward.give_out("admissions")
    assert row["source_group"] == "women; youth"
    plain = {name: str(value) for name, value in row.items() if value}
    _record, report = ward.take_in("admissions", [plain])
    assert report.unchanged == 1


def test_namesakes_of_one_day_go_out_by_birth_and_number(ward) -> None:
    rows = [
        {**NEW, "birth_date": f"15/03/{year}", "record_no": number}
        for year, number in ((2003, "R3"), (2001, "R2"), (2001, "R1"), (2002, "R9"))
    ]
    ward.take_in("admissions", rows)
    found = [(row["birth_date"], row["record_no"]) for row in ward.give_out("admissions")]
    assert [number for _birth, number in found] == ["R1", "R2", "R9", "R3"]


def test_an_admission_finds_the_member_by_card(ward) -> None:
    row = {"card_no": ward.people[3].card_no, "unit_code": "B1", "admitted_on": "2020-01-01"}
    before = ward.world.rows(Member)
    _record, report = ward.take_in("admissions", [row])
    assert report.created == 1
    assert ward.world.rows(Member) == before
    assert ward.world.rows(Admission) == 1


def test_another_day_of_admission_is_refused_unless_the_person_had_left(ward) -> None:
    row = {"card_no": ward.people[3].card_no, "unit_code": "B1", "admitted_on": "2021-01-01"}
    _record, report = ward.take_in("admissions", [row])
    assert why(report) == {1: ["admitted_on"]}


def test_a_probationary_member_becomes_official_by_the_file(ward) -> None:
    member = ward.world.member(
        "B1", "Cao Thị Lan", status="probationary", since=date(2025, 3, 3), record_no="R1"
    )
    row = {"record_no": "R1", "unit_code": "B1", "admitted_on": "2025-03-03"}
    ward.take_in("admissions", [{**row, "official_on": "2026-03-03"}])
    found = member_of(ward, member.full_name)
    assert (found.status, found.official_on) == ("official", date(2026, 3, 3))


def test_days_to_come_unknown_groups_and_wrong_orders_are_rejected_together(ward) -> None:
    row = {
        **NEW,
        "admitted_on": "01/01/2027",
        "official_on": "01/01/2026",
        "source_group": "poets",
    }
    _record, report = ward.take_in("admissions", [row])
    assert sorted(why(report)[1]) == ["admitted_on", "official_on", "source_group"]
    assert ward.world.rows(Admission) == 0


def test_a_committee_admits_nobody_itself(ward) -> None:
    _record, report = ward.take_in("admissions", [{**NEW, "unit_code": "W"}])
    assert why(report) == {1: ["unit_code"]}


def test_a_row_for_a_unit_where_the_plugin_is_off_is_rejected_with_that_reason(ward) -> None:
    ward.world.switch("recruitment", "B1", on=False)
    _record, report = ward.take_in("admissions", [NEW])
    [(_column, sentence)] = report.problems[1]
    assert "tắt" in sentence


def test_a_secretary_imports_no_admissions(ward) -> None:
    _record, report = ward.take_in("admissions", [NEW], actor=ward.secretary, unit="B1")
    assert report.rejected == 1


def test_one_newcomer_named_twice_is_entered_once(ward) -> None:
    again = {**NEW, "admitted_on": "20/05/2025"}
    _record, report = ward.take_in("admissions", [NEW, NEW, again])
    assert why(report) == {3: ["admitted_on"]}
    assert ward.world.rows(Admission) == 1


def test_an_import_of_admissions_is_taken_back_with_the_members_it_made(ward) -> None:
    members = ward.world.rows(Member)
    record, _report = ward.take_in("admissions", [NEW])
    with ward.office("W") as work:
        assert datasets_of(work)["admissions"].plugin == "recruitment"
        assert undo_import(work, work.session.merge(record)) == []
    assert ward.world.rows(Member) == members
    assert ward.world.rows(Admission) == 0


def test_a_branch_that_has_ended_gets_no_new_members_but_keeps_its_admissions(ward) -> None:
    ward.world.unit("B3", "branch", "W", name="Chi bộ cũ")
    with ward.world.work() as work:
        place, heir = ward.world.place("B3", work), ward.world.place("B2", work)
        members.end_unit(work, place, on=date(2026, 1, 1), successor=heir)
    known = ward.world.member("B2", "Đỗ Văn Cũ", since=date(2025, 5, 19), card_no="55555555")
    rows = [
        {**NEW, "unit_code": "B3"},
        {"card_no": known.card_no, "unit_code": "B3", "admitted_on": "2025-05-19"},
    ]
    _record, report = ward.take_in("admissions", rows)
    assert why(report) == {1: ["unit_code"]}
    assert report.created == 1


def test_targets_come_in_change_and_stay(ward) -> None:
    _record, report = ward.take_in("admission-targets", [TARGET])
    assert report.created == 1
    _record, report = ward.take_in("admission-targets", [TARGET])
    assert report.unchanged == 1
    _record, report = ward.take_in("admission-targets", [{**TARGET, "target": "31"}])
    assert report.updated == 1
    assert ward.world.rows(Target) == 1
    [row] = ward.give_out("admission-targets")
    assert (row["unit_code"], row["target"], row["period_to"]) == ("W", 31, date(2026, 12, 31))


def test_a_target_for_one_group_stands_beside_that_for_all(ward) -> None:
    rows = [TARGET, {**TARGET, "target": "12", "source_group": "women"}]
    _record, report = ward.take_in("admission-targets", rows)
    assert report.created == 2


def test_a_period_that_runs_backwards_is_rejected(ward) -> None:
    _record, report = ward.take_in("admission-targets", [{**TARGET, "period_to": "2025-12-31"}])
    assert why(report) == {1: ["period_to"]}
