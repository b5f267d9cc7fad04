"""Reading a file in a process of its own, which a malicious file may kill without harm."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, cast, overload

from .columns import USUAL, Column, Limits, RawRow, UnreadableFile
from .headings import expected
from .refusals import TOO_BIG_INSIDE, TOO_SLOW

T = TypeVar("T")
Batch = list[RawRow]

OUT_OF_MEMORY = 86
"""With what a child ends that has met its limit."""

_PIECE = 64 * 1024
_LONGEST_MESSAGE = 256 * 2**20
_WAITS = 3
"""How many times its processor time a child may take on the clock between two batches."""
_FAREWELL = 5


@overload
def read_in_child(
    path: Path,
    columns: Iterable[Column],
    handle: None = None,
    *,
    aliases: Mapping[str, str] | None = None,
    filename: str | None = None,
    limits: Limits = USUAL,
    batch: int = 1000,
) -> ChildReading[Batch]: ...
@overload
def read_in_child(
    path: Path,
    columns: Iterable[Column],
    handle: Callable[[Batch], T],
    *,
    aliases: Mapping[str, str] | None = None,
    filename: str | None = None,
    limits: Limits = USUAL,
    batch: int = 1000,
) -> ChildReading[T]: ...
def read_in_child(
    path: Path,
    columns: Iterable[Column],
    handle: Callable[[Batch], Any] | None = None,
    *,
    aliases: Mapping[str, str] | None = None,
    filename: str | None = None,
    limits: Limits = USUAL,
    batch: int = 1000,
) -> ChildReading[Any]:
    """Read a file in a child with limits of memory and time; yields batches of rows.

    With `handle`, a function of a module, the child calls it with each batch and its results are
    yielded instead; they must be JSON. A file beyond the limits is an `UnreadableFile`.
    """
    job = {
        "path": str(path.resolve()),
        "expected": asdict(expected(columns, aliases or {})),
        "filename": filename or path.name,
        "limits": asdict(limits),
        "handle": None if handle is None else _name_of(handle),
        "batch": batch,
    }
    return ChildReading(job, limits)


def _name_of(handle: Callable[..., Any]) -> str:
    """Return how the child finds the function; it must be one of a module."""
    if "<" in handle.__qualname__ or handle.__module__ == "__main__":
        raise ValueError(f"{handle.__qualname__} is not a function of a module.")
    return f"{handle.__module__}:{handle.__qualname__}"


class ChildReading(Iterator[T], Generic[T]):
    """The batches a child has read: an iterator and a context manager that ends the child.

    `columns`, `unknown_columns`, `heading_row` and `sheet` as in `Reading`.
    """

    def __init__(self, job: Mapping[str, Any], limits: Limits) -> None:
        """Start the child and wait for the headings."""
        self._limits = limits
        self._gives_rows = job["handle"] is None
        self._child = _start(job)
        try:
            self._messages = self._receive()
            found = next(self._messages)["found"]
        except BaseException:
            self.close()
            raise
        self.columns: list[str] = found["columns"]
        self.unknown_columns: list[str] = found["unknown"]
        self.heading_row: int = found["row"]
        self.sheet: str = found["sheet"]

    def __next__(self) -> T:
        """Return the next batch; the end closes the child."""
        message = next(self._messages)
        if "done" in message:
            with suppress(subprocess.TimeoutExpired):  # it has nothing left to do
                self._child.wait(timeout=_FAREWELL)
            self.close()
            raise StopIteration
        batch = message["batch"]
        return cast("T", self._rows(batch) if self._gives_rows else batch)

    def _rows(self, batch: list[tuple[int, list[str], dict[str, str]]]) -> Batch:
        """Put the keys back, which the child left out."""
        return [
            RawRow(number, dict(zip(self.columns, values, strict=True)), bad)
            for number, values, bad in batch
        ]

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the child."""
        self.close()

    def close(self) -> None:
        """End the child, whatever it is doing."""
        if self._child.poll() is None:
            self._child.kill()
            self._child.wait()
        if self._child.stdout:
            self._child.stdout.close()

    def _receive(self) -> Iterator[dict[str, Any]]:
        """Yield what the child says, line by line; JSON, as a child taken over may say anything."""
        for line in self._lines():
            message: dict[str, Any] = json.loads(line)
            if "refused" in message:
                self.close()
                raise UnreadableFile(message["refused"], **message["values"])
            yield message
        raise self._why_it_ended()

    def _lines(self) -> Iterator[bytes]:
        assert self._child.stdout is not None  # noqa: S101 - it was started with a pipe
        waiting = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self._child.stdout, selectors.EVENT_READ)
            while selector.select(timeout=self._limits.seconds * _WAITS):
                piece = os.read(self._child.stdout.fileno(), _PIECE)
                if not piece or len(waiting) > _LONGEST_MESSAGE:
                    return
                *lines, rest = piece.split(b"\n")
                for line in lines:
                    yield bytes(waiting + line)
                    waiting.clear()
                waiting += rest
        self.close()
        raise UnreadableFile(TOO_SLOW)

    def _why_it_ended(self) -> Exception:
        """Tell a file that is too much from a fault of ours."""
        status = self._child.wait()
        self.close()
        if status == -signal.SIGXCPU:
            return UnreadableFile(TOO_SLOW)
        if status < 0 or status == OUT_OF_MEMORY:
            return UnreadableFile(TOO_BIG_INSIDE)
        return RuntimeError(f"The process reading a file failed with status {status}.")


def _start(job: Mapping[str, Any]) -> subprocess.Popen[bytes]:
    """Start the child, which finds our modules where we found them."""
    cwd = str(Path.cwd())
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "core.exchange.workbook.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path or cwd for path in sys.path)},
    )
    assert child.stdin is not None  # noqa: S101 - it was started with a pipe
    # A child that dies at once is noticed when it is listened to.
    with suppress(BrokenPipeError), child.stdin:
        child.stdin.write(json.dumps(job).encode())
    return child
