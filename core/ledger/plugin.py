"""Ledger: what this feature offers to the host; start reading here."""

from __future__ import annotations

from datetime import timedelta

from core.jobs import JobKind
from core.ledger.sealing import seal_due

jobs = [JobKind("ledger.seal", seal_due, limit=300, every=timedelta(minutes=1), alone=True)]
