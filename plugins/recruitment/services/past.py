"""How dossiers stood on a day: at which unit, at which stage since when, in which state.

A dossier names what holds today; where it stood is told by the way it came (`Passage`) and by the
units it left (`Rehomed`). Of what had happened by a day, what was written last tells: acts are
often entered days after they were done, and a referral in between bears the day of its entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.units.covering import AsOf, covered
from core.units.models import Rehomed, Unit
from core.work import Work

from ..models import OPEN_STATES, Candidate, Passage

TURNS = ("entered", "stage", "referred", "returned", "closed", "reopened")
"""After these it is clear whether a dossier is on the way, before the superior, or ended."""
REACHED = ("entered", "stage", "moved", "template", "reopened")
"""After these a dossier may be at another stage than before; other steps may map it."""
SINCE = ("entered", "stage", "reopened")
"""On these days a stage begins; with another unit or other steps it goes on."""
ENDED = "closed"
"""The state of a dossier that had ended and was taken up again since: how it ended is not kept."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How dossiers stand, today or on a day, in SQL."""

    stage: Any
    since: Any
    state: Any
    is_open: Any
    is_referred: Any
    is_over: Any

    def among(self, state: str) -> sa.ColumnElement[bool]:
        """Condition: in a state; among those on the way are those before the superior."""
        if state == "open":
            return sa.and_(self.is_open)
        if state == "referred":
            return sa.and_(self.is_open, self.is_referred)
        return sa.and_(self.is_over, Candidate.state == state)


TODAYS = Standing(
    Candidate.stage,
    Candidate.stage_since,
    Candidate.state,
    Candidate.state.in_(OPEN_STATES),
    Candidate.state == "referred",
    sa.true(),
)


def is_earlier(work: Work, as_of: AsOf) -> bool:
    """Whether a day before today is asked for: only of today it is known what is missing."""
    return as_of.day is not None and as_of.day < work.today


def standing(work: Work, as_of: AsOf) -> Standing:
    """Return how dossiers stood on a day; what is asked for a day to come stands as it does now."""
    if as_of.day is None or not is_earlier(work, as_of):
        return TODAYS
    row, day = Candidate, as_of.day
    # Not for an index of days of ending: a database would go through it once for each unit.
    is_over = sa.func.coalesce(row.closed_on, date.max) <= day
    turn = sa.func.coalesce(_last(Passage.kind, day, TURNS), "")
    reached = row.stage_since <= day
    return Standing(
        stage=sa.func.coalesce(
            _last(Passage.to_stage, day, REACHED), sa.case((reached, row.stage), else_="pool")
        ),
        since=sa.func.coalesce(
            _last(Passage.on, day, SINCE),
            sa.case((reached, row.stage_since), else_=row.entered_on),
        ),
        state=sa.case(
            (is_over, row.state),
            (turn == "closed", ENDED),
            (turn == "referred", "referred"),
            else_="open",
        ),
        is_open=sa.and_(~is_over, turn != "closed"),
        is_referred=turn == "referred",
        is_over=is_over,
    )


def _last(column: Any, day: date, kinds: tuple[str, ...]) -> Any:
    """Return what the last line of the way up to a day says, of these kinds."""
    return (
        sa.select(column)
        .where(
            Passage.candidate_id == Candidate.id,
            Passage.kind.in_(kinds),
            Passage.to_stage != "",
            Passage.on <= day,
        )
        .order_by(Passage.at.desc(), Passage.on.desc(), Passage.id.desc())
        .limit(1)
        .correlate_except(Passage)
        .scalar_subquery()
    )


def stood_here(work: Work, as_of: AsOf) -> sa.ColumnElement[bool]:
    """Condition: the dossier is one that a list of this unit covers, as of a day.

    The first part says nothing that the second does not say more exactly; by it a database finds
    the dossiers by their units, where by the second alone it must look at every dossier there is.
    """
    here = covered(work, Candidate.unit_id, as_of, day=Candidate.entered_on, row=Candidate.id)
    if as_of.day is None:
        return here
    gone = aliased(Candidate)
    stand = sa.select(Unit.id).where(covered(work, Unit.id, as_of))
    went_to = (
        sa.select(gone.unit_id)
        .join(Rehomed, Rehomed.row_id == gone.id)
        .where(Rehomed.until > as_of.day, covered(work, Rehomed.unit_id, as_of))
    )
    return sa.and_(Candidate.unit_id.in_(stand.union_all(went_to)), here)


def unit_of(as_of: AsOf) -> Any:
    """Return at which unit a dossier stood, in SQL: where it stands, or what it left first since.

    With the units of today it stands where it stands; only what was moved by hand since is told
    from where it was taken, as `covered` finds it there.
    """
    if as_of.day is None:
        return Candidate.unit_id
    since: list[Any] = [Rehomed.row_id == Candidate.id, Rehomed.until > as_of.day]
    if as_of.restated:
        since.append(Rehomed.by_hand)
    left = (
        sa.select(Rehomed.unit_id)
        .where(*since)
        .order_by(Rehomed.until)
        .limit(1)
        .correlate_except(Rehomed)
        .scalar_subquery()
    )
    return sa.func.coalesce(left, Candidate.unit_id)
