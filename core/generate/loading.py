"""Writing generated rows into a database: set by set, with the same primitives as any other act."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.db import LAST_GENERATION, new_key, table_of
from core.generate.indexes import by_index
from core.generate.rows import (
    AffiliationRow,
    ConditionRow,
    LineageRow,
    MemberRow,
    PositionRow,
    StatusRow,
    UnitRow,
)
from core.generate.sink import Sink
from core.members.models import (
    COUNTED,
    Affiliation,
    Member,
    MemberCondition,
    MemberListRow,
    MemberStatus,
    Position,
)
from core.members.services.identity import clean_number
from core.names import PersonName, search_key, sort_key
from core.settings.effective import rebuild_effective
from core.units.models import Unit, UnitLineage, UnitScope
from core.units.places import visible
from core.units.reach import reckon_reach
from core.units.versions import VersionFacts, next_generation, write_versions
from core.work import Work

Keys = dict[str, uuid.UUID]


def load_units(work: Work, rows: Iterable[UnitRow], lineage: Iterable[LineageRow]) -> Keys:
    """Write units with all their versions and their lineage; return the keys by code."""
    keys: Keys = dict(work.session.execute(sa.select(Unit.code, Unit.id)).all())
    versions: dict[str, list[UnitRow]] = {}
    for row in rows:
        versions.setdefault(row.code, []).append(row)
    new = {code: new_key() for code in versions if code not in keys}
    sink = Sink(work)
    sink.write(
        Unit, ({"id": key, "code": code, "created_at": work.now} for code, key in new.items())
    )
    keys.update(new)
    generation = next_generation(work)
    sink.write(UnitLineage, (_lineage(row, keys, generation) for row in lineage))
    wanted = {
        keys[code]: [_facts(row, keys) for row in unit_rows] for code, unit_rows in versions.items()
    }
    with by_index(work):
        affected = write_versions(work, wanted)
        reckon_reach(work, affected, generation)
        specs = [spec.key for spec in work.host.settings if spec.in_sql]
        rebuild_effective(work, specs, affected)
    return keys


def _facts(row: UnitRow, keys: Mapping[str, uuid.UUID]) -> VersionFacts:
    """Return the facts of a generated version."""
    return VersionFacts(
        name=row.name,
        kind=row.kind,
        parent_id=keys[row.parent_code],
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        sector=row.sector,
        is_grassroots=row.is_grassroots,
        term_months=row.term_months,
        decision_no=row.decision_no,
        decision_date=row.decision_date,
    )


def _lineage(row: LineageRow, keys: Mapping[str, uuid.UUID], generation: int) -> dict[str, Any]:
    """Return the stored row of a descent; the main successor is the whole one."""
    return {
        "id": new_key(),
        "predecessor_id": keys[row.predecessor],
        "successor_id": keys[row.successor],
        "on": row.on,
        "share_part": row.share.numerator if row.share is not None else None,
        "share_whole": row.share.denominator if row.share is not None else None,
        "is_main": row.share is not None and row.share == 1,
        "kind": row.kind,
        "decision_no": row.decision_no,
        "gen_from": generation,
        "gen_to": LAST_GENERATION,
    }


def load_members(
    work: Work,
    keys: Keys,
    members: Sequence[MemberRow],
    statuses: Iterable[StatusRow],
    affiliations: Iterable[AffiliationRow],
) -> Keys:
    """Write people with their statuses and affiliations; return their keys."""
    people: Keys = {row.key: new_key() for row in members}
    affiliations, statuses = list(affiliations), list(statuses)
    homes = {
        row.member_key: keys[row.unit_code]
        for row in sorted(affiliations, key=lambda r: r.valid_from)
        if row.kind == "home" and row.valid_from <= work.today
    }
    now = {
        row.member_key: row.status
        for row in sorted(statuses, key=lambda r: r.valid_from)
        if row.valid_from <= work.today
    }
    sink = Sink(work)
    sink.write(
        Member,
        (
            member_row(work, row, people[row.key], homes[row.key], now.get(row.key, "probationary"))
            for row in members
        ),
    )
    sink.write(MemberStatus, (status_row(row, people[row.member_key]) for row in statuses))
    sink.write(
        Affiliation,
        (affiliation_row(row, people[row.member_key], keys[row.unit_code]) for row in affiliations),
    )
    fill_member_list(work)
    return people


def member_row(
    work: Work, row: MemberRow, key: uuid.UUID, home: uuid.UUID, status: str
) -> dict[str, Any]:
    """Return the stored row of a generated person."""
    name = PersonName(row.surname, row.middle_name, row.given_name)
    return {
        "id": key,
        "unit_id": home,
        "surname": row.surname,
        "middle_name": row.middle_name,
        "given_name": row.given_name,
        "full_name": name.full,
        "sort_key": sort_key(name),
        "search": search_key(name.full),
        "birth_date": row.birth_date,
        "birth_precision": row.birth_precision,
        "sex": row.sex,
        "card_no": row.card_no or None,
        "record_no": clean_number(row.record_no),
        "phone": row.phone,
        "admitted_on": row.admitted_on,
        "official_on": row.official_on,
        "status": status,
        "created_at": work.now,
    }


def status_row(row: StatusRow, member_id: uuid.UUID) -> dict[str, Any]:
    """Return the stored row of a status."""
    return {
        "id": new_key(),
        "member_id": member_id,
        "status": row.status,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "reason": row.reason,
    }


def affiliation_row(
    row: AffiliationRow, member_id: uuid.UUID, unit_id: uuid.UUID
) -> dict[str, Any]:
    """Return the stored row of an affiliation."""
    return {
        "id": new_key(),
        "member_id": member_id,
        "unit_id": unit_id,
        "kind": row.kind,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }


def position_row(row: PositionRow, member_id: uuid.UUID, unit_id: uuid.UUID) -> dict[str, Any]:
    """Return the stored row of a position."""
    return {
        "id": new_key(),
        "member_id": member_id,
        "unit_id": unit_id,
        "position": row.position,
        "how": row.how,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "decision_no": row.decision_no,
    }


def fill_member_list(work: Work, *, is_empty: bool = False) -> None:
    """Write the whole stored list of today's members in one statement.

    `is_empty` says that nobody is on it yet, so that nobody is looked up there.
    """
    model = table_of(MemberListRow)
    unknown = () if is_empty else (~sa.exists().where(MemberListRow.member_id == Member.id),)
    source = (
        sa.select(
            UnitScope.ancestor_id,
            Member.sort_key,
            Member.id,
            sa.literal(work.generation),
            sa.literal(LAST_GENERATION),
            Member.status,
        )
        .join(UnitScope, UnitScope.unit_id == Member.unit_id)
        .where(
            Member.status.in_(COUNTED),
            Member.voided_at.is_(None),
            Member.merged_into_id.is_(None),
            visible(UnitScope, work.generation),
            *unknown,
        )
    )
    columns = ["ancestor_id", "sort_key", "member_id", "gen_from", "gen_to", "status"]
    work.session.connection().execute(sa.insert(model).from_select(columns, source))
    work.touch("members")


def load_positions(
    work: Work,
    keys: Keys,
    people: Keys,
    positions: Iterable[PositionRow],
    conditions: Iterable[ConditionRow],
) -> None:
    """Write posts and conditions of people."""
    sink = Sink(work)
    sink.write(
        Position,
        (position_row(row, people[row.member_key], keys[row.unit_code]) for row in positions),
    )
    sink.write(
        MemberCondition,
        (
            {
                "id": new_key(),
                "member_id": people[row.member_key],
                "kind": row.kind,
                "valid_from": row.valid_from,
                "valid_to": row.valid_to,
                "next_contact_on": row.next_contact_on,
            }
            for row in conditions
        ),
    )
    work.touch("access")
