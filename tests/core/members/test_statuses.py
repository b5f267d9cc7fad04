"""Recognition, exemption, exits and readmission."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from core.errors import InvalidInput, RuleBroken
from core.members.models import Affiliation, MemberCondition, MemberStatus, Position
from core.members.services import (
    change_status,
    head_counts,
    leave,
    readmission_eligibility,
    readmit,
    set_condition,
    start_temporary,
)
from core.testing import World


def statuses(ward, member):
    with ward.work(writing=False) as work:
        return [
            tuple(row)
            for row in work.session.execute(
                sa.select(MemberStatus.status, MemberStatus.valid_from)
                .where(MemberStatus.member_id == member.id)
                .order_by(MemberStatus.valid_from)
            )
        ]


def total(ward, code, on=None):
    with ward.work(writing=False) as work:
        unit = ward.place(code, work)
        found = head_counts(work, unit, on).get(unit.id)
        return found.total if found else 0


def test_a_probationary_member_becomes_official_at_the_end_of_probation(ward: World, acting):
    member = ward.member("A", status="probationary", since=date(2025, 3, 1))
    with acting(member) as (work, found):
        done = change_status(
            work, found, "official", on=date(2026, 3, 1), decision_no="12-QĐ/ĐU",
            decision_date=date(2026, 5, 20),
        )  # fmt: skip
        assert (done.status, done.official_on) == ("official", date(2026, 3, 1))
    assert statuses(ward, member) == [
        ("probationary", date(2025, 3, 1)),
        ("official", date(2026, 3, 1)),
    ]


def test_nobody_is_recognised_before_probation_is_over(ward: World, acting):
    member = ward.member("A", status="probationary", since=date(2026, 3, 1))
    with pytest.raises(InvalidInput) as refused, acting(member) as (work, found):
        change_status(work, found, "official", on=date(2026, 9, 1))
    assert "on" in refused.value.fields
    assert len(statuses(ward, member)) == 1


def test_the_length_of_probation_is_a_setting_of_the_place(ward: World, acting):
    ward.give("core.members.probation_months", 6, "W1")
    member = ward.member("A", status="probationary", since=date(2026, 3, 1))
    with acting(member) as (work, found):
        assert change_status(work, found, "official", on=date(2026, 9, 1)).status == "official"


def test_an_exemption_begins_and_ends(ward: World, acting):
    member = ward.member("A")
    with acting(member) as (work, found):
        change_status(work, found, "exempt", on=date(2024, 1, 1))
    with acting(member) as (work, found):
        change_status(work, found, "official", on=date(2025, 1, 1))
    assert [status for status, _day in statuses(ward, member)] == ["official", "exempt", "official"]
    assert total(ward, "W1", date(2024, 6, 1)) == 1


@pytest.mark.parametrize(("now", "wanted"), [("probationary", "exempt"), ("official", "left")])
def test_a_status_that_cannot_follow_is_refused(ward: World, acting, now, wanted):
    member = ward.member("A", status=now)
    with pytest.raises(RuleBroken), acting(member) as (work, found):
        change_status(work, found, wanted, on=date(2026, 1, 1))


def test_leaving_ends_home_stay_positions_and_conditions_on_that_day(ward: World, acting):
    member = ward.member("A")
    ward.position(member, "secretary", "A")
    with acting(member) as (work, found):
        start_temporary(work, found, ward.place("B", work), since=date(2026, 1, 1))
    with acting(member) as (work, found):
        set_condition(
            work, found, "away", since=date(2026, 1, 1), next_contact_on=date(2026, 12, 1)
        )
    with acting(member) as (work, found):
        leave(work, found, "moved", on=date(2026, 7, 1))
    with ward.work(writing=False) as work:
        for model in (Affiliation, Position, MemberCondition):
            ends = work.session.scalars(sa.select(model.valid_to)).all()
            assert set(ends) == {date(2026, 7, 1)}, model
    assert total(ward, "A", date(2026, 6, 30)) == 1
    assert total(ward, "A", date(2026, 7, 1)) == 0
    assert total(ward, "P") == 0


@pytest.mark.parametrize(
    ("status", "reason", "decision", "field"),
    [
        ("official", "removed", "", "decision_no"),
        ("official", "whim", "1-QĐ", "reason"),
        ("probationary", "expelled", "1-QĐ", "reason"),
    ],
)
def test_an_exit_that_does_not_fit_is_refused(ward: World, acting, status, reason, decision, field):
    member = ward.member("A", status=status)
    with pytest.raises(InvalidInput) as refused, acting(member) as (work, found):
        leave(work, found, reason, on=date(2026, 7, 1), decision_no=decision)
    assert field in refused.value.fields
    assert total(ward, "A") == 1


def test_readmission_waits_as_long_as_the_setting_says(ward: World, acting):
    member = ward.member("A")
    with acting(member) as (work, found):
        leave(work, found, "resigned", on=date(2024, 1, 15), decision_no="5-QĐ")
    with acting(member) as (work, found):
        early = readmission_eligibility(work, found, date(2026, 11, 1))
        assert (early.is_allowed, early.since) == (False, date(2027, 1, 15))
        assert "294-QĐ/TW" in early.sentence
        assert readmission_eligibility(work, found, date(2027, 1, 15)).is_allowed
        with pytest.raises(RuleBroken):
            readmit(work, found, ward.place("B", work), on=date(2026, 11, 1), decision_no="9-QĐ")


def test_whoever_is_readmitted_is_on_probation_in_the_new_branch_and_never_a_third_time(
    ward: World, acting
):
    member = ward.member("A", since=date(2010, 1, 1))
    with acting(member) as (work, found):
        leave(work, found, "removed", on=date(2015, 1, 1), decision_no="5-QĐ")
    with acting(member) as (work, found):
        back = readmit(work, found, ward.place("C", work), on=date(2020, 1, 1), decision_no="7-QĐ")
        assert (back.status, back.official_on) == ("probationary", None)
    assert total(ward, "W2") == 1
    with acting(member) as (work, found):
        change_status(work, found, "official", on=date(2021, 1, 1))
    with acting(member) as (work, found):
        leave(work, found, "resigned", on=date(2022, 1, 1), decision_no="8-QĐ")
    with acting(member) as (work, found):
        assert not readmission_eligibility(work, found, date(2026, 1, 1)).is_allowed


def test_whoever_moved_away_returns_as_what_they_were(ward: World, acting):
    member = ward.member("A", since=date(2010, 1, 1))
    with acting(member) as (work, found):
        leave(work, found, "moved", on=date(2025, 1, 1))
    with acting(member) as (work, found):
        back = readmit(work, found, ward.place("B", work), on=date(2026, 1, 1), decision_no="3-GT")
        assert back.status == "official"


def test_the_dead_are_not_taken_in_again(ward: World, acting):
    member = ward.member("A", since=date(2010, 1, 1))
    with acting(member) as (work, found):
        leave(work, found, "deceased", on=date(2015, 1, 1))
    with acting(member) as (work, found):
        assert not readmission_eligibility(work, found, date(2026, 1, 1)).is_allowed
