"""Reading and writing the dataset `lineage`: from which unit a unit came."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.db import new_key
from core.exchange.applying import Obstacle
from core.exchange.rows import Change, Row, folded, reversed_changes
from core.exchange.scope import units_of
from core.i18n import _
from core.units.models import UnitLineage
from core.units.permissions import MANAGE
from core.units.places import visible
from core.units.reach import reckon_reach
from core.units.versions import next_generation
from core.work import Work

Key = tuple[uuid.UUID, uuid.UUID, date]
COLUMNS = (
    "id",
    "predecessor_id",
    "successor_id",
    "on",
    "share_part",
    "share_whole",
    "is_main",
    "kind",
    "decision_no",
)


def load_lineage(work: Work, rows: Sequence[Row]) -> None:
    """Judge rows; a descent is known by its two units and its day."""
    old = units_of(work, rows, "predecessor_code", permission=MANAGE)
    new = units_of(work, rows, "successor_code", permission=MANAGE)
    stored = _stored(work, {place.id for place in old.values()})
    keys: dict[int, Key] = {}
    first: dict[Key, int] = {}
    for row in rows:
        if not row.is_sound:
            continue
        key = (
            old[row.get("predecessor_code")].id,
            new[row.get("successor_code")].id,
            row.get("on"),
        )
        if key[0] == key[1]:
            row.reject("successor_code", _("A unit cannot come from itself."))
        elif key in first:
            row.reject(None, _("Row %(row)s tells of the same unit and day.", row=first[key]))
        else:
            keys[row.number] = key
            first[key] = row.number
    told = {keys[row.number]: row for row in rows if row.number in keys}
    main = _main_ones(stored, told)
    for key, row in told.items():
        _say_change(row, key, stored.get(key), is_main=key in main)


def _stored(work: Work, predecessors: Iterable[uuid.UUID]) -> dict[Key, dict[str, Any]]:
    """Read what became of units."""
    found: dict[Key, dict[str, Any]] = {}
    for chunk in chunked(predecessors):
        for line in work.session.scalars(
            sa.select(UnitLineage).where(
                UnitLineage.predecessor_id.in_(chunk), visible(UnitLineage, work.generation)
            )
        ):
            key = (line.predecessor_id, line.successor_id, line.on)
            found[key] = {name: getattr(line, name) for name in COLUMNS}
    return found


def _share_of(values: dict[str, Any] | None, row: Row | None) -> Fraction | None:
    """Return a share as it will be stored."""
    if row is not None and row.get("share") is not None:
        share: Fraction = row.get("share")
        return share
    if values is None or values["share_part"] is None:
        return None
    return Fraction(values["share_part"], values["share_whole"])


def _main_ones(stored: dict[Key, dict[str, Any]], told: dict[Key, Row]) -> set[Key]:
    """Return through which descents rights reach an ended unit: the whole, else the largest part.

    Where no share is known, only an heir without others is the main one.
    """
    heirs: dict[uuid.UUID, list[tuple[Key, Fraction | None]]] = defaultdict(list)
    for key in {**stored, **told}:
        heirs[key[0]].append((key, _share_of(stored.get(key), told.get(key))))
    main: set[Key] = set()
    for listed in heirs.values():
        known = sorted(((s, key) for key, s in listed if s is not None), key=lambda pair: pair[0])
        if len(listed) == 1:
            main.add(listed[0][0])
        elif known and (len(known) == 1 or known[-1][0] > known[-2][0]) and known[-1][0] * 2 > 1:
            main.add(known[-1][1])
        else:
            main.update(key for key, share in listed if share == 1)
    return main


def _say_change(row: Row, key: Key, stored: dict[str, Any] | None, *, is_main: bool) -> None:
    """Say what a row changes: a descent is never altered, it is ended and told anew."""
    share = _share_of(stored, row)
    wanted = {
        "predecessor_id": key[0],
        "successor_id": key[1],
        "on": key[2],
        "share_part": share.numerator if share is not None else None,
        "share_whole": share.denominator if share is not None else None,
        "is_main": is_main,
        "kind": row.get("kind"),
        "decision_no": row.get("decision_no", stored["decision_no"] if stored else ""),
    }
    row.target_id, row.unit_id, row.is_new = key[0], key[0], stored is None
    if stored is not None and all(stored[name] == value for name, value in wanted.items()):
        return
    if stored is not None:
        row.changes.append(Change("core_unit_lineage", (stored["id"],), stored, None))
    after = {"id": new_key(), **wanted}
    row.changes.append(Change("core_unit_lineage", (after["id"],), None, after))
    row.tell("share", str(_share_of(stored, None) or ""), str(share or ""))
    row.tell("on", None, key[2].isoformat())


class LineageWriter:
    """Writes descents under a new generation, and the reach of rights that follows from them."""

    def write(self, work: Work, changes: Sequence[Change]) -> None:
        """End and add descents."""
        net = folded(changes)
        if not net:
            return
        generation = next_generation(work)
        gone = [c.key[0] for c in net if c.after is None]
        for chunk in chunked(gone):
            ids = UnitLineage.id.in_(chunk)
            fresh = UnitLineage.gen_from == generation
            work.session.execute(sa.delete(UnitLineage).where(ids, fresh))
            work.session.execute(sa.update(UnitLineage).where(ids).values(gen_to=generation))
        rows = [{**c.after, "gen_from": generation} for c in net if c.after is not None]
        if rows:
            work.session.execute(sa.insert(UnitLineage), rows)
        touched = {(c.after or c.before or {})["predecessor_id"] for c in net}
        reckon_reach(work, touched, generation)
        work.session.info.pop("places", None)
        work.hooks.tree_changed(unit_ids=touched)

    def revert(self, work: Work, changes: Sequence[Change]) -> list[Obstacle]:
        """Take descents away and tell the former ones again, under keys of their own."""
        net = folded(changes)
        wanted = {c.key[0]: c for c in net if c.after is not None}
        there: set[uuid.UUID] = set()
        for chunk in chunked(wanted):
            there.update(
                work.session.scalars(
                    sa.select(UnitLineage.id).where(
                        UnitLineage.id.in_(chunk), visible(UnitLineage, work.generation)
                    )
                )
            )
        obstacles: list[Obstacle] = [
            ((change.table, change.key), _("was changed since"))
            for key, change in wanted.items()
            if key not in there
        ]
        if not obstacles:
            self.write(work, [_with_new_key(change) for change in reversed_changes(net)])
        return obstacles


def _with_new_key(change: Change) -> Change:
    """Give a descent that is told again a key of its own; its old row stays as it was believed."""
    if change.after is None:
        return change
    key = new_key()
    return Change(change.table, (key,), None, {**change.after, "id": key})
