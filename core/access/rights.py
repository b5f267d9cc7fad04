"""The rights an account holds today: by grant, by position, by delegation; remembered per epoch."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.access.models import Account, Grant, PositionRole, Role
from core.access.principal import Right
from core.members.models import Position
from core.plugin_host import PluginHost
from core.units.models import UnitScope, UnitVersion
from core.units.places import valid_on, visible


class RightsCache:
    """Rights remembered by a process while nobody's rights change."""

    def __init__(self, host: PluginHost) -> None:
        """Begin empty."""
        self._host = host
        self._key: tuple[Any, ...] | None = None
        self._roles: dict[str, tuple[frozenset[str], frozenset[str], bool]] = {}
        self._rights: dict[uuid.UUID, tuple[tuple[Right, ...], bool]] = {}

    def forget(self) -> None:
        """Begin again."""
        self._key = None

    def of(
        self, session: Session, account_id: uuid.UUID, member_id: uuid.UUID | None, today: date
    ) -> tuple[tuple[Right, ...], bool]:
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
    ) -> tuple[tuple[Right, ...], bool]:
        rights = own_rights(session, self._roles, account_id, member_id, today)
        rights.extend(delegated_rights(session, self._roles, account_id, today))
        needs = any(self._roles[right.role][2] for right in rights if right.role in self._roles)
        return tuple(rights), needs


def load_roles(
    session: Session, host: PluginHost
) -> dict[str, tuple[frozenset[str], frozenset[str], bool]]:
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
    roles: Mapping[str, tuple[frozenset[str], frozenset[str], bool]],
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
                valid_on(Grant, today),
            )
        )
        if grant.role in roles
    ]
    if member_id is not None:
        rights.extend(position_rights(session, roles, member_id, today))
    return rights


def position_rights(
    session: Session,
    roles: Mapping[str, tuple[frozenset[str], frozenset[str], bool]],
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
    session: Session,
    roles: Mapping[str, tuple[frozenset[str], frozenset[str], bool]],
    account_id: uuid.UUID,
    today: date,
) -> list[Right]:
    """Return what was delegated, cut to what the grantor holds themselves at that unit today."""
    result: list[Right] = []
    rows = session.execute(
        sa.select(Grant, Account.member_id, Account.name)
        .join(Account, Account.id == Grant.delegated_by_id)
        .where(Grant.account_id == account_id, valid_on(Grant, today), Account.ended_at.is_(None))
    ).all()
    for grant, grantor_member, grantor_name in rows:
        if grant.role not in roles or grant.delegated_by_id is None:
            continue
        held = own_rights(session, roles, grant.delegated_by_id, grantor_member, today)
        reaching = [right for right in held if _covers(session, right, grant)]
        permissions = frozenset().union(*(right.permissions for right in reaching))
        classes = frozenset().union(*(right.field_classes for right in reaching))
        right = Right(
            unit_id=grant.unit_id,
            with_subtree=grant.with_subtree,
            role=grant.role,
            permissions=roles[grant.role][0] & permissions,
            field_classes=roles[grant.role][1] & classes,
            source="delegation",
            valid_to=grant.valid_to,
            acting_for=grantor_name,
            grant_id=grant.id,
        )
        result.append(right if right.permissions else replace(right, permissions=frozenset()))
    return result


def _covers(session: Session, right: Right, grant: Grant) -> bool:
    """Whether the grantor's right covers the place, and the subtree where that was delegated."""
    if right.unit_id == grant.unit_id:
        return right.with_subtree or not grant.with_subtree
    if not right.with_subtree:
        return False

    return (
        session.scalar(
            sa.select(UnitScope.depth).where(
                UnitScope.ancestor_id == right.unit_id,
                UnitScope.unit_id == grant.unit_id,
                visible(UnitScope, int(session.info["epochs"]["tree"])),
            )
        )
        is not None
    )
