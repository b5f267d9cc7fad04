"""Results: levels with shares by subject and unit, against earlier years, lists of names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.i18n import _
from core.indicators.lineage import heirs_on
from core.members.models import Member
from core.paging import beyond, make_cursor, read_cursor
from core.periods import Period
from core.units.models import Unit, UnitAncestor, UnitVersion
from core.units.places import valid_on, visible
from core.work import Work

from ..models import LEVELS, SUBJECTS, Result
from . import words
from .shapes import Key, LevelLine, Running, YearLevel

TABLE = "a table of results at a unit where the right to see them is held"
NONE = "none"


def rated_years(work: Work, limit: int = 12) -> list[int]:
    """Return the years that have results here or below, the newest first."""
    rows = work.session.scalars(
        sa.select(sa.func.distinct(Result.period_key))
        .select_from(Result)
        .where(Result.period_kind == "year", Result.is_current.is_(True))
        .limit(100)
    )
    return sorted({int(key) for key in rows if str(key).isdigit()}, reverse=True)[:limit]


def _tree_day(work: Work, last: date) -> date:
    return min(last, work.today)


def _below(work: Work, statement: Any, unit_column: Any, day: date) -> tuple[Any, Any]:
    """Join this unit above the results' unit, on a day."""
    above = sa.orm.aliased(UnitAncestor)
    joined = statement.join(
        above,
        sa.and_(
            above.unit_id == unit_column,
            above.ancestor_id == work.unit.id,
            valid_on(above, day),
            visible(above, work.generation),
        ),
    )
    return joined, above


def _in_period(period: Period) -> sa.ColumnElement[bool]:
    kind = "quarter" if period.kind == "quarter" else "year"
    return sa.and_(
        Result.is_current.is_(True),
        Result.period_kind == kind,
        Result.period_start >= period.start,
        Result.period_last <= period.last_day,
    )


def level_table(
    work: Work, period: Period, by: str = "subject", subject: str = "member"
) -> list[LevelLine]:
    """Return counts by level: for each kind of subject, unit below, kind of unit, or sector.

    Results stand in the tree of the period's last day, or of today where that is earlier. One
    statement; who has none of the four levels counts as not rated.
    """
    day = _tree_day(work, period.last_day)
    grouped: Any = Result.subject_kind
    statement, above = _below(work, sa.select(Result.id).select_from(Result), Result.unit_id, day)
    statement = statement.where(_in_period(period))
    if by != "subject":
        statement = statement.where(Result.subject_kind == subject)
        statement, grouped = _grouped(work, statement, above, by, day)
    statement = statement.with_only_columns(
        grouped.label("grouped"),
        sa.func.coalesce(Result.level, NONE).label("level"),
        sa.func.count().label("count"),
    ).group_by(grouped, sa.func.coalesce(Result.level, NONE))
    counts: dict[Any, dict[str, int]] = {}
    for key, level, count in work.session.execute(statement):
        counts.setdefault(key, {})[level] = count
    names = _names(work, list(counts), by, day)
    lines = [_line(str(key), names.get(key, str(key)), found) for key, found in counts.items()]
    if by == "subject":
        return sorted(lines, key=lambda line: SUBJECTS[::-1].index(line.key))
    return sorted(lines, key=lambda line: line.name)


def _grouped(work: Work, statement: Any, above: Any, by: str, day: date) -> tuple[Any, Any]:
    if by == "child":
        child = sa.orm.aliased(UnitAncestor)
        statement = statement.outerjoin(
            child,
            sa.and_(
                child.unit_id == Result.unit_id,
                child.depth == above.depth - 1,
                valid_on(child, day),
                visible(child, work.generation),
            ),
        )
        grouped: Any = sa.func.coalesce(
            child.ancestor_id, above.ancestor_id, type_=child.ancestor_id.type
        )
        return statement, grouped
    version = sa.orm.aliased(UnitVersion)
    statement = statement.join(
        version,
        sa.and_(
            version.unit_id == Result.unit_id,
            valid_on(version, day),
            visible(version, work.generation),
        ),
    )
    return statement, version.kind if by == "kind" else version.sector


