"""Accounts that follow their members: moved, merged, left, handed over, erased."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.access.models import Account
from core.access.services.accounts import erase_account
from core.access.services.own_account import end_sessions, list_sessions
from core.access.services.signing_in import about
from core.chunks import chunked
from core.db import among, table_of
from core.members.models import Affiliation, Member
from core.work import Work

CAME_FROM = "came_from"
HOLDERS = sa.select(table_of(Account).c.id).where(
    among(table_of(Account).c.member_id, sa.bindparam("ids", expanding=True))
)


def follow_members(work: Work, member_ids: Collection[uuid.UUID]) -> None:
    """Move accounts to their members' new home, and end those of members who left the Party.

    An account that belongs elsewhere on purpose (to an office, not to a branch) stays there.
    """
    work.session.flush()
    for chunk in chunked(member_ids):
        # Hardly a member in a hundred has an account; without one nobody's rights change.
        if not work.session.connection().scalars(HOLDERS, {"ids": chunk}).all():
            continue
        home = (
            sa.select(Member.unit_id)
            .where(Member.id == Account.member_id)
            .correlate(Account)
            .scalar_subquery()
        )
        was_home = (
            sa.exists()
            .where(
                Affiliation.member_id == Account.member_id,
                Affiliation.unit_id == Account.home_unit_id,
                Affiliation.kind == "home",
            )
            .correlate(Account)
        )
        work.session.execute(
            sa.update(Account)
            .where(Account.member_id.in_(chunk), was_home)
            .values(home_unit_id=home)
            .execution_options(synchronize_session=False)
        )
        _end_those_who_left(work, chunk)
        work.touch("access")


def _end_those_who_left(work: Work, member_ids: list[uuid.UUID]) -> None:
    left = work.session.scalars(
        sa.select(Account)
        .join(Member, Member.id == Account.member_id)
        .where(
            Account.member_id.in_(member_ids),
            Account.ended_at.is_(None),
            Member.status == "left",
        )
        .execution_options(unscoped="accounts of members an act has just changed")
    ).all()
    for account in left:
        account.ended_at = work.now
        ledger.record(work, "access.account_ended", about(account), after={"because": "left"})
    for account in left:
        end_sessions(work, account.id)


def merge_accounts(work: Work, kept_id: uuid.UUID, merged_id: uuid.UUID) -> None:
    """Give the kept record the account of the merged one; where both have one, that one ends.

    Undoing calls this with the keys exchanged: then only an account that came goes back.
    """
    rows = work.session.scalars(
        sa.select(Account).where(Account.member_id.in_([kept_id, merged_id]))
    )
    accounts = {account.member_id: account for account in rows}
    moving, kept = accounts.get(merged_id), accounts.get(kept_id)
    if moving is None:
        return
    came_from = (moving.preferences or {}).get(CAME_FROM)
    if _is_undoing(work, kept_id, merged_id) and came_from != str(kept_id):
        return
    if kept is not None:
        if moving.ended_at is None:
            moving.ended_at = work.now
            end_sessions(work, moving.id)
            ledger.record(work, "access.account_ended", about(moving), after={"because": "merged"})
    else:
        moving.member_id = kept_id
        moving.preferences = {**(moving.preferences or {}), CAME_FROM: str(merged_id)}
    work.touch("access")


def _is_undoing(work: Work, kept_id: uuid.UUID, merged_id: uuid.UUID) -> bool:
    """Whether a merge is taken back: then the second record no longer points at the first."""
    into = work.session.scalar(
        sa.select(Member.merged_into_id)
        .where(Member.id == merged_id)
        .execution_options(unscoped="whether a merge is made or taken back")
    )
    return into != kept_id


def _account_of(work: Work, member_id: uuid.UUID) -> Account | None:
    return work.session.scalar(sa.select(Account).where(Account.member_id == member_id))


def account_data(work: Work, member_id: uuid.UUID) -> dict[str, Any]:
    """Return what is kept about a member's account, as plain values; no secrets."""
    account = _account_of(work, member_id)
    if account is None:
        return {}
    return {
        "username": account.username,
        "name": account.name,
        "email": account.email,
        "preferences": account.preferences,
        "created_at": account.created_at.isoformat(),
        "last_signed_in_at": account.last_signed_in_at.isoformat()
        if account.last_signed_in_at
        else None,
        "sessions": [
            {"device": login.device, "seen_at": login.seen_at.isoformat()}
            for login in list_sessions(work, account.id)
        ],
    }


def erase_member_account(work: Work, member_id: uuid.UUID, rule: str) -> None:
    """Blank the account of a member under a retention rule."""
    account = _account_of(work, member_id)
    if account is None:
        return
    erase_account(work, account)
    ledger.record(work, "access.account_erased", about(account), after={"rule": rule})
