"""What a plan is compiled from, and what it comes to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from core.restructuring.operations import Operation
from core.units.versions import VersionFacts

MAIN, REFUSE = "main", "refuse"
"""What happens to what nobody assigned: it goes to the main successor, or the plan is refused."""


@dataclass
class Known:
    """What a plan is compiled against: units by code, their versions, and who stands below them.

    `versions` hold all versions of every unit named, of all its children, and of what stands
    above. `taken` are codes that exist among those the plan gives to new units, `kinds` the kinds
    there are (none: they are not checked), `rules` the pairs (above, below) that usually go
    together.
    """

    ids: dict[str, uuid.UUID] = field(default_factory=dict)
    versions: dict[uuid.UUID, list[VersionFacts]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    kinds: frozenset[str] = frozenset()
    rules: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a plan says: operations for one day, by a decision, and where divided things go."""

    on: date
    operations: Sequence[Operation]
    decision_no: str = ""
    decision_date: date | None = None
    parents: Mapping[str, str] = field(default_factory=dict)
    unassigned: str = REFUSE


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to put right, or to look at: a sentence and the codes of the units it is about."""

    kind: str
    sentence: str
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Descent:
    """From which unit one came, as it will be written."""

    predecessor: uuid.UUID
    successor: uuid.UUID
    share: Fraction | None
    is_main: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one unit; `follows` where it only goes along with what it stood under."""

    kind: str
    unit_id: uuid.UUID
    before: VersionFacts | None
    after: VersionFacts | None
    reason: str = ""
    follows: bool = False


@dataclass
class Outcome:
    """Everything a plan writes about the tree, and what stands in its way.

    `versions` are the whole lists of units that differ, `ended` the operation by which a unit
    ends, `heirs` who takes over an ended unit or the main part of it, `divided` among whom a unit
    is divided, `unplaced` the codes of what stays although its level was to end.
    """

    on: date
    versions: dict[uuid.UUID, list[VersionFacts]] = field(default_factory=dict)
    begun: dict[str, uuid.UUID] = field(default_factory=dict)
    descents: list[Descent] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    ended: dict[uuid.UUID, str] = field(default_factory=dict)
    heirs: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    divided: dict[uuid.UUID, list[uuid.UUID]] = field(default_factory=dict)
    ids: dict[str, uuid.UUID] = field(default_factory=dict)
    codes: dict[uuid.UUID, str] = field(default_factory=dict)
    names: dict[uuid.UUID, str] = field(default_factory=dict)
    unplaced: list[str] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    def heir(self, unit_id: uuid.UUID) -> uuid.UUID | None:
        """Return who has taken over in the end, through several operations of the plan.

        A unit that does not end is its own heir; None where nobody takes over.
        """
        seen: set[uuid.UUID] = set()
        current: uuid.UUID | None = unit_id
        while current is not None and current in self.ended and current not in seen:
            seen.add(current)
            current = self.heirs.get(current)
        return None if current in seen else current

    def said(self, unit_id: uuid.UUID | None) -> str:
        """Return how a unit is called: its name and its code."""
        if unit_id is None:
            return "–"
        code = self.codes.get(unit_id, "")
        name = self.names.get(unit_id, "")
        return f"{name} ({code})" if name else code
