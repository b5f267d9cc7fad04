"""Names kept on a device, so that one changes person by two taps; the password is still asked."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from core.access.authentication import digest
from core.access.codes import new_secret
from core.access.models import Account, SharedDevice
from core.errors import NotFound
from core.i18n import _
from core.work import Work

MOST_NAMES = 12


@dataclass(frozen=True, slots=True)
class KeptName:
    """A name on a device; `id` stands for it in addresses of this device only."""

    id: uuid.UUID
    name: str
    username: str


def names_on(work: Work, device_id: str) -> list[KeptName]:
    """Return the names kept on a device, the one used last first."""
    if not device_id:
        return []
    rows = work.session.execute(
        sa.select(SharedDevice.id, Account.name, Account.username)
        .join(Account, Account.id == SharedDevice.account_id)
        .where(SharedDevice.device_digest == digest(device_id), Account.ended_at.is_(None))
        .order_by(SharedDevice.last_used_at.desc(), SharedDevice.id)
        .limit(MOST_NAMES)
    )
    return [KeptName(*row) for row in rows]


def kept_name(work: Work, device_id: str, name_id: uuid.UUID) -> KeptName:
    """Return one name of a device; another device's is not found."""
    for kept in names_on(work, device_id):
        if kept.id == name_id:
            return kept
    raise NotFound(_("This name is not kept on this device any more. Type the user name."))


def keep_name(work: Work, device_id: str, account: Account) -> str:
    """Keep a name on a device after its person signed in; return the device's id."""
    device_id = device_id or new_secret()
    row = work.session.scalar(
        sa.select(SharedDevice).where(
            SharedDevice.device_digest == digest(device_id), SharedDevice.account_id == account.id
        )
    )
    if row is None:
        row = SharedDevice(device_digest=digest(device_id), account_id=account.id)
        work.session.add(row)
    row.last_used_at = work.now
    return device_id


def forget_name(work: Work, device_id: str, name_id: uuid.UUID) -> None:
    """Take a name off a device."""
    work.session.execute(
        sa.delete(SharedDevice).where(
            SharedDevice.id == name_id, SharedDevice.device_digest == digest(device_id)
        )
    )
