"""Reading and writing dated facts of members, set by set; overlaps are refused on both databases.

Every act reads the spans of its members, reckons the new ones with `core.members.spans`, and
writes the difference: one statement to read, one to take away, one to add, for up to a chunk.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Generic

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from core import ledger
from core.chunks import chunked
from core.db import Key, new_key, table_of
from core.errors import RuleBroken
from core.i18n import _, format_day
from core.members import permissions
from core.members.listing import refresh_members
from core.members.models import (
    Affiliation,
    Member,
    MemberCondition,
    MemberStatus,
    Position,
)
from core.members.spans import (
    ConditionSpan,
    PostSpan,
    S,
    Span,
    StatusSpan,
    StaySpan,
    are_sound,
    ordered,
)
from core.rows import insert_rows
from core.units.tree import lifetimes
from core.work import Work

LOCK = "the members an act changes; their unit was checked at the door or by require"


@dataclass(frozen=True)
class Fact(Generic[S]):
    """One sort of dated fact: its table, its span, and whether one excludes another."""

    name: str
    model: Any
    span: type[S]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    is_single: bool = True

    @property
    def columns(self) -> list[str]:
        """The columns that a span carries."""
        return [one.name for one in fields(self.span)]


STATUS: Fact[StatusSpan] = Fact("status", MemberStatus, StatusSpan)
HOME: Fact[StaySpan] = Fact("home", Affiliation, StaySpan, {"kind": "home"})
TEMPORARY: Fact[StaySpan] = Fact("temporary", Affiliation, StaySpan, {"kind": "temporary"})
POST: Fact[PostSpan] = Fact("position", Position, PostSpan, is_single=False)
CONDITION: Fact[ConditionSpan] = Fact("condition", MemberCondition, ConditionSpan, is_single=False)
ALL: tuple[Fact[Any], ...] = (STATUS, HOME, TEMPORARY, POST, CONDITION)


@dataclass
class Held(Generic[S]):
    """The spans of members as they are stored, with the keys of their rows."""

    fact: Fact[S]
    spans: dict[uuid.UUID, list[S]] = field(default_factory=dict)
    keys: dict[tuple[uuid.UUID, S], uuid.UUID] = field(default_factory=dict)

    def of(self, member_id: uuid.UUID) -> list[S]:
        """Return the spans of a member in order of time."""
        return self.spans.get(member_id, [])


def read_facts(work: Work, fact: Fact[S], member_ids: Iterable[uuid.UUID]) -> Held[S]:
    """Read one sort of facts of members, to change them."""
    held: Held[S] = Held(fact)
    for key, member_id, span in _stored(work, fact, member_ids):
        held.spans.setdefault(member_id, []).append(span)
        held.keys[(member_id, span)] = key
    held.spans = {member_id: ordered(spans) for member_id, spans in held.spans.items()}
    return held


def read_spans(
    work: Work, fact: Fact[S], member_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, list[S]]:
    """Read one sort of facts of members in order of time, to tell of them."""
    spans: dict[uuid.UUID, list[S]] = {}
    for _key, member_id, span in _stored(work, fact, member_ids):
        spans.setdefault(member_id, []).append(span)
    return {member_id: ordered(listed) for member_id, listed in spans.items()}


def _stored(
    work: Work, fact: Fact[S], member_ids: Iterable[uuid.UUID]
) -> Iterator[tuple[uuid.UUID, uuid.UUID, S]]:
    """Yield the key, the member and the span of each row."""
    model = fact.model
    for chunk in chunked(set(member_ids)):
        statement = sa.select(
            model.id, model.member_id, *(getattr(model, name) for name in fact.columns)
        ).where(model.member_id.in_(chunk))
        for name, value in fact.fixed.items():
            statement = statement.where(getattr(model, name) == value)
        for key, member_id, *values in work.session.execute(statement):
            yield key, member_id, fact.span(*values)


def read_all_facts(work: Work, member_ids: Iterable[uuid.UUID]) -> dict[str, Held[Any]]:
    """Read all sorts of facts of members, by their names: one statement for up to a chunk."""
    as_array = work.session.get_bind().dialect.name == "postgresql"
    statement, places = _all_facts(as_array=as_array)
    found: dict[str, Held[Any]] = {fact.name: Held(fact) for fact in ALL}
    for chunk in chunked(set(member_ids)):
        for row in work.session.connection().execute(statement, {"ids": chunk}):
            held = found[row.sort]
            span = held.fact.span(*(row[at] for at in places[row.sort]))
            held.spans.setdefault(row.member_id, []).append(span)
            held.keys[(row.member_id, span)] = row.id
    for held in found.values():
        held.spans = {member_id: ordered(spans) for member_id, spans in held.spans.items()}
    return found


@functools.cache
def _all_facts(*, as_array: bool) -> tuple[sa.CompoundSelect[Any], dict[str, list[int]]]:
    """Return the select of all sorts of facts, and where each sort finds its columns in a row."""
    types = {name: getattr(fact.model, name).type for fact in ALL for name in fact.columns}
    ids: Any = sa.bindparam("ids", expanding=True)
    if as_array:
        ids = sa.any_(sa.bindparam("ids", type_=ARRAY(Key())))
    selects = []
    for fact in ALL:
        table = table_of(fact.model)
        of_member = table.c.member_id
        selects.append(
            sa.select(
                sa.literal_column(f"'{fact.name}'").label("sort"),
                table.c.id,
                table.c.member_id,
                *(
                    (table.c[name] if name in fact.columns else sa.cast(sa.null(), type_)).label(
                        f"v_{name}"
                    )
                    for name, type_ in types.items()
                ),
            ).where(
                of_member == ids if as_array else of_member.in_(ids),
                *(table.c[name] == value for name, value in fact.fixed.items()),
            )
        )
    at = {name: place for place, name in enumerate(types, 3)}
    return sa.union_all(*selects), {fact.name: [at[name] for name in fact.columns] for fact in ALL}


def write_facts(
    work: Work, held: Held[S], wanted: Mapping[uuid.UUID, Sequence[S]]
) -> set[uuid.UUID]:
    """Make these the spans of these members; return whose changed. Overlaps are refused."""
    gone: list[uuid.UUID] = []
    new: list[dict[str, Any]] = []
    changed: set[uuid.UUID] = set()
    for member_id, spans in wanted.items():
        if held.fact.is_single and not are_sound(spans):
            raise RuleBroken(_("Two facts of one kind would overlap in time. Check the days."))
        before, after = set(held.of(member_id)), set(spans)
        gone.extend(held.keys[(member_id, span)] for span in before - after)
        new.extend(fact_row(held.fact, member_id, span) for span in after - before)
        if before != after:
            changed.add(member_id)
    model = held.fact.model
    for chunk in chunked(gone):
        work.session.execute(
            sa.delete(model).where(model.id.in_(chunk)).execution_options(synchronize_session=False)
        )
    insert_rows(work.session, model, new)
    return changed


def fact_row(fact: Fact[Any], member_id: uuid.UUID, span: Span) -> dict[str, Any]:
    """Make the row of a span."""
    return {"id": new_key(), "member_id": member_id, **fact.fixed, **asdict(span)}


def check_stays(work: Work, stays: Iterable[StaySpan | PostSpan]) -> None:
    """Refuse a stay or position outside the days on which its unit is there."""
    listed = list(stays)
    lives = lifetimes(work, {stay.unit_id for stay in listed})
    for stay in listed:
        spans = lives.get(stay.unit_id, [])
        if any(start <= stay.valid_from and stay.valid_to <= end for start, end in spans):
            continue
        name, begin, end = _lifetime_words(work, stay.unit_id, spans)
        raise RuleBroken(
            _(
                "%(unit)s is there from %(begin)s to %(end)s. Choose days within that time.",
                unit=name,
                begin=begin,
                end=end,
            )
        )


def _lifetime_words(
    work: Work, unit_id: uuid.UUID, spans: Sequence[tuple[date, date]]
) -> tuple[str, str, str]:
    """Return how a unit and its first and last days are said."""
    place = work.host.places.by_ids(work.session, [unit_id], work.today, work.generation).get(
        unit_id
    )
    start = format_day(spans[0][0]) if spans else "–"
    end = format_day(spans[-1][1]) if spans else "–"
    return place.name if place else "", start, end


def lock_members(work: Work, member_ids: Iterable[uuid.UUID]) -> None:
    """Let acts on the same members wait for each other, always in the same order.

    The key is left free: whoever writes a row that only names the member need not wait.
    """
    for chunk in chunked(sorted(set(member_ids))):
        work.session.execute(
            sa.select(Member.id)
            .where(Member.id.in_(chunk))
            .order_by(Member.id)
            .with_for_update(key_share=True)
            .execution_options(unscoped=LOCK)
        )


def settle(work: Work, member_ids: Iterable[uuid.UUID], *, rights: bool = False) -> None:
    """Bring today's columns and lists up to date and tell the plugins; the end of every act."""
    ids = set(member_ids)
    work.session.flush()
    refresh_members(work, ids)
    if rights:
        work.touch("access")
    work.hooks.members_changed(member_ids=ids)


AGAIN = (
    sa.select(Member)
    .where(Member.id == sa.bindparam("id"))
    .execution_options(populate_existing=True, unscoped="read again after the act")
)


def read_member(work: Work, member_id: uuid.UUID) -> Member:
    """Read a member again after its facts were written."""
    return work.session.scalars(AGAIN, {"id": member_id}).one()


def note(
    work: Work,
    action: str,
    member: Member,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    permission: str = permissions.MANAGE,
) -> None:
    """Write an act into the ledger.

    The name stands in the payload, which can be erased, and not in the label, which is signed.
    """
    who = {"full_name": member.full_name}
    ledger.record(
        work,
        f"members.{action}",
        ledger.About("member", member.id, "", member.unit_id),
        before=None if before is None else {**who, **before},
        after={**who, **(after or {})},
        permission=permission,
    )
