"""The month of branches as SQL: one row a branch, with state, attendance, theme, visits, tasks."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from core.periods import month_of, quarter_of
from core.scope import reached
from core.settings.effective import effective_on
from core.settings.models import EffectiveValue
from core.units.covering import TODAY, AsOf
from core.units.models import Unit, UnitAncestor, UnitScope, UnitVersion
from core.units.places import valid_on, visible
from core.work import Work

from .. import permissions
from ..models import (
    HELD,
    OPEN_TASK,
    Material,
    Meeting,
    OversightAssignment,
    Postponement,
    Task,
    Visitor,
)

WHY = "the committee's month: rights and the plugin's switch are part of the statement"
# What a committee should look at first; within a state, whoever has more overdue tasks.
TROUBLE = {
    "overdue_unentered": 5,
    "held_no_minutes": 4,
    "not_held": 3,
    "postponed": 2,
    "not_due": 1,
    "done": 0,
}


def month_rows(work: Work, month: date, as_of: AsOf = TODAY) -> sa.Subquery:
    """Return one row for each branch below this unit on the month's last day, as a subquery.

    With a day the branches are those of that day; restated, those of the month with whoever
    answers for them today.
    """
    last = month_of(month).last_day
    branch = branches_on(work, last, as_of).subquery("branch")
    unit_id = branch.c.unit_id
    # Each part is cut to these branches: a ward of a province of 12,000 reads its 60 only.
    ids = sa.select(branches_on(work, last, as_of).subquery().c.unit_id)
    meeting = _meetings(month, ids).subquery("meeting")
    sums = {
        "late": _overdue(work, ids).subquery("late"),
        "theme": _themes(month, ids).subquery("theme"),
        "visit": _visits(month, ids).subquery("visit"),
        "owed": _owed(last, ids).subquery("owed"),
    }
    source: Any = branch.outerjoin(meeting, meeting.c.unit_id == unit_id)
    for one in sums.values():
        source = source.outerjoin(one, one.c.unit_id == unit_id)
    state = _state(work, meeting, _due_passed(work, month, unit_id))
    tasks = sa.func.coalesce(sums["late"].c.tasks, 0)
    trouble = sa.case(TROUBLE, value=state) * 100 + sa.case((tasks > 99, 99), else_=tasks)
    return (
        sa.select(
            unit_id,
            branch.c.code,
            branch.c.name,
            branch.c.name_sort,
            state.label("state"),
            trouble.label("trouble"),
            tasks.label("overdue_tasks"),
            *_of_meeting(meeting),
            *_of_quarter(sums, unit_id, last),
            _has_material(work, month, unit_id).label("has_material"),
        )
        .select_from(source)
        .subquery("month_rows")
    )


def _of_meeting(meeting: sa.Subquery) -> list[Any]:
    """Return the columns that come from the month's meeting."""
    return [
        meeting.c.meeting_id,
        meeting.c.held_on,
        meeting.c.starts_at,
        sa.func.coalesce(meeting.c.attended, 0).label("attended"),
        sa.func.coalesce(meeting.c.required, 0).label("required"),
        sa.func.coalesce(meeting.c.used_material, sa.false()).label("used_material"),
    ]


def _of_quarter(sums: dict[str, sa.Subquery], unit_id: Any, last: date) -> list[Any]:
    """Return the columns that look at the whole quarter: themes and visits, made and due."""
    thematic = _number("meetings.thematic_per_quarter", unit_id, last)
    by_setting = _number("meetings.visits_per_quarter", unit_id, last)
    due = sa.func.coalesce(sums["owed"].c.visits, by_setting, 0)
    return [
        (sa.func.coalesce(thematic, 0) > 0).label("is_thematic_due"),
        (sa.func.coalesce(sums["theme"].c.count, 0) > 0).label("has_thematic"),
        sa.func.coalesce(sums["visit"].c.count, 0).label("visits"),
        sa.cast(due, sa.Integer).label("visits_due"),
    ]


def branches_on(work: Work, last: date, as_of: AsOf = TODAY) -> Any:
    """Select the branches below the unit on a day that today's rights reach, with the plugin on.

    The plugin is asked for on the `last` day of the month in any case.
    """
    day = (as_of.day if as_of.is_past else None) or last
    above: Any = UnitScope if as_of.restated else UnitAncestor
    conditions = [
        above.ancestor_id == work.unit.id,
        UnitVersion.kind == "branch",
        visible(above, work.generation),
        valid_on(UnitVersion, day),
        visible(UnitVersion, work.generation),
        Unit.voided_at.is_(None),
        effective_on("meetings.enabled", UnitVersion.unit_id, last),
    ]
    if not as_of.restated:
        conditions.append(valid_on(UnitAncestor, day))
    rights = reached(work, permissions.OVERSEE, UnitVersion.unit_id)
    if rights is not None:
        conditions.append(rights)
    return (
        sa.select(UnitVersion.unit_id, Unit.code, UnitVersion.name, UnitVersion.name_sort)
        .select_from(above)
        .join(UnitVersion, UnitVersion.unit_id == above.unit_id)
        .join(Unit, Unit.id == UnitVersion.unit_id)
        .where(*conditions)
    )


