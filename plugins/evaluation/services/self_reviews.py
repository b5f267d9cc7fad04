"""Self-reviews: written by oneself as drafts, handed in, or received on paper; read by few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core import ledger
from core.checking import missing
from core.errors import Forbidden, RuleBroken
from core.i18n import _
from core.settings.models import EffectiveValue
from core.units.places import valid_on
from core.work import Work

from .. import permissions
from ..models import LEVELS, Campaign, Review, SelfReview
from .guards import check_running, check_stage, go, note
from .reading import OWN
from .shapes import Key
from .subjects import months_before

KEEP = "evaluation.keep_self_reviews_months"
CLASSES = frozenset({"self_review"})


def form_of(campaign: Campaign, review: Review) -> Mapping[str, Any]:
    """Return the form of an evaluation: its title and its sections."""
    forms = campaign.scheme["forms"]
    found: Mapping[str, Any] = forms.get(review.form) or next(iter(forms.values()))
    return found


def criteria_of(campaign: Campaign, review: Review) -> list[Mapping[str, Any]]:
    """Return the criteria of a subject under the campaign's scheme."""
    kind = "organisation" if review.member_id is None else "person"
    return list(campaign.scheme["criteria"][kind])


def _is_own(work: Work, review: Review) -> bool:
    return review.member_id is not None and review.member_id == work.actor.member_id


def self_review_of(work: Work, review: Review) -> SelfReview | None:
    """Return what was written, for oneself or for those with the permission; None when nothing.

    Of somebody else only what was handed in is shown, and the ledger notes who read it.
    """
    statement = sa.select(SelfReview).where(SelfReview.review_id == review.id)
    if _is_own(work, review):
        return work.session.scalar(statement.execution_options(unscoped=OWN))
    found: SelfReview | None = work.session.scalar(statement)
    if found is None or found.submitted_at is None:
        return None
    if review.member_id is not None:
        ledger.saw(work, "member", {review.member_id}, CLASSES)
    return found


def _may_write(work: Work, review: Review) -> None:
    """Refuse to write for somebody else; a unit's report is written by its secretary."""
    if _is_own(work, review):
        return
    places = work.host.places.by_ids(work.session, [review.unit_id], work.today, work.generation)
    place = places.get(review.unit_id)
    if review.member_id is None and place is not None and work.may(permissions.VOTE, place):
        return
    raise Forbidden(_("A self-review is written by the comrade alone."))


def save_self_review(
    work: Work,
    campaign: Campaign,
    review: Review,
    *,
    answers: Mapping[str, str],
    scores: Mapping[str, float] | None = None,
    level: str | None = None,
    submit: bool = False,
) -> SelfReview:
    """Save a draft, or hand it in; after that it can be changed only when it is sent back."""
    check_running(campaign)
    _may_write(work, review)
    check_stage([review], "self_review")
    known = {part["key"] for part in form_of(campaign, review)["parts"]}
    texts = {key: text.strip() for key, text in answers.items() if key in known}
    points = _scores(campaign, review, scores or {})
    if level is not None and level not in LEVELS:
        raise missing("level", _("Choose one of the four levels."))
    if submit:
        _check_whole(texts, known, level)
    found = work.session.scalar(
        sa.select(SelfReview)
        .where(SelfReview.review_id == review.id)
        .execution_options(unscoped=OWN)
    )
    if found is None:
        found = SelfReview(review_id=review.id, unit_id=review.unit_id)
        work.session.add(found)
    found.answers, found.scores, found.proposed_level = texts, points, level
    found.saved_at = work.now
    if submit:
        found.submitted_at, found.submitted_by = work.now, work.actor.label[:300]
        review.self_level = level
        go(work, review, "self_review", "comments")
        note(work, "self_review_submitted", review, permissions.OWN, after={"level": level})
    work.session.flush()
    return found


def _scores(campaign: Campaign, review: Review, scores: Mapping[str, float]) -> dict[str, float]:
    """Return sound points by criterion; a scheme without points takes none."""
    if not campaign.scheme["points"]:
        return {}
    most = {one["key"]: one["most"] for one in criteria_of(campaign, review)}
    found: dict[str, float] = {}
    for key, points in scores.items():
        limit = most.get(key)
        if limit is None:
            continue
        if not 0 <= points <= limit:
            raise missing(
                f"score_{key}",
                _("At most %(most)s points can be given here.", most=limit),
            )
        found[key] = points
    return found


def _check_whole(texts: Mapping[str, str], known: set[str], level: str | None) -> None:
    if not any(texts.get(key) for key in known):
        raise RuleBroken(_("The self-review is empty. Write at least the strengths."))
    if level is None:
        raise missing("level", _("Choose the level you propose for yourself."))


def receive_on_paper(
    work: Work, campaign: Campaign, reviews: Sequence[Review], level: str | None = None
) -> int:
    """Note that self-reviews were handed in on paper; their text stays on paper."""
    check_running(campaign)
    check_stage(reviews, "self_review")
    for review in reviews:
        review.on_paper = True
        review.self_level = level or review.self_level
        go(work, review, "on_paper", "comments")
        note(work, "self_review_on_paper", review, permissions.VOTE)
    work.session.flush()
    return len(reviews)


def erase_old(work: Work) -> int:
    """Erase the text of self-reviews older than each place keeps them; levels stay.

    A statement for each number of months in use. Source: the setting, Law 91/2025/QH15.
    """
    here = sa.and_(EffectiveValue.key == KEEP, valid_on(EffectiveValue, work.today))
    numbers = set(work.session.scalars(sa.select(EffectiveValue.number).where(here).distinct()))
    erased = 0
    for number in sorted(int(value) for value in numbers if value):
        before = months_before(work.today, number)
        units = sa.select(EffectiveValue.unit_id).where(here, EffectiveValue.number == number)
        old = (
            sa.select(Review.id)
            .join(Campaign, Campaign.id == Review.campaign_id)
            .where(Campaign.period_last < before, Review.unit_id.in_(units))
        )
        done = work.session.connection().execute(
            sa.update(SelfReview)
            .where(SelfReview.erased_at.is_(None), SelfReview.review_id.in_(old))
            .values(answers={}, scores={}, erased_at=work.now)
        )
        erased += done.rowcount
    if erased:
        about = ledger.About("self_review", None, KEEP)
        ledger.record(work, "evaluation.self_reviews_erased", about, after={"count": erased})
    return erased


def drafts_of(work: Work, review_ids: Sequence[Key]) -> set[Key]:
    """Return for which of one's own evaluations a draft was begun."""
    rows = work.session.scalars(
        sa.select(SelfReview.review_id)
        .where(SelfReview.review_id.in_(review_ids), SelfReview.submitted_at.is_(None))
        .execution_options(unscoped=OWN)
    )
    return set(rows)
