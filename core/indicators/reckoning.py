"""Asking the database for sums: one grouped statement for a figure, however many its parts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.indicators.lineage import has_ended
from core.indicators.placing import Near, Spots, followed, standing
from core.indicators.question import EVERYTHING, Narrowed, Question
from core.indicators.reaching import units_near
from core.indicators.registry import Asked, Indicator
from core.periods import Period
from core.settings.effective import effective_on
from core.settings.resolving import current, explain
from core.work import Work

UNSCOPED = "figures: the permission is part of the statement"
MOST_PARTS = 240
"""So many selects are put together at most: SQLite takes 500."""
MOST_NAMED = 15_000
"""So many units are named in all parts of one statement, twice each: SQLite takes 32,766 values."""
Row = tuple[Any, ...]
"""Number of the part, group, numerator, denominator, left out, divided, how parts are known."""


def reckon(
    work: Work,
    indicators: Sequence[Indicator],
    question: Question,
    narrowed: Narrowed = EVERYTHING,
) -> list[list[Row]]:
    """Ask the database for figures, several in a statement, each for all parts of the period.

    `narrowed` to children of the asked unit (it may be among them), only the facts of units near
    them are read where those are few.
    """
    near = _near(work, question, narrowed)
    parts = len(narrowed.parts or question.parts)
    named = len(near or ()) * parts
    if named > MOST_NAMED:
        near, named = None, 0
    return [
        rows
        for some in _together(indicators, parts, named)
        for rows in _ask(work, some, question, near, narrowed)
    ]


def _ask(
    work: Work,
    indicators: Sequence[Indicator],
    question: Question,
    near: Near,
    narrowed: Narrowed,
) -> list[list[Row]]:
    """Send one statement for some figures; one for each where they cannot be put together."""
    sums = _Sums(work, question, near, narrowed)
    selects = [part for one in indicators for part in sums.of(one)]
    options = {"unscoped": UNSCOPED}
    try:
        answered = work.session.execute(sums.together(selects), execution_options=options)
    except sa.exc.CompileError:
        if len(indicators) == 1:
            raise
        # Two modules may have given the same name to a part (WITH) of their facts.
        alone = (_ask(work, [one], question, near, narrowed) for one in indicators)
        return [rows for [rows] in alone]
    found: list[list[Row]] = [[] for _one in indicators]
    for number, *row in answered:
        which, part = divmod(number, len(sums.parts))
        found[which].append((sums.numbers[part], *row))
    return found


def _together(indicators: Sequence[Indicator], parts: int, named: int) -> list[Sequence[Indicator]]:
    """Cut figures to what one statement carries."""
    size = max(1, min(MOST_PARTS // parts, MOST_NAMED // max(1, named)))
    return [indicators[start : start + size] for start in range(0, len(indicators), size)]


def _near(work: Work, question: Question, narrowed: Narrowed) -> Near:
    """Name the units whose facts can count; None where they are too many to name."""
    if narrowed.groups is None:
        return units_near(work, [question.unit.id])
    below = [one for one in narrowed.groups if one != question.unit.id]
    return units_near(work, below, alone=question.unit.id)


class _Sums:
    """The parts of one statement; where facts stand on a day is said once for all of them."""

    def __init__(self, work: Work, question: Question, near: Near, narrowed: Narrowed) -> None:
        """Begin without a select."""
        self.work, self.question, self.near = work, question, near
        self.groups = narrowed.groups
        every = question.parts
        self.numbers = range(len(every)) if narrowed.parts is None else narrowed.parts
        self.parts = [every[number] for number in self.numbers]
        self.spots: dict[tuple[str, date, date], Spots] = {}

    def of(self, indicator: Indicator) -> list[sa.Select[Any]]:
        """Return the sums of one figure, one select for each part of the period."""
        asked = [_asked(self.work, indicator, self.question, one) for one in self.parts]
        facts = indicator.facts_of(self.work, asked, few=self.near is not None)
        return [
            self._part(indicator, one, found.subquery("facts"))
            for one, found in zip(asked, facts, strict=True)
        ]

    def together(self, parts: Sequence[sa.Select[Any]]) -> Any:
        """Put selects together, each row with the number of its own."""
        numbered = []
        for number, part in enumerate(parts):
            rows = part.subquery()
            numbered.append(sa.select(sa.literal_column(str(number)).label("part"), *rows.c))
        # `nest_here` keeps the WITH inside, so that the statement still begins with its mark.
        shared = [spots.rows for spots in self.spots.values()]
        everything: Any = sa.union_all(*numbered) if len(numbered) > 1 else numbered[0]
        inside = everything.add_cte(*shared, nest_here=True).subquery("parts")
        return sa.select(*inside.c)

    def _part(self, indicator: Indicator, asked: Asked, facts: sa.Subquery) -> sa.Select[Any]:
        """Return the grouped select of one part of the period."""
        spot = self._spots(indicator, asked).of(facts)
        counted = sa.and_(spot.permitted, spot.is_known)
        denominator = facts.c.denominator if "denominator" in facts.c else sa.literal(0)
        statement = sa.select(
            spot.group.label("grouped"),
            sa.func.sum(sa.case((counted, spot.of(facts.c.numerator)), else_=0)).label("numerator"),
            sa.func.sum(sa.case((counted, spot.of(denominator)), else_=0)).label("denominator"),
            sa.func.max(sa.case((spot.permitted, 0), else_=1)).label("left_out"),
            sa.func.max(sa.case((spot.is_known, 0), else_=1)).label("divided"),
            sa.func.max(spot.known_by).label("known_by"),
        ).select_from(spot.source)
        on = facts.c.on if "on" in facts.c else asked.day
        switched = on_there(self.work, indicator.plugin, facts.c.unit_id, on)
        if switched is not None:
            statement = statement.where(switched)
        if self.near is not None:
            statement = statement.where(facts.c.unit_id.in_(self.near))
        if self.groups is not None:
            statement = statement.where(spot.group.in_(self.groups))
        return statement.group_by(spot.group) if self.question.by else statement

    def _spots(self, indicator: Indicator, asked: Asked) -> Spots:
        """Return where facts stand for a part of the period."""
        work, question = self.work, self.question
        day = question.tree_day(asked.period, indicator, work.today)
        until = day if question.restated else min(day, asked.period.last_day)
        key = (indicator.permission, day, until)
        if key not in self.spots:
            self.spots[key] = (
                followed(work, indicator.permission, question, day, until, self.near)
                if has_ended(work, until)
                else standing(work, indicator.permission, question, day, self.near)
            )
        return self.spots[key]


def _asked(work: Work, indicator: Indicator, question: Question, part: Period) -> Asked:
    """Return what the facts of one part of the period are asked for."""
    subject = question.subject or (indicator.subjects[0] if indicator.subjects else "")
    return Asked(part, min(part.last_day, work.today), subject)


def on_there(
    work: Work, plugin: str | None, unit_id: Any, on: date | sa.ColumnElement[date]
) -> sa.ColumnElement[bool] | None:
    """Condition: the plugin is on at the unit on the day; None where it is on everywhere."""
    if plugin is None:
        return None
    key = f"{plugin}.enabled"
    root = work.session.info["root_place"]
    if isinstance(on, date) and current(work).units_with(key) <= {root.id}:
        return None if explain(work, key, root, on).value else sa.false()
    return effective_on(key, unit_id, on)
