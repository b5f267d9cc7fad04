"""What happened to the members from the day of the census on, month by month, up to today.

The rates are plausible, not measured: of a hundred, two or three are admitted in a year, about one
dies, about one moves away. Each month has a chance of its own, so a later today only adds.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from core.generate.chance import Chance, Pool
from core.generate.life import Life, Roster
from core.generate.people import Population, age_on, years_after
from core.generate.population import CENSUS, PHUC_SON, Newcomer, make_life, make_who
from core.generate.rows import UnitRow, holds
from core.generate.units import HOME, MEMBERS_ONLY, Shares

YEARLY = {"admission": 98.0, "death": 34.0, "moved_away": 36.0, "arrival": 22.0, "exemption": 42.0,
          "removed": 4.5, "resigned": 1.5, "expelled": 0.8, "internal": 14.0}  # fmt: skip
"""How often a year, in the whole of the generated organisations."""

SMALLEST = 5
"""No chance event takes anybody from a branch that is smaller."""

RETIREMENT_AGE = {"male": 61, "female": 57}
EARLIEST_RETIREMENT = 50
"""When its unit ends, somebody of this age may go home instead of to a successor."""

EXIT_REASONS = {"moved_away": "moved", "removed": "removed", "resigned": "resigned",
                "expelled": "expelled", "death": "deceased"}  # fmt: skip

ADMITTING = Pool([("residential", 42), ("school", 22), ("police", 7), ("military", 2),
                  ("office", 9), ("public_service", 5), ("enterprise", 8)])  # fmt: skip
ARRIVING = Pool([("residential", 44), ("school", 26), ("police", 4), ("office", 8),
                 ("public_service", 5)])  # fmt: skip


@dataclass(slots=True)
class Story:
    """The state of the simulation."""

    people: Population
    roster: Roster
    units: list[UnitRow]
    moves: Mapping[date, Mapping[str, Shares]]
    probation: dict[date, list[Life]] = field(default_factory=dict)
    branches: dict[str, list[str]] = field(default_factory=dict)
    sector: dict[str, str] = field(default_factory=dict)
    parent: dict[str, str] = field(default_factory=dict)

    def look_around(self, day: date) -> None:
        """Learn which branches there are from this day on."""
        rows = [unit for unit in self.units if holds(unit, day)]
        self.parent = {unit.code: unit.parent_code for unit in rows}
        self.branches = {}
        for unit in rows:
            self.sector[unit.code] = unit.sector
            if unit.kind == "branch" and unit.code != PHUC_SON:
                self.branches.setdefault(unit.sector, []).append(unit.code)


def live_on(seed: int, story: Story, today: date) -> None:
    """Let the months pass from the census to today."""
    for life in story.roster.everybody:
        if life.official_on is None and life.home != PHUC_SON:
            story.probation.setdefault(years_after(life.admitted_on, 1), []).append(life)
    for first in _months(CENSUS, today):
        chance = Chance(seed, "flows", first.isoformat())
        if first in story.moves:
            _reorganise(chance, story, first)
        story.look_around(first)
        for day, act in _events_of(chance, story, first):
            if CENSUS < day <= today:
                act(chance, story, day)


Act = Callable[[Chance, Story, date], None]


def _months(start: date, end: date) -> Iterator[date]:
    first = start.replace(day=1)
    while first <= end:
        yield first
        first = (first + timedelta(days=31)).replace(day=1)


def _events_of(chance: Chance, story: Story, first: date) -> list[tuple[date, Act]]:
    length = monthrange(first.year, first.month)[1]
    events: list[tuple[date, Act]] = []
    for name, yearly in YEARLY.items():
        times = chance.count(yearly / 12)
        events += [(first.replace(day=chance.randint(2, length)), ACTS[name]) for _ in range(times)]
    days = [first + timedelta(days=number) for number in range(length)]
    events += [(day, _recognise) for day in days if day in story.probation]
    events.append((first.replace(day=5), _retire))
    return sorted(events, key=lambda event: event[0])


def _is_free(life: Life, day: date) -> bool:
    """Say whether chance may touch somebody: here since some days, not of the demo branch."""
    return (
        life.status != "left"
        and life.home != PHUC_SON
        and not life.is_settled
        and life.homes[-1].valid_from < day
        and life.statuses[-1].valid_from < day
    )


def _somebody(
    chance: Chance, story: Story, day: date, suits: Callable[[Life, int], bool]
) -> Life | None:
    """Find somebody by trying; None when nobody was found after a while."""
    for _ in range(400):
        life = chance.choice(story.roster.everybody)
        if (
            _is_free(life, day)
            and len(story.roster.of_unit[life.home]) > SMALLEST
            and suits(life, age_on(life.who.birth_date, day))
        ):
            return life
    return None


def _admit(chance: Chance, story: Story, day: date) -> None:
    sector = chance.draw(ADMITTING)
    branch = chance.choice(story.branches[sector])
    if len(story.roster.of_unit[branch]) < SMALLEST:
        return
    newcomer = Newcomer(sector, 20, 42 if sector == "residential" else 36)
    life = make_life(chance, story.people, make_who(chance, story.people, newcomer, day), day)
    life.become("probationary", day)
    story.roster.add(life, branch, day)
    story.probation.setdefault(years_after(day, 1), []).append(life)


def _recognise(chance: Chance, story: Story, day: date) -> None:
    """Make official those whose twelve months are over; a few are struck from the list."""
    for life in story.probation.pop(day, []):
        if life.status != "probationary":
            continue
        if chance.happens(0.015) and _is_free(life, day):
            story.roster.leave(life, day, "removed")
            continue
        life.official_on = day
        life.card_no = story.people.next_card()
        life.become("official", day)


def _arrive(chance: Chance, story: Story, day: date) -> None:
    """Take in somebody from outside: mostly retired people, young teachers and police."""
    sector = chance.draw(ARRIVING)
    ages = Newcomer(sector, 55, 66) if sector == "residential" else Newcomer(sector, 28, 46)
    who = make_who(chance, story.people, ages, day)
    admitted = years_after(who.birth_date, 22) + timedelta(days=chance.randrange(1400))
    life = make_life(chance, story.people, who, admitted)
    life.official_on = years_after(admitted, 1)
    life.card_no = story.people.next_card()
    life.become("official", day)
    story.roster.add(life, chance.choice(story.branches[sector]), day)


def _exempt(chance: Chance, story: Story, day: date) -> None:
    old = _somebody(chance, story, day, lambda life, age: age >= 74 and life.status == "official")
    if old:
        old.become("exempt", day)


def _move_inside(chance: Chance, story: Story, day: date) -> None:
    """Move somebody to another branch of the same kind of work."""
    life = _somebody(chance, story, day, lambda life, age: age < 56 and life.status == "official")
    if life:
        others = [b for b in story.branches[story.sector[life.home]] if b != life.home]
        if others:
            story.roster.move(life, chance.choice(others), day)


def _leave(reason: str, suits: Callable[[Chance, Life, int], bool]) -> Act:
    def act(chance: Chance, story: Story, day: date) -> None:
        life = _somebody(chance, story, day, lambda life, age: suits(chance, life, age))
        if life:
            story.roster.leave(life, day, EXIT_REASONS[reason])

    return act


def _retire(chance: Chance, story: Story, day: date) -> None:
    """Send those of retirement age from their work to the branch where they live."""
    for life in list(story.roster.present()):
        sector = story.sector[life.home]
        age = age_on(life.who.birth_date, day)
        if sector == "residential" or age < RETIREMENT_AGE[life.who.sex] or not _is_free(life, day):
            continue
        if life.home.startswith("T42"):
            story.roster.leave(life, day, "moved")
        else:
            story.roster.move(life, chance.choice(story.branches["residential"]), day)


def _reorganise(chance: Chance, story: Story, day: date) -> None:
    """Move the members of units that end on this day to where the decision sends them."""
    before = day - timedelta(days=1)
    ward_of = {unit.code: unit.parent_code for unit in story.units if holds(unit, day)}
    old_parent = {unit.code: unit.parent_code for unit in story.units if holds(unit, before)}
    homes: dict[str, list[str]] = {}
    for unit in story.units:
        if unit.sector == "residential" and holds(unit, day) and unit.code != PHUC_SON:
            homes.setdefault(old_parent.get(unit.code, ""), []).append(unit.code)
            homes.setdefault(ward_of[unit.code], []).append(unit.code)
    anywhere = [code for codes in homes.values() for code in codes]
    for code, shares in sorted(story.moves[day].items()):
        nearby = homes.get(old_parent.get(code, ""), anywhere)
        away = Pool([share for share in shares if share[0] != HOME])
        everywhere = Pool(shares)
        for life in list(story.roster.of_unit[code]):
            target = chance.draw(everywhere)
            if target == HOME and age_on(life.who.birth_date, day) < EARLIEST_RETIREMENT:
                target = chance.draw(away)
            target = chance.choice(nearby) if target == HOME else target
            story.roster.move(life, target.removeprefix(MEMBERS_ONLY), day)


ACTS: Mapping[str, Act] = {
    "admission": _admit,
    "arrival": _arrive,
    "exemption": _exempt,
    "internal": _move_inside,
    "death": _leave(
        "death", lambda chance, _life, age: age > 48 and chance.happens(((age - 46) / 48) ** 3)
    ),
    "moved_away": _leave("moved_away", lambda _chance, _life, age: age < 60),
    "removed": _leave("removed", lambda _chance, _life, age: age < 50),
    "resigned": _leave("resigned", lambda _chance, _life, age: 30 < age < 70),
    "expelled": _leave("expelled", lambda _chance, _life, age: 35 < age < 60),
}
