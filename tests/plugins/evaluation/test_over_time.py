"""What time does: merged units and records, transfers, years running, erasure."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from core.errors import RuleBroken
from core.ledger.models import LedgerPayload, LedgerRow
from core.members.models import Member
from core.members.services.merging import merge_members, undo_merge
from core.restructuring.operations import Link, NewUnit, Operation
from core.restructuring.services import (
    Draft,
    access_plan,
    apply_plan,
    approve_plan,
    draft_plan,
    revert_plan,
    submit_plan,
)
from core.testing import TODAY
from plugins.evaluation import services
from plugins.evaluation.models import Comment, Counter, Review, SelfReview
from tests.plugins.evaluation.builders import (
    at_stage,
    levelled,
    opened,
    picked,
    reviews_of,
)
from tests.plugins.evaluation.recount import faults


def enact(ward: Any, *operations: Operation, on: date = TODAY, **more: Any) -> Any:
    """Draft, approve and apply a plan."""
    draft = Draft(on, list(operations), decision_no="1-QĐ/TU", **more)
    with ward.world.work() as work:
        plan, _found = draft_plan(work, draft)
        submit_plan(work, plan)
        approve_plan(work, plan)
        return apply_plan(work, plan)


def places_of(ward: Any, campaign: Any) -> dict[str, int]:
    """Count undecided evaluations of members by unit."""
    with ward.world.work(writing=False) as work:
        rows = work.session.execute(
            sa.select(Review.unit_id, sa.func.count())
            .where(Review.campaign_id == campaign.id, Review.subject_kind == "member")
            .group_by(Review.unit_id)
            .execution_options(unscoped="test")
        ).all()
        found = work.host.places.by_ids(
            work.session, [row[0] for row in rows], work.today, work.generation
        )
        return {found[key].code: count for key, count in rows}


def test_a_merged_branch_is_rated_by_its_heir_and_the_caps_hold(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        reviews = at_stage(work, "appraisal", reviews_of(work, campaign, "B3"))
        picked(work, campaign, {review.id: "good" for review in reviews})
        picked(work, campaign, {review.id: "excellent" for review in reviews[:2]})
        services.ask(work, campaign, reviews_of(work, campaign, "B1")[:1], unit_code="B3")
    before = places_of(ward, campaign)
    plan = enact(ward, Operation("merge_into", links=(Link("B3", "B2"),)))
    assert places_of(ward, campaign) == {"B1": 6, "B2": 14}
    with ward.work() as work:
        assert faults(work.session, campaign.id) == []
        good = work.session.scalars(sa.select(Counter).where(Counter.excellent == 2)).one()
        assert good.place_id == ward.world.place("G", work).id
        deciders = {one.decider_id for one in reviews_of(work, campaign, "B2")}
        assert deciders == {ward.world.place("G", work).id}
        [asked] = work.session.scalars(sa.select(Comment)).all()
        assert asked.unit_id == ward.world.place("B2", work).id
    with ward.world.work() as work:
        revert_plan(work, access_plan(work, plan.id), reason="nhầm")
    assert places_of(ward, campaign) == before
    with ward.work() as work:
        assert faults(work.session, campaign.id) == []


def test_a_unit_with_a_running_campaign_does_not_end_by_itself(ward) -> None:
    with ward.work(ward.world.account("commune_staff", "G"), "G") as work:
        opened(work, subjects=("member",))
        with pytest.raises(RuleBroken, match="Kết thúc đợt"):
            services.object_to_ending(work, work.unit.id)


def test_earlier_years_stand_with_whoever_took_over(ward) -> None:
    ward.take_in([ward.member_row("B3", n, period="2024") for n in range(4)])
    enact(ward, Operation("merge_into", links=(Link("B3", "B2"),)))
    with ward.work(unit="G", writing=False) as work:
        [line] = services.years_table(work, [2024], "member")
        assert (line.year, line.good_or_better) == (2024, 4)
    assert ward.figure("rated", period="2024", unit="G") == (0, 1)
    body = ward.world.browser(ward.office).get("/u/G/evaluation/results?period=2024").get_data(True)
    assert "tính theo các đơn vị tiền thân" in body
    assert 'class="cell">4<' in body.split('id="years"')[-1]
    assert ward.figure("rated", period="2024", unit="G", restated=True) == (4, 1)


def test_a_part_of_a_divided_branch_says_how_it_is_counted(ward) -> None:
    ward.take_in([ward.member_row("B3", n, period="2024") for n in range(3)])
    new = (NewUnit("N1", "Chi bộ 1", parent="G"), NewUnit("N2", "Chi bộ 2", parent="W"))
    links = (Link("B3", "N1", None), Link("B3", "N2", None, is_main=False))
    homes = {one.id: ("N1", "N2")[n % 2] for n, one in enumerate(ward.people["B3"])}
    enact(ward, Operation("divide", links=links, new=new), members=homes)
    page = ward.world.browser(ward.office).get("/u/G/evaluation/results?period=2024").get_data(True)
    years = page.split('id="years"')[-1]
    assert 'class="cell">khoảng 2<' in years, "nobody is half a comrade"
    assert "tính theo nơi đảng viên" in years


def test_two_records_made_one_are_counted_once_and_can_be_parted_again(ward) -> None:
    ward.take_in([
        ward.member_row("B1", 0), ward.member_row("B1", 1, level="excellent"),
        ward.member_row("B1", 1, period="2024"),
    ])  # fmt: skip
    one, two = ward.people["B1"][:2]
    with ward.world.work() as work:
        kept, merged = work.session.get(Member, one.id), work.session.get(Member, two.id)
        merge = merge_members(work, kept, merged)
    assert ward.figure("rated", "2023") == (1, 1)
    assert ward.figure("excellent", "2023") == (0, 1)
    with ward.work(writing=False) as work:
        found = services.levels_of(work, [one.id])[one.id]
        assert [year for year, _level in found] == ["2024", "2023"]
    with ward.world.work() as work:
        undo_merge(work, merge.id)
    assert ward.figure("rated", "2023") == (2, 1)


def told_about(work: Any, key: Any) -> str:
    """Return all that the ledger says about an evaluation."""
    rows = work.session.execute(
        sa.select(LedgerRow.label, LedgerPayload.body)
        .join(LedgerPayload, LedgerPayload.ledger_id == LedgerRow.id)
        .where(LedgerRow.about_id == key)
    )
    return str([tuple(row) for row in rows])


def test_ones_data_are_handed_over_and_erased_while_levels_stay(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        review = reviews_of(work, campaign, "B3")[2]
    member = next(m for m in ward.people["B3"] if m.id == review.member_id)
    with ward.work(ward.world.account("member", "B3", member=member), "B3") as work:
        services.save_self_review(
            work, campaign, services.access_own(work, review.id),
            answers={"strengths": "Của riêng tôi"}, level="good", submit=True,
        )  # fmt: skip
    with ward.work() as work:
        levelled(work, campaign, [services.access_review(work, review.id)])
    with ward.world.work() as work:
        data = services.data_of(work, member.id)
        assert "Của riêng tôi" in str(data["self_reviews"])
        assert data["results"][0]["level"] == "good"
        name = member.full_name
        assert name in told_about(work, review.id)
        services.erase(work, member.id, "7-QĐ/TU")
        assert name not in told_about(work, review.id)
        assert "Của riêng tôi" not in str(services.data_of(work, member.id))
    assert ward.figure("rated", "2026") == (1, 1)


def test_self_reviews_are_erased_when_their_time_is_over(ward) -> None:
    ward.world.give("evaluation.keep_self_reviews_months", 1, "B3")
    with ward.work() as work:
        campaign = opened(work)
        for unit in ("B1", "B3"):
            review = reviews_of(work, campaign, unit)[0]
            work.session.add(SelfReview(review_id=review.id, unit_id=review.unit_id,
                                        answers={"strengths": "x"}, scores={},
                                        saved_at=work.now))  # fmt: skip
    ward.at(datetime(2027, 3, 1, 5, tzinfo=UTC))
    with ward.world.work() as work:
        assert services.erase_old(work) == 1
        assert services.erase_old(work) == 0
        left = work.session.scalars(sa.select(SelfReview)).all()
        assert sorted(str(row.answers) for row in left) == ["{'strengths': 'x'}", "{}"]
        assert len(work.session.scalars(sa.select(Review)).all()) > 0
