"""Fixtures and builders, for us and for plugin authors: a world with units, people and browsers."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from core.access.models import Account, Grant, LoginSession
from core.access.principal import Principal, operator
from core.db import Base, Database, new_key
from core.members.listing import refresh_members
from core.members.models import Affiliation, Member, MemberStatus, Position
from core.names import search_key, sort_key, split_full_name
from core.periods import EVER, OPEN
from core.scope import MARK, scoped_tables
from core.settings.services import give_setting
from core.system import System
from core.units.models import Unit
from core.units.places import ROOT_CODE, Place
from core.units.services import establish_unit
from core.units.versions import VersionFacts, write_versions
from core.work import Work

TODAY = date(2026, 11, 10)
NOON = datetime(2026, 11, 10, 5, 0, tzinfo=UTC)
NO_PASSWORD = "!"  # noqa: S105 - no hash is this, so nobody signs in with it


class RolledBackDatabase(Database):
    """A database on one connection whose outer transaction is rolled back after the test."""

    def __init__(self, connection: Connection) -> None:
        """Keep the connection."""
        super().__init__(connection.engine)
        self._connection = connection

    def session(self, *, writing: bool) -> Session:
        """Open a session inside the test's transaction."""
        return Session(
            self._connection,
            join_transaction_mode="create_savepoint",
            expire_on_commit=False,
            info={"writing": writing},
        )


class UnscopedStatement(AssertionError):
    """A statement read unit-scoped rows without the predicate and without saying why."""


