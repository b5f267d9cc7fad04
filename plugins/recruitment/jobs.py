"""What admission does by itself, once a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.jobs import JobKind
from core.work import Work

from . import services


def each_day(work: Work, payload: Mapping[str, Any]) -> None:
    """Remind of clocks before and at their end, and forget whose time is over."""
    services.remind(work)
    services.forget_closed(work)


jobs = [JobKind("recruitment.daily", each_day, limit=600, every=timedelta(days=1))]
