"""What admission offers to pages of core: cards of one's work, a panel, hits of a search."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from core.folded import holds
from core.i18n import _, _n, format_number
from core.names import search_key
from core.pages import Panel, SearchHit, WorkCard
from core.periods import Period
from core.work import Work

from .. import permissions
from ..models import OPEN_STATES, Candidate, Clock
from .board import below, next_due
from .clocks import SOON, clock_sentence
from .counting import Progress
from .targets import own_progress
from .words import STAGES


def work_cards_of(work: Work) -> list[WorkCard]:
    """Offer the dossier whose clock runs out first among those one may work on here."""
    if not (work.may(permissions.MANAGE) or work.may(permissions.DECIDE)):
        return []
    row = work.session.execute(
        sa.select(Candidate.id, Candidate.unit_id, Clock.kind, Clock.due_on)
        .select_from(Candidate)
        .join(Clock, Clock.candidate_id == Candidate.id)
        .where(
            below(work),
            Candidate.state.in_(OPEN_STATES),
            Clock.stopped_on.is_(None),
            Clock.started_on <= work.today,
            Clock.due_on <= work.today + timedelta(days=SOON),
        )
        .order_by(Clock.due_on, Clock.id)
        .limit(1)
    ).first()
    if row is None:
        return []
    place = work.host.places.by_ids(work.session, [row.unit_id], work.today, work.generation)[
        row.unit_id
    ]
    late = row.due_on < work.today
    return [
        WorkCard(
            title=_("A dossier of admission is due"),
            text=clock_sentence(row.kind, row.due_on, work.today),
            action=_("Open the most urgent dossier"),
            endpoint="recruitment.show",
            values={"unit": place.code, "candidate_id": row.id},
            chip=_("overdue") if late else _("due soon"),
            chip_kind="late" if late else "warn",
            due_on=row.due_on,
            urgency=25 if late else 45,
            unit_name=place.name,
        )
    ]


def panels_of(work: Work, period: Period) -> list[Panel]:
    """Offer what a unit has admitted in the period of its target, and who is on the way."""
    if not work.may(permissions.TARGET_SEE):
        return []
    progress: Progress = own_progress(work)
    figures = [
        (
            _("Admitted"),
            format_number(progress.admitted)
            if progress.target is None
            else f"{format_number(progress.admitted)}/{format_number(progress.target)}",
            progress.sentence,
        )
    ]
    if work.may(permissions.SEE):
        count, late = work.session.execute(
            sa.select(sa.func.count(), sa.func.count(sa.case((next_due() < work.today, 1))))
            .select_from(Candidate)
            .where(below(work), Candidate.state.in_(OPEN_STATES))
        ).one()
        small = _n("%(n)s overdue", "%(n)s overdue", late) if late else ""
        figures.append((_("Dossiers on the way"), format_number(count), small))
    return [
        Panel(
            title=_("Admission of members"),
            figures=figures,
            endpoint="recruitment.targets",
            action=_("See the targets"),
            order=40,
        )
    ]


def hits_of(work: Work, words: str, limit: int) -> list[SearchHit]:
    """Offer candidates of this unit and below by name, without marks."""
    folded = search_key(words)
    if not folded or not work.may(permissions.SEE):
        return []
    rows = work.session.execute(
        sa.select(Candidate.id, Candidate.full_name, Candidate.unit_id, Candidate.stage)
        .select_from(Candidate)
        .where(
            below(work),
            Candidate.state.in_(OPEN_STATES),
            holds(Candidate.search, folded),
        )
        .order_by(Candidate.sort_key, Candidate.id)
        .limit(limit)
    ).all()
    places = work.host.places.by_ids(
        work.session, {row.unit_id for row in rows}, work.today, work.generation
    )
    return [
        SearchHit(
            kind=_("Candidates"),
            title=row.full_name,
            text=f"{places[row.unit_id].name} · {STAGES[row.stage]}",
            endpoint="recruitment.show",
            values={"unit": places[row.unit_id].code, "candidate_id": row.id},
            icon="person",
        )
        for row in rows
    ]
