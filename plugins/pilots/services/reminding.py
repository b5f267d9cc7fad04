"""What is due: reviews by the months of the model or place, milestones, the end of a trial."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from core.members.services import months_after
from core.settings import value
from core.units.places import Place
from core.work import Work

from ..models import Registration, Review, Trial
from .catalogue import models_for
from .reading import state_condition
from .shapes import Key, ModelFacts, ReviewDue
from .telling import tell_reviews_due, tell_waiting
from .trials import settle_trials

WHY = "a daily job over all units"
SOONEST = timedelta(days=20)
"""No place asks for a review more often than once a month."""


def each_day(work: Work) -> None:
    """Close trials whose sunset has come; remind of reviews, and of trials near their end."""
    settle_trials(work)
    running = work.session.scalars(
        sa.select(Trial)
        .where(Trial.state == "running", Trial.sunset_on > work.today)
        .execution_options(unscoped=WHY)
    ).all()
    _remind_of_ends(work, running)
    due = [*_due_of_units(work), *due_of_trials(work, running)]
    late = [one for one in due if one.record.reminded_of != one.due_on]
    tell_reviews_due(work, [one for one in late if one.due_on <= work.today])
    for one in late:
        if one.due_on <= work.today:
            one.record.reminded_of = one.due_on
    work.session.flush()


def _remind_of_ends(work: Work, running: Sequence[Trial]) -> None:
    """Remind once of each trial whose end comes near, also when the job missed a day."""
    places = _places(work, (trial.unit_id for trial in running))
    for trial in running:
        days = (trial.sunset_on - work.today).days
        ahead = value(work, "pilots.days_before_sunset", places[trial.unit_id])
        if days <= ahead and trial.sunset_told != trial.sunset_on:
            trial.sunset_told = trial.sunset_on
            tell_waiting(work, trial)


def _places(work: Work, ids: Iterable[Key]) -> Mapping[Key, Place]:
    return work.host.places.by_ids(work.session, set(ids), work.today, work.generation)


def _last_reviews(column: Any, *conditions: Any) -> sa.Subquery:
    """Select the day of the last review by what it is about."""
    return (
        sa.select(column.label("of"), sa.func.max(Review.reviewed_on).label("day"))
        .where(column.is_not(None), *conditions)
        .group_by(column)
        .subquery("last")
    )


def parts_under_way(work: Work, unit_id: Key | None = None) -> list[tuple[Registration, date]]:
    """Return parts that wait for a score or review, each with the day its months count from."""
    last = _last_reviews(Review.registration_id)
    statement = (
        sa.select(Registration, last.c.day)
        .outerjoin(last, last.c.of == Registration.id)
        .where(state_condition("registered", work.today))
        .order_by(Registration.registered_on, Registration.id)
    )
    if unit_id is not None:
        statement = statement.where(Registration.unit_id == unit_id)
    else:
        statement = statement.where(
            Registration.registered_on <= work.today - SOONEST
        ).execution_options(unscoped=WHY)
    return [(row, max(day or row.registered_on, row.registered_on))
            for row, day in work.session.execute(statement)]  # fmt: skip


def _due_of_units(work: Work) -> list[ReviewDue]:
    """Return the next review of every part under way, whenever it is due."""
    rows = parts_under_way(work)
    places = _places(work, (row.unit_id for row, _since in rows))
    models = models_for(work, list(places.values()))
    return [
        due
        for row, since in rows
        if (due := review_due(work, row, places[row.unit_id], models[row.unit_id], since))
    ]


def review_due(
    work: Work, row: Any, place: Place, models: Mapping[str, ModelFacts], since: date
) -> ReviewDue | None:
    """Return the next review of a part or trial; none where the model is known no more."""
    model = models.get(row.model_code)
    if model is None:
        return None
    months = model.review_months or int(value(work, "pilots.review_months", place))
    return ReviewDue(row, model.title, place, months_after(since, months))


def running_here(work: Work) -> Sequence[Trial]:
    """Return the running trials of this unit."""
    return work.session.scalars(
        sa.select(Trial).where(
            Trial.unit_id == work.unit.id, Trial.state == "running", Trial.sunset_on > work.today
        )
    ).all()


def due_of_trials(work: Work, rows: Sequence[Trial]) -> list[ReviewDue]:
    """Return the next review of trials by the unit that runs them."""
    if not rows:
        return []
    last = _last_reviews(Review.trial_id, Review.registration_id.is_(None))
    statement = (
        sa.select(Trial.id, last.c.day)
        .join(last, last.c.of == Trial.id)
        .where(Trial.id.in_([row.id for row in rows]))
        .execution_options(unscoped=WHY)
    )
    reviewed = {row.id: row.day for row in work.session.execute(statement)}
    places = _places(work, (row.unit_id for row in rows))
    models = models_for(work, list(places.values()))
    found = []
    for row in rows:
        since = max(reviewed.get(row.id, row.starts_on), row.starts_on)
        due = review_due(work, row, places[row.unit_id], models[row.unit_id], since)
        if due is not None and due.due_on < row.sunset_on:
            found.append(due)
    return found
