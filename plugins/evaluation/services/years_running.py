"""Years running: who had a level in each of some years, wherever they stood, for awards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from core.periods import Period
from core.settings import value
from core.units.covering import TODAY, AsOf
from core.units.models import UnitLineage
from core.units.places import visible
from core.work import Work

from ..models import Result
from .results import list_results
from .shapes import Running, YearLevel


def award_years(work: Work) -> int:
    """Return how many years running of “excellent” an award needs here."""
    return int(value(work, "evaluation.award_years"))


def years_running(
    work: Work,
    last_year: int,
    years: int,
    *,
    subject: str = "member",
    level: str = "excellent",
    as_of: AsOf = TODAY,
    cursor: str = "",
    limit: int = 50,
) -> tuple[list[Running], str | None]:
    """Return who had a level in each of some years running: a page by name, and the next cursor.

    Members keep their results through transfers; units keep theirs through lineage when they
    went over whole into one heir.
    """
    keys = [f"{year:04}" for year in range(last_year - years + 1, last_year + 1)]
    are_people = subject in ("member", "leader")
    rows, following = list_results(
        work,
        Period.of_year(last_year),
        subject=subject,
        level=level,
        as_of=as_of,
        cursor=cursor,
        limit=limit,
        also=(_people if are_people else _units)(work, keys, subject, level),
    )
    levels = [YearLevel(int(key), level) for key in keys]
    return [Running(row.Result.subject_id, row.name, row.unit, levels) for row in rows], following


def _people(
    _work: Work, keys: Sequence[str], subject: str, level: str
) -> list[sa.ColumnElement[bool]]:
    """Return the condition for each earlier year: the same person had the level, anywhere."""
    then = sa.orm.aliased(Result)
    return [
        sa.exists().where(then.subject_id == Result.subject_id, *_had(then, [key], subject, level))
        for key in keys[:-1]
    ]


def _had(then: Any, keys: Sequence[str], subject: str, level: str) -> list[Any]:
    """Conditions: a current result of one of these years has the level."""
    return [
        then.subject_kind == subject,
        then.period_kind == "year",
        then.period_key.in_(keys),
        then.is_current.is_(True),
        then.level == level,
    ]


def _units(
    work: Work, keys: Sequence[str], subject: str, level: str
) -> list[sa.ColumnElement[bool]]:
    """Return the condition: the unit and those that went over into its heir had it in all years."""
    then, ends = sa.orm.aliased(Result), _ends(work)
    # `nesting` keeps the WITH inside, so that the statement still begins with its mark.
    had = (
        sa.select(
            then.subject_id,
            then.period_key,
            sa.func.coalesce(ends.c.heir_id, then.subject_id).label("heir_id"),
        )
        .outerjoin(ends, ends.c.unit_id == then.subject_id)
        .where(*_had(then, keys, subject, level))
        .cte("had", nesting=True)
    )
    in_all = (
        sa.select(had.c.heir_id)
        .group_by(had.c.heir_id)
        .having(sa.func.count(had.c.period_key.distinct()) == len(keys))
    )
    found = sa.select(had.c.subject_id).where(had.c.heir_id.in_(in_all))
    return [Result.subject_id.in_(found.add_cte(had, nest_here=True))]


def _ends(work: Work) -> Any:
    """Select who became, in the end, each unit that went over whole into one other."""
    chain: Any = _whole(work, "first").cte("chain", recursive=True, nesting=True)
    later = _whole(work, "later").subquery("later")
    chain = chain.union(  # a link that was there is not followed again, so that circles end
        sa.select(chain.c.unit_id, later.c.heir_id).join(later, later.c.unit_id == chain.c.heir_id)
    )
    goes_on = _whole(work, "next").subquery("next")
    return (
        sa.select(chain.c.unit_id, chain.c.heir_id)
        .where(~sa.exists().where(goes_on.c.unit_id == chain.c.heir_id))
        .subquery("ends")
    )


def _whole(work: Work, name: str) -> Any:
    """Select the units that went over into one other, and into which."""
    line = sa.orm.aliased(UnitLineage, name=name)
    other = sa.orm.aliased(UnitLineage, name=f"{name}_other")
    return sa.select(
        line.predecessor_id.label("unit_id"), line.successor_id.label("heir_id")
    ).where(
        line.on <= work.today,
        visible(line, work.generation),
        ~sa.exists().where(
            other.predecessor_id == line.predecessor_id,
            other.id != line.id,
            other.on <= work.today,
            visible(other, work.generation),
        ),
    )
