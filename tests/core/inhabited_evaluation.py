"""The evaluations of the inhabited world: a campaign with every stage, results of past years."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from core.db import new_key
from core.work import Work
from plugins.evaluation import services
from plugins.evaluation.models import (
    STAGES,
    Appeal,
    Ballot,
    Campaign,
    Comment,
    Counter,
    Extension,
    Report,
    Result,
    Review,
    SelfReview,
    Step,
)
from plugins.evaluation.services import CampaignFacts
from tests.core.inhabited_meetings import ABOVE

FACTS = CampaignFacts(
    title="Đánh giá, xếp loại năm 2026",
    period_key="2026",
    subjects=("member", "unit", "collective", "leader"),
    document_no="15-KH/ĐU",
)
YEARS = (2023, 2024, 2025)


def evaluation(place: Any, work: Work, many: int) -> None:
    """Open a campaign at the ward; let the branch's evaluations stand at every stage."""
    above = work.at(place.world.place(ABOVE, work))
    campaign = services.open_campaign(above, FACTS)
    services.fill(above, campaign)
    found = work.session.scalars(
        sa.select(Review)
        .where(Review.campaign_id == campaign.id, Review.stage != "not_rated")
        .order_by(Review.sort_key, Review.id)
        .execution_options(unscoped="test")
    ).all()
    _spread(work, campaign, [one for one in found if one.member_id], place.master.member_id)
    _past_years(work, found)
    work.session.flush()
    own = next(one for one in found if one.member_id == place.master.member_id)
    _around(above, campaign, own, found[:many])
    counters = {"campaign_id": campaign.id, "subject_kind": "member"}
    place.keep(work, campaign_id=campaign.id, review_id=own.id)
    place.pick(work, counter_id=(Counter, counters), report_id=(Report, {}))
    place.examples["what"] = "all"
    place.pick(work, appeal_id=(Appeal, {}), comment_id=(Comment, {}))


def _spread(work: Work, campaign: Campaign, found: Any, member_id: Any) -> None:
    """Let evaluations stand at one stage after the other; what was done before them is there."""
    for number, review in enumerate(found):
        stage = "notice" if review.member_id == member_id else STAGES[number % len(STAGES)]
        at = STAGES.index(stage)
        review.stage, review.self_level, review.branch_comment = stage, "good", "Nhất trí."
        review.voted_level = "good" if at > 2 else None
        review.level = "good" if at > 4 else None
        review.decided_on = work.today if at > 4 else None
        if at:
            work.session.add(_text(work, review))
        if at > 2:
            work.session.add(_ballot(work, review))
        if at > 4:
            facts = {"review_id": review.id, "decision_no": "12-QĐ/ĐU"}
            work.session.add(Result(**_result(work, review, 2026, **facts)))
        work.session.add(Step(review_id=review.id, at=work.now, action="saved"))


def _text(work: Work, review: Review) -> SelfReview:
    return SelfReview(
        review_id=review.id,
        unit_id=review.unit_id,
        answers={},
        scores={},
        proposed_level="good",
        saved_at=work.now,
        submitted_at=work.now,
    )


def _ballot(work: Work, review: Review) -> Ballot:
    counts = {"entitled": 9, "present": 9, "issued": 9, "returned": 9, "good": 9}
    none = dict.fromkeys(("invalid", "excellent", "completed", "not_completed"), 0)
    return Ballot(review_id=review.id, voted_on=work.today, at=work.now, **counts, **none)


def _past_years(work: Work, found: Any) -> None:
    rows = [_result(work, review, year) for year in YEARS for review in found]
    work.session.execute(sa.insert(Result), rows)


def _result(work: Work, review: Review, year: int, **facts: Any) -> dict[str, Any]:
    return {
        "id": new_key(),
        "unit_id": review.unit_id,
        "period_key": str(year),
        "period_kind": "year",
        "period_start": date(year, 1, 1),
        "period_last": date(year, 12, 31),
        "subject_kind": review.subject_kind,
        "subject_id": review.subject_id,
        "post_id": review.unit_id if review.subject_kind == "leader" else review.subject_id,
        "member_id": review.member_id,
        "level": "good",
        "made_at": work.now,
        **facts,
    }


def _around(above: Work, campaign: Campaign, own: Review, some: Any) -> None:
    """Comments asked, appeals, later days, reports."""
    day, now = above.today, above.now
    asked = {"asking_id": own.unit_id, "asking_name": "Chi bộ", "asked_name": "Chi bộ"}
    add = above.session.add_all
    for review in some:
        about = {"review_id": review.id, "unit_id": review.unit_id}
        add([Comment(**about, **asked, subject_name=review.subject_name, asked_at=now)])
        add(
            [Appeal(review_id=own.id, unit_id=own.unit_id, received_on=day, text="Đề nghị", at=now)]
        )
        later = {"stage": "vote", "due_on": date(2027, 1, 20), "document_no": "5-CV/ĐU", "at": now}
        add([Extension(campaign_id=campaign.id, place_id=own.unit_id, **later)])
        add([Report(campaign_id=campaign.id, unit_id=above.unit.id, sent_on=day, made_at=now,
                    rows=[])])  # fmt: skip
