"""Seeded chance for reference data; never for anything that has to stay secret."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Pool(Generic[Thing]):
    """Things with weights, prepared once so that drawing one is cheap."""

    def __init__(self, weighted: Sequence[tuple[Thing, float]]) -> None:
        self.things = [thing for thing, _weight in weighted]
        self.weights = list(accumulate(weight for _thing, weight in weighted))


class Chance(random.Random):
    """A stream of chance; the same words give the same stream in every process."""

    def __init__(self, *words: object) -> None:
        # Text is hashed by SHA-512 here, not by hash(), which differs from process to process.
        super().__init__("/".join(map(str, words)))

    def draw(self, pool: Pool[Thing]) -> Thing:
        """Draw one thing according to its weight."""
        return self.choices(pool.things, cum_weights=pool.weights)[0]

    def happens(self, probability: float) -> bool:
        """Say whether something of this probability happens."""
        return self.random() < probability

    def count(self, expected: float) -> int:
        """Round an expectation up or down so that its mean is kept."""
        whole = int(expected)
        return whole + self.happens(expected - whole)

    def day(self, first: date, last: date) -> date:
        """Return a day from `first` to `last`, both possible."""
        return first + timedelta(days=self.randrange(max((last - first).days, 0) + 1))
