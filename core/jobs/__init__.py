"""Work done later: an outbox in the act's transaction, run by a process of its own."""

from core.jobs.kinds import JobKind
from core.jobs.outbox import enqueue

__all__ = ["JobKind", "enqueue"]
