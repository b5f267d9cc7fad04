"""Servers of a run: started on free ports, watched with the database, stopped at its end."""

from __future__ import annotations

import atexit
import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.ground import ROOT

PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port, its process, and the seconds until its first answer."""

    port: int
    process: subprocess.Popen[bytes]
    seconds: float

    @property
    def pid(self) -> int:
        """The master, whose children work."""
        return self.process.pid

    def stop(self) -> None:
        """End the server and its workers."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(10)


def free_port() -> int:
    """Return a port nobody listens on."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(
    command: list[str], port: int, environ: Mapping[str, str], log: Path, path: str = "/healthz"
) -> Server:
    """Start a server and wait until it answers."""
    began = time.perf_counter()
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, env=dict(environ), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output,
            stderr=output, start_new_session=True,
        )  # fmt: skip
    server = Server(port, process, 0.0)
    atexit.register(server.stop)
    while not _answers(port, path):
        if process.poll() is not None:
            raise SystemExit(f"A server ended early; read {log}")
        if time.perf_counter() - began > PATIENCE:
            raise SystemExit(f"A server does not answer; read {log}")
        time.sleep(0.01)
    return Server(port, process, time.perf_counter() - began)


def serve(variant: str, environ: Mapping[str, str], log: Path, workers: int = 2) -> Server:
    """Start a variant of `tests.benchmarks.serve`."""
    port = free_port()
    command = [sys.executable, "-m", "tests.benchmarks.serve", variant, str(port), str(workers)]
    return start(command, port, environ, log)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()
