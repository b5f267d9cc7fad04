"""Made-up people: names, cards, ages, and chance that is the same in every process."""

import re
import subprocess
import sys
from datetime import date
from unicodedata import is_normalized

import pytest

from core.generate.chance import Chance, Pool
from core.generate.people import (
    Population,
    admission_day,
    age_on,
    card_no,
    make_identity,
    phone_no,
    record_no,
    years_after,
)
from core.generate.town import build_town

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def members():
    """Return the members of the demo town."""
    return build_town(seed=3, today=TODAY).members


def test_names_are_normalised_and_have_their_parts(members):
    for member in members:
        assert is_normalized("NFC", member.full_name)
        assert member.surname
        assert member.given_name
        assert " " not in member.given_name
        assert member.full_name.split()[-1] == member.given_name


def test_surnames_are_spread_as_in_life(members):
    nguyen = sum(member.surname == "Nguyễn" for member in members)
    assert 0.2 < nguyen / len(members) < 0.36
    assert len({member.surname for member in members}) >= 25


def test_no_two_members_share_name_and_birth_date_or_a_number(members):
    assert len({(m.full_name, m.birth_date) for m in members}) == len(members)
    for column in ("card_no", "record_no"):
        numbers = [value for m in members if (value := getattr(m, column))]
        assert len(set(numbers)) == len(numbers)


def test_only_who_is_official_has_a_card_of_eight_digits(members):
    for member in members:
        assert bool(member.card_no) == bool(member.official_on)
        assert re.fullmatch(r"|[0-9]{8}", member.card_no)
        assert re.fullmatch(r"|42\.[0-9]{6}", member.record_no)
        assert re.fullmatch(r"|0000[0-9]{6}", member.phone)


def test_everybody_was_admitted_as_an_adult(members):
    assert min(age_on(member.birth_date, member.admitted_on) for member in members) >= 18


def test_some_of_the_old_know_only_their_year_of_birth(members):
    years = [member for member in members if member.birth_precision == "year"]
    assert years
    assert all((m.birth_date.month, m.birth_date.day) == (1, 1) for m in years)
    assert all(member.birth_date.year < 1960 for member in years)


def test_card_numbers_do_not_repeat():
    assert len({card_no(ordinal) for ordinal in range(200_000)}) == 200_000
    assert record_no(7, "30") == "30.000007"
    assert phone_no(1_000_007) == "0000000007"


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2026, 7, 1), -68, date(1958, 7, 1)),
    ],
)
def test_years_are_counted_by_the_calendar(day, years, expected):
    assert years_after(day, years) == expected


def test_age_grows_on_the_birthday():
    born = date(1958, 3, 12)
    assert (age_on(born, date(2026, 3, 11)), age_on(born, date(2026, 3, 12))) == (67, 68)


def test_admission_lies_before_the_given_day():
    chance = Chance("admission")
    born, before = date(2000, 6, 1), date(2021, 1, 1)
    days = [admission_day(chance, born, before) for _ in range(300)]
    assert all(date(2020, 6, 1) <= day < before for day in days)


def test_a_name_and_birth_date_are_given_once():
    people, chance = Population(), Chance("names")
    made = make_identity(chance, "female", date(1958, 3, 12))
    assert people.claim(made)
    assert not people.claim(made)


def test_chance_keeps_weights_and_means():
    chance, pool = Chance("weights"), Pool([("often", 9), ("seldom", 1)])
    drawn = [chance.draw(pool) for _ in range(2000)]
    assert 1700 < drawn.count("often") < 1900
    assert 2.2 < sum(chance.count(2.5) for _ in range(1000)) / 1000 < 2.8
    assert chance.day(date(2026, 1, 1), date(2025, 1, 1)) == date(2026, 1, 1)


def test_chance_is_the_same_in_every_process():
    code = "from core.generate.chance import Chance; print(Chance(1, 'Phúc Sơn').random())"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            text=True,
            env={"PYTHONHASHSEED": number, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for number in ("1", "2")
    }
    assert runs == {f"{Chance(1, 'Phúc Sơn').random()}\n"}
