"""Replaced templates: what is wrong is said with its place; no template reaches the program."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest

from core.documents import printing
from core.documents.papers.layout import arranged
from core.documents.render import (
    PAPERS,
    PDF_TEMPLATE,
    WORD_TEMPLATE,
    check_template,
    render_docx,
    render_pdf,
    sample_paper,
)
from core.errors import RuleBroken


def changed_template(tmp_path: Path, old: str, new: str) -> Path:
    """Give the delivered template with one text changed, as somebody would in Word."""
    path = tmp_path / "mau.docx"
    with zipfile.ZipFile(WORD_TEMPLATE) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            part = source.read(name).decode()
            target.writestr(name, part.replace(old, new))
    return path


def test_the_delivered_templates_have_no_faults():
    assert check_template(WORD_TEMPLATE) == []
    assert check_template(PDF_TEMPLATE) == []


def test_a_locality_can_change_the_words_of_a_template(tmp_path):
    path = changed_template(tmp_path, "Nơi nhận:", "Gửi tới:")
    assert check_template(path) == []
    printed = docx.Document(BytesIO(render_docx(sample_paper("resolution"), path)))
    assert "Gửi tới:" in printed.tables[-1].cell(0, 0).text


def test_an_unknown_placeholder_is_reported_with_its_place_and_a_guess(tmp_path):
    path = changed_template(tmp_path, "{{ subtitle }}", "Trích yếu: {{ subtitel }}")
    problems = check_template(path)
    assert len(problems) == 1
    assert "subtitel" in problems[0]
    assert "Trích yếu: {{ subtitel }}" in problems[0]
    assert "“subtitle”" in problems[0]


def test_an_unknown_placeholder_in_the_page_footer_is_reported(tmp_path):
    path = changed_template(tmp_path, "{{ footnote }}", "Trang của {{ xa_phuong }}")
    assert "Trang của {{ xa_phuong }}" in check_template(path)[0]


def test_an_unknown_part_of_a_signer_is_reported(tmp_path):
    path = changed_template(tmp_path, "{{ right_signer.name }}", "{{ right_signer.ten }}")
    problems = check_template(path)
    assert len(problems) == 1
    assert "ten" in problems[0]


@pytest.mark.parametrize("wrong", ["{{ title", "{{ title | }}", "{% if title %}", "{{ title|la }}"])
def test_a_placeholder_written_wrongly_is_reported(tmp_path, wrong):
    path = changed_template(tmp_path, "{{ title }}", f"Tên: {wrong}")
    assert len(check_template(path)) == 1


@pytest.mark.parametrize("other", ["{{ body }}", "(nội dung)"])
def test_a_template_without_a_place_for_the_text_is_reported(tmp_path, other):
    problems = check_template(changed_template(tmp_path, "{{p body }}", other))
    assert any("{{p body }}" in problem for problem in problems)


def test_a_template_cannot_reach_the_program(tmp_path):
    reach = "{{ title.__class__.__mro__ }}"
    path = changed_template(tmp_path, "{{ title }}", reach)
    assert len(check_template(path)) == 1
    with pytest.raises(RuleBroken):
        render_docx(sample_paper("resolution"), path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"plain text", b"%PDF-1.7"])
def test_a_file_that_is_not_word_is_reported_not_raised(tmp_path, content):
    path = tmp_path / "mau.docx"
    path.write_bytes(content)
    assert len(check_template(path)) == 1


def test_another_packed_file_is_not_taken_for_word(tmp_path):
    path = tmp_path / "mau.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bang.xml", "<a/>")
    assert len(check_template(path)) == 1


def test_a_template_that_unpacks_to_too_much_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(printing, "LARGEST_TEMPLATE", 10)
    assert len(check_template(WORD_TEMPLATE)) == 1


def test_a_fault_in_a_pdf_template_is_reported_with_its_line(tmp_path):
    path = tmp_path / "mau.typ"
    path.write_text("#let a = 1\n#khong-co\n", encoding="utf-8")
    problems = check_template(path)
    assert len(problems) == 1
    assert "2" in problems[0]
    with pytest.raises(RuleBroken):
        render_pdf(sample_paper("resolution"), path)


@pytest.mark.parametrize(
    "source", ['#import "@preview/x:0.1.0": y', '#read("/../../../../etc/hostname")']
)
def test_a_pdf_template_takes_nothing_from_outside(tmp_path, source):
    path = tmp_path / "mau.typ"
    path.write_text(source, encoding="utf-8")
    assert len(check_template(path)) == 1


def test_every_placeholder_is_described():
    described = (PAPERS / "README.md").read_text(encoding="utf-8")
    known = set(arranged(sample_paper("minutes"))) - {"blocks"}
    assert {name for name in known if f"{{{{ {name} }}}}" not in described} == set()
