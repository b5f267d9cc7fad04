"""Papers of pilot models: the report of a review, the decision to recognise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.checking import missing, not_here
from core.documents.models import Document
from core.documents.paper import (
    Block,
    Bullets,
    Column,
    Heading,
    Paper,
    Paragraph,
    Signer,
    Table,
    day_on_paper,
)
from core.documents.services import About, issue_document
from core.documents.services.heading import Head, head_of
from core.errors import RuleBroken
from core.i18n import _, paper_count, use_locale
from core.members.services.reading import posts
from core.scope import require
from core.units.places import Place
from core.work import Work

from .. import permissions
from ..models import Registration, Review
from .catalogue import access_model
from .reading import place_of
from .scoring import model_of
from .shapes import ModelFacts
from .words import REVIEWS


def review_paper(work: Work, review: Review) -> Paper:
    """Return a review as a report: results, limitations, proposals."""
    with use_locale("vi"):
        model = access_model(work, review.model_code)
        place = place_of(work, review.unit_id)
        head = head_of(work, place, review.reviewed_on)
        blocks: list[Block] = [
            Paragraph(
                _(
                    "From %(first)s to %(last)s, %(unit)s carried out the model “%(model)s” with"
                    " the following results.",
                    first=day_on_paper(review.covers_from),
                    last=day_on_paper(review.covers_to),
                    unit=place.name,
                    model=model.title,
                )
            ),
            Heading(_("I. Results")),
            *(Paragraph(line) for line in review.results.split("\n") if line.strip()),
            Heading(_("II. Limitations")),
            *_listed(review.limitations),
            Heading(_("III. Proposals")),
            *_listed(review.proposals),
        ]
        return _paper(
            head,
            "report",
            review.reviewed_on,
            _("REPORT"),
            _("%(kind)s of the model “%(model)s”", kind=REVIEWS[review.kind], model=model.title),
            blocks=tuple(blocks),
            recipients=(
                _("%(body)s (to be reported to),", body=head.upper_body or _("Superior committee")),
                _("To be kept."),
            ),
            signers=_signers(work, place.id, review, is_branch=place.kind == "branch"),
            draft=review.sent_at is None,
        )


def _listed(lines: Any) -> list[Block]:
    return [Bullets(tuple(lines))] if lines else [Paragraph(_("None."))]


def _paper(head: Head, kind: str, day: Any, title: str, subtitle: str, **more: Any) -> Paper:
    return Paper(
        kind=kind,
        body_code=head.body_code,
        upper_body=head.upper_body,
        issuing_body=head.issuing_body,
        number=None,
        place=head.place,
        day=day,
        title=title,
        subtitle=subtitle,
        **more,
    )


def _signers(work: Work, unit_id: Any, record: Any, *, is_branch: bool) -> tuple[Signer, ...]:
    """Return who signs: the secretary of the unit on the day of the paper."""
    day = getattr(record, "reviewed_on", None) or record.recognised_on or work.today
    body = _("FOR THE BRANCH") if is_branch else _("FOR THE COMMITTEE")
    held = [post for post in posts(work, day, unit_ids=[unit_id]) if post.position == "secretary"]
    return (Signer((body, _("SECRETARY")), held[0].full_name if held else ""),)


def recognition_paper(work: Work, registration: Registration) -> Paper:
    """Return the decision to recognise a unit, as this unit issues it."""
    if registration.recognised_on is None:
        raise RuleBroken(_("The unit is not recognised yet."))
    with use_locale("vi"):
        model = model_of(work, registration)
        return _recognition(
            work,
            registration,
            model,
            subtitle=_("on recognising a unit as “%(model)s”", model=model.title),
            proposal=_("In view of the unit's own score and the proposal of the office,"),
            article=_(
                "Article 1. %(unit)s is recognised as “%(model)s” in %(year)s.",
                unit=place_of(work, registration.unit_id).name,
                model=model.title,
                year=registration.year,
            ),
            table=_sheet(registration) if registration.scores and registration.sheet else None,
            order=_("Article 2. The office, the boards and the unit named above carry this out."),
        )


def recognitions_paper(
    work: Work, rows: Sequence[Registration], places: Mapping[Any, Place]
) -> Paper:
    """Return the decision that recognises several units, with the list of them."""
    first = rows[0]
    with use_locale("vi"):
        model = model_of(work, first)
        return _recognition(
            work,
            first,
            model,
            subtitle=_("on recognising units as “%(model)s”", model=model.title),
            proposal=_("In view of the units' own scores and the proposal of the office,"),
            article=_(
                "Article 1. %(n)s units are recognised as “%(model)s” in %(year)s (list below).",
                n=paper_count(len(rows)),
                model=model.title,
                year=first.year,
            ),
            table=_listed_units(rows, places),
            order=_("Article 2. The office, the boards and the units named above carry this out."),
        )


def _recognition(
    work: Work,
    first: Registration,
    model: ModelFacts,
    *,
    subtitle: str,
    proposal: str,
    article: str,
    table: Table | None,
    order: str,
) -> Paper:
    """Return a decision to recognise, of one unit or several: head, grounds, articles, signer."""
    grounds = [model.legal_basis, model.document_no]
    return _paper(
        head_of(work, work.unit, first.recognised_on or work.today),
        "decision",
        first.recognised_on,
        _("DECISION"),
        subtitle,
        blocks=(
            *(Paragraph(_("In view of %(what)s,", what=line)) for line in grounds if line),
            Paragraph(proposal),
            Paragraph(article),
            *([table] if table is not None else ()),
            Paragraph(order),
        ),
        recipients=(_("As in article 2,"), _("To be kept.")),
        signers=_signers(work, work.unit.id, first, is_branch=work.unit.kind == "branch"),
        draft=first.document_id is None,
    )


def _listed_units(rows: Sequence[Registration], places: Mapping[Any, Place]) -> Table:
    listed = tuple(
        (
            paper_count(number),
            places[row.unit_id].name,
            "" if row.recognition_points is None else str(row.recognition_points),
        )
        for number, row in enumerate(rows, 1)
    )
    columns = (
        Column(_("No."), 12, "center"),
        Column(_("Unit")),
        Column(_("Score"), 20, "center"),
    )
    return Table(columns, listed, compact=True)


def _sheet(registration: Registration) -> Table:
    scores = registration.scores or {}
    rows = tuple(
        (
            paper_count(number),
            str(one["title"]),
            str(one["points"]),
            str(scores.get(one["key"], "")),
        )
        for number, one in enumerate(registration.sheet or (), 1)
    )
    total = ("", _("Together"), "", str(registration.self_points or ""))
    return Table(
        (
            Column(_("No."), 12, "center"),
            Column(_("Criterion")),
            Column(_("Most"), 20, "center"),
            Column(_("Score"), 20, "center"),
        ),
        (*rows, total),
        compact=True,
    )


def issue_recognition(work: Work, registration: Registration) -> Document:
    """Issue the decision to recognise: numbered, printed, kept in the register."""
    if registration.unit_id == work.unit.id:
        raise not_here()
    require(work, permissions.RECOGNISE, [registration.unit_id])
    if registration.document_id is not None:
        raise RuleBroken(_("This decision is issued already."))
    document = issue_document(
        work,
        recognition_paper(work, registration),
        about=About("registration", registration.id),
        day=registration.recognised_on,
        number=paper_number(registration.recognition_no),
    )
    registration.document_id = document.id
    return document


def paper_number(text: str) -> int | None:
    """Return the number a decision bears already, as in 12-QĐ/ĐU; None takes the next one."""
    digits = text.partition("-")[0].strip()
    if not digits.isdigit():
        return None
    if not 0 < int(digits) < 100_000:
        raise missing("decision_no", _("The number of the decision is not right."))
    return int(digits)
