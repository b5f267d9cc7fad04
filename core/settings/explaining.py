"""Why a value holds: the way down from the root, as of any day; what a change would touch."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.errors import RuleBroken
from core.i18n import _
from core.settings.registry import Default, SettingSpec
from core.settings.resolving import Explanation, Given, current, explain, in_force
from core.settings.services import spec_of
from core.units.models import UnitAncestor, UnitScope, UnitVersion
from core.units.places import Place, valid_on, visible
from core.work import Work


@dataclass(frozen=True, slots=True)
class Step:
    """A unit on the way down with the value given there and in force; None where it inherits."""

    place: Place
    given: Given | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """A value at a place on a day with everything that decided it."""

    spec: SettingSpec
    unit: Place
    day: date
    found: Explanation
    source: Place | None
    default: Default
    steps: Sequence[Step]

    @property
    def is_own(self) -> bool:
        """Whether the value was given at this very unit."""
        return self.found.source_unit_id == self.unit.id

    @property
    def is_locked_above(self) -> bool:
        """Whether a unit above has locked the value, so that it cannot be changed here."""
        return self.found.is_locked and not self.is_own

    def as_json(self) -> dict[str, Any]:
        """Return the reason for programs."""
        given = self.found.given
        source = {
            "unit": self.source.code if self.source else None,
            "name": self.source.name if self.source else None,
            "from": given.valid_from.isoformat() if given else self.default.valid_from.isoformat(),
            "document": given.document_no if given else self.default.source,
            "by": given.set_by if given else None,
            "at": given.set_at.isoformat() if given else None,
        }
        return {
            "key": self.spec.key,
            "unit": self.unit.code,
            "as_of": self.day.isoformat(),
            "value": self.found.value,
            "is_default": given is None,
            "locked": self.found.is_locked,
            "source": source,
            "steps": [
                {
                    "unit": step.place.code,
                    "value": step.given.value if step.given else None,
                    "inherits": step.given is None,
                    "locked": bool(step.given and step.given.locked),
                    "chosen": step.is_chosen,
                }
                for step in self.steps
            ],
        }


def path_on(work: Work, unit: Place, day: date) -> tuple[uuid.UUID, ...]:
    """Return the units above one on a day, itself first; raise RuleBroken if it was not there."""
    if day == work.today and unit.is_living:
        return unit.path
    found = work.session.scalars(
        sa.select(UnitAncestor.ancestor_id)
        .where(
            UnitAncestor.unit_id == unit.id,
            valid_on(UnitAncestor, day),
            visible(UnitAncestor, work.generation),
        )
        .order_by(UnitAncestor.depth)
    ).all()
    if not found:
        raise RuleBroken(_("The unit is not there on that day. Choose a day on which it exists."))
    return tuple(found)


def explain_on(work: Work, key: str, unit: Place, on: date | None = None) -> Reason:
    """Say why a setting has its value at a place on a day, in the tree of that day."""
    spec, day = spec_of(work, key), on or work.today
    path = path_on(work, unit, day)
    found = explain(work, key, unit, day, path=path)
    places = work.host.places.by_ids(work.session, path, work.today, work.generation)
    snapshot = current(work)
    steps = [
        Step(
            places[unit_id],
            in_force(snapshot.given_at(key, unit_id), day),
            found.source_unit_id == unit_id,
        )
        for unit_id in reversed(path)
        if unit_id in places
    ]
    source = places.get(found.source_unit_id) if found.source_unit_id else None
    return Reason(spec, unit, day, found, source, spec.default_on(day), steps)


@dataclass(frozen=True, slots=True)
class Reach:
    """How many living units a change at a place would touch, and how many keep their own value."""

    units: int
    branches: int
    own: int


def reach_of(work: Work, key: str, unit: Place, *, locked: bool = False) -> Reach:
    """Count the units that would follow a value given here; a lock reaches all of them."""
    snapshot = current(work)
    own: set[uuid.UUID] = set()
    for other in snapshot.units_with(key) - {unit.id}:
        if in_force(snapshot.given_at(key, other), work.today) is not None:
            own.add(other)
    places = work.host.places.by_ids(work.session, own, work.today, work.generation)
    below = [other for other in own if other in places and places[other].stands_under(unit.id)]
    units, branches = _count(work, unit, [] if locked else below)
    return Reach(units, branches, len(below))


def _count(work: Work, unit: Place, without: Sequence[uuid.UUID]) -> tuple[int, int]:
    """Count living units below a unit and the branches among them, leaving subtrees out."""
    own = sa.orm.aliased(UnitScope, name="own")
    version = _living_kinds(work)
    statement = (
        sa.select(sa.func.count(), sa.func.sum(sa.case((version.c.kind == "branch", 1), else_=0)))
        .select_from(UnitScope)
        .join(version, version.c.unit_id == UnitScope.unit_id)
        .where(UnitScope.ancestor_id == unit.id, visible(UnitScope, work.generation))
    )
    if without:
        kept = (
            sa.exists()
            .where(
                own.unit_id == UnitScope.unit_id,
                own.ancestor_id.in_(without),
                visible(own, work.generation),
            )
            .correlate(UnitScope)
        )
        statement = statement.where(~kept)
    units, branches = work.session.execute(statement).one()
    return int(units or 0), int(branches or 0)


def _living_kinds(work: Work) -> sa.Subquery:
    """Return the units of today with their kinds."""
    return (
        sa.select(UnitVersion.unit_id, UnitVersion.kind)
        .where(valid_on(UnitVersion, work.today), visible(UnitVersion, work.generation))
        .subquery("living")
    )


def list_reasons(
    work: Work, unit: Place, specs: Sequence[SettingSpec], on: date | None = None
) -> list[Reason]:
    """Say why several settings have their values at a place; no statement for today, when warm."""
    day = on or work.today
    path = unit.path if on is None else path_on(work, unit, day)
    places = work.host.places.by_ids(work.session, path, work.today, work.generation)
    reasons = []
    for spec in specs:
        found = explain(work, spec.key, unit, day, path=path)
        source = places.get(found.source_unit_id) if found.source_unit_id else None
        default = spec.default_on(day)
        reasons.append(Reason(spec, unit, day, found, source, default, ()))
    return reasons
