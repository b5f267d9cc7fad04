"""Counting groups anew from the evaluations, whatever their counters say."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from plugins.evaluation.models import Counter, Review, Seat
from plugins.evaluation.services.caps import allowed

LEVELS = ("excellent", "good", "completed", "not_completed")
BASES = {
    "good_or_better": lambda counts: counts["excellent"] + counts["good"],
    "good_only": lambda counts: counts["good"],
    "all_rated": lambda counts: sum(counts.values()),
}


def faults(session: Any, campaign_id: Any) -> list[str]:
    """Count all groups anew from the evaluations; return what does not hold."""
    rows = session.execute(
        sa.select(
            Counter.id, Counter.base, Counter.share, Counter.rounding, Counter.extra,
            Counter.rated, Counter.good, Counter.excellent, Review.counted_level, sa.func.count(),
        )
        .select_from(Counter)
        .join(Seat, Seat.counter_id == Counter.id)
        .join(Review, Review.id == Seat.review_id)
        .where(Counter.campaign_id == campaign_id)
        .group_by(Counter.id, Review.counted_level)
        .execution_options(unscoped="test")
    ).all()  # fmt: skip
    groups: dict[Any, Any] = {}
    for key, *rule, level, count in rows:
        _rule, counts = groups.setdefault(key, (rule, dict.fromkeys(LEVELS, 0)))
        if level is not None:
            counts[level] = count
    found = []
    for (base, share, rounding, extra, *stored), counts in groups.values():
        if stored != [sum(counts.values()), counts["good"], counts["excellent"]]:
            found.append(f"counted {counts}, stored {stored}")
        if counts["excellent"] > allowed(BASES[base](counts), share, rounding) + extra:
            found.append(f"broken: {counts}, {base}, {share}, {extra}")
    return found
