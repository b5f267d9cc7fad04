"""What evaluation does by itself, once a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.jobs import JobKind
from core.work import Work

from . import services


def each_day(work: Work, payload: Mapping[str, Any]) -> None:
    """Erase self-reviews that were kept long enough; levels stay."""
    services.erase_old(work)


jobs = [JobKind("evaluation.daily", each_day, limit=600, every=timedelta(days=1))]
