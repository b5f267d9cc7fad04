"""Printing: Word and PDF say the same, always in the same bytes, and never obey their text."""

from __future__ import annotations

import re
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO

import docx
import pytest

from core.documents import render
from core.documents.paper import Bullets, Column, Heading, Paper, Paragraph, Signer, Slip, Table
from core.documents.printing import build_default_template
from core.documents.render import (
    SAMPLES,
    WORD_TEMPLATE,
    render_docx,
    render_pdf,
    sample_paper,
)

EVERY_LETTER = (
    "A Ă Â B C D Đ E Ê G H I K L M N O Ô Ơ P Q R S T U Ư V X Y "
    "ả ã á à ạ ẳ ẵ ắ ằ ặ ẩ ẫ ấ ầ ậ ẻ ẽ é è ẹ ể ễ ế ề ệ ỉ ĩ í ì ị ỏ õ ó ò ọ ổ ỗ ố ồ ộ ở ỡ ớ ờ ợ "
    "ủ ũ ú ù ụ ử ữ ứ ừ ự ỷ ỹ ý ỳ ỵ"
)
TRAPS = (
    '#eval("1+1") *đậm* _nghiêng_ $x$ @nhãn <nhãn> `mã`',
    "<&> </w:t></w:r> &amp; <w:p/>",
    "{{ body }} {% for x in y %} {{p body }} {# lời #}",
    "= đầu đề // chú thích \\ -- --- ~ [ngoặc]",
)


def words(text: str) -> list[str]:
    return text.split()


def pdf_text(data: bytes) -> str:
    command = ["pdftotext", "-raw", "-enc", "UTF-8", "-nopgbrk", "-", "-"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode()


def pdf_facts(data: bytes, *options: str) -> dict[str, str]:
    command = ["pdfinfo", *options, "-"]
    done = subprocess.run(command, input=data, capture_output=True, check=True)
    pairs = (line.partition(":") for line in done.stdout.decode().splitlines())
    return {name: value.strip() for name, _colon, value in pairs}


def docx_text(data: bytes) -> str:
    """Give the text in the order of the file, tables in their place."""
    body = docx.Document(BytesIO(data)).element.body
    paragraphs = body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p")
    texts = (
        "".join(
            node.text or "" if node.tag.endswith("}t") else "\n"
            for node in paragraph.iter()
            if node.tag.endswith(("}t", "}br", "}tab"))
        )
        for paragraph in paragraphs
    )
    return "\n".join(texts)


def with_text(*texts: str) -> Paper:
    return replace(sample_paper("resolution"), blocks=tuple(Paragraph(text) for text in texts))


@pytest.fixture(scope="session")
def converted(tmp_path_factory) -> dict[str, bytes]:
    """All samples as Word files, turned into PDF by LibreOffice with the twin of Times."""
    folder = tmp_path_factory.mktemp("office")
    fonts = folder / "fonts.conf"
    fonts.write_text(
        f"<fontconfig><dir>{render.PAPERS / 'fonts'}</dir><cachedir>{folder / 'cache'}</cachedir>"
        "<alias binding='same'><family>Times New Roman</family>"
        "<prefer><family>Tinos</family></prefer></alias></fontconfig>"
    )
    names = [folder / f"{kind}.docx" for kind in SAMPLES]
    for kind, name in zip(SAMPLES, names, strict=True):
        name.write_bytes(render_docx(sample_paper(kind)))
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", folder, *names],
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "FONTCONFIG_FILE": str(fonts)},
        capture_output=True,
        check=True,
    )
    return {kind: (folder / f"{kind}.pdf").read_bytes() for kind in SAMPLES}


# ------------------------------------------------------------------------ the same bytes


@pytest.mark.parametrize("kind", SAMPLES)
def test_printing_twice_gives_the_same_bytes(kind):
    paper = sample_paper(kind)
    assert render_docx(paper) == render_docx(paper)
    assert render_pdf(paper) == render_pdf(paper)


def test_the_bytes_do_not_depend_on_the_day_of_printing(time_machine):
    paper = sample_paper("minutes")
    time_machine.move_to("2027-01-01")
    first = render_docx(paper), render_pdf(paper)
    time_machine.move_to("2031-06-05")
    assert (render_docx(paper), render_pdf(paper)) == first


