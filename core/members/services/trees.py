"""The tree of a day with its head counts: one statement for units, one for counts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.members.services.counting import NONE, count_by_home, head_counts
from core.units.models import UnitAncestor
from core.units.places import Place, valid_on, visible
from core.units.tree import UnitLine, whole_tree
from core.work import Work

COMPARED, SHOWN_DIFFERENCES = 20_000, 300
"""Up to so many units two days are compared on a page, and so many differences are listed."""

WHOLE = 700
"""Up to so many units a page shows a tree as a whole; of a larger one the two upper levels."""


@dataclass(slots=True)
class CountedUnit:
    """A unit with the head count of its subtree and the units directly under it."""

    code: str
    name: str
    kind: str
    members: int | None
    children: list[CountedUnit] = field(default_factory=list)
    has_more: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the nested object that every interface hands out."""
        return {
            "code": self.code,
            "name": self.name,
            "kind": self.kind,
            "members": self.members,
            "children": [child.as_json() for child in self.children],
        }


def counted_tree(
    work: Work,
    unit: Place,
    on: date,
    deepest: int | None = None,
    generation: int | None = None,
) -> CountedUnit | None:
    """Return the tree of a unit on a day; None when it was not there.

    Every unit counts its subtree. `deepest` cuts what stands further below, not the counts. Under
    an older `generation` nobody is counted: where people belonged is known as of now only.
    """
    listed = whole_tree(work, unit, on, deepest, generation)
    if not listed:
        return None
    is_counted = generation is None
    own = _counts(work, unit, on, listed, deepest) if is_counted else {}
    nodes: dict[uuid.UUID, CountedUnit] = {}
    for line, depth in listed:
        node = CountedUnit(
            line.code, line.name, line.kind, own.get(line.id, 0) if is_counted else None
        )
        node.has_more = depth == deepest and line.kind not in ("branch", "group")
        nodes[line.id] = node
        if line.parent_id in nodes:
            nodes[line.parent_id].children.append(node)
    if deepest is None and is_counted:
        _add_up(listed, nodes)
    return nodes[listed[0][0].id]


def _add_up(listed: Sequence[tuple[UnitLine, int]], nodes: Mapping[uuid.UUID, CountedUnit]) -> None:
    """Let every unit count its subtree, from the bottom up."""
    for line, _depth in reversed(listed):
        above = nodes.get(line.parent_id) if line.parent_id else None
        if above is not None:
            above.members = (above.members or 0) + (nodes[line.id].members or 0)


def _counts(
    work: Work,
    unit: Place,
    on: date,
    listed: Sequence[tuple[UnitLine, int]],
    deepest: int | None,
) -> Mapping[uuid.UUID, int]:
    """Count members: of each single unit of a whole tree, of the subtrees of one that is cut."""
    if deepest is None:
        return count_by_home(work, unit, on)
    found = head_counts(work, unit, on, [line.id for line, _depth in listed])
    return {unit_id: count.total for unit_id, count in found.items()}


def size_of(work: Work, unit: Place, on: date, generation: int | None = None) -> int:
    """Count the units of a subtree on a day, the unit itself included."""
    return int(
        work.session.scalar(
            sa.select(sa.func.count())
            .select_from(UnitAncestor)
            .where(
                UnitAncestor.ancestor_id == unit.id,
                valid_on(UnitAncestor, on),
                visible(UnitAncestor, work.generation if generation is None else generation),
            )
        )
        or 0
    )


__all__ = [
    "COMPARED",
    "NONE",
    "SHOWN_DIFFERENCES",
    "WHOLE",
    "CountedUnit",
    "counted_tree",
    "size_of",
]
