"""What a database says when somebody else is in the way, told to people."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from core.db import is_busy, is_passing


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
    ("error", "busy", "passing"),
    [
        (psycopg.errors.DeadlockDetected("in any language"), True, True),
        (psycopg.errors.LockNotAvailable("in any language"), True, True),
        (psycopg.errors.AdminShutdown("deadlock detected"), False, True),
        (psycopg.errors.DiskFull("no room"), False, True),
        (psycopg.errors.UndefinedTable("deadlock detected"), False, False),
    ],
)
def test_postgresql_is_known_by_its_code_not_by_its_words(
    error: Exception, busy: bool, passing: bool
) -> None:
    refused = DBAPIError("UPDATE", {}, error)
    assert (is_busy(refused), is_passing(refused)) == (busy, passing)


def test_what_somebody_else_changed_first_passes_and_a_bug_does_not() -> None:
    assert is_passing(StaleDataError("changed"))
    assert is_passing(DBAPIError("SELECT", {}, psycopg.OperationalError("gone"), None, True))
    assert not is_passing(ZeroDivisionError())
