"""What waits about members at somebody's place: for “my work”."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from core.i18n import _, _n
from core.members import permissions
from core.members.models import CorrectionRequest, Member, MemberCondition, MemberStatus
from core.members.services.statuses import months_after
from core.members.settings import PROBATION_MONTHS
from core.pages import WorkCard
from core.scope import reached
from core.settings import value
from core.units.models import UnitScope
from core.units.places import valid_on, visible
from core.work import Work


class Waiting(NamedTuple):
    """How many members of a unit and below wait for something."""

    requests: int
    contacts: int
    recognitions: int


def cards_of(work: Work) -> list[WorkCard]:
    """Return the cards of this unit and below: one statement, whatever the size."""
    waiting, here = count_waiting(work), {"unit": work.unit.code}
    cards = (_requests(waiting, here), _recognitions(waiting, here), _contacts(waiting, here))
    return [card for card in cards if card is not None]


def _requests(waiting: Waiting, here: dict[str, str]) -> WorkCard | None:
    """Return the card of requests for a correction."""
    if not waiting.requests:
        return None
    return WorkCard(
        title=_("Requests for a correction"),
        text=_n(
            "%(n)s member waits for an answer.",
            "%(n)s members wait for an answer.",
            waiting.requests,
        ),
        action=_("Answer the requests"),
        endpoint="members.requests",
        values=here,
        urgency=40,
    )


def _recognitions(waiting: Waiting, here: dict[str, str]) -> WorkCard | None:
    """Return the card of members whose probation is over."""
    if not waiting.recognitions:
        return None
    return WorkCard(
        title=_("Probation is over"),
        text=_n(
            "%(n)s member has finished probation; the branch considers recognition.",
            "%(n)s members have finished probation; the branch considers recognition.",
            waiting.recognitions,
        ),
        action=_("See the probationary members"),
        endpoint="members.members",
        values={**here, "status": "probationary"},
        urgency=55,
    )


def _contacts(waiting: Waiting, here: dict[str, str]) -> WorkCard | None:
    """Return the card of members away for work who are to be contacted."""
    if not waiting.contacts:
        return None
    return WorkCard(
        title=_("Members away for work"),
        text=_n(
            "%(n)s member is to be contacted.",
            "%(n)s members are to be contacted.",
            waiting.contacts,
        ),
        action=_("See who is to be contacted"),
        endpoint="members.contacts",
        values=here,
        urgency=60,
    )


def count_waiting(work: Work) -> Waiting:
    """Count open requests, contacts that are due and recognitions to consider."""
    requests = _here(work, CorrectionRequest).where(CorrectionRequest.state == "open")
    contacts = _here(work, MemberCondition).where(
        MemberCondition.kind == "away",
        MemberCondition.next_contact_on <= work.today,
        valid_on(MemberCondition, work.today),
    )
    recognitions = _here(work, MemberStatus).where(
        Member.status == "probationary",
        MemberStatus.status == "probationary",
        valid_on(MemberStatus, work.today),
        MemberStatus.valid_from <= _latest_begin(work),
    )
    row = work.session.execute(
        sa.select(*(part.scalar_subquery() for part in (requests, contacts, recognitions))),
        execution_options={"unscoped": "counts with the permission inside each part"},
    ).one()
    return Waiting(*(int(number or 0) for number in row))


def _here(work: Work, model: Any) -> Any:
    """Count rows about members of this unit and below whom the actor may manage."""
    statement: Any = (
        sa.select(sa.func.count())
        .select_from(Member)
        .join(model, model.member_id == Member.id)
        .join(UnitScope, UnitScope.unit_id == Member.unit_id)
        .where(
            UnitScope.ancestor_id == work.unit.id,
            visible(UnitScope, work.generation),
            Member.voided_at.is_(None),
        )
    )
    allowed = reached(work, permissions.MANAGE, Member.unit_id)
    return statement if allowed is None else statement.where(allowed)


def _latest_begin(work: Work) -> date:
    """Return the latest first day of a probation that is over today."""
    months = int(value(work, PROBATION_MONTHS))
    latest = work.today - timedelta(days=months * 28)
    while months_after(latest, months) > work.today:
        latest -= timedelta(days=1)
    return latest
