"""The file given back: reasons first, bad cells marked, ready to be corrected and sent again."""

import re
import zipfile

import pytest

from core.exchange.workbook import annotate, annotating, read_rows
from core.i18n import _

PROBLEMS = {
    3: [("birth_date", "Ngày chưa đúng."), (None, "Trùng dòng 2.")],
    5: [("card_no", "Chưa nhập số thẻ."), ("sex", "Chọn Nam hoặc Nữ.")],
}


def sheet_of(path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


@pytest.fixture
def source(make_xlsx, row_of):
    head = row_of("Ghi chú", "full_name", "unit_code", "birth_date", "sex", "card_no")
    rows = [
        row_of("x", "An", "CB-01", '<c s="1"><v>18297</v></c>', "male", "001"),
        row_of("x", "Bình", "CB-01", "30/02/1950", "male", "002"),
        row_of("x", "Cường", "CB-02", "1950", "nữ", "003"),
        row_of("x", "Dung", "CB-02", "3/2/1950", "?"),
    ]
    return make_xlsx(head + "".join(rows))


@pytest.fixture
def made(source, tmp_path, columns):
    path = tmp_path / "annotated.xlsx"
    assert annotate(source, path, columns, PROBLEMS, summary="2 dòng cần sửa.") == 2
    return path


def test_rows_to_correct_come_first_and_all_rows_are_there(made, columns):
    with read_rows(made, columns) as reading:
        assert [row.values["full_name"] for row in reading] == ["Bình", "Dung", "An", "Cường"]


def test_what_we_added_is_passed_over_when_the_file_comes_back(made, columns):
    with read_rows(made, columns) as reading:
        assert reading.unknown_columns == []
        assert reading.columns == ["card_no", "full_name", "birth_date", "sex", "unit_code"]


def test_values_are_as_they_were_sent(source, made, columns):
    def rows_by_name(path):
        with read_rows(path, columns) as reading:
            return {row.values["full_name"]: row.values for row in reading}

    before, after = rows_by_name(source), rows_by_name(made)
    before["Dung"]["birth_date"] = "1950-02-03"  # a day that was text is a real day now
    assert after == before


def test_every_reason_of_a_row_stands_in_its_first_cell(made):
    sheet = sheet_of(made)
    assert "Ngày sinh: Ngày chưa đúng.\nTrùng dòng 2." in sheet
    assert "Số thẻ đảng viên: Chưa nhập số thẻ.\nGiới tính: Chọn Nam hoặc Nữ." in sheet
    assert _("To correct") in sheet


def test_the_row_says_where_it_stood(made):
    assert re.search(r'<c r="B3" s="\d+"><v>3</v></c>', sheet_of(made))
    assert re.search(r'<c r="B5" s="\d+"><v>2</v></c>', sheet_of(made))


def test_bad_cells_are_marked_and_commented_even_when_they_are_empty(made):
    with zipfile.ZipFile(made) as archive:
        comments = archive.read("xl/comments1.xml").decode()
    assert comments.count("<comment ") == 3
    assert 'ref="C4"' in comments  # the missing card number
    assert "Chưa nhập số thẻ." in comments
    assert re.search(r'<c r="C4" s="\d+"/>', sheet_of(made))


def test_comments_are_few_however_many_cells_are_bad(source, tmp_path, columns, monkeypatch):
    monkeypatch.setattr(annotating, "_MOST_COMMENTS", 1)
    annotate(source, tmp_path / "a.xlsx", columns, PROBLEMS, summary="")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert archive.read("xl/comments1.xml").decode().count("<comment ") == 1


def test_a_csv_file_is_given_back_as_a_workbook(tmp_path, columns):
    source, target = tmp_path / "a.csv", tmp_path / "a.xlsx"
    source.write_text("full_name,unit_code\nAn,1\nBình,2\n", encoding="utf-8")
    assert annotate(source, target, columns, {3: [(None, "Trùng.")]}, summary="1 dòng") == 1
    with read_rows(target, columns) as reading:
        assert [row.values["full_name"] for row in reading] == ["Bình", "An"]


def test_without_problems_the_rows_stay_in_order(source, tmp_path, columns):
    assert annotate(source, tmp_path / "a.xlsx", columns, {}, summary="Đủ") == 0
    with read_rows(tmp_path / "a.xlsx", columns) as reading:
        assert [row.values["full_name"] for row in reading] == ["An", "Bình", "Cường", "Dung"]
