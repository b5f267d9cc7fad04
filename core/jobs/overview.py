"""What an administrator sees of the jobs: which failed and why, how many wait; trying again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core import ledger
from core.errors import NotFound, RuleBroken
from core.i18n import _
from core.jobs.models import Job, JobState
from core.work import Work


@dataclass(frozen=True, slots=True)
class Overview:
    """How many jobs stand in which state, and since when the oldest waits."""

    counts: Mapping[str, int]
    oldest_waiting_at: datetime | None


def overview(work: Work) -> Overview:
    """Return how the jobs stand, in one statement."""
    rows = work.session.execute(
        sa.select(Job.state, sa.func.count(), sa.func.min(Job.made_at)).group_by(Job.state)
    ).all()
    waiting = [oldest for state, _count, oldest in rows if state == "waiting"]
    return Overview({state: count for state, count, _oldest in rows}, next(iter(waiting), None))


def list_jobs(work: Work, *, state: str = "failed", limit: int = 50) -> list[Job]:
    """List jobs in a state, newest first."""
    return list(
        work.session.scalars(
            sa.select(Job).where(Job.state == state).order_by(Job.id.desc()).limit(limit)
        )
    )


def retry_job(work: Work, job_id: uuid.UUID) -> Job:
    """Let a failed job wait again, with all its tries; any other is refused."""
    job = work.session.get(Job, job_id)
    if job is None:
        raise NotFound(_("There is no such job."))
    if job.state != "failed":
        raise RuleBroken(_("Only a failed job can be tried again."))
    job.state, job.attempts, job.run_after, job.finished_at = "waiting", 0, None, None
    work.session.flush()
    ledger.record(work, "jobs.retried", ledger.About("job", job.id, job.kind))
    return job


def remembered(work: Work, name: str) -> str:
    """Return the word a job left for its next run, empty when there is none."""
    return work.session.scalar(sa.select(JobState.value).where(JobState.name == name)) or ""


def remember(work: Work, name: str, word: str) -> None:
    """Leave a word for the next run."""
    work.session.merge(JobState(name=name, value=word))
    work.session.flush()
