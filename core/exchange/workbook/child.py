"""The program that reads a file for `read_in_child`: a job on stdin, JSON lines on stdout."""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from pkgutil import resolve_name
from time import process_time
from typing import IO, Any

from .columns import Limits, RawRow, UnreadableFile
from .headings import Expected
from .isolating import OUT_OF_MEMORY
from .reading import Reading


def _plain(rows: list[RawRow]) -> list[tuple[int, list[str], dict[str, str]]]:
    """Leave the keys out, which are the same in each row; `ChildReading` puts them back."""
    return [(row.number, list(row.values.values()), row.bad) for row in rows]


def limit_this_process(limits: Limits) -> None:
    """Let this process take so much more memory than it has now, and so much processor time."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + limits.memory
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    seconds = int(process_time()) + limits.seconds
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(job: dict[str, Any], answer: Callable[[dict[str, Any]], None]) -> None:
    """Read the file of a job and answer with its headings, its batches and its end."""
    limits = Limits(**job["limits"])
    # Named by our own parent, never by the file; a file named by itself would be a hole.
    handle = resolve_name(job["handle"]) if job["handle"] else _plain
    limit_this_process(limits)
    wanted = Expected(**job["expected"])
    with Reading(Path(job["path"]), wanted, filename=job["filename"], limits=limits) as reading:
        answer(
            {
                "found": {
                    "columns": reading.columns,
                    "unknown": reading.unknown_columns,
                    "row": reading.heading_row,
                    "sheet": reading.sheet,
                }
            }
        )
        while rows := list(islice(reading, job["batch"])):
            answer({"batch": handle(rows)})
    answer({"done": True})


def main() -> None:
    """Take the job, keep stdout to ourselves (what a handler prints goes to stderr), and run."""
    job = json.load(sys.stdin)
    with os.fdopen(os.dup(1), "wb") as channel:
        os.dup2(2, 1)
        try:
            run(job, lambda message: _send(channel, message))
        except UnreadableFile as refusal:
            _send(channel, {"refused": refusal.sentence, "values": dict(refusal.values)})
        except MemoryError:
            os._exit(OUT_OF_MEMORY)


def _send(channel: IO[bytes], message: dict[str, Any]) -> None:
    channel.write(json.dumps(message, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    channel.flush()


if __name__ == "__main__":
    main()
