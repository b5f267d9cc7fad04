"""Choosing a unit in a form: from a list where it is short, else by its code or name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import marshmallow as ma
import sqlalchemy as sa

from core.errors import InvalidInput
from core.forms import Form
from core.i18n import _
from core.units.models import Unit, UnitKind, UnitVersion
from core.units.places import ROOT_CODE, Place, valid_on, visible
from core.units.tree import search_units, subtree
from core.work import Work

SHORT = 150
Choices = Mapping[str, Sequence[tuple[str, str]]]


def highest_place(work: Work, permission: str) -> Place:
    """Return the highest unit above this one at which the actor holds a permission, or this one."""
    above = work.host.places.by_ids(work.session, work.unit.path, work.today, work.generation)
    for unit_id in reversed(work.unit.path):
        if unit_id in above and work.may(permission, above[unit_id]):
            return above[unit_id]
    return work.unit


def unit_choices(
    work: Work, permission: str, *, holding: bool = False
) -> Sequence[tuple[str, str]]:
    """Return the units a form may offer as (code, name), or nothing where they are too many.

    `holding` leaves only units that have members of their own.
    """
    below = subtree(work, highest_place(work, permission).id, work.today)
    statement: Any = (
        sa.select(Unit.code, UnitVersion.name)
        .join(below, below.c.unit_id == UnitVersion.unit_id)
        .join(Unit, Unit.id == UnitVersion.unit_id)
        .where(
            valid_on(UnitVersion, work.today),
            visible(UnitVersion, work.generation),
            Unit.code != ROOT_CODE,
        )
        .order_by(UnitVersion.name_sort)
        .limit(SHORT + 1)
    )
    if holding:
        kinds = sa.select(UnitKind.key).where(UnitKind.holds_members)
        statement = statement.where(UnitVersion.kind.in_(kinds))
    rows = [(code, f"{name} ({code})") for code, name in work.session.execute(statement)]
    return rows if len(rows) <= SHORT else []


def offer(form: Form, schema: ma.Schema, choices: Choices) -> Form:
    """Give a form its choices; a hint on what to write goes where there is a list to choose from.

    `schema` is made for this form, because a form that comes back carries the route's own.
    """
    form.schema, form.choices = schema, dict(choices)
    for name, listed in choices.items():
        if listed and name in schema.load_fields:
            one = schema.load_fields[name]
            one.metadata = {**one.metadata, "hint": ""}
    return form


def find_unit(work: Work, text: str, field: str = "unit_code") -> Place:
    """Return the unit a person named by code or by name; only units that the actor sees."""
    place = work.host.places.by_code(work.session, text.strip(), work.today, work.generation)
    if place is not None and work.actor.sees(place):
        return place
    found = search_units(work, text, limit=6)
    if len(found) != 1:
        listed = "; ".join(f"{line.name} ({line.code})" for line in found[:5])
        sentence = (
            _("Several units fit: %(list)s. Write the code.", list=listed)
            if found
            else _("There is no unit “%(text)s” here. Write its code or name.", text=text)
        )
        raise InvalidInput(sentence, fields={field: [sentence]})
    places = work.host.places.by_ids(work.session, [found[0].id], work.today, work.generation)
    return places[found[0].id]