def test_another_word_gives_other_bytes():
    assert render_docx(with_text("một")) != render_docx(with_text("hai"))
    assert render_pdf(with_text("một")) != render_pdf(with_text("hai"))


def test_the_delivered_template_is_the_one_that_is_built():
    def parts(packed: bytes) -> dict[str, bytes]:
        with zipfile.ZipFile(BytesIO(packed)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    assert parts(WORD_TEMPLATE.read_bytes()) == parts(build_default_template())


# ------------------------------------------------------------------------------ the text


def test_a_resolution_has_its_parts_in_order_in_both_formats():
    paper = sample_paper("resolution")
    expected = [
        "ĐẢNG BỘ PHƯỜNG BẮC HỒNG LĨNH",
        "CHI BỘ TỔ DÂN PHỐ PHÚC SƠN",
        "*",
        "Số 05-NQ/CB",
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "Bắc Hồng Lĩnh, ngày 03 tháng 11 năm 2026",
        "NGHỊ QUYẾT",
        "về tăng cường vệ sinh môi trường quý IV năm 2026",
        "-----",
        "- Căn cứ Điều lệ Đảng Cộng sản Việt Nam;",
        "Chi bộ quyết nghị:",
        "Nơi nhận:",
        "- Đảng ủy phường (để báo cáo),",
        "- Lưu Chi bộ.",
        "T/M CHI BỘ",
        "BÍ THƯ",
        "Nguyễn Văn An",
    ]
    for text in (docx_text(render_docx(paper)), pdf_text(render_pdf(paper))):
        places = [text.replace("\u00a0", " ").find(line) for line in expected]
        assert -1 not in places
        assert places == sorted(places)


def test_there_is_no_state_motto():
    for kind in SAMPLES:
        assert "Độc lập" not in docx_text(render_docx(sample_paper(kind)))


def test_every_vietnamese_letter_prints_in_both_formats():
    paper = with_text(EVERY_LETTER)
    assert words(EVERY_LETTER) == [
        word for word in words(docx_text(render_docx(paper))) if word in words(EVERY_LETTER)
    ]
    assert EVERY_LETTER in " ".join(words(pdf_text(render_pdf(paper))))


@pytest.mark.parametrize("trap", TRAPS)
def test_text_is_never_read_as_markup(trap):
    paper = replace(
        with_text(trap),
        title=trap,
        subtitle=trap,
        upper_body=trap,
        recipients=(trap,),
        signers=(Signer((trap,), trap, trap),),
        footnote=trap,
        blocks=(
            Heading(trap),
            Paragraph(trap),
            Bullets((trap,)),
            Table((Column(trap),), ((trap,),)),
        ),
    )
    for text in (docx_text(render_docx(paper)), pdf_text(render_pdf(paper))):
        assert " ".join(words(text)).count(trap) >= 9


def test_text_with_control_letters_still_prints():
    paper = with_text("trước\x00\x0b\x0csau", "dòng một\ndòng hai\tcột")
    text = docx_text(render_docx(paper))
    assert "trướcsau" in text
    assert "dòng một\ndòng hai\ncột" in text
    assert "trướcsau" in pdf_text(render_pdf(paper))


def test_a_letter_that_no_font_has_does_not_stop_the_printing():
    assert "đủ" in pdf_text(render_pdf(with_text("đủ 𓀀 cả")))


def test_a_draft_says_so_and_leaves_room():
    draft = replace(sample_paper("resolution"), draft=True, number=None, day=None)
    for text in (docx_text(render_docx(draft)), pdf_text(render_pdf(draft))):
        assert "(Dự thảo)" in text
        assert re.search(r"Số\s+-NQ/CB", text)
        assert re.search(r"ngày\s+tháng\s+năm", text)


def test_a_paper_without_recipients_prints_none():
    assert "Nơi nhận" not in docx_text(render_docx(sample_paper("minutes")))
    assert "Nơi nhận" not in pdf_text(render_pdf(sample_paper("minutes")))


def test_two_signers_and_recipients_all_print():
    paper = replace(
        sample_paper("resolution"), signers=(Signer(("THƯ KÝ",), "Hoa"), Signer(("CHỦ TRÌ",), "An"))
    )
    for text in (docx_text(render_docx(paper)), pdf_text(render_pdf(paper))):
        assert text.count("Nơi nhận:") == 1
        assert text.index("THƯ KÝ") < text.index("CHỦ TRÌ") < text.index("Nơi nhận:")


# ------------------------------------------------------------------------------ the look


def test_minutes_with_forty_names_take_two_pages_at_most_in_both_formats(converted):
    paper = sample_paper("minutes")
    assert "40. " in docx_text(render_docx(paper))
    assert int(pdf_facts(render_pdf(paper))["Pages"]) <= 2
    assert int(pdf_facts(converted["minutes"])["Pages"]) <= 2


@pytest.mark.parametrize("kind", SAMPLES)
def test_an_office_program_shows_the_word_file_as_the_pdf(kind, converted):
    ours = pdf_text(render_pdf(sample_paper(kind)))
    theirs = pdf_text(converted[kind])
    assert sorted(words(theirs)) == sorted(words(ours))
    assert pdf_facts(converted[kind])["Pages"] == pdf_facts(render_pdf(sample_paper(kind)))["Pages"]


def test_the_page_is_a4_with_the_margins_of_party_papers():
    section = docx.Document(BytesIO(render_docx(sample_paper("minutes")))).sections[0]
    margins = (
        section.top_margin,
        section.bottom_margin,
        section.left_margin,
        section.right_margin,
    )
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert "A4" in pdf_facts(render_pdf(sample_paper("minutes")))["Page size"]


def test_word_uses_times_new_roman_for_every_script():
    styles = docx.Document(BytesIO(render_docx(sample_paper("minutes")))).styles
    faces = {
        value
        for style in styles
        for fonts in style.element.iter(docx.oxml.ns.qn("w:rFonts"))
        for value in fonts.attrib.values()
    }
    assert faces == {"Times New Roman", "Courier New"}


def test_the_pdf_embeds_its_fonts_and_is_tagged_with_title_and_language():
    paper = sample_paper("resolution")
    data = render_pdf(paper)
    facts = pdf_facts(data)
    fonts = subprocess.run(["pdffonts", "-"], input=data, capture_output=True, check=True).stdout
    assert facts["Title"] == paper.full_title
    assert facts["Tagged"] == "yes"
    assert re.search(rb"/Lang ?\(vi\)", data)
    assert b"pdfuaid" in data
    assert facts["CreationDate"].startswith("Tue Nov  3 00:00:00 2026")
    assert b"Tinos-Bold" in fonts
    assert b" no  " not in fonts.splitlines()[2]


def test_the_word_file_carries_the_day_of_the_paper_and_nothing_of_the_machine():
    data = render_docx(sample_paper("resolution"))
    properties = docx.Document(BytesIO(data)).core_properties
    assert properties.created.date() == properties.modified.date() == date(2026, 11, 3)
    assert properties.title.startswith("NGHỊ QUYẾT về")
    assert properties.last_modified_by == properties.author
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_slips_print_without_a_head_and_an_odd_one_has_its_place():
    paper = replace(sample_paper("slips"), blocks=(Slip("CHI BỘ", "GIẤY MỜI"),) * 3)
    for text in (docx_text(render_docx(paper)), pdf_text(render_pdf(paper))):
        assert text.count("GIẤY MỜI") == 3
        assert "ĐẢNG CỘNG SẢN VIỆT NAM" not in text


def test_a_hundred_slips_are_cut_at_no_slip():
    paper = replace(sample_paper("slips"), blocks=sample_paper("slips").blocks[:1] * 100)
    pages = pdf_text(render_pdf(paper)).count("MẬT KHẨU LẦN ĐẦU")
    assert pages == 100


def test_there_is_a_sample_of_every_kind():
    assert all(sample_paper(kind).kind == kind for kind in SAMPLES)
    with pytest.raises(KeyError):
        sample_paper("khác")
