"""Head counts: official, probationary and exempt members by home branch, for any day."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.members.models import COUNTED, Affiliation, MemberListRow, MemberStatus
from core.units.models import UnitAncestor
from core.units.places import Place, valid_on, visible
from core.work import Work


@dataclass(frozen=True, slots=True)
class HeadCount:
    """How many members a unit with everything below it has on a day."""

    official: int = 0
    probationary: int = 0
    exempt: int = 0

    @property
    def total(self) -> int:
        """The head count: official, probationary and exempt."""
        return self.official + self.probationary + self.exempt


NONE = HeadCount()


def head_counts(
    work: Work, unit: Place, on: date | None = None, children: Iterable[uuid.UUID] = ()
) -> dict[uuid.UUID, HeadCount]:
    """Count the members of a unit, and of the units named beside it: one grouped statement.

    Today's counts are read from the stored list, those of another day from the dated facts.
    Units without members are not in the answer; use `.get(id, NONE)`.
    """
    day = on or work.today
    wanted = {unit.id, *children}
    known = _remembered(work) if day == work.today else {}
    missing = wanted - set(known)
    counts: dict[uuid.UUID, dict[str, int]] = {}
    for chunk in chunked(missing):
        for unit_id, status, number in work.session.execute(_grouped(work, chunk, day)):
            counts.setdefault(unit_id, {})[status] = int(number)
    for unit_id in missing:
        known[unit_id] = HeadCount(**counts.get(unit_id, {}))
    return {unit_id: known[unit_id] for unit_id in wanted if known[unit_id] != NONE}


def _remembered(work: Work) -> dict[uuid.UUID, HeadCount]:
    """Return today's counts that this process still knows; they hold until any list changes.

    Whoever writes a list row raises the epoch in the same transaction, so whoever sees the row sees
    the epoch. An act that has changed rows itself, or the tree, counts anew.
    """
    info = work.session.info
    epoch = info["epochs"].get("members", 0)
    if not epoch or "tree_generation" in info or "members" in info.get("touched", ()):
        return {}
    return work.host.places.facts("head counts", (epoch, work.generation))


def _grouped(work: Work, unit_ids: list[uuid.UUID], day: date) -> Any:
    """Count by unit and status: of today from the stored list, else from the dated facts."""
    if day == work.today:
        row = MemberListRow
        return (
            sa.select(row.ancestor_id, row.status, sa.func.count())
            .where(row.ancestor_id.in_(unit_ids), visible(row, work.generation))
            .group_by(row.ancestor_id, row.status)
        )
    return (
        sa.select(UnitAncestor.ancestor_id, MemberStatus.status, sa.func.count())
        .select_from(Affiliation)
        .join(MemberStatus, MemberStatus.member_id == Affiliation.member_id)
        .join(UnitAncestor, UnitAncestor.unit_id == Affiliation.unit_id)
        .where(
            *_dated(day),
            UnitAncestor.ancestor_id.in_(unit_ids),
            valid_on(UnitAncestor, day),
            visible(UnitAncestor, work.generation),
        )
        .group_by(UnitAncestor.ancestor_id, MemberStatus.status)
    )


def _dated(day: date) -> list[sa.ColumnElement[bool]]:
    """Home affiliations and counted statuses of a day."""
    return [
        Affiliation.kind == "home",
        valid_on(Affiliation, day),
        valid_on(MemberStatus, day),
        MemberStatus.status.in_(COUNTED),
    ]


def count_by_home(work: Work, unit: Place, on: date) -> Mapping[uuid.UUID, int]:
    """Count the members of each single unit of a subtree on a day: one grouped statement."""
    rows = work.session.execute(
        sa.select(Affiliation.unit_id, sa.func.count())
        .select_from(Affiliation)
        .join(MemberStatus, MemberStatus.member_id == Affiliation.member_id)
        .join(UnitAncestor, UnitAncestor.unit_id == Affiliation.unit_id)
        .where(
            *_dated(on),
            UnitAncestor.ancestor_id == unit.id,
            valid_on(UnitAncestor, on),
            visible(UnitAncestor, work.generation),
        )
        .group_by(Affiliation.unit_id)
    )
    return {unit_id: int(number) for unit_id, number in rows}


def guests_in(work: Work, unit: Place, on: date) -> int:
    """Count who takes part in a unit, or below it, for a time on a day; they count at home."""
    return int(
        work.session.scalar(
            sa.select(sa.func.count())
            .select_from(Affiliation)
            .join(UnitAncestor, UnitAncestor.unit_id == Affiliation.unit_id)
            .where(
                Affiliation.kind == "temporary",
                valid_on(Affiliation, on),
                UnitAncestor.ancestor_id == unit.id,
                valid_on(UnitAncestor, on),
                visible(UnitAncestor, work.generation),
            )
        )
        or 0
    )
