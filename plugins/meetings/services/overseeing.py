"""The committee above: the month of its branches, what it adds up to, twelve months, reminders."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.checking import missing
from core.i18n import _
from core.members.models import Member, Position
from core.paging import beyond, make_cursor, read_cursor
from core.periods import Period, month_of
from core.scope import require
from core.units.covering import TODAY, AsOf
from core.units.places import valid_on
from core.work import Work

from .. import permissions
from ..models import CHANNELS, HELD, Chase, Meeting
from . import words
from .guards import sound_month
from .month_rows import WHY, branches_on, month_rows
from .shapes import Coverage, Key, MonthLine, MonthMatrix, MonthPoint
from .telling import tell_chased

MONTHS = 12


def month_matrix(
    work: Work,
    month: date,
    *,
    state: str = "",
    as_of: AsOf = TODAY,
    cursor: str = "",
    limit: int = 50,
) -> MonthMatrix:
    """Return the month of all branches below this unit as of that month, most trouble first.

    Four statements for any number of branches: a page of rows, the sums, reminders, secretaries.
    """
    first = sound_month(month)
    rows = month_rows(work, first, as_of)
    statement = sa.select(rows)
    if state:
        statement = statement.where(rows.c.state == state)
    after = read_cursor(cursor, "n", "b", "k")
    if after is not None:
        trouble, name, unit_id = after
        later = beyond((rows.c.name_sort, rows.c.unit_id), (name, unit_id))
        statement = statement.where(
            sa.or_(rows.c.trouble < trouble, sa.and_(rows.c.trouble == trouble, later))
        )
    found = work.session.execute(
        statement.order_by(rows.c.trouble.desc(), rows.c.name_sort, rows.c.unit_id)
        .limit(limit + 1)
        .execution_options(unscoped=WHY)
    ).all()
    page = found[:limit]
    ids = [row.unit_id for row in page]
    chases, people = _chases(work, ids, first), _secretaries(work, ids)
    following = None
    if len(found) > limit:
        last = page[-1]
        following = make_cursor((last.trouble, last.name_sort, last.unit_id))
    return MonthMatrix(
        month=first,
        lines=[_line(row, chases.get(row.unit_id), people.get(row.unit_id)) for row in page],
        next=following,
        coverage=coverage(work, first, as_of),
    )


def _line(row: Any, chase: Any, person: tuple[str, str] | None) -> MonthLine:
    count, at, by, promised = chase or (0, None, "", None)
    name, phone = person or ("", "")
    return MonthLine(
        unit_id=row.unit_id,
        code=row.code,
        name=row.name,
        state=row.state,
        meeting_id=row.meeting_id,
        held_on=row.held_on,
        planned_at=row.starts_at,
        attended=row.attended,
        required=row.required,
        is_thematic_due=bool(row.is_thematic_due),
        has_thematic=bool(row.has_thematic),
        has_material=bool(row.has_material),
        used_material=bool(row.used_material),
        visits=row.visits,
        visits_due=int(row.visits_due),
        overdue_tasks=row.overdue_tasks,
        chased=count,
        chased_at=at,
        chased_by=by,
        promised_on=promised,
        secretary=name,
        phone=phone,
        trouble=row.trouble,
    )


def _chases(work: Work, ids: Sequence[Key], month: date) -> dict[Key, Any]:
    """Return how often each branch was reminded of the month, and the last time."""
    if not ids:
        return {}
    result: dict[uuid.UUID, Any] = {}
    for row in work.session.scalars(
        sa.select(Chase).where(Chase.unit_id.in_(ids), Chase.for_month == month).order_by(Chase.at)
    ):
        before = result.get(row.unit_id, (0,))[0]
        result[row.unit_id] = (before + 1, row.at, row.by, row.promised_on)
    return result


def _secretaries(work: Work, ids: Sequence[Key]) -> dict[Key, tuple[str, str]]:
    """Return name and phone of the branches' secretaries, the phone where it may be seen."""
    if not ids or not work.may("core:member:see"):
        return {}
    with_phone = "contact" in work.actor.field_classes(work.unit)
    rows = work.session.execute(
        sa.select(Position.unit_id, Member.id, Member.full_name, Member.phone)
        .select_from(Member)
        .join(Position, Position.member_id == Member.id)
        .where(
            Position.unit_id.in_(ids),
            Position.position == "secretary",
            valid_on(Position, work.today),
        )
    ).all()
    if with_phone and rows:
        ledger.saw(work, "member", [row.id for row in rows], {"contact"})
    return {row.unit_id: (row.full_name, row.phone if with_phone else "") for row in rows}


