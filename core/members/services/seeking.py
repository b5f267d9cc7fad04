"""Looking for people by words of their names, wherever the roots of somebody's rights reach.

Where they reach a good part of the tree, names are read in the order of the list, from an index
that holds all that is asked of them, until a page is full. On PostgreSQL the first ten thousand
only: whoever is not among them is looked for by the index of words. Where the roots reach little,
who fits is looked for first and rights are judged then; a few units are read as they are stored.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import sqlalchemy as sa

from core.db import Key, SortKey, among
from core.members.models import COUNTED, Member
from core.members.services import words
from core.members.services.lines import COLUMNS, FROM_ROOTS, Filters, Narrowing
from core.paging import beyond
from core.units.models import UnitScope
from core.units.places import visible
from core.work import Work

KEPT_SHAPES = 64
NEAR = 10_000
"""So many names are read in order before the index of words is asked.

With 500,000 members that takes 2 ms. A page is full by then where 1,000 people bear the words, or
fewer whose names come early; finding and sorting those took 5 to 45 ms.
"""
GOOD_PART = 10
"""The roots reach a good part where a tenth of all units stands below them."""
FEW_UNITS = 60
"""Of so many units, some 1,500 people, the stored lists are read whole in 6 ms at most."""
KEPT_REACHES = 2_000

GENERATION = sa.bindparam("generation", type_=sa.Integer())
SIZE = sa.bindparam("size", type_=sa.Integer())
MOST = sa.bindparam("most", type_=sa.Integer())
FIRST = sa.bindparam("first", type_=sa.Integer())
START = (sa.bindparam("start_key", type_=SortKey), sa.bindparam("start_id", type_=Key()))
UNSCOPED = f"/* unscoped: {words.LOOKED_FOR_FIRST} */"

Roots = Sequence[tuple[uuid.UUID, bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Who is looked for: below which roots, from where in the list on, how many rows."""

    roots: Roots
    wanted: Filters
    by_card: bool
    start: Sequence[Any] | None
    size: int


@dataclass(frozen=True, slots=True)
class Shape:
    """All that decides the text of a statement."""

    words: int
    by_card: bool
    is_everywhere: bool
    by_status: bool
    by_sector: bool
    goes_on: bool
    is_near: bool = False
    """The first names in order are read before the index of words is asked."""

    def of(self, statement: Any, person: Any) -> Any:
        """Narrow a statement to the people asked for, by the columns of a person."""
        if not self.is_everywhere:
            statement = statement.where(_reached(person.unit_id))
        narrowing = Narrowing(
            generation=GENERATION,
            day=sa.bindparam("day", type_=sa.Date()),
            status=sa.bindparam("status", type_=sa.String()) if self.by_status else None,
            sector=sa.bindparam("sector", type_=sa.String()) if self.by_sector else None,
        )
        return narrowing.of(statement, person.status, person.unit_id)

    def page(self, statement: Any, person: Any, size: Any = SIZE) -> Any:
        """Cut a statement to its first rows after the page before."""
        key = (person.sort_key, person.id)
        if self.goes_on:
            statement = statement.where(beyond(key, START))
        return statement.order_by(*key).limit(size)


def seek(work: Work, sought: Sought) -> Sequence[Any] | None:
    """Read a page of those whose names fit; None where the stored lists are the quicker way."""
    text, reach = sought.wanted.words, _reach(work, sought.roots)
    if reach == "little":
        return None
    is_wide = reach == "much" and not sought.by_card
    by_index = sought.by_card or work.session.get_bind().dialect.name == "postgresql"
    most = words.RARE_AMONG_ALL if is_wide else words.RARE
    shape = _shape(work, sought)
    if by_index and not words.is_common(work, text, most):
        values = _values(work, sought, most)
        rows = work.session.execute(_looked_up(replace(shape, is_near=is_wide)), values).all()
        if rows[0].number <= most:
            return [row[1:] for row in rows if row.id is not None]
        words.remember_common(work, text, most)
    if not is_wide:
        return None
    return work.session.execute(_walked(shape), _values(work, sought, most)).all()


def _reach(work: Work, roots: Roots) -> Literal["much", "some", "little"]:
    """Tell how much of the tree stands below the roots."""
    root = work.session.info["root_id"]
    whole = frozenset(unit_id for unit_id, with_subtree in roots if with_subtree)
    if root in whole:
        return "much"
    below = _units_below(work, whole)
    if GOOD_PART * below >= _units_below(work, frozenset([root])):
        return "much"
    return "little" if below + len(roots) - len(whole) <= FEW_UNITS else "some"


def _units_below(work: Work, whole: frozenset[uuid.UUID]) -> int:
    """Count the units below some roots; remembered while the tree stays the same."""
    known = work.host.places.facts("units below roots", (work.generation, work.today))
    if whole not in known:
        if len(known) >= KEPT_REACHES:
            known.clear()
        counted = sa.select(sa.func.count()).select_from(UnitScope)
        below = (visible(UnitScope, work.generation), UnitScope.ancestor_id.in_(whole))
        known[whole] = work.session.scalar(counted.where(*below))
    return int(known[whole])


def _whole() -> sa.BindParameter[Any]:
    return sa.bindparam("whole", expanding=True, type_=Key())


