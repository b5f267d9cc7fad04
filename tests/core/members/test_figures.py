"""Indicators of members and units; what is kept of a person, and erased."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.indicators.evaluation import Question, evaluate
from core.members.models import CorrectionRequest, Member, MemberMerge
from core.members.services import (
    access_member,
    change_status,
    end_unit,
    erase_personal_data,
    head_counts,
    leave,
    merge_members,
    personal_data_of,
    request_correction,
    start_temporary,
    transfer_home,
)
from core.periods import Period
from core.testing import World


def figures(ward: World, period: str, unit: str = "P", by=None, **options):
    """Return the values of the keys that every release keeps, by key and group."""
    keys = ["members.count", "members.official", "members.left", "units.count", "units.branches"]
    with ward.work(writing=False) as work:
        question = Question(ward.place(unit, work), Period.parse(period), by=by, **options)
        found = evaluate(work, keys, question)
    return {(f.key, f.group) if by else f.key: f.value for f in found}


def test_stocks_are_counted_on_the_last_day_and_exits_over_the_period(ward: World, acting):
    stays, leaves = ward.member("A"), ward.member("A", "Lê Thị Hoa")
    ward.member("C", "Trần Văn Ba", status="probationary")
    with acting(leaves) as (work, found):
        leave(work, found, "moved", on=date(2026, 3, 10))
    with acting(stays) as (work, found):
        change_status(work, found, "exempt", on=date(2026, 5, 1))
    with acting(stays) as (work, found):
        start_temporary(work, found, ward.place("C", work), since=date(2026, 6, 1))
    assert figures(ward, "2025") == {
        "members.count": 3,
        "members.official": 2,
        "members.left": 0,
        "units.count": 6,
        "units.branches": 3,
    }
    assert figures(ward, "2026-Q1")["members.left"] == 1
    assert figures(ward, "2026-Q2")["members.left"] == 0
    now = figures(ward, "2026")
    assert (now["members.count"], now["members.official"]) == (2, 0)


def test_groups_add_up_and_follow_the_tree_of_the_day(ward: World, acting):
    member = ward.member("A")
    ward.member("B", "Lê Thị Hoa")
    with acting(member) as (work, found):
        transfer_home(work, found, ward.place("C", work), since=date(2026, 7, 1))
    with ward.work() as work:
        end_unit(work, ward.place("A", work), on=date(2026, 8, 1), successor=ward.place("B", work))
    before, now = figures(ward, "2026-06", by="child"), figures(ward, "2026-10", by="child")
    assert (before[("members.count", "W1")], before[("members.count", "W2")]) == (2, 0)
    assert (now[("members.count", "W1")], now[("members.count", "W2")]) == (1, 1)
    assert (before[("units.branches", "W1")], now[("units.branches", "W1")]) == (2, 1)


def test_the_figure_is_the_head_count(ward: World):
    for code in "AABC":
        ward.member(code)
    with ward.work(writing=False) as work:
        unit = ward.place("W1", work)
        assert head_counts(work, unit)[unit.id].total == 3
    assert figures(ward, "2026", "W1")["members.count"] == 3


@pytest.fixture
def person(ward: World) -> Member:
    """Somebody about whom much is kept."""
    member = ward.member("A", "Trần Văn Mình", birth_date=date(1958, 11, 18), phone="0911")
    ward.position(member, "secretary", "A")
    other = ward.member("B", "Trần Văn Mình", birth_date=date(1958, 11, 18))
    with ward.work() as work:
        request_correction(work, access_member(work, member.id), phone="0912")
        merge_members(work, access_member(work, member.id), access_member(work, other.id))
    return member


def test_everything_kept_of_a_person_is_handed_over(ward: World, person: Member):
    with ward.work(writing=False) as work:
        data = personal_data_of(work, person.id)
        assert personal_data_of(work, ward.place("A", work).id) == {}
    assert data["record"]["birth_date"] == "1958-11-18"
    assert data["position"][0]["unit"] == "A"
    assert data["corrections"][0]["wanted"] == {"phone": "0912"}
    assert {"status", "home", "temporary", "condition"} <= set(data)


def test_an_erased_person_counts_but_is_nobody(ward: World, person: Member):
    before = figures(ward, "2025")
    with ward.work() as work:
        erase_personal_data(work, person.id, "10 years after leaving")
    assert figures(ward, "2025") == before
    assert ward.rows(CorrectionRequest) == 0
    with ward.work(writing=False) as work:
        kept = access_member(work, person.id)
        assert (kept.full_name, kept.birth_date, kept.card_no, kept.phone) == ("–", None, None, "")
        assert set(work.session.scalars(sa.select(MemberMerge.moved)).all()[0]) == set()
