"""What a database says when somebody else is in the way, told to people."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from core.opening import is_busy


def test_a_locked_file_is_busy_and_a_missing_table_is_not(tmp_path: Path) -> None:
    file = tmp_path / "busy.sqlite3"
    with (
        closing(sqlite3.connect(file, timeout=0)) as one,
        closing(sqlite3.connect(file, timeout=0)) as two,
    ):
        one.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError) as locked:
            two.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError) as missing:
            two.execute("SELECT * FROM nothing")
    assert is_busy(OperationalError("BEGIN", {}, locked.value))
    assert not is_busy(OperationalError("SELECT", {}, missing.value))


@pytest.mark.parametrize(
    ("error", "busy"),
    [
        (psycopg.errors.DeadlockDetected("in any language"), True),
        (psycopg.errors.LockNotAvailable("in any language"), True),
        (psycopg.errors.AdminShutdown("deadlock detected"), False),
    ],
)
def test_postgresql_is_known_by_its_code_not_by_its_words(error: Exception, busy: bool) -> None:
    assert is_busy(OperationalError("UPDATE", {}, error)) is busy
