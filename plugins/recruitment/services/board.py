"""Candidates of a unit and those below: the board by stage, the list, what runs out first."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.names import search_key
from core.paging import beyond, make_cursor, read_cursor
from core.units.covering import TODAY, AsOf, covered
from core.units.models import UnitAncestor
from core.units.places import Place, valid_on, visible
from core.units.standing import Standing, stood
from core.work import Work

from ..models import OPEN_STATES, Candidate, Clock
from ..settings import STAGES
from .clocks import SOON, clock_sentence
from .lacking import missing_of
from .past import is_earlier, standing
from .reading import dossiers_of
from .shapes import Board, Card, Column, Dossier

A_STAGE = 12
LIMIT = 50
PAPERS_SHOWN = timedelta(days=120)


def below(work: Work) -> sa.ColumnElement[bool]:
    """Condition: the candidate stands in this unit or below it today."""
    return (
        sa.exists()
        .where(
            UnitAncestor.unit_id == Candidate.unit_id,
            UnitAncestor.ancestor_id == work.unit.id,
            valid_on(UnitAncestor, work.today),
            visible(UnitAncestor, work.generation),
        )
        .correlate_except(UnitAncestor)
    )


def next_due() -> Any:
    """Return the day on which the first running clock of a candidate runs out."""
    return (
        sa.select(sa.func.min(Clock.due_on))
        .where(Clock.candidate_id == Candidate.id, Clock.stopped_on.is_(None))
        .correlate_except(Clock)
        .scalar_subquery()
    )


def board(work: Work) -> Board:
    """Return the open dossiers by stage, in each the most urgent first: about nine statements."""
    due = next_due().label("due")
    rank = (
        sa.func.row_number()
        .over(
            partition_by=Candidate.stage,
            order_by=(sa.case((next_due().is_(None), 1), else_=0), next_due(), Candidate.id),
        )
        .label("place")
    )
    conditions = [below(work), Candidate.state.in_(OPEN_STATES)]
    ranked = (
        sa.select(Candidate.id, due, rank).select_from(Candidate).where(*conditions)
    ).subquery("ranked")
    rows = work.session.execute(
        sa.select(Candidate, ranked.c.due)
        .select_from(Candidate)
        .join(ranked, ranked.c.id == Candidate.id)
        .where(ranked.c.place <= A_STAGE)
        .order_by(ranked.c.place)
    ).all()
    cards = cards_of(work, [candidate for candidate, _due in rows])
    counts = _counts(work, conditions)
    columns = [
        Column(stage, counts.get(stage, 0), [card for card in cards if card.stage == stage])
        for stage in STAGES
    ]
    late, soon = _late(work, conditions)
    dated = [card for card in cards if card.due_on is not None]
    urgent = min(dated, key=lambda card: (card.due_on or work.today, card.id), default=None)
    return Board(columns, urgent, sum(counts.values()), late, soon)


def _counts(work: Work, conditions: Sequence[Any]) -> dict[str, int]:
    rows = work.session.execute(
        sa.select(Candidate.stage, sa.func.count())
        .select_from(Candidate)
        .where(*conditions)
        .group_by(Candidate.stage)
    )
    return dict(rows.all())


def _late(work: Work, conditions: Sequence[Any]) -> tuple[int, int]:
    """Count dossiers with a clock that has run out, and with one that soon will."""
    due = next_due()
    soon = work.today + timedelta(days=SOON)
    row = work.session.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(sa.case((due < work.today, 1), else_=0)), 0),
            sa.func.coalesce(
                sa.func.sum(sa.case((sa.and_(due >= work.today, due <= soon), 1), else_=0)),
                0,
            ),
        )
        .select_from(Candidate)
        .where(*conditions)
    ).one()
    return int(row[0]), int(row[1])


def list_candidates(
    work: Work,
    *,
    stage: str = "",
    state: str = "open",
    words: str = "",
    as_of: AsOf = TODAY,
    cursor: str = "",
    limit: int = LIMIT,
) -> tuple[list[Card], str | None]:
    """List dossiers of this unit and below in Vietnamese order of names; a page and a cursor.

    As of a day each stands as it stood then, and is looked for by the stage and state of then.
    """
    then = standing(work, as_of)
    statement = (
        sa.select(
            Candidate,
            then.stage.label("then_stage"),
            then.since.label("then_since"),
            then.state.label("then_state"),
        )
        .select_from(Candidate)
        .where(below(work) if as_of == TODAY else _stood_here(work, as_of))
    )
    if stage in STAGES:
        statement = statement.where(then.stage == stage)
    if state:
        statement = statement.where(then.among(state))
    if folded := search_key(words):
        statement = statement.where(Candidate.search.contains(folded, autoescape=True))
    after = read_cursor(cursor, "b", "k")
    if after is not None:
        statement = statement.where(beyond((Candidate.sort_key, Candidate.id), after))
    rows = work.session.execute(
        statement.order_by(Candidate.sort_key, Candidate.id).limit(limit + 1)
    ).all()
    page = rows[:limit]
    following = None
    if len(rows) > limit:
        last = page[-1].Candidate
        following = make_cursor((last.sort_key, last.id))
    return _cards_as_of(work, page, as_of), following


def _cards_as_of(work: Work, rows: Sequence[Any], as_of: AsOf) -> list[Card]:
    """Return rows as cards, as of a day with the unit, stage and state of then.

    Of an earlier day neither clocks nor what is missing are told: those are of today.
    """
    tell = _bare_cards if is_earlier(work, as_of) else cards_of
    cards = tell(work, [row.Candidate for row in rows])
    if as_of.day is None:
        return cards
    places = stood(work, [row.Candidate for row in rows], as_of)
    return [_card_then(card, row, places[card.id]) for card, row in zip(cards, rows, strict=True)]


def _stood_here(work: Work, as_of: AsOf) -> sa.ColumnElement[bool]:
    return covered(work, Candidate.unit_id, as_of, day=Candidate.entered_on, row=Candidate.id)


def _card_then(card: Card, row: Any, place: Standing) -> Card:
    """Return a card with what held on a day."""
    return replace(
        card,
        unit_id=place.unit_id,
        unit_code=place.code,
        unit_name=place.name,
        stage=row.then_stage,
        stage_since=row.then_since,
        state=row.then_state,
    )


def _bare_cards(work: Work, candidates: Sequence[Candidate]) -> list[Card]:
    """Return candidates as cards that say neither what runs nor what is missing."""
    places = _places_of(work, candidates)
    ledger.saw(work, "candidate", [one.id for one in candidates])
    return [_bare_card(one, places[one.unit_id]) for one in candidates]


def _places_of(work: Work, candidates: Sequence[Candidate]) -> dict[uuid.UUID, Place]:
    """Return the units of candidates as they are today."""
    ids = {one.unit_id for one in candidates}
    return work.host.places.by_ids(work.session, ids, work.today, work.generation)


def cards_of(work: Work, candidates: Sequence[Candidate]) -> list[Card]:
    """Return candidates as cards with what is missing and what runs: five statements."""
    places = _places_of(work, candidates)
    ledger.saw(work, "candidate", [one.id for one in candidates])
    return [_card(work, dossier, places) for dossier in dossiers_of(work, candidates)]


def _tells(clock: Clock, today: date) -> bool:
    """Whether a clock says anything on a card: papers only in their last months."""
    return clock.kind != "paper" or clock.due_on <= today + PAPERS_SHOWN


def _bare_card(candidate: Candidate, place: Place) -> Card:
    return Card(
        id=candidate.id,
        name=candidate.full_name,
        unit_id=place.id,
        unit_code=place.code,
        unit_name=place.name,
        kept_by=place.code,
        stage=candidate.stage,
        state=candidate.state,
        stage_since=candidate.stage_since,
    )


def _card(work: Work, dossier: Dossier, places: dict[uuid.UUID, Place]) -> Card:
    candidate = dossier.candidate
    telling = [clock for clock in dossier.running if _tells(clock, work.today)]
    first = min(telling, key=lambda clock: clock.due_on, default=None)
    sentence = ""
    if first is not None:
        step = dossier.template.step(first.step)
        title = step.title if step is not None else ""
        sentence = clock_sentence(first.kind, first.due_on, work.today, title)
    is_open = candidate.state in OPEN_STATES
    return replace(
        _bare_card(candidate, places[candidate.unit_id]),
        clock=sentence,
        due_on=first.due_on if first else None,
        missing=missing_of(work, dossier) if is_open else (),
    )
