"""Judging rows of the dataset `positions`: who held which post in which unit, and when."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.exchange.rows import Row
from core.exchange.scope import units_of
from core.i18n import _, format_day
from core.ledger.recording import plain
from core.members.datasets.description import position_titles
from core.members.datasets.people import people_of
from core.members.datasets.person import Person
from core.members.models import Member
from core.members.permissions import MANAGE
from core.members.services.facts import POST, Held, read_facts
from core.members.spans import PostSpan
from core.periods import EVER, OPEN
from core.units.places import Place
from core.units.tree import lifetimes
from core.work import Work

Lives = Mapping[uuid.UUID, Sequence[tuple[date, date]]]
UNSCOPED = "names for the ledger; the right at the unit of each position is asked for"


def load_positions(work: Work, rows: Sequence[Row]) -> None:
    """Judge rows; a post is known by its person, unit, position and first day."""
    titles = position_titles(work)
    for row in rows:
        if row.get("position") and row.get("position") not in titles:
            row.reject("position", _("Choose one from the list."))
    units = units_of(work, rows, permission=MANAGE)
    matches = people_of(work, rows, units, below=True)
    lives: Lives = lifetimes(work, {place.id for place in units.values()})
    ids = {match.member_id for match in matches.values() if match.member_id is not None}
    held, names = read_facts(work, POST, ids), _names(work, ids)
    people: dict[uuid.UUID, Person] = {}
    for row in rows:
        member_id = matches[row.number].member_id
        place = units.get(row.get("unit_code", ""))
        if place is None or member_id is None:
            continue
        _check_days(row, place, lives.get(place.id, ()))
        if row.is_sound:
            person = people.get(member_id) or _person(member_id, held)
            people[member_id] = person
            row.target_id, row.unit_id = member_id, place.id
            _tell(person, row, place, lives.get(place.id, ()))
            row.tell("full_name", *([names.get(member_id)] * 2))


def _names(work: Work, ids: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Read how members are called."""
    names: dict[uuid.UUID, str] = {}
    for chunk in chunked(ids):
        rows = work.session.execute(
            sa.select(Member.id, Member.full_name).where(Member.id.in_(chunk)),
            execution_options={"unscoped": UNSCOPED},
        )
        names.update((key, name) for key, name in rows)
    return names


def _person(member_id: uuid.UUID, held: Held[PostSpan]) -> Person:
    """Make a person of whom only the posts matter."""
    return Person.stored({"id": member_id}, {POST.name: held}, (POST,))


def _check_days(row: Row, place: Place, lives: Sequence[tuple[date, date]]) -> None:
    """Reject an end before the beginning, and days on which the unit is not there."""
    start, end = row.get("from_"), row.get("to")
    if start and end and end <= start:
        row.reject("to", _("This day must lie after the first day."))
    if not start:
        return
    if not any(first <= start < last for first, last in lives):
        begin = format_day(lives[0][0]) if lives and lives[0][0] != EVER else "–"
        until = format_day(lives[-1][1]) if lives and lives[-1][1] != OPEN else "–"
        row.reject(
            "from",
            _(
                "%(unit)s is there from %(begin)s to %(end)s. Choose days within that time.",
                unit=place.name,
                begin=begin,
                end=until,
            ),
        )


def _tell(person: Person, row: Row, place: Place, lives: Sequence[tuple[date, date]]) -> None:
    """Lay a post over those that are stored; an overlapping one of the same kind is corrected."""
    start: date = row.get("from_") or EVER
    new = PostSpan(start, row.get("to") or OPEN, place.id, row.get("position"), row.get("how", ""))
    new = replace(new, valid_to=_last_day(row, new, lives))
    old = _same_post(person.posts, new, is_dated=row.get("from_") is not None)
    if old is not None:
        row_says: dict[str, Any] = {"valid_from": start} if row.get("from_") else {}
        if row.get("to"):
            row_says["valid_to"] = row.get("to")
        if row.get("how"):
            row_says["how"] = row.get("how")
        new = replace(old, **row_says)
        if new.valid_from >= new.valid_to:
            row.reject("to", _("This day must lie after the first day."))
            return
    row.is_new = old is None
    if new != old:
        row.tell("position", old and old.position, new.position)
        row.tell("unit_id", plain(old and old.unit_id), plain(new.unit_id))
        row.tell("from", plain(old and old.valid_from), plain(new.valid_from))
        row.tell("valid_to", plain(old and old.valid_to), plain(new.valid_to))
    person.replace(row, POST, [*(post for post in person.posts if post != old), new])


def _last_day(row: Row, new: PostSpan, lives: Sequence[tuple[date, date]]) -> date:
    """Return the end of a new post: with its unit at the latest."""
    ends = [end for first, end in lives if first <= new.valid_from < end]
    return new.valid_to if row.get("to") else min([OPEN, *ends])


def _same_post(posts: Sequence[PostSpan], new: PostSpan, *, is_dated: bool) -> PostSpan | None:
    """Return the stored post a row means: the one with its first day, else one it overlaps."""
    alike = [p for p in posts if (p.unit_id, p.position) == (new.unit_id, new.position)]
    exact = [post for post in alike if post.valid_from == new.valid_from]
    over = [p for p in alike if p.valid_from < new.valid_to and new.valid_from < p.valid_to]
    if exact or is_dated:
        return next(iter(exact or over), None)
    return over[-1] if over else None
