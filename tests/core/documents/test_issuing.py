"""Issuing: printed once and kept; every later download is the same, whatever changes meanwhile."""

import hashlib
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from core.db import new_key
from core.documents import services
from core.documents.models import Document, DocumentFile
from core.documents.paper import from_data
from core.documents.services import (
    About,
    access_document,
    documents_about,
    draft_bytes,
    file_of,
    files_of,
    print_files,
    printed_file,
    reserve_number,
    void_document,
)
from core.errors import NotFound, RuleBroken
from core.ledger.models import LedgerRow


def test_an_issued_paper_is_kept_as_word_and_pdf_with_digests(ward, issue):
    document = issue()
    with ward.work(unit="B1", writing=False) as work:
        kept = {file.format: file for file in files_of(work, document)}
        assert set(kept) == {"docx", "pdf"}
        for name in kept:
            stored = file_of(work, document, name)
            assert hashlib.sha256(stored.body).digest() == stored.sha256
            assert (stored.size, len(stored.template_digest)) == (len(stored.body), 32)
        assert file_of(work, document, "pdf").body.startswith(b"%PDF")
        assert kept["docx"].filename == "01-NQ-CB.docx"


def test_the_paper_in_the_register_says_what_was_printed(ward, issue, paper):
    document = issue(day=date(2026, 11, 5))
    assert document.subject == "về tăng cường vệ sinh môi trường quý IV năm 2026"
    assert (document.issuer, document.signer) == (paper.issuing_body, "Nguyễn Văn An")
    printed = from_data(document.paper)
    assert (printed.number, printed.day, printed.draft) == (1, date(2026, 11, 5), False)


def test_what_is_downloaded_later_is_what_was_issued_byte_for_byte(ward, issue, monkeypatch):
    document = issue()
    with ward.work(unit="B1", writing=False) as work:
        before = {name: file_of(work, document, name).body for name in ("docx", "pdf")}

    def another_printer(*_arguments):
        raise AssertionError("it was printed anew")

    monkeypatch.setattr(services.templates, "render_docx", another_printer)
    monkeypatch.setattr(services.templates, "render_pdf", another_printer)
    browser = ward.browser(ward.account("branch_secretary", "B1"))
    for name, body in before.items():
        assert browser.get(f"/u/B1/documents/{document.id}/{name}").data == body
    with ward.work(unit="B1") as work:
        print_files(work, access_document(work, document.id))
        assert file_of(work, document, "pdf").body == before["pdf"]


def test_a_lazily_issued_paper_has_its_number_now_and_is_printed_when_first_asked_for(ward, issue):
    document = issue(lazily=True)
    assert document.code == "01-NQ/CB"
    assert ward.rows(DocumentFile) == 0
    browser = ward.browser(ward.account("branch_secretary", "B1"))
    sent = browser.get(f"/u/B1/documents/{document.id}/pdf")
    assert sent.status_code == 303
    first = browser.get(sent.location)
    assert (first.status_code, first.mimetype) == (200, "application/pdf")
    assert ward.rows(DocumentFile) == 2
    assert browser.get(f"/u/B1/documents/{document.id}/pdf").data == first.data
    assert browser.get(sent.location).data == first.data


def test_a_draft_is_marked_and_nothing_is_kept(ward, paper):
    with ward.work(unit="B1", writing=False) as work:
        marked = draft_bytes(work, paper, "docx")
        plain = services.print_bytes(work, paper, "docx")
    assert marked.startswith(b"PK")
    assert marked != plain
    assert (ward.rows(Document), ward.rows(DocumentFile)) == (0, 0)


def test_an_unknown_format_is_not_found(ward, paper):
    with ward.work(unit="B1", writing=False) as work, pytest.raises(NotFound):
        draft_bytes(work, paper, "odt")


def test_a_number_that_is_only_kept_cannot_be_printed(ward):
    with ward.work(unit="B1") as work:
        document = reserve_number(work, kind="resolution", subject="về kết nạp")
        with pytest.raises(NotFound):
            printed_file(work, document, "pdf")


def test_voiding_needs_a_reason_happens_once_and_keeps_the_bytes(ward, issue):
    document = issue()
    with ward.work(unit="B1") as work:
        found = access_document(work, document.id)
        with pytest.raises(RuleBroken):
            void_document(work, found, reason="  ")
        void_document(work, found, reason="sai số liệu")
        with pytest.raises(RuleBroken):
            void_document(work, found, reason="lần nữa")
    with ward.work(unit="B1", writing=False) as work:
        found = access_document(work, document.id)
        assert (found.state, found.void_reason, found.revision) == ("voided", "sai số liệu", 2)
        assert file_of(work, found, "pdf") is not None


def test_papers_are_found_by_what_they_are_about_in_order(ward, issue):
    meeting = new_key()
    issue(about=About("meeting", meeting), kind="minutes", lazily=True)
    issue(about=About("meeting", meeting), lazily=True)
    issue(lazily=True)
    with ward.work(unit="B1", writing=False) as work:
        found = [one.code for one in documents_about(work, "meeting", meeting)]
    assert found == ["01-BB/CB", "01-NQ/CB"]


def test_every_act_on_a_paper_is_in_the_ledger(ward, issue):
    document = issue(lazily=True)
    with ward.work(unit="B1") as work:
        void_document(work, access_document(work, document.id), reason="sai")
    with ward.work(writing=False) as work:
        rows = work.session.scalars(
            sa.select(LedgerRow).where(LedgerRow.about_id == document.id).order_by(LedgerRow.id)
        ).all()
    assert [row.action for row in rows] == ["documents.issued", "documents.voided"]
    assert "01-NQ/CB" in rows[0].label


def test_a_paper_of_another_unit_is_not_found(ward, issue):
    document = issue("B2", lazily=True)
    with ward.work(unit="B1", writing=False) as work, pytest.raises(NotFound):
        access_document(work, document.id)


def test_a_long_subject_is_cut_and_not_refused(ward, issue):
    document = issue(subtitle="về " + "việc " * 300, lazily=True)
    assert len(document.subject) == 600


def test_a_paper_with_an_odd_number_of_signers_names_the_last(ward, paper):
    signers = (*paper.signers, replace(paper.signers[0], name="Lê Thị Hoa"))
    with ward.work(unit="B1") as work:
        document = services.issue_document(work, replace(paper, signers=signers), lazily=True)
        assert document.signer == "Lê Thị Hoa"
        bare = services.issue_document(work, replace(paper, signers=()), lazily=True)
        assert bare.signer == ""
