"""Appeals and corrections: a decided level never changes, a new version replaces it."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from core.checking import missing, not_here, wanted_text
from core.errors import RuleBroken
from core.i18n import _
from core.scope import require
from core.work import Work

from .. import permissions
from ..models import Appeal, Campaign, Result, Review
from .caps import fill_places, lock_reviews
from .deciding import check_decision, write_results
from .guards import check_fits, check_level, check_stage, go, note
from .shapes import Decision, Key

DECIDED = ("notice", "done")


def appeal(
    work: Work, campaign: Campaign, review: Review, *, text: str, received_on: date | None = None
) -> Appeal:
    """Take in an appeal: by the member about their own level, or typed in by the branch."""
    said = wanted_text(text, "text", _("Write what the appeal asks for."))
    day = received_on or work.today
    if day > work.today:
        raise missing("received_on", _("This day is still to come."))
    check_stage([review], *DECIDED)
    waiting = work.session.scalar(
        sa.select(Appeal.id)
        .where(Appeal.review_id == review.id, Appeal.state == "open")
        .execution_options(unscoped="whether an appeal is waiting, whoever may read it")
    )
    if waiting is not None:
        raise RuleBroken(_("An appeal against this level is waiting for an answer already."))
    row = Appeal(
        unit_id=review.unit_id,
        review_id=review.id,
        received_on=day,
        text=said,
        at=work.now,
        by=work.actor.label[:300],
    )
    work.session.add(row)
    go(work, review, "appealed")
    own = review.member_id is not None and review.member_id == work.actor.member_id
    note(work, "appealed", review, permissions.OWN if own else permissions.VOTE)
    work.session.flush()
    return row


def access_appeal(work: Work, review: Review, appeal_id: Key) -> Appeal:
    """Return an appeal against a level to those who may read it, or NotFound."""
    found: Appeal | None = work.session.scalar(
        sa.select(Appeal).where(Appeal.id == appeal_id, Appeal.review_id == review.id)
    )
    if found is None:
        raise not_here()
    return found


def _answered(work: Work, row: Appeal, state: str, answer: str, document_no: str) -> None:
    if row.state != "open":
        raise RuleBroken(_("This appeal is answered."))
    row.state, row.answer = state, answer[:300]
    row.answered_on, row.document_no = work.today, document_no[:80]


def dismiss_appeal(
    work: Work, review: Review, row: Appeal, *, answer: str, document_no: str = ""
) -> None:
    """Answer an appeal and keep the level."""
    require(work, permissions.CORRECT, {review.decider_id})
    why = wanted_text(answer, "answer", _("Write the answer to the appeal."))
    _answered(work, row, "dismissed", why, document_no.strip())
    # The answer may tell what was complained of: it stands with the appeal alone.
    go(work, review, "dismissed", document_no=document_no.strip())
    note(work, "appeal_dismissed", review, permissions.CORRECT,
         after={"document": row.document_no})  # fmt: skip
    work.session.flush()


def correct(
    work: Work,
    campaign: Campaign,
    review: Review,
    *,
    level: str,
    decision: Decision,
    reason: str,
    points: float | None = None,
    appeal_row: Appeal | None = None,
) -> Review:
    """Change a decided level by a new decision: after an appeal, discipline, a re-examination.

    The caps hold here too: a lower level can leave a group with too many excellent ones.
    """
    number = check_decision(work, decision)
    why = wanted_text(reason, "reason", _("Write why the level is corrected."))
    [locked] = lock_reviews(work, campaign.id, [review.id])
    require(work, permissions.CORRECT, {locked.decider_id})
    check_stage([locked], *DECIDED)
    check_fits(locked, check_level(level), points, campaign.scheme)
    before = {"level": locked.level, "decision": locked.decision_no}
    if level == locked.level and points == locked.points:
        raise RuleBroken(_("This is the level that holds. Choose another one."))
    fill_places(work, [locked], {locked.id: level})
    locked.points = points
    versions = write_results(work, campaign, [locked], decision, reason=why)
    locked.level, locked.decided_on, locked.decision_no = level, decision.on, number
    if appeal_row is not None:
        _answered(work, appeal_row, "granted", why, number)
    go(work, locked, "corrected", "notice", reason=why, document_no=number)
    note(work, "corrected", locked, permissions.CORRECT, before=before,
         after={"level": level, "decision": number, "version": versions[locked.id]})  # fmt: skip
    work.session.flush()
    return locked


def versions_of(work: Work, review: Review) -> list[Result]:
    """Return all versions of the result of an evaluation, the newest first."""
    return list(
        work.session.scalars(
            sa.select(Result)
            .where(Result.review_id == review.id)
            .order_by(Result.version.desc())
            .execution_options(unscoped="the versions of a result one may see")
        )
    )
