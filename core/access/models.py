"""Accounts, sessions, roles, grants, delegations, one-time codes and tokens of programs."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, Keyed, Line, Revised, ShortText, SortBytes
from core.names import search_key, sort_key, split_full_name


def _sort_key(context: Any) -> bytes:
    """Return the key that puts an account in Vietnamese order, from the name it is made with."""
    return sort_key(split_full_name(context.get_current_parameters()["name"]))


def _search(context: Any) -> str:
    """Return what an account is found by: name without marks, and user name."""
    values = context.get_current_parameters()
    return searched_by(values["name"], values["username"])


def searched_by(name: str, username: str) -> str:
    """Return the text in which a search without marks looks for an account."""
    return f"{search_key(name)} {username}"[:300]


class Account(Keyed, Revised, Base):
    """Who may sign in; usually a member, never an e-mail address alone."""

    __tablename__ = "core_account"
    username: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name: Mapped[Line]
    sort_key: Mapped[SortBytes] = mapped_column(default=_sort_key)
    search: Mapped[Line] = mapped_column(default=_search)
    member_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("core_member.id"), unique=True
    )
    home_unit_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("core_unit.id"), index=True
    )
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    must_change: Mapped[bool] = mapped_column(default=False)
    password_changed_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    totp_secret: Mapped[Line | None]
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None]
    email: Mapped[Line | None]
    preferences: Mapped[Any] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime]
    last_signed_in_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    __table_args__ = (sa.Index("ix_core_account_order", "sort_key", "id"),)


class UnknownName(Base):
    """Tries to sign in by a name that nobody has, counted as those of an account.

    So the answers do not tell which names exist. Only a keyed digest is kept, because people type
    passwords here too. Wrong reset codes are counted here by the network address they came from.
    """

    __tablename__ = "core_unknown_name"
    name_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    last_at: Mapped[datetime] = mapped_column(index=True)


class RecoveryCode(Keyed, Base):
    """A code to sign in once when the telephone with the second factor is gone."""

    __tablename__ = "core_recovery_code"
    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.String(200))
    used_at: Mapped[datetime | None]


class ResetCode(Keyed, Base):
    """A one-time code, handed over on paper, with which a person sets a new password."""

    __tablename__ = "core_reset_code"
    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.String(200))
    made_by: Mapped[Line]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class LoginSession(Keyed, Base):
    """A signed-in device; it can be listed and ended.

    `idle_minutes` ends it after so many minutes without a request (0: never); `asks_totp` says that
    the second factor is asked here whatever the roles say.
    """

    __tablename__ = "core_session"
    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_account.id"), index=True)
    secret_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    device: Mapped[ShortText]
    is_shared: Mapped[bool] = mapped_column(default=False)
    idle_minutes: Mapped[int] = mapped_column(default=0)
    asks_totp: Mapped[bool] = mapped_column(default=False)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class SharedDevice(Keyed, Base):
    """A name kept on a shared device for the two-tap switch; the password is still asked."""

    __tablename__ = "core_shared_device"
    device_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), index=True)
    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_account.id"), index=True)
    last_used_at: Mapped[datetime]


class Role(Base):
    """A role: permissions and classes of fields; data, so that a province can change it."""

    __tablename__ = "core_role"
    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    title: Mapped[Line]
    title_en: Mapped[Line]
    permissions: Mapped[Any] = mapped_column(Json, default=list)
    denied: Mapped[Any] = mapped_column(Json, default=list)
    field_classes: Mapped[Any] = mapped_column(Json, default=list)
    needs_totp: Mapped[bool] = mapped_column(default=False)
    order: Mapped[int] = mapped_column(default=50)


class PositionRole(Keyed, Base):
    """A role that comes with a position and ends with it."""

    __tablename__ = "core_position_role"
    position: Mapped[ShortText] = mapped_column(index=True)
    unit_kind: Mapped[str | None] = mapped_column(sa.String(40))
    role: Mapped[str] = mapped_column(sa.ForeignKey("core_role.key"))
    with_subtree: Mapped[bool] = mapped_column(default=True)


class Grant(Keyed, Revised, Base):
    """A role at a unit, with or without its subtree, for a span of days.

    A delegation names who delegated; it never gives more than they have themselves. `ended_at` ends
    it at once, on its very first day too; `valid_to` then tells since which day.
    """

    __tablename__ = "core_grant"
    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_account.id"), index=True)
    role: Mapped[str] = mapped_column(sa.ForeignKey("core_role.key"))
    unit_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_unit.id"), index=True)
    with_subtree: Mapped[bool] = mapped_column(default=True)
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    delegated_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("core_account.id"))
    document_no: Mapped[ShortText] = mapped_column(default="")
    made_by: Mapped[Line]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[Line | None]
    __table_args__ = (sa.CheckConstraint("valid_from < valid_to", name="span"),)


class ApiToken(Keyed, Base):
    """A program's key: never wider than the rights of whoever issued it."""

    __tablename__ = "core_api_token"
    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_account.id"), index=True)
    name: Mapped[Line]
    secret_digest: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    unit_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("core_unit.id"))
    permissions: Mapped[Any] = mapped_column(Json, default=list)
    expires_on: Mapped[date]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
