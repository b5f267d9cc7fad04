"""The tree between days: on which days it changed, what differs, what was believed when."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa

from core.periods import EVER, OPEN
from core.units.models import TreeChange, UnitAncestor, UnitVersion
from core.units.places import Place, visible
from core.units.tree import UnitLine, whole_tree
from core.work import Work

MOST_DAYS = 60


@dataclass(frozen=True, slots=True)
class Difference:
    """A unit that is not the same on two days; None where it does not stand there."""

    before: UnitLine | None
    after: UnitLine | None
    under_before: str = ""
    under_after: str = ""

    @property
    def line(self) -> UnitLine:
        """The unit as it is on the later day, or was."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - one of both is always there
        return found


@dataclass
class Comparison:
    """What differs under a unit between two days, by sort; `same` counts what does not."""

    begun: list[Difference] = field(default_factory=list)
    ended: list[Difference] = field(default_factory=list)
    moved: list[Difference] = field(default_factory=list)
    changed: list[Difference] = field(default_factory=list)
    same: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.begun or self.ended or self.moved or self.changed)


def change_days(work: Work, unit: Place, until: date, generation: int | None = None) -> list[date]:
    """Return the last days on which anything that ever stood under a unit changed, in order."""
    known = work.generation if generation is None else generation
    below = (
        sa.select(UnitAncestor.unit_id)
        .where(UnitAncestor.ancestor_id == unit.id, visible(UnitAncestor, known))
        .distinct()
        .subquery("below")
    )
    parts = [
        sa.select(column.label("day"))
        .join(below, below.c.unit_id == UnitVersion.unit_id)
        .where(visible(UnitVersion, known), column > EVER, column < OPEN, column <= until)
        for column in (UnitVersion.valid_from, UnitVersion.valid_to)
    ]
    days = sa.union(*parts).subquery("days")
    statement = sa.select(days.c.day).order_by(days.c.day.desc()).limit(MOST_DAYS)
    return sorted(work.session.scalars(statement))


def stops(days: Sequence[date], shown: date, today: date) -> list[date]:
    """Return the days a slider stops at: the eve and the day of each change, shown one, today."""
    one = timedelta(days=1)
    return sorted({*days, *(day - one for day in days), shown, today})


def known_on(work: Work, day: date | None) -> int | None:
    """Return the generation of the tree that was believed at the end of a day; None for today's.

    What was entered later is taken away; a plan that was reverted meanwhile is not shown again,
    `work.hooks.tree_taken_back` names it.
    """
    if day is None or day >= work.today:
        return None
    first = work.session.scalar(
        sa.select(sa.func.min(TreeChange.generation)).where(TreeChange.at >= work.end_of(day))
    )
    return work.generation if first is None else min(int(first) - 1, work.generation)


def taken_back(work: Work, day: date | None) -> list[str]:
    """Return, as sentences, what the tree had been by the end of a past day and was taken back."""
    if day is None or day >= work.today:
        return []
    return list(work.hooks.tree_taken_back(at=work.end_of(day)))


def compare(work: Work, unit: Place, first: date, second: date) -> Comparison:
    """Return what differs under a unit between two days: two statements."""
    before = {line.id: line for line, _depth in whole_tree(work, unit, first)}
    after = {line.id: line for line, _depth in whole_tree(work, unit, second)}
    found = Comparison()
    for unit_id in [*after, *(key for key in before if key not in after)]:
        one = _difference(unit_id, before, after)
        if one.before is None:
            found.begun.append(one)
        elif one.after is None:
            found.ended.append(one)
        elif unit_id != unit.id and one.before.parent_id != one.after.parent_id:
            found.moved.append(one)
        elif _facts(one.before) != _facts(one.after):
            found.changed.append(one)
        else:
            found.same += 1
    return found


def _difference(
    unit_id: uuid.UUID, before: Mapping[uuid.UUID, UnitLine], after: Mapping[uuid.UUID, UnitLine]
) -> Difference:
    one, two = before.get(unit_id), after.get(unit_id)
    return Difference(one, two, _above(one, before), _above(two, after))


def _above(line: UnitLine | None, tree: Mapping[uuid.UUID, UnitLine]) -> str:
    above = tree.get(line.parent_id) if line is not None and line.parent_id else None
    return above.name if above is not None else ""


def _facts(line: UnitLine) -> tuple[str, str, str, bool]:
    return line.name, line.kind, line.sector, line.is_grassroots
