"""The demo town, Hồng Lĩnh with its history, put together: `build_town(seed, today)`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.generate import bodies, flows, phuc_son, population
from core.generate.life import Roster
from core.generate.notes import conditions_of, stays_of
from core.generate.people import Population
from core.generate.population import CENSUS, PHUC_SON
from core.generate.rows import (
    AffiliationRow,
    ConditionRow,
    DocumentRow,
    FollowRow,
    LineageRow,
    MemberRow,
    PositionRow,
    StatusRow,
    UnitRow,
    holds,
)
from core.generate.units import REFORM, build_organisations, decisions

HEAD_COUNT = frozenset({"official", "probationary", "exempt"})
"""The statuses that make up a head count."""

TOWN = "D437"
BAC_HONG_LINH = "N18115"
PROVINCE = "Q42"

__all__ = [
    "BAC_HONG_LINH",
    "CENSUS",
    "PHUC_SON",
    "PROVINCE",
    "REFORM",
    "TOWN",
    "Town",
    "build_town",
]


@dataclass(frozen=True, slots=True)
class Town:
    """Everything the demo starts from; the root unit exists already and is not among the units."""

    seed: int
    today: date
    units: Sequence[UnitRow]
    lineage: Sequence[LineageRow]
    members: Sequence[MemberRow]
    statuses: Sequence[StatusRow]
    affiliations: Sequence[AffiliationRow]
    positions: Sequence[PositionRow]
    conditions: Sequence[ConditionRow]
    follows: Sequence[FollowRow]
    documents: Sequence[DocumentRow]

    def units_on(self, day: date) -> dict[str, UnitRow]:
        """Return the versions in force on a day by code."""
        return {unit.code: unit for unit in self.units if holds(unit, day)}

    def homes_on(self, day: date) -> dict[str, str]:
        """Return the home branch on a day of everybody who has one."""
        return {
            row.member_key: row.unit_code
            for row in self.affiliations
            if row.kind == "home" and holds(row, day)
        }

    def statuses_on(self, day: date) -> dict[str, str]:
        """Return everybody's status on a day."""
        return {row.member_key: row.status for row in self.statuses if holds(row, day)}

    def holders(self, unit_code: str, position: str, day: date) -> list[PositionRow]:
        """Return who holds a post of a unit on a day."""
        return [
            row
            for row in self.positions
            if row.unit_code == unit_code and row.position == position and holds(row, day)
        ]

    def head_counts(self, day: date) -> Counter[str]:
        """Return the head count on a day of each unit with all that stands under it."""
        units, statuses = self.units_on(day), self.statuses_on(day)
        counts: Counter[str] = Counter()
        for key, code in self.homes_on(day).items():
            if statuses.get(key) in HEAD_COUNT:
                while code in units:
                    counts[code] += 1
                    code = units[code].parent_code  # noqa: PLW2901 - climbs
        return counts


def build_town(seed: int = 1, today: date = date(2026, 11, 22)) -> Town:
    """Build the town as it has become by `today`; the same arguments give the same rows.

    Raises `ValueError` for a day before 01/07/2025: the demo lives in the world after it.
    """
    if today < REFORM:
        raise ValueError(f"The demo town can only be built for {REFORM} or later, not for {today}.")
    organisations = build_organisations(today)
    people, roster = Population(), Roster()
    phuc_son.settle(seed, people, roster, today)
    phuc_son.settle_guest(seed, people, roster, today)
    population.populate(seed, people, roster, organisations.units, organisations.planned)
    story = flows.Story(people, roster, organisations.units, organisations.moves)
    flows.live_on(seed, story, today)
    positions = bodies.hold_posts(seed, roster, organisations.units, today)
    busy = {row.member_key for row in positions if holds(row, today)}
    stays = phuc_son.temporary_stays(roster, today, busy)
    stays += stays_of(seed, roster, busy, stays, today)
    lives = sorted(roster.everybody, key=lambda life: life.key)
    return Town(
        seed=seed,
        today=today,
        units=organisations.units,
        lineage=organisations.lineage,
        members=[life.row() for life in lives],
        statuses=[row for life in lives for row in life.statuses],
        affiliations=[row for life in lives for row in life.homes] + stays,
        positions=positions,
        conditions=conditions_of(seed, roster, busy, stays, today),
        follows=bodies.follow_branches(positions, organisations.units, today),
        documents=_documents(today),
    )


def _documents(today: date) -> list[DocumentRow]:
    return [
        DocumentRow(
            number=row["number"],
            kind=row["kind"],
            issued_on=date.fromisoformat(row["issued_on"]),
            unit_code=row["unit_code"],
            subject=row["subject"],
        )
        for row in decisions(today)
    ]
