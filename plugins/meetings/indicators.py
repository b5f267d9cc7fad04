"""Figures of meetings: each is one grouped statement over the meetings' stored figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.i18n import lazy
from core.indicators.registry import Asked, Indicator
from core.periods import Period, month_of, quarter_of
from core.settings.models import EffectiveValue
from core.units.models import UnitAncestor, UnitVersion
from core.units.places import visible
from core.work import Work

from .models import HELD, Material, Meeting, OversightAssignment, Task, Visitor

NEVER = date(1, 1, 1)


def _months(asked: Asked) -> list[Period]:
    """Return the months of the period that have begun."""
    return [month_of(first) for first in asked.period.months() if first <= asked.day]


def _quarters(asked: Asked) -> list[Period]:
    """Return the quarters with a month in the period that have begun."""
    found = {quarter_of(month.start).start: quarter_of(month.start) for month in _months(asked)}
    return [found[start] for start in sorted(found)]


def _spans(periods: Sequence[Period]) -> sa.Subquery:
    """Return periods as rows: first day, first day after, last day."""
    rows = [
        sa.select(
            sa.literal(period.start, sa.Date()).label("start"),
            sa.literal(period.end, sa.Date()).label("end"),
            sa.literal(period.last_day, sa.Date()).label("last"),
        )
        for period in periods
    ]
    if not rows:  # a period that has not begun
        day = sa.literal(NEVER, sa.Date())
        columns = (day.label("start"), day.label("end"), day.label("last"))
        rows = [sa.select(*columns).where(sa.false())]
    return sa.union_all(*rows).subquery("spans")


def _branches(work: Work, spans: sa.Subquery) -> Any:
    """Join each period with the branches there were on its last day."""
    branch = UnitVersion
    return spans.join(
        branch,
        sa.and_(
            branch.kind == "branch",
            branch.valid_from <= spans.c.last,
            branch.valid_to > spans.c.last,
            visible(branch, work.generation),
        ),
    )


def _regular(spans: sa.Subquery) -> sa.ColumnElement[bool]:
    """Condition: the meeting is the branch's regular one of the month and was held."""
    return sa.and_(
        Meeting.unit_id == UnitVersion.unit_id,
        Meeting.for_month == spans.c.start,
        Meeting.kind == "branch",
        Meeting.is_regular.is_(True),
        Meeting.state.in_(HELD),
    )


def _facts(unit_id: Any, numerator: Any, denominator: Any, on: Any) -> sa.Select[Any]:
    found: Any = sa.select(
        unit_id.label("unit_id"),
        numerator.label("numerator"),
        denominator.label("denominator"),
        on.label("on"),
    )
    return found  # type: ignore[no-any-return]  # SQLAlchemy says Any


def _one(condition: Any) -> Any:
    return sa.case((condition, 1), else_=0)


def held(work: Work, asked: Asked) -> sa.Select[Any]:
    """Branch-months with a regular meeting that counts for the month, of branch-months."""
    spans = _spans(_months(asked))
    source = _branches(work, spans).outerjoin(Meeting, _regular(spans))
    return _facts(
        UnitVersion.unit_id, _one(Meeting.id.is_not(None)), sa.literal(1), spans.c.last
    ).select_from(source)


def attendance(work: Work, asked: Asked) -> sa.Select[Any]:
    """Who attended, of who had to attend, in held branch meetings that count for the period."""
    return _facts(Meeting.unit_id, Meeting.attended, Meeting.required, Meeting.held_on).where(
        Meeting.kind == "branch",
        Meeting.state.in_(HELD),
        Meeting.for_month >= asked.period.start,
        Meeting.for_month < asked.period.end,
    )


def thematic(work: Work, asked: Asked) -> sa.Select[Any]:
    """Branch-quarters with a thematic meeting, of branch-quarters."""
    spans = _spans(_quarters(asked))
    found = sa.exists().where(
        Meeting.unit_id == UnitVersion.unit_id,
        Meeting.kind == "branch",
        Meeting.is_thematic.is_(True),
        Meeting.state.in_(HELD),
        Meeting.for_month >= spans.c.start,
        Meeting.for_month < spans.c.end,
    )
    return _facts(UnitVersion.unit_id, _one(found), sa.literal(1), spans.c.last).select_from(
        _branches(work, spans)
    )


def tasks_on_time(work: Work, asked: Asked) -> sa.Select[Any]:
    """Tasks finished by their day, of tasks due in the period up to today, not dropped."""
    return _facts(
        Task.unit_id,
        _one(sa.and_(Task.state == "done", Task.done_on <= Task.due_on)),
        sa.literal(1),
        Task.due_on,
    ).where(
        Task.state != "dropped",
        Task.due_on >= asked.period.start,
        Task.due_on < asked.period.end,
        Task.due_on <= asked.day,
    )


