"""Random histories with back-dated operations and reverts, against a naive replay of every day."""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

import pytest

from core.periods import OPEN
from core.restructuring.compiling import compile_plan
from core.restructuring.operations import Link, NewUnit, Operation
from core.restructuring.outcome import MAIN, Known, Outcome, Wanted
from core.units.timelines import holding, lasts
from core.units.versions import VersionFacts

START = date(2020, 1, 1)
DAYS = 60
EVENTS = 5_000
SEEDS = (1, 2)
FEWEST, MOST = 8, 50
ROOT = uuid.UUID(int=0)
GROWING = ("establish", "establish", "divide", "split_off", "transfer", "rename")
SHRINKING = ("merge_into", "consolidate", "terminate", "dissolve", "transfer", "convert")


@pytest.fixture(scope="module")
def settle() -> None:
    """These begin with nothing."""


@dataclass(frozen=True)
class Event:
    """Something that was decided, for a day, after all others before it in the list."""

    on: date
    operation: Operation
    assigned: Mapping[str, str] = field(default_factory=dict)


@dataclass
class State:
    """The tree of one day, changed in place: the simplest thing that can be right."""

    parents: dict[str, str] = field(default_factory=lambda: {"R": ""})
    facts: dict[str, tuple[str, str]] = field(default_factory=lambda: {"R": ("R", "org")})
    heirs: dict[str, str] = field(default_factory=dict)

    def follow(self, code: str) -> str:
        """Return who stands for a unit now."""
        while code in self.heirs:
            code = self.heirs[code]
        return code

    def do(self, event: Event) -> None:
        """Do one operation."""
        operation = event.operation
        for unit in operation.new:
            self.parents[unit.code] = self.follow(unit.parent)
            self.facts[unit.code] = (unit.name, unit.kind)
        if operation.unit in self.parents:
            self._change(operation.unit, operation.changes)
        for code, parent in event.assigned.items():
            # A list of what stood under a unit that ends says nothing about what stands elsewhere.
            moot = operation.ended and self.parents.get(code) not in operation.ended
            if code in self.parents and not moot:
                self.parents[code] = self.follow(parent)
        for code in operation.ended:
            links = [link for link in operation.links if link.predecessor == code]
            self._end(code, next(link.successor for link in links if link.is_main))

    def _change(self, code: str, changes: Mapping[str, str]) -> None:
        name, kind = self.facts[code]
        self.facts[code] = (changes.get("name", name), changes.get("kind", kind))
        if "parent" in changes:
            self.parents[code] = self.follow(changes["parent"])

    def _end(self, code: str, heir: str) -> None:
        if self.parents.pop(code, None) is None:
            return
        del self.facts[code]
        self.heirs[code] = heir
        for child, parent in self.parents.items():
            if parent == code:
                self.parents[child] = self.follow(heir)


def replay(events: Sequence[Event]) -> Iterator[tuple[date, State]]:
    """Yield the tree of every day, by doing everything again in the order of its days."""
    state = State()
    ordered = sorted(events, key=lambda event: event.on)
    at = 0
    for number in range(DAYS + 1):
        day = START + timedelta(days=number)
        while at < len(ordered) and ordered[at].on <= day:
            state.do(ordered[at])
            at += 1
        yield day, state


