"""The past of a unit: what it was, what was done to it, from which units it came."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from core.chunks import chunked
from core.i18n import get_locale
from core.units.models import TreeChange, UnitKind, UnitKindRule, UnitLineage, UnitVersion
from core.units.places import Place, visible
from core.units.versions import VersionFacts, facts_of, stored_versions
from core.work import Work

GENERATIONS = 5


@dataclass(slots=True)
class Relative:
    """A unit from which another came, or into which it went, with its own line further on."""

    place: Place
    on: date
    share: tuple[int, int] | None
    kind: str
    decision_no: str
    is_main: bool
    further: list[Relative] = field(default_factory=list)


def versions_of(work: Work, unit_id: uuid.UUID) -> list[VersionFacts]:
    """Return what a unit was, in order of time."""
    return [facts_of(version) for version in stored_versions(work, [unit_id]).get(unit_id, [])]


def version_on(work: Work, unit_id: uuid.UUID, day: date) -> VersionFacts | None:
    """Return what a unit was on a day; None when it was not there."""
    return next((f for f in versions_of(work, unit_id) if f.valid_from <= day < f.valid_to), None)


def changes_of(work: Work, unit_id: uuid.UUID) -> Sequence[TreeChange]:
    """Return the operations on a unit, the latest first."""
    return work.session.scalars(
        sa.select(TreeChange)
        .where(TreeChange.unit_id == unit_id)
        .order_by(TreeChange.at.desc(), TreeChange.id.desc())
        .limit(100)
    ).all()


def family_of(
    work: Work, place: Place, *, back: bool, generations: int = GENERATIONS
) -> list[Relative]:
    """Return from which units one came (`back`), or what became of it: one statement a generation.

    Goes a few generations far; a circle ends where it closes.
    """
    top: list[Relative] = []
    level = {place.id: [top]}
    seen = {place.id}
    for _generation in range(generations):
        rows = _lineage(work, level, back=back)
        ids = {_other(row, back=back) for row in rows}
        places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
        following: dict[uuid.UUID, list[list[Relative]]] = {}
        for row in rows:
            other = _other(row, back=back)
            if other not in places:
                continue
            mine = row.successor_id if back else row.predecessor_id
            relative = _relative(places[other], row)
            for branches in level[mine]:
                branches.append(relative)
            if other not in seen:
                following.setdefault(other, []).append(relative.further)
        seen |= set(following)
        level = following
        if not level:
            break
    return top


def _lineage(work: Work, ids: Iterable[uuid.UUID], *, back: bool) -> list[UnitLineage]:
    """Read the lineage of units in one direction."""
    mine = UnitLineage.successor_id if back else UnitLineage.predecessor_id
    found: list[UnitLineage] = []
    for chunk in chunked(ids):
        found.extend(
            work.session.scalars(
                sa.select(UnitLineage)
                .where(mine.in_(chunk), visible(UnitLineage, work.generation))
                .order_by(UnitLineage.on, UnitLineage.id)
            )
        )
    return found


def _other(row: UnitLineage, *, back: bool) -> uuid.UUID:
    return row.predecessor_id if back else row.successor_id


def _relative(place: Place, row: UnitLineage) -> Relative:
    share = (
        (row.share_part, row.share_whole)
        if row.share_part is not None and row.share_whole is not None
        else None
    )
    return Relative(place, row.on, share, row.kind, row.decision_no, row.is_main)


def kind_titles(work: Work) -> dict[str, str]:
    """Return the kinds of units with their titles, from the top down; read once for a work."""
    kept: dict[str, dict[str, str]] = work.session.info.setdefault("kind_titles", {})
    locale = get_locale()
    if locale not in kept:
        title = UnitKind.title if locale == "vi" else UnitKind.title_en
        rows = work.session.execute(sa.select(UnitKind.key, title).order_by(UnitKind.rank))
        kept[locale] = dict(rows.all())
    return kept[locale]


def kinds_under(work: Work, kind: str) -> list[str]:
    """Return which kinds may stand under a kind."""
    return list(
        work.session.scalars(
            sa.select(UnitKindRule.child_kind).where(UnitKindRule.parent_kind == kind)
        )
    )


def children_exist(work: Work, unit_id: uuid.UUID, day: date) -> int:
    """Count the units that stand directly under one on a day or later."""
    return int(
        work.session.scalar(
            sa.select(sa.func.count(sa.distinct(UnitVersion.unit_id))).where(
                UnitVersion.parent_id == unit_id,
                UnitVersion.valid_to > day,
                visible(UnitVersion, work.generation),
            )
        )
        or 0
    )
