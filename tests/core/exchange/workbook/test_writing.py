"""What is written comes back as it was, byte for byte, and runs nothing."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.exchange.workbook import (
    Column,
    annotate,
    read_rows,
    write_csv,
    write_rows,
    write_template,
)
from core.exchange.workbook.sheet import QuickSheet
from core.i18n import lazy

ROWS = [
    [
        *("012345678901", "Nguyễn Thị Hường", "1950"),
        *(date(1975, 2, 3), "11/2026", "female", True, 7.5, "CB-01"),
    ],
    ["", "=cmd|' /C calc'!A0", "1890-05-19", "2026-11-03", "", "male", False, Decimal(8), "'=x"],
    [None, "https://example.invalid/a", None, None, None, None, None, None, "007"],
    ["000000000001", 'Dòng\n"hai", _x0041_', "1", "không rõ", "x", "?", "no", "7,5", "-1"],
]
SAVED = Path(__file__).parent / "saved_by_libreoffice.xlsx"


def values_of(path, columns):
    with read_rows(path, columns) as reading:
        return [[row.values[column.key] for column in columns] for row in reading]


def parts_of(path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture
def made(tmp_path, columns):
    path = tmp_path / "made.xlsx"
    assert write_rows(path, columns, ROWS, title="Danh sách đảng viên", note="Tính đến nay") == 4
    return path


EXPECTED = [
    [
        *("012345678901", "Nguyễn Thị Hường", "1950"),
        *("1975-02-03", "11/2026", "female", "yes", "7.5", "CB-01"),
    ],
    ["", "=cmd|' /C calc'!A0", "1890-05-19", "2026-11-03", "", "male", "no", "8", "'=x"],
    ["", "https://example.invalid/a", "", "", "", "", "", "", "007"],
    ["000000000001", 'Dòng\n"hai", _x0041_', "1", "không rõ", "x", "?", "no", "7,5", "-1"],
]


def test_a_workbook_reads_as_it_was_written(made, columns):
    assert values_of(made, columns) == EXPECTED


@pytest.mark.parametrize("wording", ["keys", "labels"])
def test_a_csv_file_reads_as_it_was_written(tmp_path, columns, wording):
    path = tmp_path / "made.csv"
    assert write_csv(path, columns, ROWS, wording=wording) == 4
    assert values_of(path, columns) == EXPECTED


@pytest.mark.parametrize(("write", "name"), [(write_rows, "a.xlsx"), (write_csv, "a.csv")])
@pytest.mark.parametrize("wording", ["keys", "labels"])
def test_written_read_and_written_again_is_the_same_to_the_byte(
    tmp_path, columns, write, name, wording
):
    first, second = tmp_path / name, tmp_path / f"again-{name}"
    write(first, columns, ROWS, wording=wording)
    write(second, columns, values_of(first, columns), wording=wording)
    assert first.read_bytes() == second.read_bytes()


def test_a_file_saved_again_by_libreoffice_reads_identically(columns):
    # Made from ROWS with `soffice --headless --convert-to xlsx`, which moves all strings into a
    # table and writes styles of its own.
    assert "xl/sharedStrings.xml" in parts_of(SAVED)
    assert values_of(SAVED, columns) == EXPECTED


def test_nothing_that_is_written_is_a_formula_or_a_link(made):
    parts = parts_of(made)
    assert "<f>" not in parts["xl/worksheets/sheet1.xml"]
    assert "hyperlink" not in parts["xl/worksheets/sheet1.xml"]
    assert not any("_rels/sheet" in name for name in parts)


def test_days_are_days_and_card_numbers_are_text(made):
    sheet = parts_of(made)["xl/worksheets/sheet1.xml"]
    assert "<v>27428</v>" in sheet  # 3 February 1975
    assert 'numFmtId="49"' in parts_of(made)["xl/styles.xml"]  # text
    assert 'formatCode="dd/mm/yyyy"' in parts_of(made)["xl/styles.xml"]
    assert re.search(r'<c r="A4" s="\d+" t="inlineStr"><is><t>012345678901</t>', sheet)


def test_the_head_is_frozen_filtered_and_repeated_on_a_wide_page(made):
    parts = parts_of(made)
    sheet, book = parts["xl/worksheets/sheet1.xml"], parts["xl/workbook.xml"]
    assert 'ySplit="3"' in sheet
    assert '<autoFilter ref="A3:I7"/>' in sheet
    assert 'orientation="landscape"' in sheet
    assert 'fitToHeight="0"' in sheet
    assert "$3:$3</definedName>" in book
    assert "Times New Roman" in parts["xl/styles.xml"]
    assert "<scheme" not in parts["xl/styles.xml"]  # or Excel would show another font


def test_no_rows_make_a_workbook_with_headings(tmp_path, columns):
    path = tmp_path / "none.xlsx"
    assert write_rows(path, columns, []) == 0
    assert values_of(path, columns) == []


def test_headings_speak_the_language_asked_for(tmp_path):
    columns = [Column("data", lazy("Data"))]
    path = tmp_path / "made.xlsx"
    write_rows(path, columns, [["1"]], locale="en")
    assert "<t>Data</t>" in parts_of(path)["xl/worksheets/sheet1.xml"]


def test_a_stream_is_written_and_left_open(columns):
    book, text = io.BytesIO(), io.BytesIO()
    write_rows(book, columns, ROWS)
    write_csv(text, columns, ROWS[:1], mark=True)
    assert book.getvalue().startswith(b"PK")
    assert text.getvalue().startswith(b"\xef\xbb\xbfcard_no,full_name")
    assert text.getvalue().endswith(
        "012345678901,Nguyễn Thị Hường,1950,1975-02-03,11/2026,female,yes,7.5,CB-01\n".encode()
    )


def test_text_too_long_for_a_cell_is_an_error_and_not_cut(tmp_path):
    with pytest.raises(ValueError, match="Row 2, note: longer"):
        write_rows(tmp_path / "a.xlsx", [Column("note", "Ghi chú")], [["a" * 32_768]])


def test_a_row_of_another_width_is_an_error(tmp_path, columns):
    with pytest.raises(ValueError, match="shorter"):
        write_csv(tmp_path / "a.csv", columns, [["only one"]])


def test_the_quick_sheet_writes_the_bytes_of_xlsxwriter(tmp_path, monkeypatch):
    columns = [Column("a", "A"), Column("b", "B", "day"), Column("c", "C", "number")]
    odd = (
        "Nguyễn Văn An", "", " trước", "sau ", "a & b < c > d", '"', "_x000D_", "_x", "hai\ndòng",
        "\u00a0", "a\u00a0b", "\x07", "\ufffe", "😀", "<r>x</r>", "=1+1", "12", "e\u0302",
    )  # fmt: skip
    rows = [[text] * 3 for text in odd]
    rows += [["12", date(2026, 11, 3), Decimal("12.5")], ["", "3/11/2026", 0.1 + 0.2]]

    def written(name: str) -> list[bytes]:
        folder = tmp_path / name
        folder.mkdir()
        write_rows(folder / "rows.xlsx", columns, rows, title="Thử")
        write_template(folder / "empty.xlsx", [*columns, choice], title="Mẫu", guidance=odd)
        problems = {number: [("a", text)] for number, text in enumerate(odd[:5], 3)}
        args = (tmp_path / "sent.csv", folder / "back.xlsx", columns, problems)
        annotate(*args, summary="Hai dòng")
        return [path.read_bytes() for path in sorted(folder.iterdir())]

    write_csv(tmp_path / "sent.csv", columns, rows)
    choice = Column(
        "d", "D", "choice", choices=[(text, text) for text in odd if text.isprintable()]
    )
    quick = written("quick")
    monkeypatch.delattr(QuickSheet, "_write_cell")
    assert written("usual") == quick