class Book:
    """What is stored: versions of all units, as a database would keep them."""

    def __init__(self) -> None:
        self.versions = {ROOT: [VersionFacts("R", "org", None)]}
        self.ids, self.codes = {"R": ROOT}, {ROOT: "R"}
        self.below: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
        self.decided: dict[str, list[date]] = defaultdict(list)
        self.endless: set[str] = set()
        self.undo: list[tuple[Event, dict[uuid.UUID, list[VersionFacts] | None]]] = []

    def known(self, operation: Operation, assigned: Mapping[str, str], on: date) -> Known:
        """Return what a plan is compiled against: what it names, what is below, what is above."""
        codes = {*operation.codes, *assigned}
        waiting = [self.ids[code] for code in codes if code in self.ids]
        for code in operation.ended:
            waiting.extend(self.below[self.ids[code]])
        found: dict[uuid.UUID, list[VersionFacts]] = {}
        while waiting:
            unit_id = waiting.pop()
            if unit_id not in found:
                found[unit_id] = self.versions[unit_id]
                waiting.extend(
                    facts.parent_id
                    for facts in found[unit_id]
                    if facts.parent_id is not None and facts.valid_to > on
                )
        return Known(ids={self.codes[unit_id]: unit_id for unit_id in found}, versions=found)

    def write(self, event: Event, out: Outcome) -> None:
        """Store what a plan comes to."""
        self.undo.append((event, {key: self.versions.get(key) for key in out.versions}))
        self.ids.update(out.begun)
        self.codes.update({unit_id: code for code, unit_id in out.begun.items()})
        for unit_id, versions in out.versions.items():
            check_spans(versions)
            self._keep(unit_id, versions)
        for code in moved_by(event):
            self.decided[code].append(event.on)

    def take_back(self) -> None:
        """Revert the last plan."""
        event, before = self.undo.pop()
        for unit_id, versions in before.items():
            if versions is None:
                self.endless.discard(self.codes[unit_id])
                del self.versions[unit_id], self.ids[self.codes.pop(unit_id)]
                for children in self.below.values():
                    children.discard(unit_id)
            else:
                self._keep(unit_id, versions)
        for code in moved_by(event):
            self.decided[code].remove(event.on)

    def _keep(self, unit_id: uuid.UUID, versions: list[VersionFacts]) -> None:
        self.versions[unit_id] = versions
        (self.endless.add if versions[-1].valid_to == OPEN else self.endless.discard)(
            self.codes[unit_id]
        )
        for facts in versions:
            if facts.parent_id is not None:
                self.below[facts.parent_id].add(unit_id)

    def open_units(self) -> list[str]:
        """Return the units that never end, whenever they begin."""
        return sorted(self.endless)

    def begin(self, code: str) -> date:
        """Return the day a unit begins."""
        return self.versions[self.ids[code]][0].valid_from

    def parent(self, code: str, day: date) -> str:
        """Return the code of the unit above one on a day."""
        facts = holding(self.versions[self.ids[code]], day)
        return self.codes[facts.parent_id] if facts and facts.parent_id else ""

    def children(self, code: str, day: date) -> list[str]:
        """Return the codes of the units under one on a day."""
        mine = sorted(self.below[self.ids[code]])
        return [self.codes[one] for one in mine if self.parent(self.codes[one], day) == code]

    def is_told_apart(self, code: str, on: date) -> bool:
        """Whether every later decision on the place of a unit shows in what is stored.

        Where one moved it to where it would stand anyway, or from what ended on that very day, a
        place given to it before goes on after it.
        """
        for day in self.decided[code]:
            before = self.parent(code, day - timedelta(days=1))
            ends = self.versions[self.ids[before]][-1].valid_to if before else OPEN
            if day > on and (before == self.parent(code, day) or ends == day):
                return False
        return True

    def is_below(self, code: str, other: str, on: date) -> bool:
        """Whether a unit ever stands below another from a day on."""
        waiting, seen, wanted = [self.ids[code]], set(), self.ids[other]
        while waiting:
            unit_id = waiting.pop()
            if unit_id == wanted:
                return True
            if unit_id not in seen:
                seen.add(unit_id)
                waiting.extend(
                    facts.parent_id
                    for facts in self.versions[unit_id]
                    if facts.parent_id is not None and facts.valid_to > on
                )
        return False


def moved_by(event: Event) -> list[str]:
    """Return the units whose place an event decides one by one."""
    own = [event.operation.unit] if "parent" in event.operation.changes else []
    follow = event.operation.kind == "divide"
    return own if follow else [*own, *event.assigned]


