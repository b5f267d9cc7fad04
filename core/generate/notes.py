"""Stays elsewhere for a time, members away from home, suspensions and excuses in the demo town."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from core.generate.chance import Chance
from core.generate.life import Life, Roster
from core.generate.people import age_on
from core.generate.population import PHUC_SON, TOO_SMALL
from core.generate.rows import (
    AffiliationRow,
    ConditionRow,
)
from core.periods import OPEN

SHARE_ELSEWHERE = 0.012
SHARE_AWAY = 0.14
"""Share of the young of residential branches who work far from home."""

AWAY_OF_PHUC_SON = 2


def stays_of(
    seed: int,
    roster: Roster,
    busy: Collection[str],
    settled: Iterable[AffiliationRow],
    today: date,
) -> list[AffiliationRow]:
    """Let some take part elsewhere for a time: those who study or care for somebody there."""
    chance = Chance(seed, "stays")
    taken = {row.member_key for row in settled} | set(busy)
    hosts = [
        code
        for code in sorted(roster.of_unit)
        if code.startswith("C-") and code[-2] != "5" and code != PHUC_SON and code not in TOO_SMALL
    ]
    rows = []
    for life in _settled_lives(roster, today):
        if life.key in taken or life.home == PHUC_SON or not chance.happens(SHARE_ELSEWHERE):
            continue
        start = today - timedelta(days=chance.randrange(20, 330))
        end = start + timedelta(days=chance.randrange(150, 364))
        host = chance.choice([code for code in hosts if code != life.home])
        until = end if end <= today else OPEN
        rows.append(AffiliationRow(life.key, host, "temporary", start, until))
    return rows


def conditions_of(
    seed: int,
    roster: Roster,
    busy: Collection[str],
    stays: Iterable[AffiliationRow],
    today: date,
) -> list[ConditionRow]:
    """Return who is away from home, suspended or excused; nobody who holds a post."""
    chance = Chance(seed, "conditions")
    taken = {row.member_key for row in stays} | set(busy)
    free = [life for life in _settled_lives(roster, today) if life.key not in taken]
    rows = _away(chance, free, today)
    taken |= {row.member_key for row in rows}
    free = [life for life in free if life.key not in taken and life.home != PHUC_SON]
    chosen = chance.sample(free, 15)
    for number, life in enumerate(chosen):
        kind = "suspended" if number < 3 else "excused"
        start = today - timedelta(days=chance.randrange(15, 120))
        end = start + timedelta(days=90 if number < 3 else chance.randrange(60, 240))
        rows.append(ConditionRow(life.key, kind, start, end))
    return sorted(rows, key=lambda row: (row.member_key, row.valid_from))


def _away(chance: Chance, free: list[Life], today: date) -> list[ConditionRow]:
    young = [
        life
        for life in free
        if life.home.startswith("C-")
        and life.home[-2] != "5"
        and age_on(life.who.birth_date, today) < 53
    ]
    here = [life for life in young if life.home == PHUC_SON][:AWAY_OF_PHUC_SON]
    away = here + [life for life in young if life.home != PHUC_SON and chance.happens(SHARE_AWAY)]
    rows = []
    for life in away:
        since = today - timedelta(days=chance.randrange(40, 360))
        contact = today + timedelta(days=chance.randrange(-14, 80))
        rows.append(ConditionRow(life.key, "away", since, OPEN, contact))
    return rows


def _settled_lives(roster: Roster, today: date) -> list[Life]:
    """Return the official members whose home and status have not changed for a year."""
    before = today - timedelta(days=365)
    return [
        life
        for life in sorted(roster.everybody, key=lambda life: life.key)
        if life.status == "official"
        and life.homes[-1].valid_from < before
        and life.statuses[-1].valid_from < before
    ]
