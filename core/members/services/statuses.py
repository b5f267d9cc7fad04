"""What a member is: recognised, exempt, gone, taken in again."""

from __future__ import annotations

import calendar
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.errors import InvalidInput, RuleBroken
from core.i18n import _, format_day
from core.members import permissions
from core.members.labels import STATUS as STATUS_WORDS
from core.members.models import COUNTED, EXIT_REASONS, Member
from core.members.services.facts import (
    CONDITION,
    HOME,
    POST,
    STATUS,
    TEMPORARY,
    Fact,
    check_stays,
    note,
    read_facts,
    read_member,
    settle,
    write_facts,
)
from core.members.services.reading import home_of
from core.members.services.registering import check_holds_members
from core.members.settings import PROBATION_MONTHS, READMISSION_MONTHS
from core.members.spans import StatusSpan, StaySpan, put, without
from core.periods import OPEN
from core.scope import require
from core.settings import explain, value
from core.units.places import Place
from core.work import Work

STEPS = {
    ("probationary", "official"),
    ("official", "exempt"),
    ("exempt", "official"),
}
NEEDS_DECISION = ("removed", "expelled", "resigned")


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether somebody may be proposed for readmission; a person decides, this only reckons."""

    is_allowed: bool
    sentence: str
    since: date | None = None


def months_after(day: date, months: int) -> date:
    """Return the same day some months later; the last of a shorter month where there is none."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def change_status(
    work: Work,
    member: Member,
    status: str,
    *,
    on: date,
    decision_no: str = "",
    decision_date: date | None = None,
) -> Member:
    """Recognise a probationary member as official, or begin or end an exemption.

    Somebody recognised counts as official from the end of probation, so `on` may lie before the
    decision; it never lies before the end of probation.
    """
    held = read_facts(work, STATUS, [member.id])
    now = _last(held.of(member.id), on)
    if (now.status, status) not in STEPS:
        raise RuleBroken(
            _(
                "This cannot follow: now “%(now)s”, wanted “%(wanted)s”.",
                now=STATUS_WORDS.get(now.status, now.status),
                wanted=STATUS_WORDS.get(status, status),
            )
        )
    if now.status == "probationary":
        _check_probation(work, member, now, on)
        member.official_on = on
    new = StatusSpan(on, OPEN, status, "", decision_no, decision_date)
    write_facts(work, held, {member.id: put(held.of(member.id), new)})
    note(
        work,
        "status_changed",
        member,
        before={"status": now.status},
        after={"status": status, "on": on, "decision_no": decision_no},
    )
    settle(work, [member.id])
    return read_member(work, member.id)


def _last(spans: list[StatusSpan], on: date) -> StatusSpan:
    """Return the latest status; an act may only follow it."""
    if not spans or spans[-1].valid_from >= on:
        since = format_day(spans[-1].valid_from) if spans else ""
        sentence = _(
            "The record already says something from %(day)s on. Choose a later day, or correct "
            "the history.",
            day=since,
        )
        raise InvalidInput(sentence, fields={"on": [sentence]})
    return spans[-1]


def probation_ends(work: Work, place: Place, began: date) -> date:
    """Return the day on which probation that began on a day is over."""
    return months_after(began, int(value(work, PROBATION_MONTHS, place, began)))


def _check_probation(work: Work, member: Member, now: StatusSpan, on: date) -> None:
    """Refuse a recognition before probation is over."""
    over = probation_ends(work, home_of(work, member), now.valid_from)
    if on < over:
        sentence = _("Probation lasts until %(day)s. Choose that day or a later one.",
                     day=format_day(over))  # fmt: skip
        raise InvalidInput(sentence, fields={"on": [sentence]})


def leave(
    work: Work,
    member: Member,
    reason: str,
    *,
    on: date,
    decision_no: str = "",
    decision_date: date | None = None,
) -> Member:
    """Let a membership here end: moved, deceased, removed, expelled or resigned.

    `on` is the first day on which the person no longer counts. Home, stay elsewhere, positions
    and conditions end with it.
    """
    held = read_facts(work, STATUS, [member.id])
    now = _last(held.of(member.id), on)
    _check_exit(now, reason, decision_no)
    work.hooks.check_member_leaving(member_id=member.id, on=on)
    new = StatusSpan(on, OPEN, "left", reason, decision_no, decision_date)
    write_facts(work, held, {member.id: put(held.of(member.id), new)})
    ended = end_facts(work, [member.id], on, (HOME, TEMPORARY, POST, CONDITION))
    note(
        work,
        "left",
        member,
        before={"status": now.status},
        after={"reason": reason, "on": on, "decision_no": decision_no},
    )
    settle(work, [member.id], rights=bool(ended))
    return read_member(work, member.id)


