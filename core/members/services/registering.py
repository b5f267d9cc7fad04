"""Taking members in: one by a form, or thousands with their whole history."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.db import new_key, table_of
from core.errors import InvalidInput, RuleBroken
from core.i18n import _
from core.members import permissions
from core.members.listing import add_rows
from core.members.models import Member
from core.members.services.facts import (
    ALL,
    CONDITION,
    HOME,
    POST,
    STATUS,
    TEMPORARY,
    Fact,
    check_stays,
    fact_row,
)
from core.members.services.identity import (
    PLAIN,
    check_not_known,
    checked,
    clean_number,
    name_columns,
    name_of,
)
from core.members.spans import (
    ConditionSpan,
    PostSpan,
    StatusSpan,
    StaySpan,
    are_sound,
    ordered,
)
from core.names import PersonName
from core.periods import OPEN
from core.rows import insert_rows, known_row
from core.scope import require
from core.units.models import UnitKind
from core.units.places import Place
from core.units.tree import lifetimes
from core.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    """A person with every dated fact, as an importer knows them; nothing is guessed from it.

    `id` may be given beforehand, so that the importer can refer to it.
    """

    name: PersonName
    statuses: Sequence[StatusSpan]
    homes: Sequence[StaySpan]
    temporaries: Sequence[StaySpan] = ()
    posts: Sequence[PostSpan] = ()
    conditions: Sequence[ConditionSpan] = ()
    birth_date: date | None = None
    birth_precision: str = "day"
    sex: str = ""
    card_no: str | None = None
    record_no: str | None = None
    phone: str = ""
    email: str = ""
    admitted_on: date | None = None
    official_on: date | None = None
    id: uuid.UUID = field(default_factory=new_key)

    def spans(self, fact: Fact[Any]) -> Sequence[Any]:
        """Return the spans of one sort of fact."""
        return {
            STATUS.name: self.statuses,
            HOME.name: self.homes,
            TEMPORARY.name: self.temporaries,
            POST.name: self.posts,
            CONDITION.name: self.conditions,
        }[fact.name]


def add_members(work: Work, people: Sequence[NewMember]) -> list[uuid.UUID]:
    """Take in many members with all their dated facts: about ten statements for a thousand.

    Whoever calls has checked the units with `require`. Raises RuleBroken where spans overlap or
    a unit is not there on the days of a stay.
    """
    if not people:
        return []
    rows = _written(work, people)
    _tell(work, people, rows)
    return [person.id for person in people]


def _written(work: Work, people: Sequence[NewMember]) -> list[dict[str, Any]]:
    """Write members with their facts and list rows; return the rows of the members."""
    stays: list[StaySpan | PostSpan] = []
    for person in people:
        _check_sound(person)
        stays.extend([*person.homes, *person.temporaries, *person.posts])
    check_stays(work, stays)
    rows = [_row(work, person) for person in people]
    insert_rows(work.session, Member, rows)
    for fact in ALL:
        facts = [fact_row(fact, p.id, span) for p in people for span in p.spans(fact)]
        insert_rows(work.session, fact.model, facts)
    add_rows(work, [person.id for person in people])
    return rows


def _tell(work: Work, people: Sequence[NewMember], rows: Sequence[Mapping[str, Any]]) -> None:
    """Tell the ledger and the plugins of members taken in."""
    if any(person.posts for person in people):
        work.touch("access")
    for row in rows:
        _note_new(work, row)
    work.hooks.members_changed(member_ids={person.id for person in people})


def _check_sound(person: NewMember) -> None:
    """Refuse a person without a home or a status, or with overlapping ones."""
    if not all(are_sound(person.spans(fact)) for fact in ALL if fact.is_single):
        raise RuleBroken(_("Two facts of one kind would overlap in time. Check the days."))
    if not person.statuses or not person.homes:
        raise RuleBroken(_("A member needs a status and a home branch from some day on."))


def _row(work: Work, person: NewMember) -> dict[str, Any]:
    """Make the row of a member, with today's home and status."""
    return {
        **name_columns(person.name),
        **{name: getattr(person, name) for name in PLAIN},
        "id": person.id,
        "card_no": clean_number(person.card_no),
        "record_no": clean_number(person.record_no),
        "admitted_on": person.admitted_on,
        "official_on": person.official_on,
        "unit_id": _latest(person.homes, work.today).unit_id,
        "status": _latest(person.statuses, work.today).status,
        "created_at": work.now,
        "revision": 1,
    }


def _latest(spans: Sequence[Any], day: date) -> Any:
    """Return what began last by a day, else the first."""
    listed = ordered(spans)
    by_then = [span for span in listed if span.valid_from <= day]
    return by_then[-1] if by_then else listed[0]


def _note_new(work: Work, row: Mapping[str, Any]) -> None:
    """Write a new member into the ledger; sort keys say nothing new."""
    shown = {name: row[name] for name in ("full_name", "status", "admitted_on", *PLAIN)}
    about = ledger.About("member", row["id"], "", row["unit_id"])
    ledger.record(work, "members.registered", about, after=shown, permission=permissions.MANAGE)


HOLDS = sa.select(table_of(UnitKind).c.holds_members).where(
    table_of(UnitKind).c.key == sa.bindparam("kind")
)


def check_holds_members(work: Work, place: Place) -> None:
    """Refuse a unit whose kind has no members of its own."""
    if not work.session.connection().scalar(HOLDS, {"kind": place.kind}):
        raise RuleBroken(
            _(
                "%(unit)s has no members of its own; they belong to its branches. "
                "Choose the branch.",
                unit=place.name,
            )
        )


def register_member(
    work: Work,
    unit: Place,
    *,
    since: date | None = None,
    decision_no: str = "",
    another_person: bool = False,
    **facts: Any,
) -> Member:
    """Enter a member whose home is a branch, since a day (else since they were admitted there).

    Official from `official_on` on, probationary before. Somebody of the same name and birth date,
    or with the same record number, is refused unless `another_person` says that it is another.
    """
    require(work, permissions.MANAGE, [unit.id])
    check_holds_members(work, unit)
    name, plain = name_of(facts), checked(work, unit, facts)
    if not another_person:
        check_not_known(work, name, plain)
    admitted, official = facts.get("admitted_on"), facts.get("official_on")
    starts = [start for start, _end in lifetimes(work, [unit.id]).get(unit.id, [])]
    begin = since or max([admitted or work.today, *starts[-1:]])
    person = NewMember(
        name=name,
        statuses=first_statuses(admitted or official or begin, official),
        homes=[StaySpan(begin, OPEN, unit.id, decision_no)],
        admitted_on=admitted,
        official_on=official,
        **plain,
    )
    rows = _written(work, [person])
    member = known_row(work.session, Member, rows[0])
    _tell(work, [person], rows)
    return member


def first_statuses(admitted: date, official: date | None) -> list[StatusSpan]:
    """Return probation from the admission, then membership in full, as far as it is reached."""
    if official is None:
        return [StatusSpan(admitted, OPEN, "probationary")]
    if official < admitted:
        sentence = _("The day of becoming official lies before the day of admission.")
        raise InvalidInput(sentence, fields={"official_on": [sentence]})
    after = StatusSpan(official, OPEN, "official")
    if official == admitted:
        return [after]
    return [StatusSpan(admitted, official, "probationary"), after]
