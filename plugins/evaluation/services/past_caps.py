"""Imported results over a cap: past results are facts, so what does not fit is said, not refused.

Groups are those of the rules that held on the period's last day, in the tree of that day. What a
campaign decided here is not looked at: there the caps hold, or a document allows more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.i18n import _
from core.settings import value
from core.units.models import UnitAncestor, UnitVersion
from core.units.places import valid_on, visible
from core.work import Work

from ..models import Result
from . import words
from .caps import allowed, share_words
from .rated_periods import RatedPeriod
from .results import in_period, tree_day

OVER = "groups over a cap at a unit where the right to see results is held"


@dataclass(frozen=True, slots=True)
class OverCap:
    """A group of imported results with more excellent ones than the rule of its time allowed."""

    unit: str
    subject_kind: str
    scope: str
    base: int
    room: int
    excellent: int
    sentence: str


def over_caps(work: Work, period: RatedPeriod) -> list[OverCap]:
    """Return the groups here and below that are over a cap in a period; one statement."""
    rules = [
        rule for rule in value(work, "evaluation.caps", on=period.last_day)
        if rule["scope"] != "campaign"
    ]  # fmt: skip
    if not rules:
        return []
    parts = [_counts(work, period, number, rule) for number, rule in enumerate(rules)]
    groups = sa.union_all(*parts).subquery("groups")
    rows = work.session.execute(sa.select(groups).execution_options(unscoped=OVER))
    found = [_judged(rules[row.rule], row) for row in rows]
    return sorted((one for one in found if one is not None), key=lambda one: (one.unit, one.scope))


def _counts(work: Work, period: RatedPeriod, number: int, rule: Mapping[str, Any]) -> Any:
    """Select for each group of a rule how many are rated, good and excellent."""
    day = tree_day(work, period.last_day)
    here, group = sa.orm.aliased(UnitAncestor), sa.orm.aliased(UnitVersion)
    own = sa.orm.aliased(UnitVersion)
    statement: Any = (
        sa.select(
            sa.literal(number).label("rule"),
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


def _judged(rule: Mapping[str, Any], row: Any) -> OverCap | None:
    """Say what a group has beyond its rule; nothing when it fits."""
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
    return OverCap(row.unit, rule["subject"], rule["scope"], base, room, excellent, sentence)
