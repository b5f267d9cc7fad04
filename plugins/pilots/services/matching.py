"""Which units are most like pilot units before a trial; scipy reckons the distances."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any

from scipy.spatial.distance import cdist

from core.units.places import Place

from .figures import Values

OTHER_SECTOR = 1e-9
"""Decides between equals only."""


def nearest(
    pilots: Sequence[Place], others: Sequence[Place], figures: Sequence[Values], number: int
) -> list[Place]:
    """Return for each pilot unit those most like it before the trial; each is taken once.

    Likeness is the sum of differences in all figures, each measured by its own spread; of equals,
    a unit of the same sector comes first, then the lower code.
    """
    known = [
        one for one in others if any(values.get((0, one.id)) is not None for values in figures)
    ]
    free = sorted(known, key=lambda place: place.code)
    if not free or not pilots:
        return []
    distances = _sectors(pilots, free)
    for values in figures:
        distances += _distances(values, pilots, free)
    chosen: list[Place] = []
    for _round in range(number):
        for row in range(len(pilots)):
            if len(chosen) == len(free):
                return chosen
            best = int(distances[row].argmin())
            chosen.append(free[best])
            distances[:, best] = inf
    return chosen


def _distances(values: Values, pilots: Sequence[Place], others: Sequence[Place]) -> Any:
    """Return how far apart two groups are in one figure; 1 where either has none."""
    mine, theirs = ([values.get((0, place.id)) for place in group] for group in (pilots, others))
    known = [one for one in (*mine, *theirs) if one is not None]
    spread = (max(known) - min(known) if known else 0.0) or 1.0
    found = cdist(
        [[(one or 0.0) / spread] for one in mine],
        [[(one or 0.0) / spread] for one in theirs],
        "cityblock",
    )
    found[[row for row, one in enumerate(mine) if one is None], :] = 1.0
    found[:, [column for column, one in enumerate(theirs) if one is None]] = 1.0
    return found


def _sectors(pilots: Sequence[Place], others: Sequence[Place]) -> Any:
    """Return next to nothing for units of different sectors, and nothing for the same one."""
    numbers = {one: number for number, one in enumerate({p.sector for p in (*pilots, *others)})}
    found = cdist([[numbers[p.sector]] for p in pilots], [[numbers[p.sector]] for p in others])
    found[found > 0] = OTHER_SECTOR
    return found
