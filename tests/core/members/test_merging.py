"""Two records of one person: found, made one, taken apart again exactly."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.errors import Forbidden, NotFound, RuleBroken
from core.members.models import (
    Affiliation,
    Member,
    MemberCondition,
    MemberMerge,
    MemberStatus,
    Position,
)
from core.members.services import (
    access_member,
    find_duplicates,
    head_counts,
    history_of,
    list_merges,
    merge_members,
    set_condition,
    transfer_home,
    undo_merge,
)
from core.testing import World

BORN = date(1960, 5, 19)


@pytest.fixture
def twins(ward: World):
    """One person entered in A in 2010 and again in C in 2020."""
    one = ward.member("A", since=date(2010, 1, 1), birth_date=BORN, phone="0911", card_no=None)
    two = ward.member("C", "Nguyễn Văn Ân", since=date(2020, 1, 1), birth_date=BORN, record_no="7")
    ward.position(one, "secretary", "A", since=date(2015, 1, 1), until=date(2018, 1, 1))
    ward.position(two, "secretary", "C", since=date(2021, 1, 1))
    return one, two


def snapshot(ward: World):
    """Everything stored about people, without revisions and the merge itself."""
    with ward.work(writing=False) as work:
        result = {}
        for model in (Member, MemberStatus, Affiliation, Position, MemberCondition):
            columns = [c for c in model.__table__.c if c.name != "revision"]
            rows = work.session.execute(
                sa.select(*columns).execution_options(unscoped="test")
            ).all()
            result[model.__tablename__] = sorted(map(tuple, rows), key=str)
        return result


def merge(ward: World, one, two, actor=None, **choices):
    with ward.work(actor) as work:
        return merge_members(
            work, access_member(work, one.id), access_member(work, two.id), **choices
        )


def test_records_alike_are_found_without_marks_and_only_where_one_may_look(ward: World, twins):
    ward.member("B", "Nguyễn Văn An", birth_date=date(1961, 5, 19))
    with ward.work(writing=False) as work:
        pairs = find_duplicates(work)
    assert [{p.one.id, p.other.id} for p in pairs] == [{twins[0].id, twins[1].id}]
    staff = ward.account("commune_staff", "W1")
    with ward.work(staff, "W1", writing=False) as work:
        assert find_duplicates(work) == []


def test_a_birth_year_alone_is_alike_unless_the_cards_tell_them_apart(ward: World):
    ward.member("A", birth_date=date(1950, 1, 1), birth_precision="year", card_no=None)
    ward.member("B", birth_date=date(1950, 7, 7))
    ward.member("C", "Lê Hoa", birth_date=date(1950, 1, 1), birth_precision="year")
    ward.member("C", "Lê Hoa", birth_date=date(1950, 7, 7))
    with ward.work(writing=False) as work:
        assert [p.one.full_name for p in find_duplicates(work)] == ["Nguyễn Văn An"]


def test_the_same_record_number_is_alike_whatever_the_name(ward: World):
    ward.member("A", "Lê Hoa", record_no="HT 1")
    ward.member("B", "Lê Thị Hoa", record_no="HT 1")
    with ward.work(writing=False) as work:
        assert [p.reason for p in find_duplicates(work)] == ["number"]


def test_a_merged_history_has_no_gap_and_no_overlap(ward: World, twins):
    one, two = twins
    merge(ward, one, two, facts_from="merged")
    with ward.work(writing=False) as work:
        kept = access_member(work, one.id)
        history = history_of(work, kept)
        a, c = ward.place("A", work).id, ward.place("C", work).id
        homes = [(s.unit_id, s.valid_from) for s in history.of("home")]
        assert homes == [(a, date(2010, 1, 1)), (c, date(2020, 1, 1))]
        assert len(history.of("position")) == 2
        assert (kept.card_no, kept.record_no, kept.phone) == (two.card_no, "7", "0911")
        root = ward.place("ROOT", work)
        assert head_counts(work, root)[root.id].total == 1
        assert head_counts(work, root, date(2022, 1, 1))[root.id].total == 1


def test_the_record_that_is_kept_wins_by_default(ward: World, twins):
    one, two = twins
    merge(ward, one, two, fields={"full_name": "merged"})
    with ward.work(writing=False) as work:
        kept = access_member(work, one.id)
        assert kept.full_name == "Nguyễn Văn Ân"
        assert [s.valid_from for s in history_of(work, kept).of("home")] == [date(2010, 1, 1)]


def test_a_merge_is_taken_back_exactly(ward: World, twins, acting):
    one, two = twins
    with acting(two) as (work, found):
        set_condition(work, found, "away", since=date(2026, 1, 1), next_contact_on=ward.today)
    before = snapshot(ward)
    done = merge(ward, one, two, facts_from="merged", fields={"full_name": "merged"})
    assert snapshot(ward) != before
    with ward.work(writing=False) as work:
        assert [m.id for m in list_merges(work)] == [done.id]
    with ward.work() as work:
        undo_merge(work, done.id)
    assert snapshot(ward) == before
    with ward.work(writing=False) as work:
        root = ward.place("ROOT", work)
        assert head_counts(work, root)[root.id].total == 2


def test_a_merge_on_which_something_was_built_is_not_taken_back(ward: World, twins, acting):
    one, two = twins
    done = merge(ward, one, two)
    with acting(one) as (work, found):
        transfer_home(work, found, ward.place("B", work), since=date(2026, 1, 1))
    with pytest.raises(RuleBroken), ward.work() as work:
        undo_merge(work, done.id)


def test_a_merge_is_taken_back_once(ward: World, twins):
    done = merge(ward, *twins)
    with ward.work() as work:
        undo_merge(work, done.id)
    with pytest.raises(RuleBroken), ward.work() as work:
        undo_merge(work, done.id)


def test_a_record_is_not_merged_with_itself_nor_twice(ward: World, twins):
    one, two = twins
    with pytest.raises(RuleBroken):
        merge(ward, one, one)
    merge(ward, one, two)
    with pytest.raises(RuleBroken):
        merge(ward, one, two)


def test_merging_needs_the_right_at_both_records(ward: World, twins):
    staff = ward.account("commune_staff", "W1")
    secretary = ward.account("province_organisation", "P")
    one, two = twins
    with ward.work() as work:
        records = access_member(work, one.id), access_member(work, two.id)
    with pytest.raises((Forbidden, NotFound)), ward.work(staff, "W1") as work:
        merge_members(work, *records)
    assert ward.rows(MemberMerge) == 0
    with ward.work(secretary, "P") as work:
        merge_members(work, access_member(work, one.id), access_member(work, two.id))
    assert ward.rows(MemberMerge) == 1
