"""Caps that hold: the readings of the rule, live room, overrides, and fifty writers at once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError, Forbidden, RuleBroken
from core.units.services import transfer_unit
from plugins.evaluation import services
from plugins.evaluation.models import Counter
from plugins.evaluation.services.caps import allowed
from tests.plugins.evaluation.builders import (
    DECIDED,
    at_stage,
    levelled,
    move_member,
    opened,
    picked,
    reviews_of,
)
from tests.plugins.evaluation.recount import faults


def test_the_published_readings_of_the_rule() -> None:
    assert allowed(55, 2000, "floor") == 11
    assert allowed(40, 2000, "floor") == 8
    assert allowed(34, 2000, "floor") == 6
    assert allowed(34, 2000, "nearest") == 7
    assert allowed(4, 2000, "floor") == 0
    assert allowed(58, 2500, "floor") == 14


@given(st.integers(0, 100_000), st.integers(0, 10_000))
def test_rounding_never_gives_more_than_one_place_beyond_the_share(base: int, share: int) -> None:
    floor, nearest = allowed(base, share, "floor"), allowed(base, share, "nearest")
    assert floor * 10_000 <= share * base < (floor + 1) * 10_000
    assert nearest in (floor, floor + 1)
    assert 2 * abs(nearest * 10_000 - share * base) <= 10_000


def test_a_cap_holds_while_picking_and_says_what_to_do(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        reviews = at_stage(work, "appraisal", reviews_of(work, campaign, "B3"))
        with pytest.raises(RuleBroken, match="chưa được xếp ai"):
            picked(work, campaign, {reviews[0].id: "excellent"})
    with ward.work() as work:
        picked(work, campaign, {review.id: "good" for review in reviews})
        picked(work, campaign, {review.id: "excellent" for review in reviews[:2]})
        [line] = [one for one in services.headroom(work, campaign, "member", with_names=True)
                  if one.base]  # fmt: skip
        assert (line.room, line.left, line.base) == (2, 0, 10)
        assert line.names == ["Nguyễn Thị An", "Nguyễn Thị Bình"]
        assert "20% của 10 = 2" in line.sentence
    with ward.work() as work, pytest.raises(RuleBroken, match="đã đủ 2"):
        picked(work, campaign, {reviews[2].id: "excellent"})
    with ward.work() as work:
        swap = {reviews[0].id: "good", reviews[2].id: "excellent"}
        picked(work, campaign, swap)
        assert faults(work.session, campaign.id) == []


def test_a_lower_level_that_shrinks_the_base_is_refused_too(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        decided = levelled(work, campaign, reviews_of(work, campaign, "B3"), excellent=2)
    fewer = {"level": "completed", "decision": DECIDED, "reason": "Bị kỷ luật"}
    with ward.work() as work, pytest.raises(RuleBroken):
        services.correct(work, campaign, decided[9], **fewer)
    with ward.work() as work:
        services.correct(work, campaign, decided[0], level="good", decision=DECIDED, reason="Hạ")
        services.correct(work, campaign, decided[9], **fewer)
        assert faults(work.session, campaign.id) == []


def test_more_than_the_cap_needs_a_decision_document_and_the_right(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        reviews = at_stage(work, "appraisal", reviews_of(work, campaign, "B3"))
        picked(work, campaign, {review.id: "good" for review in reviews})
        [line] = [one for one in services.headroom(work, campaign, "member") if one.base]
        with pytest.raises(DomainError):
            services.grant_places(work, campaign, line.counter_id, extra=1, document_no=" ")
        services.grant_places(work, campaign, line.counter_id, extra=1, document_no="7-QĐ/TU")
        picked(work, campaign, {review.id: "excellent" for review in reviews[:3]})
        [line] = [one for one in services.headroom(work, campaign, "member") if one.base]
        assert "7-QĐ/TU" in line.sentence
        with pytest.raises(RuleBroken):
            services.grant_places(work, campaign, line.counter_id, extra=0, document_no="8")
    building = ward.world.account("party_building", "W")
    with ward.work(building) as work, pytest.raises(Forbidden):
        services.grant_places(work, campaign, line.counter_id, extra=9, document_no="9-QĐ/TU")


def test_several_rules_hold_at_once_and_the_settings_say_which(ward) -> None:
    rule = {"base": "good_only", "rounding": "floor", "percent": 20}
    ward.world.give("evaluation.caps", [
        {**rule, "subject": "member", "scope": "grassroots_org"},
        {**rule, "subject": "member", "scope": "campaign", "percent": 10, "base": "all_rated"},
    ], "W")  # fmt: skip
    with ward.work() as work:
        campaign = opened(work)
        first = at_stage(work, "appraisal", reviews_of(work, campaign, "B3"))
        other = at_stage(work, "appraisal", reviews_of(work, campaign, "B1"))
        picked(work, campaign, {review.id: "good" for review in (*first, *other)})
        picked(work, campaign, {first[0].id: "excellent"})
        with pytest.raises(RuleBroken, match="trong toàn đợt"):
            picked(work, campaign, {other[0].id: "excellent"})


def test_a_member_who_moved_counts_where_they_are_rated_now(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        reviews = at_stage(work, "appraisal", reviews_of(work, campaign, "B3"))
        picked(work, campaign, {review.id: "good" for review in reviews})
        picked(work, campaign, {review.id: "excellent" for review in reviews[:2]})
        one = reviews[9]
    move_member(ward, one.member_id, "B1")
    with ward.work() as work:
        [(moved, _unit)] = services.moved_members(work, campaign)
        assert moved.id == one.id
    with ward.work() as work, pytest.raises(RuleBroken):  # nine good ones leave one place
        services.follow_member(work, campaign, moved)
    with ward.work() as work:
        picked(work, campaign, {reviews[0].id: "good"})
        found = services.follow_member(work, campaign, services.access_review(work, one.id))
        assert (found.counted_level, found.stage, found.residence) == (None, "comments", "needed")
        assert found.decider_id == ward.world.place("G", work).id
        assert found.former_unit_id == ward.world.place("B3", work).id
        assert faults(work.session, campaign.id) == []


def test_the_database_itself_refuses_more_than_there_is_room_for(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        counter = work.session.scalars(
            sa.select(Counter).where(Counter.campaign_id == campaign.id)
        ).first()
    with pytest.raises(RuleBroken, match="Đã đủ số"), ward.work() as work:
        work.session.execute(
            sa.update(Counter)
            .where(Counter.id == counter.id)
            .values(excellent=5, rated=5)
            .execution_options(synchronize_session=False)
        )


def test_transferred_units_keep_their_seats(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        levelled(work, campaign, reviews_of(work, campaign, "B3"), excellent=2)
    with ward.world.work() as work:
        transfer_unit(
            work, ward.world.place("B3", work), parent=ward.world.place("G", work), on=work.today
        )
    with ward.work() as work:
        assert faults(work.session, campaign.id) == []
