"""Rows for benchmarks: a town, a province, Hà Nội; streamed, never held in memory.

Every branch has a stream of chance of its own, so that a part of the branches can be generated
alone (in another process) and is the same as in the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from fractions import Fraction

from core.generate.chance import Chance
from core.generate.people import (
    AGES_OF_SECTOR,
    WOMEN_OF_SECTOR,
    Identity,
    card_no,
    make_identity,
    phone_no,
    years_after,
)
from core.generate.rows import (
    AffiliationRow,
    LineageRow,
    MemberRow,
    PositionRow,
    StatusRow,
    UnitRow,
)
from core.generate.units import REFORM
from core.periods import OPEN

FIRST_CARD = 30_000_000
"""Keeps clear of the cards of the demo town."""

NAMES_READY = 4000
"""How many names per sex and generation are made in advance and drawn from."""

SECTORS = ("residential", "residential", "school", "residential", "office", "residential",
           "public_service", "residential", "residential", "enterprise", "residential", "police",
           "residential", "residential", "residential")  # fmt: skip

POSTS = ("secretary", "deputy_secretary", *["branch_committee_member"] * 3)
ELECTED = date(2025, 2, 17)

SHARE_PROBATIONARY = 0.024
SHARE_EXEMPT_OF_THE_OLD = 0.4
SHARE_CAME_FROM_ELSEWHERE = 0.08
SHARE_ELSEWHERE_FOR_A_TIME = 0.006


@dataclass(frozen=True, slots=True)
class Size:
    """What a benchmark town, province or country consists of."""

    members: int
    branches: int
    organisations: int
    communes: int
    provinces: int
    old_communes: int
    districts: int
    old_provinces: int

    @property
    def units_today(self) -> int:
        """Units in force after the reform."""
        return self.branches + self.organisations + self.communes + self.provinces

    def part(self, share: float) -> Size:
        """Return the same shape, so large a part of it; at least one of everything."""
        numbers = (getattr(self, one.name) for one in fields(self))
        return Size(*(max(1, round(number * share)) for number in numbers))


SIZES = {
    "town": Size(3_500, 90, 5, 2, 1, 6, 1, 1),
    "province": Size(350_000, 12_000, 500, 100, 1, 300, 22, 2),
    "hanoi": Size(500_000, 18_973, 900, 126, 1, 579, 30, 1),
    "country": Size(5_500_000, 260_000, 12_000, 3_321, 34, 10_040, 705, 63),
}


@dataclass(frozen=True, slots=True)
class Person:
    """A member with everything that is known of the membership."""

    member: MemberRow
    statuses: tuple[StatusRow, ...]
    affiliations: tuple[AffiliationRow, ...]
    positions: tuple[PositionRow, ...]


class Scale:
    """The rows of one size; each method may be called again and yields the same.

    `is_lived` says whether plugins add a year of their own records: meetings, ratings.
    """

    is_lived = True

    def __init__(self, size: Size, seed: int, today: date) -> None:
        self.size = size
        self.seed = seed
        self.today = today
        chance = Chance(seed, "names")
        self._names = {
            (sex, generation): [
                make_identity(chance, sex, date(1950 + 20 * generation, 6, 15))
                for _ in range(NAMES_READY)
            ]
            for sex in ("male", "female")
            for generation in range(3)
        }

    @property
    def persons(self) -> int:
        """How many people `people()` yields: the members of today and one who left each branch."""
        return self.size.members + self.size.branches

    def units(self) -> Iterator[UnitRow]:
        """Yield every version of every unit, parents before what stands under them."""
        yield from self._old_territories()
        yield from self._new_territories()
        size = self.size
        for number in range(size.organisations):
            commune = _share(number, size.organisations, size.old_communes)
            before = f"XD{_share(commune, size.old_communes, size.districts):03d}"
            after = f"XN{_share(commune, size.old_communes, size.communes):05d}"
            name = f"Đảng bộ Công ty số {number + 1}"
            code = f"XT{number:05d}"
            yield from _two(
                code, name, "party_org", before, after, "enterprise", was=True, now=True
            )
        for number in range(size.branches):
            yield from self._branch(number)

    def lineage(self) -> Iterator[LineageRow]:
        """Yield what became of the old provinces, districts and communes."""
        size = self.size
        for number in range(size.old_provinces):
            heir = f"XQ{_share(number, size.old_provinces, size.provinces):02d}"
            yield LineageRow(f"XP{number:02d}", heir, REFORM, Fraction(1), "consolidate")
        seen: set[tuple[int, int]] = set()
        for number in range(size.old_communes):
            commune = _share(number, size.old_communes, size.communes)
            district = _share(number, size.old_communes, size.districts)
            heir = f"XN{commune:05d}"
            yield LineageRow(f"XW{number:05d}", heir, REFORM, Fraction(1), "consolidate")
            if (district, commune) not in seen:
                seen.add((district, commune))
                yield LineageRow(f"XD{district:03d}", heir, REFORM, None, "terminate")

    def branch_size(self, number: int) -> int:
        """Return the head count of a branch today; over all branches they sum up to the members."""
        size = self.size
        plain = _share(number + 1, size.branches, size.members) - _share(
            number, size.branches, size.members
        )
        return plain + self._swing(number)

    def people(self, first: int = 0, last: int | None = None) -> Iterator[Person]:
        """Yield the people of the branches from `first` up to, but without, `last`."""
        for number in range(first, self.size.branches if last is None else last):
            chance = Chance(self.seed, "branch", number)
            ordinal = _share(number, self.size.branches, self.size.members)
            # An odd branch starts where the swing of its twin has shifted it to.
            ordinal += self._swing(number - 1) if number % 2 else 0
            for seat in range(self.branch_size(number)):
                yield self._person(chance, number, ordinal + seat, seat)
            yield self._who_left(chance, number)

    def _swing(self, number: int) -> int:
        """Branches come in twins, one larger and one smaller by the same number."""
        twin = number // 2
        if number == self.size.branches - 1 and number % 2 == 0:
            return 0
        widest = self.size.members // self.size.branches // 2
        swing = (twin * 7919 + self.seed) % (widest + 1)
        return -swing if number % 2 else swing

    def _old_territories(self) -> Iterator[UnitRow]:
        size = self.size
        for number in range(size.old_provinces):
            name = f"Đảng bộ tỉnh cũ {number + 1}"
            yield _before(f"XP{number:02d}", name, "province", "ROOT")
        for number in range(size.districts):
            commune = -(-number * size.old_communes // size.districts)
            parent = f"XP{_share(commune, size.old_communes, size.old_provinces):02d}"
            yield _before(f"XD{number:03d}", f"Đảng bộ huyện {number + 1}", "district", parent)
        for number in range(size.old_communes):
            parent = f"XD{_share(number, size.old_communes, size.districts):03d}"
            name = f"Đảng bộ xã cũ {number + 1}"
            yield _before(f"XW{number:05d}", name, "commune", parent, is_grassroots=True)

    def _new_territories(self) -> Iterator[UnitRow]:
        size = self.size
        for number in range(size.provinces):
            name = f"Đảng bộ tỉnh {number + 1}"
            yield _after(f"XQ{number:02d}", name, "province", "ROOT")
        for number in range(size.communes):
            province = _share(number, size.communes, size.provinces)
            name = f"Đảng bộ xã {number + 1}"
            yield _after(f"XN{number:05d}", name, "commune", f"XQ{province:02d}")

    def _branch(self, number: int) -> Iterator[UnitRow]:
        size = self.size
        sector = SECTORS[number % len(SECTORS)]
        code, name = branch_code(number), f"Chi bộ {number + 1}"
        if sector == "enterprise":
            parent = f"XT{_share(number, size.branches, size.organisations):05d}"
            yield UnitRow(code, name, "branch", parent, sector, term_months=30, short_name=name)
            return
        commune = _share(number, size.branches, size.old_communes)
        before = f"XW{commune:05d}"
        after = f"XN{_share(commune, size.old_communes, size.communes):05d}"
        yield from _two(code, name, "branch", before, after, sector, was=False, now=True)

    def _identity(self, chance: Chance, sector: str, age: int) -> Identity:
        born = self.today - timedelta(days=int(age * 365.25 + 365 * chance.random()))
        generation = (born.year >= 1960) + (born.year >= 1980)
        sex = "female" if chance.random() < WOMEN_OF_SECTOR[sector] else "male"
        names = self._names[sex, generation]
        known = names[int(chance.random() * NAMES_READY)]
        return Identity(known.surname, known.middle_name, known.given_name, born, "day", sex)

    def _person(self, chance: Chance, number: int, ordinal: int, seat: int) -> Person:
        sector = SECTORS[number % len(SECTORS)]
        on_committee = seat < len(POSTS)
        low, high = (38, 58) if on_committee else chance.draw(AGES_OF_SECTOR[sector])
        is_new = not on_committee and chance.random() < SHARE_PROBATIONARY
        age = 22 + int(chance.random() * 12) if is_new else chance.randint(low, high)
        who = self._identity(chance, sector, age)
        if is_new:
            admitted = self.today - timedelta(days=5 + int(chance.random() * 350))
        else:
            admitted = years_after(who.birth_date, 19) + timedelta(days=int(chance.random() * 1200))
            admitted = min(admitted, self.today - timedelta(days=500))
        member = _member(who, ordinal, admitted, is_official=not is_new)
        exempt = not on_committee and age > 75 and chance.random() < SHARE_EXEMPT_OF_THE_OLD
        posts = _post(member.key, number, seat) if on_committee else ()
        homes = self._affiliations(chance, member, number, may_move=not (on_committee or is_new))
        return Person(member, self._statuses(member, exempt=exempt), homes, posts)

    def _statuses(self, member: MemberRow, *, exempt: bool) -> tuple[StatusRow, ...]:
        key, official_on = member.key, member.official_on
        if official_on is None:
            return (StatusRow(key, "probationary", member.admitted_on),)
        first = StatusRow(key, "probationary", member.admitted_on, official_on)
        if not exempt:
            return (first, StatusRow(key, "official", official_on))
        since = years_after(member.birth_date, 75)
        return (
            first,
            StatusRow(key, "official", official_on, since),
            StatusRow(key, "exempt", since),
        )

    def _affiliations(
        self, chance: Chance, member: MemberRow, number: int, *, may_move: bool
    ) -> tuple[AffiliationRow, ...]:
        key, code = member.key, branch_code(number)
        drawn = chance.random() if may_move else 1.0
        other = branch_code((number + 1 + int(drawn * 5000)) % self.size.branches)
        if drawn < SHARE_ELSEWHERE_FOR_A_TIME:
            since = self.today - timedelta(days=30 + int(chance.random() * 300))
            stay = AffiliationRow(key, other, "temporary", since)
            return (AffiliationRow(key, code, "home", member.admitted_on), stay)
        if drawn < SHARE_CAME_FROM_ELSEWHERE:
            days = (self.today - member.admitted_on).days
            moved = member.admitted_on + timedelta(days=400 + int(chance.random() * (days - 420)))
            earlier = AffiliationRow(key, other, "home", member.admitted_on, moved)
            return (earlier, AffiliationRow(key, code, "home", moved))
        return (AffiliationRow(key, code, "home", member.admitted_on),)

    def _who_left(self, chance: Chance, number: int) -> Person:
        """Return one who was a member of the branch and died or moved in the last four years."""
        who = self._identity(chance, SECTORS[number % len(SECTORS)], chance.randint(45, 85))
        admitted = years_after(who.birth_date, 24)
        member = _member(who, self.size.members + number, admitted, is_official=True)
        left = self.today - timedelta(days=10 + int(chance.random() * 1400))
        official_on = years_after(admitted, 1)
        statuses = (
            StatusRow(member.key, "probationary", admitted, official_on),
            StatusRow(member.key, "official", official_on, left),
            StatusRow(member.key, "left", left, OPEN, "deceased" if number % 2 else "moved"),
        )
        home = AffiliationRow(member.key, branch_code(number), "home", admitted, left)
        return Person(member, statuses, (home,), ())


def branch_code(number: int) -> str:
    """Return the code of a branch."""
    return f"XC{number:06d}"


def _share(number: int, whole: int, parts: int) -> int:
    """Return to which of `parts` neighbouring heaps the `number`-th of `whole` things belongs."""
    return number * parts // whole


def _before(
    code: str, name: str, kind: str, parent: str, *, is_grassroots: bool = False
) -> UnitRow:
    return UnitRow(
        code,
        name,
        kind,
        parent,
        valid_to=REFORM,
        is_grassroots=is_grassroots,
        term_months=60,
        short_name=name,
    )


def _after(code: str, name: str, kind: str, parent: str) -> UnitRow:
    return UnitRow(code, name, kind, parent, valid_from=REFORM, term_months=60, short_name=name)


def _two(
    code: str, name: str, kind: str, before: str, after: str, sector: str, *, was: bool, now: bool
) -> Iterator[UnitRow]:
    """Yield the versions of a unit that the reform hung elsewhere."""
    months = 30 if kind == "branch" else 60
    yield UnitRow(
        code,
        name,
        kind,
        before,
        sector,
        valid_to=REFORM,
        is_grassroots=was,
        term_months=months,
        short_name=name,
    )
    yield UnitRow(
        code,
        name,
        kind,
        after,
        sector,
        valid_from=REFORM,
        is_grassroots=now,
        term_months=months,
        short_name=name,
    )


def _member(who: Identity, ordinal: int, admitted: date, *, is_official: bool) -> MemberRow:
    return MemberRow(
        key=f"X{ordinal:07d}",
        card_no=card_no(FIRST_CARD + ordinal) if is_official else "",
        record_no=f"X{ordinal:07d}",
        surname=who.surname,
        middle_name=who.middle_name,
        given_name=who.given_name,
        birth_date=who.birth_date,
        birth_precision=who.birth_precision,
        sex=who.sex,
        admitted_on=admitted,
        official_on=years_after(admitted, 1) if is_official else None,
        phone=phone_no(ordinal),
    )


def _post(key: str, number: int, seat: int) -> tuple[PositionRow, ...]:
    return (PositionRow(key, branch_code(number), POSTS[seat], ELECTED),)
