"""The runner: keeps workers alive, writes down what killed one, stops within five seconds."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from multiprocessing.sharedctypes import RawArray
from types import FrameType
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from core.access.principal import job as job_actor
from core.db import Database, make_engine
from core.errors import DomainError
from core.i18n import _
from core.jobs.claiming import fail, put_back, still_alive, taken_by, worker_name
from core.jobs.kinds import job_kinds
from core.jobs.worker import BUSY, DONE, FAILED, Worker

if TYPE_CHECKING:
    from core.system import System

log = logging.getLogger("hatnhan.jobs")
LOOK = 0.5  # seconds between two looks at the workers
HEARTBEAT = 15.0
STOP_WITHIN = 3.0  # of the five seconds a stop may take; the rest is for ending workers
PAUSE = 2.0  # before a worker that did nothing is replaced
ALARM = -signal.SIGALRM


@dataclass(slots=True)
class Place:
    """A place for a worker, and the worker in it."""

    number: int
    told: Any
    name: str = ""
    process: ForkProcess | None = None
    again_at: float = 0.0
    done: int = 0
    failed: int = 0

    @property
    def is_expected(self) -> bool:
        """Whether a worker is in it, or comes into it."""
        return self.process is not None or self.again_at != float("inf")

    @property
    def is_alive(self) -> bool:
        """Whether a worker is in it."""
        return self.process is not None and self.process.is_alive()


@dataclass
class Runner:
    """Works on jobs until told to stop; several runners, on several hosts, share the outbox."""

    system: System
    workers: int = 2
    with_parent: int | None = None
    died: int = 0
    _stopping: bool = False
    _places: list[Place] = field(default_factory=list)
    _deaths: list[tuple[str, int]] = field(default_factory=list)
    _beat_at: float = 0.0

    def __post_init__(self) -> None:
        """Make places for the workers, and a way to the database that does not wait long."""
        self._database = impatient(self.system.config.database_url)
        self._opener = replace(self.system.opener, database=self._database)
        self._places = [Place(number, RawArray("i", 3)) for number in range(self.workers)]

    @property
    def done(self) -> int:
        """How many jobs were done."""
        return sum(place.done + int(place.told[DONE]) for place in self._places)

    @property
    def failed(self) -> int:
        """How many tries failed, those whose worker died included."""
        return self.died + sum(place.failed + int(place.told[FAILED]) for place in self._places)

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Take up nothing more; what is being done has a moment to finish."""
        self._stopping = True

    def work(self, *, once: bool = False) -> None:
        """Work until told to stop; with `once` until nothing is due."""
        before = {name: signal.signal(name, self.stop) for name in (signal.SIGTERM, signal.SIGINT)}
        try:
            for place in self._places:
                self._start(place, once=once)
            while not self._stopping and any(place.is_expected for place in self._places):
                wait([p.process.sentinel for p in self._alive() if p.process], timeout=LOOK)
                self._look(once=once)
        finally:
            self._wind_up()
            for name, handler in before.items():
                signal.signal(name, handler)

    def _alive(self) -> list[Place]:
        return [place for place in self._places if place.is_alive]

    def _start(self, place: Place, *, once: bool) -> None:
        """Put a worker into a place."""
        # No connection is open while the process splits: two processes cannot share one.
        self.system.database.engine.dispose()
        self._database.engine.dispose()
        place.done += place.told[DONE]
        place.failed += place.told[FAILED]
        place.told[BUSY] = place.told[DONE] = place.told[FAILED] = 0
        worker = Worker(self.system, place.told, once)
        place.process = multiprocessing.get_context("fork").Process(target=worker.begin)
        place.process.start()
        place.name = worker_name(place.process.pid or 0)
        # The worker does so too; who comes first makes the group that is ended with it.
        with suppress(ProcessLookupError, PermissionError):
            os.setpgid(place.process.pid or 0, place.process.pid or 0)

    def _look(self, *, once: bool) -> None:
        """Replace workers that ended, and say which jobs are still being worked on."""
        if self.with_parent is not None and os.getppid() != self.with_parent:
            self.stop()
        for place in self._places:
            if place.process is not None and not place.process.is_alive():
                self._bury(place, once=once)
            waits = place.process is None and time.monotonic() >= place.again_at
            if waits and not self._stopping:
                self._start(place, once=once)
        try:
            self._note_deaths()
            self._beat()
        except (DomainError, SQLAlchemyError) as error:  # somebody writes for long: next time
            log.warning("the outbox cannot be written: %s", error)

    def _bury(self, place: Place, *, once: bool) -> None:
        """Empty a worker's place."""
        code = place.process.exitcode if place.process else 0
        _end(place, signal.SIGKILL)  # what the job had started
        was_busy, place.process, place.told[BUSY] = place.told[BUSY], None, 0
        place.again_at = time.monotonic()
        if code:
            self._deaths.append((place.name, code))
        elif once:
            place.again_at = float("inf")
        if not (place.told[DONE] or was_busy):
            place.again_at += PAUSE

    def _note_deaths(self) -> None:
        """Write down the failures of jobs that workers died of."""
        kinds = job_kinds(self.system.host)
        while self._deaths:
            name, code = self._deaths[0]
            with self._opener.as_system(job_actor("runner"), writing=True) as work:
                jobs = taken_by(work, name)
                for job in jobs:
                    reason = _died(code, job.time_limit_s)
                    log.error("the job %s failed: %s", job.kind, reason)
                    fail(work, job.id, name, reason, kinds[job.kind].tries)
            self.died += len(jobs)
            self._deaths.pop(0)

    def _beat(self) -> None:
        """Say that busy workers live; where one machine works on a file, everybody can see that."""
        now = time.monotonic()
        busy = [place.name for place in self._alive() if place.told[BUSY]]
        if busy and self._database.is_postgresql and now - self._beat_at > HEARTBEAT:
            self._beat_at = now
            with self._opener.as_system(job_actor("runner"), writing=True) as work:
                still_alive(work, busy)

    def _wind_up(self) -> None:
        """Let the workers finish for a moment, end the rest, and let their jobs wait again."""
        for place in self._alive():
            _signal(place, signal.SIGTERM)
        self._join(STOP_WITHIN, busy_only=True)
        left = self._alive()
        for place in left:
            _end(place, signal.SIGKILL)
        self._join(1.0)
        if left:  # an idle one may have taken up a job just now
            try:
                with self._opener.as_system(job_actor("runner"), writing=True) as work:
                    put_back(work, [place.name for place in left])
            except (DomainError, SQLAlchemyError) as error:  # whoever starts next finds them
                log.warning("the outbox cannot be written: %s", error)
        self._database.engine.dispose()

    def _join(self, seconds: float, *, busy_only: bool = False) -> None:
        """Wait for the workers to end; an idle one in its sleep need not be waited for."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            alive = [p for p in self._alive() if p.told[BUSY] or not busy_only]
            if not alive:
                return
            wait([place.process.sentinel for place in alive if place.process], timeout=0.1)


def impatient(url: str) -> Database:
    """Return a way to the database that waits for a lock for a second, not for half a minute."""
    database = Database(make_engine(url))
    if not database.is_postgresql:

        @sa.event.listens_for(database.engine, "connect")
        def connected(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA busy_timeout=1000")

    return database


def _signal(place: Place, name: signal.Signals) -> None:
    if place.process is not None and place.process.pid:
        with suppress(ProcessLookupError):
            os.kill(place.process.pid, name)


def _end(place: Place, name: signal.Signals) -> None:
    """End a worker with everything it started."""
    if place.process is not None and place.process.pid:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(place.process.pid, name)


def _died(code: int, limit: int) -> str:
    """Say why a worker ended without a word."""
    if code == ALARM:
        return _("It took longer than %(n)s seconds and was ended.", n=limit)
    return _("Its process ended with code %(code)s.", code=code)
