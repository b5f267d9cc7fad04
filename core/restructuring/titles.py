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
    "cancelled": lazy("Cancelled"),
}
MEANINGS: dict[str, LazyText] = {
    "establish": lazy("A new unit begins."),
    "merge_into": lazy("A unit ends and joins another, which goes on."),
    "consolidate": lazy("Several units end, and a new one begins in their place."),
    "divide": lazy("A unit ends, and two new ones begin in its place."),
    "split_off": lazy("A unit goes on, and a new one begins from a part of it."),
    "transfer": lazy("A unit with everything below it goes under another superior."),
    "convert": lazy("A unit becomes another kind, or gets other powers, seal or term."),
    "rename": lazy("A unit gets another name."),
    "dissolve": lazy("A unit ends by a decision of its own."),
    "terminate": lazy("A unit ends because its level ended."),
}
