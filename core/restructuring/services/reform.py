"""A reform's table made into operations: new communes and provinces, and the levels that end."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from core.i18n import _
from core.periods import OPEN
from core.restructuring.files import Succession
from core.restructuring.operations import Link, NewUnit, Operation
from core.restructuring.services.loading import above, codes_of, load_versions, unit_ids
from core.units.models import UnitKind
from core.units.timelines import holding, lasts
from core.units.versions import VersionFacts
from core.work import Work

Above = Mapping[str, Sequence[str]]


def reform_operations(work: Work, rows: Sequence[Succession], on: date) -> list[Operation]:
    """Return the operations of a reform: provinces begin, communes follow, empty levels end.

    The levels above the old communes are those of the tree on the day before the reform, not
    those a file writes beside them.
    """
    codes = {row.old for row in rows} | {row.new for row in rows} | {row.province for row in rows}
    ids = unit_ids(work, codes - {""})
    tops = above(work, (ids[row.old] for row in rows if row.old in ids), on)
    known = load_versions(work, {*ids.values(), *tops})
    names = {unit_id: code for code, unit_id in codes_of(work, known).items()}
    facts = {
        names[unit_id]: found
        for unit_id, versions in known.items()
        if (found := holding(versions, on)) is not None and lasts(versions, on, OPEN)
    }
    levels = _levels(work, facts, names, {row.old for row in rows})
    placed = [
        row if row.province else replace(row, province=(levels[row.old] or [""])[-1])
        for row in rows
    ]
    return [
        *_provinces(placed, facts, levels, names),
        *_communes(placed, set(facts)),
        *_ends(levels, {row.province for row in placed}),
    ]


def _levels(
    work: Work,
    facts: Mapping[str, VersionFacts],
    names: Mapping[uuid.UUID, str],
    olds: Iterable[str],
) -> dict[str, list[str]]:
    """Return, for each old commune, the territorial levels above it, from the bottom up."""
    territorial = set(work.session.scalars(sa.select(UnitKind.key).where(UnitKind.is_territorial)))
    found: dict[str, list[str]] = {}
    for old in olds:
        path: list[str] = []
        current = facts.get(old)
        while current is not None:
            code = names.get(current.parent_id, "") if current.parent_id else ""
            current = facts.get(code)
            if current is not None and current.kind in territorial:
                path.append(code)
            else:
                break
        found[old] = path
    return found


def _provinces(
    rows: Sequence[Succession],
    facts: Mapping[str, VersionFacts],
    levels: Above,
    names: Mapping[uuid.UUID, str],
) -> list[Operation]:
    """Let new provinces begin, of the kind and under the unit of the old ones."""
    found: list[Operation] = []
    told = {row.province: row for row in rows if row.province and row.province not in facts}
    olds: dict[str, Counter[str]] = {code: Counter() for code in told}
    for row in rows:
        if row.province in told and levels.get(row.old):
            olds[row.province][levels[row.old][-1]] += 1
    for code, row in told.items():
        model = olds[code].most_common(1)
        old = facts.get(model[0][0]) if model else None
        unit = NewUnit(
            code=code,
            name=row.province_name or code,
            kind=old.kind if old else "province",
            parent=names.get(old.parent_id, "") if old and old.parent_id else "ROOT",
            term_months=old.term_months if old else None,
            sector=old.sector if old else None,
        )
        found.append(Operation("establish", new=(unit,)))
    return found


def _communes(rows: Sequence[Succession], there: set[str]) -> list[Operation]:
    """Let each new commune begin from its old ones; one whose code is known goes on."""
    by_new: dict[str, list[Succession]] = {}
    for row in rows:
        by_new.setdefault(row.new, []).append(row)
    found: list[Operation] = []
    for code, group in by_new.items():
        first = group[0]
        links = tuple(
            Link(row.old, code, row.share, row.is_main) for row in group if row.old != code
        )
        if code in there:
            found.extend(_going_on(code, first, links, stays=len(links) < len(group)))
            continue
        unit = NewUnit(code=code, name=first.name, parent=first.province)
        found.append(Operation("consolidate", links=links, new=(unit,)))
    return found


def _going_on(
    code: str, row: Succession, links: tuple[Link, ...], *, stays: bool
) -> Iterable[Operation]:
    """Return the operations on a commune that keeps its code: others join it, it may move."""
    if links:
        yield Operation("merge_into", links=links)
    if stays and row.province:
        yield Operation("transfer", unit=code, changes={"parent": row.province})
    if stays and row.name:
        yield Operation("rename", unit=code, changes={"name": row.name})


def _ends(levels: Above, provinces: set[str]) -> list[Operation]:
    """End the levels above the old communes where nothing is left under them."""
    ordered: dict[str, int] = {}
    for path in levels.values():
        for depth, code in enumerate(path):
            ordered[code] = max(depth, ordered.get(code, 0))
    return [
        Operation("terminate", unit=code, when_empty=True, reason=_("Its level ended."))
        for code in sorted(ordered, key=lambda one: (ordered[one], one))
        if code not in provinces
    ]
