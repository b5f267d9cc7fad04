"""The rights an account holds: granted, by position, as a member, delegated; kept per epoch."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.models import Account, Grant, PositionRole, Role
from core.access.permissions import NOT_DELEGATED
from core.access.principal import Right, Rights
from core.members.models import COUNTED, Affiliation, MemberStatus, Position
from core.plugin_host import PluginHost
from core.units.models import UnitScope, UnitVersion
from core.units.places import valid_on, visible

MEMBER = "member"
Roles = Mapping[str, tuple[frozenset[str], frozenset[str], bool]]


class RightsCache:
    """Rights remembered by a process while nobody's rights change."""

    def __init__(self, host: PluginHost) -> None:
        """Begin empty."""
        self._host = host
        self._key: tuple[Any, ...] | None = None
        self._roles: Roles = {}
        self._rights: dict[uuid.UUID, tuple[Rights, bool]] = {}

    def forget(self) -> None:
        """Begin again."""
        self._key = None

    def of(
        self, session: Session, account_id: uuid.UUID, member_id: uuid.UUID | None, today: date
    ) -> tuple[Rights, bool]:
        """Return the rights of an account today, and whether one of its roles asks for TOTP."""
        epochs = session.info["epochs"]
        sound = tuple(plugin.name for plugin in self._host.sound())
        key = (epochs["access"], epochs["tree"], today, sound)
        if key != self._key:
            self._rights, self._key = {}, key
            self._roles = load_roles(session, self._host)
        if account_id not in self._rights:
            self._rights[account_id] = self._load(session, account_id, member_id, today)
        return self._rights[account_id]

    def _load(
        self, session: Session, account_id: uuid.UUID, member_id: uuid.UUID | None, today: date
    ) -> tuple[Rights, bool]:
        rights = all_rights(session, self._roles, account_id, member_id, today)
        needs = any(self._roles[right.role][2] for right in rights if right.role in self._roles)
        return Rights(rights), needs


def load_roles(session: Session, host: PluginHost) -> Roles:
    """Read roles; what features and plugins give to a role is added unless the role denies it."""
    offered: dict[str, set[str]] = {}
    for plugin in host.sound():
        given: Mapping[str, Iterable[str]] = plugin.offered("roles") or {}
        for role, permissions in given.items():
            offered.setdefault(role, set()).update(permissions)
    return {
        role.key: (
            frozenset((set(role.permissions) | offered.get(role.key, set())) - set(role.denied)),
            frozenset(role.field_classes),
            role.needs_totp,
        )
        for role in session.scalars(sa.select(Role))
    }


def own_rights(
    session: Session,
    roles: Roles,
    account_id: uuid.UUID,
    member_id: uuid.UUID | None,
    today: date,
) -> list[Right]:
    """Return what an account holds by grants of its own and by its member's positions."""
    rights = [
        Right(
            unit_id=grant.unit_id,
            with_subtree=grant.with_subtree,
            role=grant.role,
            permissions=roles[grant.role][0],
            field_classes=roles[grant.role][1],
            source="grant",
            valid_to=grant.valid_to,
            grant_id=grant.id,
        )
        for grant in session.scalars(
            sa.select(Grant).where(
                Grant.account_id == account_id,
                Grant.delegated_by_id.is_(None),
                Grant.ended_at.is_(None),
                valid_on(Grant, today),
            )
        )
        if grant.role in roles
    ]
    if member_id is not None:
        rights.extend(position_rights(session, roles, member_id, today))
        rights.extend(membership_rights(session, roles, member_id, today))
    return rights


def membership_rights(
    session: Session, roles: Roles, member_id: uuid.UUID, today: date
) -> list[Right]:
    """Return what somebody may as a member where they belong, at home and as a guest.

    It begins and ends with the affiliation, so that nobody has to think of it at a transfer; who
    left the Party has none.
    """
    if MEMBER not in roles:
        return []
    permissions, classes, _totp = roles[MEMBER]
    return [
        Right(
            unit_id=unit_id,
            with_subtree=False,
            role=MEMBER,
            permissions=permissions,
            field_classes=classes,
            source="membership",
            valid_to=valid_to,
        )
        for unit_id, valid_to in session.execute(
            sa.select(Affiliation.unit_id, Affiliation.valid_to)
            .join(MemberStatus, MemberStatus.member_id == Affiliation.member_id)
            .where(
                Affiliation.member_id == member_id,
                valid_on(Affiliation, today),
                valid_on(MemberStatus, today),
                MemberStatus.status.in_(COUNTED),
            )
        )
    ]


