"""Taking the stored lists of members back with a change of the tree, without comparing them all."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.db import LAST_GENERATION, table_of
from core.members.listing import COLUMNS
from core.members.models import COUNTED, Member, MemberListRow
from core.units.models import UnitScope
from core.work import Work

Ids = Iterable[uuid.UUID]


def is_untouched(work: Work, generation: int, unit_ids: Ids) -> bool:
    """Whether the reach of units is still as a generation left it; else lists are compared."""
    for chunk in chunked(unit_ids):
        later = sa.or_(
            UnitScope.gen_from > generation,
            sa.and_(UnitScope.gen_from == generation, UnitScope.gen_to < LAST_GENERATION),
        )
        statement = sa.select(UnitScope.unit_id).where(UnitScope.unit_id.in_(chunk), later).limit(1)
        if work.session.scalar(statement) is not None:
            return False
    return True


def take_lists_back(work: Work, generation: int, unit_ids: Ids, member_ids: Ids) -> None:
    """Let lists be as before a generation of the tree; call it while its rows are still there.

    Rows of a list come and go with the reach of units, whose rows of that generation tell which:
    nobody who joined, left or moved since is listed where they are not. `member_ids` are those
    whose own home or status is taken back with it; their records are as before already.
    """
    for chunk in chunked(member_ids):
        _take_back_of(work, generation, MemberListRow.member_id.in_(chunk))
    for chunk in chunked(unit_ids):
        _take_back_under(work, generation, chunk)
    work.touch("members")


def _take_back_of(work: Work, generation: int, whose: Any) -> None:
    """Delete the rows that came with a generation and reopen those that went with it."""
    model = MemberListRow
    work.session.execute(_quiet(sa.delete(model).where(whose, model.gen_from == generation)))
    reopened = sa.update(model).where(whose, model.gen_to == generation)
    work.session.execute(_quiet(reopened.values(gen_to=LAST_GENERATION)))


def _take_back_under(work: Work, generation: int, units: list[uuid.UUID]) -> None:
    """Follow the reach of some units back."""
    came = _reach(units, UnitScope.gen_from == generation)
    went = _reach(units, UnitScope.gen_to == generation, UnitScope.gen_from < generation)
    leaving = sa.except_(came, went).subquery("left_again")
    returning = sa.except_(went, came).subquery("back")
    model, key = MemberListRow, _key()
    fresh = (key.in_(_keys_of(leaving)), model.gen_from == generation)
    work.session.execute(_quiet(sa.delete(model).where(*fresh)))
    later = (key.in_(_keys_of(leaving)), model.gen_from > generation)
    seen = sa.update(model).where(*later, model.gen_to == LAST_GENERATION)
    work.session.execute(_quiet(seen.values(gen_to=work.generation)))
    old = (key.in_(_keys_of(returning, counted=True)), model.gen_to == generation)
    work.session.execute(_quiet(sa.update(model).where(*old).values(gen_to=LAST_GENERATION)))
    _add_who_came_since(work, returning)


def _add_who_came_since(work: Work, returning: sa.Subquery) -> None:
    """List under what returns those who have joined since, who were never listed there."""
    model = MemberListRow
    there = sa.exists().where(
        model.ancestor_id == returning.c.ancestor_id,
        model.sort_key == Member.sort_key,
        model.member_id == Member.id,
        model.gen_to == LAST_GENERATION,
    )
    values = (sa.literal(work.generation), sa.literal(LAST_GENERATION), Member.status)
    source = (
        sa.select(returning.c.ancestor_id, Member.sort_key, Member.id, *values)
        .select_from(returning)
        .join(Member, Member.unit_id == returning.c.unit_id)
        .where(*_listed(), ~there)
    )
    work.session.connection().execute(sa.insert(table_of(model)).from_select(COLUMNS, source))


def _key() -> Any:
    model = MemberListRow
    return sa.tuple_(model.ancestor_id, model.sort_key, model.member_id)


def _keys_of(pairs: sa.Subquery, *, counted: bool = False) -> Any:
    """Select the keys of list rows of whoever is at home in these units, under these ancestors."""
    statement = sa.select(pairs.c.ancestor_id, Member.sort_key, Member.id).join_from(
        pairs, Member, Member.unit_id == pairs.c.unit_id
    )
    return statement.where(*_listed()) if counted else statement


def _listed() -> tuple[Any, ...]:
    """Conditions: a member stands in lists."""
    return (
        Member.status.in_(COUNTED),
        Member.voided_at.is_(None),
        Member.merged_into_id.is_(None),
    )


def _reach(units: list[uuid.UUID], *known: Any) -> Any:
    return sa.select(UnitScope.ancestor_id, UnitScope.unit_id).where(
        UnitScope.unit_id.in_(units), *known
    )


def _quiet(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)
