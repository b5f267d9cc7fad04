"""Reading workbooks as different programs and people make them."""

import unicodedata

import pytest

from core.exchange.workbook import Column, Limits, UnreadableFile, read_rows, refusals
from core.exchange.workbook.cells import clean, is_day_format, moment_text, number_text
from core.i18n import lazy

AN = ("Nguyễn Văn An", "CB-01")
TWO = ("full_name", "unit_code")


def refusal(path, columns, **options) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught, read_rows(path, columns, **options) as reading:
        list(reading)
    return caught.value


def test_each_kind_of_cell_becomes_clean_text(make_xlsx, head, row_of, read):
    row = row_of(
        "012345678901",
        "  Nguyễn\u00a0Văn An ",
        '<c s="1"><v>18297</v></c>',
        '<c t="d"><v>1975-02-03T00:00:00</v></c>',
        '<c s="1"><v>46327</v></c>',
        "NỮ",
        '<c t="b"><v>1</v></c>',
        "<c><v>7.4999999999999996</v></c>",
        "<c><v>7</v></c>",
    )
    assert read(make_xlsx(head + row)) == [
        {
            "card_no": "012345678901",
            "full_name": "Nguyễn Văn An",
            "birth_date": "1950-02-03",
            "admitted_on": "1975-02-03",
            "for_month": "11/2026",
            "sex": "female",
            "regular": "yes",
            "points": "7.5",
            "unit_code": "7",
        }
    ]


def test_empty_cells_are_empty_text_and_missing_columns_are_missing(make_xlsx, row_of, read):
    head = row_of("card_no", *TWO)
    assert read(make_xlsx(head + row_of("<c/>", *AN))) == [
        {"card_no": "", "full_name": "Nguyễn Văn An", "unit_code": "CB-01"}
    ]


def test_a_year_typed_into_a_cell_for_days_is_that_year(make_xlsx, row_of, read):
    head = row_of("full_name", "unit_code", "birth_date", "admitted_on")
    year = '<c s="1"><v>1950</v></c>'
    (row,) = read(make_xlsx(head + row_of(*AN, year, year)))
    assert row["birth_date"] == "1950"
    assert row["admitted_on"] == "1905-05-03"


def test_shared_strings_rich_text_and_reading_aids(make_xlsx, row_of, read):
    strings = (
        "<si><t>Nguyễn Văn An</t></si>"
        "<si><r><t>CB</t></r><r><rPr><b/></rPr><t>-01</t></r><rPh><t>no</t></rPh></si>"
    )
    cells = ['<c t="s"><v>0</v></c>', '<c t="s"><v>1</v></c>']
    path = make_xlsx(row_of(*TWO) + row_of(*cells), strings=strings)
    assert read(path) == [dict(zip(TWO, AN, strict=True))]


def test_names_with_a_prefix_are_read(make_xlsx, row_of, read):
    rows = row_of(*TWO) + row_of(*AN)
    prefixed = rows.replace("</", "\0").replace("<", "<x:").replace("\0", "</x:")
    sheet = f'<x:worksheet xmlns:x="m"><x:sheetData>{prefixed}</x:sheetData></x:worksheet>'
    path = make_xlsx("", more={"xl/worksheets/sheet1.xml": sheet})
    assert read(path) == [dict(zip(TWO, AN, strict=True))]


def test_cells_are_placed_by_their_reference_and_rows_by_their_number(make_xlsx, row_of, columns):
    head = row_of(*TWO, number=1)
    row = '<row r="7"><c r="B7" t="str"><v>CB-01</v></c><c r="A7" t="str"><v>An</v></c></row>'
    with read_rows(make_xlsx(head + row), columns) as reading:
        (found,) = reading
    assert (found.number, found.values) == (7, {"full_name": "An", "unit_code": "CB-01"})


def test_days_of_an_old_mac_are_counted_from_1904(make_xlsx, row_of, read):
    head = row_of(*TWO, "admitted_on")
    path = make_xlsx(
        head + row_of(*AN, '<c s="1"><v>44865</v></c>'),
        properties='<workbookPr date1904="1"/>',
    )
    assert read(path)[0]["admitted_on"] == "2026-11-01"