def position_rights(
    session: Session,
    roles: Roles,
    member_id: uuid.UUID,
    today: date,
) -> list[Right]:
    """Return the rights that come with the positions a member holds today."""
    generation = int(session.info["epochs"]["tree"])
    return [
        Right(
            unit_id=unit_id,
            with_subtree=with_subtree,
            role=role,
            permissions=roles[role][0],
            field_classes=roles[role][1],
            source=f"position:{position}",
            valid_to=valid_to,
        )
        for unit_id, position, valid_to, role, with_subtree in session.execute(
            sa.select(
                Position.unit_id,
                Position.position,
                Position.valid_to,
                PositionRole.role,
                PositionRole.with_subtree,
            )
            .join(PositionRole, PositionRole.position == Position.position)
            .join(
                UnitVersion,
                sa.and_(
                    UnitVersion.unit_id == Position.unit_id,
                    visible(UnitVersion, generation),
                    valid_on(UnitVersion, today),
                ),
            )
            .where(
                Position.member_id == member_id,
                valid_on(Position, today),
                sa.or_(
                    PositionRole.unit_kind.is_(None), PositionRole.unit_kind == UnitVersion.kind
                ),
            )
        )
        if role in roles
    ]


def delegated_rights(
    session: Session, roles: Roles, account_id: uuid.UUID, today: date
) -> list[Right]:
    """Return what was delegated, cut to what the grantor holds themselves at that unit today."""
    rows = session.execute(
        sa.select(Grant, Account.id, Account.member_id, Account.name)
        .join(Account, Account.id == Grant.delegated_by_id)
        .where(
            Grant.account_id == account_id,
            Grant.ended_at.is_(None),
            valid_on(Grant, today),
            Account.ended_at.is_(None),
        )
    ).all()
    rows = [row for row in rows if row[0].role in roles]
    held = {
        grantor_id: own_rights(session, roles, grantor_id, member_id, today)
        for grantor_id, member_id in {(row[1], row[2]) for row in rows}
    }
    above = _units_above(session, {row[0].unit_id for row in rows})
    return [
        _cut(grant, roles, held[grantor_id], above, grantor_name)
        for grant, grantor_id, _member_id, grantor_name in rows
    ]


def _cut(
    grant: Grant,
    roles: Roles,
    held: Iterable[Right],
    above: Mapping[uuid.UUID, set[uuid.UUID]],
    grantor_name: str,
) -> Right:
    """Return a delegated right, never wider than what the grantor has there."""
    reaching = [right for right in held if _covers(right, grant, above[grant.unit_id])]
    permissions = frozenset[str]().union(*(right.permissions for right in reaching))
    classes = frozenset[str]().union(*(right.field_classes for right in reaching))
    return Right(
        unit_id=grant.unit_id,
        with_subtree=grant.with_subtree,
        role=grant.role,
        permissions=(roles[grant.role][0] & permissions) - NOT_DELEGATED,
        field_classes=roles[grant.role][1] & classes,
        source="delegation",
        valid_to=grant.valid_to,
        acting_for=grantor_name,
        grant_id=grant.id,
    )


def _covers(right: Right, grant: Grant, above: set[uuid.UUID]) -> bool:
    """Whether the grantor's right covers the place, and the subtree where that was delegated."""
    if right.unit_id == grant.unit_id:
        return right.with_subtree or not grant.with_subtree
    return right.with_subtree and right.unit_id in above


def _units_above(session: Session, unit_ids: set[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Return from which units rights reach each unit; no statement when there is none."""
    found: dict[uuid.UUID, set[uuid.UUID]] = {unit_id: set() for unit_id in unit_ids}
    if found:
        generation = int(session.info["epochs"]["tree"])
        for unit_id, ancestor_id in session.execute(
            sa.select(UnitScope.unit_id, UnitScope.ancestor_id).where(
                UnitScope.unit_id.in_(unit_ids), visible(UnitScope, generation)
            )
        ):
            found[unit_id].add(ancestor_id)
    return found


def all_rights(
    session: Session, roles: Roles, account_id: uuid.UUID, member_id: uuid.UUID | None, on: date
) -> list[Right]:
    """Return everything an account holds on a day, its own first, then what was delegated.

    A delegation that gives nothing any more is left out: it would still show its unit.
    """
    rights = own_rights(session, roles, account_id, member_id, on)
    delegated = delegated_rights(session, roles, account_id, on)
    return [*rights, *(right for right in delegated if right.permissions)]
