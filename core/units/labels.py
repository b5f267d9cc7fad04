"""The printed words of sectors and of operations on units."""

from __future__ import annotations

from core.i18n import lazy

SECTOR = {
    "residential": lazy("Residential area"),
    "office": lazy("Office"),
    "public_service": lazy("Public service unit"),
    "school": lazy("School"),
    "enterprise": lazy("Enterprise"),
    "military": lazy("Military"),
    "police": lazy("Police"),
}
OPERATION = {
    "establish": lazy("Established"),
    "rename": lazy("Renamed"),
    "convert": lazy("Made another kind"),
    "transfer": lazy("Placed under another superior"),
    "terminate": lazy("Ended its work"),
    "correct": lazy("Entry corrected"),
    "void": lazy("Voided"),
    "merge_into": lazy("Merged into another"),
    "consolidate": lazy("Consolidated into a new one"),
    "divide": lazy("Divided"),
    "split_off": lazy("Split off"),
    "dissolve": lazy("Dissolved"),
}
