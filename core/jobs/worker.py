"""A worker: a process that does one job after the other, each with the kernel's alarm set on it.

A loop without end, a crash or a leak ends here: the alarm ends the process at the job's limit,
even when the job never gives the interpreter back or the runner is gone, and the runner starts a
fresh worker.
"""

from __future__ import annotations

import logging
import os
import signal
import time
import traceback
from collections.abc import MutableSequence
from dataclasses import dataclass
from types import FrameType
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from core.access.principal import job as job_actor
from core.errors import DomainError
from core.i18n import set_locale
from core.jobs.claiming import Claimed, anything_due, claim, fail, finish, worker_name
from core.jobs.kinds import JobKind, job_kinds
from core.jobs.schedule import Schedule

if TYPE_CHECKING:
    from core.system import System

log = logging.getLogger("hatnhan.jobs")
GLANCE = 1.0  # seconds between two looks at the outbox
MOST_JOBS = 500  # then the process ends and a fresh one takes its place
BUSY, DONE, FAILED = range(3)  # what a worker tells its runner


@dataclass
class Worker:
    """Does jobs until it is told to stop, has done many, or, with `once`, until nothing is due."""

    system: System
    told: MutableSequence[int]
    once: bool = False
    name: str = ""
    _runner: int = 0
    _stopping: bool = False

    def __post_init__(self) -> None:
        """Take in the kinds of the plugins that are sound in this process."""
        self.kinds = job_kinds(self.system.host)
        self.schedule = Schedule(self.system, self.kinds)
        self._runner = os.getpid()

    def begin(self) -> None:
        """Live in a process and a group of its own: whatever a job starts is ended with it."""
        os.setpgid(0, 0)
        self.name = worker_name(os.getpid())
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        self.work()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def work(self) -> None:
        """Do one job after the other."""
        while self._goes_on():
            job = self._next()
            if job is not None:
                self._do(job)
            elif self.once:
                break
            else:
                time.sleep(GLANCE)

    def _goes_on(self) -> bool:
        """Whether to do another job: not when told to stop, worn out, or left by the runner."""
        worn = self.told[DONE] + self.told[FAILED] >= MOST_JOBS
        return not (self._stopping or worn or os.getppid() != self._runner)

    def _next(self) -> Claimed | None:
        """Take up the oldest job that is due; a glance before it keeps the database's lock free."""
        opener = self.system.opener
        try:
            self.schedule.keep()
            with opener.as_system(job_actor("runner"), writing=False) as work:
                if not anything_due(work, self.kinds):
                    return None
            with opener.as_system(job_actor("runner"), writing=True) as work:
                return claim(work, self.kinds, self.name)
        except (DomainError, SQLAlchemyError) as error:  # empty, busy, or not there just now
            log.warning("the outbox cannot be read: %s", error)
            return None

    def _do(self, job: Claimed) -> None:
        """Do one job under its alarm."""
        self.told[BUSY] = 1
        signal.alarm(max(1, job.time_limit_s))
        good = perform(self.system, self.kinds[job.kind], job, self.name)
        signal.alarm(0)
        self.told[DONE if good else FAILED] += 1
        self.told[BUSY] = 0


def perform(system: System, kind: JobKind, job: Claimed, runner: str) -> bool:
    """Run one job; write down that it is done, or why it failed; return which."""
    set_locale(system.config.locale)
    try:
        if kind.alone:
            kind.run(system, job.payload)
            _note_done(system, job, runner)
        else:
            system.opener.retrying(lambda: _within(system, kind, job, runner))
    except Exception as error:
        log.exception("the job %s failed", kind.name)
        note_failure(system, kind, job, runner, _told(error))
        return False
    return True


def _within(system: System, kind: JobKind, job: Claimed, runner: str) -> None:
    """Do the job and note it in one transaction: both happen, or neither."""
    with system.opener.as_system(job_actor(kind.name), writing=True) as work:
        kind.run(work, job.payload)
        finish(work, job.id, runner)


def _note_done(system: System, job: Claimed, runner: str) -> None:
    with system.opener.as_system(job_actor("runner"), writing=True) as work:
        finish(work, job.id, runner)


def note_failure(system: System, kind: JobKind, job: Claimed, runner: str, reason: str) -> None:
    """Write down that a job failed, and why."""
    with system.opener.as_system(job_actor("runner"), writing=True) as work:
        fail(work, job.id, runner, reason, kind.tries)


def _told(error: Exception) -> str:
    """Return what an administrator reads: the error, and where it came from."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" ({last[0].filename.rpartition('/')[2]}:{last[0].lineno})" if last else ""
    return f"{type(error).__name__}: {error}{where}"