def _names(work: Work, keys: Sequence[Any], by: str, day: date) -> dict[Any, str]:
    if by == "subject":
        return {key: str(words.SUBJECTS[key]) for key in keys}
    if by != "child":
        return {key: str(KIND_TITLES.get(key, key)) or _("no sector") for key in keys}
    rows = work.session.execute(
        sa.select(UnitVersion.unit_id, UnitVersion.name).where(
            UnitVersion.unit_id.in_(keys),
            valid_on(UnitVersion, day),
            visible(UnitVersion, work.generation),
        )
    )
    return {row.unit_id: row.name for row in rows}


KIND_TITLES = {
    "branch": words.lazy("Branches (kind)"),
    "group": words.lazy("Party groups (kind)"),
    "party_org": words.lazy("Grassroots organisations (kind)"),
    "section_org": words.lazy("Section organisations (kind)"),
    "commune": words.lazy("Communes and wards (kind)"),
    "district": words.lazy("Districts (kind)"),
    "province": words.lazy("Provinces (kind)"),
    "residential": words.lazy("Residential areas (sector)"),
    "office": words.lazy("Offices (sector)"),
    "public_service": words.lazy("Public services (sector)"),
    "school": words.lazy("Schools (sector)"),
    "enterprise": words.lazy("Enterprises (sector)"),
    "military": words.lazy("Military (sector)"),
    "police": words.lazy("Police (sector)"),
}


def _line(key: str, name: str, counts: dict[str, int]) -> LevelLine:
    return LevelLine(
        key=key,
        name=name,
        not_rated=counts.get(NONE, 0),
        **{level: counts.get(level, 0) for level in LEVELS},
    )


def years_table(work: Work, years: Sequence[int], subject: str) -> list[tuple[int, LevelLine]]:
    """Return the counts of several years as they stand with whoever took over; one statement.

    A result of a unit that has ended counts where all its heirs stand today, through lineage.
    """
    if not years:
        return []
    heirs = heirs_on(work, work.today)
    above = sa.orm.aliased(UnitAncestor)
    landed = (
        sa.select(
            heirs.c.unit_id,
            sa.func.count().label("inside"),
            sa.func.max(heirs.c.parts).label("parts"),
        )
        .select_from(heirs)
        .join(
            above,
            sa.and_(
                above.unit_id == heirs.c.heir_id,
                above.ancestor_id == work.unit.id,
                valid_on(above, work.today),
                visible(above, work.generation),
            ),
        )
        .group_by(heirs.c.unit_id)
        .subquery("landed")
    )
    rows = work.session.execute(
        sa.select(Result.period_key, sa.func.coalesce(Result.level, NONE), sa.func.count())
        .select_from(Result)
        .join(landed, landed.c.unit_id == Result.unit_id)
        .where(
            Result.is_current.is_(True),
            Result.period_kind == "year",
            Result.subject_kind == subject,
            Result.period_key.in_([f"{year:04}" for year in years]),
            landed.c.inside == landed.c.parts,
        )
        .group_by(Result.period_key, sa.func.coalesce(Result.level, NONE))
    )
    counts: dict[str, dict[str, int]] = {}
    for key, level, count in rows:
        counts.setdefault(key, {})[level] = count
    return [
        (year, _line(f"{year:04}", f"{year:04}", counts.get(f"{year:04}", {})))
        for year in sorted(years, reverse=True)
    ]


