"""Admissions as rows: each finds its member, or makes one with branch and status."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.chunks import chunked
from core.exchange.rows import Row
from core.exchange.scope import units_of
from core.forms import DayField, LineField
from core.i18n import _, format_day, lazy
from core.members.datasets import PersonRow, birth_text
from core.members.datasets.people import identity_of, named
from core.members.datasets.person import Person
from core.members.models import Member
from core.members.services import HOME, STATUS, Match, match_members, read_facts, settle
from core.units.datasets.dumping import within
from core.units.models import Unit, UnitKind
from core.units.places import Place
from core.units.tree import lifetimes
from core.work import Work

from .. import permissions
from ..models import Admission, AdmissionGroup
from .groups import groups_in, stored_groups
from .newcomers import make_member, recognise

WHY = "an import; the right is asked for at the unit of each row and at each person's home"
CLASSES = frozenset({"card", "birth"})


class AdmissionRow(PersonRow):
    """Somebody a branch admitted on a day."""

    unit_code = LineField(required=True, most=40, metadata={"label": lazy("Unit code")})
    admitted_on = DayField(required=True, metadata={"label": lazy("Admitted on")})
    official_on = DayField(metadata={"label": lazy("Official since")})
    source_group = LineField(
        metadata={
            "label": lazy("Source group"),
            "hint": lazy("Several with a semicolon between."),
            "example": "youth; women",
            "width": 24,
        }
    )


@dataclass
class Ground:
    """What the rows of a block stand on."""

    work: Work
    units: Mapping[str, Place]
    lives: Mapping[uuid.UUID, Sequence[tuple[date, date]]]
    holding: frozenset[str]
    people: dict[uuid.UUID, Person] = field(default_factory=dict)
    known: dict[uuid.UUID, list[dict[str, Any]]] = field(default_factory=dict)
    groups: dict[uuid.UUID, list[str]] = field(default_factory=dict)
    newcomers: dict[tuple[Any, ...], Person] = field(default_factory=dict)


def load_admissions(work: Work, rows: Sequence[Row]) -> None:
    """Judge rows: the unit, the days, the person; then say what each writes."""
    ground = _ground(work, rows)
    matches = match_members(
        work,
        [identity_of(row, _unit_id(ground, row)) for row in rows],
    )
    _read(ground, matches)
    for row, match in zip(rows, matches, strict=True):
        place = ground.units.get(row.get("unit_code", ""))
        if place is None or row.get("admitted_on") is None:
            continue
        groups = groups_in(work, row, place)
        _check_days(ground, row, place)
        person = _person(ground, row, match, place)
        if person is not None and row.is_sound:
            _judge(ground, row, place, person, groups)


def _unit_id(ground: Ground, row: Row) -> uuid.UUID | None:
    place = ground.units.get(row.get("unit_code", ""))
    return place.id if place else None


def _ground(work: Work, rows: Sequence[Row]) -> Ground:
    units = units_of(work, rows, permission=permissions.IMPORT, plugin="recruitment")
    lives = lifetimes(work, {place.id for place in units.values()})
    holding = work.session.scalars(sa.select(UnitKind.key).where(UnitKind.holds_members))
    return Ground(work, units, lives, frozenset(holding))


def _read(ground: Ground, matches: Sequence[Match]) -> None:
    """Read the members found, their status and home, and their admissions so far."""
    work = ground.work
    ids = {match.member_id for match in matches if match.member_id is not None}
    held = {fact.name: read_facts(work, fact, ids) for fact in (STATUS, HOME)}
    members = sa.inspect(Member).local_table
    admissions = sa.inspect(Admission).local_table
    for chunk in chunked(ids):
        for row in work.session.execute(
            sa.select(*members.columns)
            .select_from(Member)
            .where(Member.id.in_(chunk))
            .execution_options(unscoped=WHY)
        ).mappings():
            ground.people[row["id"]] = Person.stored(dict(row), held, (STATUS, HOME))
        for row in work.session.execute(
            sa.select(*admissions.columns)
            .select_from(Admission)
            .where(Admission.member_id.in_(chunk))
            .execution_options(unscoped=WHY)
        ).mappings():
            ground.known.setdefault(row["member_id"], []).append(dict(row))
    ground.groups = stored_groups(work, [one["id"] for k in ground.known.values() for one in k])


def _check_days(ground: Ground, row: Row, place: Place) -> None:
    """Reject days to come, days in the wrong order, and days on which the unit was not there."""
    day: date = row.get("admitted_on")
    official: date | None = row.get("official_on")
    for name, one in (("admitted_on", day), ("official_on", official)):
        if one is not None and one > ground.work.today:
            row.reject(name, _("This day is still to come."))
    if official is not None and official < day:
        row.reject(
            "official_on", _("The day of becoming official lies before the day of admission.")
        )
    if not any(start <= day < end for start, end in ground.lives.get(place.id, ())):
        row.reject("admitted_on", _("%(unit)s was not there on that day.", unit=place.name))
    if place.kind not in ground.holding:
        row.reject(
            "unit_code",
            _(
                "%(unit)s has no members of its own; they belong to its branches. "
                "Choose the branch.",
                unit=place.name,
            ),
        )


def _person(ground: Ground, row: Row, match: Match, place: Place) -> Person | None:
    """Return whom a row means: a member found, somebody this file brought in, or somebody new."""
    if match.problem:
        row.reject("full_name", match.problem)
        return None
    if not named(row):
        row.reject("full_name", _("Name the person: by number, or by name and birth date."))
        return None
    if match.member_id is not None:
        person = ground.people[match.member_id]
        _check_right(ground, row, person)
        return person
    if not row.get("full_name"):
        row.reject("full_name", _("No member has this number yet. Add the full name to enter one."))
        return None
    key = _known_by(row, place)
    if key not in ground.newcomers:
        ground.newcomers[key] = Person()
    return ground.newcomers[key]


def _known_by(row: Row, place: Place) -> tuple[Any, ...]:
    """Return by what a newcomer is known within a file."""
    for name in ("card_no", "record_no"):
        if row.get(name):
            return (name, row.get(name))
    return (place.id, row.get("full_name"), row.get("birth_date"))


def _check_right(ground: Ground, row: Row, person: Person) -> None:
    """Reject somebody whose home of today lies outside the rights."""
    work, home = ground.work, person.member["unit_id"]
    place = work.host.places.by_ids(work.session, [home], work.today, work.generation).get(home)
    if place is None or not work.actor.sees(place):
        row.reject(
            "full_name",
            _("This number or name belongs to somebody outside the units of this account."),
        )


def _judge(
    ground: Ground, row: Row, place: Place, person: Person, groups: list[str] | None
) -> None:
    """Say what a sound row writes: the member as far as needed, and the admission."""
    day, official = row.get("admitted_on"), row.get("official_on")
    known = ground.known.setdefault(person.id, [])
    same = next((one for one in known if one["admitted_on"] == day), None)
    row.target_id, row.unit_id = person.id, place.id
    _check_admission(ground, row, place, person, same)
    if not row.is_sound:
        return
    if person.is_new and not person.is_inserted:
        make_member(ground.work, row, person, place.id)
        row.is_new = True
    elif official is not None:
        recognise(row, person, day, official)
    if row.problems:
        return
    if person.member["admitted_on"] is None:
        person.write(row, {"admitted_on": day})
    _write(ground, row, person, same, groups)


def _check_admission(
    ground: Ground, row: Row, place: Place, person: Person, same: Mapping[str, Any] | None
) -> None:
    """Reject an admission that contradicts what is stored, or that would stand nowhere."""
    day, known = row.get("admitted_on"), ground.known[person.id]
    if same is not None and same["unit_id"] != place.id:
        row.reject("unit_code", _("This admission is entered at another branch already."))
    elif same is None and not _is_another_time(person, known, day):
        _reject_twice(row, person, known)
    if person.is_new and not _is_there_today(ground, place, day):
        row.reject(
            "unit_code",
            _(
                "%(unit)s has ended. Import the member with the branch of today first, then the "
                "admission.",
                unit=place.name,
            ),
        )


def _is_there_today(ground: Ground, place: Place, day: date) -> bool:
    """Whether a unit that was there on a day has been there ever since."""
    today = ground.work.today
    return any(start <= day and today < end for start, end in ground.lives.get(place.id, ()))


def _reject_twice(row: Row, person: Person, known: Sequence[Mapping[str, Any]]) -> None:
    first = known[-1]["admitted_on"] if known else person.member["admitted_on"]
    row.reject(
        "admitted_on",
        _(
            "%(who)s was admitted on %(day)s by what is stored. Correct the day in one of the two.",
            who=person.member["full_name"],
            day=format_day(first),
        ),
    )


def _is_another_time(person: Person, known: Sequence[Mapping[str, Any]], day: date) -> bool:
    """Whether an admission on a day is the first, or follows after the person had left."""
    days = {one["admitted_on"] for one in known}
    if not person.is_new and person.member["admitted_on"] is not None:
        days.add(person.member["admitted_on"])
    days.discard(day)
    left = [span.valid_from for span in person.statuses if span.status == "left"]
    return all(any(min(one, day) < gone <= max(one, day) for gone in left) for one in days)


def _write(
    ground: Ground,
    row: Row,
    person: Person,
    same: dict[str, Any] | None,
    groups: list[str] | None,
) -> None:
    """Write the admission and its groups; an empty cell leaves what is stored."""
    from_row = {
        "admitted_on": row.get("admitted_on"),
        "official_on": row.get("official_on"),
    }
    if same is None:
        values = {
            "unit_id": row.unit_id,
            "member_id": person.id,
            "candidate_id": None,
            "revision": 1,
            **from_row,
        }
        key = row.insert(Admission, **values)
        ground.known[person.id].append({"id": key, **values})
        row.tell("admitted_on", None, from_row["admitted_on"].isoformat())
        row.is_new = True
    else:
        key = same["id"]
        if from_row["official_on"] is not None:
            row.alter(Admission, same, official_on=from_row["official_on"])
            same.update(official_on=from_row["official_on"])
    if key is not None and groups is not None:
        write_groups(row, key, ground.groups.get(key, []), groups)
        ground.groups[key] = groups


def write_groups(
    row: Row, admission_id: uuid.UUID, before: Sequence[str], after: Sequence[str]
) -> None:
    """Say which lines of groups come and go."""
    for group in sorted(set(before) - set(after)):
        row.remove(AdmissionGroup, {"admission_id": admission_id, "source_group": group})
    for group in sorted(set(after) - set(before)):
        row.insert(AdmissionGroup, admission_id=admission_id, source_group=group)


def settle_admissions(work: Work, ids: set[uuid.UUID]) -> None:
    """Bring lists of members up to date about those who were written or taken back."""
    settle(work, ids, rights=True)


def dump_admissions(work: Work, unit: Place, as_of: date | None) -> Iterator[Sequence[Any]]:
    """Yield the admissions of a subtree, up to a day, by unit code, day and name."""
    classes = work.actor.field_classes(unit) & CLASSES
    found = work.session.execute(_admitted(work, unit, as_of)).all()
    groups = stored_groups(work, [row.admission_id for row in found])
    ledger.saw(work, "member", {row.id for row in found}, classes)
    for row in found:
        yield (
            row.card_no if "card" in classes else "",
            row.record_no if "card" in classes else "",
            row.full_name,
            birth_text(row.birth_date, row.birth_precision) if "birth" in classes else "",
            row.code,
            row.admitted_on,
            row.official_on,
            "; ".join(groups.get(row.admission_id, ())),
        )


def _admitted(work: Work, unit: Place, as_of: date | None) -> Any:
    return (
        sa.select(
            Admission.id.label("admission_id"),
            Unit.code,
            Admission.admitted_on,
            Admission.official_on,
            Member.id,
            Member.card_no,
            Member.record_no,
            Member.full_name,
            Member.birth_date,
            Member.birth_precision,
        )
        .select_from(Admission)
        .join(Unit, Unit.id == Admission.unit_id)
        .join(Member, Member.id == Admission.member_id)
        .where(
            Admission.unit_id.in_(within(work, unit, as_of)),
            Admission.admitted_on <= (as_of or work.today),
        )
        .order_by(
            Unit.code,
            Admission.admitted_on,
            Member.sort_key,
            # Namesakes of one day as a person would tell them apart, not by our keys.
            Member.birth_date.nulls_first(),
            Member.record_no.nulls_first(),
            Member.card_no.nulls_first(),
            Admission.id,
        )
    )
