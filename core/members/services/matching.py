"""Finding the members that a dataset's rows mean, all at once.

The contract's identity: the card number, else the record number, else unit, name and birth date;
two hits are rejected. The same rule holds wherever a dataset names a person.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.db import among
from core.i18n import _
from core.members.models import Affiliation, Member
from core.members.services.identity import clean_number
from core.names import normalise, search_key
from core.work import Work

TONES = frozenset("\u0300\u0309\u0303\u0301\u0323")
ALL_ROWS = "matching the rows of a dataset; the caller requires the permission at the unit found"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a row says about a person; `unit_id` is the unit the row names."""

    card_no: str | None = None
    record_no: str | None = None
    full_name: str = ""
    birth_date: date | None = None
    birth_precision: str = "day"
    unit_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """Whom a row means: a member with their home of today, nobody yet, or a reason to reject."""

    member_id: uuid.UUID | None = None
    unit_id: uuid.UUID | None = None
    problem: str = ""


NOBODY = Match()


@dataclass(frozen=True, slots=True)
class _Known:
    """A stored person, as far as identity goes."""

    id: uuid.UUID
    unit_id: uuid.UUID
    card_no: str | None
    record_no: str | None
    name: str
    birth_date: date | None
    birth_precision: str


@dataclass
class _Index:
    """Stored people by whatever a row may name."""

    by_card: dict[str, list[_Known]] = field(default_factory=lambda: defaultdict(list))
    by_record: dict[str, list[_Known]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[_Known]] = field(default_factory=lambda: defaultdict(list))
    units: dict[uuid.UUID, set[uuid.UUID]] = field(default_factory=lambda: defaultdict(set))


def match_members(work: Work, rows: Sequence[Identity]) -> list[Match]:
    """Find whom each row means: a handful of statements for a thousand rows.

    The unit of a row may be any at which the person ever was, at home or for a time. The match
    is not narrowed by rights, or a member of another place would be made twice: whoever writes
    to a member found calls `require` for `Match.unit_id`.
    """
    index = _Index()
    _load(work, index.by_card, Member.card_no, _texts(clean_number(r.card_no) for r in rows))
    _load(work, index.by_record, Member.record_no, _texts(clean_number(r.record_no) for r in rows))
    open_rows = [row for row in rows if _by_number(index, row) is None and row.full_name]
    _load(work, index.by_name, Member.search, {search_key(r.full_name) for r in open_rows})
    _load_units(work, index)
    return [_match(index, row) for row in rows]


def _texts(values: Iterable[str | None]) -> set[str]:
    return {value for value in values if value}


def _load(work: Work, index: dict[str, list[_Known]], column: Any, keys: Iterable[str]) -> None:
    """Read the living records with one of these texts in a column."""
    for chunk in chunked(sorted(keys)):
        for row in work.session.execute(_living(column), {"texts": chunk}):
            index[row[0]].append(_Known(*row[1:]))


@lru_cache
def _living(column: Any) -> sa.Select[Any]:
    """Return the select of the living records with one of some texts in a column, built once."""
    return (
        sa.select(
            column,
            Member.id,
            Member.unit_id,
            Member.card_no,
            Member.record_no,
            Member.full_name,
            Member.birth_date,
            Member.birth_precision,
        )
        .where(
            among(column, sa.bindparam("texts", expanding=True)),
            Member.voided_at.is_(None),
            Member.merged_into_id.is_(None),
        )
        .execution_options(unscoped=ALL_ROWS)
    )


def _load_units(work: Work, index: _Index) -> None:
    """Read at which units the people found by name ever were."""
    ids = {known.id for people in index.by_name.values() for known in people}
    for chunk in chunked(ids):
        for member_id, unit_id in work.session.execute(
            sa.select(Affiliation.member_id, Affiliation.unit_id)
            .where(Affiliation.member_id.in_(chunk))
            .distinct()
        ):
            index.units[member_id].add(unit_id)


def _by_number(index: _Index, row: Identity) -> list[_Known] | None:
    """Return who has the row's card number, else the row's record number; None for neither."""
    card, record = clean_number(row.card_no), clean_number(row.record_no)
    if card and card in index.by_card:
        return index.by_card[card]
    if record and record in index.by_record:
        return [k for k in index.by_record[record] if _may_be(k.card_no, card)] or None
    return None


def _match(index: _Index, row: Identity) -> Match:
    """Decide about one row."""
    found = _by_number(index, row)
    if found is None:
        found = [k for k in index.by_name.get(search_key(row.full_name), ()) if _is(index, k, row)]
    if len(found) > 1:
        return Match(
            problem=_(
                "Several members fit “%(name)s”. Add the card number or the record number.",
                name=row.full_name or row.card_no or row.record_no,
            )
        )
    return Match(found[0].id, found[0].unit_id) if found else NOBODY


def _is(index: _Index, known: _Known, row: Identity) -> bool:
    """Whether a stored person is the one a row names by unit, name and birth date."""
    return (
        _may_be(known.card_no, clean_number(row.card_no))
        and _may_be(known.record_no, clean_number(row.record_no))
        and spelled(known.name) == spelled(row.full_name)
        and _born_alike(known, row)
        and (row.unit_id is None or row.unit_id in index.units.get(known.id, ()))
    )


def _may_be(stored: str | None, given: str | None) -> bool:
    """Whether two numbers do not speak against each other."""
    return not stored or not given or stored == given


def _born_alike(known: _Known, row: Identity) -> bool:
    """Compare birth dates as far as both are known; two unknown ones are alike."""
    if known.birth_date is None or row.birth_date is None:
        return known.birth_date is row.birth_date
    if "year" in (known.birth_precision, row.birth_precision):
        return known.birth_date.year == row.birth_date.year
    return known.birth_date == row.birth_date


def spelled(name: str) -> str:
    """Return a name as it is compared: hòa and hoà are one word, ân and an are two."""
    return " ".join([_spelled(word) for word in normalise(name).casefold().split()])


@lru_cache(maxsize=16_384)
def _spelled(word: str) -> str:
    """Return a word with its tones behind its letters."""
    taken_apart = unicodedata.normalize("NFD", word)
    letters = "".join(sign for sign in taken_apart if sign not in TONES)
    return letters + "".join(sign for sign in taken_apart if sign in TONES)


def index_by_id(matches: Sequence[Match]) -> Mapping[uuid.UUID, int]:
    """Return the first row that means each member, to find members named twice in one file."""
    first: dict[uuid.UUID, int] = {}
    for number, match in enumerate(matches):
        if match.member_id is not None:
            first.setdefault(match.member_id, number)
    return first
