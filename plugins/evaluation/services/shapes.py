"""Plain values that services take from forms and hand to pages, the API and papers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from core.i18n import share_text

Key = uuid.UUID


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """What a campaign is opened with; empty days are proposed by the settings."""

    title: str
    period_key: str
    period_kind: str = "year"
    period_start: date | None = None
    period_last: date | None = None
    subjects: Sequence[str] = ("collective", "member", "unit")
    document_no: str = ""
    days: Mapping[tuple[str, str], date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """Which evaluations are listed; `…_here`: only those this unit is competent for."""

    subject: str = ""
    stage: str = ""
    level: str = ""
    group: str = ""
    subtree: bool = True
    appraised_here: bool = False
    decided_here: bool = False
    unit_id: Key | None = None
    has_level: bool = False
    ids: Sequence[Key] | None = None


@dataclass(frozen=True, slots=True)
class BallotRow:
    """The counts of one evaluation; what is missing up to the papers returned is invalid."""

    review_id: Key
    excellent: int = 0
    good: int = 0
    completed: int = 0
    not_completed: int = 0


@dataclass(frozen=True, slots=True)
class Sitting:
    """What is the same for all ballots of one meeting."""

    entitled: int
    present: int
    issued: int
    returned: int
    voted_on: date


@dataclass(frozen=True, slots=True)
class Pick:
    """The level picked for an evaluation, with its place in the ranking and why."""

    level: str
    points: float | None = None
    rank: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The document that decides."""

    number: str
    on: date
    order_document: str = ""


@dataclass(frozen=True, slots=True)
class Headroom:
    """How many of a group may still be excellent, under which rule, who fills the places."""

    counter_id: Key
    title: str
    subject_kind: str
    scope: str
    rated: int
    base: int
    share: int
    room: int
    extra: int
    excellent: int
    sentence: str
    names: Sequence[str] = ()

    @property
    def left(self) -> int:
        """How many places are free."""
        return self.room - self.excellent


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many evaluations of a place stand at each stage, and how many are late."""

    unit_id: Key
    code: str
    name: str
    stages: Mapping[str, int]
    late: int
    not_rated: int = 0
    kind: str = ""

    @property
    def total(self) -> int:
        """All that are to be rated."""
        return sum(self.stages.values())

    @property
    def done(self) -> int:
        """Those that are decided."""
        return self.stages.get("notice", 0) + self.stages.get("done", 0)


@dataclass(frozen=True, slots=True)
class LevelLine:
    """A line of the table of results: a group with its counts by level."""

    key: str
    name: str
    excellent: int = 0
    good: int = 0
    completed: int = 0
    not_completed: int = 0
    not_rated: int = 0

    @property
    def rated(self) -> int:
        """How many have a level."""
        return self.excellent + self.good + self.completed + self.not_completed

    @property
    def good_or_better(self) -> int:
        """How many are good or excellent."""
        return self.excellent + self.good

    @property
    def share(self) -> str:
        """Good or better of those rated, as people write it."""
        return share_text(self.good_or_better, self.rated)

    @property
    def excellent_share(self) -> str:
        """Excellent of those good or better."""
        return share_text(self.excellent, self.good_or_better)


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact beside a criterion: its title, its figure as text, where it comes from, for when."""

    title: str
    text: str
    source: str
    period: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion with the facts that stand beside it; the facts never fill in the points."""

    key: str
    title: str
    most: int | None
    own: float | None = None
    facts: Sequence[Fact] = ()


@dataclass(frozen=True, slots=True)
class YearLevel:
    """What somebody was rated in a year."""

    year: int
    level: str | None
    unit_name: str = ""


@dataclass(frozen=True, slots=True)
class YearFigures:
    """The figures of a year for the organisation of today; `note` says how parts count."""

    year: int
    rated: float
    good_or_better: float
    excellent: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    """Somebody with the number of years running in which they were excellent."""

    subject_id: Key
    name: str
    unit_name: str
    years: Sequence[YearLevel]


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed in the figures since a report was sent."""

    name: str
    then: LevelLine
    now: LevelLine
