"""The demo as a process: it starts, says where it is, and leaves nothing running when killed."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """Return a port nobody listens on."""
    server = make_server("127.0.0.1", 0, lambda _environ, _start: [])
    server.server_close()
    return server.server_port


def descendants(pid: int) -> list[int]:
    """Return the processes a process has started, and those they have started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    children = [int(one) for one in listed]
    return children + [one for child in children for one in descendants(child)]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Start the empty demo and wait until it serves."""
    known = {name: os.environ[name] for name in os.environ if not name.startswith("HATNHAN_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "core", "demo", "--data", "empty", "--port", str(free_port())],
        cwd=ROOT,
        env={**known, "HATNHAN_VAR": str(tmp_path), "HATNHAN_NOW": "2026-11-22"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        yield process
        process.kill()


def test_a_killed_demo_leaves_no_process_behind(demo: subprocess.Popen[str]) -> None:
    assert demo.stdout is not None
    assert demo.stdout.readline().startswith("ready http://127.0.0.1:")
    assert demo.stdout.readline().split("\t")[:2] == ["administrator", "quantri"]
    waiting = {os.pidfd_open(pid) for pid in descendants(demo.pid)}
    assert waiting
    demo.send_signal(signal.SIGKILL)
    while waiting:
        ended, _write, _wrong = select.select(waiting, (), (), 30)
        assert ended, "somebody is still there"
        for one in ended:
            os.close(one)
        waiting -= set(ended)
