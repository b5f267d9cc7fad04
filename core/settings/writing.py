"""Writing settings at one unit or at thousands: one act, the same rules, a few statements."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import marshmallow as ma
import sqlalchemy as sa

from core import ledger
from core.chunks import chunked
from core.errors import InvalidInput, NotFound, RuleBroken
from core.forms import flat_errors
from core.i18n import _
from core.settings.effective import ensure_effective, rebuild_effective
from core.settings.models import SettingRow
from core.settings.registry import SettingSpec
from core.settings.resolving import Given, SettingSnapshot, current, explain, resolve_along
from core.units.models import UnitAncestor
from core.units.places import Place, visible
from core.work import Work

GIVE, INHERIT, WITHDRAW = "give", "inherit", "withdraw"
Spot = tuple[str, uuid.UUID, date]


@dataclass(frozen=True, slots=True)
class SettingChange:
    """What becomes of a setting at a unit from a day on.

    `give` sets `value`, `inherit` lets the value from above hold again, `withdraw` takes back
    what was given for exactly this day, as if it had never been given.
    """

    key: str
    unit: Place
    on: date
    action: str = GIVE
    value: Any = None
    locked: bool = False
    document_no: str = ""

    @property
    def spot(self) -> Spot:
        """Where and when; one value stands there."""
        return self.key, self.unit.id, self.on


class Standing(NamedTuple):
    """A value that stands at a spot when something else is written there."""

    id: uuid.UUID
    value: Any


def spec_of(work: Work, key: str) -> SettingSpec:
    """Return the setting of a key; raise NotFound for an unknown one."""
    spec = work.host.settings.get(key)
    if spec is None:
        raise NotFound(_("There is no setting %(key)s.", key=key))
    return spec


def write(work: Work, changes: Sequence[SettingChange]) -> list[SettingRow]:
    """Write changes as one act: all of them or, where one is refused, none.

    What is withdrawn goes first. A lock from above, also one that this very act sets, refuses
    everything. Returns the new rows; each change has its own line in the ledger.
    """
    rows = [_row(work, change) for change in changes if change.action != WITHDRAW]
    _check_locks(work, changes, rows)
    before = {one.spot: explain(work, one.key, one.unit, one.on).value for one in changes}
    standing = _standing(work, changes)
    _take_back(work, standing.values())
    work.session.add_all(rows)
    work.session.flush()
    _refresh(work, {one.key for one in changes}, {one.unit.id for one in changes})
    names = {one.unit.id: one.unit.name for one in changes}
    _tell_withdrawn(work, changes, standing)
    for row in rows:
        _tell_written(work, row, names[row.unit_id], before[row.key, row.unit_id, row.valid_from])
    return rows


def _row(work: Work, change: SettingChange) -> SettingRow:
    """Return the row of a change; raise InvalidInput for a value that does not fit."""
    spec = spec_of(work, change.key)
    inherits = change.action == INHERIT
    return SettingRow(
        key=spec.key,
        unit_id=change.unit.id,
        valid_from=change.on,
        value=None if inherits else stored_value(spec, change.value),
        inherits=inherits,
        locked=change.locked and not inherits,
        document_no=change.document_no,
        set_by=work.actor.label,
        set_at=work.now,
    )


def stored_value(spec: SettingSpec, value: Any) -> Any:
    """Return a value as it is kept; raise InvalidInput for one that does not fit."""
    try:
        checked = spec.field.deserialize(value)
    except ma.ValidationError as error:
        reasons = _reasons(error.messages)
        sentence = _("This value does not fit: %(reason)s", reason="; ".join(reasons))
        raise InvalidInput(sentence, fields={"value": reasons}) from error
    return spec.field.serialize("value", {"value": checked})


def _reasons(messages: Any) -> list[str]:
    """Return what does not fit as sentences; in a list, with the item and the field it is about."""
    found = []
    for where, sentences in flat_errors(messages).items():
        number, _dot, name = where.partition(".")
        if where == "_schema":
            found.extend(sentences)
        elif number.isdecimal():
            field = f", {name}" if name not in ("", "_schema") else ""
            item = _("item %(n)s", n=int(number) + 1) + field
            found.extend(f"{item}: {sentence}" for sentence in sentences)
        else:
            found.extend(f"{where}: {sentence}" for sentence in sentences)
    return found


def _check_locks(work: Work, changes: Sequence[SettingChange], rows: Sequence[SettingRow]) -> None:
    """Refuse what would stand below a lock, with all of the act in place."""
    after = {key: _given_after(work, key, changes, rows) for key in {one.key for one in changes}}
    for one in changes:
        if one.action == WITHDRAW:
            continue
        found = resolve_along(spec_of(work, one.key), after[one.key], one.unit.path, one.on)
        if found.is_locked and found.source_unit_id != one.unit.id:
            raise RuleBroken(_("This setting is locked from above; ask the unit that locked it."))


def _given_after(
    work: Work, key: str, changes: Sequence[SettingChange], rows: Sequence[SettingRow]
) -> dict[uuid.UUID, list[Given]]:
    """Return what will be given of a setting once the act is written."""
    gone: dict[uuid.UUID, set[date]] = defaultdict(set)
    new: dict[uuid.UUID, list[Given]] = defaultdict(list)
    for one in changes:
        if one.key == key:
            gone[one.unit.id].add(one.on)
    for row in rows:
        if row.key == key:
            new[row.unit_id].append(_as_given(row))
    given = dict(current(work).given(key))
    for unit_id, days in gone.items():
        kept = [entry for entry in given.get(unit_id, ()) if entry.valid_from not in days]
        given[unit_id] = sorted([*kept, *new[unit_id]], key=lambda entry: entry.valid_from)
    return given


def _as_given(row: SettingRow) -> Given:
    return Given(
        row.valid_from,
        row.value,
        row.inherits,
        row.locked,
        row.document_no,
        row.set_by,
        row.set_at,
    )


def _standing(work: Work, changes: Sequence[SettingChange]) -> dict[Spot, Standing]:
    """Return what stands at the spots of the changes."""
    spots = {one.spot for one in changes}
    keys, days = sorted({spot[0] for spot in spots}), sorted({spot[2] for spot in spots})
    found: dict[Spot, Standing] = {}
    for chunk in chunked({spot[1] for spot in spots}):
        for row in work.session.execute(
            sa.select(
                SettingRow.key,
                SettingRow.unit_id,
                SettingRow.valid_from,
                SettingRow.id,
                SettingRow.value,
            ).where(
                SettingRow.key.in_(keys),
                SettingRow.unit_id.in_(chunk),
                SettingRow.valid_from.in_(days),
                SettingRow.withdrawn_at.is_(None),
            )
        ):
            if (spot := (row[0], row[1], row[2])) in spots:
                found[spot] = Standing(row[3], row[4])
    return found


def _take_back(work: Work, standing: Iterable[Standing]) -> None:
    """Withdraw what stood at the spots; it stays in the history."""
    for chunk in chunked(one.id for one in standing):
        work.session.execute(
            sa.update(SettingRow).where(SettingRow.id.in_(chunk)).values(withdrawn_at=work.now)
        )


def _refresh(work: Work, keys: set[str], unit_ids: set[uuid.UUID]) -> None:
    """Reckon effective values once for all that was written; tell other processes."""
    work.touch("settings")
    work.session.info["settings"] = SettingSnapshot()
    in_sql = {key for key in keys if spec_of(work, key).in_sql}
    left = in_sql - set(ensure_effective(work, in_sql)) if in_sql else set()
    if left:
        rebuild_effective(work, sorted(left), _units_below(work, unit_ids))


def _units_below(work: Work, unit_ids: set[uuid.UUID]) -> Iterator[uuid.UUID]:
    """Return units and everything that ever stood below them, each once."""
    found: set[uuid.UUID] = set()
    for chunk in chunked(unit_ids):
        found.update(
            work.session.scalars(
                sa.select(UnitAncestor.unit_id)
                .where(UnitAncestor.ancestor_id.in_(chunk), visible(UnitAncestor, work.generation))
                .distinct()
            )
        )
    return iter(found)


def _tell_withdrawn(
    work: Work, changes: Sequence[SettingChange], standing: dict[Spot, Standing]
) -> None:
    for one in changes:
        gone = standing.get(one.spot)
        if one.action == WITHDRAW and gone is not None:
            ledger.record(
                work,
                "settings.withdrawn",
                ledger.About("setting", gone.id, f"{one.key} · {one.unit.name}", one.unit.id),
                before={"value": gone.value, "from": one.on},
            )


def _tell_written(work: Work, row: SettingRow, unit_name: str, before: Any) -> None:
    ledger.record(
        work,
        "settings.inherited" if row.inherits else "settings.given",
        ledger.About("setting", row.id, f"{row.key} · {unit_name}", row.unit_id),
        before={"value": before},
        after={
            "value": row.value,
            "from": row.valid_from,
            "locked": row.locked,
            "document_no": row.document_no,
        },
    )
