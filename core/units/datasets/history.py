"""The versions of one unit as a file and the tables together tell them; pure functions."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from itertools import pairwise

from core.exchange.rows import Row
from core.i18n import _, format_day
from core.periods import EVER, OPEN
from core.units.versions import VersionFacts

SPAN = frozenset({"valid_from", "valid_to"})
FACTS = tuple(one.name for one in fields(VersionFacts) if one.name not in SPAN)
KEPT = ("has_delegated_powers", "has_seal", "term_months")
"""Facts that have no column: they stay as they are."""


@dataclass
class History:
    """The versions of a unit, in order; `of_row` are those that rows tell, by the row's number."""

    unit_id: uuid.UUID
    stored: Sequence[VersionFacts]
    versions: list[VersionFacts] = field(default_factory=list)
    of_row: dict[int, VersionFacts] = field(default_factory=dict)
    rows: dict[int, Row] = field(default_factory=dict)
    effective: set[int] = field(default_factory=set)

    @property
    def is_new(self) -> bool:
        """Whether the unit is not there yet."""
        return not self.stored

    def teller(self, facts: VersionFacts) -> Row | None:
        """Return the row that tells a version, if a row does."""
        return next((self.rows[n] for n, told in self.of_row.items() if told == facts), None)

    def before(self, number: int) -> VersionFacts | None:
        """Return what was stored at the start of what a row tells."""
        return holding(self.stored, self.of_row[number].valid_from)


def holding(versions: Sequence[VersionFacts], day: date) -> VersionFacts | None:
    """Return the version that holds on a day."""
    return next((f for f in versions if f.valid_from <= day < f.valid_to), None)


def best(versions: Sequence[VersionFacts], today: date) -> VersionFacts:
    """Return the version of today, else the last before it, else the first."""
    by_then = [facts for facts in versions if facts.valid_from <= today]
    return holding(versions, today) or (by_then[-1] if by_then else versions[0])


def tell(
    history: History,
    rows: Sequence[Row],
    today: date,
    parent_of: Callable[[Row, VersionFacts | None], uuid.UUID | None],
) -> History:
    """Lay what rows tell over what is stored; reject rows that contradict each other."""
    days = _starts(history.stored, rows, today)
    while True:
        result = History(history.unit_id, history.stored, list(history.stored))
        starts = [(day, row) for day, row in days if row.is_sound]
        if not _clashes(starts):
            _lay(result, starts, parent_of)
        if all(row.is_sound for _day, row in starts):
            return result


def _lay(
    result: History,
    starts: Sequence[tuple[date, Row]],
    parent_of: Callable[[Row, VersionFacts | None], uuid.UUID | None],
) -> None:
    ends = [day for day, _row in starts[1:]] + [OPEN]
    following = {row.number: then for (_day, row), then in zip(starts, ends, strict=False)}
    for start, row in starts:
        base = holding(result.stored, start)
        end = row.get("valid_to") or _end(result.stored, base, start, following[row.number])
        if start >= end:
            row.reject("valid_to", _("This day must lie after the first day."))
        elif end > following[row.number]:
            row.reject("valid_to", _("This span overlaps that of another row of the unit."))
        else:
            facts = _facts(row, result.stored, base, parent_of(row, base), (start, end))
            result.rows[row.number] = row
            result.of_row[row.number] = facts
            if not _is_told_already(result.stored, facts, base, row):
                _put(result, row, facts, base, {day for day, _row in starts})


def _starts(
    stored: Sequence[VersionFacts], rows: Sequence[Row], today: date
) -> list[tuple[date, Row]]:
    """Return from which day each row tells, in order of time.

    Without a day: a new unit has always been there; of a known one the current version is meant,
    unless several rows tell its history or the row ends where the first version ends.
    """
    starts = []
    for row in rows:
        start = row.get("valid_from")
        if start is None and stored and len(rows) == 1:
            first = stored[0]
            is_first = first.valid_from == EVER and row.get("valid_to") == first.valid_to
            start = EVER if is_first else best(stored, today).valid_from
        starts.append((start or EVER, row))
    return sorted(starts, key=lambda pair: (pair[0], pair[1].number))


