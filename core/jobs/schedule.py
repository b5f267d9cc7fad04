"""Jobs that run by themselves: one in each span of time, whichever runner comes first."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from core.access.principal import job as job_actor
from core.jobs.kinds import JobKind
from core.jobs.outbox import enqueue

if TYPE_CHECKING:
    from core.system import System

DAY = timedelta(days=1)
LOOK_EVERY = 10.0  # seconds


def slot_of(every: timedelta, now: datetime, zone: tzinfo) -> int:
    """Return the number of the span an instant lies in; spans of days begin at local midnight."""
    if every >= DAY:
        return now.astimezone(zone).date().toordinal() // every.days
    return int(now.timestamp() // every.total_seconds())


@dataclass
class Schedule:
    """Asks for periodic jobs; the outbox's key keeps several runners from asking twice."""

    system: System
    kinds: Mapping[str, JobKind]
    _asked: dict[str, int] = field(default_factory=dict)
    _looked_at: float = float("-inf")

    def keep(self) -> None:
        """Ask for what is due in the present span; most looks cost nothing."""
        now = time.monotonic()
        if now - self._looked_at < LOOK_EVERY:
            return
        self._looked_at = now
        opener = self.system.opener
        instant, zone = opener.clock(), self.system.host.zone
        due = {
            kind.name: slot
            for kind in self.kinds.values()
            if kind.every is not None
            and self._asked.get(kind.name) != (slot := slot_of(kind.every, instant, zone))
        }
        if not due:
            return
        with opener.as_system(job_actor("schedule"), writing=True) as work:
            for name, slot in due.items():
                enqueue(work, name, key=str(slot))
        self._asked.update(due)
