"""Fills the seats of committees: the incumbent if able, else another, and successors of leavers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from core.generate.chance import Chance
from core.generate.life import Life, Roster
from core.generate.people import age_on
from core.generate.rows import PositionRow

TOO_OLD = 74
"""Nobody older is chosen for a post."""


SOON = timedelta(days=150)
"""Who is about to leave is not chosen if there is another."""

Busy = dict[str, list[tuple[date, date]]]


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat in a body: its holder's posts with their titles, and the homes that one may have."""

    posts: Sequence[tuple[str, str]]
    branches: Collection[str]
    best_age: int = 46


@dataclass(frozen=True, slots=True)
class Term:
    """A body of a unit from one election or appointment to the next."""

    unit: str
    start: date
    end: date
    how: str = "elected"
    decision_no: str = ""


@dataclass(slots=True)
class Posts:
    """The posts given so far."""

    roster: Roster
    settled: dict[tuple[str, str], str] = field(default_factory=dict)
    """Who must get a post of a unit whenever able: (unit, position) to member."""
    rows: list[PositionRow] = field(default_factory=list)
    incumbents: dict[tuple[str, str, int], str] = field(default_factory=dict)

    def fill(self, chance: Chance, term: Term, seats: Sequence[Seat]) -> None:
        """Fill the seats of a body for one term; nobody has two of them at a time."""
        busy: Busy = defaultdict(list)
        for number, seat in enumerate(seats):
            people = self._people_of(seat.branches)
            start: date | None = term.start
            while start and start < term.end:
                place = (term.unit, seat.posts[0][0], number)
                chosen = self._choose(chance, place, seat, start, people, busy)
                if chosen is None:
                    start = _next_change(people, start)
                    continue
                life, until = chosen
                until = min(until, term.end)
                self.incumbents[place] = life.key
                busy[life.key].append((start, until))
                self.rows += _rows_of(life, term, seat, start, until)
                start = until

    def _choose(
        self,
        chance: Chance,
        place: tuple[str, str, int],
        seat: Seat,
        start: date,
        people: Iterable[Life],
        busy: Busy,
    ) -> tuple[Life, date] | None:
        wanted = {self.incumbents.get(place): 0.5, self.settled.get(place[:2]): 9.0}
        best: tuple[float, Life, date] | None = None
        for life in people:
            until = free_until(busy[life.key], start, able_until(life, seat.branches, start))
            age = age_on(life.who.birth_date, start)
            if until is None or (age > TOO_OLD and life.key not in wanted):
                continue
            score = wanted.get(life.key, 0.0) + 0.6 * chance.random()
            score -= abs(age - seat.best_age) / 24 + (0.8 if until < start + SOON else 0)
            if best is None or score > best[0]:
                best = (score, life, until)
        return best[1:] if best else None

    def _people_of(self, branches: Collection[str]) -> list[Life]:
        people: dict[str, Life] = {}
        for code in sorted(branches):
            people |= {life.key: life for life in self.roster.ever_in_unit[code]}
        return list(people.values())


def _rows_of(life: Life, term: Term, seat: Seat, start: date, until: date) -> Iterator[PositionRow]:
    for position, title in seat.posts:
        yield PositionRow(
            member_key=life.key,
            unit_code=term.unit,
            position=position,
            valid_from=start,
            valid_to=until,
            how=term.how,
            decision_no=term.decision_no,
            title=title,
        )


def _next_change(people: Iterable[Life], after: date) -> date | None:
    """Return the next day on which somebody may become able to take a vacant seat."""
    days: set[date] = set()
    for life in people:
        days.update(row.valid_from for row in life.homes)
        days.update(row.valid_from for row in life.statuses)
    return min((day for day in days if day > after), default=None)


def free_until(busy: Iterable[tuple[date, date]], start: date, able: date | None) -> date | None:
    """Shorten an ability by the times at which somebody has another seat; None when busy now."""
    for begin, end in busy:
        if able is None or begin <= start < end:
            return None
        if begin > start:
            able = min(able, begin)
    return able


def able_until(life: Life, branches: Collection[str], day: date) -> date | None:
    """Return when an official membership in these branches ends, None if there is none."""
    status = next((s for s in life.statuses if s.valid_from <= day < s.valid_to), None)
    if status is None or status.status != "official":
        return None
    until = day
    for home in life.homes:
        if home.valid_from <= until < home.valid_to and home.unit_code in branches:
            until = home.valid_to
    return min(until, status.valid_to) if until > day else None
