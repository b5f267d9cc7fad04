"""Difference of differences with its uncertainty; imported only when somebody asks for it.

scipy takes about a second to import, which no other page should pay.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, variance

from scipy import stats

from .shapes import Estimate, UnitValue


def estimate(values: Sequence[UnitValue], confidence_percent: int) -> Estimate:
    """Estimate by how much pilot units changed beyond comparison units, each unit counting once.

    The range is Welch's, of the units' own differences: it does not suppose that both groups vary
    alike. It is left out where a group has fewer than two units, or where nothing varies at all.
    """
    known = [value for value in values if value.difference is not None]
    pilots = [value for value in known if value.is_pilot]
    others = [value for value in known if not value.is_pilot]
    of_pilots = [value.difference or 0.0 for value in pilots]
    of_others = [value.difference or 0.0 for value in others]
    effect = fmean(of_pilots) - fmean(of_others) if pilots and others else None
    low, high = _range(of_pilots, of_others, confidence_percent / 100)
    return Estimate(
        pilot_units=len(pilots),
        comparison_units=len(others),
        pilot_before=_mean([value.before for value in pilots]),
        pilot_after=_mean([value.after for value in pilots]),
        comparison_before=_mean([value.before for value in others]),
        comparison_after=_mean([value.after for value in others]),
        effect=effect,
        low=low,
        high=high,
        confidence=confidence_percent,
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _range(
    one: Sequence[float], other: Sequence[float], confidence: float
) -> tuple[float | None, float | None]:
    """Return the range of the difference of two means, or nothing where it cannot be said."""
    if len(one) < 2 or len(other) < 2 or variance(one) + variance(other) < 1e-18:
        return None, None
    with_equal_weights = stats.ttest_ind(one, other, equal_var=False)
    found = with_equal_weights.confidence_interval(confidence)
    return float(found.low), float(found.high)