@pytest.mark.parametrize(
    ("cell", "text", "sentence"),
    [
        ('<c t="e"><v>#REF!</v></c>', "#REF!", refusals.BAD_ERROR),
        ("<c><f>A1</f></c>", "", refusals.BAD_FORMULA),
        ("<c><v>1234567890123456</v></c>", "1234567890123456", refusals.BAD_ROUNDED),
        ('<c s="1"><v>-5</v></c>', "-5", refusals.BAD_DATE),
    ],
)
def test_a_cell_that_cannot_be_read_is_reported_and_the_row_kept(
    make_xlsx, row_of, columns, cell, text, sentence
):
    head = row_of(*TWO, "card_no")
    with read_rows(make_xlsx(head + row_of(*AN, cell)), columns) as reading:
        (row,) = reading
    assert row.values["card_no"] == text
    assert row.bad == {"card_no": sentence}


def test_a_cell_of_a_megabyte_is_reported_and_not_kept(make_xlsx, row_of, columns):
    path = make_xlsx(row_of(*TWO) + row_of("an" * 2**19, "CB-01"))
    with read_rows(path, columns, limits=Limits(ratio=10_000)) as reading:
        (row,) = reading
    assert row.bad == {"full_name": refusals.BAD_LONG}
    assert len(row.values["full_name"]) == 100


def test_the_result_of_a_formula_is_its_value(make_xlsx, row_of, read):
    formula = '<c t="str"><f>CONCATENATE("CB","-02")</f><v>CB-02</v></c>'
    path = make_xlsx(row_of(*TWO) + row_of("An", formula))
    assert read(path)[0]["unit_code"] == "CB-02"


def test_text_that_looks_like_a_formula_stays_text(make_xlsx, row_of, read):
    path = make_xlsx(row_of(*TWO) + row_of("=HYPERLINK(1)", "CB-01"))
    assert read(path)[0]["full_name"] == "=HYPERLINK(1)"


def test_letters_taken_apart_are_put_together(make_xlsx, row_of, read):
    apart = unicodedata.normalize("NFD", "Đặng Thị Hường")
    path = make_xlsx(row_of(unicodedata.normalize("NFD", "Họ và tên"), TWO[1]) + row_of(apart, "1"))
    assert read(path)[0]["full_name"] == "Đặng Thị Hường"


@pytest.mark.parametrize(
    "heading", ["full_name", "FULL NAME", "Họ và tên", "HO VA TEN", " họ  và tên (*)", "Họ tên"]
)
def test_a_heading_may_be_the_key_the_title_or_an_alias(make_xlsx, row_of, read, heading):
    path = make_xlsx(row_of("Mã đơn vị *", heading) + row_of("CB-01", "An"))
    assert read(path, aliases={"Họ tên": "full_name"})[0]["full_name"] == "An"


def test_titles_are_known_in_every_language(make_xlsx, row_of):
    columns = [Column("data", lazy("Data")), Column("row", lazy("Row"))]
    path = make_xlsx(row_of("Data", "ROW") + row_of("1", "2"))
    with read_rows(path, columns) as reading:
        assert [row.values for row in reading] == [{"data": "1", "row": "2"}]


def test_title_lines_above_and_empty_rows_between_are_passed_over(make_xlsx, row_of, columns):
    rows = [
        row_of("DANH SÁCH ĐẢNG VIÊN", number=1),
        row_of("", "", number=2),
        row_of(*TWO, "Ghi chú", number=4),
        row_of("<c/>", "<c/>", number=5),
        row_of(*AN, "x", number=6),
        row_of("", "", "only a note", number=7),
    ]
    with read_rows(make_xlsx("".join(rows)), columns) as reading:
        assert reading.heading_row == 4
        assert reading.unknown_columns == ["Ghi chú"]
        assert reading.columns == list(TWO)
        assert [row.number for row in reading] == [6]


def test_the_first_sheet_with_the_headings_is_read(make_xlsx, row_of, columns):
    other = row_of("something", "else")
    path = make_xlsx(other, row_of(*TWO) + row_of(*AN), names=("Bìa", "Đảng viên"))
    with read_rows(path, columns) as reading:
        assert reading.sheet == "Đảng viên"
        assert len(list(reading)) == 1


def test_guidance_and_hidden_sheets_are_not_read(make_xlsx, row_of, read):
    wrong = row_of(*TWO) + row_of("Mẫu", "CB-00")
    right = row_of(*TWO) + row_of(*AN)
    path = make_xlsx(wrong, wrong, right, names=("Guidance", "Old", "New"), hidden=("Old",))
    assert [row["full_name"] for row in read(path)] == ["Nguyễn Văn An"]


