"""Appeals and corrections: who may read them, how they are answered, what stays of a level."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from core.errors import RuleBroken
from core.ledger.models import LedgerPayload
from plugins.evaluation import services
from plugins.evaluation.models import Review
from tests.plugins.evaluation.builders import DECIDED, levelled, opened, reviews_of


def test_an_appeal_is_answered_and_a_correction_is_a_new_version(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        decided = levelled(work, campaign, reviews_of(work, campaign, "B3"), excellent=1)
        one = decided[5]
        row = services.appeal(work, campaign, one, text="Đề nghị xem lại")
        with pytest.raises(RuleBroken):
            services.appeal(work, campaign, one, text="Lần nữa")
        services.correct(
            work, campaign, one, level="excellent", reason="Chấp nhận kiến nghị",
            decision=replace(DECIDED, number="15-QĐ/ĐU"), appeal_row=row,
        )  # fmt: skip
        assert row.state == "granted"
        versions = services.versions_of(work, one)
        assert [(v.version, v.level, v.is_current) for v in versions] == [
            (2, "excellent", True), (1, "good", False),
        ]  # fmt: skip
        other = services.appeal(work, campaign, decided[6], text="Đề nghị xem lại")
        services.dismiss_appeal(work, decided[6], other, answer="Giữ nguyên")
        assert (other.state, decided[6].level) == ("dismissed", "good")
    assert ward.figure("rated", "2026") == (10, 1)
    assert ward.figure("excellent", "2026") == (2, 1)


def test_appeals_are_read_where_they_are_answered_and_by_whoever_wrote_them(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        one = levelled(work, campaign, reviews_of(work, campaign, "B3"))[5]
        services.notify(work, campaign, [one.id])
    member = next(m for m in ward.people["B3"] if m.id == one.member_id)
    mine = ward.world.account("member", "B3", member=member)
    with ward.work(mine, "B3") as work:
        services.appeal(work, campaign, services.access_own(work, one.id), text="Không công bằng")
    readers = {
        mine: ("B3", 1), ward.leader: ("W", 1), ward.office: ("W", 1), ward.secretary: ("B3", 0),
        ward.world.account("branch_clerk", "B3"): ("B3", 0),
        ward.world.account("auditor", "W"): ("W", 0),
        ward.world.account("party_building", "W"): ("W", 0),
    }  # fmt: skip
    for account, (unit, count) in readers.items():
        with ward.work(account, unit, writing=False) as work:
            review = work.session.get(Review, one.id)
            review = review or services.access_own(work, one.id)
            assert len(services.appeals_of(work, review)) == count, account.username
    with ward.work(ward.secretary, "B3") as work, pytest.raises(RuleBroken, match="chờ"):
        services.appeal(work, campaign, services.access_review(work, one.id), text="Lần nữa")
    with ward.work() as work:
        review = services.access_review(work, one.id)
        [row] = services.appeals_of(work, review)
        services.dismiss_appeal(work, review, row, answer="Giữ, vì chuyện riêng")
        assert "chuyện riêng" not in str([s.reason for s in services.history_of(work, review)])
    with ward.work() as work:
        assert "chuyện riêng" not in str(work.session.scalars(sa.select(LedgerPayload.body)).all())
