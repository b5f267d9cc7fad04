"""Units and their descent as files: the datasets `units` and `lineage`."""

from __future__ import annotations

from core.exchange.registry import Dataset
from core.i18n import lazy
from core.units import permissions
from core.units.datasets.description import LineageRow, UnitRow, unit_choices
from core.units.datasets.dumping import dump_lineage, dump_units, units_within
from core.units.datasets.lineage import LineageWriter, load_lineage
from core.units.datasets.loading import load_units
from core.units.datasets.writing import TreeWriter

datasets = [
    Dataset(
        "units",
        lazy("Units"),
        UnitRow,
        load=load_units,
        dump=dump_units,
        permission_import=permissions.MANAGE,
        permission_export=permissions.SEE,
        about="unit",
        writer=TreeWriter(),
        choices=unit_choices,
        aliases={"level": "kind"},
        block=0,  # a parent may stand anywhere in the file
        guidance=(
            lazy("One row for each span in which a unit had one name, kind and parent."),
            lazy("Codes never change and are never used again."),
            lazy("An empty cell leaves what is stored; a new unit without a parent stands on top."),
        ),
        order=10,
    ),
    Dataset(
        "lineage",
        lazy("Descent of units"),
        LineageRow,
        load=load_lineage,
        dump=dump_lineage,
        permission_import=permissions.MANAGE,
        permission_export=permissions.SEE,
        about="unit",
        writer=LineageWriter(),
        block=0,
        guidance=(lazy("An empty share is an unknown one; it is never taken for a half."),),
        order=20,
    ),
]

__all__ = ["datasets", "units_within"]
