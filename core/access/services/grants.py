"""Rights at a unit: who holds which, giving a role for a span of days, ending it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core import ledger
from core.access.models import Account, Grant, PositionRole, Role
from core.access.permissions import MANAGE_GRANTS, SEE_GRANTS
from core.access.rights import load_roles
from core.access.services.accounts import holds
from core.db import new_key
from core.errors import Forbidden, InvalidInput, NotFound, RuleBroken
from core.i18n import _, format_day, get_locale
from core.members.models import Member, Position, PositionKind
from core.periods import OPEN
from core.scope import require
from core.units.covering import TODAY, AsOf, covered
from core.units.models import UnitVersion
from core.units.places import Place, valid_on, visible
from core.work import Work


@dataclass(frozen=True, slots=True)
class HeldRight:
    """One line of the list of rights: who holds which role where, and why."""

    name: str
    username: str
    role: str
    source: str
    unit_id: uuid.UUID
    with_subtree: bool
    valid_from: date
    valid_to: date
    account_id: uuid.UUID | None = None
    grant_id: uuid.UUID | None = None
    position: str = ""
    grantor: str = ""
    document_no: str = ""


def titled(row: Role | PositionKind) -> str:
    """Return how a role or a position is called in the language of the page."""
    return row.title if get_locale() == "vi" else row.title_en


def role_titles(work: Work) -> dict[str, str]:
    """Return every role with its title, in the order in which they are offered."""
    rows = work.session.scalars(sa.select(Role).order_by(Role.order, Role.key))
    return {row.key: titled(row) for row in rows}


def position_titles(work: Work) -> dict[str, str]:
    """Return every kind of position with its title."""
    rows = work.session.scalars(sa.select(PositionKind).order_by(PositionKind.rank))
    return {row.key: titled(row) for row in rows}


def list_grants(
    work: Work,
    unit: Place | None = None,
    *,
    account: Account | None = None,
    as_of: AsOf = TODAY,
    after: uuid.UUID | None = None,
    limit: int = 200,
) -> list[HeldRight]:
    """List grants and delegations that hold today or later, at a unit, of an account, or both.

    As of a day: those that held on it.
    """
    grantor = aliased(Account)
    statement = (
        sa.select(Grant, Account, grantor.name)
        .join(Account, Account.id == Grant.account_id)
        .outerjoin(grantor, grantor.id == Grant.delegated_by_id)
        .where(Grant.valid_to > (as_of.day or work.today), *_not_ended(work, as_of, Grant, Account))
        .order_by(Grant.id)
        .limit(limit)
    )
    if unit is not None:
        statement = statement.where(
            covered(work, Grant.unit_id, as_of, day=Grant.valid_from, unit=unit, alone=True)
        )
    if account is not None:
        statement = statement.where(Grant.account_id == account.id)
    if after is not None:
        statement = statement.where(Grant.id > after)
    return [
        HeldRight(
            name=holder.name,
            username=holder.username,
            role=grant.role,
            source="delegation" if grant.delegated_by_id else "grant",
            unit_id=grant.unit_id,
            with_subtree=grant.with_subtree,
            valid_from=grant.valid_from,
            valid_to=grant.valid_to,
            account_id=holder.id,
            grant_id=grant.id,
            grantor=grantor_name or "",
            document_no=grant.document_no,
        )
        for grant, holder, grantor_name in work.session.execute(statement)
    ]


def _not_ended(work: Work, as_of: AsOf, *models: Any) -> list[sa.ColumnElement[bool]]:
    """Conditions: nothing of this has been ended at once, today or by the end of a day."""
    if as_of.day is None:
        return [model.ended_at.is_(None) for model in models]
    over = work.end_of(as_of.day)
    return [sa.or_(model.ended_at.is_(None), model.ended_at >= over) for model in models]


def list_position_rights(work: Work, unit: Place, as_of: AsOf = TODAY) -> list[HeldRight]:
    """List who holds, or held on a day, a role at a unit by a position; it ends with that."""
    day = as_of.day or work.today
    account = sa.and_(Account.member_id == Member.id, *_not_ended(work, as_of, Account))
    rows: Sequence[Any] = work.session.execute(
        sa.select(Member.full_name, Account, Position, PositionRole)
        .select_from(Position)
        .join(Member, Member.id == Position.member_id)
        .outerjoin(Account, account)
        .join(PositionRole, PositionRole.position == Position.position)
        .join(UnitVersion, UnitVersion.unit_id == Position.unit_id)
        .where(
            covered(work, Position.unit_id, as_of, unit=unit, alone=True),
            valid_on(Position, day),
            visible(UnitVersion, work.generation),
            valid_on(UnitVersion, day),
            sa.or_(PositionRole.unit_kind.is_(None), PositionRole.unit_kind == UnitVersion.kind),
        )
        .order_by(Member.sort_key, Member.id)
        .limit(200)
        .execution_options(unscoped="who holds a position at this unit, shown with its rights")
    ).all()
    return [
        HeldRight(
            name=full_name,
            username=account.username if account is not None else "",
            role=by.role,
            source="position",
            unit_id=position.unit_id,
            with_subtree=by.with_subtree,
            valid_from=position.valid_from,
            valid_to=position.valid_to,
            account_id=account.id if account is not None else None,
            position=position.position,
        )
        for full_name, account, position, by in rows
    ]


def access_grant(work: Work, grant_id: uuid.UUID) -> Grant:
    """Return a grant of the work's unit that has not ended; the operator finds it anywhere."""
    statement = sa.select(Grant).where(Grant.id == grant_id, Grant.ended_at.is_(None))
    if not work.actor.is_system:
        statement = statement.where(Grant.unit_id == work.unit.id)
    grant = work.session.scalar(statement)
    if grant is None:
        raise NotFound(_("There is no such right here; it has ended already."))
    return grant


