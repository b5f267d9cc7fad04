"""What services hand to pages and programs: steps, what is missing, dossiers, cards, lines."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..models import Candidate, Clock, DossierPaper, DossierVote, Judgement, Passage, Supporter

Key = uuid.UUID


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a dossier, by the template of a place and day."""

    key: str
    title: str
    stage: str
    kind: str
    who: str
    form: str = ""
    validity: str = ""
    may_not_apply: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """The steps of a place on a day, with its stages in order."""

    steps: tuple[Step, ...]
    stages: tuple[str, ...]
    source: str = ""

    def step(self, key: str) -> Step | None:
        """Return the step of a key."""
        return next((step for step in self.steps if step.key == key), None)

    def of_kind(self, kind: str) -> Step:
        """Return the one step of a kind that every dossier has."""
        return next(step for step in self.steps if step.kind == kind)

    def at(self, stage: str) -> list[Step]:
        """Return the steps of a stage."""
        return [step for step in self.steps if step.stage == stage]


@dataclass(frozen=True, slots=True)
class Missing:
    """What is still missing: which step, who has it, why it does not count yet."""

    step: str
    title: str
    who: str
    reason: str
    stage: str


@dataclass(slots=True)
class Dossier:
    """Everything about one candidate that a page shows."""

    candidate: Candidate
    template: Template
    papers: Mapping[str, DossierPaper]
    votes: Sequence[DossierVote]
    clocks: Sequence[Clock]
    supporters: Sequence[Supporter]
    judgement: Judgement | None = None
    passages: Sequence[Passage] = ()
    old_papers: Sequence[DossierPaper] = ()

    @property
    def running(self) -> list[Clock]:
        """The clocks that run, what ends first on top."""
        return [clock for clock in self.clocks if clock.stopped_on is None]

    def votes_on(self, step: str) -> list[DossierVote]:
        """Return the votes on a step, in order of time."""
        return [vote for vote in self.votes if vote.step == step]


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateFacts:
    """What is typed in about a candidate."""

    full_name: str
    birth_date: date | None = None
    birth_precision: str = "day"
    sex: str = ""
    phone: str = ""
    education: str = ""
    groups: Sequence[str] = ()
    is_union_member: bool = False
    entered_on: date | None = None
    former_card_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """What is typed in about a paper: its day, its number, its result."""

    dated_on: date
    number: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """A vote as counts."""

    held_on: date
    present: int
    in_favour: int
    against: int = 0
    invalid: int = 0
    number: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One condition, reckoned: met, not met, or not known, with the sentence that explains it."""

    key: str
    title: str
    is_met: bool | None
    sentence: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A candidate on the board, or in a list; `kept_by` is the code of the unit of today.

    As of an earlier day unit, stage and state are those of then; the dossier opens at `kept_by`.
    """

    id: Key
    name: str
    unit_id: Key
    unit_code: str
    unit_name: str
    kept_by: str
    stage: str
    state: str
    stage_since: date
    clock: str = ""
    due_on: date | None = None
    missing: Sequence[Missing] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A stage of the board with its cards, the most urgent first, and how many there are."""

    stage: str
    count: int
    cards: Sequence[Card]


@dataclass(frozen=True, slots=True)
class Board:
    """All stages with their cards, and the dossier whose clock runs out first."""

    columns: Sequence[Column]
    urgent: Card | None
    open: int
    late: int
    soon: int


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A unit with its target and what is done of it."""

    unit_id: Key
    code: str
    name: str
    progress: Any
    target_id: Key | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Targets:
    """The targets of a unit and those directly below it, for a period."""

    whole: TargetLine
    lines: Sequence[TargetLine]
    next: str | None
    period_from: date
    period_to: date
    groups: Sequence[tuple[str, str, int, int | None]] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class QuietBranch:
    """A branch that has admitted nobody for some years."""

    unit_id: Key
    code: str
    name: str
    last_on: date | None
    years: int
