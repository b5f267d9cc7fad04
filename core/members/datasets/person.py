"""One person while the rows of a file are laid over what is stored about them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.db import new_key
from core.exchange.rows import Row
from core.ledger.recording import plain
from core.members.models import Member
from core.members.services.facts import HOME, POST, STATUS, TEMPORARY, Fact, Held
from core.members.services.identity import NAME as NAME_PARTS
from core.members.spans import PostSpan, S, Span, StatusSpan, StaySpan, ordered
from core.names import PersonName

FACTS: tuple[Fact[Any], ...] = (STATUS, HOME, TEMPORARY, POST)
COLUMNS = {fact.name: fact.columns for fact in FACTS}
NOBODY = PersonName("", "", "")
TOLD = ("full_name", "birth_date", "birth_precision", "sex", "card_no", "record_no", "admitted_on",
        "official_on")  # fmt: skip


@dataclass
class Person:
    """A stored or a new member: columns, spans with the rows that hold them, what this file told.

    `member` holds the columns of the member's row; for a new one it is the very row to insert, so
    that what later rows of the file add reaches it.
    """

    id: uuid.UUID = field(default_factory=new_key)
    member: dict[str, Any] = field(default_factory=dict)
    is_new: bool = True
    is_inserted: bool = False
    is_status_told: bool = False
    spans: dict[str, list[Any]] = field(default_factory=dict)
    rows: list[tuple[str, Span, dict[str, Any]]] = field(default_factory=list)
    told_days: dict[str, set[date]] = field(default_factory=dict)
    told_columns: dict[str, int] = field(default_factory=dict)

    @classmethod
    def stored(
        cls,
        member: Mapping[str, Any],
        held: Mapping[str, Held[Any]],
        facts: Sequence[Fact[Any]] = FACTS,
    ) -> Person:
        """Make the person of a stored member."""
        person = cls(member["id"], dict(member), is_new=False, is_inserted=True)
        for fact in facts:
            spans = held[fact.name].of(person.id)
            person.spans[fact.name] = list(spans)
            for span in spans:
                key = held[fact.name].keys[(person.id, span)]
                person.keep(fact, span, stored_row(fact, key, person.id, span))
        return person

    @property
    def statuses(self) -> list[StatusSpan]:
        """What the person was, in order of time."""
        return self.spans.get(STATUS.name, [])

    @property
    def homes(self) -> list[StaySpan]:
        """Where the person belonged."""
        return self.spans.get(HOME.name, [])

    @property
    def stays(self) -> list[StaySpan]:
        """Where the person took part for a time."""
        return self.spans.get(TEMPORARY.name, [])

    @property
    def posts(self) -> list[PostSpan]:
        """The positions held."""
        return self.spans.get(POST.name, [])

    @property
    def name(self) -> PersonName:
        """The name in its parts, empty for somebody new."""
        if not self.member:
            return NOBODY
        return PersonName(*(self.member.get(part, "") for part in NAME_PARTS))

    def fixed(self, fact: Fact[S]) -> set[date]:
        """Return the first days of what this file has told."""
        return self.told_days.get(fact.name, set())

    def replace(self, row: Row, fact: Fact[S], spans: Sequence[S]) -> None:
        """Make these the spans of a fact; the row notes which rows of the table change."""
        known = self.spans.get(fact.name, [])
        if known == spans:
            return
        if not known and len(spans) == 1:  # somebody new, as a rule
            self.spans[fact.name] = [spans[0]]
            self._begin(row, fact, spans[0])
            row.has_effect = True
            return
        before, after = set(known), set(spans)
        gone = {span.valid_from: span for span in before - after}
        for span in ordered(after - before):
            old = gone.pop(span.valid_from, None)
            if old is None:
                self._begin(row, fact, span)
            else:
                stored = self.taken(fact, old)
                wanted = stored_row(fact, stored["id"], self.id, span)
                row.alter(fact.model, stored, **wanted)
                self.keep(fact, span, wanted)
        for span in gone.values():
            row.remove(fact.model, self.taken(fact, span))
        if before != after:
            row.has_effect = True
        self.spans[fact.name] = ordered(after)

    def _begin(self, row: Row, fact: Fact[S], span: S) -> None:
        """Let the row of a span be inserted."""
        stored = stored_row(fact, new_key(), self.id, span)
        self.keep(fact, span, stored)
        row.insert(fact.model, **stored)

    def keep(self, fact: Fact[S], span: S, stored: dict[str, Any]) -> None:
        """Remember the row of a table that holds a span."""
        self.rows.append((fact.name, span, stored))

    def taken(self, fact: Fact[S], span: S) -> dict[str, Any]:
        """Return the row that holds a span, and forget it; there are few of a person."""
        at = next(i for i, kept in enumerate(self.rows) if kept[:2] == (fact.name, span))
        return self.rows.pop(at)[2]

    def fix(self, fact: Fact[S], day: date) -> None:
        """Note that this file told what begins on a day."""
        self.told_days.setdefault(fact.name, set()).add(day)

    def write(self, row: Row, columns: Mapping[str, Any]) -> None:
        """Write columns of the member; the first row with an effect brings a new one in."""
        if not self.is_new:
            for name in TOLD:
                if name in columns and columns[name] != self.member[name]:
                    row.tell(name, plain(self.member[name]), plain(columns[name]))
            row.alter(Member, self.member, **columns)
            self.member.update(columns)
            return
        changed = {name for name, value in columns.items() if self.member.get(name) != value}
        self.member.update(columns)
        row.has_effect = row.has_effect or bool(changed)
        for name in TOLD:
            if name in changed:
                row.tell(name, None, plain(columns[name]))

    def insert(self, row: Row) -> None:
        """Let a new member come in with this row; today's home and status follow at the end."""
        if self.is_new and not self.is_inserted:
            self.is_inserted = True
            row.insert(Member, **self.member)
            row.changes.insert(0, row.changes.pop())
            # The very dictionary that later rows add to.
            self.member = row.changes[0].after  # type: ignore[assignment]  # a member

    def settle(self, today: date) -> None:
        """Copy today's home and status, or the last or first ones, onto a new member."""
        if self.is_new and self.homes and self.statuses:
            self.member["unit_id"] = latest(self.homes, today).unit_id
            self.member["status"] = latest(self.statuses, today).status


def stored_row(fact: Fact[Any], key: uuid.UUID, member_id: uuid.UUID, span: Span) -> dict[str, Any]:
    """Return the row of a table that holds a span; `asdict` would copy each value deeply."""
    columns = {name: getattr(span, name) for name in COLUMNS[fact.name]}
    return {"id": key, "member_id": member_id, **fact.fixed, **columns}


def latest(spans: Sequence[S], day: date) -> S:
    """Return what began last by a day, else the first."""
    listed = ordered(spans)
    by_then = [span for span in listed if span.valid_from <= day]
    return by_then[-1] if by_then else listed[0]
