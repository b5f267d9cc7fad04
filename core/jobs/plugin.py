"""Jobs: what this feature offers to the host; start reading here."""

from __future__ import annotations

from datetime import timedelta

from core.jobs import housekeeping, models
from core.jobs.kinds import JobKind

__all__ = ["jobs", "models"]

DAILY = timedelta(days=1)
jobs = [
    JobKind("jobs.roll", housekeeping.roll_days, limit=1800, every=DAILY),
    JobKind("jobs.tidy", housekeeping.tidy, limit=600, every=DAILY),
    JobKind(
        "jobs.sweep", housekeeping.sweep_lists, limit=1800, every=timedelta(hours=1), alone=True
    ),
]
