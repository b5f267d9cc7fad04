"""How dossiers stood on a day: at which stage since when, and in which state.

A dossier names what holds today; how it stood is told by the way it came (`Passage`). Of what had
happened by a day, what was written last tells: acts are often entered days after they were done,
and a referral in between bears the day of its entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.units.covering import AsOf
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
class Then:
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


TODAYS = Then(
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


def standing(work: Work, as_of: AsOf) -> Then:
    """Return how dossiers stood on a day; what is asked for a day to come stands as it does now."""
    if as_of.day is None or not is_earlier(work, as_of):
        return TODAYS
    row, day = Candidate, as_of.day
    # Not for an index of days of ending: a database would go through it once for each unit.
    is_over = sa.func.coalesce(row.closed_on, date.max) <= day
    turn = sa.func.coalesce(_last(Passage.kind, day, TURNS), "")
    reached = row.stage_since <= day
    return Then(
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
