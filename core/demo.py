"""The demo: a town with its real history, an account for each kind of user, months of work."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.access.models import Account, Grant, Role
from core.access.passwords import first_password, hash_password
from core.access.principal import operator
from core.db import new_key
from core.errors import RuleBroken
from core.generate.accounts import DemoAccount, accounts
from core.generate.loading import load_members, load_positions, load_units
from core.generate.town import build_town
from core.i18n import _
from core.members.models import Member
from core.periods import EVER, OPEN
from core.reference import add_reference_data
from core.schema import migrate
from core.system import System
from core.work import Work

SEED = 33
Step = Callable[[str, float], None]
TITLES = {"administrator": "Quản trị hệ thống"}


def accounts_file(var: Path) -> Path:
    """Return where the demo's accounts are written down."""
    return var / "demo-accounts.json"


def prepare_demo(system: System, data: str, step: Step) -> list[dict[str, str]]:
    """Build the demo's database once; return the accounts to sign in with."""
    file = accounts_file(system.config.var)
    if file.is_file():
        kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if kept["data"] != data:
            raise RuleBroken(
                _(
                    "This folder holds the demo “%(kept)s”. "
                    "Choose another with HATNHAN_VAR, or remove it.",
                    kept=kept["data"],
                )
            )
        migrate(system.database, system.host)
        listed: list[dict[str, str]] = kept["accounts"]
        return listed
    step(_("Making the tables"), 0.02)
    migrate(system.database, system.host)
    with system.database.session(writing=True) as session:
        add_reference_data(session)
        session.commit()
    made = BUILDERS[data](system, step)
    file.write_text(
        json.dumps({"data": data, "accounts": made}, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    file.chmod(0o600)
    return made


def build_empty(system: System, step: Step) -> list[dict[str, str]]:
    """Make one administrator at the root, nothing else."""
    step(_("Making the administrator"), 0.5)
    wanted = [DemoAccount("administrator", TITLES["administrator"], "quantri", None, "ROOT")]
    with system.opener.as_system(operator("demo"), writing=True) as work:
        return add_accounts(work, wanted, {}, {"ROOT": work.unit.id})


def build_town_data(system: System, step: Step) -> list[dict[str, str]]:
    """Make Hồng Lĩnh, its people and posts, then what the plugins add: meetings, tasks, papers."""
    with system.opener.as_system(operator("demo"), writing=True) as work:
        step(_("Making up the town"), 0.05)
        town = build_town(seed=SEED, today=work.today)
        step(_("Writing the organisation"), 0.12)
        keys = load_units(work, town.units, town.lineage)
        step(_("Writing the members"), 0.2)
        people = load_members(work, keys, town.members, town.statuses, town.affiliations)
        load_positions(work, keys, people, town.positions, town.conditions)
        step(_("Making the accounts"), 0.35)
        made = add_accounts(work, accounts(town), people, keys)
    for number, plugin in enumerate(system.host.sound()):
        for build in plugin.offered("demo"):
            step(_("Adding what %(name)s brings", name=plugin.name), 0.4 + 0.05 * number)
            with system.opener.as_system(operator("demo"), writing=True) as work:
                build(work, town, keys, people)
    step(_("Ready"), 1.0)
    return made


BUILDERS = {"town": build_town_data, "empty": build_empty}


def add_accounts(
    work: Work, wanted: list[DemoAccount], people: dict[str, Any], keys: dict[str, Any]
) -> list[dict[str, str]]:
    """Make the demo's accounts with passwords of this database alone; return them for the page."""
    work.session.execute(sa.update(Role).values(needs_totp=False))
    result: list[dict[str, str]] = []
    for one in wanted:
        password = first_password()
        account = Account(
            id=new_key(),
            username=one.username,
            name=_name_of(work, people.get(one.member_key or "")) or one.title,
            member_id=people.get(one.member_key or ""),
            home_unit_id=keys[one.unit_code],
            password_hash=hash_password(password),
            created_at=work.now,
            password_changed_at=work.now,
            preferences={},
        )
        work.session.add(account)
        work.session.flush()
        work.session.add(
            Grant(
                account_id=account.id,
                role=one.role_key,
                unit_id=keys[one.unit_code],
                valid_from=EVER,
                valid_to=OPEN,
                made_by=work.actor.label,
                made_at=work.now,
            )
        )
        result.append(
            {
                "role": one.role_key,
                "title": one.title,
                "subtitle": account.name if account.name != one.title else "",
                "username": one.username,
                "password": password,
            }
        )
    work.touch("access")
    return result


def _name_of(work: Work, member_id: Any) -> str:
    """Return a member's name."""
    if member_id is None:
        return ""
    statement = sa.select(Member.full_name).where(Member.id == member_id)
    return str(work.session.scalar(statement.execution_options(unscoped="demo")) or "")
