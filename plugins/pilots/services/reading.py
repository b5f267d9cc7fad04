"""Reading registrations: one of this unit or of a unit below, lists, the steps of one's way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.checking import check_revision, not_here
from core.i18n import _, format_day
from core.paging import beyond, make_cursor, read_cursor
from core.units.covering import TODAY, AsOf, covered
from core.units.places import Place
from core.units.standing import stood
from core.work import Work

from ..models import Input, Registration, Review, Trial
from .catalogue import models_in
from .shapes import Key, ModelFacts, RegistrationLine, Step
from .words import STATES

PAGE = 50


def access_registration(
    work: Work, registration_id: Key, *, revision: int | None = None
) -> Registration:
    """Return a registration of this unit or of one below it, or NotFound."""
    found: Registration | None = work.session.scalar(
        sa.select(Registration).where(Registration.id == registration_id)
    )
    if found is None or not place_of(work, found.unit_id).stands_under(work.unit.id):
        raise not_here()
    check_revision(found, revision)
    return found


def own_registration(
    work: Work, registration_id: Key, *, revision: int | None = None
) -> Registration:
    """Return a registration of this very unit, or NotFound."""
    found = access_registration(work, registration_id, revision=revision)
    if found.unit_id != work.unit.id:
        raise not_here()
    return found


def place_of(work: Work, unit_id: Key) -> Place:
    """Return the unit of a key."""
    return work.host.places.by_ids(work.session, [unit_id], work.today, work.generation)[unit_id]


def below(work: Work, model: Any) -> sa.Select[Any]:
    """Select rows of a model in this unit and below it."""
    return sa.select(model).where(covered(work, model.unit_id))


def state_condition(state: str, today: date) -> sa.ColumnElement[bool]:
    """Condition: a registration stands so on a day."""
    row = Registration
    ended = sa.and_(row.ended_on.is_not(None), row.ended_on <= today)

    def by(column: Any) -> sa.ColumnElement[bool]:
        return sa.func.coalesce(column, date.max) <= today

    recognised, refused, scored = (
        by(column) for column in (row.recognised_on, row.refused_on, row.scored_on)
    )
    conditions = {
        "ended": ended,
        "recognised": recognised,
        "refused": sa.and_(sa.not_(recognised), refused),
        "scored": sa.and_(sa.not_(recognised), sa.not_(refused), scored),
        "registered": sa.and_(sa.not_(recognised), sa.not_(refused), sa.not_(scored)),
    }
    condition = conditions[state]
    return condition if state == "ended" else sa.and_(condition, sa.not_(ended))


def list_registrations(
    work: Work,
    *,
    model: str = "",
    state: str = "",
    year: int | None = None,
    own: bool = False,
    as_of: AsOf = TODAY,
    cursor: str = "",
    limit: int = PAGE,
) -> tuple[list[RegistrationLine], str | None]:
    """Return registrations of this unit and below it, the newest first; a page and a cursor.

    As of a day each stands as it stood then, at its unit of then.
    """
    day = as_of.day or work.today
    statement = sa.select(Registration).where(
        covered(
            work,
            Registration.unit_id,
            as_of,
            day=Registration.registered_on,
            row=Registration.id,
        )
    )
    if own:
        statement = statement.where(Registration.unit_id == work.unit.id)
    if model:
        statement = statement.where(Registration.model_code == model)
    if state:
        statement = statement.where(state_condition(state, day))
    if year:
        statement = statement.where(
            Registration.registered_on >= date(year, 1, 1),
            Registration.registered_on < date(year + 1, 1, 1),
        )
    order = (Registration.registered_on, Registration.id)
    after = read_cursor(cursor, "d", "k")
    if after is not None:
        statement = statement.where(beyond(order, after, down=True))
    rows = work.session.scalars(
        statement.order_by(*(column.desc() for column in order)).limit(limit + 1)
    ).all()
    page = rows[:limit]
    following = None
    if len(rows) > limit:
        following = make_cursor((page[-1].registered_on, page[-1].id))
    return lines_of(work, page, as_of), following


def last_day(line: RegistrationLine, today: date) -> date:
    """Return the day by which a part is judged: today, or its end; nothing is overdue after it."""
    ended = line.registration.ended_on
    return today if ended is None else min(ended, today)


def parts_of_trial(work: Work, trial: Trial) -> list[RegistrationLine]:
    """Return the parts of a trial's units, by the name of the unit."""
    rows = work.session.scalars(
        below(work, Registration).where(Registration.trial_id == trial.id)
    ).all()
    return sorted(lines_of(work, rows), key=lambda line: (line.unit_name, line.unit_code))


def lines_of(
    work: Work, rows: Sequence[Registration], as_of: AsOf = TODAY
) -> list[RegistrationLine]:
    """Return registrations with the names of their units and models, as they stood on a day."""
    places = stood(work, rows, as_of)
    models = models_in(work) if rows else {}
    day = as_of.day or work.today
    return [
        RegistrationLine(
            row,
            places[row.id],
            models[row.model_code].title if row.model_code in models else row.model_code,
            row.state_on(day),
            as_of.day,
        )
        for row in rows
    ]


def list_inputs(work: Work, registration: Registration) -> list[Input]:
    """Return what a unit was given, in order of the days."""
    return list(
        work.session.scalars(
            sa.select(Input)
            .where(Input.registration_id == registration.id)
            .order_by(Input.given_on, Input.id)
        )
    )


def progress_of(work: Work, ids: Sequence[Key]) -> tuple[set[Key], set[Key]]:
    """Return which of some registrations have inputs and which have reviews."""
    found: list[set[Key]] = []
    for model in (Input, Review):
        rows: Any = work.session.scalars(
            sa.select(model.registration_id).where(model.registration_id.in_(ids)).distinct()
        )
        found.append(set(rows))
    return found[0], found[1]


def steps_of(
    work: Work, registration: Registration, *, has_inputs: bool, has_reviews: bool
) -> list[Step]:
    """Return the five steps of a registration's way, and where it stands."""
    decided = registration.recognised_on or registration.refused_on
    done = {
        "register": True,
        "inputs": has_inputs or registration.scored_on is not None or decided is not None,
        "review": has_reviews or registration.scored_on is not None or decided is not None,
        "score": registration.scored_on is not None or decided is not None,
        "recognise": decided is not None,
    }
    titles = {
        "register": _("Register"),
        "inputs": _("Inputs"),
        "review": _("Review"),
        "score": _("Score"),
        "recognise": _("Recognise"),
    }
    current = next((key for key, is_done in done.items() if not is_done), "")
    return [
        Step(key, titles[key], "done" if done[key] else "now" if key == current else "todo")
        for key in done
    ]


def state_sentence(work: Work, registration: Registration, model: ModelFacts) -> str:
    """Say in a sentence where a registration stands."""
    state = registration.state_on(work.today)
    if state == "recognised" and registration.recognised_on:
        return _("Recognised on %(day)s.", day=format_day(registration.recognised_on))
    if state == "scored" and registration.self_points is not None:
        return _(
            "Scored itself with %(n)s of %(all)s points; the superior has not decided yet.",
            n=registration.self_points,
            all=model.most_points,
        )
    return str(STATES[state])
