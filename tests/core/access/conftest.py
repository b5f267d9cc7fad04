"""A ward with two branches, people in them, and accounts with real passwords."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from core.access.models import Account
from core.access.passwords import hash_password
from core.ledger.models import LedgerPayload, LedgerRow
from core.testing import NOON, Browser, UnitLine, World
from tests.environment.settling import Settle

PASSWORD = "một con đường làng"


def build_ward(world: World) -> None:
    """Write the units of these tests."""
    world.units(
        UnitLine("P", "province", name="Đảng bộ tỉnh P"),
        UnitLine("W", "commune", "P", name="Đảng bộ phường W"),
        UnitLine("V", "commune", "P", name="Đảng bộ phường V"),
        UnitLine("B", "branch", "W", name="Chi bộ B"),
        UnitLine("C", "branch", "W", name="Chi bộ C"),
    )


@pytest.fixture(scope="module")
def settle() -> Settle:
    """Each module's tests begin with it."""
    return build_ward


@pytest.fixture
def ward(world: World) -> World:
    """A province, a ward under it, two branches under the ward, a ward elsewhere."""
    return world


@pytest.fixture
def person(world: World) -> Callable[..., Account]:
    """Make an account that can sign in: `person("B", role=…)`."""

    def make(unit: str = "B", role: str | None = None, **facts: Any) -> Account:
        made = world.account(
            role,
            unit,
            **{k: facts.pop(k) for k in ("member", "name", "with_subtree") if k in facts},
        )
        with world.work() as work:
            account = work.session.get(Account, made.id)
            assert account is not None
            account.password_hash = hash_password(PASSWORD)
            for key, value in facts.items():
                setattr(account, key, value)
        return account

    return make


@pytest.fixture
def later(world: World) -> Callable[..., None]:
    """Let time go by: `later(minutes=16)`, from noon on."""

    def go_on(**span: float) -> None:
        world.now = NOON + timedelta(**span)
        world.system.opener.clock = lambda: world.now

    return go_on


@pytest.fixture
def signing_in(world: World) -> Callable[..., TestResponse]:
    """Send the sign-in form from a fresh browser, or from the one given."""

    def sign_in(
        username: str, password: str = PASSWORD, *, browser: Browser | None = None, **fields: str
    ) -> TestResponse:
        browser = browser or world.browser()
        data = {"username": username, "password": password, **fields}
        return browser.submit("/sign-in", data)

    return sign_in


@pytest.fixture
def acts(world: World) -> Callable[[], list[str]]:
    """Return what the ledger says was done with accounts and rights, in order."""

    def read() -> list[str]:
        with world.work(writing=False) as work:
            rows = work.session.scalars(sa.select(LedgerRow.action).order_by(LedgerRow.id))
            return [action for action in rows if action.startswith("access.")]

    return read


@pytest.fixture
def told(world: World) -> Callable[[], str]:
    """Return everything the ledger has written down, as one text: to look for what must not be."""

    def read() -> str:
        with world.work(writing=False) as work:
            rows = [str(row.__dict__) for row in work.session.scalars(sa.select(LedgerRow))]
            bodies = [str(row.body) for row in work.session.scalars(sa.select(LedgerPayload))]
            return "\n".join([*rows, *bodies])

    return read


@pytest.fixture
def fresh(world: World) -> Callable[[Account], Account]:
    """Read an account anew."""

    def read(account: Account) -> Account:
        with world.work(writing=False) as work:
            found = work.session.get(Account, account.id)
            assert found is not None
            return found

    return read