def check_span(work: Work, valid_from: date, valid_to: date) -> None:
    """Refuse a span that ends before it begins, or is over already."""
    reason = ""
    if valid_to <= valid_from:
        reason = _("The last day must not be before the first day.")
    elif valid_to <= work.today:
        reason = _("The last day is over already. Choose a later one.")
    if reason:
        raise InvalidInput(reason, fields={"until": [reason]})


def give_role(
    work: Work,
    account: Account,
    *,
    role: str,
    unit: Place | None = None,
    with_subtree: bool = True,
    valid_from: date | None = None,
    valid_to: date = OPEN,
    document_no: str = "",
) -> Grant:
    """Give somebody a role at a unit for a span `[valid_from, valid_to)`.

    Nobody gives what they do not hold there themselves, unless they may give rights at a unit
    above; nobody gives beyond their own reach.
    """
    place = unit or work.unit
    require(work, MANAGE_GRANTS, [place.id])
    begins = valid_from or work.today
    check_span(work, begins, valid_to)
    if not place.is_living:
        raise RuleBroken(_("%(unit)s has ended; no right can be given there.", unit=place.name))
    _check_may_give(work, role, place, with_subtree=with_subtree)
    _check_new(work, account, role, place, begins, valid_to)
    grant = Grant(
        id=new_key(),
        account_id=account.id,
        role=role,
        unit_id=place.id,
        with_subtree=with_subtree,
        valid_from=begins,
        valid_to=valid_to,
        document_no=document_no,
        made_by=work.actor.label,
        made_at=work.now,
    )
    work.session.add(grant)
    work.touch("access")
    note(work, "access.granted", grant, account, permission=MANAGE_GRANTS)
    return grant


def _check_may_give(work: Work, role: str, place: Place, *, with_subtree: bool) -> None:
    roles = load_roles(work.session, work.host)
    if role not in roles:
        reason = _("There is no such role.")
        raise InvalidInput(reason, fields={"role": [reason]})
    if not holds(work, MANAGE_GRANTS, place, whole=with_subtree):
        raise Forbidden(
            _(
                "You may give rights at %(unit)s alone, not at the units below it.",
                unit=place.name,
            )
        )
    if work.actor.is_system or work.actor.holds_above(MANAGE_GRANTS, place):
        return
    permissions, classes, _totp = roles[role]
    reaching = [
        r for r in work.actor.rights if r.reaches(place) and (r.with_subtree or not with_subtree)
    ]
    held = frozenset[str]().union(*(right.permissions for right in reaching))
    seen = frozenset[str]().union(*(right.field_classes for right in reaching))
    if permissions - held or classes - seen:
        raise Forbidden(
            _(
                "This role may more than you may at %(unit)s; the office above gives it.",
                unit=place.name,
            )
        )


