"""Reading what a plan is compiled against: the units it names, below and above them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.restructuring.operations import named_codes
from core.restructuring.outcome import Known, Wanted
from core.units.models import Unit, UnitAncestor, UnitKind, UnitKindRule, UnitVersion
from core.units.places import valid_on, visible
from core.units.versions import VersionFacts
from core.work import Work

FACTS = [getattr(UnitVersion, name) for name in VersionFacts.__slots__]


def load_known(work: Work, wanted: Wanted, more: Iterable[str] = ()) -> Known:
    """Read everything a plan is compiled against; the number of statements grows by chunks only.

    `more` are codes of further units, such as those to which people go.
    """
    codes = named_codes(wanted.operations) | set(wanted.parents) | set(wanted.parents.values())
    codes |= set(more)
    begun = {unit.code for operation in wanted.operations for unit in operation.new}
    known = Known(ids=unit_ids(work, codes - begun), taken=set(unit_ids(work, begun, voided=True)))
    known.kinds = frozenset(work.session.scalars(sa.select(UnitKind.key)))
    known.rules = frozenset(
        (parent, child)
        for parent, child in work.session.execute(
            sa.select(UnitKindRule.parent_kind, UnitKindRule.child_kind)
        )
    )
    ending = {
        known.ids[code]
        for operation in wanted.operations
        for code in operation.ended
        if code in known.ids
    }
    ids = set(known.ids.values()) | children_of(work, ending, wanted.on)
    ids |= above(work, known.ids.values(), wanted.on)
    known.versions = load_versions(work, ids)
    later = later_parents(known, wanted.on) - ids
    known.versions |= load_versions(work, later)
    ids |= later
    missing = ids - set(known.ids.values())
    known.ids.update(codes_of(work, missing))
    return known


def later_parents(known: Known, day: date) -> set[uuid.UUID]:
    """Return under which units those named stand after a day, as it is decided already."""
    return {
        facts.parent_id
        for unit_id in known.ids.values()
        for facts in known.versions.get(unit_id, ())
        if facts.valid_from > day and facts.parent_id is not None
    }


def unit_ids(work: Work, codes: Iterable[str], *, voided: bool = False) -> dict[str, uuid.UUID]:
    """Return the keys of units by code; voided ones only where asked."""
    found: dict[str, uuid.UUID] = {}
    for chunk in chunked(codes):
        statement = sa.select(Unit.code, Unit.id).where(Unit.code.in_(chunk))
        if not voided:
            statement = statement.where(Unit.voided_at.is_(None))
        found.update(work.session.execute(statement).all())
    return found


def codes_of(work: Work, ids: Iterable[uuid.UUID]) -> dict[str, uuid.UUID]:
    """Return codes with their keys."""
    found: dict[str, uuid.UUID] = {}
    for chunk in chunked(ids):
        statement = sa.select(Unit.code, Unit.id).where(Unit.id.in_(chunk))
        found.update(work.session.execute(statement).all())
    return found


def children_of(work: Work, parents: Iterable[uuid.UUID], day: date) -> set[uuid.UUID]:
    """Return every unit that stands under one of these on a day or later."""
    found: set[uuid.UUID] = set()
    for chunk in chunked(parents):
        found.update(
            work.session.scalars(
                sa.select(UnitVersion.unit_id).where(
                    UnitVersion.parent_id.in_(chunk),
                    UnitVersion.valid_to > day,
                    visible(UnitVersion, work.generation),
                )
            )
        )
    return found


def above(work: Work, ids: Iterable[uuid.UUID], day: date) -> set[uuid.UUID]:
    """Return every unit above these on a day."""
    found: set[uuid.UUID] = set()
    for chunk in chunked(ids):
        found.update(
            work.session.scalars(
                sa.select(UnitAncestor.ancestor_id)
                .where(
                    UnitAncestor.unit_id.in_(chunk),
                    UnitAncestor.depth > 0,
                    valid_on(UnitAncestor, day),
                    visible(UnitAncestor, work.generation),
                )
                .distinct()
            )
        )
    return found


def load_versions(work: Work, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[VersionFacts]]:
    """Read all versions of units, in order of time."""
    found: dict[uuid.UUID, list[VersionFacts]] = {}
    for chunk in chunked(ids):
        rows: Any = work.session.execute(
            sa.select(UnitVersion.unit_id, *FACTS)
            .where(UnitVersion.unit_id.in_(chunk), visible(UnitVersion, work.generation))
            .order_by(UnitVersion.unit_id, UnitVersion.valid_from)
        )
        for unit_id, *facts in rows:
            found.setdefault(unit_id, []).append(
                VersionFacts(**dict(zip(VersionFacts.__slots__, facts, strict=True)))
            )
    return found
