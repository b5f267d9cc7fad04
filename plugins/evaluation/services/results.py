"""Results: levels with shares by subject and unit, against earlier years, lists of names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.i18n import _, lazy
from core.indicators.evaluation import Number, Question, evaluate
from core.indicators.registry import SEE as SEE_FIGURES
from core.members.models import Member
from core.paging import beyond, make_cursor, read_cursor
from core.periods import Period
from core.units.covering import TODAY, AsOf
from core.units.models import Unit, UnitAncestor, UnitScope, UnitVersion
from core.units.places import valid_on, visible
from core.work import Work

from ..models import LEVELS, SUBJECTS, Result
from . import words
from .rated_periods import NAMED, RatedPeriod
from .shapes import Key, LevelLine, YearFigures

TABLE = "a table of results at a unit where the right to see them is held"
NONE = "none"
AnyPeriod = Period | RatedPeriod
KEYS = ("evaluation.rated", "evaluation.good_or_better", "evaluation.excellent")


def tree_day(work: Work, last: date) -> date:
    """Return the day whose tree a period's results stand in: its last one, or today."""
    return min(last, work.today)


def standing_day(work: Work, last: date, as_of: AsOf) -> date:
    """Return the day whose units are meant: the one asked for, else that of the period."""
    return (as_of.day if as_of.is_past else None) or tree_day(work, last)


def _below(
    work: Work, statement: Any, unit_column: Any, day: date, as_of: AsOf = TODAY
) -> tuple[Any, Any]:
    """Join this unit above the results' unit: on a day, or as whoever took over stands today."""
    above: Any = sa.orm.aliased(UnitScope if as_of.restated else UnitAncestor)
    joined = statement.join(
        above,
        sa.and_(
            above.unit_id == unit_column,
            above.ancestor_id == work.unit.id,
            *_holds(work, above, day, as_of),
        ),
    )
    return joined, above


def _holds(work: Work, above: Any, day: date, as_of: AsOf) -> list[Any]:
    """Conditions: a row of ancestors or of reach is the truth, and holds on the day."""
    known = visible(above, work.generation)
    return [known] if as_of.restated else [known, valid_on(above, day)]


def in_period(period: AnyPeriod) -> sa.ColumnElement[bool]:
    """Condition: the current results of a period; one with a name of its own is known by it."""
    if period.kind in NAMED:
        named = sa.and_(Result.period_kind == period.kind, Result.period_key == period.key)
        return sa.and_(Result.is_current.is_(True), named)
    kind = "quarter" if period.kind == "quarter" else "year"
    return sa.and_(
        Result.is_current.is_(True),
        Result.period_kind == kind,
        Result.period_start >= period.start,
        Result.period_last <= period.last_day,
    )


def level_table(
    work: Work,
    period: AnyPeriod,
    by: str = "subject",
    subject: str = "member",
    as_of: AsOf = TODAY,
) -> list[LevelLine]:
    """Return counts by level: for each kind of subject, unit below, kind of unit, or sector.

    Results stand in the tree of the period's last day, or of today where that is earlier; in that
    of the day asked for; or, restated, with whoever took over. One statement; who has none of the
    four levels counts as not rated.
    """
    day = standing_day(work, period.last_day, as_of)
    grouped: Any = Result.subject_kind
    statement, above = _below(
        work, sa.select(Result.id).select_from(Result), Result.unit_id, day, as_of
    )
    statement = statement.where(in_period(period))
    if by != "subject":
        statement = statement.where(Result.subject_kind == subject)
        statement, grouped = _grouped(work, statement, above, by, day, as_of)
    statement = statement.with_only_columns(
        grouped.label("grouped"),
        Result.level.label("level"),
        sa.func.count().label("count"),
    ).group_by(grouped, Result.level)
    counts: dict[Any, dict[str, int]] = {}
    for key, level, count in work.session.execute(statement):
        counts.setdefault(key, {})[level or NONE] = count
    names = _names(work, list(counts), by, day, as_of)
    lines = [_line(str(key), names.get(key, str(key)), found) for key, found in counts.items()]
    if by == "subject":
        return sorted(lines, key=lambda line: SUBJECTS[::-1].index(line.key))
    return sorted(lines, key=lambda line: line.name)


