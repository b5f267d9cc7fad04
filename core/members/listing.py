"""Keeping the stored list of today's members true: after a person or the tree changed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.db import LAST_GENERATION, table_of
from core.members.models import COUNTED, Affiliation, Member, MemberListRow, MemberStatus
from core.units.models import UnitScope
from core.units.places import chunked, valid_on, visible
from core.work import Work


def refresh_members(work: Work, member_ids: Iterable[uuid.UUID]) -> None:
    """Write today's home, status and list rows of members; four statements for up to a chunk."""
    for chunk in chunked(set(member_ids)):
        _write_today(work, chunk)
        _write_rows(work, chunk)


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
            gone.append({"b_a": key[0], "b_s": key[1], "b_m": key[2], "b_g": row.gen_from})
    _end_rows(work, gone)
    if wanted:
        work.session.execute(sa.insert(model), list(wanted.values()))
    if wanted or gone:
        work.touch("members")


def add_rows(work: Work, member_ids: Iterable[uuid.UUID]) -> None:
    """Write the list rows of members who were never listed; two statements for up to a chunk."""
    for chunk in chunked(member_ids):
        rows = wanted_rows(work, chunk)
        if rows:
            work.session.execute(sa.insert(MemberListRow), rows)
            work.touch("members")


def _end_rows(work: Work, gone: list[dict[str, Any]]) -> None:
    """Take rows away; under a new generation of the tree, readers of the old one keep them."""
    if not gone:
        return
    table = table_of(MemberListRow)
    key = sa.and_(
        table.c.ancestor_id == sa.bindparam("b_a"),
        table.c.sort_key == sa.bindparam("b_s"),
        table.c.member_id == sa.bindparam("b_m"),
        table.c.gen_from == sa.bindparam("b_g"),
    )
    generation = work.session.info.get("tree_generation")
    connection = work.session.connection()
    old = [row for row in gone if generation is not None and row["b_g"] < generation]
    fresh = [row for row in gone if generation is None or row["b_g"] >= generation]
    if old:
        connection.execute(sa.update(table).where(key).values(gen_to=generation), old)
    if fresh:
        connection.execute(sa.delete(table).where(key), fresh)


def wanted_rows(work: Work, ids: Iterable[uuid.UUID]) -> list[dict[str, Any]]:
    """Return the list rows members should have today."""
    return [
        {
            "ancestor_id": row.ancestor_id,
            "sort_key": row.sort_key,
            "member_id": row.id,
            "gen_from": work.generation,
            "gen_to": LAST_GENERATION,
            "status": row.status,
        }
        for row in work.session.execute(
            sa.select(UnitScope.ancestor_id, Member.sort_key, Member.id, Member.status)
            .join(UnitScope, UnitScope.unit_id == Member.unit_id)
            .where(
                Member.id.in_(list(ids)),
                Member.status.in_(COUNTED),
                Member.voided_at.is_(None),
                Member.merged_into_id.is_(None),
                visible(UnitScope, work.generation),
            )
            .execution_options(unscoped="keeping the stored list of members")
        )
    ]


def refresh_units(work: Work, unit_ids: Iterable[uuid.UUID]) -> None:
    """Write the list rows of all members whose home stands in these units, where they differ.

    Three statements for up to a chunk of units, however many members they have: a reform moves
    millions of rows in one act.
    """
    for chunk in chunked(unit_ids):
        _end_rows_of(work, chunk)
        _add_rows_of(work, chunk)
    work.touch("members")


def _wanted_in(work: Work, unit_ids: list[uuid.UUID]) -> Any:
    """Select the rows that members of units should have: under which unit, order, who, status."""
    return (
        sa.select(UnitScope.ancestor_id, Member.sort_key, Member.id, Member.status)
        .select_from(Member)
        .join(UnitScope, UnitScope.unit_id == Member.unit_id)
        .where(
            Member.unit_id.in_(unit_ids),
            Member.status.in_(COUNTED),
            Member.voided_at.is_(None),
            Member.merged_into_id.is_(None),
            visible(UnitScope, work.generation),
        )
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
    wanted = _wanted_in(work, unit_ids)

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
    missing = sa.except_(_wanted_in(work, unit_ids), _stored_in(work, unit_ids)).subquery("missing")
    source = sa.select(
        missing.c.ancestor_id,
        missing.c.sort_key,
        missing.c.id,
        sa.literal(work.generation),
        sa.literal(LAST_GENERATION),
        missing.c.status,
    )
    columns = ["ancestor_id", "sort_key", "member_id", "gen_from", "gen_to", "status"]
    table = table_of(MemberListRow)
    work.session.connection().execute(sa.insert(table).from_select(columns, source))


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


__all__ = ["add_rows", "refresh_members", "refresh_units", "roll_due", "valid_on", "wanted_rows"]