def coverage(work: Work, month: date, as_of: AsOf = TODAY) -> Coverage:
    """Sum the month up: how many branches stand in which state; one statement."""
    rows = month_rows(work, sound_month(month), as_of)

    def count(*conditions: Any) -> Any:
        return sa.func.coalesce(sa.func.sum(sa.case((sa.and_(*conditions), 1), else_=0)), 0)

    def total(column: Any, *conditions: Any) -> Any:
        return sa.func.coalesce(sa.func.sum(sa.case((sa.and_(*conditions), column), else_=0)), 0)

    held = rows.c.state.in_(("done", "held_no_minutes"))
    row = work.session.execute(
        sa.select(
            sa.func.count().label("branches"),
            *(count(rows.c.state == key).label(key) for key in words.ABOVE),
            total(rows.c.attended, held).label("attended"),
            total(rows.c.required, held).label("required"),
            count(held, rows.c.required > 0).label("with_attendance"),
            count(rows.c.has_thematic).label("thematic"),
            count(rows.c.visits > 0).label("visited"),
            count(rows.c.used_material).label("used_material"),
            total(rows.c.overdue_tasks, sa.true()).label("overdue_tasks"),
        ).execution_options(unscoped=WHY)
    ).one()
    states = {key: int(getattr(row, key)) for key in words.ABOVE}
    return Coverage(
        branches=row.branches,
        states=states,
        attended=int(row.attended),
        required=int(row.required),
        with_attendance=int(row.with_attendance),
        thematic=int(row.thematic),
        visited=int(row.visited),
        used_material=int(row.used_material),
        overdue_tasks=int(row.overdue_tasks),
        sentence=_headline(month, row.branches, states),
    )


def _headline(month: date, branches: int, states: dict[str, int]) -> str:
    if not branches:
        return _("No branch stands below this unit in this month.")
    return _(
        "Meetings of month %(month)s: %(done)s/%(all)s branches done, %(minutes)s without minutes,"
        " %(late)s not entered, %(put_off)s postponed, %(none)s not held, %(later)s not yet due",
        month=month.month,
        done=states["done"],
        all=branches,
        minutes=states["held_no_minutes"],
        late=states["overdue_unentered"],
        put_off=states["postponed"],
        none=states["not_held"],
        later=states["not_due"],
    )


def twelve_months(work: Work, until: date | None = None, as_of: AsOf = TODAY) -> list[MonthPoint]:
    """Return held and due meetings of twelve months, each by the tree of its last day.

    Or by that of the day asked for, or restated to the units of today.

    One statement; the last month is the one asked for, or the one before this month.
    """
    last = sound_month(until or work.today)
    months: list[Period] = []
    period = month_of(last)
    for _step in range(MONTHS):
        months.insert(0, period)
        period = period.previous()
    parts = [_month_point(work, period, as_of) for period in months]
    statement = sa.union_all(*parts).subquery("points")
    found = work.session.execute(sa.select(statement).execution_options(unscoped=WHY)).all()
    by_month = {row.month: row for row in found}
    return [
        MonthPoint(
            period.start,
            *(int(value or 0) for value in tuple(by_month[period.key])[1:]),
        )
        for period in months
    ]


def _month_point(work: Work, period: Period, as_of: AsOf) -> Any:
    """Select one month's sums, from the meetings' stored figures."""
    branch = branches_on(work, period.last_day, as_of).subquery()
    held = (
        sa.select(Meeting.unit_id, Meeting.attended, Meeting.required)
        .where(
            Meeting.for_month == period.start,
            Meeting.kind == "branch",
            Meeting.is_regular.is_(True),
            Meeting.state.in_(HELD),
        )
        .subquery()
    )
    return sa.select(
        sa.literal(period.key).label("month"),
        sa.func.count().label("branches"),
        sa.func.count(held.c.unit_id).label("held"),
        sa.func.sum(held.c.attended).label("attended"),
        sa.func.sum(held.c.required).label("required"),
    ).select_from(branch.outerjoin(held, held.c.unit_id == branch.c.unit_id))


def chase(
    work: Work,
    unit_ids: Sequence[Key],
    month: date,
    *,
    channel: str,
    promised_on: date | None = None,
) -> int:
    """Note that branches were reminded of a month, by which way and what they promised."""
    if channel not in CHANNELS:
        raise missing("channel", _("Choose by which way the branch was reminded."))
    if promised_on is not None and promised_on < work.today:
        raise missing("promised_on", _("The promised day is still to come."))
    if not unit_ids:
        raise missing("unit", _("Choose at least one branch."))
    places = require(work, permissions.CHASE, unit_ids)
    first = sound_month(month)
    for unit_id, place in places.items():
        work.session.add(
            Chase(
                unit_id=unit_id,
                for_month=first,
                at=work.now,
                by=work.actor.label,
                channel=channel,
                promised_on=promised_on,
            )
        )
        ledger.record(
            work,
            "meetings.chased",
            ledger.About("unit", unit_id, place.name, unit_id),
            after={"month": first, "channel": channel, "promised_on": promised_on},
            permission=permissions.CHASE,
        )
    work.session.flush()
    if channel == "app":
        tell_chased(work, list(places), first.month)
    return len(places)


def list_chases(work: Work, unit_id: Key, month: date) -> list[Chase]:
    """Return the reminders of a branch for a month, newest first."""
    return list(
        work.session.scalars(
            sa.select(Chase)
            .where(Chase.unit_id == unit_id, Chase.for_month == month.replace(day=1))
            .order_by(Chase.at.desc(), Chase.id.desc())
        )
    )
