"""Applying a plan: everything in one transaction under one generation, set by set, recorded."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.chunks import chunked
from core.db import LAST_GENERATION, new_key
from core.errors import RuleBroken
from core.i18n import _, format_day
from core.restructuring.models import Plan
from core.restructuring.outcome import Outcome
from core.restructuring.permissions import APPLY
from core.restructuring.services.course import require_state
from core.restructuring.services.drafting import (
    access_plan_for_update,
    content_of,
    read_again,
    require_everywhere,
)
from core.restructuring.services.examining import Content, Examination, examine
from core.restructuring.services.handing_on import take_in_hand
from core.restructuring.services.keeping import keep_trace
from core.restructuring.services.moving import Mover
from core.restructuring.services.people import count_members, sources_of
from core.restructuring.services.regranting import give_rights, rights_to_give
from core.restructuring.services.rights import end_rights
from core.rows import insert_rows
from core.units.models import TreeChange, Unit, UnitLineage
from core.units.rehoming import Obligation, Rehoming
from core.units.tracing import Recorder
from core.units.versions import next_generation, write_versions
from core.work import Work


def apply_plan(work: Work, plan: Plan) -> Plan:
    """Apply an approved plan whose day has come; refused with the reasons where something is amiss.

    Readers see the old tree until the transaction ends, then the new one.
    """
    plan = access_plan_for_update(work, plan)
    require_everywhere(work, plan, APPLY)
    require_state(work, plan, "approved")
    if plan.effective_on > work.today:
        raise RuleBroken(
            _(
                "The plan is for %(day)s; it is applied by itself on that day.",
                day=format_day(plan.effective_on),
            )
        )
    take_in_hand(work, plan)
    generation = next_generation(work)
    content = content_of(work, plan)
    found = examine(work, content, with_impact=False)
    if found.problems:
        raise RuleBroken(
            _("The plan cannot be applied: %(reasons)s", reasons=" ".join(found.sentences))
        )
    recorder, affected = _write(work, plan, content, found, generation)
    plan.state, plan.generation = "applied", generation
    plan.applied_at, plan.applied_by, plan.refusal = work.now, work.actor.label, ""
    plan.checks = {**(plan.checks or {}), **found.as_json(with_impact=False)}
    keep_trace(work, plan, recorder, affected)
    work.session.flush()
    return plan


def _write(
    work: Work, plan: Plan, content: Content, found: Examination, generation: int
) -> tuple[Recorder, set[uuid.UUID]]:
    """Write the tree, then everything that follows it, then check that nothing was lost."""
    outcome, recorder = found.outcome, Recorder(work)
    heads = _heads(work, outcome, content)
    concerned = _concerned(outcome, content)
    open_before = open_work(work, concerned)
    affected = _write_tree(work, plan, outcome, recorder, generation)
    mover = Mover(work, outcome, content.assigned, recorder, plan.decision_no)
    mover.run()
    going_on = rights_to_give(work, plan, outcome)
    end_rights(work, outcome, recorder)
    give_rights(work, plan, going_on, recorder)
    work.hooks.tree_changed(unit_ids=affected)
    hooks = work.hooks.of_all
    hooks.units_replaced(rehoming=_rehoming(work, outcome, mover, recorder))
    if mover.moved:
        work.hooks.members_changed(member_ids=set(mover.moved) | mover.lapsed)
    if _heads(work, outcome, content) != heads:
        raise RuleBroken(_("Members would get lost or be counted twice; nothing was changed."))
    _check_open_work(work, outcome, concerned, open_before)
    _record(work, read_again(work, plan), found, mover)
    return recorder, affected


def _write_tree(
    work: Work, plan: Plan, outcome: Outcome, recorder: Recorder, generation: int
) -> set[uuid.UUID]:
    """Write new units, lineage, versions and the tree's own history; return whose place changed."""
    new = [
        {"id": unit_id, "code": code, "created_at": work.now}
        for code, unit_id in outcome.begun.items()
    ]
    recorder.insert(Unit, new)
    lineage = [
        {
            "id": new_key(),
            "predecessor_id": descent.predecessor,
            "successor_id": descent.successor,
            "on": outcome.on,
            "share_part": descent.share.numerator if descent.share is not None else None,
            "share_whole": descent.share.denominator if descent.share is not None else None,
            "is_main": descent.is_main,
            "kind": descent.kind,
            "decision_no": plan.decision_no,
            "gen_from": generation,
            "gen_to": LAST_GENERATION,
        }
        for descent in outcome.descents
    ]
    if lineage:
        work.session.execute(sa.insert(UnitLineage), lineage)
    affected = write_versions(work, outcome.versions)
    _write_history(work, plan, outcome, generation)
    return affected