def visits(work: Work, asked: Asked) -> sa.Select[Any]:
    """Visits of superiors to branch meetings, of visits due in each quarter.

    Due is what those who follow the branch owe on the quarter's last day, or the setting where
    nobody follows it. What is made beyond that does not make up for another branch.
    """
    spans = _spans(_quarters(asked))
    made = (
        sa.select(sa.func.count(sa.distinct(Meeting.id)))
        .join(Visitor, Visitor.meeting_id == Meeting.id)
        .where(
            Visitor.is_superior.is_(True),
            Meeting.unit_id == UnitVersion.unit_id,
            Meeting.state.in_(HELD),
            Meeting.for_month >= spans.c.start,
            Meeting.for_month < spans.c.end,
        )
        .correlate(UnitVersion, spans)
        .scalar_subquery()
    )
    due = sa.func.coalesce(_owed(spans), _by_setting(spans), 0)
    return _facts(
        UnitVersion.unit_id, sa.case((made < due, made), else_=due), due, spans.c.last
    ).select_from(_branches(work, spans))


def _owed(spans: sa.Subquery) -> Any:
    assignment = OversightAssignment
    return (
        sa.select(sa.func.sum(assignment.min_visits))
        .where(
            assignment.unit_id == UnitVersion.unit_id,
            assignment.valid_from <= spans.c.last,
            assignment.valid_to > spans.c.last,
        )
        .correlate(UnitVersion, spans)
        .scalar_subquery()
    )


def _by_setting(spans: sa.Subquery) -> Any:
    return (
        sa.select(sa.cast(EffectiveValue.number, sa.Integer))
        .where(
            EffectiveValue.key == "meetings.visits_per_quarter",
            EffectiveValue.unit_id == UnitVersion.unit_id,
            EffectiveValue.valid_from <= spans.c.last,
            EffectiveValue.valid_to > spans.c.last,
        )
        .correlate(UnitVersion, spans)
        .limit(1)
        .scalar_subquery()
    )


def material(work: Work, asked: Asked) -> sa.Select[Any]:
    """Branch-months whose agenda used the month's material, of branch-months with material."""
    spans = _spans(_months(asked))
    above = sa.orm.aliased(UnitAncestor)
    there = sa.exists().where(
        Material.for_month == spans.c.start,
        Material.published_at.is_not(None),
        Material.withdrawn_at.is_(None),
        Material.opens_on <= spans.c.last,
        above.ancestor_id == Material.unit_id,
        above.unit_id == UnitVersion.unit_id,
        above.valid_from <= spans.c.last,
        above.valid_to > spans.c.last,
        visible(above, work.generation),
    )
    source = _branches(work, spans).outerjoin(Meeting, _regular(spans))
    return (
        _facts(
            UnitVersion.unit_id,
            _one(Meeting.used_material.is_(True)),
            sa.literal(1),
            spans.c.last,
        )
        .select_from(source)
        .where(there)
    )


def _rate(name: str, title: Any, facts: Any, meaning: Any, *tables: str) -> Indicator:
    return Indicator(
        key=f"meetings.{name}",
        title=title,
        unit="rate",
        facts=facts,
        meaning=meaning,
        tables=("meetings_meeting", *tables),
    )


indicators = (
    _rate(
        "held_rate",
        lazy("Branches that met"),
        held,
        lazy("Branches with a regular meeting that counts for the month, of all branches."),
    ),
    _rate(
        "attendance_rate",
        lazy("Rate of attendance"),
        attendance,
        lazy("Present, online, late or left early, of those required to attend."),
    ),
    _rate(
        "thematic_rate",
        lazy("Branches with a thematic meeting"),
        thematic,
        lazy("Branches and quarters with a thematic meeting, of all branches and quarters."),
    ),
    _rate(
        "tasks_done_on_time",
        lazy("Tasks finished on time"),
        tasks_on_time,
        lazy("Tasks finished by their day, of those due in the period."),
        "meetings_task",
    ),
    _rate(
        "visit_coverage",
        lazy("Visits of superiors made"),
        visits,
        lazy("Visits made, of those due in each quarter."),
        "meetings_visitor",
        "meetings_assignment",
    ),
    _rate(
        "material_coverage",
        lazy("Branches that used the month's material"),
        material,
        lazy("Meetings whose agenda used the material, of branches and months with material."),
        "meetings_material",
    ),
)
