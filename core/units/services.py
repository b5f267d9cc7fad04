"""What can be done with one unit: establish, rename, convert, transfer, end, correct, void."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.db import new_key
from core.errors import InvalidInput, RuleBroken
from core.i18n import _
from core.periods import EVER, OPEN
from core.units.models import TreeChange, Unit, UnitKind, UnitKindRule, UnitLineage, UnitVersion
from core.units.places import Place, visible
from core.units.reach import reckon_reach
from core.units.versions import (
    VersionFacts,
    facts_of,
    next_generation,
    stored_versions,
    write_versions,
)
from core.work import Work

CODE = re.compile(r"[A-Za-z0-9._-]{1,40}")


@dataclass(frozen=True, slots=True)
class Decision:
    """The document by which something is done to a unit."""

    no: str = ""
    day: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Successor:
    """A unit that takes over, with its share; None where the share is not known."""

    unit_id: uuid.UUID
    share: Fraction | None = Fraction(1)
    is_main: bool = True


NO_DECISION = Decision()


def establish_unit(
    work: Work, *, code: str, on: date = EVER, facts: VersionFacts, decision: Decision = NO_DECISION
) -> Unit:
    """Establish a unit under a parent from a day on; its code is new and is never used again."""
    if not CODE.fullmatch(code):
        raise InvalidInput(
            _("A code has letters without marks, digits, dots, hyphens; at most 40."),
            fields={
                "code": [_("A code has letters without marks, digits, dots, hyphens; at most 40.")]
            },
        )
    if work.session.scalar(sa.select(Unit.id).where(Unit.code == code)) is not None:
        raise RuleBroken(_("The code %(code)s is taken; choose another.", code=code))
    unit = Unit(id=new_key(), code=code, created_at=work.now)
    work.session.add(unit)
    work.session.flush()
    first = replace(
        facts, valid_from=on, valid_to=OPEN, decision_no=decision.no, decision_date=decision.day
    )
    check_kind_under(work, first.kind, first.parent_id, on)
    affected = write_versions(work, {unit.id: [first]})
    note_change(work, "establish", unit.id, on, decision, after=first)
    work.hooks.tree_changed(unit_ids=affected)
    return unit


def check_kind_under(work: Work, kind: str, parent_id: uuid.UUID | None, on: date) -> None:
    """Refuse a kind that may not stand under the parent's kind of that day."""
    if parent_id is None:
        return
    parent_kind = work.session.scalar(
        sa.select(UnitVersion.kind)
        .where(
            UnitVersion.unit_id == parent_id,
            visible(UnitVersion, work.generation),
            UnitVersion.valid_from <= max(on, EVER),
            UnitVersion.valid_to > on,
        )
        .limit(1)
    )
    allowed = work.session.scalar(
        sa.select(UnitKindRule.child_kind).where(
            UnitKindRule.parent_kind == parent_kind, UnitKindRule.child_kind == kind
        )
    )
    if parent_kind is not None and allowed is None:
        titles: dict[str, str] = dict(
            work.session.execute(sa.select(UnitKind.key, UnitKind.title)).all()
        )
        raise RuleBroken(
            _(
                "A unit of kind “%(child)s” cannot stand under one of kind “%(parent)s”. "
                "Choose another parent or another kind.",
                child=titles.get(kind, kind),
                parent=titles.get(parent_kind, parent_kind),
            )
        )


def change_unit(
    work: Work, unit_id: uuid.UUID, on: date, operation: str, decision: Decision, **changes: Any
) -> None:
    """Change facts of a unit from a day on; later versions follow where they agreed before."""
    versions = [facts_of(version) for version in stored_versions(work, [unit_id]).get(unit_id, [])]
    current = next((f for f in versions if f.valid_from <= on < f.valid_to), None)
    if current is None:
        raise RuleBroken(_("The unit is not there on that day. Choose a day on which it exists."))
    stamped = {**changes, "decision_no": decision.no, "decision_date": decision.day}
    result: list[VersionFacts] = []
    for facts in versions:
        if facts.valid_to <= on:
            result.append(facts)
        elif facts is current:
            if facts.valid_from < on:
                result.append(replace(facts, valid_to=on))
            result.append(replace(facts, valid_from=max(on, facts.valid_from), **stamped))
        else:
            follows = {k: v for k, v in changes.items() if getattr(facts, k) == getattr(current, k)}
            result.append(replace(facts, **follows))
    affected = write_versions(work, {unit_id: result})
    after = replace(current, valid_from=on, **changes)
    note_change(work, operation, unit_id, on, decision, before=current, after=after)
    work.hooks.tree_changed(unit_ids=affected)


def rename_unit(
    work: Work, place: Place, *, name: str, on: date, decision: Decision = NO_DECISION
) -> None:
    """Give a unit another name from a day on."""
    change_unit(work, place.id, on, "rename", decision, name=name)


