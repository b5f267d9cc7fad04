"""The empty workbook: what it lets somebody type, and that it comes back."""

import re
import zipfile

import pytest

from core.exchange.workbook import Column, read_rows, write_template
from core.i18n import _

CHOICES = (("left", "Đã ra, vì lý do khác"), ("official", "Chính thức"))


def parts_of(path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture
def made(tmp_path, columns):
    path = tmp_path / "template.xlsx"
    columns = [*columns, Column("status", "Tình trạng", kind="choice", choices=CHOICES)]
    write_template(path, columns, title="Mẫu đảng viên", guidance=["Mỗi đồng chí một dòng."])
    return path


def rule_at(path, reference: str) -> str:
    sheet = parts_of(path)["xl/worksheets/sheet1.xml"]
    found = re.search(f'<dataValidation [^>]*sqref="{reference}:[^>]*?(/>|>.*?</dataVal)', sheet)
    assert found is not None
    return found[0]


def test_an_empty_template_reads_as_headings_without_rows(made, columns):
    with read_rows(made, columns) as reading:
        assert reading.columns == [column.key for column in columns]
        assert reading.unknown_columns == ["Tình trạng"]
        assert list(reading) == []


def test_a_choice_and_yes_or_no_are_drop_downs(made):
    assert '"Nam,Nữ"' in rule_at(made, "F4")
    yes_no = rule_at(made, "G4")
    assert 'type="list"' in yes_no
    assert f'"{_("Yes")},{_("No")}"' in yes_no


def test_a_list_with_a_comma_stands_on_a_hidden_sheet(made):
    parts = parts_of(made)
    assert f"'{_('Lists')}'!$A$1:$A$2" in rule_at(made, "J4")
    assert "Đã ra, vì lý do khác" in parts["xl/worksheets/sheet3.xml"]
    assert 'state="hidden"' in parts["xl/workbook.xml"]


def test_days_are_checked_where_no_year_alone_is_allowed(made):
    assert 'type="date"' in rule_at(made, "D4")
    assert "type=" not in rule_at(made, "C4").replace("sqref", "")


def test_numbers_are_checked_and_hints_shown(made):
    assert 'type="decimal"' in rule_at(made, "H4")
    assert 'prompt="12 chữ số"' in rule_at(made, "A4")


def test_columns_that_could_lose_zeros_are_text(made):
    parts = parts_of(made)
    formats = re.findall(r'<xf numFmtId="(\d+)"', parts["xl/styles.xml"].split("cellXfs")[1])
    style = re.search(r'<col min="1" max="1"[^>]*style="(\d+)"', parts["xl/worksheets/sheet1.xml"])
    assert formats[int(style[1])] == "49"


def test_the_guidance_explains_each_column(made):
    guidance = parts_of(made)["xl/worksheets/sheet2.xml"]
    for text in ("Mỗi đồng chí một dòng.", "Họ và tên", "12 chữ số", "Nam; Nữ", "03/11/2026"):
        assert text in guidance


def test_required_columns_have_a_star_and_are_found_with_it(made):
    assert "<t>Họ và tên *</t>" in parts_of(made)["xl/worksheets/sheet1.xml"]


def test_a_long_title_or_hint_does_not_break_the_workbook(tmp_path):
    column = Column("a", "T" * 60, hint="h" * 600)
    write_template(tmp_path / "a.xlsx", [column], title="Mẫu")
    assert f'prompt="{"h" * 255}"' in rule_at(tmp_path / "a.xlsx", "A4")


def test_the_same_template_is_the_same_to_the_byte(tmp_path, columns):
    for name in ("a.xlsx", "b.xlsx"):
        write_template(tmp_path / name, columns, title="Mẫu")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
