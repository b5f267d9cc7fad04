"""Registrations for models as a file: the dataset `pilot-registrations`."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.exchange.registry import Dataset
from core.exchange.rows import Row
from core.exchange.scope import units_of
from core.forms import DayField, FormSchema, LineField, choice, options
from core.i18n import _, lazy
from core.units.datasets.dumping import within
from core.units.models import Unit
from core.units.places import Place
from core.units.tree import lifetimes
from core.work import Work

from . import permissions
from .models import Registration
from .services import models_for, words

FIRST_YEAR = 1930
Known = tuple[uuid.UUID, str, date]
"""Unit, model and first day of a registration."""


class RegistrationRow(FormSchema):
    """That a unit took part in a model."""

    model_code = LineField(
        required=True,
        most=40,
        metadata={"label": lazy("Model code"), "example": "four_good_branch", "width": 22},
    )
    unit_code = LineField(required=True, most=40, metadata={"label": lazy("Unit code")})
    registered_on = DayField(required=True, metadata={"label": lazy("Registered on")})
    recognised_on = DayField(metadata={"label": lazy("Recognised on")})
    ended_on = DayField(metadata={"label": lazy("Ended on")})
    outcome = LineField(
        validate=choice(options(words.OUTCOMES)), metadata={"label": lazy("Outcome")}
    )


def load_registrations(work: Work, rows: Sequence[Row]) -> None:
    """Judge rows; a registration is known by unit, model and first day."""
    units = units_of(work, rows, permission=permissions.SELECT, plugin="pilots")
    ids = [place.id for place in units.values()]
    lives = lifetimes(work, set(ids))
    stored = _stored(work, ids)
    offered = models_for(work, list(units.values()))
    for row in rows:
        place = units.get(row.get("unit_code", ""))
        if place is None or row.get("registered_on") is None or not row.get("model_code"):
            continue
        _check(work, row, place, lives.get(place.id, ()), offered[place.id])
        if row.is_sound:
            _judge(work, row, place, stored)


def _stored(work: Work, unit_ids: Sequence[uuid.UUID]) -> dict[Known, dict[str, Any]]:
    """Read the registrations of units."""
    table = sa.inspect(Registration).local_table
    found: dict[Known, dict[str, Any]] = {}
    for chunk in chunked(set(unit_ids)):
        rows = work.session.execute(
            sa.select(*table.columns)
            .select_from(Registration)
            .where(Registration.unit_id.in_(chunk))
            .execution_options(unscoped="an import; the right is asked for at the unit of each row")
        ).mappings()
        for row in rows:
            found[(row["unit_id"], row["model_code"], row["registered_on"])] = dict(row)
    return found


def _check(
    work: Work,
    row: Row,
    place: Place,
    lives: Sequence[tuple[date, date]],
    models: Mapping[str, Any],
) -> None:
    """Reject unknown models, days to come, days out of order, days without the unit."""
    first: date = row.get("registered_on")
    model = models.get(row.get("model_code"))
    if model is None:
        row.reject("model_code", _("There is no model with this code here."))
    elif model.is_counted:
        row.reject("model_code", _("This model is counted from posts; nobody registers for it."))
    if first > work.today:
        row.reject("registered_on", _("This day is still to come."))
    elif first.year < FIRST_YEAR or not any(start <= first < end for start, end in lives):
        row.reject("registered_on", _("%(unit)s was not there on that day.", unit=place.name))
    for name in ("recognised_on", "ended_on"):
        day = row.get(name)
        if day is not None and day < first:
            row.reject(name, _("The day lies before the registration."))
    if (row.get("recognised_on") or date.min) > work.today:
        row.reject("recognised_on", _("This day is still to come."))


def _judge(work: Work, row: Row, place: Place, stored: dict[Known, dict[str, Any]]) -> None:
    """Say what a sound row writes; an empty cell leaves what is stored."""
    known = (place.id, row.get("model_code"), row.get("registered_on"))
    old = stored.get(known)
    names = ("recognised_on", "ended_on", "outcome")
    values = {name: row.get(name) for name in names if row.get(name) is not None}
    row.unit_id = place.id
    if old is not None:
        row.target_id = old["id"]
        for name, value in values.items():
            if old[name] != value:
                row.tell(name, str(old[name] or ""), str(value))
        row.alter(Registration, old, **values)
        old.update(values)
        return
    whole = {
        "unit_id": place.id,
        "model_code": known[1],
        "registered_on": known[2],
        **_facts(work),
        **values,
    }
    row.target_id = row.insert(Registration, **whole)
    row.is_new = True
    row.tell("registered_on", None, known[2].isoformat())
    stored[known] = {**whole, "id": row.target_id, "recognised_on": None, "ended_on": None}
    stored[known].update(values)


def _facts(work: Work) -> dict[str, Any]:
    """Return what every imported registration has."""
    return {
        "way": "registered",
        "plan": "",
        "conditions_met": "",
        "chosen_by": "",
        "guide_name": "",
        "recognition_no": "",
        "recognised_by": "",
        "refusal_reason": "",
        "outcome": "",
        "created_at": work.now,
        "created_by": work.actor.label[:300],
        "revision": 1,
    }


def dump_registrations(work: Work, unit: Place, as_of: date | None) -> Iterator[Sequence[Any]]:
    """Yield the registrations of a subtree up to a day, by model, unit and day."""
    statement = (
        sa.select(
            Registration.model_code,
            Unit.code,
            Registration.registered_on,
            Registration.recognised_on,
            Registration.ended_on,
            Registration.outcome,
        )
        .select_from(Registration)
        .join(Unit, Unit.id == Registration.unit_id)
        .where(
            Registration.unit_id.in_(within(work, unit, as_of)),
            Registration.registered_on <= (as_of or work.today),
        )
        .order_by(Registration.model_code, Unit.code, Registration.registered_on, Registration.id)
    )
    for row in work.session.execute(statement):
        yield list(row)


datasets = [
    Dataset(
        "pilot-registrations",
        lazy("Registrations for models"),
        RegistrationRow,
        load=load_registrations,
        dump=dump_registrations,
        permission_import=permissions.SELECT,
        permission_export=permissions.EXPORT,
        about="registration",
        guidance=(
            lazy("A registration is known by unit, model and the day it was registered."),
            lazy("An empty cell leaves what is stored."),
        ),
        order=80,
    )
]
