"""Reading CSV files in the encodings and forms that offices have."""

import unicodedata

import pytest

from core.exchange.workbook import UnreadableFile, read_rows, refusals
from core.exchange.workbook.delimited import armed, disarmed

TEXT = "Họ và tên;Mã đơn vị\r\nNguyễn Đức Thắng;CB-01\r\nLê Thị Hường;CB-02\r\n"
NAMES = ["Nguyễn Đức Thắng", "Lê Thị Hường"]
TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text: str) -> bytes:
    """Encode as old Windows did: the letter with its hat, then the tone as a sign of its own."""
    encoded = b""
    for letter in text:
        try:
            encoded += letter.encode("cp1258")
        except UnicodeEncodeError:
            signs = unicodedata.normalize("NFD", letter)
            base = "".join(sign for sign in signs if sign not in TONES)
            tones = "".join(sign for sign in signs if sign in TONES)
            encoded += (unicodedata.normalize("NFC", base) + tones).encode("cp1258")
    return encoded


@pytest.fixture
def make_csv(tmp_path):
    def build(content: bytes | str):
        path = tmp_path / "made.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return build


def refusal(path, columns) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught, read_rows(path, columns) as reading:
        list(reading)
    return caught.value


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        windows_1258(TEXT),
        unicodedata.normalize("NFD", TEXT).encode(),
    ],
    ids=["UTF-8", "UTF-8 with a mark", "UTF-16", "LE", "BE", "windows-1258", "NFD"],
)
def test_the_encoding_is_recognised(make_csv, read, content):
    assert [row["full_name"] for row in read(make_csv(content))] == NAMES


def test_the_letters_of_old_windows_are_recognised_in_a_single_row(make_csv, read):
    content = windows_1258("full_name,unit_code\nLê Hà,CB-01\n")
    assert read(make_csv(content))[0]["full_name"] == "Lê Hà"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_the_one_with_which_headings_are_found(make_csv, read, separator):
    lines = [["full_name", "unit_code", "points"], ["An", "CB;01", '"7,5"']]
    text = "\n".join(separator.join(cells) for cells in lines)
    if separator == ";":
        text = text.replace("CB;01", '"CB;01"')
    assert read(make_csv(text)) == [{"full_name": "An", "unit_code": "CB;01", "points": "7,5"}]


def test_the_first_line_for_excel_and_a_title_are_passed_over(make_csv, columns):
    path = make_csv("sep=;\nDanh sách;\n\nfull_name;unit_code;note\nAn;CB-01;x\n")
    with read_rows(path, columns) as reading:
        assert (reading.heading_row, reading.unknown_columns) == (4, ["note"])
        assert [(row.number, row.values["full_name"]) for row in reading] == [(5, "An")]


def test_a_line_break_within_quotation_marks_belongs_to_the_cell(make_csv, read):
    path = make_csv('full_name,unit_code\n"Nguyễn\r\nVăn ""An""",CB-01\nB,CB-02\n')
    assert [row["full_name"] for row in read(path)] == ['Nguyễn\nVăn "An"', "B"]


def test_zeros_in_front_and_words_of_people_are_kept_and_understood(make_csv, read):
    path = make_csv("full_name,unit_code,card_no,sex,regular\nAn,007,001,Nữ,Có\nB,8,,x,khong\n")
    rows = read(path)
    assert [row["unit_code"] for row in rows] == ["007", "8"]
    assert [row["card_no"] for row in rows] == ["001", ""]
    assert [row["sex"] for row in rows] == ["female", "x"]
    assert [row["regular"] for row in rows] == ["yes", "no"]


def test_a_quotation_mark_that_is_not_closed_is_refused_with_its_row(make_csv, columns):
    path = make_csv("full_name,unit_code\nAn,CB-01\n" + '"' + "B,CB-02\n" * 20_000)
    refused = refusal(path, columns)
    assert (refused.sentence, refused.values) == (refusals.OPEN_QUOTE, {"row": 3})


def test_a_long_cell_is_reported_and_the_row_kept(make_csv, columns):
    with read_rows(make_csv("full_name,unit_code\n" + "a" * 40_000 + ",1\n"), columns) as reading:
        (row,) = reading
    assert row.bad == {"full_name": refusals.BAD_LONG}
    assert row.values == {"full_name": "a" * 100, "unit_code": "1"}


@pytest.mark.parametrize(
    "content",
    [b"full_name,unit_code\n\x81\x8d\x8f\x90\x9d\xff\xfe,1\n", TEXT.encode("utf-16")[:-1]],
)
def test_letters_that_cannot_be_read_are_refused(make_csv, columns, content):
    assert refusal(make_csv(content), columns).sentence == refusals.ENCODING


def test_letters_that_cannot_be_read_far_down_are_refused(make_csv, columns):
    path = make_csv(b"full_name,unit_code\n" + b"An,1\n" * 20_000 + b"\x8d,2\n")
    assert refusal(path, columns).sentence == refusals.ENCODING


def test_a_file_without_headings_is_refused(make_csv, columns):
    assert refusal(make_csv("An,CB-01\nB,CB-02\n"), columns).sentence == refusals.NO_HEADINGS


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("'=1", "''=1"),
        ("-7.5", "-7.5"),
        ("+84 912 345 678", "+84 912 345 678"),
        ("'quoted", "'quoted"),
        ("Nguyễn Văn An", "Nguyễn Văn An"),
    ],
)
def test_what_a_spreadsheet_would_run_is_disarmed_and_comes_back_as_it_was(text, written):
    assert armed(text) == written
    assert disarmed(written) == text
