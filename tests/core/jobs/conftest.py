"""A database of its own, really written to: the worker processes must see what a test asks for."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.access.principal import job as job_actor
from core.jobs import JobKind, enqueue
from core.jobs import plugin as jobs_plugin
from core.jobs.models import Job
from core.jobs.running import Runner
from core.system import System
from tests.environment.systems import KINDS, shared_system


@pytest.fixture(scope="session", params=KINDS)
def real(request: Any, database_folder: Path) -> Iterator[System]:
    """A system on a database of its own."""
    system = shared_system(request.param, database_folder, "jobs")
    yield system
    system.database.engine.dispose()


@dataclass
class Outbox:
    """The outbox of a test: kinds made up for it, jobs asked for, and what became of them."""

    system: System
    folder: Path
    kinds: list[JobKind] = field(default_factory=list)

    def kind(self, name: str, run: Callable[..., Any], **options: Any) -> None:
        """Declare a kind of job."""
        self.kinds.append(JobKind(name, run, **options))

    def ask(self, name: str, **options: Any) -> Any:
        """Ask for a job in an act of its own."""
        payload = options.pop("payload", {})
        with self.system.opener.as_system(job_actor("test"), writing=True) as work:
            return enqueue(work, name, payload, **options)

    def run(self, workers: int = 1) -> Runner:
        """Do what is due."""
        runner = Runner(self.system, workers)
        runner.work(once=True)
        return runner

    def jobs(self, kind: str = "") -> list[Job]:
        """Return the jobs as they stand, oldest first."""
        with self.system.opener.as_system(job_actor("test"), writing=False) as work:
            rows = work.session.scalars(sa.select(Job).order_by(Job.id)).all()
            return [row for row in rows if not kind or row.kind == kind]

    def said(self) -> list[str]:
        """Return the lines the jobs wrote."""
        file = self.folder / "said"
        return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []

    def say(self, line: str) -> None:
        """Write a line where the test sees it, from whatever process."""
        with (self.folder / "said").open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def beside(self, act: Callable[[], object]) -> int:
        """Do something in a process beside this one; return its number."""
        self.system.database.engine.dispose()  # a connection cannot live in two processes
        pid = os.fork()
        if pid == 0:
            try:
                act()
            finally:
                os._exit(0)
        return pid

    def note_time(self, name: str) -> None:
        """Note when something happened, from whatever process."""
        (self.folder / name).write_text(str(time.time()), encoding="utf-8")

    def time_of(self, name: str) -> float:
        """Return when it happened."""
        return float((self.folder / name).read_text(encoding="utf-8"))

    def wait_for(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        """Wait until something is so; fail when it never is."""
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, "it never happened"
            os.sched_yield()


@pytest.fixture
def outbox(real: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outbox]:
    """An empty outbox without the kinds of core."""
    box = Outbox(real, tmp_path)
    monkeypatch.setattr(jobs_plugin, "jobs", box.kinds)
    for plugin in real.host.sound():
        if plugin.module is not None and plugin.name != "jobs" and plugin.offered("jobs"):
            monkeypatch.setattr(plugin.module, "jobs", [])
    with real.opener.as_system(job_actor("test"), writing=True) as work:
        work.session.execute(sa.delete(Job))
    clock = real.opener.clock
    yield box
    real.opener.clock = clock


@pytest.fixture
def later(real: System) -> Callable[[timedelta], None]:
    """Put the clock forward."""

    def put_forward(by: timedelta) -> None:
        now = real.opener.clock()
        real.opener.clock = lambda: now + by

    return put_forward
