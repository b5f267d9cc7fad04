"""The datasets `meetings` and `attendance`: in, out, again the same, and taken back."""

from __future__ import annotations

from datetime import date

import pytest

from core.exchange.registry import datasets_of
from core.exchange.services import check_source, import_source
from core.exchange.staging import JsonSource
from core.exchange.undoing import undo_import
from core.testing import counted
from plugins.meetings import services
from plugins.meetings.models import Attendance, Meeting
from plugins.meetings.services import Tick

MEETING = {
    "unit_code": "B1",
    "for_month": "10/2026",
    "held_on": "03/10/2026",
    "regular": "yes",
    "thematic": "no",
    "kind": "branch",
    "starts_at": "19:30",
    "ends_at": "21:05",
}


def taken_in(branch, key, rows, *, actor=None, unit="W", code=None):
    """Import rows as the commune."""
    with branch.world.work(actor or branch.commune, unit) as work:
        dataset = datasets_of(work)[key]
        record, report = import_source(work, dataset, JsonSource(rows))
        return record, report


def given_out(branch, key, unit="W", as_of=None):
    """Export a dataset as rows of plain values by column."""
    with branch.world.work(branch.commune, unit, writing=False) as work:
        dataset = datasets_of(work)[key]
        names = [column.key for column in dataset.columns(work)]
        return [dict(zip(names, row, strict=True)) for row in dataset.dump(work, work.unit, as_of)]


def reasons(report):
    """Return why rows were rejected, by row."""
    return {number: [column for column, _why in found] for number, found in report.problems.items()}


def line(branch, index=0, **changes):
    values = {
        "unit_code": "B1",
        "held_on": "2026-10-03",
        "card_no": branch.people[index].card_no,
        "full_name": branch.people[index].full_name,
        "state": "present",
    }
    return {**values, **changes}


def test_meetings_come_in_as_facts_of_the_past(branch) -> None:
    _record, report = taken_in(branch, "meetings", [MEETING])
    assert (report.created, report.rejected) == (1, 0)
    with branch.work() as work:
        [meeting], _cursor = services.list_meetings(work)
    assert (meeting.state, meeting.held_on, meeting.for_month.month) == (
        "closed",
        date(2026, 10, 3),
        10,
    )
    assert (meeting.ended_at - meeting.started_at).seconds == 95 * 60


def test_empty_cells_mean_the_month_of_the_day_and_a_regular_branch_meeting(branch) -> None:
    taken_in(branch, "meetings", [{"unit_code": "B1", "held_on": "2026-10-03"}])
    [row] = given_out(branch, "meetings")
    assert (row["for_month"], row["regular"], row["kind"], row["mode"]) == (
        date(2026, 10, 1),
        True,
        "branch",
        "onsite",
    )


def test_the_same_file_again_changes_nothing(branch) -> None:
    taken_in(branch, "meetings", [MEETING])
    taken_in(branch, "attendance", [line(branch)])
    _record, again = taken_in(branch, "meetings", [MEETING])
    _record, lines = taken_in(branch, "attendance", [line(branch)])
    assert (again.unchanged, lines.unchanged) == (1, 1)


def test_an_empty_cell_leaves_what_is_stored_and_a_filled_one_corrects_it(branch) -> None:
    taken_in(branch, "meetings", [{**MEETING, "title": "Sinh hoạt tháng 10"}])
    _record, report = taken_in(
        branch, "meetings", [{"unit_code": "B1", "held_on": "2026-10-03", "thematic": "có"}]
    )
    assert report.updated == 1
    [row] = given_out(branch, "meetings")
    assert (row["title"], row["thematic"], row["starts_at"]) == (
        "Sinh hoạt tháng 10",
        True,
        "19:30",
    )


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"unit_code": "NONE"}, "unit_code"),
        ({"unit_code": "W"}, "unit_code"),
        ({"held_on": "2026-12-03", "for_month": "12/2026"}, "held_on"),
        ({"held_on": "31/02/2026"}, "held_on"),
        ({"held_on": "1900-01-01", "for_month": "01/1900"}, "held_on"),
        ({"for_month": "01/2024"}, "for_month"),
        ({"regular": "no"}, "regular"),
        ({"kind": "party"}, "kind"),
        ({"mode": "by post"}, "mode"),
    ],
)
def test_rows_that_cannot_be_are_rejected_with_their_column(branch, changes, column) -> None:
    _record, report = taken_in(branch, "meetings", [{**MEETING, **changes}])
    assert reasons(report) == {1: [column]}
    assert branch.world.rows(Meeting) == 0


