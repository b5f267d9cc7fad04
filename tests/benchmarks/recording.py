"""What the database is really asked by a request: its statements, for the floor to repeat."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from core.app import create_app
from core.db import Database
from core.system import System
from tests.benchmarks.client import Request
from tests.benchmarks.kept import Recorded, Statement


class Trial(Session):
    """A session that writes everything and keeps nothing, so that a floor can write it instead."""

    def commit(self) -> None:
        """Send what waits, then take everything back."""
        self.flush()
        self.rollback()


class TrialDatabase(Database):
    """A database whose acts leave nothing behind."""

    def session(self, *, writing: bool) -> Session:
        """Open a session that is taken back at its end."""
        bind = self._writing if writing else self._reading
        return Trial(bind, expire_on_commit=False)


@contextmanager
def heard(engine: sa.Engine) -> Iterator[list[Statement]]:
    """Listen to the statements an engine sends."""
    found: list[Statement] = []

    def listen(
        _connection: Any, cursor: Any, text: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        found.append((text, kept_of(parameters), many))

    sa.event.listen(engine, "before_cursor_execute", listen)
    try:
        yield found
    finally:
        sa.event.remove(engine, "before_cursor_execute", listen)


def kept_of(parameters: Any) -> Any:
    """Return parameters that can be written down: SQLite's driver is given views of bytes."""
    if isinstance(parameters, memoryview):
        return bytes(parameters)
    if isinstance(parameters, (list, tuple)):
        return type(parameters)(kept_of(one) for one in parameters)
    return parameters


class Recorder:
    """Sends requests to an application in this process and keeps what the database was asked."""

    def __init__(self, system: System) -> None:
        """Build an application on a system of its own."""
        self._engine = system.database.engine
        self._opener = system.opener
        self._opener.database = TrialDatabase(system.database.engine)
        self.app: Flask = create_app(system=system)

    def record(self, request: Request, *, warm: int = 2) -> Recorded:
        """Send a request a few times, so that what is remembered is warm; keep the last."""
        for _ in range(warm):
            self.send(request)
        return self.send(request)

    def send(self, request: Request) -> Recorded:
        """Send a request once."""
        with heard(self._engine) as statements:
            response = self.app.test_client(use_cookies=False).open(
                request.path, method=request.method, headers=request.headers, data=request.body
            )
        if response.status_code >= 300:
            raise RuntimeError(f"{request.path}: {response.status_code} {response.data[:300]!r}")
        return Recorded(list(statements), response.data, str(response.mimetype))
