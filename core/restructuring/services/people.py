"""Members and a plan: who is affected, who must be asked about, who would be left out."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from core.chunks import chunked
from core.i18n import _
from core.members.models import COUNTED, Affiliation, MemberStatus, Position
from core.restructuring.outcome import MAIN, Finding, Outcome
from core.units.models import UnitKind
from core.units.places import valid_on
from core.work import Work

PEOPLE = sa.func.count(sa.distinct(Affiliation.member_id))


@dataclass(frozen=True, slots=True)
class Posting:
    """A position somebody takes up in a unit by the plan."""

    member_id: uuid.UUID
    unit_code: str
    position: str


@dataclass(frozen=True)
class Assigned:
    """Where single people go, by code of the unit, and which positions are filled."""

    members: Mapping[uuid.UUID, str] = field(default_factory=dict)
    postings: Sequence[Posting] = ()


@dataclass
class Staying:
    """Who is in the units concerned from the plan's day on, before it is applied."""

    homes: Counter[uuid.UUID] = field(default_factory=Counter)
    guests: Counter[uuid.UUID] = field(default_factory=Counter)
    posts: Counter[uuid.UUID] = field(default_factory=Counter)


def count_staying(work: Work, units: Iterable[uuid.UUID], day: date) -> Staying:
    """Count, for each of these units, who belongs there, is a guest or holds a post from a day."""
    found = Staying()
    for chunk in chunked(units):
        for unit_id, kind, number in work.session.execute(
            sa.select(Affiliation.unit_id, Affiliation.kind, PEOPLE)
            .where(Affiliation.unit_id.in_(chunk), Affiliation.valid_to > day)
            .group_by(Affiliation.unit_id, Affiliation.kind)
        ):
            (found.homes if kind == "home" else found.guests)[unit_id] = int(number)
        for unit_id, number in work.session.execute(
            sa.select(Position.unit_id, sa.func.count())
            .where(Position.unit_id.in_(chunk), Position.valid_to > day)
            .group_by(Position.unit_id)
        ):
            found.posts[unit_id] = int(number)
    return found


def count_members(work: Work, units: Iterable[uuid.UUID], day: date) -> int:
    """Count the members at home in single units on a day."""
    total = 0
    for chunk in chunked(sorted(units)):
        statement = (
            sa.select(sa.func.count())
            .select_from(Affiliation)
            .join(MemberStatus, MemberStatus.member_id == Affiliation.member_id)
            .where(
                Affiliation.unit_id.in_(chunk),
                Affiliation.kind == "home",
                valid_on(Affiliation, day),
                valid_on(MemberStatus, day),
                MemberStatus.status.in_(COUNTED),
            )
        )
        total += int(work.session.scalar(statement) or 0)
    return total


def sources_of(outcome: Outcome) -> set[uuid.UUID]:
    """Return the units from which people may be assigned one by one: ended, or giving off."""
    given = {d.predecessor for d in outcome.descents if d.kind == "split_off"}
    return set(outcome.ended) | given


def check_people(
    work: Work, outcome: Outcome, staying: Staying, assigned: Assigned, unassigned: str
) -> list[Finding]:
    """Return what is wrong about members: nobody may be left without a home, or put in the air."""
    found: list[Finding] = []
    where = homes_in(work, sources_of(outcome), outcome.on, assigned.members)
    asked: Counter[uuid.UUID] = Counter(where.values())
    for unit_id in outcome.ended:
        heir, number = outcome.heir(unit_id), staying.homes[unit_id]
        follow = heir is not None and (unit_id not in outcome.divided or unassigned == MAIN)
        if not follow and asked[unit_id] < number:
            found.append(_unasked(outcome, unit_id, number - asked[unit_id], number))
        if heir is None and staying.guests[unit_id]:
            sentence = _(
                "%(unit)s: %(n)s members stay there for a time; end their stay or name a main "
                "successor.",
                unit=outcome.said(unit_id),
                n=staying.guests[unit_id],
            )
            found.append(Finding("guests", sentence, (outcome.codes[unit_id],)))
    if strangers := set(assigned.members) - set(where):
        sentence = _(
            "%(n)s of the members listed do not belong to a unit that ends or is divided.",
            n=len(strangers),
        )
        found.append(Finding("strangers", sentence))
    return [*found, *_unfit_homes(work, outcome, staying, assigned)]


def _unasked(outcome: Outcome, unit_id: uuid.UUID, left: int, number: int) -> Finding:
    """Say how many members have no new home."""
    values = {"unit": outcome.said(unit_id), "left": left, "n": number}
    sentence = _(
        "%(unit)s: say where each member goes; %(left)s of %(n)s are not on the list yet.",
        **values,
    )
    return Finding("members", sentence, (outcome.codes[unit_id],))


def _unfit_homes(
    work: Work, outcome: Outcome, staying: Staying, assigned: Assigned
) -> list[Finding]:
    """Refuse to put members into units that hold none, such as an organisation of branches."""
    holders = set(work.session.scalars(sa.select(UnitKind.key).where(UnitKind.holds_members)))
    targets: dict[uuid.UUID, str] = {}
    for unit_id in outcome.ended:
        heir = outcome.heir(unit_id)
        if heir is not None and staying.homes[unit_id]:
            targets[heir] = outcome.codes.get(heir, "")
    found: list[Finding] = []
    for code in sorted({*assigned.members.values(), *(p.unit_code for p in assigned.postings)}):
        target = outcome.ids.get(code)
        if target is None or target in outcome.ended:
            sentence = _("Members cannot go to %(code)s; it is not there any more.", code=code)
            found.append(Finding("no_home", sentence, (code,)))
        elif code in assigned.members.values():
            targets[target] = code
    kinds = kinds_of(work, outcome, targets)
    for target, code in targets.items():
        if kinds.get(target) not in holders:
            said = outcome.said(target)
            sentence = _("%(unit)s holds no members of its own; choose a branch.", unit=said)
            found.append(Finding("no_home", sentence, (code,)))
    return found


def kinds_of(work: Work, outcome: Outcome, units: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return of which kind units are, the plan applied."""
    wanted = set(units)
    found = {u: outcome.versions[u][-1].kind for u in wanted if outcome.versions.get(u)}
    rest = wanted - set(found)
    places = work.host.places.by_ids(work.session, rest, work.today, work.generation)
    return found | {unit_id: place.kind for unit_id, place in places.items()}


def homes_in(
    work: Work, units: set[uuid.UUID], day: date, members: Iterable[uuid.UUID]
) -> dict[uuid.UUID, uuid.UUID]:
    """Return in which of these units members are at home from a day on; others are left out."""
    found: dict[uuid.UUID, uuid.UUID] = {}
    for chunk in chunked(members):
        rows = work.session.execute(
            sa.select(Affiliation.member_id, Affiliation.unit_id).where(
                Affiliation.member_id.in_(chunk),
                Affiliation.kind == "home",
                Affiliation.valid_to > day,
            )
        )
        found.update({member_id: unit_id for member_id, unit_id in rows if unit_id in units})
    return found
