"""Where members belong: to another home, to a branch for a time, a whole branch at once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.errors import InvalidInput, RuleBroken
from core.i18n import _, format_day
from core.members import permissions
from core.members.models import COUNTED, Affiliation, Member, MemberStatus, Position
from core.members.services.facts import (
    HOME,
    POST,
    STATUS,
    TEMPORARY,
    Held,
    check_stays,
    lock_members,
    note,
    read_facts,
    read_member,
    settle,
    write_facts,
)
from core.members.services.reading import home_of
from core.members.services.registering import check_holds_members
from core.members.spans import PostSpan, StaySpan, on, put, without
from core.periods import OPEN
from core.scope import require
from core.units.places import Place, valid_on
from core.work import Work


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is still in a unit on a day or later."""

    members: int
    guests: int
    posts: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left."""
        return not (self.members or self.guests or self.posts)


def transfer_home(
    work: Work,
    member: Member,
    to: Place,
    *,
    since: date,
    decision_no: str = "",
    end_positions: bool = True,
) -> Member:
    """Let a member belong to another branch from a day on; both units must be the actor's.

    Positions in the old branch end unless told otherwise; a stay for a time at the new home is
    over, because it is home now.
    """
    source = home_of(work, member)
    require(work, permissions.MANAGE, {source.id, to.id})
    check_holds_members(work, to)
    _check_counted(work, member, since)
    held = read_facts(work, HOME, [member.id])
    now = _home_before(held.of(member.id), since)
    if now.unit_id == to.id:
        raise RuleBroken(_("The member belongs to this branch already."))
    work.hooks.check_member_leaving(member_id=member.id, on=since)
    stay = StaySpan(since, OPEN, to.id, decision_no)
    check_stays(work, [stay])
    write_facts(work, held, {member.id: put(held.of(member.id), stay)})
    _end_guest(work, member, to.id, since)
    ended = end_positions and _end_posts_in(work, {member.id}, now.unit_id, since)
    note(
        work,
        "transferred",
        member,
        before={"unit": source.code},
        after={"unit": to.code, "since": since, "decision_no": decision_no},
    )
    settle(work, [member.id], rights=bool(ended))
    return read_member(work, member.id)


def _check_counted(work: Work, member: Member, day: date) -> None:
    """Refuse to move somebody who is no member on the day."""
    status = on(read_facts(work, STATUS, [member.id]).of(member.id), day)
    if status is None or status.status not in COUNTED:
        raise RuleBroken(_("On that day this person is not a member here."))


def _home_before(spans: list[StaySpan], since: date) -> StaySpan:
    """Return the home that a transfer follows; it must be the latest."""
    if not spans or spans[-1].valid_from >= since:
        sentence = _(
            "The record already says something from %(day)s on. Choose a later day, or correct "
            "the history.",
            day=format_day(spans[-1].valid_from) if spans else "",
        )
        raise InvalidInput(sentence, fields={"since": [sentence]})
    return spans[-1]


def _end_guest(work: Work, member: Member, unit_id: uuid.UUID, day: date) -> None:
    """End a stay for a time at a unit."""
    held = read_facts(work, TEMPORARY, [member.id])
    left = _without_unit(held.of(member.id), unit_id, day)
    write_facts(work, held, {member.id: left})


def _without_unit(spans: list[Any], unit_id: uuid.UUID, day: date) -> list[Any]:
    """Return spans with those at a unit ended on a day."""
    there = [span for span in spans if span.unit_id == unit_id]
    elsewhere = [span for span in spans if span.unit_id != unit_id]
    return [*elsewhere, *without(there, day)]


def _end_posts_in(work: Work, ids: set[uuid.UUID], unit_id: uuid.UUID, day: date) -> set[uuid.UUID]:
    """End the positions of members in one unit; return whose ended."""
    held: Held[PostSpan] = read_facts(work, POST, ids)
    wanted = {one: _without_unit(held.of(one), unit_id, day) for one in ids}
    return write_facts(work, held, wanted)


def remaining_in(work: Work, unit_id: uuid.UUID, day: date) -> Remaining:
    """Count who still belongs to a unit on a day or later, who is a guest there, and its posts."""
    members = (
        sa.select(Affiliation.kind, sa.func.count(sa.distinct(Affiliation.member_id)))
        .where(Affiliation.unit_id == unit_id, Affiliation.valid_to > day)
        .group_by(Affiliation.kind)
    )
    by_kind = {kind: int(number) for kind, number in work.session.execute(members)}
    posts = work.session.scalar(
        sa.select(sa.func.count())
        .select_from(Position)
        .where(Position.unit_id == unit_id, Position.valid_to > day)
    )
    return Remaining(by_kind.get("home", 0), by_kind.get("temporary", 0), int(posts or 0))


def move_members(
    work: Work, source: Place, target: Place, day: date, *, decision_no: str = ""
) -> int:
    """Let everybody whose home is one branch belong to another from a day on; return how many.

    Whoever stays there for a time goes along as well; positions in the old branch end. The
    number of statements does not grow with the number of members.
    """
    require(work, permissions.MANAGE, {source.id, target.id})
    if source.id == target.id:
        raise RuleBroken(_("Choose another branch to move the members to."))
    ids = _staying(work, source.id, day)
    if not ids:
        return 0
    check_holds_members(work, target)
    check_stays(work, [StaySpan(day, OPEN, target.id)])
    lock_members(work, ids)
    homes = read_facts(work, HOME, ids)
    wanted = {
        one: _moved(homes.of(one), source.id, target.id, day, decision_no) for one in homes.spans
    }
    moved = write_facts(work, homes, wanted)
    _move_guests(work, ids, source.id, target.id, day)
    holders = _post_holders(work, source.id, day)
    _end_posts_in(work, holders, source.id, day)
    ledger.record(
        work,
        "members.moved",
        ledger.About("unit", source.id, source.name, source.id),
        before={"unit": source.code},
        after={
            "unit": target.code,
            "since": day,
            "decision_no": decision_no,
            "members": sorted(str(one) for one in moved),
        },
        permission=permissions.MANAGE,
    )
    settle(work, ids | holders, rights=True)
    return len(moved)


def _staying(work: Work, unit_id: uuid.UUID, day: date) -> set[uuid.UUID]:
    """Return whoever belongs to a unit, or is its guest, on a day or later."""
    return set(
        work.session.scalars(
            sa.select(Affiliation.member_id).where(
                Affiliation.unit_id == unit_id, Affiliation.valid_to > day
            )
        )
    )


def _post_holders(work: Work, unit_id: uuid.UUID, day: date) -> set[uuid.UUID]:
    """Return whoever holds a position in a unit on a day or later."""
    return set(
        work.session.scalars(
            sa.select(Position.member_id).where(
                Position.unit_id == unit_id, Position.valid_to > day
            )
        )
    )


def _moved(
    spans: list[StaySpan], source: uuid.UUID, target: uuid.UUID, day: date, decision_no: str
) -> list[StaySpan]:
    """Return stays that are at the new unit from a day on, where they were at the old one."""
    result: list[StaySpan] = []
    for span in spans:
        if span.unit_id != source or span.valid_to <= day:
            result.append(span)
            continue
        if span.valid_from < day:
            result.append(replace(span, valid_to=day))
        start = max(span.valid_from, day)
        result.append(
            replace(
                span,
                unit_id=target,
                valid_from=start,
                decision_no=decision_no or span.decision_no,
            )
        )
    return result


def _move_guests(
    work: Work, ids: set[uuid.UUID], source: uuid.UUID, target: uuid.UUID, day: date
) -> None:
    """Take guests along; whoever is at home in the new branch is no guest there."""
    held = read_facts(work, TEMPORARY, ids)
    homes = read_facts(work, HOME, held.spans)
    wanted: dict[uuid.UUID, list[StaySpan]] = {}
    for one, spans in held.spans.items():
        moved = _moved(spans, source, target, day, "")
        at_home = any(s.unit_id == target and s.valid_to > day for s in homes.of(one))
        wanted[one] = _without_unit(moved, target, day) if at_home else moved
    write_facts(work, held, wanted)


def end_posts_at(work: Work, unit: Place, day: date) -> int:
    """End every position in a unit on a day; return how many people held one."""
    require(work, permissions.MANAGE, [unit.id])
    holders = _post_holders(work, unit.id, day)
    if not holders:
        return 0
    _end_posts_in(work, holders, unit.id, day)
    ledger.record(
        work,
        "members.posts_ended",
        ledger.About("unit", unit.id, unit.name, unit.id),
        after={"on": day, "members": sorted(str(one) for one in holders)},
        permission=permissions.MANAGE,
    )
    settle(work, holders, rights=True)
    return len(holders)


def start_temporary(
    work: Work,
    member: Member,
    host: Place,
    *,
    since: date,
    until: date | None = None,
    decision_no: str = "",
) -> Member:
    """Let a member take part in another branch for a time; vote and head count stay at home."""
    require(work, permissions.MANAGE, {member.unit_id, host.id})
    check_holds_members(work, host)
    _check_counted(work, member, since)
    if host.id == member.unit_id:
        raise RuleBroken(_("This is the member's home branch. Choose another one."))
    held = read_facts(work, TEMPORARY, [member.id])
    new = StaySpan(since, until or OPEN, host.id, decision_no)
    if new.valid_from >= new.valid_to:
        sentence = _("The last day lies before the first day.")
        raise InvalidInput(sentence, fields={"until": [sentence]})
    if any(s.valid_to > new.valid_from and new.valid_to > s.valid_from for s in held.of(member.id)):
        raise RuleBroken(_("The member is already elsewhere for a time then. End that first."))
    check_stays(work, [new])
    write_facts(work, held, {member.id: put(held.of(member.id), new)})
    after = {"unit": host.code, "since": since, "until": until, "decision_no": decision_no}
    note(work, "temporary_begun", member, after=after)
    settle(work, [member.id])
    return read_member(work, member.id)


def end_temporary(work: Work, member: Member, *, day: date) -> Member:
    """End a stay in another branch; `day` is the first day back home."""
    held = read_facts(work, TEMPORARY, [member.id])
    current = [s for s in held.of(member.id) if s.valid_to > day]
    if not current:
        raise RuleBroken(_("The member is not elsewhere for a time on that day."))
    require(work, permissions.MANAGE, {member.unit_id})
    write_facts(work, held, {member.id: without(held.of(member.id), day)})
    note(work, "temporary_ended", member, before={"until": current[0].valid_to}, after={"on": day})
    settle(work, [member.id])
    return read_member(work, member.id)


def counted_in(work: Work, unit_id: uuid.UUID, day: date) -> int:
    """Count the members whose home is one unit on a day."""
    return int(
        work.session.scalar(
            sa.select(sa.func.count())
            .select_from(Affiliation)
            .join(MemberStatus, MemberStatus.member_id == Affiliation.member_id)
            .where(
                Affiliation.unit_id == unit_id,
                Affiliation.kind == "home",
                valid_on(Affiliation, day),
                valid_on(MemberStatus, day),
                MemberStatus.status.in_(COUNTED),
            )
        )
        or 0
    )
