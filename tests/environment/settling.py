"""A world that is built once for a module and that each of its tests finds untouched."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask
from sqlalchemy.engine import Connection

from core.system import System
from core.testing import RolledBackDatabase, World

Settle = Callable[[World], Any]
"""Builds what the tests of a module begin with, and returns what they take hold of."""


class _Freezer(pickle.Pickler):
    """Writes down what was built, but for the world it was built in."""

    world: World

    def persistent_id(self, thing: Any) -> str | None:
        """Leave the world out: it holds the system."""
        return "world" if thing is self.world else None


class _Thawer(pickle.Unpickler):
    """Reads it into another world."""

    world: World

    def persistent_load(self, _name: Any) -> World:
        """Put the other world in."""
        return self.world


@dataclass
class Fresh:
    """A world and what was built in it, for one test."""

    world: World
    things: Any


class Settled:
    """What was built: the rows inside a transaction, the objects as they were written down."""

    def __init__(self, system: System, app: Flask, connection: Connection) -> None:
        self._connection = connection
        self._world = World(replace(system, database=RolledBackDatabase(connection)), app)
        self._things = b""

    def build(self, settle: Settle) -> None:
        """Build it."""
        file = io.BytesIO()
        freezer = _Freezer(file)
        freezer.world = self._world
        freezer.dump(settle(self._world))
        self._things = file.getvalue()

    @contextmanager
    def begun(self, world: World | None = None) -> Iterator[None]:
        """Let the system work here, by the clock of a world; afterwards it knows nothing of it."""
        world = world or self._world
        opener = world.system.opener
        opener.clock = lambda: world.now
        opener.forget()
        yield
        opener.forget()

    @contextmanager
    def anew(self) -> Iterator[Fresh]:
        """Give it to one test; what that writes is rolled back, what it changes is its own."""
        savepoint = self._connection.begin_nested()
        world = replace(self._world)
        with self.begun(world):
            thawer = _Thawer(io.BytesIO(self._things))
            thawer.world = world
            yield Fresh(world, thawer.load() if self._things else None)
        savepoint.rollback()


@contextmanager
def settled(system: System, app: Flask, settle: Settle | None) -> Iterator[Settled]:
    """Build inside a transaction that is rolled back in the end."""
    opener = system.opener
    with system.database.engine.connect() as connection:
        transaction = connection.begin()
        found = Settled(system, app, connection)
        whole, opener.database = opener.database, RolledBackDatabase(connection)
        with found.begun():
            if settle is not None:
                found.build(settle)
            yield found
        opener.database = whole
        transaction.rollback()
