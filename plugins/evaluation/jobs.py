"""What evaluation does later: the list of a campaign, and once a day what its time asks for."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.access.principal import job as job_actor
from core.jobs import JobKind
from core.system import System
from core.work import Work

from . import services

FILLING = "evaluation.filling"


def each_day(work: Work, payload: Mapping[str, Any]) -> None:
    """Erase self-reviews that were kept long enough; levels stay."""
    services.erase_old(work)


def fill_campaign(system: System, payload: Mapping[str, Any]) -> None:
    """Take in everybody below a campaign, part by part; run again it goes on where it stopped."""
    campaign_id = uuid.UUID(payload["campaign"])

    def part() -> bool:
        with system.opener.as_system(job_actor(FILLING), writing=True) as work:
            return services.fill_part(work, campaign_id)

    while system.opener.retrying(part):
        continue


jobs = [
    JobKind("evaluation.daily", each_day, limit=600, every=timedelta(days=1)),
    JobKind(FILLING, fill_campaign, limit=3600, alone=True),
]
