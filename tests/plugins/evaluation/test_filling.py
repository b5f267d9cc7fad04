"""Opening a campaign: a job makes the list in parts, each subject once, whatever stops it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from core.errors import RuleBroken
from core.jobs.models import Job
from plugins.evaluation import services
from plugins.evaluation.jobs import FILLING
from plugins.evaluation.models import Review, Seat
from tests.plugins.evaluation.builders import FACTS, move_member, opened, reviews_of


def asked(work):
    return work.session.scalars(sa.select(Job).where(Job.kind == FILLING)).all()


def test_opening_asks_for_a_job_and_nothing_is_done_before_the_list_is_there(ward) -> None:
    with ward.work() as work:
        campaign = services.open_campaign(work, FACTS)
        [job] = asked(work)
        assert job.payload == {"campaign": str(campaign.id)}
        assert (campaign.is_filling, campaign.unit_count, campaign.units_done) == (True, 4, 0)
        assert work.session.scalars(sa.select(Review)).all() == []
        for act in (services.close_campaign, lambda w, c: services.pick_levels(w, c, {})):
            with pytest.raises(RuleBroken, match=r"0/4"):
                act(work, campaign)
    assert ward.do_jobs() == 1
    with ward.work() as work:
        campaign = services.access_campaign(work, campaign.id)
        assert (campaign.is_filling, campaign.units_done) == (False, 4)
        assert campaign.ready_at is not None
        assert len(reviews_of(work, campaign)) == 20


def test_the_list_is_made_in_parts_and_goes_on_where_it_stopped(ward) -> None:
    with ward.work() as work:
        campaign = services.open_campaign(work, FACTS)
        assert services.fill_part(work, campaign.id, 2)
        assert (campaign.units_done, campaign.ready_at) == (2, None)
        before = len(work.session.scalars(sa.select(Review)).all())
        services.take_in(work, campaign)  # somebody is impatient
        assert campaign.units_done == 2
        assert services.fill_part(work, campaign.id, 2)
        assert not services.fill_part(work, campaign.id, 2)
        assert not services.fill_part(work, campaign.id, 2)
        found = work.session.scalars(sa.select(Review)).all()
        assert before < len(found)
        assert len(found) == 24
        assert len({(one.subject_kind, one.subject_id) for one in found}) == len(found)


def test_who_moves_while_the_list_is_made_is_in_it_once(ward) -> None:
    one = ward.people["B1"][0]
    with ward.work() as work:
        campaign = services.open_campaign(work, FACTS)
        services.fill_part(work, campaign.id, 3)
    move_member(ward, one.id, "B3")
    ward.do_jobs()
    with ward.work() as work:
        found = work.session.scalars(sa.select(Review).where(Review.member_id == one.id)).all()
        assert len(found) == 1


def test_looking_again_adds_only_who_is_missing_and_lets_work_go_on(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        seats = work.session.scalar(sa.select(sa.func.count()).select_from(Seat))
        services.take_in(work, campaign)
        services.check_order(work, campaign, [])
        services.change_day(work, campaign, "branch", "vote", work.today)  # still at work
    ward.world.members("B1", ["Lê Văn Sau"])
    ward.do_jobs()
    with ward.work() as work:
        assert len(reviews_of(work, campaign)) == 21
        assert work.session.scalar(sa.select(sa.func.count()).select_from(Seat)) == seats + 1
        campaign = services.access_campaign(work, campaign.id)
        campaign.state = "closed"
        work.session.flush()
        with pytest.raises(RuleBroken, match="kết thúc"):
            services.take_in(work, campaign)


def test_a_job_for_a_campaign_that_is_gone_does_nothing(ward) -> None:
    with ward.work() as work:
        campaign = services.open_campaign(work, FACTS)
        campaign.state = "void"
    ward.do_jobs()
    with ward.work() as work:
        assert work.session.scalars(sa.select(Review)).all() == []
