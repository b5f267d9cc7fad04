"""Marks of state secrets are found wherever a stamp may stand, and words are not marks."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
import zipfile
from dataclasses import replace
from io import BytesIO

import docx
import pytest

from core.documents import secrecy
from core.documents.paper import Paragraph, Run
from core.documents.pdf_text import pdf_lines
from core.documents.render import SAMPLES, render_docx, render_pdf, sample_paper
from core.documents.secrecy import marks_in_line, secrecy_marks

HEAD = "ĐẢNG BỘ TỈNH A\nTỈNH ỦY B\n*\nSố 05-BC/TU\n"


def word_file(*texts: str) -> docx.document.Document:
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    return document


def saved(document) -> bytes:
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def packed(**parts: str) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(f"{name}.xml", text)
    return target.getvalue()


# ---------------------------------------------------------------------------- one line


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("MẬT", "Mật"),
        ("Mật", "Mật"),
        ("  [MẬT]  ", "Mật"),
        ("M Ậ T", "Mật"),
        ("TỐI MẬT", "Tối mật"),
        ("Tối mật", "Tối mật"),
        ("TUYỆT MẬT", "Tuyệt mật"),
        ("T U Y Ệ T   M Ậ T", "Tuyệt mật"),
        ("Độ mật: Tối mật", "Tối mật"),
        ("MỨC ĐỘ MẬT: TUYỆT MẬT", "Tuyệt mật"),
        ("Báo cáo này thuộc độ TUYỆT MẬT của Đảng.", "Tuyệt mật"),
        ("Số 05-BC/ĐU (MẬT)", "Mật"),
        ("MẬT          Hà Tĩnh, ngày 03 tháng 11 năm 2026", "Mật"),
        ("ĐẢNG BỘ XÃ A\tTỐI MẬT", "Tối mật"),
        ("TUYÊṬ MÂṬ", "Tuyệt mật"),  # the tone mark on the wrong letter
        ("TUYÖT MËT", "Tuyệt mật"),  # TCVN3
        ("TOÁI MAÄT", "Tối mật"),  # VNI
    ],
)
def test_a_mark_is_found(line, mark):
    assert marks_in_line(line) == {mark}
    assert marks_in_line(unicodedata.normalize("NFD", line)) == {mark}


@pytest.mark.parametrize(
    "line",
    [
        "Giữ bí mật kinh doanh và bí mật nhà nước.",
        "Mật độ dân số của phường là 3.485 người/km².",
        "Mật ong, đường mật",
        "QUY CHẾ BẢO VỆ BÍ MẬT NHÀ NƯỚC",
        "DANH MỤC BÍ MẬT NHÀ NƯỚC ĐỘ TUYỆT MẬT, TỐI MẬT CỦA ĐẢNG",
        "Đổi MẬT KHẨU ngay sau lần đăng nhập đầu",
        "MẬT KHẨU LẦN ĐẦU",
        "Bỏ phiếu kín, bảo mật danh tính",
        "tuyệt mật.",  # the end of a sentence that was broken into lines
        "mật",
        "Độ mật: Thường",
        "Sinh hoạt mật thiết với nhân dân",
        "MAT",
        "",
    ],
)
def test_ordinary_words_are_no_mark(line):
    assert marks_in_line(line) == set()


def test_justified_text_with_wide_spaces_is_no_mark():
    assert marks_in_line("Bảo  vệ  bí  Mật  độ  nhà  nước") == set()


# ------------------------------------------------------------------------------ a file


def test_marks_are_named_once_the_gravest_last():
    text = f"{HEAD}TUYỆT MẬT\nMẬT\nTuyệt mật\n"
    assert secrecy_marks(text.encode(), "a.txt") == ["Mật", "Tuyệt mật"]


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_plain_text_is_read_in_its_code(code):
    assert secrecy_marks(f"{HEAD}TỐI MẬT\n".encode(code), "a.txt") == ["Tối mật"]


def test_the_name_of_the_file_counts():
    assert secrecy_marks(b"", "Bao cao (MẬT).docx") == ["Mật"]
    assert secrecy_marks(b"", "Quy chế bí mật nhà nước.docx") == []


def test_word_paragraphs_cells_headers_and_footers_are_read():
    for place in ("paragraph", "cell", "header", "footer"):
        document = word_file("Báo cáo", "Nội dung về bí mật nhà nước.")
        section = document.sections[0]
        if place == "paragraph":
            document.add_paragraph("MẬT")
        if place == "cell":
            document.add_table(1, 2).cell(0, 1).text = "MẬT"
        if place == "header":
            section.header.paragraphs[0].text = "MẬT"
        if place == "footer":
            section.footer.paragraphs[0].text = "MẬT"
        assert secrecy_marks(saved(document), "a.docx") == ["Mật"], place


def test_a_mark_in_several_runs_is_one_word():
    document = word_file()
    stamp = document.add_paragraph()
    for piece in ("TUYỆT", " M", "Ậ", "T"):
        stamp.add_run(piece).bold = True
    assert secrecy_marks(saved(document), "a.docx") == ["Tuyệt mật"]


def test_a_text_box_and_word_art_are_read():
    box = (
        "<w:p><w:r><w:t>Kính gửi</w:t></w:r><w:txbxContent><w:p><w:r><w:t>TỐI MẬT</w:t></w:r></w:p>"
    )
    art = '<v:shape><v:textpath style="x" string="TUYỆT MẬT"/></v:shape>'
    assert secrecy_marks(packed(document=box), "a.docx") == ["Tối mật"]
    assert secrecy_marks(packed(header1=art), "a.docx") == ["Tuyệt mật"]


def test_sheets_slides_and_open_documents_are_read():
    sheet = "<sst><si><t>Tổng</t></si><si><t>MẬT</t></si></sst>"
    head = "<oddHeader>&amp;LBáo cáo&amp;RTỐI MẬT</oddHeader>"
    slide = "<a:p><a:r><a:t>Báo cáo</a:t></a:r></a:p><a:p><a:r><a:t>MẬT</a:t></a:r></a:p>"
    odt = "<text:p>Báo cáo</text:p><text:h>TUYỆT MẬT</text:h>"
    assert secrecy_marks(packed(sharedStrings=sheet), "a.xlsx") == ["Mật"]
    assert secrecy_marks(packed(sheet1=head), "a.xlsx") == ["Tối mật"]
    assert secrecy_marks(packed(slide1=slide), "a.pptx") == ["Mật"]
    assert secrecy_marks(packed(content=odt), "a.odt") == ["Tuyệt mật"]


def test_old_word_files_and_rich_text_are_read():
    old = b"\xd0\xcf\x11\xe0" + b"\x00" * 9 + "Báo cáo\rTỐI MẬT\r".encode("utf-16-le")
    rich = rb"{\rtf1\ansi B\u225?o c\u225?o\par M\u7852?T\par}"
    assert secrecy_marks(old, "a.doc") == ["Tối mật"]
    assert secrecy_marks(old[:4] + old[5:], "a.doc") == ["Tối mật"]
    assert secrecy_marks(rich, "a.rtf") == ["Mật"]


def test_a_packed_file_is_unpacked_only_so_far(monkeypatch):
    monkeypatch.setattr(secrecy, "FARTHEST", 1000)
    bomb = packed(a="x" * 5_000_000, b="<w:p>MẬT</w:p>")
    assert secrecy_marks(bomb, "a.docx") == []


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"%PDF-1.7 broken", bytes(range(256))])
def test_a_damaged_file_is_read_as_far_as_it_goes(data):
    assert secrecy_marks(data, "a.bin") == []


@pytest.mark.parametrize("kind", SAMPLES)
def test_our_own_papers_bear_no_mark(kind):
    paper = sample_paper(kind)
    assert secrecy_marks(render_docx(paper), f"{kind}.docx") == []
    assert secrecy_marks(render_pdf(paper), f"{kind}.pdf") == []


# ---------------------------------------------------------------------------------- PDF


def stamped(mark: str) -> bytes:
    resolution = sample_paper("resolution")
    secret = (
        Paragraph((Run(mark, bold=True),), indent=False, align="center"),
        Paragraph("Bảo vệ bí mật nhà nước; mật độ dân số; MẬT KHẨU của từng người."),
    )
    return render_pdf(replace(resolution, blocks=secret + resolution.blocks))


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "TUYỆT MẬT"])
@pytest.mark.parametrize("has_program", [True, False])
def test_a_mark_in_a_pdf_is_found_with_and_without_the_program(mark, has_program, monkeypatch):
    if not has_program:
        monkeypatch.setattr(shutil, "which", lambda name: None)
    assert secrecy_marks(stamped(mark), "a.pdf") == [mark.capitalize()]


def test_a_pdf_of_an_office_program_is_read_without_the_program(tmp_path, monkeypatch):
    document = word_file("ĐẢNG BỘ TỈNH A", "TUYỆT MẬT", "Bảo vệ bí mật nhà nước.")
    (tmp_path / "a.docx").write_bytes(saved(document))
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "a.docx"],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        check=True,
    )
    data = (tmp_path / "a.pdf").read_bytes()
    assert secrecy_marks(data, "a.pdf") == ["Tuyệt mật"]
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert secrecy_marks(data, "a.pdf") == ["Tuyệt mật"]


def test_a_program_that_fails_leaves_our_own_reader(monkeypatch):
    def fail(*args, **options):
        raise subprocess.TimeoutExpired("pdftotext", 30)

    monkeypatch.setattr(subprocess, "run", fail)
    assert secrecy_marks(stamped("TỐI MẬT"), "a.pdf") == ["Tối mật"]


def test_plain_strings_of_a_pdf_are_read():
    stream = rb"BT (B\301O C\301O \(1\)) Tj 0 -14 Td [(HA)-20(I)] TJ ET"
    lines = pdf_lines(b"%PDF-1.4\nstream\n" + stream + b"\nendstream")
    assert lines == ["BÁO CÁO (1)", "HAI"]


def test_ranges_of_letters_in_a_pdf_are_read():
    letters = b"1 beginbfrange <0001> <0003> <0041> <0005> <0006> [<1EAC> <0054>] endbfrange"
    text = b"BT <0001000300050006> Tj ET"
    lines = pdf_lines(
        b"%PDF-1.4 stream\n" + letters + b"\nendstream stream\n" + text + b"\nendstream"
    )
    assert "ACẬT" in lines
