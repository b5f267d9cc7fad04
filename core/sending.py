"""Sending rows to PostgreSQL while the program goes on: both processors work at the same time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

TURN = 0.0005
"""Seconds after which who counts lets who sends go on; usually ten times as many."""


class Sender:
    """One thread that sends what it is given, in that order, over one connection."""

    def __init__(self) -> None:
        """Begin with nothing to send."""
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sending")
        self._sent: list[Future[Any]] = []

    def send(self, act: Callable[[], Any]) -> None:
        """Let rows be sent; they must not be changed any more."""
        self._sent.append(self._pool.submit(act))

    def settle(self) -> None:
        """Wait until everything is written; what the database refused is raised here."""
        sent, self._sent = self._sent, []
        wait(sent)
        for future in sent:
            future.result()

    def close(self) -> None:
        """Wait for the thread to end, whatever came of what it sent."""
        self._pool.shutdown(wait=True)


def sender_of(session: Session) -> Sender | None:
    """Return who sends for a session, if anybody does."""
    found: Sender | None = session.info.get("sender")
    return found


def settle(session: Session) -> None:
    """Wait until what was sent for a session is written."""
    sender = sender_of(session)
    if sender is not None:
        sender.settle()


@contextmanager
def sending(session: Session) -> Iterator[None]:
    """Send many rows of `insert_rows` in a thread; any other statement waits until they are there.

    So statements reach the database in the order in which they were given, in one transaction,
    and an error is raised by the next one at the latest. Only PostgreSQL has somebody else to
    work meanwhile.
    """
    if session.get_bind().dialect.name != "postgresql" or sender_of(session) is not None:
        yield
        return
    sender, connection = Sender(), session.connection()

    def waited(*_told: Any) -> None:
        sender.settle()

    turn = sys.getswitchinterval()
    sys.setswitchinterval(TURN)
    sa.event.listen(connection, "before_cursor_execute", waited)
    session.info["sender"] = sender
    try:
        yield
        sender.settle()
    finally:
        sender.close()
        session.info.pop("sender", None)
        sa.event.remove(connection, "before_cursor_execute", waited)
        sys.setswitchinterval(turn)
