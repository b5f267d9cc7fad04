"""Positions and what holds for a time."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.errors import Forbidden, InvalidInput, NotFound, RuleBroken
from core.members.models import MemberCondition, Position
from core.members.permissions import MANAGE
from core.members.services import (
    access_condition,
    clear_condition,
    contacts_due,
    count_waiting,
    end_position,
    give_position,
    history_of,
    leave,
    note_contact,
    posts,
    set_condition,
)
from core.testing import World

SPRING = date(2026, 3, 1)


def test_several_positions_are_held_at_once_in_several_units(ward: World, acting):
    member = ward.member("A")
    with acting(member) as (work, found):
        give_position(work, found, ward.place("A", work), "secretary", since=SPRING)
        given = give_position(
            work, found, ward.place("W1", work), "committee_member", since=SPRING, how="elected"
        )
        assert given.warnings == []
    with ward.work(writing=False) as work:
        held = posts(work, ward.today, member_ids=[member.id])
        assert [post.position for post in held] == ["secretary", "committee_member"]


def test_rights_follow_the_position(ward: World, acting):
    member = ward.member("A")
    account = ward.account(member=member, unit="A")
    branch = ward.place("A")
    assert not ward.principal(account).may(MANAGE, branch)
    with acting(member) as (work, found):
        give_position(work, found, branch, "secretary", since=SPRING)
    assert ward.principal(account).may(MANAGE, branch)
    with acting(member) as (work, found):
        key = history_of(work, found).key("position", history_of(work, found).of("position")[0])
        end_position(work, found, key, day=date(2026, 11, 1))
    assert not ward.principal(account).may(MANAGE, branch)


def test_a_term_that_is_exceeded_and_a_second_secretary_only_warn(ward: World, acting):
    ward.unit("T", "branch", "W1", name="Chi bộ T", term_months=30)
    one, two = ward.member("T", "Nguyễn Văn An"), ward.member("T", "Lê Thị Hoa")
    ward.position(one, "secretary", "T")
    with acting(two) as (work, found):
        given = give_position(
            work, found, ward.place("T", work), "secretary", since=SPRING, until=date(2031, 3, 1)
        )
    assert len(given.warnings) == 2
    assert ward.rows(Position) == 2


@pytest.mark.parametrize(
    ("position", "until", "error"),
    [
        ("secretary", date(2026, 1, 1), InvalidInput),
        ("emperor", None, InvalidInput),
    ],
)
def test_a_position_that_cannot_be_is_refused(ward: World, acting, position, until, error):
    member = ward.member("A")
    with pytest.raises(error), acting(member) as (work, found):
        give_position(work, found, ward.place("A", work), position, since=SPRING, until=until)
    assert ward.rows(Position) == 0


def test_a_position_is_not_held_twice_nor_by_whoever_has_left(ward: World, acting):
    member = ward.member("A")
    with acting(member) as (work, found):
        give_position(work, found, ward.place("A", work), "secretary", since=SPRING)
    with pytest.raises(RuleBroken), acting(member) as (work, found):
        give_position(work, found, ward.place("A", work), "secretary", since=date(2026, 5, 1))
    with acting(member) as (work, found):
        leave(work, found, "moved", on=date(2026, 6, 1))
    with pytest.raises(RuleBroken), acting(member) as (work, found):
        give_position(work, found, ward.place("A", work), "staff", since=date(2026, 7, 1))


def test_a_branch_gives_no_position_in_its_ward(ward: World, acting):
    member = ward.member("A")
    secretary = ward.account("branch_secretary", "A")
    with pytest.raises((Forbidden, NotFound)), acting(member, secretary, "A") as (work, found):
        give_position(work, found, ward.place("W1", work), "office_head", since=SPRING)


def test_a_position_does_not_end_before_it_began(ward: World, acting):
    member = ward.member("A")
    ward.position(member, "secretary", "A", since=SPRING)
    with ward.work(writing=False) as work:
        key = work.session.scalar(sa.select(Position.id))
    with pytest.raises(InvalidInput), acting(member) as (work, found):
        end_position(work, found, key, day=SPRING)


def test_whoever_is_away_is_contacted_again_by_a_day(ward: World, acting):
    member = ward.member("A")
    ward.member("B")
    with acting(member) as (work, found):
        condition = set_condition(
            work, found, "away", since=SPRING, next_contact_on=date(2026, 11, 1)
        )
    with ward.work(unit="W1", writing=False) as work:
        assert count_waiting(work).contacts == 1
        assert [c.full_name for c in contacts_due(work, ward.today)] == ["Nguyễn Văn An"]
    with ward.work(unit="W2", writing=False) as work:
        assert contacts_due(work) == []
    with acting(member) as (work, found):
        known = access_condition(work, found, condition.id)
        note_contact(work, found, known, next_contact_on=date(2026, 12, 1))
    with ward.work(unit="W1", writing=False) as work:
        assert count_waiting(work).contacts == 0
        assert len(contacts_due(work)) == 1
    with acting(member) as (work, found):
        known = access_condition(work, found, condition.id)
        clear_condition(work, found, known, day=ward.today)
    with ward.work(unit="W1", writing=False) as work:
        assert contacts_due(work) == []


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("away", {}, "next_contact_on"),
        ("suspended", {}, "decision_no"),
        ("ill", {}, "kind"),
        ("excused", {"until": date(2026, 1, 1)}, "until"),
    ],
)
def test_a_condition_without_what_it_needs_is_refused(ward: World, acting, kind, more, field):
    member = ward.member("A")
    with pytest.raises(InvalidInput) as refused, acting(member) as (work, found):
        set_condition(work, found, kind, since=SPRING, **more)
    assert field in refused.value.fields
    assert ward.rows(MemberCondition) == 0


def test_one_condition_of_a_kind_at_a_time(ward: World, acting):
    member = ward.member("A")
    with acting(member) as (work, found):
        set_condition(work, found, "excused", since=SPRING)
    with pytest.raises(RuleBroken), acting(member) as (work, found):
        set_condition(work, found, "excused", since=date(2026, 5, 1))