def test_a_second_regular_meeting_of_a_month_is_rejected_also_within_one_file(branch) -> None:
    _record, report = taken_in(branch, "meetings", [MEETING, {**MEETING, "held_on": "2026-10-20"}])
    assert (report.created, reasons(report)) == (1, {2: ["for_month"]})


def test_rows_for_a_unit_where_the_module_is_off_are_rejected_with_that_reason(branch) -> None:
    branch.world.switch("meetings", "B1", on=False)
    _record, report = taken_in(branch, "meetings", [MEETING, {**MEETING, "unit_code": "B2"}])
    assert (report.created, reasons(report)) == (1, {1: ["unit_code"]})


def test_rows_for_a_unit_outside_the_right_are_rejected(branch) -> None:
    _record, report = taken_in(
        branch, "meetings", [{**MEETING, "unit_code": "B2"}], actor=branch.secretary, unit="B1"
    )
    assert reasons(report) == {1: ["unit_code"]}


def test_attendance_comes_in_with_the_figures_of_the_meeting(branch) -> None:
    exempt = branch.world.member("B1", "Cao Thị Lan", status="exempt")
    taken_in(branch, "meetings", [MEETING])
    rows = [
        line(branch, 0),
        line(branch, 1, state="online"),
        line(branch, 2, state="excused", reason="health"),
        line(branch, 3, state="absent"),
        line(branch, 0, card_no=exempt.card_no, full_name=exempt.full_name, state="present"),
    ]
    _record, report = taken_in(branch, "attendance", rows)
    assert (report.created, report.rejected) == (5, 0)
    with branch.work() as work:
        [meeting], _cursor = services.list_meetings(work)
    assert (meeting.required, meeting.attended, meeting.online) == (4, 2, 1)
    assert (meeting.excused, meeting.absent, meeting.exempt, meeting.members) == (1, 1, 1, 5)
    assert meeting.roll_opened_at is not None


def test_people_without_a_card_are_known_by_name_and_birth_date(branch) -> None:
    young = branch.world.member(
        "B1", "Mai Văn Minh", status="probationary", birth_date=date(2000, 5, 1)
    )
    taken_in(branch, "meetings", [MEETING])
    row = line(branch, card_no="", full_name=young.full_name, birth_date="01/05/2000")
    _record, report = taken_in(branch, "attendance", [row])
    assert report.created == 1


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"held_on": "2026-10-04"}, "held_on"),
        ({"kind": "committee"}, "held_on"),
        ({"card_no": "99999999"}, "full_name"),
        ({"state": "asleep"}, "state"),
        ({"state": ""}, "state"),
        ({"reason": "health"}, "reason"),
        ({"state": "excused", "reason": "laziness"}, "reason"),
    ],
)
def test_lines_that_cannot_be_are_rejected_with_their_column(branch, changes, column) -> None:
    taken_in(branch, "meetings", [MEETING])
    _record, report = taken_in(branch, "attendance", [line(branch, **changes)])
    assert reasons(report) == {1: [column]}
    assert branch.world.rows(Attendance) == 0


