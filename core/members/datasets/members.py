"""Judging rows of the dataset `members` and saying what they change, a block of rows at a time."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.db import among
from core.exchange.rows import Row
from core.exchange.scope import units_of
from core.i18n import _
from core.members.datasets.description import position_titles
from core.members.datasets.facts import tell_row
from core.members.datasets.groups import Groups
from core.members.datasets.people import identity_of, named
from core.members.datasets.person import FACTS, Person
from core.members.datasets.words import check_plain
from core.members.listing import add_rows
from core.members.models import Member
from core.members.permissions import MANAGE
from core.members.services.facts import read_facts, settle
from core.members.services.identity import clean_number
from core.members.services.matching import match_members, spelled
from core.periods import EVER
from core.units.models import UnitKind, UnitLineage, UnitVersion
from core.units.places import Place, visible
from core.units.tree import lifetimes
from core.work import Work

UNSCOPED = "rows of an import; the right at the home of each person is asked for"
HOLDING = (
    sa.select(UnitVersion.unit_id)
    .join(UnitKind, UnitKind.key == UnitVersion.kind)
    .where(
        among(UnitVersion.unit_id, sa.bindparam("ids", expanding=True)),
        UnitKind.holds_members,
        visible(UnitVersion, sa.bindparam("generation", type_=sa.Integer())),
    )
)
COLUMNS = [column for column in Member.__table__.columns if column.name != "revision"]


@dataclass
class Ground:
    """What all rows of a block stand on: units with their lives, positions, today."""

    work: Work
    today: date
    units: Mapping[str, Place]
    hosts: Mapping[str, Place]
    lives: dict[uuid.UUID, Sequence[tuple[date, date]]]
    heirs: Mapping[uuid.UUID, str]
    positions: Mapping[str, object]
    last_home_rows: set[int] = field(default_factory=set)


def load_members(work: Work, rows: Sequence[Row]) -> None:
    """Judge rows person by person; the rows of one person are read in order of time."""
    ground = _ground(work, rows)
    check_plain(ground, rows)
    groups = _groups(work, ground, rows)
    people = _people(work, groups)
    for group, listed in groups.listed():
        person = people.get(group) or Person()
        _check_right(ground, person, listed)
        _tell_person(ground, person, listed)


def one_below_the_other(one: Row, other: Row) -> bool:
    """Whether two rows that follow each other may mean one person."""
    numbers = [
        (one.get(name), other.get(name)) for name in ("card_no", "record_no") if one.get(name)
    ]
    if any(first == second for first, second in numbers):
        return True
    return all(one.get(name) == other.get(name) for name in ("full_name", "birth_date"))


def settle_members(work: Work, ids: set[uuid.UUID]) -> None:
    """Bring lists, rights and plugins up to date about members that were written."""
    settle(work, ids, rights=True)


def list_members(work: Work, ids: set[uuid.UUID]) -> None:
    """List members who came in and tell the plugins; their rows have today's home and status."""
    add_rows(work, ids)
    work.touch("access")
    work.hooks.members_changed(member_ids=ids)


def _ground(work: Work, rows: Sequence[Row]) -> Ground:
    """Read what all rows stand on."""
    units = units_of(work, rows, permission=MANAGE)
    hosts = units_of(work, rows, "temporary_unit_code", permission=None)
    ids = {place.id for place in (*units.values(), *hosts.values())}
    lives: dict[uuid.UUID, Sequence[tuple[date, date]]] = dict(lifetimes(work, ids))
    today = work.today
    ended = [i for i in ids if all(end <= today for _start, end in lives.get(i, ()))]
    ground = Ground(work, today, units, hosts, lives, _heirs(work, ended), position_titles(work))
    _reject_without_members(work, rows, units)
    return ground


def _reject_without_members(work: Work, rows: Sequence[Row], units: Mapping[str, Place]) -> None:
    """Reject homes in units that never were of a kind with members of its own."""
    bare = {place.id for place in units.values()}
    for chunk in chunked(bare):
        asked = {"ids": chunk, "generation": work.generation}
        bare = bare.difference(work.session.scalars(HOLDING, asked))
    for row in rows if bare else ():
        place = units.get(row.get("unit_code", ""))
        if place is not None and place.id in bare:
            row.reject(
                "unit_code",
                _(
                    "%(unit)s has no members of its own; they belong to its branches. "
                    "Choose the branch.",
                    unit=place.name,
                ),
            )


