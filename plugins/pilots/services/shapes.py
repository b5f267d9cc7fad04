"""What services take and hand out: models, coverage, lines of lists, differences, comparisons."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from core.i18n import share_text
from core.units.places import Place
from core.units.standing import Standing

from ..models import ModelFacts, Registration, Review, Trial

Key = uuid.UUID


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote on registering or on one's own score, as counts."""

    on: date | None = None
    entitled: int | None = None
    present: int | None = None
    in_favour: int | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a model reaches: eligible units, those registered, those recognised."""

    eligible: int = 0
    registered: int = 0
    recognised: int = 0

    @property
    def of_eligible(self) -> str:
        """Registered of eligible, with the share."""
        return share_text(self.registered, self.eligible)

    @property
    def of_registered(self) -> str:
        """Recognised of registered, with the share."""
        return share_text(self.recognised, self.registered)


@dataclass(frozen=True, slots=True)
class ReachLine:
    """The reach of a model in a unit and below it, or in a kind of units."""

    name: str
    reach: Reach
    code: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class RegistrationLine:
    """A registration as lists show it; as of a day without what came later."""

    registration: Registration
    place: Standing
    model_title: str
    state: str
    day: date | None = None

    @property
    def id(self) -> Key:
        """The registration's key."""
        return self.registration.id

    @property
    def unit_code(self) -> str:
        """The code of its unit."""
        return self.place.code

    @property
    def unit_name(self) -> str:
        """The name of its unit."""
        return self.place.name

    @property
    def points(self) -> int | None:
        """The points the unit gave itself."""
        row = self.registration
        return None if self._came_later(row.scored_on) else row.self_points

    @property
    def recognised_on(self) -> date | None:
        """The day on which it was recognised."""
        on = self.registration.recognised_on
        return None if self._came_later(on) else on

    @property
    def ended_on(self) -> date | None:
        """The first day without it."""
        on = self.registration.ended_on
        return None if self._came_later(on) else on

    def _came_later(self, on: date | None) -> bool:
        return self.day is not None and on is not None and on > self.day


@dataclass(frozen=True, slots=True)
class TrialLine:
    """A trial as lists show it, with its state and its sunset as of their day."""

    trial: Trial
    place: Standing
    state: str
    sunset_on: date


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A review as lists show it; `sent_at` is None where it was a draft on their day."""

    review: Review
    place: Standing
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a registration's way: `done`, `now` or `todo`."""

    key: str
    title: str
    state: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A milestone of a unit's part; `number` is its place in the model, or -1 where it left it."""

    title: str
    number: int
    due_on: date
    reached_on: date | None = None
    remark: str = ""

    def state(self, today: date) -> str:
        """Say where it stands on a day: `reached`, `late` or `waits`."""
        if self.reached_on is not None:
            return "reached"
        return "late" if self.due_on < today else "waits"


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """The next review of a unit's part, or of a trial, with the day it is due."""

    record: Registration | Trial
    model_title: str
    place: Place
    due_on: date


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One line of a difference of settings, with the words a person reads."""

    unit_code: str
    unit_name: str
    key: str
    title: str
    on: date
    before: str
    after: str
    action: str
    obstacle: str


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Lines of a difference that say the same of several units."""

    line: ChangeLine
    units: Sequence[str]


@dataclass(frozen=True, slots=True)
class UnitValue:
    """What one unit did before and after; None where it has no figure."""

    unit_id: Key
    code: str
    name: str
    is_pilot: bool
    before: float | None
    after: float | None

    @property
    def difference(self) -> float | None:
        """After less before."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Estimate:
    """Difference of differences with the range that holds it; None where it cannot be reckoned."""

    pilot_units: int
    comparison_units: int
    pilot_before: float | None
    pilot_after: float | None
    comparison_before: float | None
    comparison_after: float | None
    effect: float | None
    low: float | None
    high: float | None
    confidence: int

    @property
    def verdict(self) -> str:
        """`more` or `less` where the range leaves 0 out, else `unclear`; `unknown` without one."""
        if self.effect is None:
            return "unknown"
        if self.low is None or self.high is None:
            return "unclear"
        if self.low > 0:
            return "more"
        return "less" if self.high < 0 else "unclear"


@dataclass(frozen=True, slots=True)
class Effect:
    """One indicator of a comparison: units, estimate, the course by month, words and warnings."""

    key: str
    title: str
    is_rate: bool
    values: Sequence[UnitValue]
    estimate: Estimate
    labels: Sequence[str]
    pilot_course: Sequence[float | None]
    comparison_course: Sequence[float | None]
    sentence: str
    warnings: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """A whole comparison of a trial, with what it cannot show."""

    trial: Trial
    before: str
    after: str
    pilot_names: Sequence[str]
    comparison_names: Sequence[str]
    effects: Sequence[Effect]
    limits: Sequence[str]
    problems: Sequence[str] = field(default_factory=tuple)


__all__ = [
    "ChangeGroup",
    "ChangeLine",
    "Comparison",
    "Effect",
    "Estimate",
    "Key",
    "MilestoneLine",
    "ModelFacts",
    "Reach",
    "ReachLine",
    "RegistrationLine",
    "ReviewDue",
    "ReviewLine",
    "Step",
    "TrialLine",
    "UnitValue",
    "Vote",
]