def test_locked_minutes_are_not_changed_by_an_import(branch) -> None:
    with branch.work() as work:
        branch.locked(work)
    day = {"held_on": "2026-11-10", "for_month": "11/2026"}
    _record, same = taken_in(branch, "meetings", [{"unit_code": "B1", "held_on": "2026-11-10"}])
    _record, report = taken_in(branch, "meetings", [{**MEETING, **day, "model": "yes"}])
    _record, lines = taken_in(
        branch,
        "attendance",
        [
            line(branch, 0, held_on="2026-11-10"),
            line(branch, 1, held_on="2026-11-10", state="absent"),
        ],
    )
    assert same.unchanged == 1
    assert report.rejected == 1
    assert (lines.unchanged, lines.rejected) == (1, 1)


def test_what_is_given_out_can_be_taken_in_and_is_given_out_again_the_same(branch) -> None:
    with branch.work() as work:
        meeting = branch.opened(work, is_thematic=True, theme="Số hóa", mode="mixed")
        branch.all_present(work, meeting)
        services.tick(work, meeting, branch.people[4].id, Tick("excused", "duty"))
        services.end_meeting(work, meeting)
    meetings, attendance = given_out(branch, "meetings"), given_out(branch, "attendance")
    assert (len(meetings), len(attendance)) == (1, 10)
    with branch.world.work() as work:
        for model in (Attendance,):
            work.session.query(model).delete()
    rows = [{name: str(value) for name, value in row.items() if value} for row in attendance]
    _record, report = taken_in(branch, "attendance", rows)
    assert report.created == 10
    assert given_out(branch, "attendance") == attendance
    assert given_out(branch, "meetings") == meetings


def test_two_of_one_name_are_given_out_by_their_numbers(branch) -> None:
    for number in ("90000009", "90000001", "90000005"):
        branch.people.append(branch.world.member("B1", "Phan Văn Cầu", card_no=number))
    with branch.work() as work:
        branch.all_present(work, branch.opened(work))
    lines = [
        line for line in given_out(branch, "attendance") if line["full_name"] == "Phan Văn Cầu"
    ]
    assert [line["card_no"] for line in lines] == ["90000001", "90000005", "90000009"]


def test_an_import_is_taken_back_with_its_figures(branch) -> None:
    taken_in(branch, "meetings", [MEETING])
    record, _report = taken_in(branch, "attendance", [line(branch, n) for n in range(4)])
    with branch.world.work(branch.commune, "W") as work:
        assert undo_import(work, work.session.merge(record)) == []
    with branch.work() as work:
        [meeting], _cursor = services.list_meetings(work)
    assert (meeting.required, meeting.attended, meeting.roll_opened_at) == (0, 0, None)
    assert branch.world.rows(Attendance) == 0


def test_meetings_with_a_roll_are_not_taken_back(branch) -> None:
    record, _report = taken_in(branch, "meetings", [MEETING])
    taken_in(branch, "attendance", [line(branch)])
    with branch.world.work(branch.commune, "W") as work:
        assert undo_import(work, work.session.merge(record))


def test_a_day_gives_out_what_was_held_up_to_it(branch) -> None:
    taken_in(branch, "meetings", [MEETING, {**MEETING, "held_on": "03/11/2026", "for_month": ""}])
    assert len(given_out(branch, "meetings")) == 2
    assert len(given_out(branch, "meetings", as_of=date(2026, 10, 31))) == 1


def test_a_block_of_rows_costs_a_handful_of_statements(branch) -> None:
    rows = [
        {**MEETING, "held_on": f"2026-{month:02d}-03", "for_month": f"{month:02d}/2026"}
        for month in range(1, 11)
    ]
    taken_in(branch, "meetings", rows)
    lines = [line(branch, n, held_on=f"2026-{m:02d}-03") for m in range(1, 11) for n in range(10)]
    with branch.world.work(branch.commune, "W") as work:
        dataset = datasets_of(work)["attendance"]
        with counted(work.session.get_bind().engine) as counter:
            report = check_source(work, dataset, JsonSource(lines))
    assert report.created == 100
    assert counter.count <= 12
