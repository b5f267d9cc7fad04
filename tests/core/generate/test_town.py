"""The demo town: its printed figures, both worlds, nothing that contradicts itself."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest

from core.generate.people import age_on
from core.generate.rows import AffiliationRow, StatusRow, holds
from core.generate.town import (
    BAC_HONG_LINH,
    CENSUS,
    HEAD_COUNT,
    PHUC_SON,
    PROVINCE,
    REFORM,
    TOWN,
    build_town,
)
from core.periods import EVER, OPEN

TODAY = date(2026, 11, 22)
EVE_OF_REFORM = REFORM - timedelta(days=1)
DAYS = [CENSUS, date(2024, 2, 29), date(2025, 2, 1), EVE_OF_REFORM, REFORM, date(2026, 7, 1), TODAY]
REASONS = {"moved", "deceased", "removed", "expelled", "resigned"}


@pytest.fixture(scope="module")
def town():
    """Return the town as it is on the day of the tests."""
    return build_town(seed=7, today=TODAY)


def under(units, code, ancestor):
    """Say whether a unit stands under another, or is it."""
    while code in units and code != ancestor:
        code = units[code].parent_code
    return code == ancestor


def test_the_printed_figures_of_the_town_are_exact(town):
    units, counts = town.units_on(CENSUS), town.head_counts(CENSUS)
    inside = [unit for unit in units.values() if under(units, unit.code, TOWN)]
    residential = [unit for unit in inside if unit.sector == "residential"]
    assert sum(unit.is_grassroots for unit in inside) == 27
    assert counts[TOWN] == 3485
    assert sum(unit.kind == "commune" for unit in inside) == 6
    assert len(residential) == 52
    assert sum(counts[unit.code] for unit in residential) == 2100
    assert {units[unit.parent_code].kind for unit in residential} == {"commune"}


def grouped(rows, *names):
    """Sort rows of one kind into lists, one for each thing they tell of."""
    groups = defaultdict(list)
    for row in rows:
        groups[type(row), *(getattr(row, name) for name in names)].append(row)
    return groups


@pytest.mark.parametrize("seed", [1, 2, 99])
def test_the_figures_hold_for_every_seed(seed):
    assert build_town(seed=seed, today=TODAY).head_counts(CENSUS)[TOWN] == 3485


def test_xuan_lam_is_not_part_of_the_towns_figures(town):
    counts = town.head_counts(CENSUS)
    assert counts["W18400"] == counts["D442"] > 0
    assert counts["P42"] > counts[TOWN] + counts["D442"]


@pytest.mark.parametrize("day", DAYS)
def test_the_head_counts_of_every_unit_add_up(town, day):
    units, counts = town.units_on(day), town.head_counts(day)
    below = Counter()
    for unit in units.values():
        below[unit.parent_code] += counts[unit.code]
    for code, unit in units.items():
        if unit.kind != "branch":
            assert counts[code] == below[code], code
    statuses = Counter(town.statuses_on(day).values())
    assert below["ROOT"] == sum(statuses[status] for status in HEAD_COUNT)


def test_nobody_is_lost_on_the_day_of_the_reform(town):
    assert town.head_counts(EVE_OF_REFORM)["P42"] == town.head_counts(REFORM)[PROVINCE]


def test_the_old_world_ends_where_the_new_one_starts(town):
    before, after = town.units_on(EVE_OF_REFORM), town.units_on(REFORM)
    assert {"P42", "D437", "D442", "W18115", "W18130", "W18400"} <= before.keys() - after.keys()
    assert {"Q42", "N18115", "N18118"} <= after.keys() - before.keys()
    assert not [unit for unit in after.values() if unit.kind == "district"]
    assert after[PHUC_SON].parent_code == BAC_HONG_LINH
    assert before[PHUC_SON].parent_code == "W18121"
    assert (before[PHUC_SON].is_grassroots, after[PHUC_SON].is_grassroots) == (False, True)


@pytest.mark.parametrize("day", DAYS)
def test_on_every_day_each_unit_stands_under_one_that_exists_and_none_under_itself(town, day):
    units = town.units_on(day)
    for unit in units.values():
        assert unit.parent_code == "ROOT" or unit.parent_code in units, unit
        seen, code = set(), unit.code
        while code != "ROOT":
            assert code not in seen
            seen.add(code)
            code = units[code].parent_code


def test_a_parent_lasts_as_long_as_what_stands_under_it(town):
    spans = defaultdict(list)
    for unit in town.units:
        spans[unit.code].append(unit)
    for unit in town.units:
        if unit.parent_code != "ROOT":
            parents = spans[unit.parent_code]
            assert parents[0].valid_from <= unit.valid_from
            assert unit.valid_to <= parents[-1].valid_to, unit


def test_no_spans_of_one_thing_overlap_or_are_empty(town):
    things = {
        **grouped(town.units, "code"),
        **grouped(town.statuses, "member_key"),
        **grouped(town.affiliations, "kind", "member_key"),
        **grouped(town.positions, "member_key", "unit_code", "position", "title"),
        **grouped(town.conditions, "member_key", "kind"),
    }
    for what, rows in things.items():
        assert all(row.valid_from < row.valid_to for row in rows), what
        for earlier, later in pairwise(sorted(rows, key=lambda row: row.valid_from)):
            assert earlier.valid_to <= later.valid_from, what


def test_versions_of_a_unit_and_homes_of_a_member_follow_without_a_gap(town):
    homes = [row for row in town.affiliations if row.kind == "home"]
    things = {
        **grouped(town.units, "code"),
        **grouped(town.statuses, "member_key"),
        **grouped(homes, "kind", "member_key"),
    }
    for what, rows in things.items():
        for earlier, later in pairwise(rows):
            assert earlier.valid_to == later.valid_from, what


def test_everybody_has_one_home_from_the_first_status_until_leaving(town):
    homes = grouped((row for row in town.affiliations if row.kind == "home"), "member_key")
    for (_kind, key), own in grouped(town.statuses, "member_key").items():
        left = own[-1].valid_from if own[-1].status == "left" else OPEN
        there = homes[AffiliationRow, key]
        assert (there[0].valid_from, there[-1].valid_to) == (own[0].valid_from, left)
        assert {row.reason for row in own if row.status == "left"} <= REASONS
        assert own[-1].valid_to == OPEN


def test_homes_and_stays_are_in_branches_that_exist_all_the_time(town):
    lives = defaultdict(lambda: [OPEN, EVER, None])
    for unit in town.units:
        life = lives[unit.code]
        life[:] = [min(life[0], unit.valid_from), max(life[1], unit.valid_to), unit.kind]
    for row in [*town.affiliations, *town.positions]:
        start, end, kind = lives[row.unit_code]
        assert start <= row.valid_from, row
        assert row.valid_to <= end, row
        assert kind == "branch" or hasattr(row, "position")


def test_every_ended_unit_has_a_successor(town):
    ends = {unit.code: unit.valid_to for unit in town.units}
    begins = {}
    for unit in town.units:
        begins.setdefault(unit.code, unit.valid_from)
    descended = {(row.predecessor, row.on) for row in town.lineage}
    ended = {(code, end) for code, end in ends.items() if end != OPEN}
    assert ended == descended
    for row in town.lineage:
        assert begins[row.successor] <= row.on < ends[row.successor], row


def test_a_sole_successor_takes_the_whole_and_several_unknown_parts(town):
    heirs = defaultdict(list)
    for row in town.lineage:
        heirs[row.predecessor].append(row)
    assert [row.share for row in heirs["W18121"]] == [1]
    assert [(row.successor, row.share) for row in heirs["D437"]] == [
        ("N18115", None),
        ("N18118", None),
    ]


def test_every_post_lies_within_one_official_membership(town):
    official = grouped((row for row in town.statuses if row.status == "official"), "member_key")
    for post in town.positions:
        assert any(
            status.valid_from <= post.valid_from and post.valid_to <= status.valid_to
            for status in official[StatusRow, post.member_key]
        ), post


def test_who_holds_a_post_belongs_under_the_unit_the_whole_time(town):
    homes = grouped((row for row in town.affiliations if row.kind == "home"), "member_key")
    parents = defaultdict(set)
    for unit in town.units:
        parents[unit.code].add(unit.parent_code)

    def above(code):
        return {code}.union(*(above(parent) for parent in parents[code]))

    for post in town.positions:
        during = [
            home
            for home in homes[AffiliationRow, post.member_key]
            if home.valid_from < post.valid_to and post.valid_from < home.valid_to
        ]
        assert during[0].valid_from <= post.valid_from
        assert post.valid_to <= during[-1].valid_to
        assert all(post.unit_code in above(home.unit_code) for home in during), post


@pytest.mark.parametrize("day", DAYS)
def test_every_branch_has_one_secretary_and_a_committee_of_fitting_size(town, day):
    homes, statuses = town.homes_on(day), town.statuses_on(day)
    official = Counter(code for key, code in homes.items() if statuses[key] == "official")
    held = defaultdict(Counter)
    for row in town.positions:
        if holds(row, day):
            held[row.unit_code][row.position] += 1
    for unit in town.units_on(day).values():
        if unit.kind == "branch":
            posts = held[unit.code]
            assert posts["secretary"] == 1, unit
            size = sum(posts[name] for name in posts if name != "village_head")
            assert size <= 5
            assert size >= 3 or official[unit.code] < 14, (unit, posts, official[unit.code])


@pytest.mark.parametrize("ward", [BAC_HONG_LINH, "N18118"])
def test_the_ward_has_its_committee_and_its_staff(town, ward):
    held = Counter(
        row.position for row in town.positions if row.unit_code == ward and holds(row, TODAY)
    )
    assert held["committee_member"] == 27
    assert held["standing_member"] == 9
    assert held["staff"] == 9
    single = ("secretary", "standing_deputy_secretary", "deputy_secretary", "office_head")
    single += ("board_head", "inspection_head", "chairs_peoples_committee")
    assert all(held[name] == 1 for name in single)


def test_residential_branches_have_about_forty_members(town):
    for day in (CENSUS, TODAY):
        counts = town.head_counts(day)
        sizes = [counts[u.code] for u in town.units_on(day).values() if u.sector == "residential"]
        assert 38 <= sum(sizes) / len(sizes) <= 45
        assert min(sizes) >= 18
        assert max(sizes) <= 70


def test_residential_members_are_mostly_55_to_80_and_school_members_younger(town):
    homes, units = town.homes_on(CENSUS), town.units_on(CENSUS)
    ages = defaultdict(list)
    for member in town.members:
        if member.key in homes:
            ages[units[homes[member.key]].sector].append(age_on(member.birth_date, CENSUS))
    old = [age for age in ages["residential"] if 55 <= age <= 80]
    assert len(old) > len(ages["residential"]) / 2
    assert max(ages["school"]) < 60
    assert sum(ages["police"]) / len(ages["police"]) < 40


def test_the_branch_of_the_demo_is_as_the_story_tells_it(town):
    homes, statuses = town.homes_on(TODAY), town.statuses_on(TODAY)
    inside = [key for key, code in homes.items() if code == PHUC_SON]
    assert Counter(statuses[key] for key in inside) == {
        "official": 39,
        "exempt": 5,
        "probationary": 1,
    }
    stays = [row for row in town.affiliations if row.kind == "temporary" and holds(row, TODAY)]
    elsewhere = [row for row in stays if homes[row.member_key] == PHUC_SON]
    guests = [row for row in stays if row.unit_code == PHUC_SON]
    assert (len(elsewhere), len(guests)) == (2, 2)
    assert {statuses[row.member_key] for row in elsewhere} == {"official"}
    people = {member.key: member for member in town.members}
    (secretary,) = town.holders(PHUC_SON, "secretary", TODAY)
    hoa = people[secretary.member_key]
    names = [people[key].full_name for key in inside]
    assert len(set(names)) == len(names)
    assert [name for name in names if name.endswith("Hoa")] == [hoa.full_name]
    assert (hoa.full_name, hoa.sex) == ("Nguyễn Thị Hoa", "female")
    assert age_on(hoa.birth_date, TODAY) == 68
    assert not [
        row
        for row in town.conditions
        if row.kind != "away" and homes.get(row.member_key) == PHUC_SON
    ]


@pytest.mark.parametrize("today", [REFORM, date(2025, 12, 31), date(2029, 2, 28)])
def test_the_branch_of_the_demo_is_the_same_on_any_other_day(today):
    town = build_town(seed=7, today=today)
    homes, statuses = town.homes_on(today), town.statuses_on(today)
    inside = Counter(statuses[key] for key, code in homes.items() if code == PHUC_SON)
    assert inside == {"official": 39, "exempt": 5, "probationary": 1}
    assert town.head_counts(CENSUS)[TOWN] == 3485
    assert max(row.valid_from for row in [*town.statuses, *town.affiliations]) <= today
    assert max(row.valid_from for row in town.positions) <= today


def test_a_later_day_only_adds_to_the_story(town):
    earlier = build_town(seed=town.seed, today=date(2025, 12, 31))
    for day in (CENSUS, REFORM, date(2025, 12, 31)):
        counts, then = town.head_counts(day), earlier.head_counts(day)
        counts[PHUC_SON], then[PHUC_SON] = 0, 0  # its last admission goes with the day
        above = {"W18121", "D437", "P42", BAC_HONG_LINH, PROVINCE}
        assert {k: v for k, v in counts.items() if k not in above} == {
            k: v for k, v in then.items() if k not in above
        }


def test_a_town_before_the_reform_is_refused():
    with pytest.raises(ValueError, match="2025-07-01"):
        build_town(today=EVE_OF_REFORM)


def test_two_of_a_hundred_are_admitted_a_year_and_become_official_after_twelve_months(town):
    year = [m for m in town.members if date(2024, 1, 1) <= m.admitted_on < date(2025, 1, 1)]
    born_here = [m for m in year if m.official_on]
    assert 0.018 < len(year) / town.head_counts(date(2024, 1, 1))["P42"] < 0.032
    for member in born_here:
        assert member.official_on.year == member.admitted_on.year + 1
        assert (member.official_on.month, member.official_on.day) in {
            (member.admitted_on.month, member.admitted_on.day),
            (2, 28),
        }


def test_people_leave_for_every_reason(town):
    reasons = Counter(row.reason for row in town.statuses if row.status == "left")
    assert set(reasons) == REASONS
    assert reasons["deceased"] > reasons["removed"] > reasons["expelled"]


def test_two_street_groups_were_merged_in_2026(town):
    day = date(2026, 7, 1)
    before, after = town.head_counts(day - timedelta(days=1)), town.head_counts(day)
    assert after["C-18127-08"] == 0
    assert after["C-18127-05"] == before["C-18127-05"] + before["C-18127-08"]


def test_the_register_holds_the_conclusion_of_2022_and_every_decision_on_units(town):
    numbers = {row.number: row for row in town.documents}
    assert (numbers["33-KL/ThU"].issued_on, numbers["33-KL/ThU"].unit_code) == (
        date(2022, 1, 20),
        TOWN,
    )
    used = {unit.decision_no for unit in town.units} | {row.decision_no for row in town.lineage}
    used |= {row.decision_no for row in town.positions}
    assert used - {""} <= numbers.keys()


def test_every_branch_of_the_wards_is_followed_by_one_official(town):
    followed = Counter(row.branch_code for row in town.follows if holds(row, TODAY))
    units = town.units_on(TODAY)
    branches = {u.code for u in units.values() if u.kind == "branch" and u.parent_code[0] == "N"}
    assert followed == dict.fromkeys(branches, 1)
