"""Making two records of one person one, and taking that back exactly."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from core.db import Key, table_of
from core.errors import InvalidInput, NotFound, RuleBroken
from core.i18n import _
from core.ledger.recording import plain
from core.members import permissions
from core.members.models import Member, MemberMerge
from core.members.services.facts import (
    ALL,
    CONDITION,
    Fact,
    Held,
    lock_members,
    note,
    read_facts,
    read_member,
    settle,
    write_facts,
)
from core.members.spans import Span, filled, ordered, without
from core.scope import require
from core.units.models import UnitScope
from core.units.places import visible
from core.work import Work

NAME = ("surname", "middle_name", "given_name", "full_name", "sort_key", "search")
CHOSEN: dict[str, tuple[str, ...]] = {
    "full_name": NAME,
    "birth_date": ("birth_date", "birth_precision"),
    "sex": ("sex",),
    "card_no": ("card_no",),
    "record_no": ("record_no",),
    "phone": ("phone",),
    "email": ("email",),
    "admitted_on": ("admitted_on",),
    "official_on": ("official_on",),
}


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge as a list shows it."""

    id: uuid.UUID
    kept_id: uuid.UUID
    kept_name: str
    merged_id: uuid.UUID
    at: datetime
    by: str
    undone_at: datetime | None


def merge_members(
    work: Work,
    kept: Member,
    merged: Member,
    *,
    facts_from: str = "kept",
    fields: Mapping[str, str] | None = None,
) -> MemberMerge:
    """Make two records of one person one.

    Where both say something about the same days, the record `facts_from` names wins (kept or
    merged); elsewhere the histories complete each other. `fields` names for each field of
    `CHOSEN` whose text stays; a field that is empty in one is taken from the other.
    """
    require(work, permissions.MERGE, {kept.unit_id, merged.unit_id})
    if kept.id == merged.id:
        raise RuleBroken(_("This is the same record. Choose two records."))
    if any(m.merged_into_id or m.voided_at for m in (kept, merged)):
        raise RuleBroken(_("One of the records has been merged or voided already."))
    if facts_from not in ("kept", "merged"):
        sentence = _("Choose which record wins.")
        raise InvalidInput(sentence, fields={"facts_from": [sentence]})
    lock_members(work, [kept.id, merged.id])
    moved = {"facts": _merge_facts(work, kept, merged, facts_from)}
    merged.merged_into_id = kept.id
    work.session.flush()  # the card number is free only now
    moved["fields"] = _merge_fields(kept, merged, fields or {})
    merge = MemberMerge(
        kept_id=kept.id, merged_id=merged.id, moved=moved, at=work.now, by=work.actor.label
    )
    work.session.add(merge)
    work.session.flush()
    work.hooks.of_all.members_merged(kept_id=kept.id, merged_id=merged.id)
    note(
        work,
        "merged",
        kept,
        before={"merged": str(merged.id), "name": merged.full_name},
        after={name: pair["after"] for name, pair in moved["fields"].items()},
        permission=permissions.MERGE,
    )
    settle(work, [kept.id, merged.id], rights=True)
    return merge


def _merge_facts(work: Work, kept: Member, merged: Member, facts_from: str) -> dict[str, Any]:
    """Give the kept record both histories; return both sides before, and what was made of them."""
    moved: dict[str, Any] = {}
    for fact in ALL:
        held: Held[Any] = read_facts(work, fact, [kept.id, merged.id])
        before = {str(m.id): _rows(held, m.id) for m in (kept, merged)}
        winner, loser = (kept, merged) if facts_from == "kept" else (merged, kept)
        after = _together(fact, held.of(winner.id), held.of(loser.id))
        write_facts(work, held, {kept.id: after, merged.id: []})
        moved[fact.name] = {"before": before, "after": [plain(asdict(s)) for s in after]}
    return moved


def _together(fact: Fact[Any], winner: Sequence[Any], loser: Sequence[Any]) -> list[Any]:
    """Join two histories; of the loser's only what does not contradict the winner's."""
    if fact.is_single:
        return filled(winner, loser)
    result = [*winner]
    for span in loser:
        rest = [span]
        for one in winner:
            if _same_thing(fact, one, span):
                rest = without(rest, one.valid_from, one.valid_to)
        result.extend(rest)
    return ordered(result)


def _same_thing(fact: Fact[Any], one: Any, other: Any) -> bool:
    """Whether two spans say the same thing: one position in one unit, one condition."""
    if fact is CONDITION:
        return bool(one.kind == other.kind)
    return bool((one.unit_id, one.position) == (other.unit_id, other.position))


