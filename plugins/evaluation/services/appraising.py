"""Appraisal: levels picked with live room under the caps, sent back with a reason, submitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.checking import missing, wanted_text
from core.errors import InvalidInput, RuleBroken
from core.i18n import _
from core.scope import require
from core.work import Work

from .. import permissions
from ..models import STAGES, Campaign, Review
from .caps import fill_places, lock_reviews
from .guards import check_level, check_running, check_stage, go, is_better, note, unfit
from .shapes import Key, Pick


def pick_levels(work: Work, campaign: Campaign, picks: Mapping[Key, Pick]) -> list[Review]:
    """Pick the levels of several evaluations at once; refuse all of it when a cap would break."""
    check_running(campaign)
    for pick in picks.values():
        check_level(pick.level)
    reviews = lock_reviews(work, campaign.id, picks)
    require(work, permissions.APPRAISE, {review.appraiser_id for review in reviews})
    check_stage(reviews, "appraisal")
    _check_picks(reviews, picks, campaign.scheme)
    before = {review.id: review.counted_level for review in reviews}
    fill_places(work, reviews, {key: pick.level for key, pick in picks.items()})
    for review in reviews:
        pick = picks[review.id]
        review.points, review.rank = pick.points, pick.rank
        review.pick_reason = pick.reason.strip()[:300]
        if before[review.id] != pick.level:
            go(work, review, "picked", reason=pick.reason.strip())
            note(work, "picked", review, permissions.APPRAISE,
                 before={"level": before[review.id]},
                 after={"level": pick.level, "reason": review.pick_reason})  # fmt: skip
    work.session.flush()
    return reviews


def _check_picks(
    reviews: Sequence[Review], picks: Mapping[Key, Pick], scheme: Mapping[str, Any]
) -> None:
    """Refuse levels that do not fit, and other ones than the ballot's without a reason: all told.

    Each problem stands at the line of its evaluation, `row_<key>`.
    """
    broken, without = {}, {}
    for review in reviews:
        pick, line = picks[review.id], f"row_{review.id}"
        problem = unfit(review, pick.level, pick.points, scheme)
        if problem:
            broken[line] = [problem]
        elif review.voted_level not in (None, pick.level) and not pick.reason.strip():
            without[line] = [_("Write why %(name)s gets another level than the branch proposed.",
                               name=review.subject_name)]  # fmt: skip
    if broken or without:
        problems = broken | without
        kind = RuleBroken if broken else InvalidInput
        raise kind(next(iter(problems.values()))[0], fields=problems)


def submit_for_decision(work: Work, campaign: Campaign, ids: Sequence[Key]) -> int:
    """Submit appraised evaluations to the body that decides; each has a level by then."""
    check_running(campaign)
    reviews = lock_reviews(work, campaign.id, ids)
    require(work, permissions.APPRAISE, {review.appraiser_id for review in reviews})
    check_stage(reviews, "appraisal")
    without = [review.subject_name for review in reviews if review.counted_level is None]
    if without:
        raise RuleBroken(_("Pick a level for %(names)s first.", names=", ".join(without[:5])))
    for review in reviews:
        go(work, review, "proposed", "decision")
        note(work, "proposed", review, permissions.APPRAISE, after={"level": review.counted_level})
    work.session.flush()
    return len(reviews)


def send_back(
    work: Work, campaign: Campaign, ids: Sequence[Key], to_stage: str, reason: str
) -> list[Review]:
    """Send evaluations back to an earlier stage with a reason; picked places become free.

    Who may do it: the body at whose stage they stand. Sending back must not break a cap either:
    where fewer are good, fewer may be excellent.
    """
    check_running(campaign)
    why = wanted_text(reason, "reason", _("Write why it is sent back."))
    reviews = lock_reviews(work, campaign.id, ids)
    for review in reviews:
        if review.stage not in STAGES[1:5]:
            check_stage([review], "appraisal", *STAGES[1:5])
        if to_stage not in STAGES[: STAGES.index(review.stage)]:
            raise missing("to_stage", _("It can be sent back to an earlier stage only."))
    _require_stage_right(work, reviews)
    if to_stage in STAGES[:3]:
        fill_places(work, reviews, {review.id: None for review in reviews})
    for review in reviews:
        go(work, review, "returned", to_stage, reason=why)
        review.returned_reason = why[:300]
        note(work, "returned", review, permissions.APPRAISE, after={"to": to_stage, "reason": why})
    work.session.flush()
    return reviews


def _require_stage_right(work: Work, reviews: Sequence[Review]) -> None:
    """Ask for the right of the stage at which each evaluation stands."""
    appraised = {review.appraiser_id for review in reviews if review.stage == "appraisal"}
    decided = {review.decider_id for review in reviews if review.stage == "decision"}
    below = {review.unit_id for review in reviews if review.stage in ("comments", "vote")}
    for permission, units in (
        (permissions.APPRAISE, appraised),
        (permissions.DECIDE, decided),
        (permissions.VOTE, below),
    ):
        if units:
            require(work, permission, units)


def force_level(
    work: Work, campaign: Campaign, review: Review, *, code: str, reference: str
) -> None:
    """Tick a condition that leaves no better level, with the document or paragraph it rests on."""
    check_running(campaign)
    condition = next((one for one in campaign.rules["forced_levels"] if one["code"] == code), None)
    if condition is None:
        raise missing("code", _("Choose the condition."))
    where = wanted_text(reference, "reference", _("Enter the document or paragraph this rests on."))
    [locked] = lock_reviews(work, campaign.id, [review.id])
    require(work, permissions.APPRAISE, {locked.appraiser_id})
    check_stage([locked], *STAGES[:5])
    level = condition["level"]
    if locked.counted_level is not None and is_better(locked.counted_level, level):
        fill_places(work, [locked], {locked.id: level})
        locked.points = None
    locked.forced_level, locked.forced_code = level, code
    locked.forced_reference = f"{condition['title']}: {where}"[:300]
    locked.forced_by = work.actor.label[:300]
    go(work, locked, "forced", reason=locked.forced_reference)
    note(work, "forced", locked, permissions.APPRAISE, after={"level": level, "reference": where})
    work.session.flush()


def lift_forced(work: Work, campaign: Campaign, review: Review, reason: str) -> None:
    """Take a condition back that was ticked wrongly, with a reason."""
    check_running(campaign)
    why = wanted_text(reason, "reason", _("Write why the limit is lifted."))
    [locked] = lock_reviews(work, campaign.id, [review.id])
    require(work, permissions.APPRAISE, {locked.appraiser_id})
    check_stage([locked], *STAGES[:5])
    if locked.forced_level is None:
        raise RuleBroken(_("No condition limits the level here."))
    before = {"level": locked.forced_level, "reference": locked.forced_reference}
    locked.forced_level, locked.forced_code = None, ""
    locked.forced_reference, locked.forced_by = "", ""
    go(work, locked, "unforced", reason=why)
    note(work, "unforced", locked, permissions.APPRAISE, before=before, after={"reason": why})
    work.session.flush()


def change_rated(
    work: Work, campaign: Campaign, review: Review, *, rated: bool, reason: str
) -> None:
    """Take somebody out of the rating with a reason, or in again."""
    check_running(campaign)
    why = wanted_text(reason, "reason", _("Write the reason."))
    [locked] = lock_reviews(work, campaign.id, [review.id])
    require(work, permissions.APPRAISE, {locked.appraiser_id})
    if rated:
        check_stage([locked], "not_rated")
        locked.not_rated_reason = ""
        go(work, locked, "rated", "self_review", reason=why)
    else:
        check_stage([locked], *STAGES[:5])
        fill_places(work, [locked], {locked.id: None})
        locked.not_rated_reason = "other"
        go(work, locked, "not_rated", "not_rated", reason=why)
    note(work, "rating_changed", locked, permissions.APPRAISE,
         after={"rated": rated, "reason": why})  # fmt: skip
    work.session.flush()
