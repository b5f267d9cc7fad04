"""What processes cost: the time of processors and the memory they used, read from the system."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def _stat(process: int) -> tuple[int, float]:
    """Return a process's parent and its seconds, those of its ended children included."""
    text = Path(f"/proc/{process}/stat").read_text()
    fields = text[text.rindex(")") + 2 :].split()
    return int(fields[1]), sum(map(int, fields[11:15])) / TICK


def _all() -> tuple[dict[int, float], dict[int, list[int]]]:
    seconds: dict[int, float] = {}
    children: dict[int, list[int]] = {}
    for name in (path.name for path in Path("/proc").iterdir()):
        if name.isdigit():
            with contextlib.suppress(OSError, ValueError):
                parent, used = _stat(int(name))
                seconds[int(name)] = used
                children.setdefault(parent, []).append(int(name))
    return seconds, children


def family(roots: Iterable[int]) -> list[int]:
    """Return processes and everything they started."""
    seconds, children = _all()
    found: list[int] = []
    waiting = list(roots)
    while waiting:
        process = waiting.pop()
        if process in seconds and process not in found:
            found.append(process)
            waiting.extend(children.get(process, []))
    return found


def cpu_seconds(roots: Iterable[int]) -> float:
    """Return the seconds of processor that processes and everything they started have used."""
    seconds, _children = _all()
    return sum(seconds.get(process, 0.0) for process in family(roots))


def memory(process: int) -> int:
    """Return the bytes of memory a process holds now (resident)."""
    return _line(process, "VmRSS")


def share_of_memory(process: int) -> int:
    """Return a process's part of the memory it holds: what n processes share counts a nth."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def peak_memory(process: int) -> int:
    """Return the most memory a process has held, in bytes."""
    return _line(process, "VmHWM")


def _line(process: int, name: str) -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024
    return 0