def convert_unit(
    work: Work, place: Place, *, kind: str, on: date, decision: Decision = NO_DECISION, **facts: Any
) -> None:
    """Make a unit another kind from a day on, for example a branch into a party organisation."""
    check_kind_under(work, kind, place.parent_id, on)
    change_unit(work, place.id, on, "convert", decision, kind=kind, **facts)


def transfer_unit(
    work: Work, place: Place, *, parent: Place, on: date, decision: Decision = NO_DECISION
) -> None:
    """Put a unit with everything below it under another parent from a day on."""
    check_kind_under(work, place.kind, parent.id, on)
    change_unit(work, place.id, on, "transfer", decision, parent_id=parent.id)


def terminate_unit(
    work: Work,
    place: Place,
    *,
    on: date,
    successors: Sequence[Successor] = (),
    decision: Decision = NO_DECISION,
    operation: str = "terminate",
) -> None:
    """End a unit; `on` is the first day on which it is no more. It needs successors or a reason.

    Objections come from whoever still has something there: members, posts, open work.
    """
    if not successors and not decision.reason:
        raise RuleBroken(_("Name the unit that takes over, or write the reason why there is none."))
    versions = [
        facts_of(version) for version in stored_versions(work, [place.id]).get(place.id, [])
    ]
    kept = [replace(f, valid_to=min(f.valid_to, on)) for f in versions if f.valid_from < on]
    if not kept:
        raise RuleBroken(_("The unit begins only after that day; void it instead of ending it."))
    add_lineage(work, place.id, successors, on=on, kind=operation, decision=decision)
    work.hooks.check_unit_ending(unit_id=place.id, on=on)
    affected = write_versions(work, {place.id: kept})
    note_change(work, operation, place.id, on, decision, before=versions[-1])
    work.hooks.tree_changed(unit_ids=affected)


def add_lineage(
    work: Work,
    predecessor_id: uuid.UUID,
    successors: Sequence[Successor],
    *,
    on: date,
    kind: str,
    decision: Decision = NO_DECISION,
) -> None:
    """Write from which unit units came."""
    generation = next_generation(work)
    for successor in successors:
        work.session.add(
            UnitLineage(
                predecessor_id=predecessor_id,
                successor_id=successor.unit_id,
                on=on,
                share_part=successor.share.numerator if successor.share is not None else None,
                share_whole=successor.share.denominator if successor.share is not None else None,
                is_main=successor.is_main,
                kind=kind,
                decision_no=decision.no,
                gen_from=generation,
            )
        )
    work.session.flush()
    if successors:
        reckon_reach(work, {predecessor_id}, generation)
        work.session.info.pop("places", None)


def correct_version(
    work: Work,
    unit_id: uuid.UUID,
    versions: Sequence[VersionFacts],
    decision: Decision = NO_DECISION,
) -> None:
    """Put right what was written about a unit; the old belief stays readable by its generation."""
    before = stored_versions(work, [unit_id]).get(unit_id, [])
    affected = write_versions(work, {unit_id: versions})
    old = facts_of(before[-1]) if before else None
    note_change(work, "correct", unit_id, work.today, decision, before=old, after=versions[-1])
    work.hooks.tree_changed(unit_ids=affected)


def void_unit(work: Work, place: Place, *, reason: str) -> None:
    """Void a unit made by mistake on which nothing was built; its code stays used."""
    if not reason.strip():
        raise InvalidInput(
            _("Write why it was a mistake."), fields={"reason": [_("Write why it was a mistake.")]}
        )
    below = work.session.scalar(
        sa.select(sa.func.count())
        .select_from(UnitVersion)
        .where(UnitVersion.parent_id == place.id, visible(UnitVersion, work.generation))
    )
    if below:
        raise RuleBroken(
            _("Other units stand or stood under this one; it cannot be voided, end it.")
        )
    work.hooks.check_unit_voiding(unit_id=place.id)
    write_versions(work, {place.id: []})
    work.session.execute(
        sa.update(Unit).where(Unit.id == place.id).values(voided_at=work.now, void_reason=reason)
    )
    note_change(work, "void", place.id, work.today, Decision(reason=reason))
    work.hooks.tree_changed(unit_ids={place.id})


def note_change(
    work: Work,
    operation: str,
    unit_id: uuid.UUID,
    on: date,
    decision: Decision,
    *,
    before: VersionFacts | None = None,
    after: VersionFacts | None = None,
) -> None:
    """Write the operation into the tree's own history and into the ledger."""
    work.session.add(
        TreeChange(
            generation=next_generation(work),
            unit_id=unit_id,
            operation=operation,
            on=on,
            decision_no=decision.no,
            decision_date=decision.day,
            reason=decision.reason,
            actor=work.actor.label,
            at=work.now,
        )
    )
    facts = after or before
    ledger.record(
        work,
        f"units.{operation}",
        ledger.About("unit", unit_id, facts.name if facts else "", unit_id),
        before=_spoken(before),
        after=_spoken(after),
    )


def _spoken(facts: VersionFacts | None) -> dict[str, Any] | None:
    """Return the facts for the ledger."""
    return {name: getattr(facts, name) for name in VersionFacts.__slots__} if facts else None
