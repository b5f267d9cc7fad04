"""What the demo's people write, and how far each branch of the ward is; nobody of them is real."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core.work import Work

from .. import services
from ..models import Ballot, Campaign, Review
from ..services import Decision, Pick
from ..services.guards import go
from ..services.voting import carried_level

ANSWERS = {
    "strengths": "Tham gia sinh hoạt đầy đủ, hoàn thành các việc chi bộ giao đúng hạn.",
    "weaknesses": "Có lúc chưa chủ động nêu ý kiến trong sinh hoạt chi bộ.",
    "causes": "Chưa dành đủ thời gian nghiên cứu tài liệu trước buổi sinh hoạt.",
    "earlier": "Đã khắc phục việc báo cáo kết quả chậm được chỉ ra năm trước.",
    "remedies": "Đọc tài liệu trước, phát biểu ít nhất một ý kiến mỗi buổi sinh hoạt.",
}


def go_on(work: Work, campaign: Campaign, reviews: Sequence[Review], number: int) -> None:
    """Let a branch be as far as its turn says: some late, some voted, some appraised, one done."""
    turn = number % 6
    if turn == 0:
        return
    for review in reviews:
        review.on_paper, review.self_level = True, "good"
        review.residence = "answered" if review.residence == "needed" else review.residence
        go(work, review, "on_paper", "comments" if turn == 1 else "vote")
    if turn < 3:
        return
    _vote(work, campaign, reviews)
    work.session.flush()
    if turn < 4:
        return
    good = {review.id: Pick("good", reason="Theo đề nghị của chi bộ") for review in reviews}
    services.pick_levels(work, campaign, good)
    best = {
        review.id: Pick("excellent", points=93.0, rank=rank, reason="Tiêu biểu của chi bộ")
        for rank, review in enumerate(reviews[: len(reviews) // 5], 1)
    }
    if best:
        services.pick_levels(work, campaign, best)
    if turn == 5:
        ids = [review.id for review in reviews]
        services.submit_for_decision(work, campaign, ids)
        if number == 5:
            decision = Decision("27-QĐ/ĐU", work.today - timedelta(days=1), "15-KH/ĐU")
            services.decide(work, campaign, ids, decision)


def _vote(work: Work, campaign: Campaign, reviews: Sequence[Review]) -> None:
    """Count ballots for everybody of a branch."""
    count = len(reviews)
    for place, review in enumerate(reviews):
        excellent = count - 1 if place < count // 5 else count // 4
        ballot = Ballot(
            review_id=review.id,
            entitled=count,
            present=count,
            issued=count,
            returned=count,
            invalid=0,
            excellent=excellent,
            good=count - excellent,
            completed=0,
            not_completed=0,
            voted_on=work.today - timedelta(days=3),
            at=work.now,
            by="Bí thư chi bộ",
        )
        work.session.add(ballot)
        review.voted_level = carried_level(ballot, campaign.rules)
        go(work, review, "submitted", "appraisal")
