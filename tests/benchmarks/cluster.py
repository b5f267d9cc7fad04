"""A PostgreSQL of the benchmarks' own: tuned as for a real deployment, kept between runs."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg

from tests.environment.postgres import _as_owner, _programs

GIBIBYTE = 1024**3


def _memory() -> int:
    """Return the machine's memory in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def settings_for(memory: int) -> dict[str, str]:
    """Return what an administrator would set for a machine; nothing that risks data."""
    shared = max(256, min(2048, memory // 4 // 1024**2))
    return {
        "listen_addresses": "127.0.0.1",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{memory // 2 // 1024**2}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "512MB",
        "max_wal_size": "8GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "max_connections": "60",
        "timezone": "UTC",
    }


class Cluster:
    """A PostgreSQL server in a folder; started for the run, stopped at its end, data kept."""

    def __init__(self, folder: Path) -> None:
        """Name where the data is."""
        self.folder = folder.resolve()
        self.settings = settings_for(_memory())
        self.port = 0

    def start(self) -> None:
        """Create the cluster where absent and serve it on a free port of this machine."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = (self.folder.parent / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise SystemExit("Another run of the benchmarks is going on; wait for it.") from error
        data = self.folder / "data"
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        if not (data / "PG_VERSION").exists():
            self._run(
                "initdb", f"--pgdata={data}", "--username=bench", "--auth=trust",
                "--encoding=UTF8", "--locale=C",
            )  # fmt: skip
        self._run("pg_ctl", f"--pgdata={data}", "--mode=fast", "--wait", "stop", may_fail=True)
        with contextlib.closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        options = " ".join(
            f"-c {name}={value}" for name, value in (self.settings | self._place()).items()
        )
        log = f"--log={self.folder / 'log'}"
        self._run("pg_ctl", f"--pgdata={data}", log, "--wait", f"--options={options}", "start")
        atexit.register(self.stop)
        # So that a run that is ended politely stops what it started.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))

    def _place(self) -> dict[str, str]:
        return {"port": str(self.port), "unix_socket_directories": str(self.folder)}

    def stop(self) -> None:
        """End the server; the data stays for the next run."""
        data = f"--pgdata={self.folder / 'data'}"
        self._run("pg_ctl", data, "--mode=fast", "--wait", "stop", may_fail=True)

    @property
    def pid(self) -> int:
        """The process of the server, whose children work for the connections."""
        return int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])

    def address(self, database: str) -> str:
        """Return the address of a database for psycopg."""
        return f"postgresql://bench@127.0.0.1:{self.port}/{database}"

    def url(self, database: str) -> str:
        """Return the address of a database for SQLAlchemy."""
        return self.address(database).replace("postgresql://", "postgresql+psycopg://", 1)

    def connect(self, database: str = "postgres", **options: object) -> psycopg.Connection:
        """Connect with psycopg alone, with what the product sets for a connection of its own."""
        sent = "-c plan_cache_mode=force_custom_plan -c jit=off -c timezone=UTC"
        return psycopg.connect(self.address(database), autocommit=True, options=sent, **options)  # type: ignore[arg-type]

    def version(self) -> str:
        """Return the server's version."""
        with self.connect() as connection:
            return str(connection.info.server_version // 10000)

    def databases(self) -> set[str]:
        """Return the names of the databases there are."""
        with self.connect() as connection:
            return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}

    def create(self, name: str) -> None:
        """Create an empty database; one of that name is dropped first."""
        self.drop(name)
        self._do('CREATE DATABASE "{}"', name)

    def copy(self, source: str, name: str) -> None:
        """Copy a database file by file, for what writes."""
        self.drop(name)
        ask = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'"
        self._do(ask, source)
        self._do('CREATE DATABASE "{}" TEMPLATE "{}" STRATEGY file_copy', name, source)

    def drop(self, name: str) -> None:
        """Remove a database where it is there."""
        self._do('DROP DATABASE IF EXISTS "{}" WITH (FORCE)', name)

    def rename(self, name: str, to: str) -> None:
        """Give a finished database its name; what is half done never has it."""
        self._do('ALTER DATABASE "{}" RENAME TO "{}"', name, to)

    def _do(self, statement: str, *names: str) -> None:
        with self.connect() as connection:
            connection.execute(statement.format(*names).encode())

    def _run(self, program: str, *arguments: str, may_fail: bool = False) -> None:
        # Output goes to a file: the server would keep a pipe open and the run would wait for it.
        with (self.folder / "commands.log").open("ab") as output:
            done = subprocess.run(
                [*_as_owner(), str(_programs() / program), *arguments],
                check=False, cwd="/", stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        if done.returncode and not may_fail:
            raise SystemExit(f"{program} failed; read {self.folder / 'commands.log'}")
