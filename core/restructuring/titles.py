"""How operations and states of a plan are called."""

from __future__ import annotations

from core.i18n import LazyText, lazy

OPERATIONS: dict[str, LazyText] = {
    "establish": lazy("Establish"),
    "merge_into": lazy("Merge into"),
    "consolidate": lazy("Consolidate"),
    "divide": lazy("Divide"),
    "split_off": lazy("Split off"),
    "transfer": lazy("Transfer"),
    "convert": lazy("Convert"),
    "rename": lazy("Rename"),
    "dissolve": lazy("Dissolve"),
    "terminate": lazy("End of activity"),
}
STATES: dict[str, LazyText] = {
    "draft": lazy("Draft"),
    "checked": lazy("Waiting for approval"),
    "approved": lazy("Approved"),
    "applied": lazy("Applied"),
    "reverted": lazy("Reverted"),
}
