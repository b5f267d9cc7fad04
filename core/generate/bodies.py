"""Which bodies the demo town's organisations have: seats of branch, ward, town and province."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from core.generate.chance import Chance
from core.generate.life import Roster
from core.generate.phuc_son import CAST_KEYS
from core.generate.population import PHUC_SON
from core.generate.posts import Posts, Seat, Term, able_until
from core.generate.rows import (
    FollowRow,
    PositionRow,
    UnitRow,
    holds,
)
from core.generate.units import REFORM, read_rows
from core.periods import EVER

SHORT_ROUNDS = ((date(2020, 3, 2), 70), (date(2022, 10, 10), 60), (date(2025, 1, 6), 75),
                (date(2027, 7, 5), 75), (date(2030, 1, 7), 75))  # fmt: skip
"""Rounds of congresses of branches with a term of 30 months: first day, length in days."""

LONG_ROUNDS = ((date(2020, 4, 6), 60), (date(2025, 3, 10), 50), (date(2030, 3, 11), 50))
"""The same for organisations with a term of five years."""

APPOINTMENT = "2590-QĐ/TU"
FIRST_FOLLOWED = date(2025, 7, 15)

COMMITTEE_FROM = 9
"""Official members from which a branch elects a committee; below, a secretary and a deputy."""

FIVE_FROM = 32
"""Official members from which the generated committees have five members."""

BODIES = {"district": "town", "province": "province", "party_org": "organisation",
          "old": "old_ward", "new": "new_ward"}  # fmt: skip
"""Which body of `data/seats.csv` an organisation of a kind has."""


@dataclass(frozen=True, slots=True)
class Lives:
    """A unit over all its versions."""

    first: UnitRow
    last: UnitRow

    @property
    def code(self) -> str:
        """The code."""
        return self.first.code


def hold_posts(seed: int, roster: Roster, units: list[UnitRow], today: date) -> list[PositionRow]:
    """Give all posts from 2020 to today."""
    posts = Posts(roster, settled={(PHUC_SON, post): key for post, key in CAST_KEYS.items()})
    below = _branches_below(units)
    for unit in _lives(units):
        chance = Chance(seed, "posts", unit.code)
        for term in _terms(chance, unit, today):
            posts.fill(chance, term, _seats(chance, posts, unit, term, below[unit.code]))
    return posts.rows


def follow_branches(rows: list[PositionRow], units: list[UnitRow], today: date) -> list[FollowRow]:
    """Share out the branches of each ward among its committee; Phúc Sơn to a standing member."""
    follows: list[FollowRow] = []
    branches: dict[str, list[str]] = defaultdict(list)
    for unit in units:
        if unit.kind == "branch" and unit.parent_code.startswith("N") and unit.valid_from <= today:
            branches[unit.parent_code].append(unit.code)
    ends = {unit.code: unit.valid_to for unit in units}
    for ward, codes in sorted(branches.items()):
        standing = [r for r in rows if r.unit_code == ward and r.position == "standing_member"]
        committee = [r for r in rows if r.unit_code == ward and r.position == "committee_member"]
        for number, code in enumerate(sorted(codes)):
            among = standing if code == PHUC_SON else committee
            # Not to the ward's secretary, who stands first.
            follows += _followers(among, 3 if code == PHUC_SON else number, code, ends[code])
    return follows


def _followers(
    among: list[PositionRow], number: int, branch: str, end: date
) -> Iterator[FollowRow]:
    day = FIRST_FOLLOWED
    while day < end:
        there = [row for row in among if holds(row, day)]
        if not there:
            return
        row = there[number % len(there)]
        until = min(row.valid_to, end)
        yield FollowRow(row.member_key, row.unit_code, branch, day, until)
        day = until


def _lives(units: Iterable[UnitRow]) -> list[Lives]:
    versions: dict[str, list[UnitRow]] = defaultdict(list)
    for unit in units:
        versions[unit.code].append(unit)
    return [Lives(rows[0], rows[-1]) for rows in versions.values()]


def _branches_below(units: Iterable[UnitRow]) -> dict[str, set[str]]:
    """Return for each unit the branches that ever stood under it, itself when it is one."""
    parents: dict[str, set[str]] = defaultdict(set)
    for unit in units:
        parents[unit.code].add(unit.parent_code)
    below: dict[str, set[str]] = defaultdict(set)
    for unit in units:
        if unit.kind == "branch":
            above = {unit.code}
            while above:
                for code in above:
                    below[code].add(unit.code)
                above = {parent for code in above for parent in parents.get(code, ())}
    return below


def _terms(chance: Chance, unit: Lives, today: date) -> list[Term]:
    start, end = unit.first.valid_from, unit.last.valid_to
    rounds: Sequence[tuple[date, int]] = (
        SHORT_ROUNDS if unit.first.term_months == 30 else LONG_ROUNDS
    )
    if unit.first.kind in {"province", "district", "commune"}:
        rounds = rounds[:1]  # the old ones ended before their next congress
    days = [first + timedelta(days=chance.randrange(length)) for first, length in rounds]
    days = [day for day in days if start <= day <= today and day < end]
    if start != EVER:
        # A new organisation gets its first committee by appointment.
        days = [start, *(day for day in days if day > start + timedelta(days=400))]
    number = APPOINTMENT if start == REFORM else ""
    return [
        Term(unit.code, day, following, "appointed", number)
        if day == start
        else Term(unit.code, day, following)
        for day, following in pairwise([*days, end])
    ]


def _seats(
    chance: Chance, posts: Posts, unit: Lives, term: Term, branches: Collection[str]
) -> list[Seat]:
    kind = unit.first.kind
    if kind == "branch":
        lives = posts.roster.ever_in_unit[unit.code]
        # Not on the first day: of those who came soon after, most were there before, elsewhere.
        day = min(term.start + timedelta(days=700), term.end - timedelta(days=1))
        official = sum(able_until(life, {unit.code}, day) is not None for life in lives)
        return _branch_seats(chance, unit.first, official)
    if kind == "commune":
        kind = "new" if unit.first.valid_from == REFORM else "old"
    return _planned_seats(BODIES[kind], unit, branches)


def _branch_seats(chance: Chance, unit: UnitRow, official: int) -> list[Seat]:
    size = 5 if official >= FIVE_FROM else 3 if official >= COMMITTEE_FROM else min(official, 2)
    names = ["secretary", "deputy_secretary", *["branch_committee_member"] * 3][:size]
    posts = [[(name, "")] for name in names]
    if unit.sector == "residential":
        head = "Trưởng thôn" if "thôn" in unit.name else "Tổ trưởng tổ dân phố"
        is_concurrent = chance.happens(0.4) and unit.code != PHUC_SON
        posts[0 if is_concurrent or size < 3 else 2].append(("village_head", head))
    best_age = 63 if unit.sector == "residential" else 46
    return [
        Seat(post, {unit.code}, best_age if number < 2 else best_age - 8)
        for number, post in enumerate(posts)
    ]


def _planned_seats(body: str, unit: Lives, branches: Collection[str]) -> list[Seat]:
    """Return the seats of a body as `data/seats.csv` lists them."""
    seats = []
    number, word = unit.code[1:], _territory_word(unit.first.name)
    for row in read_rows("seats.csv"):
        if row["body"] == body:
            pairs = (post.partition(":") for post in row["posts"].split(";"))
            posts = [(name, title.replace("{word}", word)) for name, _colon, title in pairs]
            prefixes = tuple(row["branches"].replace("{number}", number).split() or [""])
            there = {code for code in branches if code.startswith(prefixes)}
            seats += [Seat(posts, there, int(row["best_age"]))] * int(row["count"])
    return seats


def _territory_word(name: str) -> str:
    return next((word for word in ("xã", "phường") if f" {word} " in name), "thị xã")