def _check_exit(now: StatusSpan, reason: str, decision_no: str) -> None:
    """Refuse an exit that does not fit what the person is."""
    if reason not in EXIT_REASONS:
        sentence = _("Choose why the person leaves.")
        raise InvalidInput(sentence, fields={"reason": [sentence]})
    if now.status not in COUNTED:
        raise RuleBroken(_("This person has left already."))
    if reason in NEEDS_DECISION and not decision_no:
        sentence = _("This needs a decision. Write its number.")
        raise InvalidInput(sentence, fields={"decision_no": [sentence]})
    if reason == "expelled" and now.status == "probationary":
        sentence = _("A probationary member is struck from the list, not expelled.")
        raise InvalidInput(sentence, fields={"reason": [sentence]})


def end_facts(
    work: Work, member_ids: Iterable[uuid.UUID], on: date, facts: Iterable[Fact[Any]]
) -> set[uuid.UUID]:
    """End facts of members on a day; what had not begun yet goes. Return whose changed."""
    ids, changed = set(member_ids), set()
    for fact in facts:
        held: Any = read_facts(work, fact, ids)
        changed |= write_facts(work, held, {one: without(held.of(one), on) for one in ids})
    return changed


def readmission_eligibility(work: Work, member: Member, on: date) -> Eligibility:
    """Reckon whether enough time has passed, and whether it would be the first time.

    Source: 294-QĐ/TW. Written consent, the person's own application and the excluded cases are
    for people to look at; the form asks for them.
    """
    spans = read_facts(work, STATUS, [member.id]).of(member.id)
    last = spans[-1]
    if last.status != "left" or last.reason == "deceased":
        return Eligibility(False, _("Only somebody who has left can be taken in again."))
    if last.reason == "moved":
        return Eligibility(
            True, _("This person moved away and can simply return."), last.valid_from
        )
    if any(s.status == "left" and s.reason != "moved" for s in spans[:-1]):
        return Eligibility(False, _("Nobody is readmitted a second time."), last.valid_from)
    given = explain(work, READMISSION_MONTHS, home_of(work, member), on)
    earliest = months_after(last.valid_from, int(given.value))
    if on < earliest:
        sentence = _(
            "Readmission is possible after %(months)s months, from %(day)s on (%(source)s).",
            months=given.value,
            day=format_day(earliest),
            source=given.given.document_no if given.given else given.default_source,
        )
        return Eligibility(False, sentence, earliest)
    return Eligibility(
        True, _("Enough time has passed; the committee in charge decides."), earliest
    )


def readmit(
    work: Work,
    member: Member,
    unit: Place,
    *,
    on: date,
    decision_no: str,
    decision_date: date | None = None,
) -> Member:
    """Take somebody in again: with probation after an exit, as before after having moved away."""
    require(work, permissions.MANAGE, {unit.id, member.unit_id})
    if member.is_erased:
        raise RuleBroken(_("The personal data of this record were erased. Enter a new member."))
    check_holds_members(work, unit)
    held = read_facts(work, STATUS, [member.id])
    last = _last(held.of(member.id), on)
    allowed = readmission_eligibility(work, member, on)
    if not allowed.is_allowed:
        raise RuleBroken(allowed.sentence)
    if not decision_no:
        sentence = _("This needs a decision. Write its number.")
        raise InvalidInput(sentence, fields={"decision_no": [sentence]})
    status = _status_before(held.of(member.id)) if last.reason == "moved" else "probationary"
    new = StatusSpan(on, OPEN, status, "", decision_no, decision_date)
    homes = read_facts(work, HOME, [member.id])
    stay = StaySpan(on, OPEN, unit.id, decision_no)
    check_stays(work, [stay])
    write_facts(work, held, {member.id: put(held.of(member.id), new)})
    write_facts(work, homes, {member.id: put(homes.of(member.id), stay)})
    if status == "probationary":
        member.official_on = None
    after = {"status": status, "unit": unit.code, "on": on, "decision_no": decision_no}
    note(work, "readmitted", member, before={"status": "left"}, after=after)
    settle(work, [member.id])
    return read_member(work, member.id)


def _status_before(spans: list[StatusSpan]) -> str:
    """Return what somebody was before they moved away."""
    counted = [span.status for span in spans if span.status in COUNTED]
    return counted[-1] if counted else "official"
