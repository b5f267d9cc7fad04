"""Importing units: versions, parents later in the file, corrections, what is refused, undo."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from core.periods import EVER, OPEN
from core.testing import World
from core.units.models import Unit, UnitVersion
from core.units.places import visible
from core.units.services import rename_unit
from core.units.tree import whole_tree


def versions(world: World, code: str) -> list[tuple[str, date, date]]:
    with world.work(writing=False) as work:
        return [
            tuple(row)
            for row in work.session.execute(
                sa.select(UnitVersion.name, UnitVersion.valid_from, UnitVersion.valid_to)
                .join(Unit, Unit.id == UnitVersion.unit_id)
                .where(Unit.code == code, visible(UnitVersion, work.generation))
                .order_by(UnitVersion.valid_from)
            )
        ]


def reasons(report: Any) -> dict[int, list[str | None]]:
    return {number: [column for column, _s in found] for number, found in report.problems.items()}


def test_parents_may_come_later_and_level_means_kind(hands: Any, world: World) -> None:
    _record, report = hands.bring(
        "units",
        [
            {"code": "B", "name": "Chi bộ B", "level": "branch", "parent_code": "W"},
            {"code": "W", "name": "Phường W", "level": "Đảng bộ xã, phường, đặc khu",
             "parent_code": "P"},
            {"code": "P", "name": "Tỉnh P", "level": "province", "parent_code": ""},
        ],
    )  # fmt: skip
    assert (report.created, report.problems) == (3, {})
    with world.work(writing=False) as work:
        lines = [line.code for line, _d in whole_tree(work, world.place("ROOT", work), EVER)]
    assert lines == ["ROOT", "P", "W", "B"]


def test_several_rows_of_a_code_are_its_versions(hands: Any, ward: World) -> None:
    rows = [
        {"code": "N", "name": "Chi bộ cũ", "kind": "branch", "parent_code": "W1",
         "valid_from": "", "valid_to": "01/07/2025"},
        {"code": "N", "name": "Chi bộ mới", "kind": "branch", "parent_code": "W2",
         "valid_from": "01/07/2025", "valid_to": ""},
    ]  # fmt: skip
    hands.bring("units", rows)
    reform = date(2025, 7, 1)
    assert versions(ward, "N") == [("Chi bộ cũ", EVER, reform), ("Chi bộ mới", reform, OPEN)]
    again = hands.bring("units", rows)[1]
    assert (again.unchanged, again.updated) == (2, 0)


def test_an_empty_first_day_of_a_known_unit_corrects_its_current_version(
    hands: Any, ward: World
) -> None:
    with ward.work() as work:
        rename_unit(work, ward.place("B1", work), name="Tên mới", on=date(2025, 7, 1))
    report = hands.bring("units", [{"code": "B1", "name": "Tên đúng", "parent_code": ""}])[1]
    assert report.updated == 1
    assert [name for name, _f, _t in versions(ward, "B1")] == ["Đơn vị B1", "Tên đúng"]
    with ward.work(writing=False) as work:
        assert ward.place("B1", work).parent_id == ward.place("W1", work).id


def test_a_version_from_a_day_on_leaves_the_time_before_as_it_was(hands: Any, ward: World) -> None:
    hands.bring("units", [{"code": "B1", "valid_from": "2026-01-01", "parent_code": "W2"}])
    with ward.work(writing=False) as work:
        before = [u.code for u, _d in whole_tree(work, ward.place("W1", work), date(2025, 12, 31))]
        after = [u.code for u, _d in whole_tree(work, ward.place("W2", work), date(2026, 1, 1))]
    assert (before, after) == (["W1", "B1", "B2"], ["W2", "B1", "B3"])


def test_every_bad_row_is_rejected_and_what_hangs_on_it_too(hands: Any, ward: World) -> None:
    rows = [
        {"code": "ở đây", "name": "Sai mã", "kind": "branch", "parent_code": "W1"},
        {"code": "X1", "name": "", "kind": "chi hội", "parent_code": "W1", "sector": "lạ"},
        {"code": "X2", "name": "Ngày sai", "kind": "branch", "parent_code": "W1",
         "valid_from": "31/02/2025", "decision_date": "hôm qua"},
        {"code": "X3", "name": "Không cha", "kind": "branch", "parent_code": "NOWHERE"},
        {"code": "X4", "name": "Con của dòng sai", "kind": "group", "parent_code": "X3"},
        {"code": "X5", "name": "Loại không đứng được", "kind": "commune", "parent_code": "B1"},
        {"code": "X6", "name": "Vòng", "kind": "party_org", "parent_code": "X7"},
        {"code": "X7", "name": "Vòng", "kind": "party_org", "parent_code": "X6"},
        {"code": "X8", "name": "Ngược ngày", "kind": "branch", "parent_code": "W1",
         "valid_from": "2025-07-01", "valid_to": "2025-01-01"},
        {"code": "X9", "name": "Chồng", "kind": "branch", "parent_code": "W1",
         "valid_from": "2020-01-01", "valid_to": "2025-01-01"},
        {"code": "X9", "name": "Chồng", "kind": "branch", "parent_code": "W1",
         "valid_from": "2024-01-01"},
        {"code": "Y1", "name": "Cấp trên có sau", "kind": "branch", "parent_code": "Y2"},
        {"code": "Y2", "name": "Cấp trên", "kind": "commune", "parent_code": "P",
         "valid_from": "2025-07-01"},
        {"code": "G", "name": "Tốt", "kind": "branch", "parent_code": "W1"},
    ]  # fmt: skip
    _record, report = hands.bring("units", rows)
    assert reasons(report) == {
        2: ["code"],
        3: ["kind", "sector", "name"],
        4: ["valid_from", "decision_date"],
        5: ["parent_code"],
        6: ["parent_code"],
        7: ["kind"],
        8: ["parent_code"],
        9: ["parent_code"],
        10: ["valid_to"],
        11: ["valid_to"],
        13: ["parent_code"],
    }
    assert report.created == 3
    assert {row["code"] for row in hands.rows("units")} >= {"X9", "Y2", "G"}
    assert "Sửa dòng của cấp trên trước" in report.problems[6][0][1]


def test_a_unit_cannot_end_under_one_that_is_not_in_the_file(hands: Any, ward: World) -> None:
    report = hands.bring("units", [{"code": "W1", "valid_to": "2026-01-01"}])[1]
    assert reasons(report) == {2: ["valid_to", "valid_to"]}
    assert "B1" in "".join(sentence for _column, sentence in report.problems[2])


def test_what_is_described_otherwise_later_is_not_cut_silently(hands: Any, ward: World) -> None:
    with ward.work() as work:
        rename_unit(work, ward.place("B1", work), name="Tên mới", on=date(2025, 7, 1))
    rows = [
        {"code": "B1", "name": "Tên khác", "valid_from": "2020-01-01", "valid_to": "2026-01-01"}
    ]
    assert reasons(hands.bring("units", rows)[1]) == {2: ["valid_to"]}


def test_a_units_officer_cannot_touch_units_elsewhere(hands: Any, ward: World) -> None:
    staff = ward.account("commune_staff", "W1")
    rows = [
        {"code": "N1", "name": "Ở đây", "kind": "branch", "parent_code": "W1"},
        {"code": "N2", "name": "Nơi khác", "kind": "branch", "parent_code": "W2"},
        {"code": "N3", "name": "Trên cùng", "kind": "party_org", "parent_code": ""},
        {"code": "B3", "name": "Sửa nơi khác", "kind": "branch", "parent_code": ""},
        {"code": "B1", "name": "Sửa ở đây", "kind": "branch", "parent_code": "W1"},
    ]
    _record, report = hands.bring("units", rows, staff)
    assert reasons(report) == {3: ["parent_code"], 4: ["parent_code"], 5: ["code"]}
    assert (report.created, report.updated) == (1, 1)


def test_an_import_of_units_is_taken_back_and_may_come_again(hands: Any, ward: World) -> None:
    before = hands.take("units").read_bytes()
    rows = [
        {"code": "N1", "name": "Mới", "kind": "branch", "parent_code": "W1"},
        {"code": "B1", "name": "Đổi tên", "kind": "", "parent_code": ""},
    ]
    record, _report = hands.bring("units", rows)
    assert hands.undo(record) == []
    assert hands.take("units").read_bytes() == before
    report = hands.bring("units", rows)[1]
    assert (report.created, report.updated) == (1, 1)


def test_units_on_which_something_was_built_are_not_taken_back(hands: Any, ward: World) -> None:
    rows = [{"code": "N1", "name": "Mới", "kind": "branch", "parent_code": "W1"}]
    record, _report = hands.bring("units", rows)
    ward.member("N1", "Nguyễn Văn An")
    obstacles = hands.undo(record)
    assert len(obstacles) >= 1
    assert [row["code"] for row in hands.rows("units") if row["code"] == "N1"] == ["N1"]
    assert all(line.startswith(("Row 2", "Dòng 2")) for line in obstacles)


def test_descent_comes_in_with_shares_and_goes_again(hands: Any, ward: World) -> None:
    rows = [
        {"predecessor_code": "B1", "successor_code": "B2", "on": "2026-01-01", "share": "2/3",
         "kind": "divide"},
        {"predecessor_code": "B1", "successor_code": "B3", "on": "2026-01-01", "share": "",
         "kind": "divide"},
        {"predecessor_code": "B1", "successor_code": "B1", "on": "2026-01-01"},
        {"predecessor_code": "B2", "successor_code": "NONE", "on": "bao giờ", "share": "3/2",
         "kind": "lạ"},
    ]  # fmt: skip
    record, report = hands.bring("lineage", rows)
    assert reasons(report) == {4: ["successor_code"], 5: ["on", "share", "kind", "successor_code"]}
    assert [row["share"] for row in hands.rows("lineage")] == ["2/3", ""]
    assert hands.bring("lineage", rows[:2])[1].unchanged == 2
    assert hands.undo(record) == []
    assert hands.rows("lineage") == []