class Chance:
    """Chooses what is decided next, among the units that are there from a random day on."""

    def __init__(self, seed: int, book: Book) -> None:
        self.random, self.book, self.number = random.Random(seed), book, 0

    def key(self) -> uuid.UUID:
        """Return a new key."""
        return uuid.UUID(int=self.random.getrandbits(128))

    def event(self) -> Event | None:
        """Return something to do, or None where the day leaves nothing."""
        on = START + timedelta(days=self.random.randrange(1, DAYS))
        everything = self.book.open_units()
        units = [code for code in everything if self.book.begin(code) < on]
        many = self.random.randint(FEWEST, MOST) < len(everything)
        kind = self.random.choice(SHRINKING if many else GROWING) if len(units) > 3 else "establish"
        found: Event | None = getattr(self, f"_{kind}")(on, units)
        return found

    def _new(self, parent: str) -> NewUnit:
        self.number += 1
        return NewUnit(f"U{self.number}", f"Tên {self.number}", kind="org", parent=parent)

    def _under(self, on: date, units: Sequence[str], *not_below: str) -> str:
        """Choose a parent that never stands below one of these units."""
        fit = [u for u in units if not any(self.book.is_below(u, one, on) for one in not_below)]
        return self.random.choice(["R", *fit])

    def _establish(self, on: date, units: Sequence[str]) -> Event:
        new = self._new(self._under(on, units))
        return Event(on, Operation("establish", new=(new,)))

    def _pair(self, on: date, units: Sequence[str]) -> tuple[str, str] | None:
        """Choose a unit that ends and one, not below it, that takes over."""
        one, two = self.random.sample(units, 2)
        return None if self.book.is_below(two, one, on) else (one, two)

    def _merge_into(self, on: date, units: Sequence[str]) -> Event | None:
        pair = self._pair(on, units)
        return Event(on, Operation("merge_into", links=(Link(*pair),))) if pair else None

    def _terminate(self, on: date, units: Sequence[str], kind: str = "terminate") -> Event | None:
        pair = self._pair(on, units)
        return Event(on, Operation(kind, pair[0], (Link(*pair),), reason="thử")) if pair else None

    def _dissolve(self, on: date, units: Sequence[str]) -> Event | None:
        return self._terminate(on, units, "dissolve")

    def _consolidate(self, on: date, units: Sequence[str]) -> Event:
        chosen = self.random.sample(units, self.random.randint(1, 3))
        new = self._new(self._under(on, units, *chosen))
        links = tuple(Link(code, new.code) for code in chosen)
        return Event(on, Operation("consolidate", links=links, new=(new,)))

    def _divide(self, on: date, units: Sequence[str]) -> Event:
        old = self.random.choice(units)
        parent = self._under(on, units, old)
        new = [self._new(parent) for _n in range(2)]
        links = tuple(
            Link(old, unit.code, None, is_main=number == 0) for number, unit in enumerate(new)
        )
        below = [c for c in self.book.children(old, on) if self._may_be_assigned(c, on)]
        assigned = {code: self.random.choice(new).code for code in below[: len(below) // 2 + 1]}
        return Event(on, Operation("divide", links=links, new=tuple(new)), assigned)

    def _may_be_assigned(self, code: str, on: date) -> bool:
        versions = self.book.versions[self.book.ids[code]]
        return lasts(versions, on, OPEN) and self.book.is_told_apart(code, on)

    def _split_off(self, on: date, units: Sequence[str]) -> Event:
        old = self.random.choice(units)
        new = self._new(self._under(on, units, old))
        below = [c for c in self.book.children(old, on) if self._may_be_assigned(c, on)]
        link = Link(old, new.code, None, is_main=False)
        operation = Operation("split_off", old, (link,), (new,))
        return Event(on, operation, dict.fromkeys(below[: len(below) // 2], new.code))

    def _transfer(self, on: date, units: Sequence[str]) -> Event | None:
        unit = self.random.choice(units)
        parent = self._under(on, units, unit)
        if parent == self.book.parent(unit, on) or not self.book.is_told_apart(unit, on):
            return None
        return Event(on, Operation("transfer", unit, changes={"parent": parent}))

    def _rename(self, on: date, units: Sequence[str], fact: str = "name") -> Event:
        self.number += 1
        operation = "rename" if fact == "name" else "convert"
        unit, value = self.random.choice(units), f"{fact} {self.number}"
        return Event(on, Operation(operation, unit, changes={fact: value}))

    def _convert(self, on: date, units: Sequence[str]) -> Event:
        return self._rename(on, units, "kind")


def check_spans(versions: Sequence[VersionFacts]) -> None:
    """No span is empty, none overlap, and a unit is there without a gap."""
    assert all(facts.valid_from < facts.valid_to for facts in versions)
    assert all(one.valid_to == two.valid_from for one, two in pairwise(versions))


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_five_thousand_operations_give_the_same_tree_on_every_day_as_a_replay(seed: int) -> None:
    book = Book()
    chance = Chance(seed, book)
    refused = reverted = 0
    for _number in range(EVENTS):
        if book.undo and chance.random.random() < 0.05:
            book.take_back()
            reverted += 1
            continue
        event = chance.event()
        if event is None:
            refused += 1
            continue
        wanted = Wanted(event.on, [event.operation], parents=event.assigned, unassigned=MAIN)
        out = compile_plan(
            book.known(event.operation, event.assigned, event.on), wanted, chance.key
        )
        if out.problems:
            refused += 1
            continue
        book.write(event, out)
    assert refused < EVENTS // 5
    assert reverted > EVENTS // 50
    for day, state in replay([event for event, _before in book.undo]):
        there = {
            book.codes[unit_id]: facts
            for unit_id, versions in book.versions.items()
            if (facts := holding(versions, day)) is not None
        }
        parents = {c: book.codes[f.parent_id] if f.parent_id else "" for c, f in there.items()}
        assert parents == state.parents, day
        assert {code: (f.name, f.kind) for code, f in there.items()} == state.facts, day