def _check_new(
    work: Work, account: Account, role: str, place: Place, begins: date, ends: date
) -> None:
    """Refuse to give what is held already in that span."""
    until = work.session.scalar(
        sa.select(Grant.valid_to).where(
            Grant.account_id == account.id,
            Grant.role == role,
            Grant.unit_id == place.id,
            Grant.delegated_by_id.is_(None),
            Grant.ended_at.is_(None),
            Grant.valid_from < ends,
            Grant.valid_to > begins,
        )
    )
    if until is not None:
        raise RuleBroken(
            _(
                "%(name)s holds this role here already, %(until)s.",
                name=account.name,
                until=till(until),
            )
        )


def end_grant(work: Work, grant: Grant, *, on: date | None = None) -> None:
    """End a right: at once, or from a day on. What was done with it stays."""
    ends = on or work.today
    account = work.session.scalar(sa.select(Account).where(Account.id == grant.account_id))
    before = {"valid_to": grant.valid_to}
    if ends > work.today:
        if ends >= grant.valid_to or ends <= grant.valid_from:
            reason = _("Choose a day within the span of this right.")
            raise InvalidInput(reason, fields={"on": [reason]})
        grant.valid_to = ends
    else:
        grant.ended_at, grant.ended_by = work.now, work.actor.label
        if grant.valid_from < work.today:
            grant.valid_to = work.today
    work.touch("access")
    note(work, "access.grant_ended", grant, account, before=before)


def end_grant_as_office(work: Work, grant: Grant, *, on: date | None = None) -> None:
    """End a right of the work's unit; one that reaches further than the actor's is refused."""
    place = require(work, MANAGE_GRANTS, [grant.unit_id])[grant.unit_id]
    if not holds(work, MANAGE_GRANTS, place, whole=grant.with_subtree):
        raise Forbidden(
            _("You may give rights at %(unit)s alone, not at the units below it.", unit=place.name)
        )
    end_grant(work, grant, on=on)


def note(
    work: Work,
    action: str,
    grant: Grant,
    account: Account | None,
    *,
    before: Mapping[str, object] | None = None,
    permission: str | None = None,
) -> None:
    """Tell the ledger what became of a right."""
    label = f"{account.username if account is not None else ''} · {grant.role}"
    ledger.record(
        work,
        action,
        ledger.About("grant", grant.id, label, grant.unit_id),
        before=before,
        after={
            "account_id": grant.account_id,
            "role": grant.role,
            "with_subtree": grant.with_subtree,
            "valid_from": grant.valid_from,
            "valid_to": grant.valid_to,
            "delegated_by_id": grant.delegated_by_id,
            "document_no": grant.document_no,
        },
        permission=permission,
    )


def till(valid_to: date) -> str:
    """Say until when something holds: the last day, not the first one after."""
    if valid_to >= OPEN:
        return _("without an end")
    return _("to %(day)s", day=format_day(date.fromordinal(valid_to.toordinal() - 1)))


def places_of(work: Work, rights: Iterable[HeldRight]) -> dict[uuid.UUID, Place]:
    """Return the places at which listed rights are held."""
    ids = {right.unit_id for right in rights}
    return work.host.places.by_ids(work.session, ids, work.today, work.generation)


def offered_roles(work: Work) -> Sequence[tuple[str, str]]:
    """Return the roles the actor may give at the work's unit, as choices."""
    roles = load_roles(work.session, work.host)
    names = role_titles(work)
    if work.actor.is_system or work.actor.holds_above(MANAGE_GRANTS, work.unit):
        return list(names.items())
    reaching = [right for right in work.actor.rights if right.reaches(work.unit)]
    held = frozenset[str]().union(*(right.permissions for right in reaching))
    seen = frozenset[str]().union(*(right.field_classes for right in reaching))
    return [(k, t) for k, t in names.items() if roles[k][0] <= held and roles[k][1] <= seen]


__all__ = ["SEE_GRANTS", "HeldRight", "give_role", "list_grants"]
