"""What meetings do by themselves, once a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.jobs import JobKind
from core.work import Work

from . import services


def each_day(work: Work, payload: Mapping[str, Any]) -> None:
    """Erase reasons that were kept long enough, and tell of material that opens today."""
    services.erase_old_reasons(work)
    services.tell_opened(work)


jobs = [JobKind("meetings.daily", each_day, limit=600, every=timedelta(days=1))]