def _meetings(month: date, ids: Any) -> Any:
    """Select the regular meeting that counts for the month; one not held only without another."""
    put_off = sa.exists().where(Postponement.meeting_id == Meeting.id)
    ranked = (
        sa.select(
            Meeting.id.label("meeting_id"),
            Meeting.unit_id,
            Meeting.state,
            Meeting.held_on,
            Meeting.starts_at,
            Meeting.attended,
            Meeting.required,
            Meeting.used_material,
            put_off.label("put_off"),
            sa.func.row_number()
            .over(
                partition_by=Meeting.unit_id,
                order_by=(sa.case((Meeting.state == "not_held", 1), else_=0), Meeting.id.desc()),
            )
            .label("place"),
        )
        .where(
            Meeting.unit_id.in_(ids),
            Meeting.for_month == month,
            Meeting.kind == "branch",
            Meeting.is_regular.is_(True),
            Meeting.state != "void",
        )
        .subquery("ranked")
    )
    return sa.select(ranked).where(ranked.c.place == 1)


def _state(work: Work, meeting: sa.Subquery, passed: Any) -> sa.ColumnElement[str]:
    """Tell the six states apart."""
    midnight = datetime.combine(work.today, time.min, work.host.zone)
    ahead = meeting.c.starts_at >= midnight
    return sa.case(
        (meeting.c.state == "closed", "done"),
        (meeting.c.state.in_(HELD), "held_no_minutes"),
        (meeting.c.state == "not_held", "not_held"),
        (
            sa.and_(
                sa.or_(meeting.c.state == "postponed", meeting.c.put_off),
                sa.or_(ahead, meeting.c.starts_at.is_(None)),
            ),
            "postponed",
        ),
        (ahead, "not_due"),
        (meeting.c.starts_at.is_not(None), "overdue_unentered"),
        (passed, "overdue_unentered"),
        else_="not_due",
    )


def _due_passed(work: Work, month: date, unit_id: Any) -> Any:
    """Condition: the day by which the month's meeting is entered has passed at the unit."""
    period = month_of(month)
    if work.today > period.last_day:
        return sa.true()
    if work.today < period.start:
        return sa.false()
    due = _number("meetings.due_day_of_month", unit_id, period.last_day)
    return due < work.today.day


def _number(key: str, unit_id: Any, day: date) -> Any:
    """Return the effective number of a setting at the unit on a day, as a scalar subquery."""
    return (
        sa.select(EffectiveValue.number)
        .where(
            EffectiveValue.key == key,
            EffectiveValue.unit_id == unit_id,
            EffectiveValue.valid_from <= day,
            EffectiveValue.valid_to > day,
        )
        .correlate_except(EffectiveValue)
        .limit(1)
        .scalar_subquery()
    )


def _overdue(work: Work, ids: Any) -> Any:
    """Select how many open tasks of each unit are overdue today."""
    return (
        sa.select(Task.unit_id, sa.func.count().label("tasks"))
        .where(Task.unit_id.in_(ids), Task.state.in_(OPEN_TASK), Task.due_on < work.today)
        .group_by(Task.unit_id)
    )


def _themes(month: date, ids: Any) -> Any:
    """Select how many thematic meetings each unit held that count for the quarter."""
    quarter = quarter_of(month)
    return (
        sa.select(Meeting.unit_id, sa.func.count().label("count"))
        .where(
            Meeting.unit_id.in_(ids),
            Meeting.is_thematic.is_(True),
            Meeting.kind == "branch",
            Meeting.state.in_(HELD),
            Meeting.for_month >= quarter.start,
            Meeting.for_month < quarter.end,
        )
        .group_by(Meeting.unit_id)
    )


def _visits(month: date, ids: Any) -> Any:
    """Select how many meetings of the quarter a superior came to."""
    quarter = quarter_of(month)
    return (
        sa.select(Meeting.unit_id, sa.func.count(sa.distinct(Meeting.id)).label("count"))
        .join(Visitor, Visitor.meeting_id == Meeting.id)
        .where(
            Visitor.is_superior.is_(True),
            Meeting.unit_id.in_(ids),
            Meeting.state.in_(HELD),
            Meeting.for_month >= quarter.start,
            Meeting.for_month < quarter.end,
        )
        .group_by(Meeting.unit_id)
    )


def _owed(day: date, ids: Any) -> Any:
    """Select how many visits a quarter those owe who follow each unit on a day."""
    model = OversightAssignment
    return (
        sa.select(model.unit_id, sa.func.sum(model.min_visits).label("visits"))
        .where(model.unit_id.in_(ids), valid_on(model, day))
        .group_by(model.unit_id)
    )


def _has_material(work: Work, month: date, unit_id: Any) -> sa.ColumnElement[bool]:
    """Condition: some unit above has published material for the month, open by its end."""
    above = sa.orm.aliased(UnitAncestor)
    last = month_of(month).last_day
    return (
        sa.exists()
        .where(
            Material.for_month == month,
            Material.published_at.is_not(None),
            Material.withdrawn_at.is_(None),
            Material.opens_on <= last,
            above.ancestor_id == Material.unit_id,
            above.unit_id == unit_id,
            valid_on(above, last),
            visible(above, work.generation),
        )
        .correlate_except(Material, above)
    )
