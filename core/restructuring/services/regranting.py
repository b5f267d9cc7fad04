"""New rights for those that end with a plan: proposed, chosen by whoever approves, then given.

Nothing is given by itself. What is chosen is kept with the approval (`Plan.checks["given"]`) and is
gone with it: a plan that is changed or sent back must be approved, and chosen for, anew.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.access.models import Grant
from core.access.permissions import MANAGE_GRANTS, TOKENS
from core.access.rights import load_roles
from core.chunks import chunked
from core.db import new_key
from core.errors import Forbidden, RuleBroken
from core.i18n import _
from core.restructuring.models import Plan
from core.restructuring.outcome import Outcome
from core.restructuring.permissions import APPROVE
from core.restructuring.services.rights import EndingRight, ending_rights
from core.units.tracing import Recorder
from core.work import Work

GIVEN, MEMBER = "given", "member"
GIVES_TO_OTHERS = frozenset({MANAGE_GRANTS, TOKENS})
"""A role with one of these is only given by who decides above the unit where it ended."""


@dataclass(frozen=True, slots=True)
class NewRight:
    """A right that goes on at the unit that took over."""

    account_id: uuid.UUID
    username: str
    role: str
    unit_id: uuid.UUID
    with_subtree: bool
    valid_to: Any


def chosen(plan: Plan) -> set[uuid.UUID]:
    """Return the grants that end with a plan and for which a new one is given."""
    return {uuid.UUID(key) for key in (plan.checks or {}).get(GIVEN, ())}


def choose_rights(
    work: Work,
    plan: Plan,
    outcome: Outcome,
    wanted: Collection[uuid.UUID],
    *,
    members: bool = False,
) -> list[EndingRight]:
    """Keep with a plan for which ending rights a new one is given; exactly these, no others.

    `members` chooses the roles of all members at once: what everybody has in their own branch.

    Nobody gives themselves a right, and nobody a role that gives rights to others, but whoever
    decides above the unit where it ended.
    """
    offered = {one.grant_id: one for one in ending_rights(work, outcome) if one.proposed_at}
    if not set(wanted) <= set(offered):
        raise RuleBroken(
            _("The rights that end have changed meanwhile. Look at the list again, then choose.")
        )
    everybody = {key for key, one in offered.items() if members and one.role == MEMBER}
    picked = [offered[key] for key in sorted({*wanted, *everybody})]
    _check_may_choose(work, picked)
    plan.checks = {**(plan.checks or {}), GIVEN: [one.grant_id.hex for one in picked]}
    return picked


def _check_may_choose(work: Work, picked: Sequence[EndingRight]) -> None:
    """Refuse what whoever approves may not give: to themselves, or beyond their own office."""
    if work.actor.is_system:
        return
    roles = load_roles(work.session, work.host)
    ids = {one.unit_id for one in picked}
    places = work.host.places.by_ids(work.session, ids, work.today, work.generation)
    for one in picked:
        if work.actor.holds_above(APPROVE, places[one.unit_id]):
            continue
        if one.account_id == work.actor.account_id:
            raise Forbidden(
                _("Nobody gives themselves a right. Leave your own out; the office above gives it.")
            )
        if one.role not in roles or roles[one.role][0] & GIVES_TO_OTHERS:
            raise Forbidden(
                _(
                    "The right of %(name)s may give rights to others; leave it out, the office "
                    "above gives it.",
                    name=one.name,
                )
            )


def rights_to_give(work: Work, plan: Plan, outcome: Outcome) -> list[NewRight]:
    """Return what is to be given, before the old rights end; what ended meanwhile is left out.

    Each role of a person at a unit once: what somebody held at two units that became one.
    """
    wanted = chosen(plan)
    if not wanted:
        return []
    found: dict[tuple[uuid.UUID, str, uuid.UUID], NewRight] = {}
    for one in ending_rights(work, outcome):
        if one.grant_id not in wanted or one.proposed_at is None or one.valid_to <= work.today:
            continue
        key = (one.account_id, one.role, one.proposed_at)
        new = NewRight(
            one.account_id,
            one.username,
            one.role,
            one.proposed_at,
            one.with_subtree,
            one.valid_to,
        )
        old = found.get(key)
        found[key] = new if old is None else _joined(old, new)
    held = _held(work, found)
    return [new for key, new in found.items() if key not in held]


def _joined(one: NewRight, other: NewRight) -> NewRight:
    return replace(
        one,
        with_subtree=one.with_subtree or other.with_subtree,
        valid_to=max(one.valid_to, other.valid_to),
    )


def _held(
    work: Work, keys: Collection[tuple[uuid.UUID, str, uuid.UUID]]
) -> set[tuple[uuid.UUID, str, uuid.UUID]]:
    """Return which of these are held at the heir already."""
    held: set[tuple[uuid.UUID, str, uuid.UUID]] = set()
    for units in chunked(sorted({unit for _account, _role, unit in keys})):
        rows = work.session.execute(
            sa.select(Grant.account_id, Grant.role, Grant.unit_id).where(
                Grant.unit_id.in_(units),
                Grant.ended_at.is_(None),
                Grant.valid_to > work.today,
                Grant.delegated_by_id.is_(None),
            )
        )
        held.update((account, role, unit) for account, role, unit in rows)
    return held


def give_rights(work: Work, plan: Plan, rights: Iterable[NewRight], recorder: Recorder) -> int:
    """Give the chosen rights by the plan's decision; taken back with the plan."""
    rows = [
        {
            "id": new_key(),
            "account_id": one.account_id,
            "role": one.role,
            "unit_id": one.unit_id,
            "with_subtree": one.with_subtree,
            "valid_from": work.today,
            "valid_to": one.valid_to,
            "delegated_by_id": None,
            "document_no": plan.decision_no,
            "made_by": work.actor.label,
            "made_at": work.now,
            "ended_at": None,
            "ended_by": None,
            "revision": 1,
        }
        for one in rights
    ]
    names = {one.account_id: one.username for one in rights}
    recorder.insert(Grant, rows)
    for row in rows:
        told = ("account_id", "role", "with_subtree", "valid_from", "valid_to", "document_no")
        ledger.record(
            work,
            "access.granted",
            ledger.About(
                "grant", row["id"], f"{names[row['account_id']]} · {row['role']}", row["unit_id"]
            ),
            after={**{name: row[name] for name in told}, "plan_id": plan.id},
            permission=APPROVE,
        )
    return len(rows)
