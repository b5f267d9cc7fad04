"""Settings of sign-in: how many tries, how long a session lasts, what a password must have."""

from __future__ import annotations

import uuid

import marshmallow as ma

from core.i18n import lazy
from core.settings import Default, SettingSpec, value
from core.work import Work


def _number(low: int, high: int) -> ma.fields.Integer:
    return ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(low, high))


GROUP = "core.access"
SPECS = (
    SettingSpec(
        key="core.access.lock_after",
        title=lazy("Wrong passwords in a row before an account is locked"),
        field=_number(3, 100),
        defaults=(Default(5),),
        group=GROUP,
    ),
    SettingSpec(
        key="core.access.lock_minutes",
        title=lazy("Minutes for which an account is locked"),
        field=_number(1, 1440),
        defaults=(Default(15),),
        group=GROUP,
    ),
    SettingSpec(
        key="core.access.idle_minutes",
        title=lazy("Minutes without use after which a shared device signs out"),
        field=_number(2, 240),
        defaults=(Default(15),),
        group=GROUP,
    ),
    SettingSpec(
        key="core.access.session_days",
        title=lazy("Days for which a sign-in holds on one's own device"),
        field=_number(1, 31),
        defaults=(Default(30),),
        group=GROUP,
    ),
    SettingSpec(
        key="core.access.shared_hours",
        title=lazy("Hours for which a sign-in holds on a shared device at most"),
        field=_number(1, 24),
        defaults=(Default(12),),
        group=GROUP,
    ),
    SettingSpec(
        key="core.access.password_least",
        title=lazy("Characters a password needs at least"),
        field=_number(8, 64),
        defaults=(Default(8, source="NIST SP 800-63B"),),
        group=GROUP,
    ),
    SettingSpec(
        key="core.access.totp_required",
        title=lazy("A second factor is asked from everybody whose account belongs here"),
        field=ma.fields.Boolean(required=True),
        defaults=(Default(False),),
        group=GROUP,
    ),
    SettingSpec(
        key="core.access.reset_hours",
        title=lazy("Hours for which a reset code holds"),
        field=_number(1, 336),
        defaults=(Default(72),),
        group=GROUP,
    ),
    SettingSpec(
        key="core.access.reset_tries",
        title=lazy("Wrong reset codes in a row from one network before it has to wait"),
        field=_number(5, 1000),
        defaults=(Default(30),),
        group=GROUP,
    ),
    SettingSpec(
        key="core.access.delegation_days",
        title=lazy("Days for which rights may be delegated at most"),
        field=_number(1, 366),
        defaults=(Default(90),),
        group=GROUP,
    ),
    SettingSpec(
        key="core.access.token_days",
        title=lazy("Days for which a program's token may hold at most"),
        field=_number(1, 1096),
        defaults=(Default(366),),
        group=GROUP,
    ),
)


def setting(work: Work, name: str, unit_id: uuid.UUID | None = None) -> int:
    """Return a setting of sign-in for accounts of a unit; without one that of the root."""
    root = work.session.info["root_place"]
    place = None
    if unit_id is not None:
        found = work.host.places.by_ids(work.session, [unit_id], work.today, work.generation)
        place = found.get(unit_id)
    return int(value(work, f"{GROUP}.{name}", place or root))