def _rows(held: Held[Any], member_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return stored rows with their keys, as JSON carries them."""
    return [
        {"id": str(held.keys[(member_id, span)]), **plain(asdict(span))}
        for span in held.of(member_id)
    ]


def _merge_fields(kept: Member, merged: Member, fields: Mapping[str, str]) -> dict[str, Any]:
    """Take over the chosen fields, and those that are empty in the kept record."""
    moved: dict[str, Any] = {}
    for name, columns in CHOSEN.items():
        mine, theirs = getattr(kept, name), getattr(merged, name)
        wanted = fields.get(name, "kept" if mine not in (None, "") else "merged")
        if wanted != "merged" or theirs in (None, "") or mine == theirs:
            continue
        moved[name] = {
            "before": {c: plain(getattr(kept, c)) for c in columns},
            "after": {c: plain(getattr(merged, c)) for c in columns},
        }
        for column in columns:
            setattr(kept, column, getattr(merged, column))
    return moved


def undo_merge(work: Work, merge_id: uuid.UUID) -> MemberMerge:
    """Take a merge back: both records are again what they were.

    Refused once the kept record's history was changed after the merge, or when it was merged
    further: what came later would be lost.
    """
    merge, kept, merged = _access_merge(work, merge_id)
    require(work, permissions.MERGE, {kept.unit_id, merged.unit_id})
    lock_members(work, [kept.id, merged.id])
    if merge.undone_at is not None:
        raise RuleBroken(_("This merge was taken back already."))
    if kept.merged_into_id or kept.voided_at:
        raise RuleBroken(_("The record was merged or voided later. Take that back first."))
    for fact in ALL:
        _restore_facts(work, fact, merge, kept, merged)
    _restore_fields(kept, merge.moved["fields"])
    work.session.flush()  # gives the card number back before its owner counts again
    merged.merged_into_id = None
    merge.undone_at = work.now
    work.session.flush()
    work.hooks.of_all.members_merged(kept_id=merged.id, merged_id=kept.id)
    note(work, "merge_undone", kept, after={"merged": str(merged.id)}, permission=permissions.MERGE)
    settle(work, [kept.id, merged.id], rights=True)
    return merge


def _access_merge(work: Work, merge_id: uuid.UUID) -> tuple[MemberMerge, Member, Member]:
    """Return a merge with its two records, where the actor may see the kept one."""
    found = work.session.execute(
        sa.select(Member, MemberMerge)
        .select_from(Member)
        .join(MemberMerge, MemberMerge.kept_id == Member.id)
        .where(MemberMerge.id == merge_id)
    ).one_or_none()
    if found is None or not found[1].moved:
        raise NotFound(_("There is no such merge here."))
    return found[1], found[0], read_member(work, found[1].merged_id)


def _restore_facts(
    work: Work, fact: Fact[Any], merge: MemberMerge, kept: Member, merged: Member
) -> None:
    """Put back the rows of one sort with the keys they had."""
    moved = merge.moved["facts"][fact.name]
    held: Held[Any] = read_facts(work, fact, [kept.id, merged.id])
    now = [plain(asdict(span)) for span in held.of(kept.id)]
    if sorted(now, key=str) != sorted(moved["after"], key=str) or held.of(merged.id):
        raise RuleBroken(
            _("The history was changed after the merge. Take those changes back first.")
        )
    write_facts(work, held, {kept.id: []})
    rows = [
        {**_typed(fact, row), "member_id": member.id, **fact.fixed}
        for member in (kept, merged)
        for row in moved["before"][str(member.id)]
    ]
    if rows:
        work.session.execute(sa.insert(fact.model), rows)


def _restore_fields(kept: Member, moved: Mapping[str, Any]) -> None:
    """Put back the fields that still say what the merge wrote."""
    columns = table_of(Member).c
    for pair in moved.values():
        now = {name: plain(getattr(kept, name)) for name in pair["after"]}
        if now == pair["after"]:
            for name, value in pair["before"].items():
                setattr(kept, name, _value(columns[name], value))


def _typed(fact: Fact[Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a row from JSON into values for the database."""
    columns = table_of(fact.model).c
    return {name: _value(columns[name], value) for name, value in row.items()}


def _value(column: sa.Column[Any], value: Any) -> Any:
    """Turn one value from JSON into what its column holds."""
    if value is None:
        return None
    if isinstance(column.type, Key):
        return uuid.UUID(value)
    if isinstance(column.type, sa.Date):
        return date.fromisoformat(value)
    if isinstance(column.type, sa.LargeBinary):
        return bytes.fromhex(value)
    return value


def list_merges(work: Work, limit: int = 50) -> list[Merged]:
    """List the merges of records of this unit and below, the latest first."""
    rows = work.session.execute(
        sa.select(
            MemberMerge.id,
            Member.id,
            Member.full_name,
            MemberMerge.merged_id,
            MemberMerge.at,
            MemberMerge.by,
            MemberMerge.undone_at,
        )
        .select_from(Member)
        .join(MemberMerge, MemberMerge.kept_id == Member.id)
        .join(UnitScope, UnitScope.unit_id == Member.unit_id)
        .where(UnitScope.ancestor_id == work.unit.id, visible(UnitScope, work.generation))
        .order_by(MemberMerge.at.desc(), MemberMerge.id.desc())
        .limit(limit)
    )
    return [Merged(*row) for row in rows]


def preview(one: Span) -> dict[str, Any]:
    """Return a span as plain values, for two columns beside each other."""
    return dict(plain(asdict(one)))
