"""Issuing papers: number, print, keep the bytes; void; what is reprinted is what was issued."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.db import new_key
from core.documents import permissions
from core.documents.models import Document, DocumentFile
from core.documents.paper import KIND_CODES, Paper, from_data, to_data
from core.documents.services.numbering import Series, series_for, take_number
from core.documents.services.templates import printed
from core.errors import NotFound, RuleBroken
from core.i18n import _
from core.names import search_key
from core.units.places import Place
from core.work import Work

MIMES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class About:
    """What a paper is about: the kind of thing, such as "meeting", and its key."""

    type: str
    id: uuid.UUID


def draft_bytes(work: Work, paper: Paper, file_format: str, unit: Place | None = None) -> bytes:
    """Print a paper that is not issued, marked as a draft; nothing is kept.

    `file_format` is "docx" or "pdf". The template is the one of the unit on the paper's day.
    """
    return print_bytes(work, replace(paper, draft=True), file_format, unit)


def print_bytes(work: Work, paper: Paper, file_format: str, unit: Place | None = None) -> bytes:
    """Print a paper that never enters the register, such as an attendance sheet or slips."""
    return printed(work, paper, file_format, unit or work.unit, paper.day or work.today)[0]


def issue_document(
    work: Work,
    paper: Paper,
    *,
    unit: Place | None = None,
    about: About | None = None,
    day: date | None = None,
    number: int | None = None,
    lazily: bool = False,
    reserved: Document | None = None,
) -> Document:
    """Give a paper its number, print it as Word and PDF, and keep both in the register for ever.

    `number` is one the paper already bears, typed in later from paper; else the next of its series
    is taken. `lazily` numbers now and prints when somebody first asks, for whole years of papers at
    once. `reserved` is a draft made by `reserve_number`. A kind without a number is kept without.
    """
    place = unit or work.unit
    issued_on = day or paper.day or work.today
    final = replace(paper, day=issued_on, draft=False)
    document = reserved or _numbered(work, final, place, issued_on, number)
    if document.state != "draft":
        raise RuleBroken(_("This paper is issued. To change it, void it and issue another."))
    if reserved is not None:  # the number was taken for this kind of this body
        final = replace(final, kind=document.kind, body_code=document.body_code or paper.body_code)
    final = replace(final, number=document.number)
    _describe(document, final)
    if about is not None:
        document.about_type, document.about_id = about.type, about.id
    if reserved is None:
        work.session.add(document)
    work.session.flush()
    if not lazily:
        print_files(work, document, place)
    record(work, "documents.issued", document, after={"code": document.code, "on": issued_on})
    return document


def _describe(document: Document, paper: Paper) -> None:
    """Write into the register what the paper says."""
    document.state = "issued"
    document.issued_on = paper.day or document.issued_on
    document.issuer = paper.issuing_body
    document.subject = " ".join((paper.subtitle or paper.title).split())[:600]
    document.search = search_key(f"{document.code} {paper.full_title}")[:800]
    document.signer = paper.signers[-1].name[:300] if paper.signers else ""
    document.paper = to_data(paper)


def reserve_number(
    work: Work,
    *,
    kind: str,
    subject: str,
    unit: Place | None = None,
    day: date | None = None,
    about: About | None = None,
) -> Document:
    """Take a number for a paper whose text is not ready; `issue_document(reserved=…)` issues it."""
    place = unit or work.unit
    on = day or work.today
    series = series_for(work, place, kind, on)
    document = _register_entry(work, place, kind, on, series, None)
    document.subject = subject[:600]
    document.search = search_key(f"{document.code} {subject}")[:800]
    if about is not None:
        document.about_type, document.about_id = about.type, about.id
    work.session.add(document)
    work.session.flush()
    record(work, "documents.reserved", document, after={"code": document.code})
    return document


def _numbered(work: Work, paper: Paper, unit: Place, day: date, number: int | None) -> Document:
    """Make the register's entry of a paper, with its number."""
    series = None
    if paper.body_code:
        series = series_for(work, unit, paper.kind, day, paper.body_code)
    return _register_entry(work, unit, paper.kind, day, series, number)