def _heirs(work: Work, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Read who took over from ended units, as a text that names them."""
    lines: list[tuple[uuid.UUID, uuid.UUID]] = []
    for chunk in chunked(ids):
        rows = work.session.execute(
            sa.select(UnitLineage.predecessor_id, UnitLineage.successor_id).where(
                UnitLineage.predecessor_id.in_(chunk), visible(UnitLineage, work.generation)
            )
        )
        lines.extend((predecessor, successor) for predecessor, successor in rows)
    places = work.host.places.by_ids(
        work.session, {new for _old, new in lines}, work.today, work.generation
    )
    heirs: dict[uuid.UUID, list[str]] = {}
    for old, new in lines:
        if new in places:
            heirs.setdefault(old, []).append(f"{places[new].name} ({places[new].code})")
    return {old: ", ".join(sorted(set(names))[:3]) for old, names in heirs.items()}


def _groups(work: Work, ground: Ground, rows: Sequence[Row]) -> Groups:
    """Put the rows of each person together."""
    identities = []
    for row in rows:
        for name in ("card_no", "record_no"):
            if row.get(name):
                row.values[name] = clean_number(row.get(name))
        place = ground.units.get(row.get("unit_code", ""))
        identities.append(identity_of(row, place.id if place else None))
    matches = match_members(work, identities)
    groups = Groups()
    for row, match in zip(rows, matches, strict=True):
        if not named(row) and not row.get("given_name"):
            row.reject("full_name", _("Name the person: by number, or by name and birth date."))
        elif match.problem:
            row.reject("full_name", match.problem)
        else:
            groups.add(row, match)
    return groups


def _people(work: Work, groups: Groups) -> dict[int, Person]:
    """Read those who are stored, with all their dated facts."""
    known: dict[uuid.UUID, int] = groups.known
    held = {fact.name: read_facts(work, fact, known) for fact in FACTS}
    people: dict[int, Person] = {}
    for chunk in chunked(known):
        for row in work.session.execute(
            sa.select(*COLUMNS).where(Member.id.in_(chunk)),
            execution_options={"unscoped": UNSCOPED},
        ).mappings():
            people[known[row["id"]]] = Person.stored(dict(row), held)
    return people


def _check_right(ground: Ground, person: Person, rows: Sequence[Row]) -> None:
    """Reject rows about somebody whose home lies outside the rights, and about somebody else."""
    if person.is_new:
        return
    work = ground.work
    home: uuid.UUID = person.member["unit_id"]
    place = work.host.places.by_ids(work.session, [home], work.today, work.generation).get(home)
    seen = place is not None and work.actor.sees(place)
    if place is None or not seen:
        sentence = _("This number or name belongs to somebody outside the units of this account.")
    elif not work.actor.may(MANAGE, place):
        sentence = _("You have not been given the right to do this at %(units)s.", units=place.name)
    else:
        _check_same(person, rows)
        return
    for row in rows:
        row.reject("full_name", sentence)


def _check_same(person: Person, rows: Sequence[Row]) -> None:
    """Reject rows whose number is that of somebody with another name and another birth date."""
    for row in rows:
        name, born = row.get("full_name"), row.get("birth_date")
        other_name = bool(name) and spelled(name) != spelled(person.member["full_name"])
        other_birth = born is not None and person.member["birth_date"] not in (None, born[0])
        if other_name and other_birth:
            row.reject(
                "card_no" if row.get("card_no") else "record_no",
                _("This number belongs to %(who)s.", who=person.member["full_name"]),
            )


def _tell(ground: Ground, person: Person, row: Row) -> None:
    """Lay a row over what is stored; of one that is wrong already, tell what else is wrong."""
    before = list(row.problems)
    known = {column for column, _sentence in before}
    tell_row(ground, person, row)
    if before:
        row.problems[:] = [p for p in row.problems if p in before or p[0] not in known]


def _time(row: Row) -> tuple[date, date, int]:
    """Return when what a row tells began; of two at a time the first in the file comes first."""
    return row.get("status_from", EVER), row.get("unit_from", EVER), row.number


def _tell_person(ground: Ground, person: Person, rows: Sequence[Row]) -> None:
    """Lay the rows of one person over what is stored, in order of time."""
    ordered = rows if len(rows) == 1 else sorted(rows, key=_time)
    homes = [row for row in ordered if row.get("unit_code")]
    if homes and all(row.get("status") != "left" for row in ordered):
        last = max(homes, key=lambda row: row.get("unit_from", EVER))
        ground.last_home_rows.add(last.number)
    person.is_status_told = any(row.get("status") for row in ordered)
    for row in ordered:
        _tell(ground, person, row)
        row.target_id, row.is_new = person.id, person.is_new
    person.settle(ground.today)
    if person.is_new and not (person.homes and person.statuses):
        for row in ordered:
            if not person.homes and (row.is_sound or not row.get("unit_code")):
                row.reject("unit_code", _("A new member needs a branch."))
            elif row.is_sound:
                row.reject("status", _("Choose the status."))
    unit_id: Any = person.member.get("unit_id")
    for row in ordered:
        row.unit_id = unit_id
