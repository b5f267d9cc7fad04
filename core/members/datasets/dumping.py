"""Members and positions as rows: the whole history of each, or the state of a day."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.chunks import chunked
from core.members.models import COUNTED, Affiliation, Member, MemberStatus, Position
from core.members.services.facts import HOME, STATUS, TEMPORARY, read_spans
from core.members.spans import StatusSpan, StaySpan, on
from core.periods import EVER, OPEN
from core.units.datasets.dumping import day_or_empty, units_within, within
from core.units.models import UnitAncestor
from core.units.places import Place, valid_on, visible
from core.work import Work

GROUP = 25
"""Branches read at once: about as many members as one statement carries."""
Inside = Mapping[uuid.UUID, tuple[str, date]]
CLASSES = ("birth", "card", "standing")
COLUMNS = (
    Member.id,
    Member.sort_key,
    Member.full_name,
    Member.surname,
    Member.middle_name,
    Member.given_name,
    Member.birth_date,
    Member.birth_precision,
    Member.sex,
    Member.card_no,
    Member.record_no,
    Member.admitted_on,
    Member.official_on,
    Member.unit_id.label("home_id"),
)
LIVING = (Member.voided_at.is_(None), Member.merged_into_id.is_(None))


def birth_text(born: date | None, precision: str) -> date | str:
    """Return a birth date as it is written: the year alone where only that is known."""
    if born is None:
        return ""
    return f"{born.year:04}" if precision == "year" else born


# --- who -----------------------------------------------------------------------------------------


def _belonged(work: Work, unit: Place, as_of: date | None, branches: Sequence[uuid.UUID]) -> Any:
    """Return who had a home in branches of the subtree: on a day as counted members, or ever.

    Rooted at the member, so that only people are given out whom the actor may see.
    """
    above = sa.and_(
        UnitAncestor.unit_id == Affiliation.unit_id,
        UnitAncestor.ancestor_id == unit.id,
        visible(UnitAncestor, work.generation),
    )
    if as_of is not None:
        above = sa.and_(above, valid_on(UnitAncestor, as_of))
    statement: Any = (
        sa.select(*COLUMNS, Affiliation.unit_id, Affiliation.valid_from)
        .select_from(Member)
        .join(Affiliation, Affiliation.member_id == Member.id)
        .join(UnitAncestor, above)
        .where(Affiliation.kind == "home", Affiliation.unit_id.in_(branches), *LIVING)
    )
    if as_of is None:
        return statement
    return statement.join(MemberStatus, MemberStatus.member_id == Member.id).where(
        valid_on(Affiliation, as_of),
        valid_on(MemberStatus, as_of),
        MemberStatus.status.in_(COUNTED),
    )


def _in_groups(inside: Inside) -> Iterator[list[uuid.UUID]]:
    """Yield the branches in the order of their codes, so many at once as memory may hold."""
    ordered = sorted(inside, key=lambda unit_id: inside[unit_id][0])
    for start in range(0, len(ordered), GROUP):
        yield ordered[start : start + GROUP]


def _in_order(
    work: Work, unit: Place, as_of: date | None, inside: Inside, branches: Sequence[uuid.UUID]
) -> list[Any]:
    """Return who belonged to these branches: by branch, the last one of these, then as in a list.

    Somebody who moved on to another group is in this one too; see `_Teller.belongs_to`.
    """
    best: dict[uuid.UUID, Any] = {}
    for row in work.session.execute(_belonged(work, unit, as_of, branches)):
        known = best.get(row.id)
        if known is None or known.valid_from < row.valid_from:
            best[row.id] = row
    return sorted(best.values(), key=lambda row: _order(row, inside[row.unit_id][0]))


def _order(row: Any, code: str) -> tuple[Any, ...]:
    """Return what puts people in order; the key tells apart whom nothing else does."""
    return (
        code,
        row.sort_key,
        row.full_name,
        row.birth_date or EVER,
        row.card_no or "",
        row.record_no or "",
        row.admitted_on or EVER,
        row.id,
    )


# --- members -------------------------------------------------------------------------------------


def dump_members(work: Work, unit: Place, as_of: date | None) -> Iterator[Sequence[Any]]:
    """Yield members: a row for each change of home or status, in order of time; or of a day one.

    A home outside the subtree is an empty code with the day since when. All positions stand in
    the dataset `positions`, a stay that is over in neither.
    """
    inside = units_within(work, unit, as_of)
    for branches in _in_groups(inside):
        there = frozenset(branches)
        for chunk in chunked(_in_order(work, unit, as_of, inside, branches)):
            told = [one for one in _tellers(work, inside, chunk) if one.belongs_to(there, as_of)]
            ledger.saw(work, "member", [one.member_id for one in told], _classes(work, unit))
            for one in told:
                yield from one.history() if as_of is None else one.state(as_of)


def _tellers(work: Work, inside: Inside, members: Sequence[Any]) -> list[_Teller]:
    """Read what is told of some members, in their order."""
    ids = [member.id for member in members]
    lives = _Lives(*(read_spans(work, fact, ids) for fact in (STATUS, HOME, TEMPORARY)))
    classes = _classes_at(work, {member.home_id for member in members})
    return [_Teller(work, one, inside, lives, classes[one.home_id]) for one in members]


def _classes_at(work: Work, unit_ids: set[uuid.UUID]) -> dict[uuid.UUID, frozenset[str]]:
    """Return which classes of fields of people the actor may see at units."""
    places = work.host.places.by_ids(work.session, unit_ids, work.today, work.generation)
    return {
        unit_id: work.actor.field_classes(places.get(unit_id, work.unit)) for unit_id in unit_ids
    }


def _classes(work: Work, unit: Place) -> frozenset[str]:
    return work.actor.field_classes(unit) & frozenset(CLASSES)


@dataclass(frozen=True, slots=True)
class _Lives:
    """The dated facts of some members, in order of time."""

    statuses: Mapping[uuid.UUID, Sequence[StatusSpan]]
    homes: Mapping[uuid.UUID, Sequence[StaySpan]]
    stays: Mapping[uuid.UUID, Sequence[StaySpan]]


class _Teller:
    """Tells one member in rows."""

    def __init__(
        self, work: Work, member: Any, inside: Inside, lives: _Lives, classes: frozenset[str]
    ) -> None:
        self._today = work.today
        self._member = member
        self._inside = inside
        self._statuses = lives.statuses.get(member.id, ())
        self._homes = lives.homes.get(member.id, ())
        self._stays = lives.stays.get(member.id, ())
        self._classes = classes

    @property
    def member_id(self) -> uuid.UUID:
        """Who is told of."""
        key: uuid.UUID = self._member.id
        return key

    def belongs_to(self, branches: frozenset[uuid.UUID], as_of: date | None) -> bool:
        """Whether the home of the day, or the last one in the subtree, is one of these branches."""
        homes = [home for home in self._homes if home.unit_id in self._inside]
        if as_of is not None:
            homes = [home for home in homes if home.holds_on(as_of)]
        return bool(homes) and max(homes, key=lambda home: home.valid_from).unit_id in branches

    def history(self) -> Iterator[Sequence[Any]]:
        """Yield a row for each day on which home or status became another one."""
        days = {span.valid_from for span in (*self._homes, *self._statuses)}
        days |= {span.valid_to for span in self._homes if span.valid_to != OPEN}
        rows: list[tuple[Any, ...]] = []
        for day in sorted(days):
            status = self._status_on(day)
            row = (*self._home_on(day, status), status)
            if any(part for part in row) and (not rows or rows[-1] != row):
                rows.append(row)
        last = len(rows) - 1
        for number, (code, since, status) in enumerate(rows):
            stay = self._lasting_stay() if number == last else None
            yield self._row(code, since, status, stay)

    def state(self, day: date) -> Iterator[Sequence[Any]]:
        """Yield the row of a day, as it was known then."""
        status, home = on(self._statuses, day), on(self._homes, day)
        if status is None or home is None or home.unit_id not in self._inside:
            return
        code, start = self._inside[home.unit_id]
        stay = on(self._stays, day)
        stay = stay if stay is not None and stay.unit_id in self._inside else None
        yield self._row(code, max(home.valid_from, start), status, stay, on_day=day)

    def _status_on(self, day: date) -> StatusSpan | None:
        return on(self._statuses, day)

    def _home_on(self, day: date, status: StatusSpan | None) -> tuple[str, date | None]:
        """Return the code of the home on a day, empty outside the subtree, and since when.

        Who left is told with the last home.
        """
        if status is not None and status.status == "left":
            day = status.valid_from - date.resolution
        home = on(self._homes, day)
        if home is not None and home.unit_id in self._inside:
            return self._inside[home.unit_id][0], home.valid_from
        return "", self._outside_since(day)

    def _outside_since(self, day: date) -> date | None:
        """Return since when somebody is outside the subtree; None when they came from there."""
        before = [
            home.valid_to
            for home in self._homes
            if home.unit_id in self._inside and home.valid_to <= day
        ]
        return max(before) if before else None

    def _lasting_stay(self) -> StaySpan | None:
        """Return the temporary stay that is not over, as its end has no column."""
        stays = [stay for stay in self._stays if stay.valid_to > self._today]
        stays = [stay for stay in stays if stay.unit_id in self._inside]
        return stays[0] if stays else None

    def _row(
        self,
        code: str,
        since: date | None,
        status: StatusSpan | None,
        stay: StaySpan | None,
        on_day: date | None = None,
    ) -> Sequence[Any]:
        """Write a row in the order of the columns."""
        member = self._member
        left = status is not None and status.status == "left"
        early = on_day is not None and status is not None and status.status == "probationary"
        sees_card, sees_birth = "card" in self._classes, "birth" in self._classes
        return (
            member.card_no if sees_card and not early else "",
            member.record_no if sees_card else "",
            member.full_name,
            member.surname,
            member.middle_name,
            member.given_name,
            birth_text(member.birth_date, member.birth_precision) if sees_birth else "",
            member.sex,
            code,
            day_or_empty(since),
            status.status if status else "",
            day_or_empty(status.valid_from) if status else None,
            member.admitted_on,
            None if early else member.official_on,
            status.valid_from if status and left else None,
            status.reason if status and left else "",
            self._inside[stay.unit_id][0] if stay else "",
            stay.valid_from if stay else None,
            "",
            None,
        )


# --- positions -----------------------------------------------------------------------------------


def dump_positions(work: Work, unit: Place, as_of: date | None) -> Iterator[Sequence[Any]]:
    """Yield posts in the subtree held by its own members, whom the dataset `members` brings."""
    inside = units_within(work, unit, as_of)
    ids = {
        row.id
        for branches in _in_groups(inside)
        for row in work.session.execute(_belonged(work, unit, as_of, branches))
    }
    found: list[Any] = []
    for chunk in chunked(ids):
        statement = (
            sa.select(Member, Position)
            .select_from(Member)
            .join(Position, Position.member_id == Member.id)
            .where(Member.id.in_(chunk), Position.unit_id.in_(within(work, unit, as_of)))
        )
        if as_of is not None:
            statement = statement.where(valid_on(Position, as_of))
        found.extend(_posts(work, work.session.execute(statement), inside, as_of))
    ledger.saw(work, "member", {key for key, _order, _row in found}, _classes(work, unit))
    for _key, _order, row in sorted(found, key=lambda item: item[1]):
        yield row


def _posts(
    work: Work, rows: Any, inside: Inside, as_of: date | None
) -> Iterator[tuple[uuid.UUID, tuple[Any, ...], Sequence[Any]]]:
    """Return posts with what puts them in order."""
    listed = [(member, post) for member, post in rows]
    statuses = read_spans(work, STATUS, {member.id for member, _post in listed})
    classes_at = _classes_at(work, {member.unit_id for member, _post in listed})
    for member, post in listed:
        code, start = inside[post.unit_id]
        status = on(statuses.get(member.id, ()), as_of) if as_of else None
        early = status is not None and status.status == "probationary"
        classes = classes_at[member.unit_id]
        since = max(post.valid_from, start) if as_of else post.valid_from
        row = (
            member.card_no if "card" in classes and not early else "",
            member.record_no if "card" in classes else "",
            member.full_name,
            birth_text(member.birth_date, member.birth_precision) if "birth" in classes else "",
            code,
            post.position,
            day_or_empty(since),
            None if as_of else day_or_empty(post.valid_to),
            post.how,
        )
        order = (code, since, post.position, member.sort_key, member.full_name, *map(str, row))
        yield member.id, order, row
