"""Putting records right: what stands in them, the days of their history, and whole mistakes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from core.errors import InvalidInput, NotFound, RuleBroken
from core.i18n import _, format_day
from core.members import permissions
from core.members.models import COUNTED, Member
from core.members.services.facts import (
    ALL,
    HOME,
    POST,
    STATUS,
    TEMPORARY,
    Fact,
    Held,
    check_stays,
    note,
    read_facts,
    read_member,
    settle,
    write_facts,
)
from core.members.services.identity import (
    NAME,
    PLAIN,
    check_numbers_free,
    checked,
    name_columns,
    name_of,
)
from core.members.services.reading import home_of
from core.members.spans import Span, StatusSpan, begun, dropped, put, uncovered
from core.names import PersonName
from core.scope import require
from core.work import Work

DATES = (("admitted_on", None), ("official_on", "official"))
CORRECTED = {fact.name: fact for fact in (STATUS, HOME, TEMPORARY, POST)}


def correct_member(work: Work, member: Member, **changes: Any) -> Member:
    """Put a record right; only what is named changes, and an equal name keeps its parts.

    `admitted_on` and `official_on` also move the days on which the statuses began.
    """
    wanted: dict[str, Any] = {}
    if any(changes.get(key) for key in ("full_name", *NAME)):
        stored = PersonName(member.surname, member.middle_name, member.given_name)
        wanted.update(name_columns(name_of(changes, stored)))
    plain = checked(work, home_of(work, member), changes)
    wanted.update({key: plain.get(key, changes[key]) for key in PLAIN if key in changes})
    check_numbers_free(work, member, wanted)
    _move_beginnings(work, member, changes)
    wanted.update({key: changes[key] for key, _status in DATES if key in changes})
    before = {key: getattr(member, key) for key in wanted if getattr(member, key) != wanted[key]}
    if not before:
        return member
    for key in before:
        setattr(member, key, wanted[key])
    shown = [key for key in before if key not in ("sort_key", "search")]
    note(
        work,
        "corrected",
        member,
        before={key: before[key] for key in shown},
        after={key: wanted[key] for key in shown},
    )
    settle(work, [member.id])
    return read_member(work, member.id)


def _move_beginnings(work: Work, member: Member, changes: Mapping[str, Any]) -> None:
    """Let the statuses begin on the corrected days where they began on the old ones."""
    held = read_facts(work, STATUS, [member.id])
    spans = held.of(member.id)
    for column, status in DATES:
        day, old = changes.get(column), getattr(member, column)
        one = next((s for s in spans if s.valid_from == old), None)
        if day and day != old and one is not None and status in (None, one.status):
            spans = _begun(spans, one, day, column)
    write_facts(work, held, {member.id: spans})


def _begun(spans: list[Any], one: Any, day: date, column: str, **changes: Any) -> list[Any]:
    """Move a beginning; a day that does not fit becomes a sentence."""
    try:
        return begun(spans, one, day, **changes)
    except ValueError as error:
        sentence = _("This day does not fit the other days of the record. Check them.")
        raise InvalidInput(sentence, fields={column: [sentence]}) from error


def access_fact(
    work: Work, member: Member, sort: str, key: uuid.UUID
) -> tuple[Fact[Any], Held[Any], Span]:
    """Return one dated fact of a member by the key of its row, with all of its sort."""
    fact = CORRECTED.get(sort)
    if fact is not None:
        held: Held[Any] = read_facts(work, fact, [member.id])
        for (_member, span), row in held.keys.items():
            if row == key:
                return fact, held, span
    raise NotFound(_("This fact is not in the record any more. Load the page again."))


def correct_fact(
    work: Work,
    member: Member,
    sort: str,
    key: uuid.UUID,
    *,
    valid_from: date,
    valid_to: date | None = None,
    **changes: Any,
) -> Member:
    """Put right the days or the decision of one fact; the neighbour in time gives way or follows.

    `sort` is status, home, temporary or position; what the fact says otherwise stays.
    """
    fact, held, one = access_fact(work, member, sort, key)
    spans = held.of(member.id)
    if fact.is_single:
        after = _begun(spans, one, valid_from, "valid_from", **changes)
        if valid_to is not None and valid_to != one.valid_to:
            begun_one = next(s for s in after if s.valid_from == valid_from)
            after = _ended(after, begun_one, valid_to)
    else:
        after = [s for s in spans if s != one]
        after.append(
            _with(one, valid_from=valid_from, valid_to=valid_to or one.valid_to, **changes)
        )
    _check_places(work, spans, after)
    homeless = _homeless(work, member)
    write_facts(work, held, {member.id: after})
    _check_homes(work, member, homeless)
    _follow_official(member, sort, one, valid_from)
    note(work, "fact_corrected", member, before=_told(fact, spans), after=_told(fact, after))
    settle(work, [member.id], rights=fact is POST)
    return read_member(work, member.id)


def drop_fact(work: Work, member: Member, sort: str, key: uuid.UUID) -> Member:
    """Take out a fact that was entered by mistake; what held before it goes on.

    The last status and the last home stay: a record made by mistake is voided as a whole. An
    exit that is taken back opens the last home again.
    """
    fact, held, one = access_fact(work, member, sort, key)
    spans = held.of(member.id)
    if fact in (STATUS, HOME) and len(spans) == 1:
        raise RuleBroken(
            _("The record needs at least one entry. If it is all a mistake, void the record.")
        )
    after = dropped(spans, one) if fact.is_single else [s for s in spans if s != one]
    _check_places(work, spans, after)
    homeless = _homeless(work, member)
    write_facts(work, held, {member.id: after})
    if getattr(one, "status", "") == "left":
        _open_home(work, member, one)
    _check_homes(work, member, homeless)
    _follow_official(member, sort, one, None)
    note(work, "fact_dropped", member, before=_told(fact, spans), after=_told(fact, after))
    settle(work, [member.id], rights=fact is POST)
    return read_member(work, member.id)


def _open_home(work: Work, member: Member, left: Span) -> None:
    """Let the home that ended with an exit go on."""
    held = read_facts(work, HOME, [member.id])
    last = next((s for s in held.of(member.id) if s.valid_to == left.valid_from), None)
    if last is not None:
        longer = _with(last, valid_to=left.valid_to)
        check_stays(work, [longer])
        write_facts(work, held, {member.id: put(held.of(member.id), longer)})


def _follow_official(member: Member, sort: str, one: Any, day: date | None) -> None:
    """Keep the day of becoming official on the record when its status moves."""
    if sort == STATUS.name and one.status == "official" and member.official_on == one.valid_from:
        member.official_on = day


def _ended(spans: list[Any], one: Any, end: date) -> list[Any]:
    """Let one fact end on another day; the next one follows where they touched."""
    following = next((s for s in spans if s.valid_from == one.valid_to), None)
    if following is not None:
        return _begun(spans, following, end, "valid_to")
    return put([s for s in spans if s != one], _with(one, valid_to=end))


def _with(span: Any, **changes: Any) -> Any:
    """Change a span; days that run backwards become a sentence."""
    values = {**asdict(span), **changes}
    if values["valid_from"] >= values["valid_to"]:
        sentence = _("The last day lies before the first day.")
        raise InvalidInput(sentence, fields={"valid_to": [sentence]})
    return type(span)(**values)


def _check_places(work: Work, before: list[Any], after: list[Any]) -> None:
    """Check that units are there, and that the actor may write at every unit that is concerned."""
    concerned = set(before) ^ set(after)
    units = {span.unit_id for span in concerned if hasattr(span, "unit_id")}
    require(work, permissions.MANAGE, units)
    check_stays(work, [span for span in after if hasattr(span, "unit_id")])


def _homeless(work: Work, member: Member) -> list[StatusSpan]:
    """Return the spans on which somebody counts as a member and belongs to no unit."""
    statuses: Held[Any] = read_facts(work, STATUS, [member.id])
    homes: Held[Any] = read_facts(work, HOME, [member.id])
    counted = [span for span in statuses.of(member.id) if span.status in COUNTED]
    return uncovered(counted, homes.of(member.id))


def _check_homes(work: Work, member: Member, before: list[StatusSpan]) -> None:
    """Refuse a correction after which a member belongs to no unit on more days than before."""
    new = uncovered(_homeless(work, member), before)
    if new:
        raise RuleBroken(
            _(
                "From %(day)s on the member would belong to no unit. Put the unit right first.",
                day=format_day(new[0].valid_from),
            )
        )


def _told(fact: Fact[Any], spans: list[Any]) -> dict[str, Any]:
    """Return spans as the ledger keeps them."""
    return {fact.name: [asdict(span) for span in spans]}


def void_member(work: Work, member: Member, *, reason: str) -> None:
    """Void a record made by mistake on which nothing was built; the trace stays.

    Its dated facts go, so that nothing counts it on any day; the ledger keeps what they were.
    """
    if not reason.strip():
        sentence = _("Write why it was a mistake.")
        raise InvalidInput(sentence, fields={"reason": [sentence]})
    require(work, permissions.MANAGE, [member.unit_id])
    work.hooks.of_all.check_member_voiding(member_id=member.id)
    before: dict[str, Any] = {}
    for fact in ALL:
        held: Held[Any] = read_facts(work, fact, [member.id])
        before.update(_told(fact, held.of(member.id)))
        write_facts(work, held, {member.id: []})
    member.voided_at, member.void_reason = work.now, reason
    note(work, "voided", member, before=before, after={"reason": reason})
    settle(work, [member.id], rights=bool(before[POST.name]))
