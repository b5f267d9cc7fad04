"""What can be set: each setting with its type, its dated defaults and their source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import marshmallow as ma

from core.i18n import LazyText
from core.periods import EVER


@dataclass(frozen=True, slots=True)
class Default:
    """A default from a day on, with the document it comes from."""

    value: Any
    source: str = ""
    valid_from: date = EVER


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """One setting: key, title, type as a marshmallow field, defaults in order of their day.

    `in_sql` asks for effective values per unit in the database, for statements over many units.
    """

    key: str
    title: LazyText | str
    field: ma.fields.Field[Any]
    defaults: Sequence[Default] = ()
    meaning: LazyText | str = ""
    in_sql: bool = False
    group: str = ""

    def default_on(self, day: date) -> Default:
        """Return the default in force on a day."""
        kept = self.defaults[0] if self.defaults else Default(None)
        for default in self.defaults:
            if default.valid_from <= day:
                kept = default
        return kept


class SettingRegistry:
    """All settings of core and of the loaded plugins."""

    def __init__(self) -> None:
        """Begin empty."""
        self._specs: dict[str, SettingSpec] = {}

    def add(self, specs: Iterable[SettingSpec]) -> None:
        """Take in settings; a key is taken once."""
        for spec in specs:
            if spec.key in self._specs:
                raise ValueError(f"the setting {spec.key} is declared twice")
            self._specs[spec.key] = spec

    def get(self, key: str) -> SettingSpec | None:
        """Return a setting, or None."""
        return self._specs.get(key)

    def __iter__(self) -> Any:
        """Go through all settings by key."""
        return iter(sorted(self._specs.values(), key=lambda spec: spec.key))

    def remove(self, prefix: str) -> None:
        """Forget the settings of a plugin."""
        for key in [key for key in self._specs if key.startswith(prefix + ".")]:
            del self._specs[key]
