"""The life of a job in the outbox: taken up, alive, done, failed, tried again, put back."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from core.errors import Changed
from core.i18n import _
from core.jobs.models import Job
from core.work import Work

ALIVE_FOR = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_ERROR = 2000


class Claimed(NamedTuple):
    """A job a runner has taken up."""

    id: uuid.UUID
    kind: str
    payload: Mapping[str, Any]
    time_limit_s: int


CLAIMED = (Job.id, Job.kind, Job.payload, Job.time_limit_s)


def _due(work: Work, kinds: Collection[str]) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Job.state == "waiting",
        sa.or_(Job.run_after.is_(None), Job.run_after <= work.now),
        Job.kind.in_(kinds),
    )


def anything_due(work: Work, kinds: Collection[str]) -> bool:
    """Whether a job waits that may run now; a glance that takes no lock."""
    found = work.session.scalar(sa.select(Job.id).where(*_due(work, kinds)).limit(1))
    return found is not None or bool(_silent(work))


def claim(work: Work, kinds: Collection[str], runner: str) -> Claimed | None:
    """Take up the oldest job that is due; no other worker gets the same one.

    Jobs of kinds this process does not know wait until a process comes that does.
    """
    _put_back_orphans(work)
    row = work.session.execute(
        sa.select(*CLAIMED)
        .where(*_due(work, kinds))
        .order_by(Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    work.session.execute(
        sa.update(Job)
        .where(Job.id == row.id)
        .values(
            state="running",
            runner=runner,
            attempts=Job.attempts + 1,
            started_at=work.now,
            heartbeat=work.now,
            finished_at=None,
        )
        .execution_options(synchronize_session=False)
    )
    return Claimed(*row)


def taken_by(work: Work, runner: str) -> list[Claimed]:
    """Return what a worker has taken up and not finished."""
    rows = work.session.execute(
        sa.select(*CLAIMED).where(Job.state == "running", Job.runner == runner)
    )
    return [Claimed(*row) for row in rows]


def _silent(work: Work) -> list[uuid.UUID]:
    """Return running jobs whose worker is gone: it was killed, or its machine went.

    An SQLite file is worked on by one machine, which knows its processes; and a long writing job
    would let nobody write a heartbeat there. On PostgreSQL workers of many hosts say they live.
    """
    on_one_machine = work.session.get_bind().dialect.name == "sqlite"
    rows = work.session.execute(
        sa.select(Job.id, Job.runner, Job.heartbeat, Job.started_at, Job.time_limit_s).where(
            Job.state == "running"
        )
    ).all()
    return [
        row.id
        for row in rows
        if abs(work.now - row.started_at) > timedelta(seconds=row.time_limit_s) + ALIVE_FOR
        or (is_gone(row.runner) if on_one_machine else abs(work.now - row.heartbeat) > ALIVE_FOR)
    ]


def worker_name(pid: int) -> str:
    """Return the name under which a worker takes up jobs."""
    return f"{socket.gethostname()[:60]}:{pid}"


def is_gone(name: str) -> bool:
    """Whether the process of a worker of this machine is no more."""
    try:
        os.kill(int(name.rpartition(":")[2]), 0)
    except (ProcessLookupError, ValueError):
        return True
    except PermissionError:
        return False
    return False


def _put_back_orphans(work: Work) -> None:
    """Let jobs wait again whose runner is gone; the attempt counts: none may crash for ever."""
    silent = _silent(work)
    if not silent:
        return
    work.session.execute(
        sa.update(Job)
        .where(Job.id.in_(silent), Job.state == "running")
        .values(state="waiting", run_after=None, last_error=_("The process that ran it is gone."))
        .execution_options(synchronize_session=False)
    )


def still_alive(work: Work, runners: Sequence[str]) -> None:
    """Say that workers are still at their jobs."""
    work.session.execute(
        sa.update(Job)
        .where(Job.runner.in_(runners), Job.state == "running")
        .values(heartbeat=work.now)
        .execution_options(synchronize_session=False)
    )


def finish(work: Work, job_id: uuid.UUID, runner: str) -> None:
    """Note that a job is done; refused, with all the job did, where another runner took it over."""
    changed = work.session.execute(
        sa.update(Job)
        .where(Job.id == job_id, Job.state == "running", Job.runner == runner)
        .values(state="done", finished_at=work.now, last_error="")
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # DML returns a cursor's result
        raise Changed(_("Another process does this job."))


def fail(work: Work, job_id: uuid.UUID, runner: str, error: str, tries: int) -> None:
    """Note that a job failed: it is tried again after a while, or stays failed."""
    attempts = work.session.scalar(
        sa.select(Job.attempts).where(
            Job.id == job_id, Job.state == "running", Job.runner == runner
        )
    )
    if attempts is None:
        return
    again = attempts < tries
    work.session.execute(
        sa.update(Job)
        .where(Job.id == job_id)
        .values(
            state="waiting" if again else "failed",
            run_after=work.now + pause_after(attempts) if again else None,
            finished_at=None if again else work.now,
            last_error=error[:LONGEST_ERROR],
        )
        .execution_options(synchronize_session=False)
    )


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after an attempt: half a minute, then four times as long."""
    return FIRST_PAUSE * int(4 ** (attempts - 1))


def put_back(work: Work, runners: Sequence[str]) -> None:
    """Let jobs wait again that a stopping runner interrupted; the attempt is forgiven."""
    work.session.execute(
        sa.update(Job)
        .where(Job.runner.in_(runners), Job.state == "running")
        .values(state="waiting", run_after=None, attempts=Job.attempts - 1)
        .execution_options(synchronize_session=False)
    )
