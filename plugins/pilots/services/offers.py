"""What pilot models offer to pages of core: cards, hits of a search, a panel, objections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from core.errors import RuleBroken
from core.i18n import _, _n, distance, format_day, format_number
from core.names import search_key
from core.pages import Panel, SearchHit, WorkCard
from core.periods import Period, year_of
from core.settings import value
from core.units.models import UnitScope
from core.units.places import visible
from core.work import Work

from .. import permissions
from ..models import BUILT_IN, PilotModel, Registration, Review, Trial
from .catalogue import models_at
from .coverage import taking_part
from .milestones import lines_of_part, next_due, reached
from .reading import state_condition
from .reminding import due_of_trials, parts_under_way, review_due, running_here
from .shapes import Key, MilestoneLine, ModelFacts, ReviewDue


def cards_of(work: Work) -> list[WorkCard]:
    """Return what is to be done: scores, reviews and milestones, decisions on scores and trials."""
    cards: list[WorkCard] = []
    if work.unit.kind == "branch" and work.may(permissions.REGISTER):
        cards += _own_cards(work)
    if work.may(permissions.RECOGNISE):
        cards += _waiting_cards(work)
    decides = work.may(permissions.DECIDE)
    reviews = work.unit.kind != "branch" and work.may(permissions.REVIEW)
    running = running_here(work) if decides or reviews else []
    if decides:
        cards += _trial_cards(work, running)
    if reviews:
        dues = (_review_card(work, due) for due in due_of_trials(work, running))
        cards += [card for card in dues if card is not None]
    return cards


def _own_cards(work: Work) -> list[WorkCard]:
    """Return for each model the unit takes part in what it has to do next, one card each."""
    rows = parts_under_way(work, work.unit.id)
    models = models_at(work) if rows else {}
    there = reached(work, [row.id for row, _since in rows]) if rows else {}
    found = []
    for row, since in rows:
        model = models.get(row.model_code)
        if model is None:
            continue
        lines = lines_of_part(row, model, there.get(row.id, ()))
        card = (
            _score_card(work, row, model)
            or _review_card(work, review_due(work, row, work.unit, models, since))
            or _milestone_card(work, row, next_due(lines))
        )
        if card is not None:
            found.append(card)
    return found


def _score_card(work: Work, row: Registration, model: ModelFacts) -> WorkCard | None:
    if work.today.month < value(work, "pilots.score_month") or not model.criteria:
        return None
    return WorkCard(
        _("Score the unit: %(model)s", model=model.title),
        _("The year ends; the superior waits for the unit's own score."),
        _("Enter the points"),
        "pilots.score",
        {"unit": work.unit.code, "registration_id": row.id},
        due_on=date(work.today.year, 12, 31),
        urgency=40,
        unit_name=work.unit.name,
    )


def _is_near(work: Work, day: date) -> bool:
    return day <= work.today + timedelta(days=value(work, "pilots.remind_days"))


def _review_card(work: Work, due: ReviewDue | None) -> WorkCard | None:
    if due is None or not _is_near(work, due.due_on) or not work.may(permissions.REVIEW):
        return None
    about = "registration" if isinstance(due.record, Registration) else "trial"
    return WorkCard(
        _("Review due: %(model)s", model=due.model_title),
        _("Say what was reached, what hinders, what is proposed."),
        _("Enter the results of a review"),
        "pilots.new_review",
        {"unit": work.unit.code, about: due.record.id},
        chip=distance(due.due_on, work.today),
        chip_kind="late" if due.due_on < work.today else "warn",
        due_on=due.due_on,
        urgency=42,
        unit_name=work.unit.name,
    )


def _milestone_card(work: Work, row: Registration, line: MilestoneLine | None) -> WorkCard | None:
    if line is None or not _is_near(work, line.due_on) or not work.may(permissions.REVIEW):
        return None
    return WorkCard(
        _("Milestone: %(title)s", title=line.title),
        _("Enter the day on which the unit reached it."),
        _("Open the milestones"),
        "pilots.registration",
        {"unit": work.unit.code, "registration_id": row.id},
        chip=distance(line.due_on, work.today),
        chip_kind="late" if line.due_on < work.today else "warn",
        due_on=line.due_on,
        urgency=50,
        unit_name=work.unit.name,
    )


def _waiting_cards(work: Work) -> list[WorkCard]:
    count = work.session.scalar(
        sa.select(sa.func.count())
        .select_from(Registration)
        .join(UnitScope, UnitScope.unit_id == Registration.unit_id)
        .where(
            UnitScope.ancestor_id == work.unit.id,
            visible(UnitScope, work.generation),
            Registration.unit_id != work.unit.id,
            state_condition("scored", work.today),
        )
    )
    if not count:
        return []
    return [
        WorkCard(
            _n(
                "%(n)s unit waits to be recognised",
                "%(n)s units wait to be recognised",
                int(count),
            ),
            _("They have scored themselves."),
            _("Look at them"),
            "pilots.registrations",
            {"unit": work.unit.code, "state": "scored"},
            urgency=45,
            unit_name=work.unit.name,
        )
    ]


def _trial_cards(work: Work, running: Sequence[Trial]) -> list[WorkCard]:
    ahead = work.today + timedelta(days=value(work, "pilots.days_before_sunset"))
    return [
        WorkCard(
            _("Trial “%(title)s” is nearly over", title=trial.title),
            _(
                "It ends by itself on %(day)s. Decide: extend, change, roll out or stop.",
                day=format_day(trial.sunset_on),
            ),
            _("Open the trial"),
            "pilots.trial",
            {"unit": work.unit.code, "trial_id": trial.id},
            chip=distance(trial.sunset_on, work.today),
            chip_kind="warn",
            due_on=trial.sunset_on,
            urgency=35,
            unit_name=work.unit.name,
        )
        for trial in running
        if trial.sunset_on <= ahead
    ]


def hits_of(work: Work, words: str, limit: int) -> list[SearchHit]:
    """Find models by their title, and trials; only what may be seen here."""
    folded = search_key(words)
    if len(folded) < 2 or not work.may(permissions.SEE):
        return []
    found = [
        SearchHit(
            _("Pilot models"),
            model.title,
            model.purpose[:120],
            "pilots.model",
            {"unit": work.unit.code, "code": code},
            "lightbulb",
        )
        for code, model in models_at(work).items()
        if folded in search_key(model.title)
    ]
    trials = work.session.scalars(
        sa.select(Trial)
        .where(Trial.search.contains(folded, autoescape=True))
        .order_by(Trial.starts_on.desc(), Trial.id)
        .limit(limit)
    ).all()
    places = work.host.places.by_ids(
        work.session, {row.unit_id for row in trials}, work.today, work.generation
    )
    found += [
        SearchHit(
            _("Trials"),
            row.title,
            places[row.unit_id].name,
            "pilots.trial",
            {"unit": places[row.unit_id].code, "trial_id": row.id},
            "clipboard-data",
        )
        for row in trials
    ]
    return found[:limit]


def panels_of(work: Work, period: Period) -> list[Panel]:
    """Return the panel of a committee's overview: the built-in models with most units.

    Two statements; what part of the eligible units that is stands on the page of models.
    """
    if work.unit.kind == "branch" or not work.may(permissions.OVERSEE):
        return []
    year = year_of(min(period.last_day, work.today))
    taking = {c: both for c, both in taking_part(work, year).items() if c in BUILT_IN}
    if not taking:
        return []
    models = models_at(work)
    figures = [
        (
            models[code].title,
            format_number(registered),
            _("recognised: %(n)s", n=format_number(recognised)),
        )
        for code, (registered, recognised) in sorted(taking.items(), key=lambda one: -one[1][0])[:2]
    ]
    return [Panel(_("Pilot models"), figures, "pilots.index", {}, _("See the models"), order=60)]


def object_to_voiding(work: Work, unit_id: Key) -> None:
    """Object to the voiding of a unit that took part in a model or described one."""
    for model in (Registration, Trial, Review, PilotModel):
        found = work.session.scalar(
            sa.select(sa.literal(1))
            .select_from(model)
            .where(model.unit_id == unit_id)
            .limit(1)
            .execution_options(unscoped="whether anything was built on a unit, whoever voids it")
        )
        if found:
            raise RuleBroken(_("This unit takes part in pilot models. It can end, not be voided."))
