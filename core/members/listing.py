"""Keeping the stored list of today's members true: after a person or the tree changed."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.db import LAST_GENERATION, among, table_of
from core.members.models import COUNTED, Affiliation, Member, MemberListRow, MemberStatus
from core.rows import insert_rows
from core.units.ending import end_rows
from core.units.holding import hold_tree
from core.units.models import UnitScope
from core.units.places import valid_on, visible
from core.units.reach import is_told, mark_untold
from core.work import Work

SUBJECT = "members' lists"
WANTED = ("ancestor_id", "sort_key", "member_id", "status")
COLUMNS = ["ancestor_id", "sort_key", "member_id", "gen_from", "gen_to", "status"]


def refresh_members(work: Work, member_ids: Iterable[uuid.UUID]) -> None:
    """Write today's home, status and list rows of members; four statements for up to a chunk."""
    hold_tree(work)
    for chunk in chunked(set(member_ids)):
        _write_today(work, chunk)
        _write_rows(work, chunk)
        work.touch("members")  # what is told of the past may have changed, though no list has


def _write_today(work: Work, ids: list[uuid.UUID]) -> None:
    """Copy today's home unit and status (or the last ones) onto the member."""
    home = (
        sa.select(Affiliation.unit_id)
        .where(
            Affiliation.member_id == Member.id,
            Affiliation.kind == "home",
            Affiliation.valid_from <= work.today,
        )
        .order_by(Affiliation.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )
    status = (
        sa.select(MemberStatus.status)
        .where(MemberStatus.member_id == Member.id, MemberStatus.valid_from <= work.today)
        .order_by(MemberStatus.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )
    work.session.execute(
        sa.update(Member)
        .where(Member.id.in_(ids))
        .values(
            unit_id=sa.func.coalesce(home, Member.unit_id),
            status=sa.func.coalesce(status, Member.status),
            # Whoever holds an older revision learns that the facts have changed.
            revision=Member.revision + 1,
        )
        .execution_options(synchronize_session=False)
    )


def _write_rows(work: Work, ids: list[uuid.UUID]) -> None:
    """Replace the list rows of members whose place, order or status changed."""
    rows = wanted_rows(work, ids)
    wanted = {(row["ancestor_id"], row["sort_key"], row["member_id"]): row for row in rows}
    gone: list[dict[str, Any]] = []
    model = MemberListRow
    for row in work.session.execute(
        sa.select(
            model.ancestor_id, model.sort_key, model.member_id, model.gen_from, model.status
        ).where(model.member_id.in_(ids), visible(model, work.generation))
    ):
        key = (row.ancestor_id, row.sort_key, row.member_id)
        if key in wanted and wanted[key]["status"] == row.status:
            del wanted[key]
        else:
            names = ("ancestor_id", "sort_key", "member_id")
            gone.append({**dict(zip(names, key, strict=True)), "gen_from": row.gen_from})
    end_rows(work, table_of(model), gone, work.session.info.get("tree_generation"))
    insert_rows(work.session, model, list(wanted.values()))
    if wanted or gone:
        mark_untold(work, SUBJECT)
        work.touch("members")


def relist_members(work: Work, member_ids: Iterable[uuid.UUID]) -> None:
    """Write the list rows of members where they differ; their records stay as they are."""
    for chunk in chunked(member_ids):
        _write_rows(work, chunk)


def add_rows(work: Work, member_ids: Iterable[uuid.UUID]) -> None:
    """Write the list rows of members who were never listed; one statement for up to a chunk."""
    hold_tree(work)
    connection = work.session.connection()
    for chunk in chunked(member_ids):
        connection.execute(_adding(), {"ids": chunk, "generation": work.generation})
        mark_untold(work, SUBJECT)
        work.touch("members")


def wanted_rows(work: Work, ids: Iterable[uuid.UUID]) -> list[dict[str, Any]]:
    """Return the list rows members should have today."""
    span = {"gen_from": work.generation, "gen_to": LAST_GENERATION}
    rows = work.session.execute(_reading(), {"ids": list(ids), "generation": work.generation})
    return [{**dict(zip(WANTED, row, strict=True)), **span} for row in rows]


@functools.cache
def _reading() -> Any:
    """Return the select of the rows some members should have, built once."""
    whose = among(Member.id, sa.bindparam("ids", expanding=True))
    wanted = _wanted(sa.bindparam("generation"), whose)
    return wanted.execution_options(unscoped="keeping the stored list of members")


@functools.cache
def _adding() -> Any:
    """Return the statement that adds the rows of some members, built once."""
    source = _reading().add_columns(
        sa.bindparam("generation", type_=sa.Integer()), sa.literal(LAST_GENERATION)
    )
    names = [*WANTED, "gen_from", "gen_to"]
    return sa.insert(table_of(MemberListRow)).from_select(names, source)


def _wanted(generation: int | sa.BindParameter[Any], whose: sa.ColumnElement[bool]) -> Any:
    """Select the rows that members should have: under which unit, order, who, status."""
    return (
        sa.select(UnitScope.ancestor_id, Member.sort_key, Member.id, Member.status)
        .select_from(Member)
        .join(UnitScope, UnitScope.unit_id == Member.unit_id)
        .where(
            whose,
            Member.status.in_(COUNTED),
            Member.voided_at.is_(None),
            Member.merged_into_id.is_(None),
            visible(UnitScope, generation),
        )
    )


def refresh_units(work: Work, unit_ids: Iterable[uuid.UUID]) -> None:
    """Write the list rows of all members whose home stands in these units, where they differ.

    A few statements for up to a chunk of units, however many members they have: a reform moves
    millions of rows in one act. What differs is told by the reach of the units, which has rows of
    this very generation where it changed; where this work has listed anybody under it before, the
    lists themselves are compared, which reads all of them instead of what changes.
    """
    told = is_told(work, SUBJECT)
    for chunk in chunked(unit_ids):
        if told:
            _follow_reach(work, chunk)
        else:
            _end_rows_of(work, chunk)
            _add_rows_of(work, chunk)
    work.touch("members")


def _follow_reach(work: Work, unit_ids: list[uuid.UUID]) -> None:
    """End the rows under units that no longer reach the members' home, add those that now do."""
    model, generation = MemberListRow, work.generation
    before = _reach(unit_ids, UnitScope.gen_to == generation, UnitScope.gen_from < generation)
    after = _reach(unit_ids, UnitScope.gen_from == generation)
    lost = sa.except_(before, after).subquery("lost")
    gained = sa.except_(after, before).subquery("gained")
    gone = sa.select(lost.c.ancestor_id, Member.sort_key, Member.id)
    key = sa.tuple_(model.ancestor_id, model.sort_key, model.member_id)
    work.session.execute(
        sa.update(model)
        .where(
            key.in_(gone.join_from(lost, Member, Member.unit_id == lost.c.unit_id)),
            visible(model, generation),
        )
        .values(gen_to=generation)
        .execution_options(synchronize_session=False)
    )
    values = (sa.literal(generation), sa.literal(LAST_GENERATION), Member.status)
    source = (
        sa.select(gained.c.ancestor_id, Member.sort_key, Member.id, *values)
        .select_from(gained)
        .join(Member, Member.unit_id == gained.c.unit_id)
        .where(
            Member.status.in_(COUNTED),
            Member.voided_at.is_(None),
            Member.merged_into_id.is_(None),
        )
    )
    work.session.connection().execute(sa.insert(table_of(model)).from_select(COLUMNS, source))


def _reach(unit_ids: list[uuid.UUID], *known: sa.ColumnElement[bool]) -> Any:
    """Select through whom units are reached by rows of certain generations."""
    return sa.select(UnitScope.ancestor_id, UnitScope.unit_id).where(
        UnitScope.unit_id.in_(unit_ids), *known
    )


def _stored_in(work: Work, unit_ids: list[uuid.UUID], *more: Any) -> Any:
    """Select the rows that members of units have."""
    model = MemberListRow
    return (
        sa.select(model.ancestor_id, model.sort_key, model.member_id, model.status)
        .select_from(Member)
        .join(model, model.member_id == Member.id)
        .where(Member.unit_id.in_(unit_ids), visible(model, work.generation), *more)
    )


def _end_rows_of(work: Work, unit_ids: list[uuid.UUID]) -> None:
    """Take away the rows of members of units that should not be there.

    What is compared, here and when adding, is two sets: EXCEPT leaves PostgreSQL no choice of a
    plan, while a NOT EXISTS took from half a second to ten seconds for a chunk of one reform.
    """
    model, generation = MemberListRow, work.session.info.get("tree_generation")
    key = sa.tuple_(model.ancestor_id, model.sort_key, model.member_id)
    wanted = _wanted(work.generation, Member.unit_id.in_(unit_ids))

    def wrong(*age: Any) -> list[Any]:
        gone = sa.except_(_stored_in(work, unit_ids, *age), wanted).subquery("gone")
        named = sa.select(gone.c.ancestor_id, gone.c.sort_key, gone.c.member_id)
        return [key.in_(named), visible(model, work.generation), *age]

    if generation is not None:
        work.session.execute(
            sa.update(model)
            .where(*wrong(model.gen_from < generation))
            .values(gen_to=generation)
            .execution_options(synchronize_session=False)
        )
    fresh = wrong() if generation is None else wrong(model.gen_from >= generation)
    work.session.execute(
        sa.delete(model).where(*fresh).execution_options(synchronize_session=False)
    )


def _add_rows_of(work: Work, unit_ids: list[uuid.UUID]) -> None:
    """Add the rows of members of units that are missing."""
    wanted = _wanted(work.generation, Member.unit_id.in_(unit_ids))
    missing = sa.except_(wanted, _stored_in(work, unit_ids)).subquery("missing")
    source = sa.select(
        missing.c.ancestor_id,
        missing.c.sort_key,
        missing.c.id,
        sa.literal(work.generation),
        sa.literal(LAST_GENERATION),
        missing.c.status,
    )
    table = table_of(MemberListRow)
    work.session.connection().execute(sa.insert(table).from_select(COLUMNS, source))


def roll_due(work: Work, since: date) -> int:
    """Bring members up to date whose dated facts began or ended since a day; return how many."""
    days = sa.or_
    due: set[uuid.UUID] = set()
    for model in (Affiliation, MemberStatus):
        due.update(
            work.session.scalars(
                sa.select(model.member_id).where(
                    days(
                        model.valid_from.between(since, work.today),
                        model.valid_to.between(since, work.today),
                    )
                )
            )
        )
    refresh_members(work, due)
    return len(due)


__all__ = [
    "add_rows",
    "refresh_members",
    "refresh_units",
    "relist_members",
    "roll_due",
    "valid_on",
    "wanted_rows",
]
