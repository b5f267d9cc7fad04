"""Reverting a plan: every row it wrote is taken back, as if it had never been applied."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from core.chunks import chunked
from core.db import LAST_GENERATION, table_of
from core.errors import InvalidInput, RuleBroken
from core.i18n import _
from core.members.listing import relist_members
from core.members.models import Affiliation, Member, Position
from core.members.relisting import is_untouched, take_lists_back
from core.restructuring.models import Plan
from core.restructuring.permissions import APPLY
from core.restructuring.services.course import require_state
from core.restructuring.services.drafting import (
    access_plan_for_update,
    note_plan,
    read_again,
    require_everywhere,
)
from core.restructuring.services.keeping import drop_trace, read_trace
from core.restructuring.services.obstacles import BY_GENERATION, begun_by, find_obstacles
from core.settings.effective import concerned_by, rebuild_effective
from core.settings.models import EffectiveValue
from core.units.models import TreeChange, Unit
from core.units.reach import mark_untold, reckon_reach
from core.units.tracing import Batch, restore
from core.units.versions import next_generation
from core.work import Work


def obstacles(work: Work, plan: Plan) -> list[str]:
    """Return what stands in the way of reverting a plan; empty where it can be reverted."""
    placed, batches = read_trace(work, plan)
    return find_obstacles(work, plan, placed, batches)


def revert_plan(work: Work, plan: Plan, *, reason: str) -> Plan:
    """Take back everything a plan wrote, as long as nothing was built on it."""
    plan = access_plan_for_update(work, plan)
    require_everywhere(work, plan, APPLY)
    require_state(work, plan, "applied")
    if not reason.strip():
        sentence = _("Write why the plan is reverted.")
        raise InvalidInput(sentence, fields={"reason": [sentence]})
    generation = next_generation(work)
    placed, batches = read_trace(work, plan)
    found = find_obstacles(work, plan, placed, batches)
    if found:
        sentence = _("The plan cannot be reverted: %(reasons)s", reasons=" ".join(found))
        raise RuleBroken(sentence, fields={"obstacles": found})
    begun, stays = begun_by(batches), placed - begun_by(batches)
    _take_back(work, int(plan.generation or 0), placed, begun, batches)
    reckon_reach(work, stays, generation)
    work.session.info.pop("places", None)
    work.hooks.tree_changed(unit_ids=stays)
    relist_members(work, sorted(_members_in(batches)))
    _tell(work, batches)
    plan = read_again(work, plan)
    plan.state, plan.reverted_at, plan.reverted_by = "reverted", work.now, work.actor.label
    plan.revert_reason = reason
    drop_trace(work, plan)
    note_plan(work, plan, "restructuring.reverted", {"reason": reason}, APPLY)
    work.session.flush()
    return plan


def _take_back(
    work: Work,
    generation: int,
    placed: set[uuid.UUID],
    begun: set[uuid.UUID],
    batches: list[Batch],
) -> None:
    """Restore rows that carry no generation, then those of the tree, units last.

    What hangs on the tree follows it back while its rows still tell what the plan changed. Where
    something else changed the reach of these units since, it is reckoned anew afterwards.
    """
    unit = table_of(Unit).name
    restore(work, [batch for batch in batches if batch.table != unit])
    session = work.session
    keys = [spec.key for spec in work.host.settings if spec.in_sql]
    concerned: list[uuid.UUID] | None = None
    if is_untouched(work, generation, placed):
        concerned = concerned_by(work, keys, sorted(placed - begun), generation)
        take_lists_back(work, generation, sorted(placed), sorted(_members_in(batches)))
    else:
        mark_untold(work)
    for model in BY_GENERATION:
        session.execute(_quiet(sa.delete(model).where(model.gen_from == generation)))
        session.execute(
            _quiet(
                sa.update(model).where(model.gen_to == generation).values(gen_to=LAST_GENERATION)
            )
        )
    session.execute(_quiet(sa.delete(TreeChange).where(TreeChange.generation == generation)))
    if concerned is not None:
        rebuild_effective(work, keys, concerned)
    for chunk in chunked(sorted(begun)):
        session.execute(_quiet(sa.delete(EffectiveValue).where(EffectiveValue.unit_id.in_(chunk))))
    restore(work, [batch for batch in batches if batch.table == unit])


def _members_in(batches: list[Batch]) -> set[uuid.UUID]:
    """Return the members of whom a plan changed facts."""
    names = {table_of(model).name for model in (Affiliation, Position)}
    members = {
        uuid.UUID(values["member_id"])
        for batch in batches
        if batch.table in names
        for entry in batch.entries
        for values in (entry.before, entry.after)
        if values and "member_id" in values
    }
    moved = table_of(Member).name
    return members | {uuid.UUID(e.key[0]) for b in batches if b.table == moved for e in b.entries}


def _quiet(statement: sa.Delete | sa.Update) -> sa.Delete | sa.Update:
    return statement.execution_options(synchronize_session=False)


def _tell(work: Work, batches: list[Batch]) -> None:
    """Tell the plugins whose members' facts changed, and all processes that rights did."""
    members = _members_in(batches)
    if members:
        work.hooks.members_changed(member_ids=members)
    work.touch("access")
