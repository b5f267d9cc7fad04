"""Lists of members: today's from the stored list in its order, a past day's from dated facts.

Pages go on by key, never by number: the place in the list is the sort key and the member's key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.members import permissions
from core.members.models import COUNTED, Affiliation, Member, MemberStatus
from core.members.services.lines import (
    COLUMNS,
    Filters,
    MemberLine,
    MemberPage,
    Narrowing,
)
from core.members.services.seeking import Sought, seek
from core.members.services.stored import Asked, read_stored
from core.members.services.words import folded, is_number, matching, may_search_cards
from core.paging import beyond, next_cursor, read_cursor
from core.scope import reached, roots_for
from core.units.models import UnitAncestor, UnitScope
from core.units.places import Place, valid_on, visible
from core.work import Work

MOST = 200
MOST_ROOTS = {"postgresql": 1_000, "sqlite": 50}
"""From more roots the list of the unit is walked, and of each row asked whether it may be seen.

Of two hundred branches in a province that took 95 ms where their lists together take 6; of a
thousand both take 22.
"""
DATED = "a past day's list: the permission is checked at the unit of that day"


@dataclass(frozen=True, slots=True)
class _Source:
    """A statement over members, the columns of its order, and why it may be read as it is."""

    statement: Any
    key: tuple[Any, Any]
    reason: str = ""


def list_members(
    work: Work,
    unit: Place,
    *,
    as_of: date | None = None,
    filters: Filters | None = None,
    after: str | None = None,
    limit: int = 50,
) -> MemberPage:
    """List the members of a unit and everything below it, in Vietnamese order, a page at a time.

    Without `as_of`, or with today, from the stored list: whatever the size of the unit, the
    rows read are those of the page. `after` is the `next` of the page before.
    """
    wanted = filters or Filters()
    day = as_of or work.today
    size = max(1, min(limit, MOST))
    start = read_cursor(after or "", "b", "k")
    is_today = day == work.today and wanted.group != "temporary" and wanted.status != "left"
    if is_today:
        lines = _of_today(work, unit, wanted, start, size + 1)
    else:
        lines = _of_facts(work, unit, day, wanted, start, size + 1)
    following = next_cursor(lines, size, "sort_key", "id") or None
    shown = lines[:size]
    ids = {line.unit_id for line in shown} | {line.home_id for line in shown}
    names = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    return MemberPage(shown, following, names)


def _of_facts(
    work: Work, unit: Place, day: date, wanted: Filters, start: Sequence[Any] | None, size: int
) -> list[MemberLine]:
    """Read a page from the dated facts: of a past day, of guests, of who left."""
    if wanted.group == "temporary":
        source = _dated(work, unit, day, wanted, "temporary")
    elif wanted.status == "left":
        source = _left(work, unit, day, wanted)
    else:
        source = _dated(work, unit, day, wanted, "home")
    statement = _page(source.statement, source.key, start, size)
    if source.reason:
        statement = statement.execution_options(unscoped=source.reason)
    lines = [MemberLine(*row) for row in work.session.execute(statement)]
    return _mark_reached(work, lines) if source.reason == DATED else lines


def _of_today(
    work: Work, unit: Place, wanted: Filters, start: Sequence[Any] | None, size: int
) -> list[MemberLine]:
    """Read the stored list of the unit, or of the roots below it at which the right is held."""
    roots = roots_for(work, permissions.SEE, unit)
    if not roots or (wanted.words and not folded(wanted.words)):
        return []
    by_card = bool(wanted.words) and is_number(wanted.words) and may_search_cards(work, unit)
    if wanted.words:
        sought = Sought(roots=roots, wanted=wanted, by_card=by_card, start=start, size=size)
        found = seek(work, sought)
        if found is not None:
            return [MemberLine(*row) for row in found]
    seen = None
    if len(roots) > MOST_ROOTS[work.session.get_bind().dialect.name]:
        roots, seen = [(unit.id, True)], reached(work, permissions.SEE, Member.unit_id)
    asked = Asked(roots=roots, wanted=wanted, by_card=by_card, start=start, size=size)
    return [MemberLine(*row) for row in read_stored(work, asked, seen)]


def _page(statement: Any, key: tuple[Any, Any], start: Sequence[Any] | None, size: int) -> Any:
    """Cut a statement to the rows that come after a place in the list."""
    if start is not None:
        statement = statement.where(beyond(key, start))
    return statement.order_by(*key).limit(size)


def _named(work: Work, unit: Place, wanted: Filters) -> sa.ColumnElement[bool]:
    """Condition: the words fit the name, or the card number where it may be searched."""
    return matching(wanted.words, by_card=may_search_cards(work, unit))


def _dated(work: Work, unit: Place, day: date, wanted: Filters, kind: str) -> _Source:
    """The list of any day from the dated facts; rights are judged by today's grants.

    Seen is who was, on that day, in a unit that the actor's rights reach now.
    """
    statement = (
        sa.select(*COLUMNS, MemberStatus.status, Affiliation.unit_id, Member.unit_id)
        .select_from(Affiliation)
        .join(MemberStatus, MemberStatus.member_id == Affiliation.member_id)
        .join(UnitAncestor, UnitAncestor.unit_id == Affiliation.unit_id)
        .join(Member, Member.id == Affiliation.member_id)
        .where(
            Affiliation.kind == kind,
            valid_on(Affiliation, day),
            valid_on(MemberStatus, day),
            MemberStatus.status.in_(COUNTED),
            UnitAncestor.ancestor_id == unit.id,
            valid_on(UnitAncestor, day),
            visible(UnitAncestor, work.generation),
        )
    )
    seen = reached(work, permissions.SEE, Affiliation.unit_id)
    statement = statement if seen is None else statement.where(seen)
    statement = _narrowed(
        work, statement, MemberStatus.status, Affiliation.unit_id, unit, wanted, day
    )
    return _Source(statement, (Member.sort_key, Member.id), DATED)


def _left(work: Work, unit: Place, day: date, wanted: Filters) -> _Source:
    """Who had left by a day, under the unit they belonged to last."""
    statement = (
        sa.select(*COLUMNS, MemberStatus.status, Member.unit_id, Member.unit_id)
        .select_from(Member)
        .join(MemberStatus, MemberStatus.member_id == Member.id)
        .join(UnitScope, UnitScope.unit_id == Member.unit_id)
        .where(
            MemberStatus.status == "left",
            valid_on(MemberStatus, day),
            UnitScope.ancestor_id == unit.id,
            visible(UnitScope, work.generation),
        )
    )
    statement = _narrowed(work, statement, MemberStatus.status, Member.unit_id, unit, wanted)
    return _Source(statement, (Member.sort_key, Member.id))


def _narrowed(
    work: Work,
    statement: Any,
    status: Any,
    unit_id: Any,
    unit: Place,
    wanted: Filters,
    day: date | None = None,
) -> Any:
    """Add what the list is narrowed to."""
    narrowing = Narrowing(
        generation=work.generation,
        day=day or work.today,
        status=wanted.status if wanted.status in COUNTED else None,
        sector=wanted.sector or None,
        named=_named(work, unit, wanted) if wanted.words else None,
    )
    return narrowing.of(statement, status, unit_id)


def _mark_reached(work: Work, lines: Sequence[MemberLine]) -> list[MemberLine]:
    """Tell who has moved out of the actor's rights since; the session narrows this statement."""
    ids = [line.id for line in lines]
    seen = set(work.session.scalars(sa.select(Member.id).where(Member.id.in_(ids)))) if ids else ()
    return [line if line.id in seen else replace(line, is_reached=False) for line in lines]
