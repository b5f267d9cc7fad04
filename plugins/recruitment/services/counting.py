"""How much of a target is there: shares, what remains, and where the pace leads, in a sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from core.i18n import _, format_number, format_percent


@dataclass(frozen=True, slots=True)
class Progress:
    """Admissions against a target on a day; `expected` is what the pace so far comes to."""

    admitted: int
    target: int | None
    period_from: date
    period_to: date
    today: date

    @property
    def remaining(self) -> int | None:
        """How many are still to be admitted; never below nothing."""
        return None if self.target is None else max(0, self.target - self.admitted)

    @property
    def passed(self) -> Fraction:
        """The share of the period that has passed, today included."""
        whole = (self.period_to - self.period_from).days + 1
        gone = (min(self.today, self.period_to) - self.period_from).days + 1
        return Fraction(max(0, gone), whole)

    @property
    def expected(self) -> int | None:
        """How many there will be at the end at this pace, rounded down."""
        if not self.passed:
            return None
        return math.floor(self.admitted / self.passed)

    @property
    def state(self) -> str:
        """The colour of the sentence: reached, on the way, behind, or no target."""
        if self.target is None:
            return "none"
        if self.admitted >= self.target:
            return "good"
        if self.expected is None or self.today > self.period_to:
            return "late" if self.today > self.period_to else "none"
        return "info" if self.expected >= self.target else "warn"

    @property
    def share_text(self) -> str:
        """The share of the target, such as 38,5%."""
        if not self.target:
            return "–"
        return format_percent(self.admitted, self.target)

    @property
    def sentence(self) -> str:
        """Say where the pace leads, and what is needed to reach the target."""
        if self.target is None:
            return _("No target is set.")
        if self.admitted >= self.target:
            return _("The target is reached.")
        if self.today > self.period_to:
            return _("The period is over; %(n)s short of the target.", n=self.remaining)
        if self.expected is None:
            return _("The period has not begun.")
        if self.expected >= self.target:
            return _(
                "At this pace: %(n)s/%(target)s by the end of the period; the target is reached.",
                n=format_number(self.expected),
                target=format_number(self.target),
            )
        return _("At this pace: %(n)s/%(target)s by the end of the period; %(need)s.",
                 n=format_number(self.expected), target=format_number(self.target),
                 need=self._need())  # fmt: skip

    def _need(self) -> str:
        """Say how many a month are needed from now on."""
        left = max(timedelta(days=1), self.period_to - self.today)
        months = Fraction(left.days * 12, 365)
        rate = (self.remaining or 0) / max(months, Fraction(1))
        if rate < 1:
            every = max(1, math.floor(1 / rate)) if rate else 1
            return _("one every %(n)s months is needed", n=every)
        return _("%(n)s a month are needed", n=format_number(round(float(rate), 1)))
