"""What can be done with settings: give a value, let it inherit again, withdraw one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

import marshmallow as ma
import sqlalchemy as sa

from core import ledger
from core.errors import InvalidInput, NotFound, RuleBroken
from core.i18n import _
from core.names import search_key
from core.settings.effective import ensure_effective, rebuild_effective
from core.settings.models import SettingRow
from core.settings.registry import SettingSpec
from core.settings.resolving import SettingSnapshot, explain
from core.units.models import UnitAncestor
from core.units.places import Place, visible
from core.work import Work


def spec_of(work: Work, key: str) -> SettingSpec:
    """Return the setting of a key; raise NotFound for an unknown one."""
    spec = work.host.settings.get(key)
    if spec is None:
        raise NotFound(_("There is no setting %(key)s.", key=key))
    return spec


def is_switch(key: str) -> bool:
    """Whether a setting switches a module on and off."""
    return key.endswith(".enabled")


def refuse_switch(key: str) -> None:
    """Refuse to switch a module as if it were any setting; that needs another permission."""
    if is_switch(key):
        raise RuleBroken(_("Modules are switched on and off on the page of modules."))


def find_specs(work: Work, words: str = "") -> list[SettingSpec]:
    """Return the settings whose title or key holds some words; switches of modules left out."""
    folded = search_key(words)
    return [
        spec
        for spec in work.host.settings
        if not is_switch(spec.key)
        and (folded in search_key(f"{spec.title} {spec.key}") or not folded)
    ]


def give_setting(
    work: Work,
    *,
    key: str,
    value: Any,
    unit: Place | None = None,
    on: date | None = None,
    locked: bool = False,
    document_no: str = "",
) -> SettingRow:
    """Give a setting a value at a place from a day on; a lock from above is respected."""
    spec = spec_of(work, key)
    try:
        checked = spec.field.deserialize(value)
    except ma.ValidationError as error:
        reasons = [str(message) for message in _listed(error.messages)]
        sentence = _("This value does not fit: %(reason)s", reason="; ".join(reasons))
        raise InvalidInput(sentence, fields={"value": reasons}) from error
    row = SettingRow(
        key=key,
        unit_id=(unit or work.unit).id,
        valid_from=on or work.today,
        value=spec.field.serialize("value", {"value": checked}),
        locked=locked,
        document_no=document_no,
    )
    return _write(work, row, unit or work.unit)


def _listed(messages: Any) -> Iterable[Any]:
    """Return marshmallow's messages as a list."""
    return messages if isinstance(messages, list) else [str(messages)]


def inherit_setting(
    work: Work,
    *,
    key: str,
    unit: Place | None = None,
    on: date | None = None,
    document_no: str = "",
) -> SettingRow:
    """End a place's own value from a day on; the value from above holds again."""
    row = SettingRow(
        key=spec_of(work, key).key,
        unit_id=(unit or work.unit).id,
        valid_from=on or work.today,
        inherits=True,
        document_no=document_no,
    )
    return _write(work, row, unit or work.unit)


def _write(work: Work, row: SettingRow, unit: Place) -> SettingRow:
    """Write a value; one given before for the same day is withdrawn, not overwritten."""
    now = explain(work, row.key, unit, row.valid_from)
    if now.is_locked and now.source_unit_id != unit.id:
        raise RuleBroken(_("This setting is locked from above; ask the unit that locked it."))
    work.session.execute(
        sa.update(SettingRow)
        .where(
            SettingRow.key == row.key,
            SettingRow.unit_id == unit.id,
            SettingRow.valid_from == row.valid_from,
            SettingRow.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=work.now)
    )
    row.set_by, row.set_at = work.actor.label, work.now
    work.session.add(row)
    work.session.flush()
    work.touch("settings")
    work.session.info["settings"] = SettingSnapshot()
    if not ensure_effective(work, {row.key}):
        rebuild_effective(work, [row.key], units_below(work, unit.id))
    ledger.record(
        work,
        "settings.inherited" if row.inherits else "settings.given",
        ledger.About("setting", row.id, f"{row.key} · {unit.name}", unit.id),
        before={"value": now.value},
        after={
            "value": row.value,
            "from": row.valid_from,
            "locked": row.locked,
            "document_no": row.document_no,
        },
    )
    return row


def withdraw_setting(work: Work, *, key: str, unit: Place, on: date) -> bool:
    """Take back what was given at a place for exactly this day, as if it had never been given.

    Whoever wrote the end of a value beforehand needs this when it ends on another day. Returns
    whether there was anything to take back.
    """
    row = work.session.scalar(
        sa.select(SettingRow).where(
            SettingRow.key == spec_of(work, key).key,
            SettingRow.unit_id == unit.id,
            SettingRow.valid_from == on,
            SettingRow.withdrawn_at.is_(None),
        )
    )
    if row is None:
        return False
    row.withdrawn_at = work.now
    work.session.flush()
    work.touch("settings")
    work.session.info["settings"] = SettingSnapshot()
    rebuild_effective(work, [key], units_below(work, unit.id))
    ledger.record(
        work,
        "settings.withdrawn",
        ledger.About("setting", row.id, f"{key} · {unit.name}", unit.id),
        before={"value": row.value, "from": on},
    )
    return True


def units_below(work: Work, unit_id: uuid.UUID) -> Iterable[uuid.UUID]:
    """Return the unit and everything that ever stood below it."""
    return work.session.scalars(
        sa.select(UnitAncestor.unit_id)
        .where(UnitAncestor.ancestor_id == unit_id, visible(UnitAncestor, work.generation))
        .distinct()
    ).all()


def history(work: Work, key: str, unit: Place) -> list[SettingRow]:
    """Return all values ever given at a place, newest first."""
    return list(
        work.session.scalars(
            sa.select(SettingRow)
            .where(SettingRow.key == key, SettingRow.unit_id == unit.id)
            .order_by(SettingRow.set_at.desc())
        )
    )
