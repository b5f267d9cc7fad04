"""Sending a notice: one text, a copy for each person, e-mail after the act committed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.access.models import Account
from core.chunks import chunked
from core.db import new_key
from core.jobs import enqueue
from core.notices import permissions
from core.notices.models import Notice, NoticeCopy
from core.units.places import Place
from core.work import Work


@dataclass(frozen=True, slots=True)
class Sent:
    """A notice that was sent: to how many, and which members have no account and get a slip."""

    notice: Notice
    count: int
    without_account: Sequence[uuid.UUID] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Message:
    """What is said. `kind` begins with the plugin's name, such as "meetings.announced".

    The subject shows on locked screens: no names of third persons, no agenda, no votes, no ratings
    (`wording`, 7). The page a tap leads to is `endpoint` with `values`; the unit is filled in.
    """

    kind: str
    subject: str
    body: str = ""
    endpoint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    due_on: date | None = None


def send_notice(
    work: Work,
    message: Message,
    *,
    members: Iterable[uuid.UUID] = (),
    accounts: Iterable[uuid.UUID] = (),
    unit: Place | None = None,
) -> Sent:
    """Tell members, or accounts of people who are no members, something; each person once.

    A few statements for any number of people. E-mail goes out after the act committed, where it is
    configured. Members without an account are named in the answer: they get a printed slip.
    """
    place = unit or work.unit
    people = _people(work, members, accounts)
    notice = _kept(work, message, place)
    if people:
        work.session.execute(
            sa.insert(NoticeCopy),
            [
                {
                    "person_id": person.key,
                    "notice_id": notice.id,
                    "is_member": person.is_member,
                    "has_account": person.has_account,
                }
                for person in people
            ],
        )
    if any(person.has_mail for person in people):
        enqueue(work, "notices.mail", {"notice": str(notice.id)}, key=str(notice.id))
    ledger.record(
        work,
        "notices.sent",
        ledger.About("notice", notice.id, notice.subject, place.id),
        after={"kind": notice.kind, "people": len(people)},
        permission=permissions.SEND,
    )
    return Sent(notice, len(people), [p.key for p in people if p.is_member and not p.has_account])


def _kept(work: Work, message: Message, unit: Place) -> Notice:
    """Write down what is said, once."""
    notice = Notice(
        id=new_key(),
        unit_id=unit.id,
        kind=message.kind,
        subject=message.subject[:300],
        body=message.body,
        endpoint=message.endpoint,
        link_values={key: str(value) for key, value in message.values.items()},
        due_on=message.due_on,
        sender=work.actor.label[:300],
        created_at=work.now,
    )
    work.session.add(notice)
    work.session.flush()
    return notice


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody a notice goes to."""

    key: uuid.UUID
    is_member: bool
    has_account: bool
    has_mail: bool = False


def _people(
    work: Work, members: Iterable[uuid.UUID], accounts: Iterable[uuid.UUID]
) -> list[_Person]:
    """Return each person once, in the order given, with what is known of their account."""
    member_ids, account_ids = list(dict.fromkeys(members)), list(dict.fromkeys(accounts))
    found: list[Any] = []
    for column, keys in ((Account.member_id, member_ids), (Account.id, account_ids)):
        for chunk in chunked(keys):
            found.extend(
                work.session.execute(
                    sa.select(Account.id, Account.member_id, Account.email).where(
                        column.in_(chunk), Account.ended_at.is_(None)
                    )
                )
            )
    of_member = {row.member_id: row for row in found if row.member_id}
    people = {
        key: _Person(key, True, key in of_member, key in of_member and bool(of_member[key].email))
        for key in member_ids
    }
    for row in found:
        key = row.member_id or row.id
        if row.id in account_ids and key not in people:
            people[key] = _Person(key, row.member_id is not None, True, bool(row.email))
    return list(people.values())
