"""Where facts count: their units in the tree of a day, or whoever took them over; within rights."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.indicators.lineage import heirs_on, parts_of
from core.indicators.question import Question
from core.scope import reached
from core.units.models import UnitAncestor, UnitVersion
from core.units.places import valid_on, visible
from core.work import Work

Near = Sequence[uuid.UUID] | None
"""The units whose facts can count, where they are few enough to be named."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Facts joined to where they stand: what to group by, which of them count, how much of each.

    `weight` is None where everything stands as a whole; `known_by` tells how parts are known.
    """

    source: Any
    group: Any
    permitted: sa.ColumnElement[bool]
    is_known: sa.ColumnElement[bool]
    known_by: sa.ColumnElement[int]
    weight: tuple[sa.ColumnElement[bool], sa.ColumnElement[float]] | None = None

    def of(self, fact: Any) -> Any:
        """Return how much of a fact stands here."""
        if self.weight is None:
            return fact
        is_whole, part = self.weight
        return sa.case((is_whole, sa.cast(fact, sa.Double())), else_=fact * part)


@dataclass(frozen=True, slots=True)
class Spots:
    """Where each unit's facts stand on a day: one part of a statement, for all figures in it."""

    rows: sa.CTE
    is_followed: bool
    is_divided: bool
    is_grouped: bool

    def of(self, facts: sa.Subquery) -> Spot:
        """Join facts to where they stand."""
        spots = self.rows.c
        source = facts.join(self.rows, spots.unit_id == facts.c.unit_id)
        group = spots.grouped if self.is_grouped else sa.null()
        permitted = spots.permitted == 1
        if not self.is_followed:
            return Spot(source, group, permitted, sa.true(), sa.literal_column("0"))
        is_whole = spots.inside == spots.parts
        return Spot(
            source,
            group,
            permitted,
            sa.or_(is_whole, spots.unknown == 0),
            sa.case((is_whole, 0), (spots.unknown == 1, 0), else_=spots.known_by),
            (is_whole, spots.weight) if self.is_divided else None,
        )


def standing(work: Work, permission: str, question: Question, day: date, near: Near) -> Spots:
    """Let facts stand where their own unit stood on the day."""
    own = sa.orm.aliased(UnitAncestor, name="own")
    alive = (own.depth == 0, valid_on(own, day), visible(own, work.generation))
    source, group = _below(work, question, own, own.unit_id, day)
    permitted = _permitted(work, permission, question, own.unit_id, day)
    rows = (
        sa.select(
            own.unit_id, group.label("grouped"), sa.case((permitted, 1), else_=0).label("permitted")
        )
        .select_from(source)
        .where(*alive)
    )
    if near is not None:
        rows = rows.where(own.unit_id.in_(near))
    return Spots(rows.cte(), is_followed=False, is_divided=False, is_grouped=bool(question.by))


def followed(
    work: Work, permission: str, question: Question, day: date, until: date, near: Near
) -> Spots:
    """Let facts stand where their unit, or whoever took it over by `until`, stands on the day.

    What a divided unit did is counted whole where all its parts stand together. Where only some
    stand, it is counted by where its people went, or by declared shares; where neither is known,
    it is not counted.
    """
    parts = parts_of(work, day)
    heirs = heirs_on(work, day, until, parts)
    source, group = _below(work, question, heirs, heirs.c.heir_id, day)
    permitted = _permitted(work, permission, question, heirs.c.heir_id, day)
    landed = sa.select(
        heirs.c.unit_id,
        group.label("grouped"),
        sa.func.count().label("inside"),
        sa.func.max(heirs.c.parts).label("parts"),
        sa.func.min(sa.case((permitted, 1), else_=0)).label("permitted"),
        sa.func.sum(heirs.c.weight).label("weight"),
        sa.func.max(heirs.c.unknown).label("unknown"),
        sa.func.max(heirs.c.known_by).label("known_by"),
    ).select_from(source)
    if near is not None:
        landed = landed.where(heirs.c.unit_id.in_(near))
    keys = (heirs.c.unit_id, group) if question.by else (heirs.c.unit_id,)
    rows = landed.group_by(*keys).cte()
    return Spots(rows, is_followed=True, is_divided=bool(parts), is_grouped=bool(question.by))


def _below(work: Work, question: Question, source: Any, unit_id: Any, day: date) -> tuple[Any, Any]:
    """Join the asked unit above a unit, on the day; return the source and what to group by."""
    above = sa.orm.aliased(UnitAncestor, name="above")
    joined = sa.orm.join(
        source,
        above,
        sa.and_(
            above.unit_id == unit_id,
            above.ancestor_id == question.unit.id,
            valid_on(above, day),
            visible(above, work.generation),
        ),
    )
    return _grouped(work, question, joined, unit_id, above, day)


def _grouped(
    work: Work,
    question: Question,
    source: Any,
    unit_id: sa.ColumnElement[uuid.UUID],
    above: Any,
    day: date,
) -> tuple[Any, sa.ColumnElement[Any]]:
    """Join what the groups and the filters need; return the source and what to group by."""
    group: Any = sa.null()
    if question.by == "child":
        child = sa.orm.aliased(UnitAncestor, name="child")
        source = source.outerjoin(
            child,
            sa.and_(
                child.unit_id == unit_id,
                child.depth == above.depth - 1,
                valid_on(child, day),
                visible(child, work.generation),
            ),
        )
        group = sa.func.coalesce(child.ancestor_id, above.ancestor_id, type_=child.ancestor_id.type)
    if question.by == "level" or question.kind or question.grassroots is not None:
        version = sa.orm.aliased(UnitVersion, name="version")
        joined = [
            version.unit_id == unit_id,
            valid_on(version, day),
            visible(version, work.generation),
        ]
        if question.kind:
            joined.append(version.kind == question.kind)
        if question.grassroots is not None:
            joined.append(version.is_grassroots.is_(question.grassroots))
        source = source.join(version, sa.and_(*joined))
        group = version.kind if question.by == "level" else group
    return source, group


def _permitted(
    work: Work, permission: str, question: Question, unit_id: Any, day: date
) -> sa.ColumnElement[bool]:
    """Condition: today's rights reach the unit; a past day shows no more than they do."""
    whole = work.actor.roots_below(permission, question.unit) is None
    if whole and day == work.today:
        return sa.true()
    condition = reached(work, permission, unit_id)
    return sa.true() if condition is None else condition
