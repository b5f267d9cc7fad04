"""Templates a place gives itself: which holds where and when, sending one, printing with it."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from core import ledger
from core.db import new_key
from core.documents import permissions
from core.documents.models import DocumentTemplate
from core.documents.paper import KIND_CODES, Paper
from core.documents.render import (
    PDF_TEMPLATE,
    SAMPLES,
    WORD_TEMPLATE,
    check_template,
    render_docx,
    render_pdf,
    sample_paper,
)
from core.errors import NotFound, RuleBroken
from core.i18n import _
from core.units.places import Place
from core.work import Work

LARGEST = 5_000_000  # bytes as sent; what unpacks larger is refused by the check
SUFFIXES = {"docx": "docx", "pdf": "typ"}
DEFAULTS = {"docx": WORD_TEMPLATE, "typ": PDF_TEMPLATE}
KINDS = (*KIND_CODES, "attendance_sheet", "slips")


def template_for(
    work: Work, unit: Place, kind: str, suffix: str, day: date
) -> DocumentTemplate | None:
    """Return the template that holds at a unit on a day, or None for ours.

    As with settings the nearest one holds, unless one further up is locked; at one unit a
    template for the kind goes before one for all kinds, the latest before an older one.
    """
    rows = work.session.scalars(
        sa.select(DocumentTemplate).where(
            DocumentTemplate.unit_id.in_(unit.path),
            DocumentTemplate.format == suffix,
            DocumentTemplate.kind.in_({kind, ""}),
            DocumentTemplate.valid_from <= day,
            DocumentTemplate.withdrawn_at.is_(None),
        )
    ).all()
    here: dict[uuid.UUID, DocumentTemplate] = {}
    for row in sorted(rows, key=lambda r: (r.kind == kind, r.valid_from, r.made_at)):
        here[row.unit_id] = row
    way_up = [here[unit_id] for unit_id in unit.path if unit_id in here]
    locked = [row for row in way_up if row.locked]
    return locked[-1] if locked else (way_up[0] if way_up else None)


@contextmanager
def as_file(body: bytes, suffix: str) -> Iterator[Path]:
    """Lend a template as a file, which is what the printer reads."""
    with tempfile.TemporaryDirectory(prefix="hatnhan-") as folder:
        path = Path(folder) / f"template.{suffix}"
        path.write_bytes(body)
        yield path


def printed(
    work: Work, paper: Paper, file_format: str, unit: Place, day: date
) -> tuple[bytes, bytes]:
    """Print a paper with the template of its place and day; return the bytes and its digest."""
    if file_format not in SUFFIXES:
        raise NotFound(_("There is no such page, or this account may not see it."))
    suffix = SUFFIXES[file_format]
    template = template_for(work, unit, paper.kind, suffix, day)
    if template is None:
        digest = hashlib.sha256(DEFAULTS[suffix].read_bytes()).digest()
        return _printed(paper, file_format, None), digest
    body = template_body(work, template)
    with as_file(body, suffix) as path:
        return _printed(paper, file_format, path), template.sha256


def _printed(paper: Paper, file_format: str, path: Path | None) -> bytes:
    return render_docx(paper, path) if file_format == "docx" else render_pdf(paper, path)


def template_body(work: Work, template: DocumentTemplate) -> bytes:
    """Return a template's bytes."""
    body = work.session.scalar(
        sa.select(DocumentTemplate.body).where(DocumentTemplate.id == template.id)
    )
    return bytes(body or b"")


def default_template(suffix: str) -> bytes:
    """Return the template the system is delivered with, to be changed and sent back."""
    if suffix not in DEFAULTS:
        raise NotFound(_("There is no such page, or this account may not see it."))
    return DEFAULTS[suffix].read_bytes()


def checked(body: bytes, filename: str) -> tuple[str, list[str]]:
    """Return the suffix of a template somebody sends, and what is wrong with it, in sentences."""
    suffix = filename.rpartition(".")[2].lower()
    if suffix not in DEFAULTS:
        return "", [_("A template is a Word file (.docx) or a typst file (.typ).")]
    if len(body) > LARGEST:
        return suffix, [_("The template is too large. Make its pictures smaller.")]
    with as_file(body, suffix) as path:
        return suffix, check_template(path)


