"""Effective values per unit and span, rebuilt where a value or the tree changed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.periods import EVER, OPEN
from core.rows import insert_rows
from core.settings.models import EffectiveValue, SettingRow
from core.settings.registry import SettingSpec
from core.settings.resolving import Given, resolve_along
from core.units.models import UnitAncestor
from core.units.places import visible
from core.units.reach import is_told
from core.work import Work

Spans = list[tuple[uuid.UUID, date, date, int]]


def rebuild_effective(work: Work, keys: Iterable[str], units: Iterable[uuid.UUID]) -> None:
    """Reckon the effective values of settings anew for units, for all days."""
    specs = [spec for key in keys if (spec := work.host.settings.get(key)) and spec.in_sql]
    if not specs:
        return
    given = {spec.key: _given(work, spec.key) for spec in specs}
    for chunk in chunked(units):
        ancestors = _ancestors(work, chunk)
        rows = [
            row
            for spec in specs
            for unit_id, spans in ancestors.items()
            for row in _rows(spec, given[spec.key], unit_id, spans)
        ]
        work.session.execute(
            sa.delete(EffectiveValue).where(
                EffectiveValue.key.in_([spec.key for spec in specs]),
                EffectiveValue.unit_id.in_(chunk),
            )
        )
        insert_rows(work.session, EffectiveValue, rows)


def follow_tree(work: Work, keys: Sequence[str], units: Iterable[uuid.UUID]) -> None:
    """Reckon effective values anew where what stands above a unit changed, and it matters.

    It matters to new units, and to those that came or went under a unit at which a value was
    given; the rows of ancestors of this very generation tell. A second change of the tree in one
    work may have taken such rows back, so then all units named are reckoned.
    """
    if not is_told(work, "effective values"):
        rebuild_effective(work, keys, units)
        return
    for chunk in chunked(units):
        rebuild_effective(work, keys, concerned_by(work, keys, chunk, work.generation))


def concerned_by(
    work: Work, keys: Sequence[str], units: Iterable[uuid.UUID], generation: int
) -> list[uuid.UUID]:
    """Return the units for which a generation of the tree may have changed a setting's value."""
    model = UnitAncestor
    given = sa.select(SettingRow.unit_id).where(
        SettingRow.key.in_(keys), SettingRow.withdrawn_at.is_(None)
    )
    found: list[uuid.UUID] = []
    for chunk in chunked(units):
        found.extend(
            work.session.scalars(
                sa.select(model.unit_id)
                .where(
                    model.unit_id.in_(chunk),
                    sa.or_(model.gen_from == generation, model.gen_to == generation),
                    sa.or_(model.depth == 0, model.ancestor_id.in_(given)),
                )
                .distinct()
            )
        )
    return found


def ensure_effective(work: Work, keys: Iterable[str] | None = None) -> list[str]:
    """Reckon settings that have no effective values yet, such as those of a new plugin.

    The tree is older than a plugin that is added to it; the root tells, because it gets values
    only together with all other units. Returns the keys that were reckoned.
    """
    wanted = sorted(
        spec.key
        for spec in work.host.settings
        if spec.in_sql and (keys is None or spec.key in keys)
    )
    there = set(
        work.session.scalars(
            sa.select(EffectiveValue.key).where(
                EffectiveValue.key.in_(wanted),
                EffectiveValue.unit_id == work.session.info["root_id"],
            )
        )
    )
    missing = [key for key in wanted if key not in there]
    if missing:
        everything = work.session.scalars(sa.select(UnitAncestor.unit_id).distinct()).all()
        rebuild_effective(work, missing, everything)
    return missing


def _given(work: Work, key: str) -> dict[uuid.UUID, list[Given]]:
    """Read the given values of one setting as this transaction sees them."""
    result: dict[uuid.UUID, list[Given]] = {}
    for row in work.session.scalars(
        sa.select(SettingRow)
        .where(SettingRow.key == key, SettingRow.withdrawn_at.is_(None))
        .order_by(SettingRow.valid_from)
    ):
        result.setdefault(row.unit_id, []).append(
            Given(
                row.valid_from,
                row.value,
                row.inherits,
                row.locked,
                row.document_no,
                row.set_by,
                row.set_at,
            )
        )
    return result


def _ancestors(work: Work, units: Sequence[uuid.UUID]) -> dict[uuid.UUID, Spans]:
    """Read the dated ancestors of units."""
    result: dict[uuid.UUID, Spans] = {}
    model = UnitAncestor
    for unit_id, ancestor_id, start, end, depth in work.session.execute(
        sa.select(
            model.unit_id, model.ancestor_id, model.valid_from, model.valid_to, model.depth
        ).where(model.unit_id.in_(units), visible(model, work.generation))
    ):
        result.setdefault(unit_id, []).append((ancestor_id, start, end, depth))
    return result


def _rows(
    spec: SettingSpec, given: dict[uuid.UUID, list[Given]], unit_id: uuid.UUID, spans: Spans
) -> Iterator[dict[str, Any]]:
    """Cut the unit's life where its ancestors, a value on the way up, or a default changes."""
    own = [(start, end) for _ancestor, start, end, depth in spans if depth == 0]
    if not own:
        return
    days = {EVER, *(default.valid_from for default in spec.defaults)}
    for ancestor_id, start, end, _depth in spans:
        days.update((start, end))
        days.update(entry.valid_from for entry in given.get(ancestor_id, ()))
    first, last = min(start for start, _end in own), max(end for _start, end in own)
    cuts = sorted({first, last, *(day for day in days if first < day < last)})
    previous: dict[str, Any] | None = None
    for start, end in pairwise(cuts):
        path = [a for a, s, e, _d in sorted(spans, key=lambda x: x[3]) if s <= start < e]
        if unit_id not in path:
            continue
        found = resolve_along(spec, given, path, start).value
        number = float(found) if isinstance(found, (bool, int, float)) else None
        text = None if number is not None or found is None else str(found)[:300]
        if (
            previous
            and (previous["number"], previous["text"]) == (number, text)
            and previous["valid_to"] == start
        ):
            previous["valid_to"] = end
            continue
        if previous:
            yield previous
        previous = {
            "key": spec.key,
            "unit_id": unit_id,
            "valid_from": start,
            "valid_to": end,
            "number": number,
            "text": text,
        }
    if previous:
        yield previous


def effective_on(key: str, unit_column: Any, day: Any) -> sa.ColumnElement[bool]:
    """Condition: an effective value of the setting at the unit on the day exists and is not 0."""
    return (
        sa.exists()
        .where(
            EffectiveValue.key == key,
            EffectiveValue.unit_id == unit_column,
            EffectiveValue.valid_from <= day,
            EffectiveValue.valid_to > day,
            EffectiveValue.number != 0,
        )
        .correlate_except(EffectiveValue)
    )


__all__ = ["OPEN", "effective_on", "ensure_effective", "follow_tree", "rebuild_effective"]
