"""What must be true of the tree when the rows of a file are taken in together."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from core.chunks import chunked
from core.exchange.rows import Row
from core.i18n import _, format_day
from core.units.datasets.history import History, holding
from core.units.models import UnitAncestor
from core.units.places import visible
from core.units.reach import parent_spans
from core.units.versions import VersionFacts

if TYPE_CHECKING:
    from core.units.datasets.loading import Book

Child = tuple[uuid.UUID, uuid.UUID, str, date, date]


def told(book: Book) -> Iterator[tuple[History, Row, VersionFacts]]:
    """Yield what rows with an effect tell."""
    for history in book.histories.values():
        for number in sorted(history.effective):
            yield history, history.rows[number], history.of_row[number]


def uncovered(spans: Sequence[VersionFacts], start: date, end: date) -> date | None:
    """Return the first day of a span on which a unit with these versions is not there."""
    reached = start
    for facts in spans:
        if facts.valid_from <= reached < facts.valid_to:
            reached = facts.valid_to
    return reached if reached < end else None


def reject_orphans(book: Book) -> bool:
    """Reject rows whose parent is only in this file and was rejected itself."""
    found = False
    for _history, row, facts in told(book):
        if facts.parent_id in book.histories and not book.versions(facts.parent_id):
            found = True
            row.reject(
                "parent_code",
                _(
                    "The unit above, %(code)s, is not taken in. Correct its row first.",
                    code=book.codes[facts.parent_id],
                ),
            )
    return found


def reject_gaps(book: Book, below: Iterable[Child]) -> bool:
    """Reject rows with which a unit would stand under one that is not there on some day."""
    gaps = [
        (row, "parent_code", day, book.codes.get(facts.parent_id, ""))
        for _history, row, facts in told(book)
        if facts.parent_id is not None
        and (day := uncovered(book.versions(facts.parent_id), facts.valid_from, facts.valid_to))
    ]
    for row, column, day, code in gaps:
        row.reject(
            column,
            _("The unit above, %(code)s, is not there on %(day)s.", code=code, day=format_day(day)),
        )
    return bool(gaps) or _reject_left_alone(book, below)


def _reject_left_alone(book: Book, below: Iterable[Child]) -> bool:
    """Reject rows that end a unit under which another one, not in this file, still stands."""
    found = False
    for parent_id, child_id, name, start, end in below:
        history = book.histories.get(parent_id)
        if history is None or not history.effective or child_id in book.histories:
            continue
        day = uncovered(history.versions, start, end)
        if day is not None and uncovered(history.stored, start, end) is None:
            found = True
            history.rows[max(history.effective)].reject(
                "valid_to",
                _("%(name)s still stands under it on %(day)s.", name=name, day=format_day(day)),
            )
    return found or _reject_own_left_alone(book)


def _reject_own_left_alone(book: Book) -> bool:
    """Do the same for units of the file whose stored versions stay."""
    found = False
    for history in book.histories.values():
        stays = [facts for facts in history.versions if facts not in history.of_row.values()]
        for facts in stays:
            above = book.histories.get(facts.parent_id) if facts.parent_id else None
            if above is None or not above.effective:
                continue
            day = uncovered(above.versions, facts.valid_from, facts.valid_to)
            if day is not None:
                found = True
                above.rows[max(above.effective)].reject(
                    "valid_to",
                    _(
                        "%(name)s still stands under it on %(day)s.",
                        name=facts.name,
                        day=format_day(day),
                    ),
                )
    return found


def reject_wrong_kinds(book: Book) -> bool:
    """Reject kinds that may not stand under the kind of the parent on that day."""
    found = False
    for _history, row, facts in told(book):
        if facts.parent_id is None:
            continue
        above = holding(book.versions(facts.parent_id), facts.valid_from)
        if above is not None and (above.kind, facts.kind) not in book.rules:
            found = True
            row.reject(
                "kind",
                _(
                    "A unit of kind “%(child)s” cannot stand under one of kind “%(parent)s”. "
                    "Choose another parent or another kind.",
                    child=book.kinds.get(facts.kind, facts.kind),
                    parent=book.kinds.get(above.kind, above.kind),
                ),
            )
    return found


def reject_circles(book: Book) -> bool:
    """Reject rows by which a unit would come to stand above itself."""
    parents = {
        unit_id: {facts.parent_id for facts in history.versions if facts.parent_id}
        for unit_id, history in book.histories.items()
    }
    moved = [h.unit_id for h in book.histories.values() if h.stored and h.effective]
    for unit_id, spans in _stored_below(book, moved).items():
        parents.setdefault(unit_id, {span for span in spans if span})
    circle = _on_circles(parents)
    found = False
    for history, row, facts in told(book):
        if history.unit_id in circle and facts.parent_id in circle:
            found = True
            row.reject(
                "parent_code",
                _("A unit would stand above itself. Choose a parent that is not below it."),
            )
    return found


def _stored_below(book: Book, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID | None]]:
    """Read the parents of everything that ever stood below units."""
    below: set[uuid.UUID] = set()
    work = book.work
    for chunk in chunked(ids):
        below.update(
            work.session.scalars(
                sa.select(UnitAncestor.unit_id)
                .where(UnitAncestor.ancestor_id.in_(chunk), visible(UnitAncestor, work.generation))
                .distinct()
            )
        )
    found = parent_spans(work, below - set(book.histories))
    return {unit_id: [span.parent_id for span in spans] for unit_id, spans in found.items()}


def _on_circles(parents: dict[uuid.UUID, set[uuid.UUID]]) -> set[uuid.UUID]:
    """Return the units on a circle: what remains when all without an end is taken away."""
    remaining = set(parents)
    while True:
        above = {unit_id for unit_id in remaining if parents[unit_id] & remaining}
        named = {parent for unit_id in above for parent in parents[unit_id]}
        kept = above & named
        if kept == remaining:
            return kept
        remaining = kept
