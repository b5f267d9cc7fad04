"""What can be imported and exported: each dataset with its columns, its reading and writing.

A plugin adds a dataset by a module `datasets.py` and one line in its `plugin.py`:

    class MeetingRow(FormSchema):
        unit_code = LineField(required=True, most=40, metadata={"label": lazy("Unit code")})
        held_on = DayField(required=True, metadata={"label": lazy("Day")})

    def load(work: Work, rows: Sequence[Row]) -> None:
        units = units_of(work, rows, permission=permissions.MANAGE, plugin="meetings")
        stored = …                          # one statement for all rows
        for row in rows:
            unit = units.get(row.get("unit_code"))
            if unit is None:                # `units_of` has rejected the row, with its reason
                continue
            known = stored.get((unit.id, row.get("held_on")))
            if row.is_sound and known is None:
                row.is_new = True
                row.insert(Meeting, unit_id=unit.id, held_on=row.get("held_on"), …)
            elif row.is_sound:
                row.alter(Meeting, known, title=row.get("title", known["title"]))
            row.target_id, row.unit_id = …, unit.id

    def dump(work: Work, unit: Place, as_of: date | None) -> Iterator[Sequence[Any]]:
        …                                   # values in the order of the schema's fields

    datasets = [Dataset("meetings", lazy("Meetings"), MeetingRow, load=load, dump=dump, …)]

and `from .datasets import datasets` there. Rows come with clean values only of the cells that are
filled: an empty cell leaves what is stored. `load` rejects, and says what to write; the exchange
writes it, tells the ledger, remembers it, and can take it back. Where a person is named, take the
columns of `core.members.datasets.PersonRow` and find them with its `people_of`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import marshmallow as ma

from core.chunks import CHUNK
from core.exchange.applying import TABLES, Writer
from core.exchange.rows import Row
from core.exchange.workbook import Column
from core.exchange.workbook.columns import Kind, Text
from core.forms import MonthField
from core.units.places import Place
from core.work import Work

if TYPE_CHECKING:
    from core.plugin_host import PluginHost

BLOCK = CHUNK
"""Rows that are looked at together, as many as one statement carries; they stay in memory."""

Load = Callable[[Work, Sequence[Row]], None]
Dump = Callable[[Work, Place, "date | None"], Iterator[Sequence[Any]]]
Finish = Callable[[Work, "set[uuid.UUID]"], None]
Remark = Callable[[Work, "set[Hashable]"], "list[str]"]
Choices = Callable[[Work], Mapping[str, Sequence[tuple[str, Text]]]]


def nothing_more(work: Work, ids: set[uuid.UUID]) -> None:
    """Leave it at what was written."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """What can be imported and exported under one name.

    `schema` describes a row: its fields are the columns, in this order; `label`, `hint`, `example`
    and `width` in a field's metadata are for people. `load` looks at rows and says what they
    change; `dump` yields all rows of a unit's subtree, every version, or those of a day. `finish`
    brings derived tables up to date for the records (`Row.target_id`) that were written or taken
    back; `arrive`, where given, for those that are new with a block. `remark` says what people
    should look at though every row is taken in: it sees all that was written, or in a check would
    be, and gets the `Row.topic` of those rows. `about` is what the ledger calls such a record.
    `choices` are those that stand in tables, by column; `aliases` are further headings.
    `permission_import` is needed at each unit a row names (`units_of` asks for it). `block` rows
    are loaded together, 0 means all; rows of which `together` is true are never parted.
    """

    key: str
    title: Text
    schema: type[ma.Schema]
    load: Load
    dump: Dump
    permission_import: str
    permission_export: str
    about: str = ""
    finish: Finish = nothing_more
    arrive: Finish | None = None
    remark: Remark | None = None
    writer: Writer = TABLES
    choices: Choices | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    together: Callable[[Row, Row], bool] | None = None
    block: int = BLOCK
    guidance: Sequence[Text] = ()
    order: int = 50
    plugin: str | None = None

    def columns(self, work: Work) -> list[Column]:
        """Return the columns of the sheet as the schema describes them."""
        chosen = self.choices(work) if self.choices else {}
        return [
            _column(one.data_key or name, one, chosen.get(one.data_key or name))
            for name, one in self.schema().load_fields.items()
        ]

    def is_on(self, work: Work) -> bool:
        """Whether the dataset's plugin is on in the work's unit."""
        return self.plugin is None or work.host.is_on(work, self.plugin)


KINDS: tuple[tuple[type[Any], Kind], ...] = (
    (MonthField, "month"),
    (ma.fields.Date, "day"),
    (ma.fields.Boolean, "yes_no"),
    (ma.fields.Number, "number"),
)


def _column(
    key: str, one: ma.fields.Field[Any], chosen: Sequence[tuple[str, Text]] | None
) -> Column:
    """Return the column of a field."""
    meta = one.metadata
    usual: Kind = next((kind for type_, kind in KINDS if isinstance(one, type_)), "text")
    kind: Kind = meta.get("cell", usual)
    choices = tuple(chosen) if chosen is not None else _choices(one)
    return Column(
        key=key,
        title=meta.get("label", key),
        kind="choice" if choices else kind,
        required=one.required,
        choices=choices,
        hint=meta.get("hint", ""),
        example=meta.get("example", ""),
        width=meta.get("width"),
    )


def _choices(one: ma.fields.Field[Any]) -> tuple[tuple[str, Text], ...]:
    """Return the choices of a field whose values are few."""
    for check in one.validators:
        if isinstance(check, ma.validate.OneOf):
            labels = list(check.labels) or list(check.choices)
            return tuple(zip(map(str, check.choices), labels, strict=False))
    return ()


class DatasetRegistry(Mapping[str, Dataset]):
    """The datasets of core and of the loaded plugins, in the order in which they are imported."""

    def __init__(self) -> None:
        """Begin empty."""
        self._found: dict[str, Dataset] = {}

    def add(self, datasets: Iterable[Dataset], plugin: str | None) -> None:
        """Take in the datasets of a plugin, or of core; a key is taken once."""
        for dataset in datasets:
            if dataset.key in self._found:
                raise ValueError(f"the dataset {dataset.key} is declared twice")
            self._found[dataset.key] = replace(dataset, plugin=plugin)

    def __getitem__(self, key: str) -> Dataset:
        """Return the dataset of a key."""
        return self._found[key]

    def __iter__(self) -> Iterator[str]:
        """Go through the keys: what others build on comes first."""
        return iter(sorted(self._found, key=lambda key: (self._found[key].order, key)))

    def __len__(self) -> int:
        """Count the datasets."""
        return len(self._found)


def collect(host: PluginHost) -> None:
    """Gather the datasets that features and plugins offer; called once, when all are loaded."""
    registry = DatasetRegistry()
    for plugin in host.sound():
        registry.add(plugin.offered("datasets"), None if plugin.is_core else plugin.name)
    host.registries["datasets"] = registry


def datasets_of(work: Work) -> Mapping[str, Dataset]:
    """Return the datasets of this process, those of plugins in quarantine left out."""
    registry: DatasetRegistry = work.host.registries["datasets"]
    plugins = work.host.plugins
    return {
        key: dataset
        for key, dataset in registry.items()
        if dataset.plugin is None or plugins[dataset.plugin].is_sound
    }
