"""The register on paper: what was numbered, what came in, what was voided."""

from __future__ import annotations

from collections.abc import Sequence

from core.documents.models import Document
from core.documents.paper import Column, Paper, Paragraph, Table
from core.documents.services.heading import head_of
from core.documents.services.register import Filter, list_documents
from core.work import Work

MOST_ROWS = 2000  # of one print; a term of a branch has some hundred
COLUMNS = (
    Column("TT", 10, "center"),
    Column("Số, ký hiệu", 30),
    Column("Ngày", 24, "center"),
    Column("Trích yếu"),
    Column("Người ký", 34),
)


def register_on_paper(work: Work, wanted: Filter) -> Paper:
    """Make the register as a paper, the oldest first. Papers are in Vietnamese for everybody."""
    documents = list_documents(work, wanted=wanted, limit=MOST_ROWS)
    head = head_of(work)
    first, last = (documents[-1], documents[0]) if documents else (None, None)
    span = f"từ {first.issued_on:%d/%m/%Y} đến {last.issued_on:%d/%m/%Y}" if first and last else ""
    return Paper(
        kind="register",
        body_code="",
        upper_body=head.upper_body,
        issuing_body=head.issuing_body,
        number=None,
        place=head.place,
        day=work.today,
        title="SỔ ĐĂNG KÝ VĂN BẢN",
        subtitle=span,
        blocks=(
            Table(COLUMNS, _rows(documents[::-1]), compact=True)
            if documents
            else Paragraph("Chưa có văn bản nào."),
        ),
    )


def _rows(documents: Sequence[Document]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            str(place),
            document.code,
            f"{document.issued_on:%d/%m/%Y}",
            _subject(document),
            document.signer,
        )
        for place, document in enumerate(documents, start=1)
    )


def _subject(document: Document) -> str:
    """Return the subject with who issued it, and that it was voided or only reserved."""
    text = document.subject
    if document.source == "registered":
        text = f"{text} ({document.issuer})"
    note = {"voided": "đã hủy", "draft": "giữ số, chưa ban hành"}.get(document.state)
    return f"{text} ({note})" if note else text
