"""The way of a dossier from the pool to the recognition: forward, back, to an end, again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from core.errors import Changed, Forbidden, InvalidInput, NotFound, RuleBroken
from core.members.models import Member, MemberStatus
from plugins.recruitment import services
from plugins.recruitment.models import Admission, AdmissionGroup, Candidate
from plugins.recruitment.services import PaperFacts
from tests.plugins.recruitment.builders import FACTS


def titles(work, dossier):
    return [lack.step for lack in services.missing_of(work, dossier)]


def status_spans(work, member_id):
    rows = work.session.execute(
        sa.select(MemberStatus.status, MemberStatus.valid_from)
        .where(MemberStatus.member_id == member_id)
        .order_by(MemberStatus.valid_from)
    )
    return [tuple(row) for row in rows]


def test_a_candidate_enters_the_pool_and_the_page_says_what_is_missing(ward) -> None:
    with ward.work() as work:
        dossier = ward.entered(work)
        [lack] = services.missing_of(work, dossier)
        assert (lack.step, lack.who) == ("pool", "chi bộ")
        assert dossier.candidate.stage == "pool"
        assert [clock.kind for clock in dossier.running] == ["pool_review"]


def test_nobody_enters_twice(ward) -> None:
    with ward.work() as work:
        ward.entered(work)
        with pytest.raises(InvalidInput) as refused:
            ward.entered(work)
        assert "full_name" in refused.value.fields


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("full_name", " "),
        ("birth_date", date(2030, 1, 1)),
        ("groups", ("poets",)),
        ("education", "wise"),
        ("entered_on", date(2030, 1, 1)),
        ("former_card_no", "99999999"),
    ],
)
def test_what_is_wrong_about_a_candidate_is_told_at_its_field(ward, field, value) -> None:
    with ward.work() as work, pytest.raises(InvalidInput) as refused:
        services.enter_candidate(work, replace(FACTS, **{field: value}))
    assert field in refused.value.fields


def test_a_committee_has_no_candidates_of_its_own(ward) -> None:
    with ward.office("W") as work, pytest.raises(RuleBroken):
        ward.entered(work)


def test_a_stage_is_not_left_while_something_is_missing(ward) -> None:
    with ward.work() as work:
        dossier = ward.entered(work)
        with pytest.raises(RuleBroken) as refused:
            services.advance(work, dossier)
        assert "Nghị quyết của chi bộ" in refused.value.sentence
        ward.paper(work, dossier.candidate, "pool")
        assert ward.advanced(work, dossier.candidate) == "class"


def test_the_branch_considers_only_after_somebody_decided_about_the_conditions(ward) -> None:
    with ward.office() as work:
        candidate = ward.entered(work).candidate
        for key in ("pool", "certificate"):
            ward.paper(work, candidate, key)
            ward.advanced(work, candidate)
        ward.introducers(work, candidate)
        for key in ("application", "cv", "verification", "introduction", "union", "comments"):
            ward.paper(work, candidate, key)
        assert titles(work, ward.again(work, candidate)) == ["eligibility"]
        services.judge(work, ward.again(work, candidate), outcome="accepted")
        assert ward.advanced(work, candidate) == "branch"


def test_a_verification_that_was_not_met_stops_the_way(ward) -> None:
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        services.send_back(work, ward.again(work, candidate))
        facts = PaperFacts(dated_on=work.today, result="not_met")
        services.record_paper(work, ward.again(work, candidate), "verification", facts)
        assert "verification" in titles(work, ward.again(work, candidate))


def test_a_branch_does_not_enter_the_committees_steps(ward) -> None:
    with ward.work() as work:
        dossier = ward.entered(work)
        facts = PaperFacts(dated_on=work.today, result="met")
        with pytest.raises(Forbidden):
            services.record_paper(work, dossier, "verification", facts)


def test_a_whole_way_makes_a_probationary_member_with_nothing_typed_twice(ward) -> None:
    with ward.office() as work:
        candidate = ward.admitted(work)
        member = work.session.get(Member, candidate.member_id)
        assert (member.full_name, member.birth_date, member.sex, member.phone) == (
            FACTS.full_name,
            FACTS.birth_date,
            "female",
            "0912 345 678",
        )
        assert (member.unit_id, member.admitted_on) == (candidate.unit_id, work.today)
        assert status_spans(work, member.id) == [("probationary", work.today)]
        [admission] = work.session.scalars(sa.select(Admission)).all()
        assert (admission.member_id, admission.admitted_on) == (member.id, work.today)
        groups = work.session.scalars(sa.select(AdmissionGroup.group)).all()
        assert sorted(groups) == ["women", "youth"]
        assert candidate.stage == "probation"
    assert ward.figure("recruitment.admitted").value == 1


def test_recognition_counts_from_the_end_of_probation_whatever_the_day_of_the_decision(
    ward,
) -> None:
    candidate = ward.before_recognition()
    with ward.office() as work:
        candidate = services.access_candidate(work, candidate.id)
        services.recognise(
            work, ward.again(work, candidate), decision_no="21-QĐ/ĐU", decided_on=work.today
        )
        assert candidate.official_on == date(2027, 11, 10)
        assert candidate.state == "recognised"
        assert status_spans(work, candidate.member_id) == [
            ("probationary", date(2026, 11, 10)),
            ("official", date(2027, 11, 10)),
        ]
        assert work.session.scalar(sa.select(Admission.official_on)) == date(2027, 11, 10)
        assert ward.again(work, candidate).running == []


def test_recognition_needs_everything_before_it(ward) -> None:
    candidate = ward.before_recognition()
    with ward.office() as work:
        dossier = ward.again(work, services.access_candidate(work, candidate.id))
        services.take_back(work, dossier, "helper_remark")
        with pytest.raises(RuleBroken) as refused:
            services.recognise(
                work,
                ward.again(work, dossier.candidate),
                decision_no="21-QĐ/ĐU",
                decided_on=work.today,
            )
        assert "Nhận xét" in refused.value.sentence


def test_probation_is_not_left_before_its_end(ward) -> None:
    with ward.office() as work:
        candidate = ward.admitted(work)
        services.name_supporter(work, candidate, member_id=ward.people[3].id, role="helper")
        ward.paper(work, candidate, "new_member_class")
        with pytest.raises(RuleBroken) as refused:
            ward.advanced(work, candidate)
        assert "10/11/2027" in str(services.missing_of(work, ward.again(work, candidate)))
        assert refused.value.sentence


def test_a_ceremony_after_its_last_day_needs_a_permission(ward) -> None:
    with ward.office() as work:
        candidate = ward.decided(work)
    ward.later(date(2027, 1, 15))
    with ward.office() as work:
        dossier = ward.again(work, services.access_candidate(work, candidate.id))
        with pytest.raises(InvalidInput) as refused:
            services.hold_ceremony(work, dossier, on=work.today)
        assert "permission_no" in refused.value.fields
        services.hold_ceremony(work, dossier, on=work.today, permission_no="03-CV/ĐU")
        assert dossier.candidate.stage == "probation"


def test_a_ceremony_does_not_make_a_member_who_is_there_already(ward) -> None:
    ward.world.member("B2", FACTS.full_name, birth_date=FACTS.birth_date)
    with ward.office() as work:
        candidate = ward.decided(work)
        with pytest.raises(InvalidInput):
            services.hold_ceremony(work, ward.again(work, candidate), on=work.today)


def test_a_ceremony_cannot_lie_before_the_receipt_of_the_decision(ward) -> None:
    with ward.office() as work:
        dossier = ward.again(work, ward.decided(work))
        with pytest.raises(InvalidInput):
            services.hold_ceremony(work, dossier, on=work.today - timedelta(days=1))


def test_a_dossier_goes_back_with_its_votes_as_history(ward) -> None:
    with ward.office() as work:
        candidate = ward.before_the_branch(work)
        ward.voted(work, candidate, "branch_vote", 9, 10)
        ward.advanced(work, candidate)
        assert services.send_back(work, ward.again(work, candidate)) == "branch"
        dossier = ward.again(work, candidate)
        assert titles(work, dossier) == ["branch_vote"]
        assert dossier.votes_on("branch_vote") == []
        assert len(dossier.votes) == 1
        papers = [clock for clock in dossier.running if clock.kind == "paper"]
        assert len(papers) >= 4


def test_a_withdrawn_dossier_is_taken_up_again(ward) -> None:
    with ward.work() as work:
        dossier = ward.entered(work)
        services.close(work, dossier, state="withdrawn", reason="own_wish")
        with pytest.raises(RuleBroken):
            ward.paper(work, dossier.candidate, "pool")
        services.reopen(work, ward.again(work, dossier.candidate))
        ward.paper(work, dossier.candidate, "pool")


def test_reasons_come_from_the_list(ward) -> None:
    with ward.work() as work:
        dossier = ward.entered(work)
        with pytest.raises(InvalidInput):
            services.close(work, dossier, state="withdrawn", reason="no good")


def test_a_probationary_members_dossier_is_not_withdrawn(ward) -> None:
    with ward.office() as work:
        dossier = ward.again(work, ward.admitted(work))
        with pytest.raises(RuleBroken):
            services.close(work, dossier, state="withdrawn", reason="own_wish")


def test_a_candidate_of_another_branch_is_not_found(ward) -> None:
    with ward.office("B2") as work:
        candidate = ward.entered(work).candidate
    with ward.work() as work, pytest.raises(NotFound):
        services.access_candidate(work, candidate.id)


def test_two_who_write_at_once_notice_each_other(ward) -> None:
    with ward.work() as work:
        candidate = ward.entered(work).candidate
        revision = candidate.revision
        services.change_candidate(work, candidate, replace(FACTS, phone="0900 000 000"))
        work.session.flush()
        with pytest.raises(Changed):
            services.access_candidate(work, candidate.id, revision=revision)


def test_what_is_kept_of_a_member_is_corrected_in_the_members_record(ward) -> None:
    with ward.office() as work:
        candidate = ward.admitted(work)
        with pytest.raises(RuleBroken):
            services.change_candidate(work, candidate, FACTS)


def test_the_pool_is_looked_over_and_its_clocks_begin_anew(ward) -> None:
    with ward.work() as work:
        candidate = ward.entered(work).candidate
        assert services.review_pool(work) == 1
        [clock] = ward.again(work, candidate).running
        assert clock.due_on == date(2026, 12, 10)


def test_a_dossier_begun_under_old_steps_keeps_them_until_it_takes_over_the_new(ward) -> None:
    with ward.work() as work:
        candidate = ward.entered(work).candidate
        steps = list(services.template_at(work).steps)
    new = [
        {name: getattr(step, name) for name in ("key", "title", "stage", "kind", "who", "form")}
        for step in steps
    ]
    new.append({"key": "survey", "title": "Phiếu khảo sát", "stage": "pool", "who": "branch"})
    ward.world.give("recruitment.dossier", new, "B1", on=date(2026, 11, 11))
    ward.later(date(2026, 11, 12))
    with ward.work() as work:
        dossier = ward.again(work, services.access_candidate(work, candidate.id))
        assert titles(work, dossier) == ["pool"]
        assert services.has_newer_template(work, dossier)
        newly = services.take_over_template(work, dossier)
        assert [lack.step for lack in newly] == ["survey"]


def test_a_dossier_template_without_a_decision_is_refused(ward) -> None:
    with pytest.raises(InvalidInput):
        ward.world.give(
            "recruitment.dossier",
            [{"key": "pool", "title": "Nguồn", "stage": "pool", "who": "branch"}],
            "B1",
        )


def test_every_act_stands_in_the_ledger_without_a_name_in_what_is_signed(ward) -> None:
    with ward.work() as work:
        candidate = ward.entered(work).candidate
    assert ward.world.rows(Candidate) == 1
    assert candidate.created_by