def list_results(
    work: Work,
    period: Period,
    *,
    subject: str = "member",
    level: str = "",
    cursor: str = "",
    limit: int = 50,
) -> tuple[list[Any], str | None]:
    """List results of this unit and those below by name: (result, name, unit's name, code)."""
    day = _tree_day(work, period.last_day)
    name: Any = Member.full_name if subject in ("member", "leader") else UnitVersion.name
    order: Any = Member.sort_key if subject in ("member", "leader") else UnitVersion.name_sort
    statement, _above = _below(
        work,
        sa.select(Result, name.label("name"), UnitVersion.name.label("unit"), Unit.code,
                  order.label("sort"))
        .select_from(Result)
        .join(Unit, Unit.id == Result.unit_id)
        .join(
            UnitVersion,
            sa.and_(UnitVersion.unit_id == Result.unit_id, valid_on(UnitVersion, day),
                    visible(UnitVersion, work.generation)),
        ),
        Result.unit_id,
        day,
    )  # fmt: skip
    if subject in ("member", "leader"):
        statement = statement.join(Member, Member.id == Result.member_id)
    statement = statement.where(_in_period(period), Result.subject_kind == subject)
    if level:
        statement = statement.where(Result.level == level if level != NONE else
                                    Result.level.is_(None))  # fmt: skip
    last = read_cursor(cursor, "b", "k")
    if last is not None:
        statement = statement.where(beyond((order, Result.id), last))
    rows = list(work.session.execute(statement.order_by(order, Result.id).limit(limit + 1)))
    more = len(rows) > limit
    rows = rows[:limit]
    return rows, make_cursor((rows[-1].sort, rows[-1].Result.id)) if more else None


def years_running(
    work: Work, last_year: int, years: int, subject: str = "member", level: str = "excellent"
) -> list[Running]:
    """Return who had a level in each of some years running, wherever they stood; two statements.

    Members keep their results through transfers; units keep theirs through lineage when they
    went over whole into one heir.
    """
    keys = [f"{year:04}" for year in range(last_year - years + 1, last_year + 1)]
    grouped, source = _same_subject(work, subject)
    counted = (
        source.where(
            Result.is_current.is_(True),
            Result.period_kind == "year",
            Result.period_key.in_(keys),
            Result.subject_kind == subject,
            Result.level == level,
        )
        .with_only_columns(grouped.label("subject"))
        .group_by(grouped)
        .having(sa.func.count(sa.distinct(Result.period_key)) == years)
        .execution_options(unscoped="years running across transfers; the last one stands here")
    )
    candidates = set(work.session.scalars(counted))
    rows, _cursor = list_results(
        work, Period.of_year(last_year), subject=subject, level=level, limit=5_000
    )
    return [
        Running(row.Result.subject_id, row.name, row.unit,
                [YearLevel(int(key), level) for key in keys])
        for row in rows
        if row.Result.subject_id in candidates
    ]  # fmt: skip


def _same_subject(work: Work, subject: str) -> tuple[Any, Any]:
    """Return what makes results of different years those of one subject."""
    if subject in ("member", "leader"):
        return Result.subject_id, sa.select(Result.id).select_from(Result)
    heirs = heirs_on(work, work.today)
    source = (
        sa.select(Result.id)
        .select_from(Result)
        .join(heirs, sa.and_(heirs.c.unit_id == Result.subject_id, heirs.c.parts == 1))
    )
    return heirs.c.heir_id, source


def levels_of(
    work: Work, subject_ids: Sequence[Key], years: int = 5
) -> dict[Key, list[tuple[str, str | None]]]:
    """Return the yearly levels of subjects, the newest first: (year, level)."""
    rows = work.session.execute(
        sa.select(Result.subject_id, Result.period_key, Result.level)
        .where(
            Result.subject_id.in_(list(subject_ids)),
            Result.is_current.is_(True),
            Result.period_kind == "year",
            Result.subject_kind.in_(("member", "unit")),
        )
        .order_by(Result.period_key.desc())
        .execution_options(unscoped="earlier levels of subjects whose evaluation one may see")
    )
    found: dict[Key, list[tuple[str, str | None]]] = {}
    for subject_id, key, level in rows:
        if len(found.setdefault(subject_id, [])) < years:
            found[subject_id].append((key, level))
    return found
