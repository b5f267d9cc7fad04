"""Why somebody may do something at a place, or what is missing: in sentences."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.access.models import Account, Grant, PositionRole
from core.access.permissions import NOT_DELEGATED, plugin_of, titles
from core.access.principal import Right
from core.access.rights import Roles, delegated_rights, load_roles, own_rights
from core.access.services.grants import position_titles, role_titles, till
from core.errors import InvalidInput
from core.i18n import _, format_day
from core.members.models import Position
from core.units.places import Place
from core.work import Work

MOST_REASONS = 6


@dataclass(frozen=True, slots=True)
class Why:
    """The answer: allowed or not, and the chain that grants it, or what is missing."""

    account: Account
    permission: str
    title: str
    unit: Place
    on: date
    allowed: bool
    reasons: tuple[str, ...]


@dataclass(slots=True)
class _Case:
    """Everything an explanation looks at, read once."""

    work: Work
    account: Account
    permission: str
    unit: Place
    on: date
    roles: Roles
    rights: list[Right]
    role_titles: Mapping[str, str]
    position_titles: Mapping[str, str]
    places: dict[uuid.UUID, Place] = field(default_factory=dict)

    def read_places(self, ids: set[uuid.UUID]) -> None:
        """Read the places that sentences name."""
        work = self.work
        self.places.update(work.host.places.by_ids(work.session, ids, work.today, work.generation))

    def place(self, unit_id: uuid.UUID) -> str:
        """Return the name of a unit."""
        found = self.places.get(unit_id)
        return found.name if found else "?"

    def role(self, key: str) -> str:
        """Return the title of a role."""
        return self.role_titles.get(key, key)

    @property
    def wanted(self) -> set[str]:
        """The roles that include the permission."""
        return {key for key, role in self.roles.items() if self.permission in role[0]}


def explain(
    work: Work, account: Account, permission: str, unit: Place, on: date | None = None
) -> Why:
    """Say why an account may do something at a unit on a day, or what is missing.

    Rights are those of that day, the tree is today's, as for every judgement of rights.
    """
    day = on or work.today
    names = titles(work.host)
    if permission not in names:
        reason = _("There is no right of this name.")
        raise InvalidInput(reason, fields={"permission": [reason]})
    roles = load_roles(work.session, work.host)
    rights = own_rights(work.session, roles, account.id, account.member_id, day)
    rights += delegated_rights(work.session, roles, account.id, day)
    case = _Case(
        work,
        account,
        permission,
        unit,
        day,
        roles,
        rights,
        role_titles(work),
        position_titles(work),
    )
    case.read_places({right.unit_id for right in rights})
    hindered = _hindrances(case)
    chain = [_granted(case, right) for right in rights if _gives(case, right)]
    reasons = chain if chain and not hindered else [*hindered, *(chain or _missing(case))]
    return Why(
        account,
        permission,
        names[permission],
        unit,
        day,
        bool(chain) and not hindered,
        tuple(dict.fromkeys(reasons)),
    )


def _gives(case: _Case, right: Right) -> bool:
    return case.permission in right.permissions and right.reaches(case.unit)


def _hindrances(case: _Case) -> list[str]:
    """Say what stands in the way whatever rights there are: an ended account, a module off."""
    found = []
    if case.account.ended_at is not None:
        day = case.account.ended_at.astimezone(case.work.host.zone).date()
        found.append(_("The account ended on %(day)s.", day=format_day(day)))
    plugin = plugin_of(case.permission)
    if plugin is not None and not case.work.host.is_on(case.work, plugin, case.unit, case.on):
        module = case.work.host.plugins.get(plugin)
        title = module.manifest.title if module and module.manifest else plugin
        found.append(
            _("The module “%(module)s” is off at %(unit)s.", module=_(title), unit=case.unit.name)
        )
    return found


def _granted(case: _Case, right: Right) -> str:
    """Say by which right something is allowed, and until when."""
    values: dict[str, Any] = {
        "role": case.role(right.role),
        "unit": case.place(right.unit_id),
        "until": till(right.valid_to),
    }
    if right.source.startswith("position:"):
        key = right.source.partition(":")[2]
        position = case.position_titles.get(key, key)
        return _(
            "By the position %(position)s at %(unit)s: it brings the role “%(role)s”, %(until)s.",
            position=position,
            **values,
        )
    if right.source == "membership":
        return _("As a member of %(unit)s, %(until)s.", **values)
    if right.source == "delegation":
        return _(
            "Acting for %(name)s, who delegated the role “%(role)s” at %(unit)s, %(until)s.",
            name=right.acting_for,
            **values,
        )
    if right.unit_id == case.unit.id:
        return _("By the role “%(role)s”, given at %(unit)s, %(until)s.", **values)
    return _(
        "By the role “%(role)s”, given at %(unit)s with all units below it, %(until)s.", **values
    )


def _missing(case: _Case) -> list[str]:
    """Say what is missing, the nearest first."""
    reasons = [
        *_held_but_short(case),
        *_grants_of_other_days(case),
        *_positions_of_other_days(case),
        *_held_without_it(case),
    ]
    if not any(right.reaches(case.unit) and right.permissions for right in case.rights):
        reasons.append(_("Holds no right that reaches %(unit)s.", unit=case.unit.name))
    roles = ", ".join(case.role(key) for key in case.role_titles if key in case.wanted)
    if roles:
        reasons.append(_("Roles with this right: %(roles)s.", roles=roles))
    return reasons[:MOST_REASONS]


def _held_but_short(case: _Case) -> list[str]:
    """Rights that include it and do not come as far as this unit."""
    found = []
    for right in case.rights:
        values = {"role": case.role(right.role), "unit": case.place(right.unit_id)}
        if case.permission in right.permissions:
            if right.unit_id in case.unit.path:
                found.append(
                    _("Holds “%(role)s” at %(unit)s alone, not at the units below it.", **values)
                )
            else:
                found.append(
                    _("Holds “%(role)s” at %(unit)s, which is not above this unit.", **values)
                )
        elif right.source == "delegation" and right.role in case.wanted:
            text = _(
                "%(name)s delegated “%(role)s” at %(unit)s, but no longer holds it there.",
                name=right.acting_for,
                **values,
            )
            if case.permission in NOT_DELEGATED:
                text = _(
                    "%(name)s delegated “%(role)s”, but this right is never delegated.",
                    name=right.acting_for,
                    role=values["role"],
                )
            found.append(text)
    return found


def _held_without_it(case: _Case) -> list[str]:
    """Rights that reach the unit and do not include it."""
    return [
        _(
            "Holds “%(role)s” at %(unit)s, which does not include it.",
            role=case.role(right.role),
            unit=case.place(right.unit_id),
        )
        for right in case.rights
        if right.reaches(case.unit) and right.role not in case.wanted
    ]


def _grants_of_other_days(case: _Case) -> list[str]:
    """Grants and delegations that would reach the unit on another day."""
    grantor = aliased(Account)
    rows = case.work.session.execute(
        sa.select(Grant, grantor.name)
        .outerjoin(grantor, grantor.id == Grant.delegated_by_id)
        .where(Grant.account_id == case.account.id, Grant.role.in_(case.wanted))
        .where(
            sa.or_(
                Grant.valid_from > case.on, Grant.valid_to <= case.on, Grant.ended_at.is_not(None)
            )
        )
        .order_by(Grant.valid_to.desc(), Grant.id)
        .limit(20)
    ).all()
    near = [row for row in rows if row[0].unit_id in case.unit.path]
    case.read_places({row[0].unit_id for row in near})
    return [_of_another_day(case, grant, grant.role, ended=grant.ended_at) for grant, _g in near]


def _positions_of_other_days(case: _Case) -> list[str]:
    """Positions that would bring the right on another day."""
    if case.account.member_id is None:
        return []
    rows = case.work.session.execute(
        sa.select(Position, PositionRole.role)
        .join(PositionRole, PositionRole.position == Position.position)
        .where(
            Position.member_id == case.account.member_id,
            PositionRole.role.in_(case.wanted),
            sa.or_(Position.valid_from > case.on, Position.valid_to <= case.on),
        )
        .order_by(Position.valid_to.desc(), Position.id)
        .limit(20)
    ).all()
    near = [row for row in rows if row[0].unit_id in case.unit.path]
    case.read_places({row[0].unit_id for row in near})
    return list(dict.fromkeys(_of_another_day(case, held, role) for held, role in near))


def _of_another_day(case: _Case, held: Grant | Position, role: str, *, ended: object = None) -> str:
    """Say when a right was held, or will be."""
    values = {"role": case.role(role), "unit": case.place(held.unit_id)}
    if held.valid_from > case.on and ended is None:
        return _(
            "Will hold “%(role)s” at %(unit)s from %(day)s.",
            day=format_day(held.valid_from),
            **values,
        )
    return _("Held “%(role)s” at %(unit)s %(until)s.", until=till(held.valid_to), **values)
