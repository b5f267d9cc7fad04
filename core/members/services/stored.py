"""Today's list from the stored one: of one root by its index, of several roots put together.

A statement is built once for all lists of its shape, and what a list is of is sent with it:
building it took longer than the database took to read the page. Roots never overlap
(`core.scope.roots_for`) and a member is listed once below each unit, so nobody comes twice.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from core.db import Key, SortKey
from core.members.models import COUNTED, Member, MemberListRow
from core.members.services.lines import COLUMNS, FROM_ROOTS, Filters, Narrowing
from core.members.services.words import fitting, folded, sent
from core.paging import beyond
from core.units.places import visible
from core.work import Work

KEPT_SHAPES = 64
READ = Member.search + sa.literal_column("''", sa.String())
"""Names as no index holds them: that of words, asked once for each of twenty roots, took 0.3 s."""
BEYOND_ALL = b"\xff" * 161
"""Comes after every sort key: those have no more than 160 bytes."""

GENERATION = sa.bindparam("generation", type_=sa.Integer())
SIZE = sa.bindparam("size", type_=sa.Integer())
SHARE = sa.bindparam("share", type_=sa.Integer())
START = (sa.bindparam("start_key", type_=SortKey), sa.bindparam("start_id", type_=Key()))

Roots = Sequence[tuple[uuid.UUID, bool]]
Keys = tuple[Any, tuple[Any, Any]]
"""A statement of one root, and the two columns of its order."""


@dataclass(frozen=True, slots=True)
class Shape:
    """All that decides the text of a list's statement.

    `whole` and `alone` count the roots with all below them and those without; as arrays, whose
    length is no part of a text, they count one.
    """

    whole: int
    alone: int
    as_arrays: bool
    goes_on: bool
    is_bounded: bool
    by_status: bool
    by_sector: bool
    words: int
    by_card: bool

    @property
    def narrowing(self) -> Narrowing:
        """What the list is narrowed to, by the names of what is sent."""
        return Narrowing(
            generation=GENERATION,
            day=sa.bindparam("day", type_=sa.Date()),
            status=sa.bindparam("status", type_=sa.String()) if self.by_status else None,
            sector=sa.bindparam("sector", type_=sa.String()) if self.by_sector else None,
            named=fitting(self.words, READ, by_card=self.by_card) if self.words else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A page of today's list: whose, narrowed to what, from where on, how many rows."""

    roots: Roots
    wanted: Filters
    by_card: bool
    start: Sequence[Any] | None
    size: int


def read_stored(
    work: Work, asked: Asked, seen: sa.ColumnElement[bool] | None = None
) -> Sequence[Any]:
    """Read a page; `seen` narrows the list of one root to the rows that may be seen."""
    shape = _shape(asked, as_arrays=work.session.get_bind().dialect.name == "postgresql")
    statement = _page(shape) if seen is None else _page_of_one(shape, seen)
    return work.session.execute(statement, _values(work, asked, shape)).all()


def _shape(asked: Asked, *, as_arrays: bool) -> Shape:
    """Return what decides the text."""
    whole = sum(with_subtree for _root, with_subtree in asked.roots)
    alone = len(asked.roots) - whole
    as_arrays = as_arrays and (whole, alone) != (1, 0)
    return Shape(
        whole=min(whole, 1) if as_arrays else whole,
        alone=min(alone, 1) if as_arrays else alone,
        as_arrays=as_arrays,
        goes_on=asked.start is not None,
        is_bounded=as_arrays and 2 * _share(asked) < asked.size,
        by_status=asked.wanted.status in COUNTED,
        by_sector=bool(asked.wanted.sector),
        words=len(folded(asked.wanted.words)),
        by_card=asked.by_card,
    )


def _share(asked: Asked) -> int:
    """Return how many rows of each root tell how far a page can reach: its part of it and two."""
    return asked.size // len(asked.roots) + 2


def _values(work: Work, asked: Asked, shape: Shape) -> dict[str, Any]:
    """Return what is sent with the statement."""
    start = asked.start or (None, None)
    whole = [root for root, with_subtree in asked.roots if with_subtree]
    alone = [root for root, with_subtree in asked.roots if not with_subtree]
    values = {
        "generation": work.generation,
        "day": work.today,
        "status": asked.wanted.status,
        "sector": asked.wanted.sector,
        "start_key": start[0],
        "start_id": start[1],
        "size": asked.size,
        "share": _share(asked),
        **sent(asked.wanted.words),
    }
    if shape.as_arrays:
        return values | {"whole": whole, "alone": alone}
    for name, roots in (("whole", whole), ("alone", alone)):
        values |= {f"{name}_{number}": root for number, root in enumerate(roots)}
    return values


