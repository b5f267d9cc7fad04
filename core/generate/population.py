"""Who was there on 04/10/2022, the day whose figures the newspaper printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.generate.chance import Chance
from core.generate.life import Life, Roster
from core.generate.people import (
    AGES_OF_SECTOR,
    WOMEN_OF_SECTOR,
    Identity,
    Population,
    admission_day,
    age_on,
    phone_no,
    years_after,
)
from core.generate.rows import UnitRow, holds

CENSUS = date(2022, 10, 4)
"""27 grassroots organisations, 3,485 members, 52 residential branches with 2,100 members."""

RESIDENTIAL_IN_TOWN = 2100
RESIDENTIAL_IN_XUAN_LAM = 228
PROBATION_YEARS = 1
SHARE_PROBATIONARY = 0.024
SMALLEST_WITH_PROBATIONARY = 9
"""Smaller branches keep to official members, so that three of them are always left."""

TOO_SMALL = {"C-18127-05": 23, "C-18127-08": 20}
"""Two street groups small enough to be merged in 2026."""

PHUC_SON = "C-18121-02"
PHUC_SON_AT_CENSUS = 43


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What is settled beforehand about somebody who is being made."""

    sector: str
    low: int
    high: int


def residential_sizes(seed: int, units: list[UnitRow]) -> dict[str, int]:
    """Spread the members of residential branches: about 40 each, the sums exact."""
    chance = Chance(seed, "sizes")
    at_census = [unit for unit in units if unit.sector == "residential" and holds(unit, CENSUS)]
    in_town = [unit.code for unit in at_census if unit.parent_code != "W18400"]
    elsewhere = [unit.code for unit in at_census if unit.parent_code == "W18400"]
    # Phúc Sơn has a story of its own, in phuc_son.py.
    settled = TOO_SMALL | {PHUC_SON: PHUC_SON_AT_CENSUS}
    others = [code for code in in_town if code not in settled]
    sizes = _spread(chance, others, RESIDENTIAL_IN_TOWN - sum(settled.values()))
    return sizes | settled | _spread(chance, elsewhere, RESIDENTIAL_IN_XUAN_LAM)


def _spread(chance: Chance, codes: list[str], total: int) -> dict[str, int]:
    mean = total / len(codes)
    sizes = {code: round(chance.triangular(mean - 15, mean + 17, mean - 1)) for code in codes}
    while difference := total - sum(sizes.values()):
        sizes[chance.choice(codes)] += 1 if difference > 0 else -1
    return sizes


def populate(
    seed: int,
    people: Population,
    roster: Roster,
    units: list[UnitRow],
    planned: Mapping[str, int],
) -> None:
    """Fill the branches of the day of the census up to exactly the planned numbers."""
    sizes = dict(planned) | residential_sizes(seed, units)
    sectors = {unit.code: unit.sector for unit in units}
    for code in sorted(sizes):
        chance = Chance(seed, "census", code)
        for _ in range(sizes[code] - len(roster.of_unit[code])):
            life = _member_at_census(chance, people, sectors[code], sizes[code])
            arrived = _arrival(chance, life, sectors[code])
            _statuses_until_census(chance, life, arrived)
            roster.add(life, code, arrived)


def make_life(chance: Chance, people: Population, who: Identity, admitted_on: date) -> Life:
    """Start a membership; a few records have no number yet, as in any office."""
    key = people.next_key()
    record = people.next_record()
    return Life(
        key=key,
        who=who,
        admitted_on=admitted_on,
        record_no=record if chance.happens(0.97) else "",
        phone=phone_no(int(key[1:])) if chance.happens(0.8) else "",
    )


def make_who(chance: Chance, people: Population, newcomer: Newcomer, on: date) -> Identity:
    """Make somebody who is of the given age on a day."""
    sex = "female" if chance.happens(WOMEN_OF_SECTOR[newcomer.sector]) else "male"
    youngest, oldest = years_after(on, -newcomer.low), years_after(on, -newcomer.high)
    return people.person(chance, sex, chance.day(oldest, youngest - timedelta(days=1)))


def _member_at_census(chance: Chance, people: Population, sector: str, size: int) -> Life:
    if size >= SMALLEST_WITH_PROBATIONARY and chance.happens(SHARE_PROBATIONARY):
        who = make_who(chance, people, Newcomer(sector, 22, 38), CENSUS)
        admitted = chance.day(CENSUS - timedelta(days=360), CENSUS - timedelta(days=3))
        return make_life(chance, people, who, admitted)
    low, high = chance.draw(AGES_OF_SECTOR[sector])
    who = make_who(chance, people, Newcomer(sector, low, high), CENSUS)
    admitted = admission_day(chance, who.birth_date, years_after(CENSUS, -PROBATION_YEARS))
    life = make_life(chance, people, who, admitted)
    life.official_on = years_after(admitted, PROBATION_YEARS)
    life.card_no = people.next_card()
    return life


def _arrival(chance: Chance, life: Life, sector: str) -> date:
    """Return since when somebody belongs to the branch; before that, to one outside this system."""
    if life.official_on is None:
        return life.admitted_on
    if sector == "residential":
        if age_on(life.who.birth_date, CENSUS) < 62 or chance.happens(0.35):
            return life.admitted_on
        retired = years_after(life.who.birth_date, chance.randint(54, 61))
        return max(life.official_on, retired + timedelta(days=chance.randrange(40, 200)))
    if chance.happens(0.5):
        return life.admitted_on
    return chance.day(life.official_on, CENSUS - timedelta(days=30))


def _statuses_until_census(chance: Chance, life: Life, arrived: date) -> None:
    """Write the statuses since somebody belongs here."""
    if life.official_on is None or arrived < life.official_on:
        life.become("probationary", arrived)
    if life.official_on is None:
        return
    life.become("official", max(arrived, life.official_on))
    age = age_on(life.who.birth_date, CENSUS)
    if chance.happens(0.65 if age >= 80 else 0.3 if age >= 74 else 0):
        since = years_after(life.who.birth_date, chance.randint(73, age))
        exempt_on = max(since, life.statuses[-1].valid_from + timedelta(days=90))
        if exempt_on < CENSUS:
            life.become("exempt", exempt_on)
