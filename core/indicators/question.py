"""What is asked of figures: where, for which period, in which tree, in which groups."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.indicators.registry import Indicator
from core.periods import Period
from core.units.places import Place

By = Literal["level", "child"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of one or more indicators."""

    unit: Place
    period: Period
    by: By | None = None
    series: bool = False
    as_of: date | None = None
    restated: bool = False
    subject: str | None = None
    kind: str | None = None
    grassroots: bool | None = None

    @property
    def parts(self) -> list[Period]:
        """The periods that get a figure each."""
        return self.period.parts() if self.series else [self.period]

    def tree_day(self, part: Period, indicator: Indicator, today: date) -> date:
        """Return the day whose tree is meant: the asked one, else the period's end.

        A stock of a period that has not ended stands in the tree of today.
        """
        if self.restated:
            return self.as_of or today
        if self.as_of is not None:
            return self.as_of
        return min(part.last_day, today) if indicator.stock else part.last_day


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which parts of the period and which children of a question are meant; None means all."""

    parts: tuple[int, ...] | None = None
    groups: frozenset[uuid.UUID] | None = None

    def holds(self, part: int, group: object) -> bool:
        """Whether a sum is among those meant."""
        return (self.parts is None or part in self.parts) and (
            self.groups is None or group in self.groups
        )


EVERYTHING = Narrowed()
