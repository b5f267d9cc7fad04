"""Targets of admission as rows: unit, period, number, and the source group where it is for one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import marshmallow as ma
import sqlalchemy as sa

from core.chunks import chunked
from core.exchange.rows import Row
from core.exchange.scope import units_of
from core.forms import DayField, FormSchema, LineField
from core.i18n import _, lazy
from core.units.datasets.dumping import within
from core.units.models import Unit
from core.units.places import Place
from core.work import Work

from .. import permissions
from ..models import Target
from .groups import groups_in

WHY = "an import; the right is asked for at the unit of each row"
Known = tuple[uuid.UUID, date, date, str]


class TargetRow(FormSchema):
    """How many a unit is to admit in a period."""

    unit_code = LineField(required=True, most=40, metadata={"label": lazy("Unit code")})
    period_from = DayField(
        required=True, metadata={"label": lazy("Period from"), "example": "01/01/2026"}
    )
    period_to = DayField(
        required=True,
        metadata={
            "label": lazy("Period to"),
            "hint": lazy("The last day belongs to the period."),
            "example": "31/12/2026",
        },
    )
    target = ma.fields.Integer(
        required=True,
        validate=ma.validate.Range(0, 1_000_000),
        metadata={"label": lazy("Target")},
    )
    source_group = LineField(
        metadata={"label": lazy("Source group"), "hint": lazy("Empty for all together.")}
    )


def load_targets(work: Work, rows: Sequence[Row]) -> None:
    """Judge rows; a target is known by unit, period and group."""
    units = units_of(work, rows, permission=permissions.IMPORT, plugin="recruitment")
    stored = _stored(work, {place.id for place in units.values()})
    for row in rows:
        place = units.get(row.get("unit_code", ""))
        start, end = row.get("period_from"), row.get("period_to")
        if place is None or start is None or end is None:
            continue
        if end < start:
            row.reject("period_to", _("The period ends before it begins."))
        groups = groups_in(work, row, place) or [""]
        if len(groups) > 1:
            row.reject("source_group", _("A target is for one source group, or for all together."))
        if row.is_sound:
            _judge(work, row, (place.id, start, end, groups[0]), stored)


def _stored(work: Work, unit_ids: set[uuid.UUID]) -> dict[Known, dict[str, Any]]:
    found: dict[Known, dict[str, Any]] = {}
    table = sa.inspect(Target).local_table
    for chunk in chunked(unit_ids):
        rows = work.session.execute(
            sa.select(*table.columns)
            .select_from(Target)
            .where(Target.unit_id.in_(chunk))
            .execution_options(unscoped=WHY)
        ).mappings()
        for row in rows:
            known = (row["unit_id"], row["period_from"], row["period_to"], row["source_group"])
            found[known] = dict(row)
    return found


def _judge(work: Work, row: Row, known: Known, stored: dict[Known, dict[str, Any]]) -> None:
    old: Mapping[str, Any] | None = stored.get(known)
    number = row.get("target")
    row.unit_id = known[0]
    if old is not None:
        row.target_id = old["id"]
        if row.alter(Target, old, target=number):
            row.tell("target", old["target"], number)
        stored[known] = {**old, "target": number}
        return
    values = {
        "unit_id": known[0],
        "period_from": known[1],
        "period_to": known[2],
        "source_group": known[3],
        "target": number,
        "document_no": "",
        "set_at": work.now,
        "set_by": work.actor.label[:300],
        "revision": 1,
    }
    key = row.insert(Target, **values)
    row.target_id, row.is_new = key, True
    row.tell("target", None, number)
    stored[known] = {"id": key, **values}


def dump_targets(work: Work, unit: Place, as_of: date | None) -> Iterator[Sequence[Any]]:
    """Yield the targets of a subtree by unit code and period; of a day those that hold then."""
    statement = (
        sa.select(Unit.code, Target.period_from, Target.period_to, Target.target, Target.group)
        .select_from(Target)
        .join(Unit, Unit.id == Target.unit_id)
        .where(Target.unit_id.in_(within(work, unit, as_of)))
        .order_by(Unit.code, Target.period_from, Target.period_to, Target.group)
    )
    if as_of is not None:
        statement = statement.where(Target.period_from <= as_of, Target.period_to >= as_of)
    for row in work.session.execute(statement):
        yield tuple(row)