def _grouped(
    work: Work, statement: Any, above: Any, by: str, day: date, as_of: AsOf
) -> tuple[Any, Any]:
    if by == "child":
        child: Any = sa.orm.aliased(UnitScope if as_of.restated else UnitAncestor)
        statement = statement.outerjoin(
            child,
            sa.and_(
                child.unit_id == Result.unit_id,
                child.depth == above.depth - 1,
                *_holds(work, child, day, as_of),
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


def _names(work: Work, keys: Sequence[Any], by: str, day: date, as_of: AsOf) -> dict[Any, str]:
    if by == "subject":
        return {key: str(words.SUBJECTS[key]) for key in keys}
    if by != "child":
        return {key: str(KIND_TITLES.get(key, key)) or _("no sector") for key in keys}
    if as_of.restated:
        places = work.host.places.by_ids(work.session, keys, work.today, work.generation)
        return {unit_id: place.name for unit_id, place in places.items()}
    rows = work.session.execute(
        sa.select(UnitVersion.unit_id, UnitVersion.name).where(
            UnitVersion.unit_id.in_(keys),
            valid_on(UnitVersion, day),
            visible(UnitVersion, work.generation),
        )
    )
    return {row.unit_id: row.name for row in rows}


KIND_TITLES = {
    "branch": lazy("Branches (kind)"),
    "group": lazy("Party groups (kind)"),
    "party_org": lazy("Grassroots organisations (kind)"),
    "section_org": lazy("Section organisations (kind)"),
    "commune": lazy("Communes and wards (kind)"),
    "district": lazy("Districts (kind)"),
    "province": lazy("Provinces (kind)"),
    "residential": lazy("Residential areas (sector)"),
    "office": lazy("Offices (sector)"),
    "public_service": lazy("Public services (sector)"),
    "school": lazy("Schools (sector)"),
    "enterprise": lazy("Enterprises (sector)"),
    "military": lazy("Military (sector)"),
    "police": lazy("Police (sector)"),
}


def _line(key: str, name: str, counts: dict[str, int]) -> LevelLine:
    return LevelLine(
        key=key,
        name=name,
        not_rated=counts.get(NONE, 0),
        **{level: counts.get(level, 0) for level in LEVELS},
    )


def years_table(work: Work, years: Sequence[int], subject: str) -> list[YearFigures]:
    """Return the figures of several years as they stand with whoever took over; the newest first.

    They are the restated indicators: what a unit that ended did counts with its heirs.
    """
    if not years or not work.may(SEE_FIGURES):
        return []
    question = Question(
        unit=work.unit,
        period=Period.of_years(min(years), max(years)),
        series=True,
        restated=True,
        subject=subject,
    )
    found: dict[str, dict[str, Number]] = {}
    notes: dict[str, str] = {}
    for figure in evaluate(work, KEYS, question):
        found.setdefault(figure.period, {})[figure.key] = figure.numerator
        notes[figure.period] = notes.get(figure.period) or figure.note
    lines = []
    for year in sorted(years, reverse=True):
        name = f"{year:04}"
        rated, good, excellent = (found.get(name, {}).get(key, 0) for key in KEYS)
        lines.append(YearFigures(year, rated, good, excellent, notes.get(name, "")))
    return lines


def list_results(
    work: Work,
    period: AnyPeriod,
    *,
    subject: str = "member",
    level: str = "",
    as_of: AsOf = TODAY,
    cursor: str = "",
    limit: int = 50,
    also: Sequence[sa.ColumnElement[bool]] = (),
) -> tuple[list[Any], str | None]:
    """List results of this unit and those below by name: (result, name, unit's name, code).

    The units are those of the period's last day, of the day asked for, or those of today with all
    they took over. `also` are further conditions.
    """
    day = standing_day(work, period.last_day, as_of)
    name: Any = Member.full_name if subject in ("member", "leader") else UnitVersion.name
    order: Any = Member.sort_key if subject in ("member", "leader") else UnitVersion.name_sort
    statement = (
        sa.select(Result, name.label("name"), UnitVersion.name.label("unit"), Unit.code,
                  order.label("sort"))
        .select_from(Result)
        .join(Unit, Unit.id == Result.unit_id)
        .join(
            UnitVersion,
            sa.and_(UnitVersion.unit_id == Result.unit_id, valid_on(UnitVersion, day),
                    visible(UnitVersion, work.generation)),
        )
    )  # fmt: skip
    statement, _above = _below(work, statement, Result.unit_id, day, as_of)
    if subject in ("member", "leader"):
        statement = statement.join(Member, Member.id == Result.member_id)
    statement = statement.where(in_period(period), Result.subject_kind == subject, *also)
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