def _register_entry(
    work: Work, unit: Place, kind: str, day: date, series: Series | None, number: int | None
) -> Document:
    taken = take_number(work, series, number) if series else None
    return Document(
        id=new_key(),
        unit_id=unit.id,
        source="own",
        state="draft",
        kind=kind,
        kind_code=KIND_CODES.get(kind, ""),
        body_code=series.body_code if series else "",
        number=taken,
        term_from=series.term_from if series else None,
        code=series.text(taken) if series and taken else "",
        issued_on=day,
        paper=None,
        made_by=work.actor.label,
        made_at=work.now,
    )


def void_document(work: Work, document: Document, *, reason: str) -> Document:
    """Take a paper out of force, with the reason; its number stays used and its bytes stay."""
    if document.state == "voided":
        raise RuleBroken(_("This paper was voided before."))
    if not reason.strip():
        raise RuleBroken(
            _("Say why the paper is voided."),
            fields={"reason": [_("Say why the paper is voided.")]},
        )
    before = document.state
    document.state = "voided"
    document.void_reason = reason.strip()
    document.voided_at, document.voided_by = work.now, work.actor.label
    work.session.flush()
    record(work, "documents.voided", document, before={"state": before}, after={"reason": reason})
    return document


def print_files(work: Work, document: Document, unit: Place | None = None) -> None:
    """Print what an issued paper still lacks, and keep it; what is kept is never printed anew.

    The template is the one that held on the paper's day.
    """
    data = paper_of(work, document)
    if data is None or document.state == "draft":
        raise NotFound(_("This paper has no text yet."))
    there = {file.format for file in files_of(work, document)}
    place = unit or _place_of(work, document)
    for file_format in ("docx", "pdf"):
        if file_format in there:
            continue
        body, template = printed(work, from_data(data), file_format, place, document.issued_on)
        mime = MIMES[file_format]
        work.session.add(kept_file(work, document, file_format, mime, body, template))
    work.session.flush()


def paper_of(work: Work, document: Document) -> dict[str, Any] | None:
    """Return what a paper of the register says, for `paper.from_data`; lists leave it out."""
    data: dict[str, Any] | None = work.session.scalar(
        sa.select(Document.paper).where(Document.id == document.id)
    )
    return data


def _place_of(work: Work, document: Document) -> Place:
    found = work.host.places.by_ids(work.session, [document.unit_id], work.today, work.generation)
    return found[document.unit_id]


def kept_file(
    work: Work,
    document: Document,
    file_format: str,
    mime: str,
    body: bytes,
    template: bytes | None = None,
    filename: str = "",
) -> DocumentFile:
    """Make the stored file of a paper."""
    return DocumentFile(
        document_id=document.id,
        format=file_format,
        filename=filename or f"{file_stem(document)}.{file_format}",
        mime=mime,
        size=len(body),
        sha256=hashlib.sha256(body).digest(),
        template_digest=template,
        body=body,
        created_at=work.now,
    )


def file_stem(document: Document) -> str:
    """Return a name for a paper's file: its number, or its kind and day."""
    code = document.code.replace("/", "-")
    return code or f"{document.kind}-{document.issued_on:%Y-%m-%d}"


def file_of(work: Work, document: Document, file_format: str) -> DocumentFile | None:
    """Return a stored file with its bytes, or None when the paper was not printed yet."""
    return work.session.scalar(
        sa.select(DocumentFile)
        .options(sa.orm.undefer(DocumentFile.body))
        .where(DocumentFile.document_id == document.id, DocumentFile.format == file_format)
    )


def printed_file(work: Work, document: Document, file_format: str) -> DocumentFile:
    """Return a file of an issued paper, printed now if it never was."""
    stored = file_of(work, document, file_format)
    if stored is None:
        print_files(work, document)
        stored = file_of(work, document, file_format)
    if stored is None:
        raise NotFound(_("There is no such page, or this account may not see it."))
    return stored


def files_of(work: Work, document: Document) -> list[DocumentFile]:
    """Return what is known about a paper's stored files, without their bytes."""
    return list(
        work.session.scalars(
            sa.select(DocumentFile)
            .where(DocumentFile.document_id == document.id)
            .order_by(DocumentFile.format)
        )
    )


def record(
    work: Work,
    action: str,
    document: Document,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    """Tell the ledger what was done to a paper."""
    ledger.record(
        work,
        action,
        ledger.About(
            "document", document.id, f"{document.code} {document.subject}", document.unit_id
        ),
        before=before,
        after=after,
        permission=permissions.ISSUE,
    )
