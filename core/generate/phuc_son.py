"""Chi bộ tổ dân phố Phúc Sơn, the branch of the demo: its people and its story are settled by hand.

On any day it has 45 members: 39 official, 5 exempt (official too), 1 probationary; two of the
official ones take part elsewhere for a time, so 38 must attend.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from core.generate.chance import Chance
from core.generate.life import Life, Roster
from core.generate.people import Identity, Population, age_on, years_after
from core.generate.population import CENSUS, PHUC_SON, Newcomer, make_life, make_who
from core.generate.rows import AffiliationRow

CAST_KEYS = {"secretary": "M00001", "deputy_secretary": "M00002"}
"""Who is who, in every generated town."""

CAST = (
    # surname, middle name, given name, sex, age today
    ("Nguyễn", "Thị", "Hoa", "female", 68),
    ("Lê", "Đình", "Ân", "male", 58),
    ("Nguyễn", "Văn", "An", "male", 71),
    ("Trần", "Thị", "Ánh", "female", 63),
    ("Phạm", "Thị", "Bình", "female", 59),
    ("Hoàng", "Văn", "Châu", "male", 66),
)
"""The secretary, her deputy, and names that show how lists are sorted."""

GUEST_NAME = ("Đặng", "Thị", "Dung", "female", 61)
GUEST_HOMES = ("C-18127-04", "C-18400-03")

OLD_AND_EXEMPT = (78, 80, 81, 84, 88)
"""Ages today of those who are exempt from work and meetings."""

OTHERS = 29
"""Members on the day of the census beside the cast, the exempt, and those who left since."""

DEATHS = ((79, date(2023, 2, 11)), (84, date(2024, 8, 20)))
MOVED_AWAY = (44, date(2024, 11, 15))
ARRIVALS = ((60, date(2022, 11, 20)), (61, date(2023, 8, 15)), (57, date(2024, 5, 10)))
ADMITTED = (27, date(2023, 5, 19))
DAYS_SINCE_LAST_ADMISSION = 150
HOSTS_ELSEWHERE = (("C-18118-03", 410), ("C-18400-02", 130))
"""Where two members take part for a time, and since how many days."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the story needs: chance, the people made so far, who is where, the day it ends on."""

    chance: Chance
    people: Population
    roster: Roster
    today: date


def settle(seed: int, people: Population, roster: Roster, today: date) -> None:
    """Fill the branch and let it live up to today."""
    setting = Setting(Chance(seed, "phuc-son"), people, roster, today)
    for surname, middle, given, sex, age in CAST:
        born = _birthday(setting, age, today)
        who = Identity(surname, middle, given, born, "day", sex)
        people.claim(who)
        _resident(setting, who)
    for age in OLD_AND_EXEMPT:
        _exempt(setting, _resident(setting, _somebody(setting, age, today)))
    for _ in range(OTHERS):
        age = setting.chance.choice((31, 36, 42, 47, 52, 56, 58, 60, 62, 64, 66, 68, 70, 72))
        _resident(setting, _somebody(setting, age, CENSUS))
    for age, day in DEATHS:
        roster.leave(_resident(setting, _somebody(setting, age, CENSUS)), day, "deceased")
    age, day = MOVED_AWAY
    roster.leave(_resident(setting, _somebody(setting, age, CENSUS)), day, "moved")
    _newcomers(setting)


def settle_guest(seed: int, people: Population, roster: Roster, today: date) -> None:
    """Make the member of another branch who takes part here for a time."""
    setting = Setting(Chance(seed, "guest"), people, roster, today)
    surname, middle, given, sex, age = GUEST_NAME
    who = Identity(surname, middle, given, _birthday(setting, age, today), "day", sex)
    people.claim(who)
    _resident(setting, who, home=GUEST_HOMES[0]).is_settled = True


def temporary_stays(
    roster: Roster, today: date, committee: Collection[str]
) -> list[AffiliationRow]:
    """Return who of the branch takes part elsewhere, and who of elsewhere takes part here."""
    members = [
        life
        for life in roster.of_unit[PHUC_SON][len(CAST) :]
        if life.status == "official"
        and life.key not in committee
        and age_on(life.who.birth_date, today) >= 58
    ]
    rows = [
        AffiliationRow(life.key, host, "temporary", today - timedelta(days=days))
        for life, (host, days) in zip(reversed(members), HOSTS_ELSEWHERE, strict=False)
    ]
    settled = next(life for life in roster.of_unit[GUEST_HOMES[0]] if life.is_settled)
    other = next(life for life in roster.of_unit[GUEST_HOMES[1]] if _may_visit(life, today))
    for life, days in ((settled, 210), (other, 95)):
        since = today - timedelta(days=days)
        rows.append(AffiliationRow(life.key, PHUC_SON, "temporary", since))
    return rows


def _may_visit(life: Life, today: date) -> bool:
    since = max(life.homes[-1].valid_from, life.statuses[-1].valid_from)
    return life.status == "official" and since < today - timedelta(days=400)


def _birthday(setting: Setting, age: int, on: date) -> date:
    return years_after(on, -age) - timedelta(days=setting.chance.randrange(300))


def _somebody(setting: Setting, age: int, on: date) -> Identity:
    """Make somebody whose name nobody of the branch has, and no second Hoa."""
    newcomer = Newcomer("residential", age, age + 1)
    known = {_name(life.who) for life in setting.roster.ever_in_unit[PHUC_SON]}
    while True:
        who = make_who(setting.chance, setting.people, newcomer, on)
        if _name(who) not in known and who.given_name != CAST[0][2]:
            return who


def _name(who: Identity) -> tuple[str, str, str]:
    return who.surname, who.middle_name, who.given_name


def _resident(
    setting: Setting, who: Identity, arrived: date | None = None, home: str = PHUC_SON
) -> Life:
    """Take in somebody who was admitted at 24 to 29 and lives here since retiring or before."""
    chance = setting.chance
    admitted = years_after(who.birth_date, 24) + timedelta(days=chance.randrange(1700))
    life = make_life(chance, setting.people, who, admitted)
    life.official_on = years_after(admitted, 1)
    life.card_no = setting.people.next_card()
    if arrived is None:
        arrived = life.official_on + timedelta(days=chance.randrange(20, 400))
        if age_on(who.birth_date, CENSUS) > 58:
            arrived = years_after(who.birth_date, 55) + timedelta(days=chance.randrange(900))
    life.become("official", arrived)
    setting.roster.add(life, home, arrived)
    return life


def _exempt(setting: Setting, life: Life) -> None:
    here_since = life.statuses[-1].valid_from + timedelta(days=120)
    asked_on = setting.chance.day(date(2019, 1, 5), date(2024, 12, 20))
    life.become("exempt", max(here_since, asked_on, years_after(life.who.birth_date, 72)))


def _newcomers(setting: Setting) -> None:
    for age, day in ARRIVALS:
        _resident(setting, _somebody(setting, age, day), day)
    age, day = ADMITTED
    life = _admit(setting, age, day)
    life.official_on = years_after(day, 1)
    life.card_no = setting.people.next_card()
    life.become("official", life.official_on)
    _admit(setting, 24, setting.today - timedelta(days=DAYS_SINCE_LAST_ADMISSION))


def _admit(setting: Setting, age: int, day: date) -> Life:
    life = make_life(setting.chance, setting.people, _somebody(setting, age, day), day)
    life.become("probationary", day)
    setting.roster.add(life, PHUC_SON, day)
    return life
