"""Delegation: somebody lets another act for them, for a span of days, in what they hold."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from core.access.models import Account, Grant
from core.access.permissions import DELEGATE
from core.access.principal import Right
from core.access.services.grants import check_span, end_grant, note, role_titles
from core.access.settings import setting
from core.db import new_key
from core.errors import Forbidden, InvalidInput, NotFound, RuleBroken
from core.i18n import _
from core.units.models import UnitScope
from core.units.places import Place, visible
from core.work import Work

MOST_LISTED = 200


def delegable(work: Work, place: Place) -> list[Right]:
    """Return the rights the actor holds at a place and may hand on: own ones, never delegated."""
    own = [r for r in work.actor.rights if r.acting_for is None and r.reaches(place)]
    if work.actor.kind != "account" or not any(DELEGATE in r.permissions for r in own):
        return []
    return [right for right in own if right.role != "member"]


def delegable_roles(work: Work) -> Sequence[tuple[str, str]]:
    """Return the roles that can be delegated at the work's unit, as choices."""
    held = {right.role for right in delegable(work, work.unit)}
    return [(key, title) for key, title in role_titles(work).items() if key in held]


def possible_deputies(work: Work) -> list[Account]:
    """List who could act for the actor: people whose account belongs to the unit or below."""
    statement = (
        sa.select(Account)
        .where(
            Account.ended_at.is_(None),
            Account.id != work.actor.account_id,
            sa.exists()
            .where(
                UnitScope.unit_id == Account.home_unit_id,
                UnitScope.ancestor_id == work.unit.id,
                visible(UnitScope, work.generation),
            )
            .correlate_except(UnitScope),
        )
        .order_by(Account.sort_key, Account.id)
        .limit(MOST_LISTED)
    )
    return list(work.session.scalars(statement))


def delegate(
    work: Work,
    deputy: Account,
    *,
    role: str,
    with_subtree: bool,
    valid_from: date,
    valid_to: date,
) -> Grant:
    """Let somebody act for the actor in one role at the work's unit, for `[valid_from, valid_to)`.

    Never more than the actor holds, never what was delegated to them, never longer than the
    setting allows; it gives nothing any more when the actor's own right is gone.
    """
    rights = [right for right in delegable(work, work.unit) if right.role == role]
    if not rights:
        raise Forbidden(
            _("Only a role you hold here yourself can be delegated, never a delegated one.")
        )
    if with_subtree and not any(right.with_subtree for right in rights):
        raise Forbidden(_("This role is held at this unit alone; it can be delegated here alone."))
    if deputy.id == work.actor.account_id:
        raise RuleBroken(_("Choose somebody else to act for you."))
    if deputy.ended_at is not None:
        raise RuleBroken(_("This account has ended. Choose somebody else."))
    check_span(work, valid_from, valid_to)
    days = setting(work, "delegation_days", work.unit.id)
    if valid_to - valid_from > timedelta(days=days):
        reason = _("Rights are delegated for %(n)s days at most.", n=days)
        raise InvalidInput(reason, fields={"until": [reason]})
    if valid_from < work.today:
        reason = _("A delegation begins today or later.")
        raise InvalidInput(reason, fields={"since": [reason]})
    grant = Grant(
        id=new_key(),
        account_id=deputy.id,
        role=role,
        unit_id=work.unit.id,
        with_subtree=with_subtree,
        valid_from=valid_from,
        valid_to=valid_to,
        delegated_by_id=work.actor.account_id,
        made_by=work.actor.label,
        made_at=work.now,
    )
    work.session.add(grant)
    work.touch("access")
    note(work, "access.delegated", grant, deputy, permission=DELEGATE)
    return grant


def list_delegated(work: Work) -> list[tuple[Grant, Account]]:
    """List what the actor has delegated and still holds, with to whom."""
    rows = work.session.execute(
        sa.select(Grant, Account)
        .join(Account, Account.id == Grant.account_id)
        .where(
            Grant.delegated_by_id == work.actor.account_id,
            Grant.ended_at.is_(None),
            Grant.valid_to > work.today,
        )
        .order_by(Grant.valid_from, Grant.id)
        .limit(MOST_LISTED)
    )
    return [(grant, deputy) for grant, deputy in rows]


def end_delegation(work: Work, grant_id: uuid.UUID) -> Grant:
    """End a delegation: whoever gave it takes it back, or whoever got it gives it back."""
    grant = work.session.scalar(
        sa.select(Grant).where(
            Grant.id == grant_id,
            Grant.delegated_by_id.is_not(None),
            Grant.ended_at.is_(None),
            sa.or_(
                Grant.delegated_by_id == work.actor.account_id,
                Grant.account_id == work.actor.account_id,
            ),
        )
    )
    if grant is None or work.actor.account_id is None:
        raise NotFound(_("There is no such delegation; it has ended already."))
    end_grant(work, grant)
    return grant
