"""Judging rows of the dataset `units`: all rows of a file together, as parents may come later."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from core.chunks import chunked
from core.db import new_key
from core.exchange.rows import Change, Row
from core.i18n import _
from core.ledger.recording import plain
from core.units.datasets.checks import (
    reject_circles,
    reject_gaps,
    reject_orphans,
    reject_wrong_kinds,
)
from core.units.datasets.description import kinds_of, sectors_of
from core.units.datasets.history import FACTS, History, tell
from core.units.datasets.writing import UNDONE, as_json
from core.units.models import Unit, UnitKindRule, UnitVersion
from core.units.permissions import MANAGE
from core.units.places import ROOT_CODE, Place, visible
from core.units.versions import VersionFacts, facts_of, stored_versions
from core.work import Work

NO_UNIT = "There is no unit with the code %(code)s, or this account may not see it."


@dataclass
class Known:
    """A unit that is there, or was made by an import that was taken back."""

    id: uuid.UUID
    voided: Mapping[str, object] | None = None


@dataclass
class Book:
    """What the rows of a file and the tables say about units."""

    work: Work
    rows: Mapping[str, Sequence[Row]]
    ids: dict[str, uuid.UUID]
    known: Mapping[str, Known]
    places: Mapping[str, Place]
    stored: Mapping[uuid.UUID, Sequence[VersionFacts]]
    rules: frozenset[tuple[str, str]]
    kinds: Mapping[str, object]
    histories: dict[uuid.UUID, History] = field(default_factory=dict)

    @property
    def root_id(self) -> uuid.UUID:
        """The key of the root."""
        return self.ids[ROOT_CODE]

    @property
    def codes(self) -> Mapping[uuid.UUID, str]:
        """The codes of the units by key."""
        return {unit_id: code for code, unit_id in self.ids.items()}

    def is_new(self, code: str) -> bool:
        """Whether no unit of this code is there."""
        return code not in self.known or self.known[code].voided is not None

    def versions(self, unit_id: uuid.UUID) -> Sequence[VersionFacts]:
        """Return the versions of a unit as they will be."""
        if unit_id in self.histories:
            return self.histories[unit_id].versions
        return self.stored.get(unit_id, ())


def load_units(work: Work, rows: Sequence[Row]) -> None:
    """Judge all rows and say what they change; a row whose parent is rejected is rejected too."""
    book = read_book(work, rows)
    check_words(book)
    check_codes(book)
    check_rights(book)
    below = stored_children(work, [known.id for known in book.known.values()])
    while True:
        reckon(book)
        if not (
            reject_orphans(book)
            or reject_gaps(book, below)
            or reject_wrong_kinds(book)
            or reject_circles(book)
        ):
            break
    for code, listed in book.rows.items():
        say_changes(book, code, listed)


def read_book(work: Work, rows: Sequence[Row]) -> Book:
    """Read everything that judging needs: a few statements for any number of rows."""
    by_code: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.get("code"):
            by_code[row.get("code")].append(row)
    named = {*by_code, *(row.get("parent_code") for row in rows), ROOT_CODE} - {None}
    known = _known(work, named)
    stored = _stored(work, [one.id for one in known.values() if one.voided is None])
    ids = {code: one.id for code, one in known.items()}
    above = work.host.places.by_ids(work.session, stored, work.today, work.generation)
    ids |= {place.code: place.id for place in above.values()}
    for code in by_code:
        ids.setdefault(code, new_key())
    rules = work.session.execute(sa.select(UnitKindRule.parent_kind, UnitKindRule.child_kind))
    return Book(
        work,
        by_code,
        ids,
        known,
        work.host.places.by_codes(work.session, named, work.today, work.generation),
        stored,
        frozenset((parent, child) for parent, child in rules),
        kinds_of(work),
    )


def _stored(work: Work, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[VersionFacts]]:
    """Read the versions of units, and of those under which they ever stood."""
    own = stored_versions(work, ids)
    above = {version.parent_id for found in own.values() for version in found} - {None, *own}
    found = own | stored_versions(work, [unit_id for unit_id in above if unit_id])
    return {unit_id: [facts_of(version) for version in listed] for unit_id, listed in found.items()}


def _known(work: Work, codes: Iterable[str]) -> dict[str, Known]:
    found: dict[str, Known] = {}
    for chunk in chunked(codes):
        for unit_id, code, at, reason in work.session.execute(
            sa.select(Unit.id, Unit.code, Unit.voided_at, Unit.void_reason).where(
                Unit.code.in_(chunk)
            )
        ):
            voided = None if at is None else {"voided_at": at, "void_reason": reason}
            found[code] = Known(unit_id, voided)
    return found


def check_words(book: Book) -> None:
    """Reject unknown kinds and sectors, and what a new unit cannot do without."""
    sectors = sectors_of(book.work)
    for code, rows in book.rows.items():
        for row in rows:
            if row.get("kind") and row.get("kind") not in book.kinds:
                row.reject("kind", _("Choose one from the list."))
            if row.get("sector") and row.get("sector") not in sectors:
                row.reject("sector", _("Choose one from the list."))
            if book.is_new(code):
                for name in ("name", "kind"):
                    if not row.get(name):
                        row.reject(name, _("A new unit needs this."))


def check_codes(book: Book) -> None:
    """Reject codes that were voided by hand, parents nobody knows, and a root below something."""
    for code, rows in book.rows.items():
        known = book.known.get(code)
        voided = known.voided if known is not None else None
        for row in rows:
            if voided is not None and voided["void_reason"] != UNDONE:
                row.reject("code", _("The code %(code)s is taken; choose another.", code=code))
            parent = row.get("parent_code")
            if parent and parent not in book.rows and book.is_new(parent):
                row.reject("parent_code", _(NO_UNIT, code=parent))
            elif parent and code in (parent, ROOT_CODE):
                row.reject("parent_code", _("A unit cannot stand under itself."))


def check_rights(book: Book) -> None:
    """Ask for the right at each unit, and at each parent under which a unit comes to stand."""
    if book.work.actor.is_system:
        return
    reasons: dict[str, str] = {}
    for code, rows in book.rows.items():
        for row in rows:
            if not book.is_new(code):
                _reject_without_right(book, row, "code", code, reasons)
            parent = row.get("parent_code") or (ROOT_CODE if book.is_new(code) else None)
            is_there = parent is not None and not (parent in book.rows and book.is_new(parent))
            if parent and is_there and not _stands_there(book, code, parent):
                _reject_without_right(book, row, "parent_code", parent, reasons)


def _stands_there(book: Book, code: str, parent: str) -> bool:
    """Whether a unit stands under a parent already."""
    stored = book.stored.get(book.ids[code], ()) if not book.is_new(code) else ()
    return any(facts.parent_id == book.ids.get(parent) for facts in stored)


def _reject_without_right(
    book: Book, row: Row, column: str, code: str, reasons: dict[str, str]
) -> None:
    if code not in reasons:
        place, actor = book.places.get(code), book.work.actor
        reasons[code] = ""
        if place is None or not actor.sees(place):
            reasons[code] = _(NO_UNIT, code=code)
        elif not actor.may(MANAGE, place):
            reasons[code] = _(
                "You have not been given the right to do this at %(units)s.", units=place.name
            )
    if reasons[code]:
        row.reject(column, reasons[code])


def reckon(book: Book) -> None:
    """Reckon the history of each unit of the file from the rows that are sound so far."""
    book.histories.clear()

    def parent_of(row: Row, base: VersionFacts | None) -> uuid.UUID | None:
        if row.get("code") == ROOT_CODE:
            return None
        if row.get("parent_code"):
            return book.ids[row.get("parent_code")]
        return base.parent_id if base is not None else book.root_id

    for code, rows in book.rows.items():
        unit_id = book.ids[code]
        stored = () if book.is_new(code) else book.stored.get(unit_id, ())
        book.histories[unit_id] = tell(History(unit_id, stored), rows, book.work.today, parent_of)


def stored_children(
    work: Work, ids: Iterable[uuid.UUID]
) -> list[tuple[uuid.UUID, uuid.UUID, str, date, date]]:
    """Read what stands directly under units: (parent, child, its name, from, to)."""
    found: list[tuple[uuid.UUID, uuid.UUID, str, date, date]] = []
    for chunk in chunked(ids):
        rows = work.session.execute(
            sa.select(
                UnitVersion.parent_id,
                UnitVersion.unit_id,
                UnitVersion.name,
                UnitVersion.valid_from,
                UnitVersion.valid_to,
            ).where(UnitVersion.parent_id.in_(chunk), visible(UnitVersion, work.generation))
        )
        found.extend((row[0], row[1], row[2], row[3], row[4]) for row in rows if row[0])
    return found


def say_changes(book: Book, code: str, rows: Sequence[Row]) -> None:
    """Say what the sound rows of a unit do; what is written stands with the first with effect."""
    unit_id = book.ids[code]
    history = book.histories[unit_id]
    is_first = True
    for row in sorted(rows, key=lambda row: row.number):
        row.target_id = row.unit_id = unit_id
        row.is_new = history.is_new
        if row.number not in history.effective or not row.is_sound:
            continue
        row.has_effect = True
        _tell_facts(row, history)
        if is_first:
            is_first = False
            row.changes.append(_change(book, code, history))


def _tell_facts(row: Row, history: History) -> None:
    """Note for the ledger what differs."""
    after, before = history.of_row[row.number], history.before(row.number)
    row.tell("valid_from", plain(before.valid_from) if before else None, plain(after.valid_from))
    for name in (*FACTS, "valid_to"):
        old, new = plain(getattr(before, name, None)), plain(getattr(after, name))
        if old != new:
            row.tell(name, old, new)


def _change(book: Book, code: str, history: History) -> Change:
    """Return all versions of a unit before and after, as what was written."""
    after: dict[str, object] = {"code": code, "versions": as_json(history.versions)}
    key = (history.unit_id,)
    known = book.known.get(code)
    if known is None:
        return Change("core_unit", key, None, after)
    before: dict[str, object] = {"code": code, "versions": as_json(history.stored)}
    if known.voided is not None:
        before |= known.voided
        after |= dict.fromkeys(known.voided)
    return Change("core_unit", key, before, after)