def test_a_sheet_of_somebody_named_like_our_hidden_lists_is_read(make_xlsx, row_of, read):
    path = make_xlsx(row_of(*TWO) + row_of(*AN), names=("Danh sách",))
    assert len(read(path)) == 1


def test_a_heading_twice_is_refused(make_xlsx, row_of, columns):
    path = make_xlsx(row_of("full_name", "Họ và tên", "unit_code") + row_of("a", "b", "c"))
    refused = refusal(path, columns)
    assert refused.sentence == refusals.TWICE
    assert refused.values == {"column": "Họ và tên"}


def test_missing_columns_are_named(make_xlsx, row_of, columns):
    refused = refusal(make_xlsx(row_of("full_name", "card_no") + row_of("a", "b")), columns)
    assert refused.sentence == refusals.MISSING_HEADINGS
    assert refused.values == {"columns": "Mã đơn vị"}


def test_no_heading_within_ten_rows_is_refused(make_xlsx, row_of, columns):
    assert refusal(make_xlsx(""), columns).sentence == refusals.NO_HEADINGS
    late = row_of("title") * 10 + row_of(*TWO) + row_of(*AN)
    assert refusal(make_xlsx(late), columns).sentence == refusals.NO_HEADINGS


def test_headings_without_rows_are_no_rows(make_xlsx, row_of, read):
    assert read(make_xlsx(row_of(*TWO))) == []


def test_more_rows_than_allowed_are_refused(make_xlsx, row_of, columns):
    path = make_xlsx(row_of(*TWO) + row_of(*AN) * 3)
    refused = refusal(path, columns, limits=Limits(rows=2))
    assert (refused.sentence, refused.values) == (refusals.TOO_MANY_ROWS, {"limit": 2})


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE worksheet [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE worksheet SYSTEM "file:///etc/passwd">',
    ],
)
def test_a_document_type_the_door_of_entity_bombs_is_refused(make_xlsx, row_of, columns, prolog):
    path = make_xlsx(row_of(*TWO) + row_of(*AN), prolog=prolog)
    assert refusal(path, columns).sentence == refusals.DAMAGED


@pytest.mark.parametrize(
    "rows",
    [
        '<row><c t="s"><v>99</v></c></row>',
        "<row><c><v>seven</v></c></row>",
        "<row r='x'></row>",
        "<row><c></row>",
    ],
)
def test_parts_that_do_not_fit_together_are_refused(make_xlsx, row_of, columns, rows):
    assert refusal(make_xlsx(row_of(*TWO) + rows), columns).sentence == refusals.DAMAGED


def test_a_part_that_is_missing_is_refused(make_xlsx, columns):
    path = make_xlsx("", more={"xl/_rels/workbook.xml.rels": "<Relationships/>"})
    assert refusal(path, columns).sentence == refusals.DAMAGED


@pytest.mark.parametrize(
    ("raw", "text"),
    [("1.0", "1"), ("3.8E+10", "38000000000"), ("-0.50", "-0.5"), ("1E-7", "0.0000001")],
)
def test_numbers_are_written_as_people_write_them(raw, text):
    assert number_text(raw) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("0.8125", "19:30"),
        ("46329.8125", "2026-11-03T19:30"),
        ("1", "1900-01-01"),
        ("61", "1900-03-01"),
        ("2958466", None),
    ],
)
def test_serial_days_and_times_are_iso(raw, text):
    assert moment_text(raw) == text


@pytest.mark.parametrize(
    ("number", "code", "shows_days"),
    [
        (14, None, True),
        (49, None, False),
        (164, "[$-42A]dd/mm/yyyy;@", True),
        (164, "h:mm AM/PM", True),
        (164, '#,##0 "đồng/ngày (day)"', False),
        (164, "[h]:mm:ss", False),
        (164, "General", False),
        (164, r"0.0\d", False),
    ],
)
def test_a_number_format_tells_whether_it_shows_days(number, code, shows_days):
    assert is_day_format(number, code) is shows_days


def test_signs_nobody_sees_are_taken_out():
    assert clean("\ufeffAn\u200b\r\nBình\x07 ") == "An\nBình"
