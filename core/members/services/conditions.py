"""For a time: away for work with a next contact, suspended, excused from meetings."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.errors import InvalidInput, NotFound, RuleBroken
from core.i18n import _
from core.members.models import CONDITIONS, Member, MemberCondition
from core.members.services.facts import note, settle
from core.periods import OPEN
from core.units.models import UnitScope
from core.units.places import valid_on, visible
from core.work import Work


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who is away, and the day by which the branch speaks with them again."""

    member_id: uuid.UUID
    condition_id: uuid.UUID
    full_name: str
    phone: str
    unit_id: uuid.UUID
    since: date
    next_contact_on: date


def set_condition(
    work: Work,
    member: Member,
    kind: str,
    *,
    since: date,
    until: date | None = None,
    next_contact_on: date | None = None,
    decision_no: str = "",
) -> MemberCondition:
    """Say that a member is away, suspended or excused; no reason of health, no place is kept."""
    _check(kind, since, until, next_contact_on, decision_no)
    end = until or OPEN
    clash = work.session.scalar(
        sa.select(MemberCondition.id)
        .where(
            MemberCondition.member_id == member.id,
            MemberCondition.kind == kind,
            MemberCondition.valid_from < end,
            MemberCondition.valid_to > since,
        )
        .limit(1)
    )
    if clash is not None:
        raise RuleBroken(_("This is entered for that time already. End or change that entry."))
    condition = MemberCondition(
        member_id=member.id,
        kind=kind,
        valid_from=since,
        valid_to=end,
        next_contact_on=next_contact_on if kind == "away" else None,
        decision_no=decision_no,
    )
    work.session.add(condition)
    after = {"kind": kind, "since": since, "until": until, "next_contact_on": next_contact_on}
    note(work, "condition_set", member, after={**after, "decision_no": decision_no})
    settle(work, [member.id])
    return condition


def _check(
    kind: str, since: date, until: date | None, next_contact_on: date | None, decision_no: str
) -> None:
    """Refuse what a condition of this kind cannot be."""
    wrong: dict[str, str] = {}
    if kind not in CONDITIONS:
        wrong["kind"] = _("Choose what holds for a time.")
    if until is not None and until <= since:
        wrong["until"] = _("The last day lies before the first day.")
    if kind == "away" and next_contact_on is None:
        wrong["next_contact_on"] = _("Write by which day the branch gets in touch again.")
    if kind == "suspended" and not decision_no:
        wrong["decision_no"] = _("This needs a decision. Write its number.")
    if wrong:
        sentence = next(iter(wrong.values()))
        raise InvalidInput(sentence, fields={name: [text] for name, text in wrong.items()})


def access_condition(work: Work, member: Member, condition_id: uuid.UUID) -> MemberCondition:
    """Return a condition of a member."""
    condition = work.session.scalars(
        sa.select(MemberCondition).where(
            MemberCondition.id == condition_id, MemberCondition.member_id == member.id
        )
    ).one_or_none()
    if condition is None:
        raise NotFound(_("This fact is not in the record any more. Load the page again."))
    return condition


def note_contact(
    work: Work, member: Member, condition: MemberCondition, *, next_contact_on: date
) -> None:
    """Note that the branch has been in touch, and when it will be again."""
    if next_contact_on <= work.today:
        sentence = _("Choose a day after today.")
        raise InvalidInput(sentence, fields={"next_contact_on": [sentence]})
    before = {"next_contact_on": condition.next_contact_on}
    condition.next_contact_on = next_contact_on
    note(work, "contacted", member, before=before, after={"next_contact_on": next_contact_on})


def clear_condition(work: Work, member: Member, condition: MemberCondition, *, day: date) -> None:
    """End a condition; `day` is the first day on which it no longer holds."""
    before = {"kind": condition.kind, "until": condition.valid_to}
    if day <= condition.valid_from:
        work.session.delete(condition)
    elif day > condition.valid_to:
        sentence = _("It ends before that day already.")
        raise InvalidInput(sentence, fields={"on": [sentence]})
    else:
        condition.valid_to = day
    note(work, "condition_cleared", member, before=before, after={"on": day})
    settle(work, [member.id])


def contacts_due(work: Work, by: date | None = None, limit: int = 200) -> Sequence[Contact]:
    """List who of this unit and below is away and to be contacted up to a day, earliest first."""
    statement: Any = (
        _away(work)
        .with_only_columns(
            Member.id,
            MemberCondition.id,
            Member.full_name,
            Member.phone,
            Member.unit_id,
            MemberCondition.valid_from,
            MemberCondition.next_contact_on,
        )
        .order_by(MemberCondition.next_contact_on, Member.sort_key)
        .limit(limit)
    )
    if by is not None:
        statement = statement.where(MemberCondition.next_contact_on <= by)
    return [Contact(*row) for row in work.session.execute(statement)]


def _away(work: Work) -> Any:
    """Members of this unit and below who are away today."""
    return (
        sa.select(Member)
        .select_from(Member)
        .join(MemberCondition, MemberCondition.member_id == Member.id)
        .join(UnitScope, UnitScope.unit_id == Member.unit_id)
        .where(
            UnitScope.ancestor_id == work.unit.id,
            visible(UnitScope, work.generation),
            MemberCondition.kind == "away",
            MemberCondition.next_contact_on.is_not(None),
            valid_on(MemberCondition, work.today),
            Member.voided_at.is_(None),
        )
    )