def _write_history(work: Work, plan: Plan, outcome: Outcome, generation: int) -> None:
    """Write the plan's operations into the tree's own history."""
    for changes in chunked(outcome.changes):
        history = [
            {
                "id": new_key(),
                "generation": generation,
                "unit_id": change.unit_id,
                "operation": change.kind,
                "on": outcome.on,
                "decision_no": plan.decision_no,
                "decision_date": plan.decision_date,
                "reason": change.reason,
                "actor": work.actor.label,
                "at": work.now,
            }
            for change in changes
        ]
        insert_rows(work.session, TreeChange, history)


def _rehoming(work: Work, outcome: Outcome, mover: Mover, recorder: Recorder) -> Rehoming:
    """Return what plugins need in order to let their open things follow."""
    heirs = {
        unit_id: heir for unit_id in outcome.ended if (heir := outcome.heir(unit_id)) is not None
    }
    elsewhere = {
        member_id: unit_id
        for member_id, unit_id in mover.moved.items()
        if member_id in mover.assigned.members
    }
    return Rehoming(work, outcome.on, heirs, elsewhere, recorder)


def _concerned(outcome: Outcome, content: Content) -> set[uuid.UUID]:
    """Return ended units, those who take over, and those to which people are assigned."""
    units = set(outcome.ended) | {d.successor for d in outcome.descents} | sources_of(outcome)
    return units | {outcome.ids[code] for code in content.assigned.members.values()}


def obligations_at(work: Work, units: set[uuid.UUID]) -> list[Obligation]:
    """Ask every loaded plugin what is open in units, wherever it is on."""
    hooks = work.hooks.of_all
    return list(hooks.obligations(unit_ids=units))


def open_work(work: Work, units: Iterable[uuid.UUID]) -> Counter[tuple[str, uuid.UUID]]:
    """Count what is open by sort and unit, as every plugin tells."""
    counts: Counter[tuple[str, uuid.UUID]] = Counter()
    for one in obligations_at(work, set(units)):
        counts[(one.kind, one.unit_id)] += one.count
    return counts


def _heads(work: Work, outcome: Outcome, content: Content) -> int:
    """Count the members at home in the units concerned, today and on the plan's day."""
    units = _concerned(outcome, content)
    return sum(count_members(work, units, day) for day in (outcome.on, work.today))


def _check_open_work(
    work: Work,
    outcome: Outcome,
    concerned: Iterable[uuid.UUID],
    open_before: Counter[tuple[str, uuid.UUID]],
) -> None:
    """Refuse the act where an open obligation would get lost or be there twice."""
    open_after = open_work(work, concerned)
    left = sorted({kind for kind, unit_id in open_after if unit_id in outcome.ended})
    if left or _by_kind(open_before) != _by_kind(open_after):
        raise RuleBroken(
            _(
                "Open work (%(kinds)s) would be left in a unit that ends; nothing was changed. "
                "Settle it there first.",
                kinds=", ".join(left or sorted(_by_kind(open_before))),
            )
        )


def _by_kind(counts: Mapping[tuple[str, uuid.UUID], int]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for (kind, _unit), number in counts.items():
        found[kind] += number
    return {kind: number for kind, number in found.items() if number}


def _record(work: Work, plan: Plan, found: Examination, mover: Mover) -> None:
    """Tell the ledger: the plan as a whole, and every unit that begins, ends or changes."""
    outcome = found.outcome
    about = ledger.About("plan", plan.id, plan.title, plan.unit_id)
    after: dict[str, Any] = {
        "decision_no": plan.decision_no,
        "effective_on": plan.effective_on,
        "units": len(outcome.changes),
        "members": sorted(str(one) for one in mover.moved),
        **(plan.checks or {}).get("impact", {}),
    }
    ledger.record(work, "restructuring.applied", about, after=after, permission=APPLY)
    for change in outcome.changes:
        if change.follows:
            continue
        facts = change.after or change.before
        ledger.record(
            work,
            f"units.{change.kind}",
            ledger.About("unit", change.unit_id, facts.name if facts else "", change.unit_id),
            before=asdict(change.before) if change.before else None,
            after=asdict(change.after) if change.after else None,
            permission=APPLY,
        )
