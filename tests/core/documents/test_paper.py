"""A paper as data: what its lines say, and that JSON keeps all of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from core.documents.paper import (
    Bullets,
    Column,
    Heading,
    PageBreak,
    Paper,
    Paragraph,
    People,
    Run,
    SignatureRows,
    Signer,
    Slip,
    SlipLine,
    Spacer,
    Table,
    clean,
    day_on_paper,
    from_data,
    to_data,
)
from core.documents.papers.layout import arranged

PAPER = Paper(
    kind="resolution",
    body_code="CB",
    upper_body="Đảng bộ xã Hoa",
    issuing_body="Chi bộ thôn 1",
    number=5,
    place="Hoa",
    day=date(2026, 11, 3),
    title="NGHỊ QUYẾT",
    blocks=(
        Heading("I. Mục tiêu"),
        Paragraph((Run("Kết luận: ", bold=True), Run("thống nhất.", italic=True)), indent=False),
        Bullets(("một", (Run("hai", bold=True),))),
        Table((Column("TT", 12, "center"), Column("Việc")), (("1", "làm"),), compact=True),
        Spacer(3),
        People(("An", "Bình"), columns=2),
        SignatureRows(("An", ("Bình", "Miễn sinh hoạt")), blanks=1),
        PageBreak(),
        Slip("CHI BỘ", "GIẤY MỜI", (SlipLine("Mã", "482 913", code=True),), "dự họp", "ghi chú"),
    ),
    recipients=("Lưu Chi bộ.",),
    signers=(Signer(("T/M CHI BỘ", "BÍ THƯ"), "Nguyễn Văn An"),),
)


def test_json_keeps_every_block_of_a_paper():
    assert from_data(json.loads(json.dumps(to_data(PAPER)))) == PAPER


def test_a_paper_without_a_day_survives_json():
    undated = replace(PAPER, day=None, recipients=None)
    assert from_data(json.loads(json.dumps(to_data(undated)))) == undated


def test_unknown_data_is_refused():
    with pytest.raises(TypeError):
        from_data({**to_data(PAPER), "stamp": "red"})
    with pytest.raises(KeyError):
        from_data({**to_data(PAPER), "blocks": [{"block": "picture"}]})


@pytest.mark.parametrize(
    ("kind", "number", "line"),
    [
        ("resolution", 5, "Số 05-NQ/CB"),
        ("notice", 112, "Số 112-TB/CB"),
        ("minutes", 1, "Số 01-BB/CB"),
        ("attendance_sheet", 5, ""),
    ],
)
def test_the_number_line_follows_the_kind(kind, number, line):
    assert replace(PAPER, kind=kind, number=number).number_line == line


def test_a_draft_leaves_room_for_its_number():
    assert (
        replace(PAPER, number=None).number_line == "Số \u00a0\u00a0\u00a0\u00a0\u00a0\u00a0-NQ/CB"
    )


def test_a_body_without_a_code_prints_no_number_line():
    assert replace(PAPER, body_code="").number_line == ""


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 3), "ngày 03 tháng 11 năm 2026"),
        (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
        (date(2018, 4, 3), "ngày 03 tháng 4 năm 2018"),
        (date(2026, 9, 10), "ngày 10 tháng 9 năm 2026"),
    ],
)
def test_days_have_a_zero_before_days_to_9_and_months_1_and_2_only(day, words):
    assert day_on_paper(day) == words
    assert replace(PAPER, day=day).place_and_day == f"Hoa, {words}"


def test_a_long_place_breaks_before_the_day():
    line = replace(PAPER, place="Thành phố Hồ Chí Minh").place_and_day
    assert line == "Thành phố Hồ Chí Minh,\nngày 03 tháng 11 năm 2026"


def test_a_head_that_would_break_is_printed_in_13_points():
    assert PAPER.head_points == 14
    assert replace(PAPER, upper_body="Đảng bộ phường Bắc Hồng Lĩnh").head_points == 13


def test_a_very_long_name_breaks_into_lines_of_like_length():
    name = "Đảng bộ Sở Nông nghiệp và Môi trường"
    printed = arranged(replace(PAPER, upper_body=name))["upper_body"]
    assert printed == "ĐẢNG BỘ SỞ NÔNG\nNGHIỆP VÀ MÔI TRƯỜNG"
    own_lines = "Đảng bộ\nSở Nông nghiệp và Môi trường"
    assert arranged(replace(PAPER, upper_body=own_lines))["upper_body"] == own_lines.upper()


def test_text_is_composed_and_loses_what_no_paper_shows():
    assert clean("Bi\u0301 thu\u031b") == "Bí thư"
    assert clean("an\x00 \u202eninh\u200b\x0c\ud800") == "an ninh"
    assert clean("một\r\nhai\tba") == "một\nhai\tba"


def test_one_signer_stands_on_the_right_and_of_two_the_first_on_the_left():
    clerk, chair = Signer(("THƯ KÝ",)), Signer(("CHỦ TRÌ",))
    alone = arranged(PAPER)
    both = arranged(replace(PAPER, signers=(clerk, chair)))
    assert (alone["left_signer"], alone["right_signer"]["name"]) == (None, "Nguyễn Văn An")
    assert both["left_signer"]["roles"] == ["THƯ KÝ"]
    assert both["right_signer"]["roles"] == ["CHỦ TRÌ"]


def test_names_fill_their_columns_from_top_to_bottom():
    block = arranged(replace(PAPER, blocks=(People(tuple("ABCDEFG"), 3),)))["blocks"][0]
    assert block["columns"] == [["1. A", "2. B", "3. C"], ["4. D", "5. E"], ["6. F", "7. G"]]


def test_the_outline_skips_no_level():
    blocks = (Heading("a", 2), Heading("b", 2), Heading("c", 1), Heading("d", 3))
    levels = [one["outline_level"] for one in arranged(replace(PAPER, blocks=blocks))["blocks"]]
    assert levels == [1, 2, 1, 2]


def test_a_row_with_too_few_or_too_many_cells_is_made_to_fit():
    table = Table((Column("a"), Column("b")), (("1",), ("1", "2", "3")))
    block = arranged(replace(PAPER, blocks=(table,)))["blocks"][0]
    assert block["rows"] == [["1", ""], ["1", "2"]]


def test_only_a_paper_of_slips_has_no_head():
    slip = Slip("CHI BỘ", "GIẤY MỜI")
    assert replace(PAPER, blocks=(slip, slip)).framed is False
    assert PAPER.framed is True
    assert replace(PAPER, blocks=()).framed is True
