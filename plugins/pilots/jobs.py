"""What pilot models do by themselves, once a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.jobs import JobKind
from core.work import Work

from . import services


def each_day(work: Work, payload: Mapping[str, Any]) -> None:
    """Close trials whose sunset has come; remind of those near it."""
    services.each_day(work)


jobs = [JobKind("pilots.daily", each_day, limit=600, every=timedelta(days=1))]
