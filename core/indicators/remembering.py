"""Answers that are remembered: only what changed below a unit is reckoned again."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from core.changes import Changes, changes_since
from core.indicators.keeping import Answer, kept_answers, now
from core.indicators.question import EVERYTHING, Narrowed, Question
from core.indicators.reaching import units_near
from core.indicators.reckoning import Row, reckon
from core.indicators.registry import Indicator
from core.units.models import UnitAncestor
from core.units.places import visible
from core.work import Work

BELIEVED = timedelta(hours=1)
"""So long an answer is believed, less than two days: then changes are no longer told."""
MOST_KEPT = 20_000
"""So many sums are kept by a process, a quarter of a kilobyte each."""
FEW = 50
"""Of a unit with no more units near it, figures are reckoned as quickly as asked for."""
MOST_ANEW = 60
"""Of so many changed children each is reckoned again; of more, the whole at once."""
NOTHING = Narrowed(())
Span = tuple[uuid.UUID, int, date, date]


def answers(work: Work, indicators: Sequence[Indicator], question: Question) -> list[list[Row]]:
    """Return the sums of figures, in order: remembered where nothing changed, else reckoned.

    Only of units with more below them than a few; all others are quick. One statement asks what
    changed, whatever the number of figures.
    """
    if not _is_large(work, question):
        return reckon(work, indicators, question)
    kept = _kept(work)
    # Sums of children tell the whole, and one that changed can be reckoned alone.
    asked = question if question.by else replace(question, by="child")
    keys = [_key(work, indicator, asked) for indicator in indicators]
    known = _known(work, kept, indicators, keys)
    tables = {table for one in indicators for table in one.tables or ()}
    marks = [answer.mark for answer in known if answer is not None]
    changes = changes_since(work.session, tables, marks)
    news = _News(work, asked, changes)
    found = _renewed(work, indicators, asked, known, news)
    for indicator, key, answer, rows in zip(indicators, keys, known, found, strict=True):
        if indicator.tables is not None:
            since = answer.at if answer is not None else now()
            _keep(kept, key, Answer(rows, changes.mark, since))
    return found if question.by else _wholes(work, indicators, question, found)


def _is_large(work: Work, question: Question) -> bool:
    """Whether remembering pays; never in an act that writes, whose own changes nobody is told."""
    if work.session.info.get("writing", True):
        return False
    near = units_near(work, [question.unit.id])
    return near is None or len(near) > FEW


def _kept(work: Work) -> dict[Any, Answer]:
    """Return what this process remembers; a change of tree, settings or day makes all of it old."""
    epochs = work.session.info["epochs"]
    return work.host.places.facts(
        "figures", (work.generation, epochs["settings"], epochs["plugins"], work.today)
    )


def _key(work: Work, indicator: Indicator, question: Question) -> Any:
    """Return everything else an answer depends on; who asks matters by the rights alone."""
    actor = work.actor
    rights = None if actor.is_system else actor.roots(indicator.permission)
    if rights and (work.session.info["root_id"], True) in rights:
        rights = None  # everything, as for the system itself
    return (
        indicator.key,
        rights,
        question.unit.id,
        question.period.key,
        question.by,
        question.series,
        question.as_of,
        question.restated,
        question.subject,
        question.kind,
        question.grassroots,
    )


def _known(
    work: Work, kept: Mapping[Any, Answer], indicators: Sequence[Indicator], keys: Sequence[Any]
) -> list[Answer | None]:
    """Return what is known of each: by this process, else what the hourly job kept for all."""
    believed = now() - BELIEVED
    found = {key: kept[key] for key in keys if key in kept and kept[key].at > believed}
    missing = [
        key
        for indicator, key in zip(indicators, keys, strict=True)
        if key not in found and indicator.tables is not None
    ]
    found.update(kept_answers(work, missing))
    return [found.get(key) for key in keys]


def forget(work: Work) -> None:
    """Forget every answer, so that what is asked next is reckoned."""
    _kept(work).clear()


def remembered(work: Work) -> dict[Any, Answer]:
    """Return what this process remembers, for whoever keeps it for others."""
    return dict(_kept(work))


def _keep(kept: dict[Any, Answer], key: Any, answer: Answer) -> None:
    """Remember an answer; where there are too many sums, begin again with it."""
    if key not in kept and sum(len(one.rows) for one in [*kept.values()]) > MOST_KEPT:
        kept.clear()
    kept[key] = answer


def _renewed(
    work: Work,
    indicators: Sequence[Indicator],
    question: Question,
    known: Sequence[Answer | None],
    news: _News,
) -> list[list[Row]]:
    """Return answers as they are now: as remembered, with what changed reckoned again, or anew."""
    found: list[list[Row]] = [answer.rows if answer else [] for answer in known]
    stale: dict[Narrowed, list[int]] = defaultdict(list)
    for number, (indicator, answer) in enumerate(zip(indicators, known, strict=True)):
        changed = news.about(indicator, answer) if answer else EVERYTHING
        if changed != NOTHING:
            stale[changed].append(number)
    for changed, numbers in stale.items():
        some = [indicators[number] for number in numbers]
        for number, fresh in zip(numbers, reckon(work, some, question, changed), strict=True):
            old = [row for row in found[number] if not changed.holds(row[0], row[1])]
            found[number] = [*old, *fresh]
    return found


def _wholes(
    work: Work, indicators: Sequence[Indicator], question: Question, found: Sequence[list[Row]]
) -> list[list[Row]]:
    """Add children up to wholes; where a divided unit is among them, the whole is asked itself.

    For what is a part in each of two children may be whole above them.
    """
    wholes = [_whole(rows) for rows in found]
    asked = [number for number, whole in enumerate(wholes) if whole is None]
    anew = iter(reckon(work, [indicators[number] for number in asked], question))
    return [next(anew) if whole is None else whole for whole in wholes]


def _whole(rows: Iterable[Row]) -> list[Row] | None:
    """Add up rows by the part of the period; None where something in them is a part itself."""
    totals: dict[int, list[Any]] = {}
    for number, _group, top, bottom, left_out, divided, known_by in rows:
        if divided or known_by:
            return None
        sums = totals.setdefault(number, [0, 0, 0])
        sums[0] += top or 0
        sums[1] += bottom or 0
        sums[2] = max(sums[2], left_out or 0)
    return [(number, None, *sums, 0, 0) for number, sums in totals.items()]


class _News:
    """Which children of the asked unit changed since an answer was given."""

    def __init__(self, work: Work, question: Question, changes: Changes) -> None:
        """Read where the changed units stood, on all days: one statement, if any changed."""
        self.work, self.question, self.changes = work, question, changes
        units = {told.unit_id for told in changes.told}
        self.stood = _stood(work, {*units, question.unit.id}) if units else {}

    def about(self, indicator: Indicator, answer: Answer) -> Narrowed:
        """Return which parts of the period and which children may have other sums now."""
        if self.changes.too_many:
            return EVERYTHING
        mine = [
            told
            for told in self.changes.since(answer.mark)
            if told.source in (indicator.tables or ())
        ]
        parts: list[int] = []
        groups: set[uuid.UUID] | None = set()
        for number, part in enumerate(self.question.parts):
            day = self.question.tree_day(part, indicator, self.work.today)
            units = {one.unit_id for one in mine if one.since is None or one.since <= part.last_day}
            if units:
                parts.append(number)
                groups = self._children(units, day, groups)
        return self._narrowed(parts, groups)

    def _narrowed(self, parts: list[int], groups: set[uuid.UUID] | None) -> Narrowed:
        if not parts or groups == set():
            return NOTHING
        if groups is None or self.question.by != "child" or len(groups) > MOST_ANEW:
            return Narrowed(tuple(parts))
        return Narrowed(tuple(parts), frozenset({*groups, self.question.unit.id}))

    def _children(
        self, units: Iterable[uuid.UUID], day: date, found: set[uuid.UUID] | None
    ) -> set[uuid.UUID] | None:
        """Add the children under which units stood on a day; None where it concerns all."""
        for unit_id in units if found is not None else ():
            child = self._child(unit_id, day)
            if child is None:
                return None
            found = (found or set()) | child
        return found

    def _child(self, unit_id: uuid.UUID, day: date) -> set[uuid.UUID] | None:
        """Return under which child a unit stood: none elsewhere; None where it concerns all.

        That is a unit which stood above the asked one, or did not stand anywhere on the day, so
        that its facts are with others.
        """
        top = self.question.unit.id
        above = self._above(unit_id, day)
        if not above or unit_id in self._above(top, day):
            return None
        if top not in above:
            return set()
        return {one for one, depth in above.items() if depth == above[top] - 1}

    def _above(self, unit_id: uuid.UUID, day: date) -> dict[uuid.UUID, int]:
        return {
            ancestor: depth
            for ancestor, depth, start, end in self.stood.get(unit_id, ())
            if start <= day < end
        }


def _stood(work: Work, unit_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Span]]:
    """Read what stood above units, and when."""
    own = UnitAncestor
    found: dict[uuid.UUID, list[Span]] = defaultdict(list)
    rows = work.session.execute(
        sa.select(own.unit_id, own.ancestor_id, own.depth, own.valid_from, own.valid_to).where(
            own.unit_id.in_(unit_ids), visible(own, work.generation)
        )
    )
    for unit_id, ancestor_id, depth, start, end in rows:
        found[unit_id].append((ancestor_id, depth, start, end))
    return found


__all__ = ["answers", "forget", "remembered"]
