"""Trials: planned for chosen units, listed, found; their state follows the day by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.checking import changes, check_revision, missing, not_here, wanted_text
from core.errors import RuleBroken
from core.i18n import _
from core.names import search_key
from core.paging import beyond, make_cursor, read_cursor
from core.scope import require
from core.units.covering import TODAY, AsOf, covered
from core.units.places import Place
from core.work import Work

from .. import permissions
from ..models import Change, Registration, Trial
from .catalogue import access_model, check_eligible, checked_settings
from .guards import note
from .reading import place_of
from .registering import check_below, chosen_units, end_parts, guide_name
from .shapes import Key, ModelFacts

MOST_UNITS = 2_000
"""Units of a trial; what is meant for more is rolled out at the unit above them."""
PAGE = 50


@dataclass(frozen=True, slots=True)
class TrialFacts:
    """The plan of a trial."""

    model_code: str
    title: str
    starts_on: date
    sunset_on: date
    unit_ids: Sequence[Key]
    settings: Sequence[Mapping[str, Any]] = ()
    purpose: str = ""
    document_no: str = ""
    guide_id: Key | None = None
    unit_codes: str = ""


def plan_trial(work: Work, facts: TrialFacts) -> Trial:
    """Plan a trial of a model at chosen units below; nothing is written as settings yet."""
    model = access_model(work, facts.model_code)
    trial = Trial(
        unit_id=work.unit.id,
        model_code=facts.model_code,
        given=[],
        indicators=list(model.indicators),
        comparison_ids=[],
        created_at=work.now,
        created_by=work.actor.label[:300],
        **_clean(work, model, facts),
    )
    work.session.add(trial)
    work.session.flush()
    note(
        work, "trial_planned", trial, trial.title, permissions.DESIGN,
        after={"starts_on": trial.starts_on, "sunset_on": trial.sunset_on},
    )  # fmt: skip
    return trial


def change_trial(work: Work, trial: Trial, facts: TrialFacts) -> Trial:
    """Change the plan of a trial that has not begun and of which nothing waits for approval."""
    check_own(work, trial)
    if trial.state != "planned" or open_change(work, trial) is not None:
        raise RuleBroken(
            _("The plan is with the approver or has begun. Take the proposal back first.")
        )
    if facts.model_code != trial.model_code:
        raise missing("model_code", _("A trial keeps its model. Plan another trial."))
    values = _clean(work, access_model(work, trial.model_code), facts)
    before, after = changes(trial, values)
    if after:
        note(
            work, "trial_changed", trial, trial.title, permissions.DESIGN,
            before=before, after=after,
        )  # fmt: skip
    return trial


def _clean(work: Work, model: ModelFacts, facts: TrialFacts) -> dict[str, Any]:
    """Return the columns of a plan; refuse what cannot be tried."""
    title = wanted_text(facts.title, "title", _("The trial has no title yet."))
    if facts.starts_on >= facts.sunset_on:
        raise missing("sunset_on", _("The trial ends before it begins."))
    if facts.sunset_on <= work.today:
        raise missing("sunset_on", _("This end lies in the past."))
    wanted = chosen_units(work, facts.unit_ids, facts.unit_codes)
    if not 0 < len(wanted) <= MOST_UNITS:
        raise missing("unit_ids", _("Choose between 1 and %(n)s units.", n=MOST_UNITS))
    places = require(work, permissions.DESIGN, wanted)
    check_below(work, places.values())
    for place in places.values():
        check_eligible(model, place)
    return {
        "title": title,
        "search": search_key(title)[:300],
        "purpose": facts.purpose.strip(),
        "document_no": facts.document_no,
        "starts_on": facts.starts_on,
        "sunset_on": facts.sunset_on,
        "unit_ids": [str(one) for one in wanted],
        "settings": checked_settings(work, facts.settings),
        "guide_id": facts.guide_id,
        "guide_name": guide_name(work, facts.guide_id),
    }


def check_own(work: Work, trial: Trial) -> None:
    """Refuse to touch a trial that another unit runs, though it may be read here."""
    if trial.unit_id != work.unit.id:
        raise not_here()


def access_trial(work: Work, trial_id: Key, *, revision: int | None = None) -> Trial:
    """Return a trial that this unit or one below it runs, or NotFound."""
    found: Trial | None = work.session.scalar(sa.select(Trial).where(Trial.id == trial_id))
    if found is None or not place_of(work, found.unit_id).stands_under(work.unit.id):
        raise not_here()
    check_revision(found, revision)
    return found


def own_trial(work: Work, trial_id: Key, *, revision: int | None = None) -> Trial:
    """Return a trial that this very unit runs, or NotFound."""
    found = access_trial(work, trial_id, revision=revision)
    check_own(work, found)
    return found


def state_of(trial: Trial, today: date) -> str:
    """Say where a trial stands on a day: past its sunset it is over, whoever noticed."""
    if trial.state == "running" and trial.sunset_on <= today:
        return "ended"
    return trial.state


def list_trials(
    work: Work, *, model: str = "", as_of: AsOf = TODAY, cursor: str = "", limit: int = PAGE
) -> tuple[list[Trial], str | None]:
    """Return the trials of this unit and of those below it, the newest first.

    As of a day those that were planned or began by then; `trials_then` says how they stood.
    """
    statement = sa.select(Trial).where(covered(work, Trial.unit_id, as_of, row=Trial.id))
    if as_of.day is not None:
        planned = Trial.created_at < work.end_of(as_of.day)
        statement = statement.where(sa.or_(planned, Trial.starts_on <= as_of.day))
    if model:
        statement = statement.where(Trial.model_code == model)
    order = (Trial.starts_on, Trial.id)
    after = read_cursor(cursor, "d", "k")
    if after is not None:
        statement = statement.where(beyond(order, after, down=True))
    rows = work.session.scalars(
        statement.order_by(*(column.desc() for column in order)).limit(limit + 1)
    ).all()
    page = list(rows[:limit])
    following = make_cursor((page[-1].starts_on, page[-1].id)) if len(rows) > limit else None
    return page, following


def units_of(work: Work, trial: Trial) -> list[Place]:
    """Return the units of a trial, by name."""
    found = work.host.places.by_ids(
        work.session, [Key(one) for one in trial.unit_ids], work.today, work.generation
    )
    return sorted(found.values(), key=lambda place: (place.name, place.code))


def open_change(work: Work, trial: Trial) -> Change | None:
    """Return the difference of a trial that waits for approval, if there is one."""
    found: Change | None = work.session.scalar(
        sa.select(Change).where(Change.trial_id == trial.id, Change.state == "proposed")
    )
    return found


def settle_trials(work: Work) -> int:
    """Close trials whose sunset has come, and what their units take part in; return how many."""
    rows = work.session.scalars(
        sa.select(Trial).where(Trial.state == "running", Trial.sunset_on <= work.today)
    ).all()
    if not rows:
        return 0
    for trial in rows:
        trial.state = "ended"
        note(work, "trial_ended", trial, trial.title, permissions.DESIGN)
    work.session.flush()
    parts = work.session.scalars(
        sa.select(Registration)
        .where(
            Registration.trial_id.in_([trial.id for trial in rows]),
            Registration.ended_on.is_(None),
        )
        .execution_options(unscoped="the parts of units in trials that end")
    ).all()
    end_parts(work, parts, work.today, "completed")
    return len(rows)
