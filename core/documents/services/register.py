"""The register of a body: its own papers by number and term, and those that came from elsewhere."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from core.db import new_key
from core.documents.models import Document
from core.documents.services.issuing import kept_file, record
from core.documents.services.uploads import Upload, check_upload
from core.errors import NotFound, RuleBroken
from core.i18n import _
from core.names import search_key
from core.paging import beyond
from core.units.covering import TODAY, AsOf, covered
from core.units.places import Place
from core.work import Work

LONGEST_PAGE = 2000


@dataclass(frozen=True, slots=True)
class Filter:
    """What of a register is shown; empty fields leave nothing out."""

    kind_code: str = ""
    term_from: date | None = None
    year: int | None = None
    words: str = ""
    source: str = ""
    about_id: uuid.UUID | None = None


EVERYTHING = Filter()


def access_document(work: Work, document_id: uuid.UUID) -> Document:
    """Return a paper of this unit with its text; raise NotFound for any other."""
    document = work.session.scalar(
        sa.select(Document)
        .options(undefer(Document.paper))
        .where(Document.id == document_id, Document.unit_id == work.unit.id)
    )
    if document is None:
        raise NotFound(_("There is no such page, or this account may not see it."))
    return document


def list_documents(
    work: Work,
    *,
    unit: Place | None = None,
    wanted: Filter = EVERYTHING,
    as_of: AsOf = TODAY,
    after: Sequence[Any] | None = None,
    limit: int = 50,
) -> list[Document]:
    """List a unit's papers, newest first, one page after `after` (day and key of the last one)."""
    here = covered(work, Document.unit_id, as_of, day=Document.issued_on, unit=unit, alone=True)
    statement = (
        sa.select(Document)
        .where(here, *_conditions(wanted))
        .order_by(Document.issued_on.desc(), Document.id.desc())
        .limit(min(limit, LONGEST_PAGE))
    )
    if after is not None:
        statement = statement.where(beyond((Document.issued_on, Document.id), after, down=True))
    return list(work.session.scalars(statement))


def _conditions(wanted: Filter) -> Sequence[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.kind_code:
        conditions.append(Document.kind_code == wanted.kind_code)
    if wanted.term_from:
        conditions.append(Document.term_from == wanted.term_from)
    if wanted.year:
        conditions.append(
            Document.issued_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31))
        )
    if wanted.source:
        conditions.append(Document.source == wanted.source)
    if wanted.about_id:
        conditions.append(Document.about_id == wanted.about_id)
    words = search_key(wanted.words).split()[:8]
    conditions.extend(Document.search.contains(word, autoescape=True) for word in words)
    return conditions


def search_documents(work: Work, words: str, limit: int) -> list[Document]:
    """Find papers by number and subject, without marks, in all registers the person may see."""
    wanted = _conditions(Filter(words=words))
    if not wanted:
        return []
    return list(
        work.session.scalars(
            sa.select(Document)
            .where(*wanted)
            .order_by(Document.issued_on.desc(), Document.id.desc())
            .limit(limit)
        )
    )


def documents_about(work: Work, about_type: str, about_id: uuid.UUID) -> list[Document]:
    """Return the papers about a thing, in the order in which they were issued."""
    return list(
        work.session.scalars(
            sa.select(Document)
            .where(Document.about_type == about_type, Document.about_id == about_id)
            .order_by(Document.made_at, Document.id)
        )
    )


@dataclass(frozen=True, slots=True)
class Choices:
    """What a register can be narrowed to: kinds of paper, terms, years, sources."""

    kinds: Sequence[str]
    terms: Sequence[date]
    years: Sequence[int]
    sources: Sequence[str]


def choices_of(work: Work, unit: Place | None = None) -> Choices:
    """Return what occurs in a register, read in one statement."""
    year = sa.extract("year", Document.issued_on)
    rows = work.session.execute(
        sa.select(Document.kind_code, Document.term_from, year, Document.source)
        .where(Document.unit_id == (unit or work.unit).id)
        .distinct()
    ).all()
    return Choices(
        sorted({kind for kind, _term, _year, _from in rows if kind}),
        sorted({term for _kind, term, _year, _from in rows if term}, reverse=True),
        sorted({int(number) for _kind, _term, number, _from in rows}, reverse=True),
        sorted({source for _kind, _term, _year, source in rows}),
    )


def register_paper(
    work: Work,
    *,
    code: str,
    issuer: str,
    issued_on: date,
    subject: str,
    signer: str = "",
    upload: Upload | None = None,
    unit: Place | None = None,
) -> Document:
    """Enter a paper from elsewhere, such as 33-KL/ThU of 20/01/2022, with its file if there is one.

    A paper is known by issuer, number and day together, because numbers repeat in every term
    (`domain`, trap in 2). A file that bears a mark of secrecy is refused.
    """
    place = unit or work.unit
    mime = check_upload(work, upload, place) if upload else ""
    _check_new(work, place, code, issuer, issued_on)
    document = Document(
        id=new_key(),
        unit_id=place.id,
        source="registered",
        state="issued",
        kind="registered",
        kind_code=kind_code_in(code),
        code=code,
        issuer=issuer,
        subject=subject[:600],
        search=search_key(f"{code} {issuer} {subject}")[:800],
        issued_on=issued_on,
        signer=signer,
        made_by=work.actor.label,
        made_at=work.now,
    )
    work.session.add(document)
    work.session.flush()
    if upload is not None:
        name = upload.filename[-300:]
        work.session.add(kept_file(work, document, "upload", mime, upload.body, filename=name))
    record(
        work,
        "documents.registered",
        document,
        after={"issuer": issuer, "on": issued_on, "file": bool(upload)},
    )
    return document


def _check_new(work: Work, unit: Place, code: str, issuer: str, day: date) -> None:
    """Refuse a paper of a day to come, and the same paper twice in one register."""
    if day > work.today:
        sentence = _("The day of a paper cannot lie in the future.")
        raise RuleBroken(sentence, fields={"issued_on": [sentence]})
    there = work.session.scalar(
        sa.select(Document.id)
        .where(
            Document.unit_id == unit.id,
            Document.source == "registered",
            Document.code == code,
            Document.issuer == issuer,
            Document.issued_on == day,
            Document.state != "voided",
        )
        .execution_options(unscoped="a paper is entered once whoever may see it")
    )
    if there is not None:
        raise RuleBroken(
            _("%(code)s of this day is already in the register.", code=code),
            fields={"code": [_("%(code)s of this day is already in the register.", code=code)]},
        )


def check_no_papers(work: Work, unit_id: uuid.UUID) -> None:
    """Refuse where a unit has a paper in its register, even a voided one."""
    there = work.session.scalar(
        sa.select(Document.id)
        .where(Document.unit_id == unit_id)
        .limit(1)
        .execution_options(unscoped="whether anything was built on a unit")
    )
    if there is not None:
        raise RuleBroken(
            _("There are papers in the register of this unit; it cannot be voided, end it.")
        )


def kind_code_in(code: str) -> str:
    """Read the code of the kind out of a number such as 33-KL/ThU; empty where there is none."""
    found = code.partition("-")[2].partition("/")[0].strip()
    return found if 0 < len(found) <= 5 else ""
