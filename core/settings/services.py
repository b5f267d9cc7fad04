"""What can be done with settings: give a value, let it inherit again, change many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.errors import RuleBroken
from core.i18n import _
from core.names import search_key
from core.scope import require
from core.settings.models import SettingRow
from core.settings.permissions import MANAGE, SWITCH
from core.settings.registry import SettingSpec
from core.settings.writing import INHERIT, WITHDRAW, SettingChange, spec_of, write
from core.units.places import Place
from core.work import Work


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
    change = SettingChange(
        key,
        unit or work.unit,
        on or work.today,
        value=value,
        locked=locked,
        document_no=document_no,
    )
    return write(work, [change])[0]


def inherit_setting(
    work: Work,
    *,
    key: str,
    unit: Place | None = None,
    on: date | None = None,
    document_no: str = "",
) -> SettingRow:
    """End a place's own value from a day on; the value from above holds again."""
    change = SettingChange(
        key, unit or work.unit, on or work.today, INHERIT, document_no=document_no
    )
    return write(work, [change])[0]


def change_settings(work: Work, changes: Sequence[SettingChange]) -> list[SettingRow]:
    """Write changes at many units as one act, all or none; the right is asked for at each unit.

    The same rules as for one, in a number of statements that does not grow with the units below
    some hundreds: locks from above, values that fit, a line in the ledger for each. What is
    withdrawn goes first; returns the new rows.
    """
    spots = Counter(one.spot for one in changes if one.action != WITHDRAW)
    if any(number > 1 for number in spots.values()):
        raise ValueError("Two values for one setting, unit and day.")
    for permission, switches in ((MANAGE, False), (SWITCH, True)):
        ids = {one.unit.id for one in changes if is_switch(one.key) == switches}
        if ids:
            require(work, permission, ids)
    return write(work, changes)


def may_change(work: Work, spots: Iterable[tuple[str, Place]]) -> bool:
    """Whether the actor may change these settings at these units, as `change_settings` asks."""
    return all(
        work.may(SWITCH if is_switch(key) else MANAGE, place) for key, place in dict.fromkeys(spots)
    )


def history(work: Work, key: str, unit: Place) -> list[SettingRow]:
    """Return all values ever given at a place, newest first."""
    return list(
        work.session.scalars(
            sa.select(SettingRow)
            .where(SettingRow.key == key, SettingRow.unit_id == unit.id)
            .order_by(SettingRow.set_at.desc())
        )
    )


__all__ = [
    "SettingChange",
    "change_settings",
    "find_specs",
    "give_setting",
    "history",
    "inherit_setting",
    "is_switch",
    "refuse_switch",
    "spec_of",
]
