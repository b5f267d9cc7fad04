"""A small district town to restructure, and the checksums of everything beside ledger and plans."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pytest
import sqlalchemy as sa

from core.db import Base
from core.generate.loading import load_members, load_units
from core.generate.rows import AffiliationRow, MemberRow, StatusRow, UnitRow
from core.testing import World
from core.units.places import Place
from core.units.tracing import plain
from core.units.tree import whole_tree
from core.work import Work
from tests.environment.settling import Settle

APART = ("core_ledger", "core_plan", "core_epoch", "core_job", "core_change")
"""What is not restored: the ledger, plans themselves, counters of caches and jobs, told changes."""


def fill_world(
    world: World, units: Sequence[tuple[str, str, str]], people: Mapping[str, Sequence[str]]
) -> None:
    """Write units (code, kind, parent) and people by the code of their home, all at once."""
    rows = [UnitRow(code, f"Đơn vị {code}", kind, parent) for code, kind, parent in units]
    since = date(2020, 1, 1)
    members: list[MemberRow] = []
    homes: list[AffiliationRow] = []
    for code, names in people.items():
        for name in names:
            key = f"{code}/{name}"
            card = f"{len(members):08d}"
            row = (key, card, card, "Nguyễn", "", name, date(1980, 1, 1), "day", "male")
            members.append(MemberRow(*row, since, since, ""))
            homes.append(AffiliationRow(key, code, "home", since))
    with world.work() as work:
        keys = load_units(work, rows, [])
        load_members(
            work, keys, members, [StatusRow(m.key, "official", since) for m in members], homes
        )


@pytest.fixture
def fill() -> Callable[..., None]:
    """Return the function that writes many units and people at once."""
    return fill_world


def build_town(world: World) -> World:
    """A province with a district of three communes; branches and members below them."""
    units = [("P", "province", "ROOT"), ("D", "district", "P")]
    people: dict[str, list[str]] = {}
    for commune in ("W1", "W2", "W3"):
        units.append((commune, "commune", "D"))
        for code in (f"{commune}B1", f"{commune}B2"):
            units.append((code, "branch", commune))
            people[code] = ["An", "Bình"]
    fill_world(world, units, people)
    world._number = 900  # cards of people a test adds
    return world


@pytest.fixture(scope="module")
def settle() -> Settle:
    """Each module's tests begin with it."""
    return build_town


@pytest.fixture
def town(world: World) -> World:
    """A province with a district of three communes; branches and members below them."""
    return world


def read_checksums(work: Work) -> dict[str, str]:
    """Return a digest of the rows of every table that a revert must restore."""
    found: dict[str, str] = {}
    for table in Base.metadata.sorted_tables:
        if table.name.startswith(APART):
            continue
        rows = work.session.connection().execute(
            sa.text(f'/* unscoped: checksum */ SELECT * FROM "{table.name}"')  # noqa: S608
        )
        lines = sorted(repr([plain(value) for value in row]) for row in rows)
        found[table.name] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return found


@pytest.fixture
def checksums(world: World) -> Callable[[], dict[str, str]]:
    """Return a function that reads the checksums of the database."""

    def read() -> dict[str, str]:
        with world.work(writing=False) as work:
            return read_checksums(work)

    return read


@pytest.fixture
def tree(world: World) -> Callable[[date], dict[str, str]]:
    """Return a function that reads the tree of a day: code → code of what stands above."""

    def read(day: date) -> dict[str, str]:
        with world.work(writing=False) as work:
            root: Place = world.place("ROOT", work)
            lines = [line for line, _depth in whole_tree(work, root, day)]
            codes = {line.id: line.code for line in lines}
            return {line.code: codes[line.parent_id] if line.parent_id else "" for line in lines}

    return read
