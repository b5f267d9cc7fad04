"""Candidates as they are read: one with the whole dossier, or many for a list."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.checking import check_revision
from core.chunks import chunked
from core.errors import NotFound
from core.i18n import _
from core.work import Work

from ..models import (
    Candidate,
    Clock,
    DossierPaper,
    DossierVote,
    Judgement,
    Passage,
    Supporter,
)
from .shapes import Dossier, Template
from .template import template_at


def access_candidate(work: Work, candidate_id: uuid.UUID, revision: int | None = None) -> Candidate:
    """Return a candidate of this unit; anything else is not found."""
    candidate: Candidate | None = work.session.scalar(
        sa.select(Candidate).where(Candidate.id == candidate_id, Candidate.unit_id == work.unit.id)
    )
    if candidate is None:
        raise NotFound(_("There is no such dossier here."))
    check_revision(candidate, revision)
    return candidate


def dossier_of(work: Work, candidate: Candidate, *, whole: bool = False) -> Dossier:
    """Return a candidate with papers, votes, clocks and supporters; `whole` with the history."""
    [dossier] = dossiers_of(work, [candidate])
    if whole:
        dossier.passages = list(
            work.session.scalars(
                sa.select(Passage)
                .where(Passage.candidate_id == candidate.id)
                .order_by(Passage.at.desc(), Passage.id.desc())
            )
        )
        dossier.old_papers = list(
            work.session.scalars(
                sa.select(DossierPaper)
                .where(
                    DossierPaper.candidate_id == candidate.id,
                    DossierPaper.replaced_at.is_not(None),
                )
                .order_by(DossierPaper.id.desc())
            )
        )
        ledger.saw(work, "candidate", [candidate.id], {"birth", "contact"})
    return dossier


def dossiers_of(work: Work, candidates: Sequence[Candidate]) -> list[Dossier]:
    """Return candidates with what their dossiers hold: five statements for a page of them."""
    work.session.flush()
    ids = [candidate.id for candidate in candidates]
    papers = _by_candidate(
        work, DossierPaper, ids, DossierPaper.replaced_at.is_(None), order=DossierPaper.id
    )
    votes = _by_candidate(work, DossierVote, ids, order=DossierVote.id)
    clocks = _by_candidate(work, Clock, ids, order=Clock.due_on)
    people = _by_candidate(work, Supporter, ids, Supporter.until.is_(None), order=Supporter.id)
    judged = _by_candidate(work, Judgement, ids, order=Judgement.id)
    return [
        Dossier(
            candidate=candidate,
            template=template_of(work, candidate),
            papers={paper.step: paper for paper in papers.get(candidate.id, [])},
            votes=votes.get(candidate.id, []),
            clocks=clocks.get(candidate.id, []),
            supporters=people.get(candidate.id, []),
            judgement=judged[candidate.id][-1] if candidate.id in judged else None,
        )
        for candidate in candidates
    ]


def template_of(work: Work, candidate: Candidate, on: date | None = None) -> Template:
    """Return the steps of a candidate: those of their unit on the day they were taken over."""
    places = work.host.places.by_ids(work.session, [candidate.unit_id], work.today, work.generation)
    return template_at(work, places[candidate.unit_id], on or candidate.template_on)


def _by_candidate(
    work: Work, model: Any, ids: Iterable[uuid.UUID], *conditions: Any, order: Any
) -> dict[uuid.UUID, list[Any]]:
    found: dict[uuid.UUID, list[Any]] = {}
    for chunk in chunked(ids):
        rows = work.session.scalars(
            sa.select(model)
            .where(model.candidate_id.in_(chunk), *conditions)
            .order_by(order, model.id)
        )
        for row in rows:
            found.setdefault(row.candidate_id, []).append(row)
    return found


def waiting_dossiers(work: Work) -> list[Dossier]:
    """Return the dossiers of this unit that the branch has put forward to the committee."""
    candidates = work.session.scalars(
        sa.select(Candidate)
        .where(
            Candidate.unit_id == work.unit.id,
            Candidate.state == "open",
            Candidate.stage.in_(("committee", "decision")),
        )
        .order_by(Candidate.sort_key, Candidate.id)
    ).all()
    return dossiers_of(work, candidates)
