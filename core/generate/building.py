"""Building reference data of a size straight into the database, reproducible, with progress."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import sqlalchemy as sa

from core.access.principal import operator
from core.db import new_key, table_of
from core.errors import RuleBroken
from core.generate.indexes import without_indexes
from core.generate.loading import (
    Keys,
    affiliation_row,
    fill_member_list,
    load_units,
    member_row,
    position_row,
    status_row,
)
from core.generate.scale import Person, Scale, branch_code
from core.generate.sink import Sink
from core.generate.sizes import build_scale
from core.i18n import _
from core.members.models import Affiliation, Member, MemberListRow, MemberStatus, Position
from core.system import System
from core.units.models import UnitScope
from core.work import Work

Step = Callable[[str, float], None]
BRANCHES_AT_ONCE = 400
LARGE = 100_000
"""From so many people on, indexes are built at the end instead of row by row."""
PEOPLE = (Member, MemberStatus, Affiliation, Position)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A branch with its people as they were written, for plugins that add to it."""

    unit_id: uuid.UUID
    code: str
    number: int
    people: Sequence[tuple[Person, uuid.UUID]]


Extend = Callable[[Work, Sink, Scale, Sequence[Loaded]], None]


def generate(
    system: System, size: str, seed: int, step: Step, part: float = 1.0
) -> tuple[Scale, dict[str, int]]:
    """Write reference data of a size; return what was written, and how many rows went where.

    Raises RuleBroken where the database already holds members.
    """
    with system.opener.as_system(operator("generate"), writing=True) as work:
        counted = sa.select(sa.func.count()).select_from(Member)
        if work.session.scalar(counted.execution_options(unscoped="is it empty")):
            raise RuleBroken(_("The database already holds members; generate into an empty one."))
        scale = build_scale(size, seed, work.today, part)
        extensions: list[Extend] = [
            extend
            for plugin in system.host.sound()
            if scale.is_lived
            for extend in plugin.offered("generate")
        ]
        return scale, write_scale(work, scale, extensions, step)


def write_scale(
    work: Work, scale: Scale, extensions: Sequence[Extend], step: Step
) -> dict[str, int]:
    """Write the units and people of a scale, and what plugins add to them."""
    trust_rows(work)
    step(_("Writing the organisation"), 0.01)
    keys = load_units(work, scale.units(), scale.lineage())
    sink = Sink(work)

    def said(name: str) -> None:
        step(_("Building the index %(name)s", name=name), 0.99)

    large = scale.persons > LARGE
    with without_indexes(work, PEOPLE if large else (), said):
        total = scale.size.branches
        for first in range(0, total, BRANCHES_AT_ONCE):
            last = min(first + BRANCHES_AT_ONCE, total)
            loaded = write_people(work, sink, scale, keys, first, last)
            for extend in extensions:
                extend(work, sink, scale, loaded)
            step(_("Writing branches %(done)s of %(total)s", done=last, total=total), last / total)
    with without_indexes(work, (MemberListRow,) if large else (), said):
        step(_("Writing the members' list"), 0.99)
        look_again(work)
        fill_member_list(work, is_empty=True)
    work.touch("access")
    return sink.written


def trust_rows(work: Work) -> None:
    """Let PostgreSQL take generated rows without looking up every reference, where it may.

    Eight million look-ups of foreign keys take longer than writing the rows; ours are right by
    construction, and a test compares them.
    """
    connection = work.session.connection()
    if connection.dialect.name != "postgresql":
        return
    is_owner = connection.scalar(
        sa.text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    )
    if is_owner:
        connection.execute(sa.text("SET LOCAL session_replication_role = 'replica'"))


def look_again(work: Work) -> None:
    """Let PostgreSQL know how large the tables have become; it still plans for empty ones."""
    connection = work.session.connection()
    if connection.dialect.name == "postgresql":
        for model in (Member, UnitScope):
            connection.execute(sa.text(f"ANALYZE {table_of(model).name}"))


def write_people(
    work: Work, sink: Sink, scale: Scale, keys: Keys, first: int, last: int
) -> list[Loaded]:
    """Write the people of some branches; return them with their keys."""
    branches: list[Loaded] = []
    stream: Iterator[Person] = scale.people(first, last)
    for number in range(first, last):
        here = list(islice(stream, scale.branch_size(number) + 1))
        people = [(person, new_key()) for person in here]
        code = branch_code(number)
        branches.append(Loaded(keys[code], code, number, people))
    everybody = [pair for branch in branches for pair in branch.people]
    sink.write(Member, (_member(work, person, key, keys) for person, key in everybody))
    sink.write(
        MemberStatus, (status_row(row, key) for person, key in everybody for row in person.statuses)
    )
    sink.write(
        Affiliation,
        (
            affiliation_row(row, key, keys[row.unit_code])
            for person, key in everybody
            for row in person.affiliations
        ),
    )
    sink.write(
        Position,
        (
            position_row(row, key, keys[row.unit_code])
            for person, key in everybody
            for row in person.positions
        ),
    )
    return branches


def _member(work: Work, person: Person, key: uuid.UUID, keys: Keys) -> dict[str, object]:
    """Return the stored row of a person: today's home and status, or the last ones."""
    homes = [row for row in person.affiliations if row.kind == "home"]
    home = max(homes, key=lambda row: row.valid_from)
    status = max(person.statuses, key=lambda row: row.valid_from)
    return member_row(work, person.member, key, keys[home.unit_code], status.status)
