"""Who asks in a run: accounts with rights of different reach, signed in as browsers are."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from core.access.authentication import digest
from core.access.models import Account, Grant, LoginSession
from core.access.principal import operator
from core.app import create_app
from core.db import new_key
from core.periods import EVER, OPEN
from core.system import System
from core.units.models import Unit, UnitScope
from core.units.places import visible
from core.work import Work

ROLES = ("province_organisation", "branch_secretary", "branch_clerk")
PREFIX = "bench-"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asks: the headers a browser would send, and a unit to ask about."""

    name: str
    headers: dict[str, str]
    unit: str
    token: str


def settle(system: System) -> dict[str, Person]:
    """Make the accounts of a run anew and sign them in; return them by name."""
    with system.opener.as_system(operator("benchmarks"), writing=True) as work:
        forget_people(work)
        reach = grants_of(work)
        signed_in = {name: _sign_in(work, name, units) for name, (units, _asks) in reach.items()}
        work.touch("access")
    app = create_app(system=system)
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    if serializer is None:
        raise RuntimeError("no secret key")
    forms = URLSafeTimedSerializer(system.config.secret_key, salt="wtf-csrf-token")
    return {
        name: Person(
            name,
            {
                "Cookie": "hatnhan=" + str(serializer.dumps(values)),
                "X-CSRFToken": str(forms.dumps(values["csrf_token"])),
            },
            reach[name][1],
            f"{values['sid']}.{values['secret']}",
        )
        for name, values in signed_in.items()
    }


def grants_of(work: Work) -> Mapping[str, tuple[Sequence[str], str]]:
    """Return for each person the units at which rights are held, and the unit asked about.

    `third` holds every third commune, `scattered` twenty branches far apart.
    """
    codes = _codes_by_kind(work)
    communes, branches = codes["commune"], codes["branch"]
    step = max(1, len(branches) // 20)
    middle = communes[len(communes) // 2]
    return {
        "everywhere": (["ROOT"], "ROOT"),
        "third": (communes[:: 3 if len(communes) > 2 else 2], communes[0]),
        "commune": ([middle], middle),
        "branch": ([branches[0]], branches[0]),
        "scattered": (branches[::step][:20], branches[0]),
    }


def _codes_by_kind(work: Work) -> dict[str, list[str]]:
    """Return the codes of today's communes and branches, in their order."""
    root = work.session.info["root_id"]
    rows = work.session.execute(
        sa.select(Unit.code)
        .join(UnitScope, UnitScope.unit_id == Unit.id)
        .where(UnitScope.ancestor_id == root, visible(UnitScope, work.generation))
        .order_by(Unit.code)
    )
    found: dict[str, list[str]] = {"commune": [], "branch": []}
    for (code,) in rows:
        if code.startswith("XN"):
            found["commune"].append(code)
        elif code.startswith("XC"):
            found["branch"].append(code)
    return found


def _sign_in(work: Work, name: str, units: Sequence[str]) -> dict[str, object]:
    """Make an account with its grants and a session of it; return what the cookie says."""
    account, login, secret = new_key(), new_key(), secrets.token_urlsafe(24)
    places = work.host.places.by_codes(work.session, units, work.today, work.generation)
    work.session.add(
        Account(
            id=account, username=PREFIX + name, name=f"Người đo {name}", created_at=work.now,
            password_hash="!", preferences={},
        )
    )  # fmt: skip
    work.session.flush()
    work.session.add_all(
        Grant(
            account_id=account, role=role, unit_id=place.id, with_subtree=True, valid_from=EVER,
            valid_to=OPEN, made_by="benchmarks", made_at=work.now,
        )
        for place in places.values()
        for role in ROLES
    )  # fmt: skip
    work.session.add(
        LoginSession(
            id=login, account_id=account, secret_digest=digest(secret), device="benchmarks",
            began_at=work.now, seen_at=work.now, expires_at=work.now + timedelta(days=30),
            confirmed_at=work.now,
        )
    )  # fmt: skip
    return {
        "sid": str(login),
        "secret": secret,
        "_permanent": True,
        "csrf_token": secrets.token_hex(20),
    }


def forget_people(work: Work) -> None:
    """Take away the accounts of an earlier run."""
    mine = sa.select(Account.id).where(Account.username.startswith(PREFIX))
    for model in (Grant, LoginSession):
        work.session.execute(sa.delete(model).where(model.account_id.in_(mine)))
    work.session.execute(sa.delete(Account).where(Account.username.startswith(PREFIX)))
