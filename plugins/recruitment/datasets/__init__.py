"""Admissions and targets as files: the datasets `admissions` and `admission-targets`."""

from __future__ import annotations

from core.exchange.applying import TableWriter
from core.exchange.registry import Dataset
from core.i18n import lazy

from .. import permissions
from .admissions import AdmissionRow, dump_admissions, load_admissions, settle_admissions
from .targets import TargetRow, dump_targets, load_targets

datasets = [
    Dataset(
        "admissions",
        lazy("Admissions"),
        AdmissionRow,
        load=load_admissions,
        dump=dump_admissions,
        permission_import=permissions.IMPORT,
        permission_export=permissions.EXPORT,
        about="member",
        finish=settle_admissions,
        writer=TableWriter(derived={"core_member": frozenset({"unit_id", "status"})}),
        guidance=(
            lazy("Who was admitted. A member who is not entered yet is made from the row."),
            lazy(
                "A person is known by the card number, else by the record number, else by unit, "
                "name and birth date."
            ),
            lazy("An empty cell leaves what is stored."),
        ),
        order=70,
    ),
    Dataset(
        "admission-targets",
        lazy("Targets of admission"),
        TargetRow,
        load=load_targets,
        dump=dump_targets,
        permission_import=permissions.IMPORT,
        permission_export=permissions.EXPORT,
        about="admission_target",
        guidance=(
            lazy("How many a unit is to admit from one day to another, both included."),
            lazy("A target of a committee is its own; those of its branches divide it."),
        ),
        order=71,
    ),
]

__all__ = ["datasets"]
