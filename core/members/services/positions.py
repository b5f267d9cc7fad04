"""Positions: given and ended, several at once, in several units; terms only warn."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from core.errors import InvalidInput, NotFound, RuleBroken
from core.i18n import _, format_day
from core.members import permissions
from core.members.models import COUNTED, Member, PositionKind
from core.members.services.facts import (
    POST,
    STATUS,
    check_stays,
    note,
    read_facts,
    settle,
    write_facts,
)
from core.members.services.reading import posts
from core.members.services.statuses import months_after
from core.members.spans import PostSpan, on, without
from core.periods import OPEN
from core.scope import require
from core.units.places import Place
from core.work import Work

ONE_HOLDER = ("secretary", "standing_deputy_secretary", "group_leader", "office_head", "board_head")


@dataclass(frozen=True, slots=True)
class Given:
    """A position that was given, and what whoever gave it should look at."""

    span: PostSpan
    warnings: Sequence[str]


def give_position(
    work: Work,
    member: Member,
    unit: Place,
    position: str,
    *,
    since: date,
    until: date | None = None,
    how: str = "",
    decision_no: str = "",
) -> Given:
    """Give a member a position in a unit, up to a last day that is no longer held, or open.

    The same position in the same unit cannot be held twice at a time; a term that is exceeded
    and a second holder of a post for one person only warn.
    """
    require(work, permissions.MANAGE, [unit.id])
    title = work.session.scalar(sa.select(PositionKind.title).where(PositionKind.key == position))
    if title is None:
        sentence = _("Choose a position from the list.")
        raise InvalidInput(sentence, fields={"position": [sentence]})
    span = PostSpan(since, until or OPEN, unit.id, position, how, decision_no)
    _check_span(work, member, span)
    held = read_facts(work, POST, [member.id])
    if any(_clashes(one, span) for one in held.of(member.id)):
        raise RuleBroken(_("The member holds this position then already."))
    check_stays(work, [span])
    warnings = _warnings(work, unit, span, str(title))
    write_facts(work, held, {member.id: [*held.of(member.id), span]})
    after = {"unit": unit.code, "position": position, "since": since, "until": until, "how": how}
    note(work, "position_given", member, after={**after, "decision_no": decision_no})
    settle(work, [member.id], rights=True)
    return Given(span, warnings)


def _check_span(work: Work, member: Member, span: PostSpan) -> None:
    """Refuse days that run backwards, and somebody who is no member on the first day."""
    if span.valid_from >= span.valid_to:
        sentence = _("The last day lies before the first day.")
        raise InvalidInput(sentence, fields={"until": [sentence]})
    status = on(read_facts(work, STATUS, [member.id]).of(member.id), span.valid_from)
    if status is None or status.status not in COUNTED:
        raise RuleBroken(_("On that day this person is not a member here."))


def _clashes(one: PostSpan, new: PostSpan) -> bool:
    """Whether one holds the same position in the same unit at the same time."""
    same = (one.unit_id, one.position) == (new.unit_id, new.position)
    return same and one.valid_from < new.valid_to and new.valid_from < one.valid_to


def _warnings(work: Work, unit: Place, span: PostSpan, title: str) -> list[str]:
    """Say what is unusual: longer than the unit's term, or somebody else holds the post."""
    found: list[str] = []
    if unit.term_months and span.valid_to != OPEN:
        over = months_after(span.valid_from, unit.term_months)
        if span.valid_to > over:
            found.append(
                _(
                    "The term of %(unit)s is %(months)s months, up to %(day)s; this is longer.",
                    unit=unit.name,
                    months=unit.term_months,
                    day=format_day(over),
                )
            )
    if span.position in ONE_HOLDER:
        others = posts(work, span.valid_from, unit_ids=[unit.id])
        found.extend(
            _(
                "%(name)s is %(title)s of %(unit)s too; end that position if it is over.",
                name=post.full_name,
                title=title,
                unit=unit.name,
            )
            for post in others
            if post.position == span.position
        )
    return found


def term_end(unit: Place, since: date) -> date | None:
    """Propose the end of a position: the end of the unit's term, or None where it has none."""
    return months_after(since, unit.term_months) if unit.term_months else None


def end_position(work: Work, member: Member, post_id: uuid.UUID, *, day: date) -> None:
    """End a position; `day` is the first day on which it is no longer held."""
    held = read_facts(work, POST, [member.id])
    span = next((s for (_m, s), key in held.keys.items() if key == post_id), None)
    if span is None:
        raise NotFound(_("This fact is not in the record any more. Load the page again."))
    require(work, permissions.MANAGE, [span.unit_id])
    if day <= span.valid_from:
        sentence = _(
            "It began on %(day)s. Choose a later day; if it is a mistake, take it out of the "
            "history.",
            day=format_day(span.valid_from),
        )
        raise InvalidInput(sentence, fields={"on": [sentence]})
    rest = [one for one in held.of(member.id) if one != span]
    write_facts(work, held, {member.id: [*rest, *without([span], day)]})
    before = {"position": span.position, "until": span.valid_to}
    note(work, "position_ended", member, before=before, after={"on": day})
    settle(work, [member.id], rights=True)


def last_day(span_end: date) -> date | None:
    """Return the last day that belongs to a span, or None where it is open."""
    return None if span_end == OPEN else span_end - timedelta(days=1)
