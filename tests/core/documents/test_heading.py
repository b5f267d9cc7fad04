"""The head of papers: by kind of unit, by settings, by the names of the paper's day."""

from datetime import date

import pytest

from core.documents.services import Head, committee_name, head_of
from core.units.services import rename_unit, transfer_unit

WARD = "Đảng bộ phường Bắc Hồng Lĩnh"


def head(ward, unit: str, day: date | None = None) -> Head:
    with ward.work(unit=unit, writing=False) as work:
        return head_of(work, day=day)


def test_a_branch_prints_under_its_organisation(ward):
    assert head(ward, "B1") == Head(WARD, "Chi bộ tổ dân phố Phúc Sơn", "CB", "Bắc Hồng Lĩnh")


def test_a_ward_prints_as_its_committee_under_the_province(ward):
    assert head(ward, "W1") == Head(
        "Đảng bộ tỉnh Hà Tĩnh", "Đảng ủy phường Bắc Hồng Lĩnh", "ĐU", "Bắc Hồng Lĩnh"
    )


def test_a_province_prints_nothing_above_itself(ward):
    assert head(ward, "P") == Head("", "Tỉnh ủy Hà Tĩnh", "TU", "Hà Tĩnh")


def test_a_town_of_before_2025_has_its_code(ward):
    ward.unit("D1", "district", "P", name="Đảng bộ thị xã Hồng Lĩnh")
    ward.unit("D2", "district", "P", name="Đảng bộ huyện Nghi Xuân")
    ward.unit("D3", "district", "P", name="Đảng bộ quận Hải Châu")
    assert head(ward, "D1") == Head("Đảng bộ tỉnh Hà Tĩnh", "Thị ủy Hồng Lĩnh", "ThU", "Hồng Lĩnh")
    assert [head(ward, code).body_code for code in ("D2", "D3")] == ["HU", "QU"]


def test_a_branch_of_an_agency_takes_the_place_of_the_territory_above(ward):
    ward.unit("O1", "party_org", "W1", name="Đảng bộ Công ty Hồng Lam")
    ward.unit("B9", "branch", "O1", name="Chi bộ Phân xưởng 1")
    assert head(ward, "B9") == Head(
        "Đảng bộ Công ty Hồng Lam", "Chi bộ Phân xưởng 1", "CB", "Bắc Hồng Lĩnh"
    )


def test_a_place_changes_its_upper_line_code_and_place_by_settings(ward):
    ward.give("core.documents.upper_line", "committee", "W1")
    ward.give("core.documents.body_code", "CBPS", "B1")
    ward.give("core.documents.place", "Hà Tĩnh", "B1")
    assert head(ward, "B1") == Head(
        "Đảng ủy phường Bắc Hồng Lĩnh", "Chi bộ tổ dân phố Phúc Sơn", "CBPS", "Hà Tĩnh"
    )


def test_a_paper_of_the_past_bears_the_names_of_its_day(ward):
    with ward.work() as work:
        rename_unit(work, ward.place("B1", work), name="Chi bộ Phúc Sơn", on=date(2026, 9, 1))
        transfer_unit(
            work, ward.place("B1", work), parent=ward.place("P", work), on=date(2026, 10, 1)
        )
    before = head(ward, "B1", date(2026, 8, 31))
    between = head(ward, "B1", date(2026, 9, 1))
    now = head(ward, "B1")
    assert (before.issuing_body, before.upper_body) == ("Chi bộ tổ dân phố Phúc Sơn", WARD)
    assert (between.issuing_body, between.upper_body) == ("Chi bộ Phúc Sơn", WARD)
    assert (now.issuing_body, now.upper_body) == ("Chi bộ Phúc Sơn", "Đảng bộ tỉnh Hà Tĩnh")


@pytest.mark.parametrize(
    ("organisation", "committee"),
    [
        ("Đảng bộ xã Xuân Lam", "Đảng ủy xã Xuân Lam"),
        ("Đảng bộ thành phố Hà Nội", "Thành ủy Hà Nội"),
        ("Đảng bộ bộ phận Khối 1", "Đảng ủy bộ phận Khối 1"),
        ("Chi bộ Trường THPT", "Chi bộ Trường THPT"),
        ("Công ty Đảng bộ", "Công ty Đảng bộ"),
    ],
)
def test_committees_are_called_as_people_call_them(organisation, committee):
    assert committee_name(organisation) == committee


def test_a_head_of_a_past_day_takes_one_statement_more(ward, statements):
    head(ward, "B1")
    with ward.work(unit="B1", writing=False) as work:
        before = statements.count
        head_of(work)
        assert statements.count == before
        head_of(work, day=date(2024, 1, 1))
        assert statements.count == before + 1
