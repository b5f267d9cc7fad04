"""The way of one evaluation: from the self-review to the notice, sent back, appealed, corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from core.errors import Changed, Forbidden, InvalidInput, NotFound, RuleBroken
from core.ledger.models import LedgerRow
from plugins.evaluation import services
from plugins.evaluation.models import Comment, Result, Review, SelfReview
from plugins.evaluation.services import BallotRow, Pick
from tests.plugins.evaluation.builders import (
    DECEMBER,
    DECIDED,
    at_stage,
    levelled,
    opened,
    picked,
    reviews_of,
    sitting,
)

TEXT = {"strengths": "Hoàn thành các việc được giao.", "weaknesses": "Còn chậm."}


def test_a_campaign_gives_everybody_below_an_evaluation_once(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        assert len(reviews_of(work, campaign)) == 20
        assert len(reviews_of(work, campaign, subject="unit")) == 4
        new = ward.world.member("B1", "Lê Văn Sau")
    with ward.work() as work:
        campaign = services.access_campaign(work, campaign.id)
        services.take_in(work, campaign)
        services.fill(work, campaign)
        assert len(reviews_of(work, campaign)) == 21
        assert new.id in {review.member_id for review in reviews_of(work, campaign, "B1")}


def test_who_is_not_rated_is_known_with_the_reason(ward) -> None:
    ward.world.member("B3", "Phan Văn Miễn", status="exempt")
    ward.world.member("B3", "Võ Thị Mới", status="probationary", since=date(2026, 9, 1))
    with ward.work() as work:
        campaign = opened(work)
        reasons = {review.subject_name: review.not_rated_reason
                   for review in reviews_of(work, campaign, "B3")
                   if review.stage == "not_rated"}  # fmt: skip
    assert reasons == {"Phan Văn Miễn": "exempt", "Võ Thị Mới": "new"}


def test_the_competent_bodies_follow_the_settings(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        places = {code: ward.world.place(code, work).id for code in ("G", "W", "B1", "B3")}
        member = reviews_of(work, campaign, "B1")[0]
        assert (member.decider_id, member.form, member.residence) == (places["G"], "2B", "needed")
        third = reviews_of(work, campaign, "B3")[0]
        assert (third.decider_id, third.form, third.residence) == (
            places["W"], "2C", "not_needed",
        )  # fmt: skip
        [branch] = reviews_of(work, campaign, "B1", "unit")
        assert (branch.decider_id, branch.form) == (places["G"], "01")


def test_a_member_writes_a_draft_and_hands_it_in_and_few_may_read_it(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        review = reviews_of(work, campaign, "B3")[2]
    member = next(m for m in ward.people["B3"] if m.id == review.member_id)
    account = ward.world.account("member", "B3", member=member)
    with ward.work(account, "B3") as work:
        own = services.access_own(work, review.id)
        services.save_self_review(work, campaign, own, answers=TEXT, scores={"tasks": 60})
    with ward.work(ward.secretary, "B3") as work:
        assert services.self_review_of(work, services.access_review(work, review.id)) is None
    with ward.work(account, "B3") as work:
        own = services.access_own(work, review.id)
        services.save_self_review(work, campaign, own, answers=TEXT, level="good", submit=True)
        with pytest.raises(RuleBroken):
            services.save_self_review(work, campaign, own, answers=TEXT)
    with ward.work(ward.secretary, "B3") as work:
        found = services.self_review_of(work, services.access_review(work, review.id))
        assert found is not None
        assert found.answers["strengths"] == TEXT["strengths"]
    auditor = ward.world.account("auditor", "W")
    province = ward.world.account("province_organisation", "P")
    for actor in (auditor, province):
        with ward.work(actor) as work:
            assert services.self_review_of(work, services.access_review(work, review.id)) is None
            assert work.session.scalars(sa.select(SelfReview)).all() == []
    stranger = ward.world.account("member", "B3", member=ward.people["B3"][5])
    with ward.work(stranger, "B3") as work, pytest.raises(NotFound):
        services.access_own(work, review.id)


def test_nobody_writes_for_another_and_empty_ones_are_refused(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        review = reviews_of(work, campaign, "B3")[2]
        with pytest.raises(Forbidden):
            services.save_self_review(work, campaign, review, answers=TEXT)
    member = next(m for m in ward.people["B3"] if m.id == review.member_id)
    with ward.work(ward.world.account("member", "B3", member=member), "B3") as work:
        own = services.access_own(work, review.id)
        with pytest.raises(RuleBroken):
            services.save_self_review(work, campaign, own, answers={}, level="good", submit=True)
        with pytest.raises(InvalidInput):
            services.save_self_review(work, campaign, own, answers=TEXT, submit=True)
        with pytest.raises(InvalidInput):
            services.save_self_review(work, campaign, own, answers=TEXT, scores={"tasks": 71})


def test_comments_are_asked_in_bulk_answered_by_the_other_branch_and_wanted(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        mine = at_stage(work, "comments", reviews_of(work, campaign, "B1"))
        with pytest.raises(RuleBroken, match="cư trú"):
            services.comments_complete(work, campaign, mine)
        services.ask(work, campaign, mine[:4], unit_code="B3")
        services.ask(work, campaign, mine[4:5], outside_name="Chi bộ thôn 5, xã Khác")
        services.exempt(work, campaign, mine[5:], "Cư trú tại khu tập thể đơn vị")
        with pytest.raises(RuleBroken):
            services.ask(work, campaign, mine[:1], unit_code="B3")
    with ward.work(ward.secretary, "B3") as work:
        asked, _cursor = services.list_asked(work)
        assert len(asked) == 4
        assert services.answer(work, {one.id: ("fulfilled", "") for one in asked}) == 4
        with pytest.raises(RuleBroken):
            services.answer(work, {asked[0].id: ("partly", "")})
    with ward.work(unit="B1") as work:
        outside, _cursor = services.list_asked(work)
        assert [one.is_outside for one in outside] == [True]
        services.answer(work, {outside[0].id: ("fulfilled", "Theo bản giấy")})
        campaign = services.access_campaign(work, campaign.id)
        mine = services.all_here(work, campaign, "comments", subject="member")
        assert services.comments_complete(work, campaign, mine) == 6


def test_another_branch_sees_only_what_it_is_asked_for(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        services.ask(work, campaign, reviews_of(work, campaign, "B1")[:1], unit_code="B3")
    other = ward.world.account("branch_secretary", "B2")
    with ward.work(other, "B2") as work:
        assert services.list_asked(work)[0] == []
        assert work.session.scalars(sa.select(Comment)).all() == []
    with ward.work(ward.secretary, "B3") as work:
        assert {r.unit_id for r in work.session.scalars(sa.select(Review))} == {work.unit.id}


def test_ballots_of_a_whole_branch_are_entered_at_once_as_counts(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        ids = [r.id for r in at_stage(work, "vote", reviews_of(work, campaign, "B3"))]
    with ward.work(ward.secretary, "B3") as work:
        rows = [BallotRow(key, excellent=3, good=6, completed=0) for key in ids]
        rows[0] = BallotRow(ids[0], excellent=8, good=2)
        found = services.record_ballots(work, campaign, sitting(10), rows)
        assert [r.voted_level for r in found if r.id == ids[0]] == ["excellent"]
        assert {r.voted_level for r in found if r.id != ids[0]} == {"good"}
        ballot = services.ballot_of(work, found[1])
        assert (ballot.invalid, ballot.returned) == (1, 10)
        assert services.submit_votes(work, campaign, found) == 10


@pytest.mark.parametrize("changes", [
    {"present": 11}, {"issued": 11}, {"returned": 11}, {"present": 0},
])  # fmt: skip
def test_a_meeting_that_does_not_add_up_is_refused(ward, changes) -> None:
    with ward.work() as work:
        campaign = opened(work)
        ids = [r.id for r in at_stage(work, "vote", reviews_of(work, campaign, "B3"))]
    with ward.work(ward.secretary, "B3") as work, pytest.raises(InvalidInput):
        services.record_ballots(work, campaign, sitting(10, **changes), [BallotRow(ids[0], 5)])


def test_ballots_that_do_not_fit_name_the_comrade_and_save_nothing(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        ids = [r.id for r in at_stage(work, "vote", reviews_of(work, campaign, "B3"))]
    with ward.work(ward.secretary, "B3") as work:
        rows = [BallotRow(ids[0], good=10), BallotRow(ids[1], good=11), BallotRow(ids[2])]
        with pytest.raises(InvalidInput) as refused:
            services.record_ballots(work, campaign, sitting(10), rows)
        assert set(refused.value.fields) == {f"row_{ids[1]}", f"row_{ids[2]}"}
        review = services.access_review(work, ids[0])
        assert services.ballot_of(work, review) is None
        with pytest.raises(RuleBroken):
            services.submit_votes(work, campaign, [review])


def test_a_level_other_than_the_proposed_one_needs_a_reason(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        review = at_stage(work, "appraisal", reviews_of(work, campaign, "B3"))[0]
        review.voted_level = "good"
        work.session.flush()
        with pytest.raises(InvalidInput):
            services.pick_levels(work, campaign, {review.id: Pick("completed")})
        services.pick_levels(work, campaign, {review.id: Pick("good", points=80)})
        with pytest.raises(RuleBroken, match="90"):
            services.pick_levels(
                work, campaign, {review.id: Pick("excellent", points=80, reason="Tốt")}
            )


def test_a_whole_way_ends_with_a_result_a_notice_and_a_trace(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        decided = levelled(work, campaign, reviews_of(work, campaign, "B3"), excellent=2)
        assert [r.level for r in decided].count("excellent") == 2
        assert services.notify(work, campaign, [r.id for r in decided]) == 10
        results = work.session.scalars(sa.select(Result)).all()
        assert {(r.version, r.decision_no, r.is_current) for r in results} == {
            (1, "12-QĐ/ĐU", True)
        }
        assert services.history_of(work, decided[0])[0].action == "notified"
        work.session.flush()
    assert ward.figure("excellent_rate", "2026") == (2, 10)
    with ward.work() as work:
        actions = set(work.session.scalars(sa.select(LedgerRow.action)))
        assert {"evaluation.decided", "evaluation.campaign_opened"} <= actions


def test_evaluations_are_sent_back_with_a_reason_to_an_earlier_stage(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        reviews = at_stage(work, "appraisal", reviews_of(work, campaign, "B3"))
        picked(work, campaign, {review.id: "good" for review in reviews})
        with pytest.raises(InvalidInput):
            services.send_back(work, campaign, [reviews[0].id], "vote", " ")
        with pytest.raises(InvalidInput):
            services.send_back(work, campaign, [reviews[0].id], "decision", "Thiếu")
        [back] = services.send_back(work, campaign, [reviews[0].id], "vote", "Thiếu biên bản")
        assert (back.stage, back.returned_reason, back.counted_level) == (
            "vote", "Thiếu biên bản", None,
        )  # fmt: skip
        [line] = [one for one in services.headroom(work, campaign, "member") if one.base]
        assert line.base == 9
        with pytest.raises(RuleBroken, match="Thẩm định"):
            services.pick_levels(work, campaign, {back.id: Pick("good")})


def test_only_the_competent_body_decides(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        ids = [r.id for r in at_stage(work, "decision", reviews_of(work, campaign, "B3"))]
    other = ward.world.account("commune_staff", "G")
    with ward.work(other, "G") as work, pytest.raises(NotFound):
        services.decide(work, campaign, ids, DECIDED)
    with ward.work(ward.secretary, "B3") as work, pytest.raises((NotFound, Forbidden)):
        services.decide(work, campaign, ids, DECIDED)


def test_the_order_is_checked_and_another_order_needs_a_document(ward) -> None:
    with ward.work() as work:
        campaign = opened(work, subjects=("member", "unit", "collective", "leader"))
        units = {r.subject_name: r for r in reviews_of(work, campaign, subject="unit")}
        top = units["Đảng bộ cơ quan phường"]
        [collective] = reviews_of(work, campaign, subject="collective")
        at_stage(work, "appraisal", [top, collective])
        picked(work, campaign, {top.id: "good", collective.id: "good"})
        services.submit_for_decision(work, campaign, [top.id, collective.id])
        for review, words in ((top, "Cấp dưới"), (top, "Đảng viên trước")):
            with pytest.raises(RuleBroken, match=words):
                services.decide(work, campaign, [review.id], DECIDED)
        services.decide(work, campaign, [collective.id], DECIDED)
        leader = at_stage(work, "appraisal", reviews_of(work, campaign, subject="leader"))[0]
        picked(work, campaign, {leader.id: "good"})
        services.submit_for_decision(work, campaign, [leader.id])
        with pytest.raises(RuleBroken, match="người đứng đầu"):
            services.decide(work, campaign, [leader.id], DECIDED)
        services.decide(work, campaign, [top.id], replace(DECIDED, order_document="34-CV/TU"))
        steps = services.history_of(work, top)
        assert steps[0].document_no == "34-CV/TU"


def test_a_forced_level_is_ticked_by_a_person_with_a_reference_and_limits(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        review = at_stage(work, "appraisal", reviews_of(work, campaign, "B3"))[0]
        picked(work, campaign, {review.id: "good"})
        with pytest.raises(InvalidInput):
            services.force_level(work, campaign, review, code="discipline", reference="")
        services.force_level(work, campaign, review, code="discipline", reference="QĐ 05-QĐ/UBKT")
        assert (review.counted_level, review.forced_level) == ("not_completed", "not_completed")
        with pytest.raises(RuleBroken, match="05-QĐ/UBKT"):
            picked(work, campaign, {review.id: "completed"})
        services.lift_forced(work, campaign, review, "Nhầm người")
        picked(work, campaign, {review.id: "completed"})


def test_later_days_for_one_unit_need_a_document_and_stop_it_from_being_late(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        with pytest.raises(InvalidInput):
            services.extend(
                work, campaign, unit_id=ward.world.place("G", work).id, stage="vote",
                due_on=date(2027, 1, 20), document_no="",
            )  # fmt: skip
        services.extend(work, campaign, unit_id=ward.world.place("G", work).id,
                        stage="self_review", due_on=date(2027, 1, 20), document_no="9-CV/ĐU",
                        reason="Bão lũ")  # fmt: skip
    ward.at(DECEMBER)
    with ward.work(ward.world.account("commune_staff", "W")) as work:
        campaign = services.access_campaign(work, campaign.id)
        lines = {line.code: line for line in services.board(work, campaign, "member")}
        assert (lines["G"].late, lines["B3"].late) == (0, 10)
        assert (lines["B3"].total, lines["B3"].done) == (10, 0)


def test_a_campaign_is_opened_once_by_a_committee_and_closed_when_all_is_decided(ward) -> None:
    with ward.work(unit="B3") as work, pytest.raises(RuleBroken):
        opened(work)
    with ward.work() as work:
        campaign = opened(work, subjects=("unit",))
        with pytest.raises(RuleBroken, match="2026"):
            opened(work)
        with pytest.raises(RuleBroken):
            services.close_campaign(work, campaign)
        levelled(work, campaign, reviews_of(work, campaign, subject="unit"))
        services.close_campaign(work, campaign)
        with pytest.raises(RuleBroken, match="kết thúc"):
            services.take_in(work, campaign)
    with ward.work(ward.world.account("commune_staff", "G"), "G") as work:
        with pytest.raises(RuleBroken):
            opened(work, subjects=("unit",))
        opened(work, subjects=("member",))


def test_a_page_that_is_out_of_date_is_told_so(ward) -> None:
    with ward.work() as work:
        review = reviews_of(work, opened(work), "B3")[0]
        with pytest.raises(Changed):
            services.access_review(work, review.id, revision=review.revision + 1)


def test_what_a_campaign_decided_is_not_overwritten_by_a_file(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        levelled(work, campaign, reviews_of(work, campaign, "B3"))
    row = ward.member_row("B3", 0, period="2026", level="excellent")
    assert ward.take_in([row]).rejected == 1
    assert ward.take_in([{**row, "level": "good"}]).unchanged == 1
    assert ward.take_in([ward.member_row("B1", 0, period="2026")]).rejected == 1
