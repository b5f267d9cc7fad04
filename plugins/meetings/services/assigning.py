"""Who follows which branch for the committee above, and how often they visit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.checking import missing
from core.errors import NotFound, RuleBroken
from core.i18n import _
from core.members.models import Member
from core.names import sort_key, split_full_name, text_sort_key
from core.paging import beyond, read_cursor
from core.periods import OPEN
from core.scope import require
from core.units.covering import TODAY, AsOf, covered
from core.units.models import UnitVersion
from core.units.places import Place, valid_on
from core.units.standing import Standing, stood
from core.work import Work

from .. import permissions
from ..models import OversightAssignment
from .month_rows import branches_on
from .reading import page_of
from .shapes import Key

MOST_SHOWN = 500
"""Lines of a page; a ward has some sixty branches, a province leaves assigning to its wards."""


def assign_official(
    work: Work,
    *,
    unit_ids: Sequence[Key],
    official_id: Key,
    role: str = "",
    min_visits: int = 1,
    valid_from: date | None = None,
    valid_to: date | None = None,
    decision_no: str = "",
) -> list[OversightAssignment]:
    """Assign who follows branches; what the same comrade follows there already ends before."""
    start, end = valid_from or work.today, valid_to or OPEN
    if end <= start:
        raise missing("valid_to", _("The last day lies before the first."))
    if not 0 <= min_visits <= 3:
        raise missing("min_visits", _("Visits in a quarter go from 0 to 3."))
    places = _branches(work, unit_ids)
    name = _official(work, official_id)
    _end_overlapping(work, list(places), official_id, start)
    rows = [
        OversightAssignment(
            unit_id=unit_id,
            official_id=official_id,
            official_name=name,
            role=role.strip(),
            valid_from=start,
            valid_to=end,
            min_visits=min_visits,
            decision_no=decision_no.strip(),
        )
        for unit_id in places
    ]
    work.session.add_all(rows)
    work.session.flush()
    for row in rows:
        _note(work, "assigned", row, places[row.unit_id])
    return rows


def _branches(work: Work, unit_ids: Sequence[Key]) -> dict[Key, Place]:
    """Return the branches named; all must be within the right to assign."""
    if not unit_ids:
        raise missing("unit", _("Choose at least one branch."))
    places = require(work, permissions.ASSIGN, unit_ids)
    if any(place.kind != "branch" for place in places.values()):
        raise missing("unit", _("Only branches are followed. Choose a branch."))
    return places


def _official(work: Work, official_id: Key) -> str:
    """Return the name of whoever is to follow; only somebody this account may see."""
    name = work.session.scalar(
        sa.select(Member.full_name).where(Member.id == official_id, Member.voided_at.is_(None))
    )
    if name is None:
        raise missing("official_id", _("Choose a comrade from the list."))
    return str(name)


def _end_overlapping(work: Work, unit_ids: list[Key], official_id: Key, start: date) -> None:
    """End what the same comrade follows there from the new first day on."""
    model = OversightAssignment
    same = sa.and_(
        model.unit_id.in_(unit_ids), model.official_id == official_id, model.valid_to > start
    )
    later = work.session.scalar(sa.select(model.id).where(same, model.valid_from >= start).limit(1))
    if later is not None:
        raise RuleBroken(_("This comrade follows one of these branches from that day on already."))
    work.session.execute(
        sa.update(model)
        .where(same)
        .values(valid_to=start)
        .execution_options(synchronize_session=False)
    )


def _note(work: Work, action: str, row: OversightAssignment, place: Place) -> None:
    ledger.record(
        work,
        f"meetings.{action}",
        ledger.About("assignment", row.id, place.name, row.unit_id),
        after={
            "full_name": row.official_name,  # erasable; the label is signed
            "from": row.valid_from,
            "to": row.valid_to,
            "min_visits": row.min_visits,
        },
        permission=permissions.ASSIGN,
    )


def end_assignment(work: Work, assignment_id: Key, on: date | None = None) -> None:
    """End an assignment; the day named is the first on which it no longer holds."""
    row: OversightAssignment | None = work.session.scalar(
        sa.select(OversightAssignment).where(
            OversightAssignment.id == assignment_id, covered(work, OversightAssignment.unit_id)
        )
    )
    if row is None:
        raise NotFound(_("There is no such page, or this account may not see it."))
    places = require(work, permissions.ASSIGN, [row.unit_id])
    day = on or work.today
    if not row.valid_from < day <= row.valid_to:
        raise missing("on", _("The last day lies before the first."))
    row.valid_to = day
    _note(work, "assignment_ended", row, places[row.unit_id])


def list_assignments(
    work: Work, as_of: AsOf = TODAY, limit: int = MOST_SHOWN
) -> list[tuple[OversightAssignment, Standing]]:
    """Return who follows which branch below this unit, in the Vietnamese order of who follows."""
    model = OversightAssignment
    statement = _holding(work, as_of)
    order = (model.official_name, model.official_id, model.role, model.id)
    rows = work.session.scalars(statement.order_by(*order).limit(limit)).all()
    places = stood(work, rows, as_of)
    return sorted(((row, places[row.id]) for row in rows), key=_listed)


def _listed(line: tuple[OversightAssignment, Standing]) -> tuple[Any, ...]:
    """Return the place of a line: by who follows, then by the branch."""
    row, place = line
    name = sort_key(split_full_name(row.official_name))
    return name, row.official_id.bytes, row.role, text_sort_key(place.name)


def page_of_assignments(
    work: Work, as_of: AsOf = TODAY, *, cursor: str = "", limit: int = 100
) -> tuple[list[OversightAssignment], str | None]:
    """Return the assignments below this unit by their keys, and the cursor of the next page."""
    model = OversightAssignment
    statement = _holding(work, as_of)
    after = read_cursor(cursor, "k")
    if after is not None:
        statement = statement.where(beyond((model.id,), after))
    rows = list(work.session.scalars(statement.order_by(model.id).limit(limit + 1)))
    return page_of(rows, limit, lambda row: (row.id,))


def _holding(work: Work, as_of: AsOf) -> Any:
    """Select the assignments below this unit that hold today, or held on a day."""
    model = OversightAssignment
    held = valid_on(model, as_of.day or work.today)
    return sa.select(model).where(covered(work, model.unit_id, as_of), held)


def branches_below(work: Work, limit: int) -> list[tuple[Key, str]]:
    """Return the keys and names of branches below this unit today, by name."""
    rows = work.session.execute(_by_name(branches_on(work, work.today)).limit(limit))
    return [(row.unit_id, row.name) for row in rows]


def unfollowed_branches(
    work: Work, as_of: AsOf = TODAY, limit: int = MOST_SHOWN
) -> tuple[list[str], int]:
    """Return the names of the first branches below this unit that nobody follows, and how many."""
    model, day = OversightAssignment, as_of.day or work.today
    followed = sa.exists().where(model.unit_id == UnitVersion.unit_id, valid_on(model, day))
    statement = branches_on(work, day, as_of).where(~followed)
    reason = {"unscoped": "branches nobody follows: the right to see them is in the statement"}
    named = _by_name(statement).limit(limit + 1).execution_options(**reason)
    names = [row.name for row in work.session.execute(named)]
    if len(names) <= limit:
        return names, len(names)
    counted = sa.select(sa.func.count()).select_from(statement.subquery())
    return names[:limit], int(work.session.scalar(counted.execution_options(**reason)) or 0)


def _by_name(statement: Any) -> Any:
    return statement.order_by(UnitVersion.name_sort, UnitVersion.unit_id)


def followed_branches(work: Work) -> list[Place]:
    """Return the branches this person follows today, by name."""
    if work.actor.member_id is None:
        return []
    model = OversightAssignment
    ids = set(
        work.session.scalars(
            sa.select(model.unit_id)
            .where(model.official_id == work.actor.member_id, valid_on(model, work.today))
            .execution_options(unscoped="the branches one follows oneself")
        )
    )
    places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    return sorted(
        (place for place in places.values() if work.actor.sees(place)), key=lambda p: p.name
    )
