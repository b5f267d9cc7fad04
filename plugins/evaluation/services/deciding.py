"""Decision by the competent body: the order is checked, results are written, notices follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.checking import missing, wanted_text
from core.chunks import chunked
from core.errors import RuleBroken
from core.i18n import _
from core.notices.services import Message, send_notice
from core.scope import require
from core.units.models import UnitAncestor
from core.units.places import valid_on, visible
from core.work import Work

from .. import permissions
from ..models import UNDECIDED, Campaign, Result, Review
from . import words
from .caps import fill_places, lock_reviews
from .guards import check_fits, check_level, check_running, check_stage, go, note
from .shapes import Decision, Key

ORDER = "whether others come first in the order of the campaign"


def check_decision(work: Work, decision: Decision) -> str:
    """Return the number of a sound decision document."""
    number = wanted_text(decision.number, "number", _("Enter the number of the decision."))
    if decision.on > work.today:
        raise missing("on", _("The day of the decision is still to come."))
    return number[:80]


def decide(
    work: Work,
    campaign: Campaign,
    ids: Sequence[Key],
    decision: Decision,
    levels: Mapping[Key, str] | None = None,
) -> list[Review]:
    """Decide the levels of evaluations by one document; `levels` where the body decides otherwise.

    Lower levels come first, collectives before their members, members before their unit; another
    order needs a document of its own.
    """
    check_running(campaign)
    number = check_decision(work, decision)
    other = {key: check_level(level) for key, level in (levels or {}).items()}
    reviews = lock_reviews(work, campaign.id, ids)
    if not reviews:
        raise missing("review", _("Tick at least one line."))
    require(work, permissions.DECIDE, {review.decider_id for review in reviews})
    check_stage(reviews, "decision")
    final: dict[Key, str | None] = {}
    for review in reviews:
        level = other.get(review.id, review.counted_level or "")
        points = review.points if level == review.counted_level else None
        check_fits(review, check_level(level), points, campaign.scheme)
        review.points, final[review.id] = points, level
    check_order(work, campaign, reviews, decision.order_document)
    fill_places(work, reviews, final)
    results = write_results(work, campaign, reviews, decision, reason="")
    for review in reviews:
        review.level, review.decided_on, review.decision_no = (
            final[review.id],
            decision.on,
            number,
        )
        document = decision.order_document.strip() or number
        go(work, review, "decided", "notice", document_no=document)
        note(work, "decided", review, permissions.DECIDE,
             after={"level": review.level, "decision": number, "version": results[review.id],
                    "order_document": decision.order_document})  # fmt: skip
    work.session.flush()
    return reviews


def check_order(
    work: Work, campaign: Campaign, reviews: Sequence[Review], document_no: str = ""
) -> None:
    """Refuse to decide before those that come first, unless a document allows it."""
    if document_no.strip():
        return
    problems = [text for text in _problems(work, campaign, reviews) if text]
    if problems:
        raise RuleBroken(
            " ".join(problems)
            + " "
            + _("Decide those first, or enter the document that allows another order.")
        )


def _problems(work: Work, campaign: Campaign, reviews: Sequence[Review]) -> Iterable[str]:
    rules = campaign.rules["order"]
    ids = {review.id for review in reviews}
    units = _units(reviews, "unit")
    if "lower_first" in rules:
        for kind in ("unit", "collective"):
            first = _first_below(work, campaign, _units(reviews, kind), kind, ids, deeper=True)
            yield _said(
                _("Lower levels come first: %(n)s are undecided (such as %(name)s)."), first
            )
    if "collective_first" in rules:
        people = _units(reviews, "member") | _units(reviews, "leader")
        first = _first_below(work, campaign, people, "collective", ids)
        yield _said(_("Collectives come before their members: %(n)s are undecided"
                      " (such as %(name)s)."), first)  # fmt: skip
    if "members_before_unit" in rules:
        first = _first_below(work, campaign, units, "member", ids, at_any_depth=True)
        yield _said(_("Members come before their organisation: %(n)s are undecided"
                      " (such as %(name)s)."), first)  # fmt: skip
    if "unit_before_leader" in rules:
        first = _first_below(work, campaign, _units(reviews, "leader"), "unit", ids)
        yield _said(_("Organisations come before their heads: %(n)s are undecided"
                      " (such as %(name)s)."), first)  # fmt: skip


def _units(reviews: Sequence[Review], kind: str) -> set[Key]:
    return {review.unit_id for review in reviews if review.subject_kind == kind}


def _said(sentence: str, found: tuple[int, str]) -> str:
    count, name = found
    return sentence % {"n": count, "name": name} if count else ""


def _first_below(
    work: Work,
    campaign: Campaign,
    unit_ids: set[Key],
    kind: str,
    leaving_out: set[Key],
    *,
    deeper: bool = False,
    at_any_depth: bool = False,
) -> tuple[int, str]:
    """Count the undecided evaluations of a kind at, or below, these units; name the first."""
    count, name = 0, ""
    for chunk in chunked(unit_ids):
        depth = UnitAncestor.depth > 0 if deeper else UnitAncestor.depth == 0
        inside = sa.exists().where(
            UnitAncestor.unit_id == Review.unit_id,
            UnitAncestor.ancestor_id.in_(chunk),
            sa.true() if at_any_depth else depth,
            valid_on(UnitAncestor, work.today),
            visible(UnitAncestor, work.generation),
        )
        rows = work.session.execute(
            sa.select(Review.id, Review.subject_name)
            .where(
                Review.campaign_id == campaign.id,
                Review.subject_kind == kind,
                Review.stage.in_(UNDECIDED),
                inside,
            )
            .limit(5_000)
            .execution_options(unscoped=ORDER)
        )
        for key, first in rows:
            if key not in leaving_out:
                count, name = count + 1, name or first
    return count, name


def write_results(
    work: Work,
    campaign: Campaign,
    reviews: Sequence[Review],
    decision: Decision,
    *,
    reason: str,
) -> dict[Key, int]:
    """Write the results of evaluations as new current versions; return the version of each."""
    stored = _current(work, campaign, [review.subject_id for review in reviews])
    old = {review.id: stored.get(_place(review)) for review in reviews}
    replaced = [row.id for row in old.values() if row is not None]
    for chunk in chunked(replaced):
        work.session.execute(
            sa.update(Result)
            .where(Result.id.in_(chunk))
            .values(is_current=False)
            .execution_options(synchronize_session=False)
        )
    for review in reviews:
        work.session.add(_result(work, campaign, review, decision, reason, old[review.id]))
    work.session.flush()
    return {key: row.version + 1 if row is not None else 1 for key, row in old.items()}


def _place(review: Review) -> tuple[str, Key, Key]:
    post = review.unit_id if review.subject_kind == "leader" else review.subject_id
    return review.subject_kind, review.subject_id, post


def _current(work: Work, campaign: Campaign, subjects: Iterable[Key]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for chunk in chunked(set(subjects)):
        rows = work.session.execute(
            sa.select(
                Result.id, Result.subject_kind, Result.subject_id, Result.post_id, Result.version
            )
            .where(
                Result.period_key == campaign.period_key,
                Result.subject_id.in_(chunk),
                Result.is_current.is_(True),
            )
            .with_for_update(key_share=True)
            .execution_options(unscoped="the results that a decision replaces")
        )
        found.update({(row.subject_kind, row.subject_id, row.post_id): row for row in rows})
    return found


def _result(
    work: Work, campaign: Campaign, review: Review, decision: Decision, reason: str, old: Any
) -> Result:
    return Result(
        unit_id=review.unit_id,
        period_key=campaign.period_key,
        period_kind=campaign.period_kind,
        period_start=campaign.period_start,
        period_last=campaign.period_last,
        subject_kind=review.subject_kind,
        subject_id=review.subject_id,
        post_id=_place(review)[2],
        member_id=review.member_id,
        level=review.counted_level,
        points=review.points,
        decided_on=decision.on,
        decision_no=decision.number.strip()[:80],
        review_id=review.id,
        version=old.version + 1 if old is not None else 1,
        replaces_id=old.id if old is not None else None,
        reason=reason[:300],
        made_at=work.now,
        made_by=work.actor.label[:300],
    )


def notify(work: Work, campaign: Campaign, ids: Sequence[Key]) -> int:
    """Tell the subjects of decided evaluations that the result is there; return how many."""
    reviews = lock_reviews(work, campaign.id, ids)
    require(work, permissions.DECIDE, {review.decider_id for review in reviews})
    check_stage(reviews, "notice")
    for review in reviews:
        review.notified_at = work.now
        go(work, review, "notified", "done")
        note(work, "notified", review, permissions.DECIDE)
    members = [review.member_id for review in reviews if review.member_id is not None]
    if members:
        subject = _("The result of the evaluation of %(period)s is there",
                    period=campaign.period_key)  # fmt: skip
        send_notice(
            work, Message("evaluation.result", subject, "", "evaluation.mine"), members=members
        )
    work.session.flush()
    return len(reviews)


def level_sentence(review: Review) -> str:
    """Say the level of an evaluation with its decision."""
    if review.level is None:
        return words.level_text(None)
    return _("%(level)s, by decision %(number)s",
             level=words.LEVELS[review.level], number=review.decision_no)  # fmt: skip
