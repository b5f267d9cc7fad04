"""A private PostgreSQL for the tests: started in about a second, gone when they end."""

import atexit
import contextlib
import functools
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

PREFIX = "hatnhan-postgres-"  # followed by the process it belongs to

SETTINGS = {
    # A crash loses nothing that a test would miss, so nothing waits for the disk.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "listen_addresses": "",  # only the socket, in a folder nobody else may open
    "autovacuum": "off",
    "timezone": "UTC",
}


@functools.cache
def running_postgres() -> str:
    """Return the address of a superuser of a PostgreSQL that is the tests' own.

    The one named by HATNHAN_TEST_POSTGRES, or else a cluster started for this run. A second
    call gives the same.
    """
    given = os.environ.get("HATNHAN_TEST_POSTGRES")
    if given:
        return given.replace("postgresql://", "postgresql+psycopg://", 1)
    return _start(_programs())


def _programs() -> Path:
    """Return the folder of the newest PostgreSQL server on this machine."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    message = (
        "There is no PostgreSQL here: install the package postgresql, or name a server in "
        "HATNHAN_TEST_POSTGRES (postgresql+psycopg://user:password@host/postgres)."
    )
    raise RuntimeError(message)


def _as_owner() -> list[str]:
    """Return what stands before a command, because PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]


def _start(programs: Path) -> str:
    _sweep(programs)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        _run(
            programs / "initdb",
            f"--pgdata={folder / 'data'}",
            *("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"),
            "--no-sync",
        )
        _serve(programs, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return f"postgresql+psycopg://postgres@/postgres?host={folder}"


def _serve(programs: Path, folder: Path) -> None:
    options = SETTINGS | {"unix_socket_directories": str(folder)}
    settings = "".join(f"{name} = '{value}'\n" for name, value in options.items())
    _append(folder / "data" / "postgresql.conf", settings)
    data = f"--pgdata={folder / 'data'}"
    # A session of its own: Ctrl-C in the terminal ends the tests first, and they end the server.
    _run(programs / "pg_ctl", data, f"--log={folder / 'log'}", "--wait", "start", apart=True)
    atexit.register(_stop, programs, folder, os.getpid())
    _exit_on_terminate()


def _sweep(programs: Path) -> None:
    """Stop the servers of runs that were killed and could not do it themselves."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*-*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not _is_alive(int(owner)):
            _stop(programs, folder, os.getpid())


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def _stop(programs: Path, folder: Path, owner: int) -> None:
    if os.getpid() != owner:  # a forked child of the tests ends; the server is not its own
        return
    with contextlib.suppress(subprocess.CalledProcessError):
        data = f"--pgdata={folder / 'data'}"
        _run(programs / "pg_ctl", data, "--mode=immediate", "--wait", "stop")
    shutil.rmtree(folder, ignore_errors=True)


def _exit_on_terminate() -> None:
    """Let a polite kill end the run like Ctrl-C does, so that what was registered is done."""
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def _run(program: Path, *arguments: str, apart: bool = False) -> None:
    # Output goes to a file: pg_ctl's server would keep a pipe open and the run would wait for it.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [*_as_owner(), str(program), *arguments],
            check=False,
            cwd="/",  # a folder the owner of the server may read
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=apart,
        )
        if done.returncode:
            output.seek(0)
            text = output.read().decode(errors="replace")
            raise subprocess.CalledProcessError(done.returncode, str(program), text)
