"""Imported results over a cap: past results are facts, so what does not fit is said, not refused.

Groups are those of the rules that held on the period's last day, in the tree of that day. What a
campaign decided here is not looked at: there the caps hold, or a document allows more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.i18n import _
from core.periods import Period
from core.settings import value
from core.units.models import UnitAncestor, UnitVersion
from core.units.places import valid_on, visible
from core.work import Work

from ..models import Result
from . import words
from .caps import allowed, share_words
from .rated_periods import RatedPeriod, of_calendar
from .results import in_period, tree_day
from .shapes import Key

OVER = "groups over a cap at a unit where the right to see results is held"


@dataclass(frozen=True, slots=True)
class OverCap:
    """A group of imported results with more excellent ones than the rule of its time allowed."""

    unit_id: Key
    unit: str
    period: RatedPeriod
    subject_kind: str
    scope: str
    base: int
    room: int
    excellent: int
    sentence: str


def over_caps(work: Work, *periods: RatedPeriod) -> list[OverCap]:
    """Return the groups here and below that are over a cap in some periods; one statement."""
    rules = [
        (period, rule)
        for period in periods
        for rule in value(work, "evaluation.caps", on=period.last_day)
        if rule["scope"] != "campaign"
    ]
    if not rules:
        return []
    parts = [_counts(work, period, number, rule) for number, (period, rule) in enumerate(rules)]
    groups = sa.union_all(*parts).subquery("groups")
    rows = work.session.execute(sa.select(groups).execution_options(unscoped=OVER))
    found = [_judged(rules[row.rule], row) for row in rows]
    return sorted(
        (one for one in found if one is not None),
        key=lambda one: (one.period.start, one.unit, one.scope),
    )


def remark_on(work: Work, topics: Iterable[Any]) -> list[str]:
    """Say which groups a file leaves over a cap; `topics` are the periods and units it rates."""
    units: dict[str, set[Key]] = {}
    for period_key, unit_id in topics:
        units.setdefault(period_key, set()).add(unit_id)
    above = _above(work, set().union(*units.values()))
    touched = {
        key: set().union(*(above.get(one, set()) for one in listed))
        for key, listed in units.items()
    }
    periods = [of_calendar(Period.parse(key)) for key in sorted(units)]
    return [
        f"{one.period.chip}: {one.sentence}."
        for one in over_caps(work, *periods)
        if one.unit_id in touched[one.period.key]
    ]


def _above(work: Work, unit_ids: Iterable[Key]) -> dict[Key, set[Key]]:
    """Return which units ever stood above units, themselves included."""
    found: dict[Key, set[Key]] = {}
    for chunk in chunked(unit_ids):
        rows = work.session.execute(
            sa.select(UnitAncestor.unit_id, UnitAncestor.ancestor_id).where(
                UnitAncestor.unit_id.in_(chunk), visible(UnitAncestor, work.generation)
            )
        )
        for unit_id, ancestor_id in rows:
            found.setdefault(unit_id, set()).add(ancestor_id)
    return found


def _counts(work: Work, period: RatedPeriod, number: int, rule: Mapping[str, Any]) -> Any:
    """Select for each group of a rule how many are rated, good and excellent."""
    day = tree_day(work, period.last_day)
    here, group = sa.orm.aliased(UnitAncestor), sa.orm.aliased(UnitVersion)
    own = sa.orm.aliased(UnitVersion)
    statement: Any = (
        sa.select(
            sa.literal(number).label("rule"),
            group.unit_id.label("unit_id"),
            group.name.label("unit"),
            *(_how_many(Result.level == level).label(level) for level in ("good", "excellent")),
            sa.func.count().label("rated"),
        )
        .select_from(Result)
        .join(here, _of_unit(work, here, Result.unit_id, day))
        .join(own, _version(work, own, Result.unit_id, day))
        .where(
            in_period(period),
            Result.review_id.is_(None),
            Result.level.is_not(None),
            Result.subject_kind == rule["subject"],
            here.ancestor_id == work.unit.id,
        )
    )
    if rule["scope"] == "grassroots_org":
        above = sa.orm.aliased(UnitAncestor)
        statement = (
            statement.join(above, _of_unit(work, above, Result.unit_id, day))
            .join(group, _version(work, group, above.ancestor_id, day))
            .where(group.is_grassroots.is_(True))
        )
        return statement.group_by(group.unit_id, group.name)
    statement = statement.join(group, _version(work, group, own.parent_id, day))
    peers = (own.kind, own.sector) if rule["scope"] == "peer_group" else ()
    return statement.group_by(group.unit_id, group.name, *peers)


def _how_many(condition: Any) -> Any:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _of_unit(work: Work, above: Any, unit_id: Any, day: Any) -> Any:
    held = (valid_on(above, day), visible(above, work.generation))
    return sa.and_(above.unit_id == unit_id, *held)


def _version(work: Work, version: Any, unit_id: Any, day: Any) -> Any:
    held = (valid_on(version, day), visible(version, work.generation))
    return sa.and_(version.unit_id == unit_id, *held)


def _judged(held: tuple[RatedPeriod, Mapping[str, Any]], row: Any) -> OverCap | None:
    """Say what a group has beyond its rule; nothing when it fits."""
    period, rule = held
    good, excellent = int(row.good), int(row.excellent)
    bases = {"good_only": good, "all_rated": row.rated}
    base, share = bases.get(rule["base"], good + excellent), round(rule["percent"] * 100)
    room = allowed(base, share, rule["rounding"])
    if excellent <= room:
        return None
    sentence = _(
        "%(subjects)s of %(unit)s, %(scope)s: %(excellent)s excellent, at most %(share)s of"
        " %(base)s = %(room)s",
        subjects=words.SUBJECTS[rule["subject"]],
        unit=row.unit,
        scope=words.SCOPES[rule["scope"]],
        excellent=excellent,
        share=share_words(share),
        base=base,
        room=room,
    )
    return OverCap(
        row.unit_id,
        row.unit,
        period,
        rule["subject"],
        rule["scope"],
        base,
        room,
        excellent,
        sentence,
    )
