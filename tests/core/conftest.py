"""The worlds in which everything exists: built once for a process, shared by many modules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.core.inhabited import Inhabited, OpenInhabited, inhabited_world
from tests.environment.settling import Settled


@pytest.fixture(scope="session")
def inhabited(database_folder: Path) -> Iterator[OpenInhabited]:
    """Open the world of a kind of database with `many` of everything; what is done is undone."""
    built: dict[tuple[str, int], Settled] = {}
    with ExitStack() as stack:

        @contextmanager
        def enter(kind: str, many: int) -> Iterator[Inhabited]:
            if (kind, many) not in built:
                world = inhabited_world(kind, database_folder, many)
                built[kind, many] = stack.enter_context(world)
            with built[kind, many].anew() as found:
                yield found.things

        yield enter