@functools.lru_cache(maxsize=KEPT_SHAPES)
def _page(shape: Shape) -> Any:
    """Return the statement of a page, built once for its shape."""
    if (shape.whole, shape.alone) == (1, 0) and not shape.as_arrays:
        return _page_of_one(shape)
    found = (_by_arrays(shape) if shape.as_arrays else _by_union(shape)).subquery("listed")
    statement = sa.select(*COLUMNS, Member.status, Member.unit_id, Member.unit_id).join_from(
        found, Member, Member.id == found.c.m
    )
    statement = statement.order_by(found.c.k, found.c.m).limit(SIZE)
    return statement.execution_options(unscoped=FROM_ROOTS)


def _page_of_one(shape: Shape, seen: sa.ColumnElement[bool] | None = None) -> Any:
    """Return the statement of a page of one root with all below it."""
    row = MemberListRow
    statement = (
        sa.select(*COLUMNS, row.status, Member.unit_id, Member.unit_id)
        .select_from(row)
        .join(Member, Member.id == row.member_id)
        .where(row.ancestor_id == _named("whole", 0), visible(row, GENERATION))
    )
    statement = shape.narrowing.of(statement, row.status, Member.unit_id)
    statement = statement if seen is None else statement.where(seen)
    statement = _first((statement, (row.sort_key, row.member_id)), shape, SIZE)
    return statement.execution_options(unscoped=FROM_ROOTS)


def _named(name: str, number: int) -> sa.BindParameter[uuid.UUID]:
    """Return a root under the name by which it is sent."""
    return sa.bindparam(f"{name}_{number}", type_=Key())


def _first(keys: Keys, shape: Shape, size: Any) -> Any:
    """Cut a statement to its first rows after the page before."""
    statement, key = keys
    if shape.goes_on:
        statement = statement.where(beyond(key, START))
    return statement.order_by(*key).limit(size)


def _keys_below(shape: Shape, root: Any) -> Keys:
    """Select where the members of a root and below it stand in its stored list."""
    row = MemberListRow
    statement: Any = sa.select(row.sort_key.label("k"), row.member_id.label("m")).where(
        row.ancestor_id == root, visible(row, GENERATION)
    )
    if shape.words or shape.by_sector:
        statement = statement.join(Member, Member.id == row.member_id)
    statement = shape.narrowing.of(statement, row.status, Member.unit_id)
    return statement, (row.sort_key, row.member_id)


def _keys_at(shape: Shape, root: Any) -> Keys:
    """Select where the members of one unit, without what is below it, stand in its list."""
    statement = sa.select(Member.sort_key.label("k"), Member.id.label("m")).where(
        Member.unit_id == root,
        Member.status.in_(COUNTED),
        Member.voided_at.is_(None),
        Member.merged_into_id.is_(None),
    )
    statement = shape.narrowing.of(statement, Member.status, Member.unit_id)
    return statement, (Member.sort_key, Member.id)


def _by_union(shape: Shape) -> Any:
    """Put the first rows of each root together as so many lists, which SQLite plans in no time."""
    keys = [_keys_below(shape, _named("whole", number)) for number in range(shape.whole)]
    keys += [_keys_at(shape, _named("alone", number)) for number in range(shape.alone)]
    return sa.union_all(*(_first(one, shape, SIZE).subquery().select() for one in keys))


def _by_arrays(shape: Shape) -> Any:
    """Put the first rows of each root together, with the roots as arrays.

    PostgreSQL takes 7 ms to plan a UNION of 34 lists, this 0.2. A few rows of each root tell how
    far a page can reach, and no root is read beyond: of 34 lists 280 rows instead of 1,700.
    """
    if not shape.is_bounded:
        return _of_each(shape, SIZE)
    few = _of_each(shape, SHARE).cte("few").prefix_with("MATERIALIZED")
    last = sa.select(few.c.k).order_by(few.c.k, few.c.m).offset(SIZE - 1).limit(1)
    furthest = sa.func.coalesce(
        sa.select(last.cte("last").c.k).scalar_subquery(),
        sa.literal(BEYOND_ALL, SortKey),
        type_=SortKey,
    )
    return _of_each(shape, SIZE, furthest)


def _of_each(shape: Shape, size: Any, furthest: Any = None) -> Any:
    """Select the first rows of each root, up to a place in the list where one is named."""
    selects = []
    for name, count, keys_of in (
        ("whole", shape.whole, _keys_below),
        ("alone", shape.alone, _keys_at),
    ):
        if count:
            those = sa.bindparam(name, type_=ARRAY(Key()))
            root = sa.func.unnest(those).table_valued(sa.column("id", Key()), name="root")
            root = root.render_derived()
            statement, key = keys_of(shape, root.c.id)
            if furthest is not None:
                statement = statement.where(key[0] <= furthest)
            rows = _first((statement, key), shape, size).lateral("rows")
            found = sa.select(rows.c.k, rows.c.m).prefix_with(f"/* unscoped: {FROM_ROOTS} */")
            selects.append(found.select_from(root.join(rows, sa.true())))
    return selects[0] if len(selects) == 1 else sa.union_all(*selects)