def _reached(unit_id: Any) -> sa.ColumnElement[bool]:
    """Condition: a unit stands under one of the roots, or is one that counts alone."""
    under = sa.exists().where(
        UnitScope.unit_id == unit_id,
        among(UnitScope.ancestor_id, _whole()),
        visible(UnitScope, GENERATION),
    )
    alone = sa.bindparam("alone", expanding=True, type_=Key())
    return sa.or_(under.correlate_except(UnitScope), among(unit_id, alone))


def _shape(work: Work, sought: Sought) -> Shape:
    """Return what decides the text of the statement."""
    return Shape(
        words=len(words.folded(sought.wanted.words)),
        by_card=sought.by_card,
        is_everywhere=(work.session.info["root_id"], True) in sought.roots,
        by_status=sought.wanted.status in COUNTED,
        by_sector=bool(sought.wanted.sector),
        goes_on=sought.start is not None,
    )


def _values(work: Work, sought: Sought, most: int) -> Mapping[str, Any]:
    """Return what is sent with the statement."""
    start = sought.start or (None, None)
    return {
        **words.sent(sought.wanted.words),
        "generation": work.generation,
        "day": work.today,
        "whole": [unit_id for unit_id, with_subtree in sought.roots if with_subtree],
        "alone": [unit_id for unit_id, with_subtree in sought.roots if not with_subtree],
        "status": sought.wanted.status,
        "sector": sought.wanted.sector,
        "start_key": start[0],
        "start_id": start[1],
        "size": sought.size,
        "most": most,
        "first": NEAR,
    }


def _of_today() -> tuple[sa.ColumnElement[bool], ...]:
    """Conditions: a member of today."""
    return (
        Member.status.in_(COUNTED),
        Member.voided_at.is_(None),
        Member.merged_into_id.is_(None),
    )


@functools.lru_cache(maxsize=KEPT_SHAPES)
def _walked(shape: Shape) -> Any:
    """Return the statement that reads all names in order until a page is full."""
    # SQLite judges in the order of writing, and few names fit.
    judged = (words.fitting(shape.words), *_of_today())
    names = sa.select(Member.id, Member.sort_key).where(*judged).prefix_with(UNSCOPED)
    page = shape.page(shape.of(names, Member), Member).subquery("page")
    shown = sa.select(*COLUMNS, Member.status, Member.unit_id, Member.unit_id)
    shown = shown.join_from(page, Member, Member.id == page.c.id)
    shown = shown.order_by(page.c.sort_key, page.c.id)
    return shown.execution_options(unscoped=FROM_ROOTS)


@functools.lru_cache(maxsize=KEPT_SHAPES)
def _looked_up(shape: Shape) -> Any:
    """Return the statement that finds and counts who fits, and reads a page of them.

    They stay in the database, with what they are judged and sorted by: carrying the keys of 1,800
    people there and back took 15 ms, looking each of them up again 20. What a list shows besides
    is looked up for a page alone: keeping it of 8,400 people took 4 ms.
    """
    fits = words.fitting(shape.words, by_card=shape.by_card)
    judged_by = (Member.id, Member.sort_key, Member.status, Member.unit_id)
    those: Any = sa.select(*judged_by).where(fits, *_of_today())
    near = _near(shape).cte("near").prefix_with("MATERIALIZED") if shape.is_near else None
    full = None if near is None else _count(near, "first_ones")
    if full is not None:
        those = those.where(full < SIZE)
    found = those.prefix_with(UNSCOPED).limit(MOST + 1).cte("found").prefix_with("MATERIALIZED")
    number = _count(found, "how_many")
    page = shape.of(sa.select(found.c.id, found.c.sort_key).where(number <= MOST), found.c)
    page = shape.page(page, found.c)
    if near is not None and full is not None:
        first = sa.select(near.c.id, near.c.sort_key).where(full >= SIZE)
        page = sa.union_all(first, page.subquery("later").select())
    return _shown(number, page.subquery("page"))


def _near(shape: Shape) -> Any:
    """Select a page from the first names in order."""
    row = (Member.id, Member.sort_key, Member.search, Member.status, Member.unit_id)
    names = shape.page(sa.select(*row).where(*_of_today()), Member, FIRST)
    names = names.prefix_with(UNSCOPED).subquery("names")
    fits = words.fitting(shape.words, names.c.search)
    statement = shape.of(sa.select(names.c.id, names.c.sort_key).where(fits), names.c)
    return statement.order_by(names.c.sort_key, names.c.id).limit(SIZE)


def _count(those: Any, name: str) -> sa.ScalarSelect[int]:
    """Count rows once for all who ask."""
    counted = sa.select(sa.func.count().label("number")).select_from(those).cte(name)
    return sa.select(counted.c.number).scalar_subquery()


def _shown(number: sa.ScalarSelect[int], page: Any) -> Any:
    """Select what a list shows of a page, each row behind the number of all; one row if none."""
    counted = sa.select(number.label("number")).subquery("counted")
    return (
        sa.select(counted.c.number, *COLUMNS, Member.status, Member.unit_id, Member.unit_id)
        .select_from(counted.outerjoin(page, sa.true()))
        .outerjoin(Member, Member.id == page.c.id)
        .order_by(page.c.sort_key, page.c.id)
        .execution_options(unscoped=FROM_ROOTS)
    )
