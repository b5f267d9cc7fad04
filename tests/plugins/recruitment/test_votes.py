"""Two-thirds votes as counts, entitled as the membership was, and what follows failed ones."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.errors import Forbidden, InvalidInput, RuleBroken
from core.members.models import MemberCondition
from core.periods import OPEN
from plugins.recruitment import services
from plugins.recruitment.services import Ballot, needed_of


@pytest.mark.parametrize(
    ("rule", "count", "needed"),
    [("two_thirds", 37, 25), ("two_thirds", 9, 6), ("two_thirds", 1, 1), ("majority", 10, 6)],
)
def test_how_many_are_needed(rule, count, needed) -> None:
    assert needed_of(rule, count) == needed


def test_entitled_are_the_official_members_of_that_day(ward) -> None:
    ward.world.member("B1", "Đỗ Văn Mới", status="probationary", since=date(2026, 5, 1))
    ward.world.member("B1", "Đỗ Thị Miễn", status="exempt")
    ward.world.member("B1", "Đỗ Văn Sau", since=date(2026, 11, 10))
    with ward.world.work() as work:
        work.session.add(
            MemberCondition(
                member_id=ward.people[9].id,
                kind="suspended",
                valid_from=date(2026, 1, 1),
                valid_to=OPEN,
            )
        )
    with ward.office() as work:
        branch = work.unit
        assert services.entitled_on(work, branch, date(2026, 11, 9), committee=False) == 9
        assert services.entitled_on(work, branch, date(2026, 11, 10), committee=False) == 10
        above = ward.world.place("W", work)
        assert services.entitled_on(work, above, date(2026, 11, 9), committee=True) == 3


def test_the_entitled_number_stays_frozen_when_members_come_later(ward) -> None:
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        vote = ward.voted(work, candidate, "branch_vote", 7, 10)
        assert (vote.entitled, vote.needed, vote.is_passed) == (10, 7, True)
    ward.world.member("B1", "Đỗ Văn Sau", since=date(2020, 1, 1))
    with ward.office() as work:
        dossier = ward.again(work, services.access_candidate(work, candidate.id))
        assert (dossier.votes[0].entitled, dossier.votes[0].is_passed) == (10, True)


def test_two_thirds_count_of_all_entitled_not_of_those_present(ward) -> None:
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        vote = ward.voted(work, candidate, "branch_vote", 6, 6)
        assert not vote.is_passed
        assert "6" in services.result_sentence(vote)


@pytest.mark.parametrize(
    ("counts", "field"),
    [
        ({"present": 11, "in_favour": 9}, "present"),
        ({"present": 0, "in_favour": 0}, "present"),
        ({"present": 8, "in_favour": 9}, "in_favour"),
        ({"present": 8, "in_favour": -1}, "in_favour"),
        ({"present": 8, "in_favour": 5, "against": 4}, "in_favour"),
    ],
)
def test_counts_that_do_not_add_up_are_refused(ward, counts, field) -> None:
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        ballot = Ballot(held_on=work.today, **counts)
        with pytest.raises(InvalidInput) as refused:
            services.record_vote(work, ward.again(work, candidate), "branch_vote", ballot)
    assert field in refused.value.fields


def test_a_vote_before_the_decision_about_the_conditions_is_refused(ward) -> None:
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        day = work.today - timedelta(days=1)
        ballot = Ballot(held_on=day, present=10, in_favour=10)
        with pytest.raises(InvalidInput) as refused:
            services.record_vote(work, ward.again(work, candidate), "branch_vote", ballot)
    assert "held_on" in refused.value.fields


def test_a_vote_that_was_passed_is_not_repeated(ward) -> None:
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        ward.voted(work, candidate, "branch_vote", 9, 10)
        with pytest.raises(RuleBroken):
            ward.voted(work, candidate, "branch_vote", 10, 10)


def test_a_vote_typed_in_wrongly_is_taken_back(ward) -> None:
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        vote = ward.voted(work, candidate, "branch_vote", 9, 10)
        services.remove_vote(work, ward.again(work, candidate), vote.id)
        assert ward.again(work, candidate).votes == []


def test_after_three_failed_votes_the_case_goes_to_the_superior(ward) -> None:
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        for _time in range(2):
            ward.voted(work, candidate, "branch_vote", 5, 10)
            assert candidate.state == "open"
        ward.voted(work, candidate, "branch_vote", 6, 10)
        assert candidate.state == "referred"
        with pytest.raises(RuleBroken):
            ward.voted(work, candidate, "branch_vote", 9, 10)


def test_the_number_of_failed_votes_is_a_setting(ward) -> None:
    ward.world.give("recruitment.failed_votes", 1, "W")
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        ward.voted(work, candidate, "branch_vote", 5, 10)
        assert candidate.state == "referred"


def test_the_superior_lets_the_branch_vote_again(ward) -> None:
    ward.world.give("recruitment.failed_votes", 1, "W")
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        ward.voted(work, candidate, "branch_vote", 5, 10)
        dossier = ward.again(work, candidate)
        services.resolve_referral(work, dossier, outcome="again", document_no="07-CV/ĐU")
        assert candidate.state == "open"
        assert ward.voted(work, candidate, "branch_vote", 9, 10).is_passed


def test_the_superiors_agreement_stands_for_the_vote(ward) -> None:
    ward.world.give("recruitment.failed_votes", 1, "W")
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        ward.voted(work, candidate, "branch_vote", 5, 10)
        dossier = ward.again(work, candidate)
        services.resolve_referral(work, dossier, outcome="agreed", document_no="07-CV/ĐU")
        assert ward.advanced(work, candidate) == "committee"


def test_the_superior_decides_by_a_document_only(ward) -> None:
    ward.world.give("recruitment.failed_votes", 1, "W")
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        ward.voted(work, candidate, "branch_vote", 5, 10)
        dossier = ward.again(work, candidate)
        with pytest.raises(InvalidInput):
            services.resolve_referral(work, dossier, outcome="refused", document_no=" ")
        services.resolve_referral(work, dossier, outcome="refused", document_no="07-CV/ĐU")
        assert (candidate.state, candidate.closed_reason) == ("refused", "superior")


def test_the_committee_votes_with_its_own_members(ward) -> None:
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        ward.voted(work, candidate, "branch_vote", 9, 10)
        ward.advanced(work, candidate)
        services.leave_out(work, ward.again(work, candidate), "section_report")
        vote = ward.voted(work, candidate, "committee_vote", 2, 3)
        assert (vote.is_committee, vote.unit_name, vote.entitled, vote.needed) == (
            True,
            "Đảng bộ phường Bắc Hồng Lĩnh",
            3,
            2,
        )


def test_a_branch_does_not_record_the_committees_vote(ward) -> None:
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        ward.voted(work, candidate, "branch_vote", 9, 10)
        ward.advanced(work, candidate)
        services.leave_out(work, ward.again(work, candidate), "section_report")
    with ward.work() as work:
        candidate = services.access_candidate(work, candidate.id)
        with pytest.raises(Forbidden):
            ward.voted(work, candidate, "committee_vote", 3, 3)