def add_template(
    work: Work,
    *,
    body: bytes,
    filename: str,
    kind: str = "",
    valid_from: date | None = None,
    locked: bool = False,
    document_no: str = "",
    unit: Place | None = None,
) -> DocumentTemplate:
    """Put a template in force at a unit and below from a day on; a faulty one is refused."""
    place = unit or work.unit
    suffix, problems = checked(body, filename)
    if problems:
        raise RuleBroken(
            _("The template is not usable yet; correct it and send it again."),
            fields={"file": problems},
        )
    day = valid_from or work.today
    _check_lock(work, place, kind, suffix, day)
    template = DocumentTemplate(
        id=new_key(),
        unit_id=place.id,
        kind=kind,
        format=suffix,
        valid_from=day,
        locked=locked,
        filename=filename[-300:],
        size=len(body),
        sha256=hashlib.sha256(body).digest(),
        body=body,
        document_no=document_no,
        made_by=work.actor.label,
        made_at=work.now,
    )
    work.session.add(template)
    work.session.flush()
    _record(work, "documents.template_added", template, after={"from": day, "kind": kind})
    return template


def _check_lock(work: Work, unit: Place, kind: str, suffix: str, day: date) -> None:
    """Refuse a template where one from above is locked."""
    holding = template_for(work, unit, kind, suffix, day)
    if holding is not None and holding.locked and holding.unit_id != unit.id:
        raise RuleBroken(_("The template is locked from above; ask the unit that locked it."))


def withdraw_template(work: Work, template: DocumentTemplate) -> None:
    """Take a template out of force; papers printed with it stay as they are."""
    template.withdrawn_at = work.now
    work.session.flush()
    _record(work, "documents.template_withdrawn", template, before={"from": template.valid_from})


def access_template(work: Work, template_id: uuid.UUID) -> DocumentTemplate:
    """Return a template of this unit, or of one above it."""
    template = work.session.scalar(
        sa.select(DocumentTemplate)
        .options(undefer(DocumentTemplate.body))
        .where(
            DocumentTemplate.id == template_id,
            DocumentTemplate.unit_id.in_(work.unit.path),
            DocumentTemplate.withdrawn_at.is_(None),
        )
    )
    if template is None:
        raise NotFound(_("There is no such page, or this account may not see it."))
    return template


def access_own_template(work: Work, template_id: uuid.UUID) -> DocumentTemplate:
    """Return a template that was given at this very unit; one from above is not its own."""
    template = access_template(work, template_id)
    if template.unit_id != work.unit.id:
        raise RuleBroken(_("This template was given further up; ask the unit that gave it."))
    return template


def list_templates(work: Work, unit: Place | None = None) -> list[DocumentTemplate]:
    """List the templates that were given at a unit and above it, the nearest first, then by day."""
    path = (unit or work.unit).path
    rows = work.session.scalars(
        sa.select(DocumentTemplate).where(
            DocumentTemplate.unit_id.in_(path), DocumentTemplate.withdrawn_at.is_(None)
        )
    ).all()
    return sorted(
        rows, key=lambda r: (path.index(r.unit_id), r.kind, r.format, -r.valid_from.toordinal())
    )


def preview(work: Work, kind: str, file_format: str, template: DocumentTemplate | None) -> bytes:
    """Print a sample of a kind of paper with a template, or with ours, to look at."""
    if kind not in SAMPLES or file_format not in SUFFIXES:
        raise NotFound(_("There is no such page, or this account may not see it."))
    if template is None:
        return _printed(sample_paper(kind), file_format, None)
    with as_file(template.body, template.format) as path:
        return _printed(sample_paper(kind), file_format, path)


def _record(work: Work, action: str, template: DocumentTemplate, **values: object) -> None:
    ledger.record(
        work,
        action,
        ledger.About("document_template", template.id, template.filename, template.unit_id),
        before=values.get("before"),  # type: ignore[arg-type]  # texts, checked above
        after=values.get("after"),  # type: ignore[arg-type]  # texts, checked above
        permission=permissions.MANAGE,
    )
