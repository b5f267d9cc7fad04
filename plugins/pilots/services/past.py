"""How trials and reviews stood on a day, by what was approved and sent until then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.units.covering import TODAY, AsOf
from core.units.standing import stood
from core.work import Work

from ..models import Change, Review, Trial
from .shapes import Key, ReviewLine, TrialLine
from .trials import state_of


def trials_then(work: Work, trials: Sequence[Trial], as_of: AsOf = TODAY) -> list[TrialLine]:
    """Return trials as they stood on a day, or as they stand; one statement for what was approved.

    Before a start was approved and its day had come a trial was planned; it ran until the sunset
    that was known then, or until it was ended or rolled out.
    """
    places = stood(work, trials, as_of)
    day = as_of.day
    if day is None:
        return [
            TrialLine(trial, places[trial.id], state_of(trial, work.today), trial.sunset_on)
            for trial in trials
        ]
    steps = _approved(work, [trial.id for trial in trials])
    return [
        TrialLine(trial, places[trial.id], *_course(work, trial, steps.get(trial.id, []), day))
        for trial in trials
    ]


def _approved(work: Work, ids: Sequence[Key]) -> dict[Key, list[Any]]:
    """Return what was approved of trials, in the order in which it was; without its lines."""
    found: dict[Key, list[Any]] = {}
    for chunk in chunked(ids):
        rows = work.session.execute(
            sa.select(
                Change.trial_id,
                Change.kind,
                Change.effective_on,
                Change.sunset_on,
                Change.decided_at,
            )
            .where(Change.trial_id.in_(chunk), Change.state == "approved")
            .order_by(Change.decided_at, Change.id)
            .execution_options(unscoped="the steps of trials that somebody may see")
        )
        for row in rows:
            found.setdefault(row.trial_id, []).append(row)
    return found


def _course(work: Work, trial: Trial, steps: Sequence[Any], day: date) -> tuple[str, date]:
    """Return the state and the sunset of a trial as of a day."""
    until = work.end_of(day)
    known = [step for step in steps if step.decided_at < until]
    sunset = _sunset(trial, steps, known)
    come = {step.kind for step in known if step.effective_on <= day}
    if "roll_out" in come:
        return "rolled_out", sunset
    if "end" in come:
        return "ended", sunset
    if "start" not in come:
        return "planned", sunset
    return ("ended" if sunset <= day else "running"), sunset


def _sunset(trial: Trial, steps: Sequence[Any], known: Sequence[Any]) -> date:
    """Return the sunset as what was approved by then had it; before that, the plan's own."""
    found: date | None = None
    for step in known:
        if step.kind == "end":
            found = max(step.effective_on, trial.starts_on + timedelta(days=1))
        elif step.sunset_on is not None:
            found = step.sunset_on
    if found is not None:
        return found
    planned = (step.sunset_on for step in steps if step.kind == "start")
    return next(planned, None) or trial.sunset_on


def reviews_then(work: Work, reviews: Sequence[Review], as_of: AsOf = TODAY) -> list[ReviewLine]:
    """Return reviews as they stood on a day, or as they stand: what was sent later is a draft."""
    places = stood(work, reviews, as_of)
    until = work.end_of(as_of.day) if as_of.day else None
    lines = []
    for review in reviews:
        was_sent = review.sent_at is not None and (until is None or review.sent_at < until)
        sent_at = review.sent_at if was_sent else None
        lines.append(ReviewLine(review, places[review.id], sent_at))
    return lines