def _clashes(starts: Sequence[tuple[date, Row]]) -> bool:
    """Reject rows that begin on the same day as another row of the unit."""
    found = False
    for (first, one), (second, other) in pairwise(starts):
        if first == second:
            found = True
            other.reject(
                "valid_from", _("Row %(row)s tells of the same unit and day.", row=one.number)
            )
    return found


def _end(
    stored: Sequence[VersionFacts], base: VersionFacts | None, start: date, following: date
) -> date:
    """Return until when a version without an end holds: the next one, or as long as stored."""
    if base is not None:
        return min(base.valid_to, following)
    later = [facts.valid_from for facts in stored if facts.valid_from > start]
    return min([following, *later, OPEN])


def _facts(
    row: Row,
    stored: Sequence[VersionFacts],
    base: VersionFacts | None,
    parent_id: uuid.UUID | None,
    span: tuple[date, date],
) -> VersionFacts:
    """Return what a row tells; an empty cell leaves what is stored."""
    model = base or (best(stored, span[0]) if stored else None)
    is_same = base is not None and base.valid_from == span[0]
    decision = base if is_same else None
    kept: Mapping[str, object] = {name: getattr(model, name) for name in KEPT} if model else {}
    return VersionFacts(
        name=row.get("name", model.name if model else ""),
        kind=row.get("kind", model.kind if model else ""),
        parent_id=parent_id,
        valid_from=span[0],
        valid_to=span[1],
        sector=row.get("sector", base.sector if base else ""),
        is_grassroots=row.get("is_grassroots", base.is_grassroots if base else False),
        decision_no=row.get("decision_no", decision.decision_no if decision else ""),
        decision_date=row.get("decision_date", decision.decision_date if decision else None),
        **kept,  # type: ignore[arg-type]  # columns of a version
    )


def _is_told_already(
    stored: Sequence[VersionFacts], facts: VersionFacts, base: VersionFacts | None, row: Row
) -> bool:
    """Whether the tables say the same for all these days."""
    if base is None:
        return False
    ends_earlier = row.get("valid_to") is not None and facts.valid_to < base.valid_to
    if base.valid_from == facts.valid_from and ends_earlier:
        return False
    reached = facts.valid_from
    for one in stored:
        if one.valid_from <= reached < one.valid_to and same_facts(one, facts):
            reached = one.valid_to
    return reached >= facts.valid_to


def same_facts(one: VersionFacts, other: VersionFacts) -> bool:
    """Whether two versions differ in their days only."""
    return all(getattr(one, name) == getattr(other, name) for name in FACTS)


def _put(
    result: History, row: Row, facts: VersionFacts, base: VersionFacts | None, starts: set[date]
) -> None:
    """Let a told version win on its days; what no row tells of may not be cut silently."""
    same = base is not None and base.valid_from == facts.valid_from
    kept = [one for one in result.versions if not (same and one.valid_from == facts.valid_from)]
    cut = [
        one
        for one in kept
        if facts.valid_from < one.valid_from < facts.valid_to and one.valid_from not in starts
    ]
    if cut:
        row.reject(
            "valid_to",
            _(
                "From %(day)s on the unit is described otherwise. Add a row for that time too.",
                day=format_day(cut[0].valid_from),
            ),
        )
        return
    result.effective.add(row.number)
    result.versions = sorted(
        [*_without(kept, facts.valid_from, facts.valid_to), facts], key=lambda f: f.valid_from
    )


def _without(versions: Sequence[VersionFacts], start: date, end: date) -> list[VersionFacts]:
    """Return versions with nothing left between two days."""
    result = []
    for one in versions:
        if one.valid_from < min(one.valid_to, start):
            result.append(replace(one, valid_to=min(one.valid_to, start)))
        if max(one.valid_from, end) < one.valid_to:
            result.append(replace(one, valid_from=max(one.valid_from, end)))
    return result
