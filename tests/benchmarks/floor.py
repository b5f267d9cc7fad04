"""The floor: what any server must do for the same answer; nothing of the product is in here.

`/replay/NAME/N` sends the statements that the product sent, through psycopg alone, and answers the
same bytes. `/floor-b` is Flask and SQLAlchemy Core with a token, a scope test and the list, written
by hand over the stored ancestors. `/bytes/NAME` only answers the bytes.
"""

from __future__ import annotations

import functools
import hashlib
import sqlite3
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from flask import Flask, Response, jsonify, request

from core.db import Instant, Key
from tests.benchmarks.kept import Recorded, kept

OPTIONS = "-c plan_cache_mode=force_custom_plan -c jit=off -c timezone=UTC"
metadata = sa.MetaData()
session = sa.Table("core_session", metadata, sa.Column("id", Key()),
                   sa.Column("account_id", Key()), sa.Column("secret_digest", sa.LargeBinary),
                   sa.Column("expires_at", Instant()))  # fmt: skip
grant = sa.Table("core_grant", metadata, sa.Column("account_id", Key()),
                 sa.Column("unit_id", Key()))  # fmt: skip
unit = sa.Table("core_unit", metadata, sa.Column("id", Key()), sa.Column("code", sa.String))
reach = sa.Table("core_unit_scope", metadata, sa.Column("ancestor_id", Key()),
                 sa.Column("unit_id", Key()))  # fmt: skip
listed = sa.Table("core_member_list", metadata, sa.Column("ancestor_id", Key()),
                  sa.Column("sort_key", sa.LargeBinary), sa.Column("member_id", Key()),
                  sa.Column("status", sa.String))  # fmt: skip
member = sa.Table("core_member", metadata, sa.Column("id", Key()), sa.Column("unit_id", Key()),
                  *(sa.Column(name, sa.String) for name in (
                      "surname", "middle_name", "given_name", "full_name", "sex", "card_no",
                      "record_no", "phone", "email")),
                  sa.Column("birth_date", sa.Date), sa.Column("admitted_on", sa.Date),
                  sa.Column("official_on", sa.Date), sa.Column("revision", sa.Integer))  # fmt: skip


def build(address: str, folder: Path) -> Flask:
    """Build the floor's application over a database and a folder of recorded requests."""
    app = Flask("floor")
    floor = Floor(address, folder)

    @app.get("/bytes/<name>")
    def only_bytes(name: str) -> Response:
        found = floor.known(name)[0]
        return Response(found.body, mimetype=found.mimetype)

    @app.get("/replay/<name>/<int:number>")
    def replay(name: str, number: int) -> Response:
        those = floor.known(name)
        found = those[number % len(those)]
        with floor.connection() as connection:
            run(connection, found)
        return Response(found.body, mimetype=found.mimetype)

    @app.get("/floor-b")
    def floor_b() -> Any:
        with floor.engine.connect() as connection:
            return list_page(connection, request.args, request.headers["Authorization"])

    return app


class Floor:
    """The connections and the recorded requests of one process."""

    def __init__(self, address: str, folder: Path) -> None:
        """Connect when first asked."""
        self.address = address
        self.folder = folder
        self._recorded: dict[str, list[Recorded]] = {}
        self._own = threading.local()
        self._is_sqlite = address.startswith("sqlite")

    @functools.cached_property
    def engine(self) -> sa.Engine:
        """The engine of the list written by hand."""
        if self._is_sqlite:
            return sa.create_engine(self.address)
        address = self.address.replace("postgresql://", "postgresql+psycopg://", 1)
        return sa.create_engine(address, connect_args={"options": OPTIONS}, pool_size=8)

    def known(self, name: str) -> list[Recorded]:
        """Return recorded requests, read once."""
        if name not in self._recorded:
            self._recorded[name] = kept(self.folder, name)
        return self._recorded[name]

    @contextmanager
    def connection(self) -> Iterator[Any]:
        """Lend the thread's connection of the driver alone; its transaction is committed."""
        if not hasattr(self._own, "connection"):
            self._own.connection = self._connect()
        yield self._own.connection
        self._own.connection.commit()

    def _connect(self) -> Any:
        if self._is_sqlite:
            file = self.address.removeprefix("sqlite:///")
            connection = sqlite3.connect(file, timeout=30, isolation_level=None)
            for pragma in ("synchronous=NORMAL", "cache_size=-65536", "temp_store=MEMORY"):
                connection.execute(f"PRAGMA {pragma}")
            return connection
        return psycopg.connect(self.address, options=OPTIONS)


def run(connection: Any, found: Recorded) -> None:
    """Send recorded statements and fetch their answers."""
    cursor = connection.cursor()
    for text, parameters, many in found.statements:
        (cursor.executemany if many else cursor.execute)(text, parameters)
        if cursor.description is not None:
            cursor.fetchall()
    cursor.close()


def list_page(connection: sa.Connection, asked: Mapping[str, str], token: str) -> Any:
    """Answer a page of the list as somebody would who wrote it only for that."""
    key, _dot, secret = token.partition(".")
    account = connection.execute(
        sa.select(session.c.account_id).where(
            session.c.id == uuid.UUID(key),
            session.c.secret_digest == hashlib.sha256(secret.encode()).digest(),
            session.c.expires_at > datetime.now(UTC),
        )
    ).scalar_one()
    root = connection.execute(
        sa.select(unit.c.id)
        .join(reach, reach.c.unit_id == unit.c.id)
        .join(grant, grant.c.unit_id == reach.c.ancestor_id)
        .where(unit.c.code == asked["unit"], grant.c.account_id == account)
        .limit(1)
    ).scalar_one()
    rows = connection.execute(
        sa.select(member, unit.c.code.label("unit_code"), listed.c.status)
        .select_from(listed)
        .join(member, member.c.id == listed.c.member_id)
        .join(unit, unit.c.id == member.c.unit_id)
        .where(listed.c.ancestor_id == root, listed.c.status == asked["status"])
        .order_by(listed.c.sort_key, listed.c.member_id)
        .limit(51)
    ).mappings()
    items = [
        {**row, "birth_date": day(row["birth_date"]), "admitted_on": day(row["admitted_on"]),
         "official_on": day(row["official_on"]), "hidden": []}
        for row in list(rows)[:50]
    ]  # fmt: skip
    return jsonify(items=items, next=items[-1]["id"])


def day(value: Any) -> str | None:
    """Return a day as text."""
    return value.isoformat() if value is not None else None
