"""Rows for benchmarks: the sizes are exact, parts equal the whole, nothing contradicts itself."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import islice, pairwise

import pytest

from core.generate.rows import holds
from core.generate.scale import SIZES, branch_code
from core.generate.sizes import build_scale
from core.generate.units import REFORM
from core.periods import OPEN

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def scale():
    """Return the smallest size."""
    return build_scale("town", seed=4, today=TODAY)


@pytest.fixture(scope="module")
def people(scale):
    """Return everybody of the smallest size."""
    return list(scale.people())


@pytest.mark.parametrize("name", SIZES)
def test_the_sizes_of_the_branches_sum_up_to_the_members(name):
    scale = build_scale(name)
    sizes = [scale.branch_size(number) for number in range(scale.size.branches)]
    assert sum(sizes) == scale.size.members
    assert min(sizes) >= 5


def test_the_sizes_are_those_that_are_promised():
    assert (SIZES["province"].members, SIZES["province"].branches) == (350_000, 12_000)
    assert SIZES["province"].communes == 100
    assert (SIZES["hanoi"].members, SIZES["hanoi"].units_today) == (500_000, 20_000)
    country = SIZES["country"]
    assert (country.members, country.branches) == (5_500_000, 260_000)
    assert (country.old_provinces, country.old_communes) == (63, 10_040)
    assert (country.provinces, country.communes) == (34, 3_321)


def test_an_unknown_size_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="town, province, hanoi, country"):
        build_scale("planet")


def test_rows_are_streamed():
    scale, country = build_scale("hanoi"), build_scale("country")
    for rows in (scale.lineage(), country.units(), country.reform(), country.people()):
        assert isinstance(rows, Iterator)
        assert len(list(islice(rows, 50))) == 50


@pytest.mark.parametrize("name", ["town", "province"])
def test_parents_come_first_and_exist_as_long_as_what_stands_under_them(name):
    spans = {}
    for unit in build_scale(name).units():
        if unit.parent_code != "ROOT":
            start, end = spans[unit.parent_code]
            assert start <= unit.valid_from
            assert unit.valid_to <= end
        start = min(unit.valid_from, spans.get(unit.code, (unit.valid_from,))[0])
        spans[unit.code] = (start, unit.valid_to)


@pytest.mark.parametrize("name", ["town", "province", "hanoi"])
def test_as_many_units_are_in_force_today_as_planned(name):
    scale = build_scale(name)
    kinds = Counter(unit.kind for unit in scale.units() if holds(unit, TODAY))
    assert kinds.total() == scale.size.units_today
    assert kinds["branch"] == scale.size.branches
    assert kinds["commune"] == scale.size.communes
    assert not kinds["district"]


def test_every_unit_that_ended_has_a_successor():
    scale = build_scale("province")
    ends = {unit.code: unit.valid_to for unit in scale.units()}
    ended = {code for code, end in ends.items() if end != OPEN}
    assert ended == {row.predecessor for row in scale.lineage()}
    assert all(ends[row.successor] == OPEN and row.on == REFORM for row in scale.lineage())


def test_the_head_count_of_today_is_exact(scale, people):
    assert len(people) == scale.persons
    today = Counter(
        row.unit_code
        for person in people
        for row in person.affiliations
        if row.kind == "home" and holds(row, TODAY)
    )
    assert today.total() == scale.size.members
    for number in range(scale.size.branches):
        assert today[branch_code(number)] == scale.branch_size(number)


def test_keys_and_numbers_are_given_once(people):
    for name in ("key", "record_no", "card_no"):
        values = [value for person in people if (value := getattr(person.member, name))]
        assert len(set(values)) == len(values)


def test_part_of_the_branches_is_the_same_as_in_the_whole(scale, people):
    parts = [*scale.people(0, 7), *scale.people(7, 40), *scale.people(40)]
    assert parts == people


def test_the_same_seed_gives_the_same_people_and_another_does_not(people):
    assert list(build_scale("town", seed=4, today=TODAY).people()) == people
    assert list(build_scale("town", seed=5, today=TODAY).people()) != people


def test_statuses_and_homes_follow_without_a_gap_and_begin_with_admission(people):
    for person in people:
        homes = [row for row in person.affiliations if row.kind == "home"]
        for rows in (person.statuses, homes):
            assert rows[0].valid_from == person.member.admitted_on
            assert all(row.valid_from < row.valid_to for row in rows)
            for earlier, later in pairwise(rows):
                assert earlier.valid_to == later.valid_from
        last = person.statuses[-1]
        left = last.valid_from if last.status == "left" else OPEN
        assert homes[-1].valid_to == left
        assert max(row.valid_from for row in [*person.statuses, *person.affiliations]) <= TODAY


def test_every_branch_has_a_secretary_a_deputy_and_a_committee(people):
    posts = defaultdict(Counter)
    for person in people:
        for row in person.positions:
            posts[row.unit_code][row.position] += 1
            assert person.statuses[-1].status == "official"
            assert person.statuses[-1].valid_from < row.valid_from
    expected = {"secretary": 1, "deputy_secretary": 1, "branch_committee_member": 3}
    assert all(held == expected for held in posts.values())
    assert len(posts) == SIZES["town"].branches
