"""Requests of members to have their own record put right, and their answers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from core.errors import InvalidInput, NotFound, RuleBroken
from core.i18n import _
from core.ledger.recording import plain
from core.members import permissions
from core.members.models import CorrectionRequest, Member
from core.members.services.correcting import correct_member
from core.members.services.facts import note
from core.members.services.reading import home_of
from core.members.settings import CORRECTION_DAYS
from core.settings import value
from core.units.models import UnitScope
from core.units.places import visible
from core.work import Work

ASKED = (
    "full_name",
    "birth_date",
    "sex",
    "card_no",
    "phone",
    "email",
    "admitted_on",
    "official_on",
)
DAYS = ("birth_date", "admitted_on", "official_on")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with the record it is about."""

    request: CorrectionRequest
    member: Member

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """The fields with what stands there now and what is wanted."""
        wanted = typed(self.request.wanted)
        return [(name, getattr(self.member, name), wanted[name]) for name in wanted]


def typed(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the wanted values as the record holds them."""
    return {
        name: date.fromisoformat(text) if name in DAYS and text else text
        for name, text in wanted.items()
    }


def request_correction(work: Work, member: Member, **wanted: Any) -> CorrectionRequest:
    """Ask the branch to put one's own record right; it answers within the days of the setting."""
    changed = {
        name: text
        for name, text in wanted.items()
        if name in ASKED and text not in (None, "") and text != getattr(member, name)
    }
    if not changed:
        raise InvalidInput(_("Nothing differs from the record. Write what should stand there."))
    open_one = work.session.scalar(
        sa.select(CorrectionRequest.id).where(
            CorrectionRequest.member_id == member.id, CorrectionRequest.state == "open"
        )
    )
    if open_one is not None:
        raise RuleBroken(_("Your last request is still waiting for an answer."))
    days = int(value(work, CORRECTION_DAYS, home_of(work, member)))
    request = CorrectionRequest(
        member_id=member.id,
        wanted=plain(changed),
        made_at=work.now,
        due_on=work.today + timedelta(days=days),
    )
    work.session.add(request)
    note(work, "correction_requested", member, after=changed)
    return request


def own_requests(work: Work, member: Member) -> Sequence[CorrectionRequest]:
    """Return one's own requests, the latest first."""
    return work.session.scalars(
        sa.select(CorrectionRequest)
        .where(CorrectionRequest.member_id == member.id)
        .order_by(CorrectionRequest.made_at.desc(), CorrectionRequest.id.desc())
        .limit(20)
    ).all()


def _here(work: Work) -> Any:
    """Requests of members of this unit and below."""
    return (
        sa.select(Member, CorrectionRequest)
        .select_from(Member)
        .join(CorrectionRequest, CorrectionRequest.member_id == Member.id)
        .join(UnitScope, UnitScope.unit_id == Member.unit_id)
        .where(UnitScope.ancestor_id == work.unit.id, visible(UnitScope, work.generation))
    )


def list_requests(work: Work, *, state: str = "open", limit: int = 100) -> list[Asked]:
    """List requests of this unit and below, the most urgent first."""
    rows = work.session.execute(
        _here(work)
        .where(CorrectionRequest.state == state)
        .order_by(CorrectionRequest.due_on, CorrectionRequest.id)
        .limit(limit)
    )
    return [Asked(request, member) for member, request in rows]


def access_request(work: Work, request_id: uuid.UUID) -> Asked:
    """Return one request of a member of this unit or below."""
    row = work.session.execute(_here(work).where(CorrectionRequest.id == request_id)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such request here."))
    return Asked(row[1], row[0])


def answer_request(work: Work, asked: Asked, *, accept: bool, answer: str = "") -> Member:
    """Put the record right as asked, or decline with a reason."""
    request, member = asked.request, asked.member
    if request.state != "open":
        raise RuleBroken(_("This request was answered already."))
    if not accept and not answer:
        sentence = _("Write why the record stays as it is.")
        raise InvalidInput(sentence, fields={"answer": [sentence]})
    request.state = "done" if accept else "declined"
    request.answer, request.answered_by = answer, work.actor.label
    request.answered_at = work.now
    if accept:
        member = correct_member(work, member, **typed(request.wanted))
    note(
        work,
        "correction_answered",
        member,
        after={"state": request.state, "answer": answer},
        permission=permissions.MANAGE,
    )
    return member
