"""Members who moved during the campaign: who rates them now, and in which group."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from core.errors import RuleBroken
from core.i18n import _
from core.members.models import Affiliation
from core.scope import require
from core.units.covering import covered
from core.units.places import valid_on
from core.work import Work

from .. import permissions
from ..models import UNDECIDED, Campaign, Counter, Review, Seat, SelfReview
from .bodies import Bodies, Group
from .caps import Sums, ensure_counters, lock_reviews, settle
from .filling import groups_of, person_row
from .guards import check_running, check_stage, go, note
from .shapes import Key
from .subjects import members_among


def moved_members(work: Work, campaign: Campaign, limit: int = 200) -> list[tuple[Review, Key]]:
    """Return undecided evaluations here or below whose member belongs elsewhere today."""
    rows = work.session.execute(
        sa.select(Review, Affiliation.unit_id)
        .select_from(Review)
        .join(
            Affiliation,
            sa.and_(
                Affiliation.member_id == Review.member_id,
                Affiliation.kind == "home",
                valid_on(Affiliation, work.today),
            ),
        )
        .where(
            Review.campaign_id == campaign.id,
            Review.subject_kind == "member",
            Review.stage.in_(UNDECIDED),
            Review.unit_id != Affiliation.unit_id,
            covered(work, Review.unit_id),
        )
        .order_by(Review.sort_key, Review.id)
        .limit(limit)
    )
    return [(review, unit_id) for review, unit_id in rows]


def follow_member(work: Work, campaign: Campaign, review: Review) -> Review:
    """Let the member's branch of today rate them; the branch before is asked for a comment.

    The evaluation counts in the groups of the new place from now on; both places' caps hold.
    """
    check_running(campaign)
    [locked] = lock_reviews(work, campaign.id, [review.id])
    require(work, permissions.APPRAISE, {locked.appraiser_id})
    check_stage([locked], *UNDECIDED)
    people = members_among(work, campaign, [locked.member_id] if locked.member_id else [])
    if locked.subject_kind != "member" or not people or people[0].unit_id == locked.unit_id:
        raise RuleBroken(_("This comrade still belongs to the branch that rates them."))
    person = people[0]
    bodies = Bodies(work, campaign.unit_id, [person.unit_id])
    row = person_row(work, campaign, bodies, person, "member")
    before = locked.unit_id
    _reseat(work, campaign, locked, groups_of(campaign, bodies, row))
    for name in ("unit_id", "tier", "peer_group", "appraiser_id", "decider_id", "form"):
        setattr(locked, name, row[name])
    locked.former_unit_id = before
    locked.residence = row["residence"]
    if locked.stage != "self_review":
        locked.stage = "comments"
    work.session.execute(
        sa.update(SelfReview)
        .where(SelfReview.review_id == locked.id)
        .values(unit_id=locked.unit_id)
        .execution_options(synchronize_session=False)
    )
    go(work, locked, "moved", locked.stage)
    note(work, "moved", locked, permissions.APPRAISE,
         before={"unit": str(before)}, after={"unit": str(locked.unit_id)})  # fmt: skip
    work.session.flush()
    return locked


def _reseat(work: Work, campaign: Campaign, review: Review, groups: Sequence[Group]) -> None:
    """Let an evaluation count in other groups; all counters concerned are locked in one go."""
    keys = ensure_counters(work, campaign.id, groups)
    old = set(work.session.scalars(sa.select(Seat.counter_id).where(Seat.review_id == review.id)))
    new = set(keys.values())
    ids = sorted(old | new, key=lambda key: key.bytes)
    counters = {
        one.id: one
        for one in work.session.scalars(
            sa.select(Counter)
            .where(Counter.id.in_(ids))
            .order_by(Counter.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    }
    sums = {key: Sums.of(one) for key, one in counters.items()}
    for key in old:
        sums[key].count(review.counted_level, -1)
    settle(work, counters, sums)
    review.counted_level = None  # the new place picks anew
    work.session.execute(
        sa.delete(Seat)
        .where(Seat.review_id == review.id)
        .execution_options(synchronize_session=False)
    )
    work.session.add_all(Seat(review_id=review.id, counter_id=key) for key in new)