def refuse_unscoped(engine: sa.Engine) -> None:
    """Fail every select on a scoped table that carries neither the mark nor a reason."""
    names = [table.name for table in scoped_tables()]

    @sa.event.listens_for(engine, "before_cursor_execute")
    def check(conn: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        head = statement.lstrip()[:200]
        if not head.upper().startswith(("SELECT", "WITH")) or MARK in head or "/* unscoped" in head:
            return
        words = set(statement.replace('"', " ").replace(",", " ").replace(".", " ").split())
        found = [name for name in names if name in words]
        if found:
            raise UnscopedStatement(f"{found} read without the predicate: {statement[:600]}")


@dataclass
class Counter:
    """Counts the statements sent to the database."""

    statements: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many statements there were, savepoints of the test itself left out."""
        return len(self.statements)


@contextmanager
def counted(engine: sa.Engine) -> Iterator[Counter]:
    """Count the statements of a block."""
    counter = Counter()

    def note(conn: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.upper().startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            counter.statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield counter
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


class Browser(FlaskClient):
    """A test browser that sends the token every form carries."""

    def token(self) -> str:
        """Return a form token for this browser's session."""
        with self.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", hashlib.sha1(b"test").hexdigest())  # noqa: S324 - no secret
        key = self.application.secret_key
        return str(URLSafeTimedSerializer(str(key), salt="wtf-csrf-token").dumps(raw))

    def submit(
        self, address: str, data: dict[str, Any] | None = None, **options: Any
    ) -> TestResponse:
        """Send a form as the page would."""
        return self.post(address, data={**(data or {}), "csrf_token": self.token()}, **options)

    def send(self, method: str, address: str, json: Any = None, **options: Any) -> TestResponse:
        """Send JSON as a signed-in program would."""
        headers = {**options.pop("headers", {}), "X-CSRFToken": self.token()}
        return self.open(address, method=method, json=json, headers=headers, **options)


class UnitLine:
    """A unit that `World.units` is to write: code, kind, parent, and facts of its version."""

    def __init__(
        self, code: str, kind: str = "branch", parent: str = ROOT_CODE, name: str = "", **facts: Any
    ) -> None:
        self.code, self.kind, self.parent, self.name, self.facts = code, kind, parent, name, facts


@dataclass(repr=False)
class World:
    """A small world to test in: builders for units, people, accounts, and browsers for them."""

    system: System
    app: Flask
    now: datetime = NOON
    _number: int = 0

    @property
    def today(self) -> date:
        """The day it is in this world."""
        return self.now.astimezone(self.system.host.zone).date()

    @contextmanager
    def work(
        self,
        actor: Principal | Account | None = None,
        unit: str = ROOT_CODE,
        *,
        writing: bool = True,
    ) -> Iterator[Work]:
        """Open a work; without an actor as the operator."""
        who = self.principal(actor) if isinstance(actor, Account) else actor or operator("test")
        opener = self.system.opener
        with opener.work(lambda _s, _n: who, writing=writing, unit_code=unit) as work:
            yield work

    def principal(self, account: Account) -> Principal:
        """Return the principal of an account with its rights of today."""
        from core.access.authentication import principal_of
        from core.opening import read_epochs

        with self.system.opener.database.session(writing=False) as session:
            session.info["epochs"] = read_epochs(session)
            host = self.system.host
            return principal_of(session, account, self.now, self.system.opener.rights, host.zone)

    def unit(
        self,
        code: str,
        kind: str = "branch",
        parent: str = ROOT_CODE,
        *,
        name: str = "",
        on: date = EVER,
        **facts: Any,
    ) -> Place:
        """Establish a unit."""
        with self.work() as work:
            above = self.place(parent, work)
            establish_unit(
                work,
                code=code,
                on=on,
                facts=VersionFacts(
                    name=name or f"Đơn vị {code}", kind=kind, parent_id=above.id, **facts
                ),
            )
        return self.place(code)

    def units(self, *lines: UnitLine) -> None:
        """Write units in one act, parents before children; the ledger says nothing of them.

        What many tests begin with: five units take a fifth of the time of five times `unit`.
        """
        with self.work() as work:
            keys = {ROOT_CODE: work.unit.id}
            facts: dict[uuid.UUID, list[VersionFacts]] = {}
            for line in lines:
                keys[line.code] = key = new_key()
                work.session.add(Unit(id=key, code=line.code, created_at=work.now))
                above = keys.get(line.parent) or self.place(line.parent, work).id
                name = line.name or f"Đơn vị {line.code}"
                facts[key] = [
                    VersionFacts(name=name, kind=line.kind, parent_id=above, **line.facts)
                ]
            work.session.flush()
            work.hooks.tree_changed(unit_ids=write_versions(work, facts))

    def place(self, code: str, work: Work | None = None) -> Place:
        """Return a unit as it is today."""
        if work is not None:
            found = work.host.places.by_code(work.session, code, work.today, work.generation)
            assert found is not None, code
            return found
        with self.work(writing=False) as fresh:
            return self.place(code, fresh)

    def member(
        self,
        unit: str,
        full_name: str = "Nguyễn Văn An",
        *,
        status: str = "official",
        since: date = date(2020, 1, 1),
        **fields: Any,
    ) -> Member:
        """Make a member whose home is a unit."""
        return self.members(unit, [full_name], status=status, since=since, **fields)[0]

    def members(
        self,
        unit: str,
        names: Iterable[str],
        *,
        status: str = "official",
        since: date = date(2020, 1, 1),
        **fields: Any,
    ) -> list[Member]:
        """Make members whose home is a unit, in one act."""
        with self.work() as work:
            place = self.place(unit, work)
            made = [self._person(work, place, name, status, since, fields) for name in names]
            work.session.add_all(made)
            work.session.flush()
            spans: dict[str, Any] = {"valid_from": since, "valid_to": OPEN}
            for member in made:
                home = Affiliation(member_id=member.id, unit_id=place.id, kind="home", **spans)
                work.session.add_all(
                    [MemberStatus(member_id=member.id, status=status, **spans), home]
                )
            work.session.flush()
            refresh_members(work, [member.id for member in made])
            return made

    def _person(
        self,
        work: Work,
        place: Place,
        full_name: str,
        status: str,
        since: date,
        fields: Mapping[str, Any],
    ) -> Member:
        self._number += 1
        name = split_full_name(full_name)
        card = f"{self._number:08d}" if status != "probationary" else None
        return Member(
            id=new_key(),
            unit_id=place.id,
            surname=name.surname,
            middle_name=name.middle_name,
            given_name=name.given_name,
            full_name=name.full,
            sort_key=sort_key(name),
            search=search_key(name.full),
            status=status,
            admitted_on=since,
            created_at=work.now,
            **{"card_no": card, **fields},
        )

    def position(
        self,
        member: Member,
        position: str,
        unit: str,
        *,
        since: date = date(2025, 1, 1),
        until: date = OPEN,
    ) -> None:
        """Give a member a position in a unit."""
        with self.work() as work:
            place = self.place(unit, work)
            work.session.add(
                Position(
                    member_id=member.id,
                    unit_id=place.id,
                    position=position,
                    valid_from=since,
                    valid_to=until,
                )
            )
            work.touch("access")

    def account(
        self,
        role: str | None = None,
        unit: str = ROOT_CODE,
        *,
        member: Member | None = None,
        with_subtree: bool = True,
        name: str = "",
    ) -> Account:
        """Make an account, with a role at a unit unless it has none."""
        self._number += 1
        with self.work() as work:
            account = Account(
                username=f"user{self._number}",
                name=name or (member.full_name if member else f"Người dùng {self._number}"),
                member_id=member.id if member else None,
                home_unit_id=self.place(unit, work).id,
                password_hash=NO_PASSWORD,
                created_at=work.now,
                preferences={},
            )
            work.session.add(account)
            work.session.flush()
            if role is not None:
                work.session.add(
                    Grant(
                        account_id=account.id,
                        role=role,
                        unit_id=self.place(unit, work).id,
                        with_subtree=with_subtree,
                        valid_from=EVER,
                        valid_to=OPEN,
                        made_by="test",
                        made_at=work.now,
                    )
                )
            work.touch("access")
            return account

    def browser(self, account: Account | None = None) -> Browser:
        """Return a browser, signed in as an account or as nobody; its second factor is given."""
        self.app.test_client_class = Browser
        client = self.app.test_client()
        assert isinstance(client, Browser)
        if account is not None:
            secret = secrets.token_hex(16)
            with self.work() as work:
                login = LoginSession(
                    account_id=account.id,
                    secret_digest=hashlib.sha256(secret.encode()).digest(),
                    device="test",
                    began_at=work.now,
                    seen_at=work.now,
                    expires_at=work.now + timedelta(hours=12),
                    confirmed_at=work.now,
                )
                work.session.add(login)
                work.session.flush()
                key: uuid.UUID = login.id
            with client.session_transaction() as cookie:
                cookie["sid"], cookie["secret"] = str(key), secret
        return client

    def switch(self, plugin: str, unit: str = ROOT_CODE, *, on: bool) -> None:
        """Switch a plugin on or off at a unit, since ever."""
        with self.work() as work:
            give_setting(
                work, key=f"{plugin}.enabled", value=on, unit=self.place(unit, work), on=EVER
            )

    def give(self, key: str, value: Any, unit: str = ROOT_CODE, *, on: date = EVER) -> None:
        """Give a setting a value at a unit, since ever."""
        with self.work() as work:
            give_setting(work, key=key, value=value, unit=self.place(unit, work), on=on)

    def rows(self, model: type[Base]) -> int:
        """Count the rows of a table."""
        with self.work(writing=False) as work:
            statement = sa.select(sa.func.count()).select_from(model)
            return int(work.session.scalar(statement.execution_options(unscoped="test")) or 0)
