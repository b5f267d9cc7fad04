"""Accounts for a whole branch at once, from the list of its members."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from core import ledger
from core.access.models import Account, PositionRole
from core.access.passwords import first_password, hash_password
from core.access.permissions import MANAGE
from core.access.services.accounts import Made, holds
from core.access.services.signing_in import about
from core.db import new_key
from core.errors import Forbidden, InvalidInput, RuleBroken
from core.i18n import _
from core.members.models import COUNTED, Member, MemberListRow, Position
from core.names import PersonName, initial_username
from core.paging import beyond
from core.scope import require
from core.units.models import UnitVersion
from core.units.places import valid_on, visible
from core.work import Work

MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member without an account, with the user name that would be proposed."""

    id: uuid.UUID
    full_name: str
    unit_id: uuid.UUID
    username: str
    sort_key: bytes


def _without_account() -> sa.ColumnElement[bool]:
    return ~sa.exists().where(Account.member_id == Member.id).correlate_except(Account)


def list_members_without_account(
    work: Work, *, after: tuple[bytes, uuid.UUID] | None = None, limit: int = MOST_AT_ONCE
) -> list[Candidate]:
    """List members of the work's unit and below who have no account, in Vietnamese order."""
    row = MemberListRow
    statement = (
        sa.select(Member)
        .join(row, row.member_id == Member.id)
        .where(
            row.ancestor_id == work.unit.id,
            visible(row, work.generation),
            Member.status.in_(COUNTED),
            Member.voided_at.is_(None),
            _without_account(),
        )
        .order_by(row.sort_key, row.member_id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(beyond((row.sort_key, row.member_id), after))
    members = work.session.scalars(statement).all()
    ledger.saw(work, "member", [member.id for member in members])
    return _proposed(work, members)


def _proposed(work: Work, members: Sequence[Member]) -> list[Candidate]:
    """Propose a user name for each, none of them taken; one statement for all."""
    names = [PersonName(m.surname, m.middle_name, m.given_name) for m in members]
    taken = _taken(work, {initial_username(name, ()) for name in names})
    found: list[Candidate] = []
    for member, name in zip(members, names, strict=True):
        username = initial_username(name, taken)
        taken.add(username)
        found.append(
            Candidate(member.id, member.full_name, member.unit_id, username, member.sort_key)
        )
    return found


def _taken(work: Work, stems: Collection[str]) -> set[str]:
    """Return the user names that begin like those to be proposed."""
    if not stems:
        return set()
    likes = [Account.username.startswith(stem, autoescape=True) for stem in stems]
    return set(work.session.scalars(sa.select(Account.username).where(sa.or_(*likes))))


def create_accounts(work: Work, member_ids: Collection[uuid.UUID]) -> list[Made]:
    """Make accounts for members of the work's unit, each with a first password for its slip.

    All or none. Somebody whose position gives rights beyond the actor's reach is refused: the
    first password of a provincial officer is not for the office of a commune.
    """
    if not 0 < len(member_ids) <= MOST_AT_ONCE:
        reason = _("Choose 1 to %(n)s people.", n=MOST_AT_ONCE)
        raise InvalidInput(reason, fields={"members": [reason]})
    members = work.session.scalars(
        sa.select(Member)
        .join(MemberListRow, MemberListRow.member_id == Member.id)
        .where(
            Member.id.in_(member_ids),
            MemberListRow.ancestor_id == work.unit.id,
            visible(MemberListRow, work.generation),
            Member.status.in_(COUNTED),
            Member.voided_at.is_(None),
            _without_account(),
        )
        .order_by(MemberListRow.sort_key, MemberListRow.member_id)
    ).all()
    if len(members) != len(set(member_ids)):
        raise RuleBroken(_("Some of those chosen have an account already. Load the page again."))
    require(work, MANAGE, {member.unit_id for member in members})
    _check_positions(work, [member.id for member in members])
    made = [
        _made(work, member, one)
        for member, one in zip(members, _proposed(work, members), strict=True)
    ]
    work.session.add_all(one.account for one in made)
    work.session.flush()
    for one in made:
        after = {"username": one.account.username, "member_id": one.account.member_id}
        ledger.record(
            work, "access.account_made", about(one.account), after=after, permission=MANAGE
        )
    return made


def _made(work: Work, member: Member, proposal: Candidate) -> Made:
    password = first_password()
    account = Account(
        id=new_key(),
        username=proposal.username,
        name=member.full_name,
        member_id=member.id,
        home_unit_id=member.unit_id,
        password_hash=hash_password(password),
        must_change=True,
        created_at=work.now,
        preferences={},
    )
    return Made(account, password)


def _check_positions(work: Work, member_ids: Collection[uuid.UUID]) -> None:
    """Refuse members whose positions give rights where the actor may not make accounts."""
    rows = work.session.execute(
        sa.select(Position.unit_id, PositionRole.with_subtree)
        .join(PositionRole, PositionRole.position == Position.position)
        .join(UnitVersion, UnitVersion.unit_id == Position.unit_id)
        .where(
            Position.member_id.in_(member_ids),
            valid_on(Position, work.today),
            visible(UnitVersion, work.generation),
            valid_on(UnitVersion, work.today),
            sa.or_(PositionRole.unit_kind.is_(None), PositionRole.unit_kind == UnitVersion.kind),
        )
        .distinct()
    ).all()
    places = work.host.places.by_ids(
        work.session, {row[0] for row in rows}, work.today, work.generation
    )
    wider = {
        places[unit_id].name
        for unit_id, whole in rows
        if unit_id in places and not holds(work, MANAGE, places[unit_id], whole=whole)
    }
    if wider:
        raise Forbidden(
            _(
                "Somebody chosen holds a position at %(units)s; only from there "
                "can this account be made.",
                units=", ".join(sorted(wider)[:5]),
            )
        )
