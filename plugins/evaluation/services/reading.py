"""Reading campaigns and evaluations: one of this unit, lists, the steps of the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from core import ledger
from core.checking import check_revision, not_here
from core.paging import beyond, make_cursor, read_cursor
from core.units.covering import covered
from core.work import Work

from ..models import STAGES, Appeal, Ballot, Campaign, Comment, Review, Step
from . import words
from .shapes import Key, ReviewFilter

AT_ONCE = 5_000
"""How many evaluations one act takes: a ward has some 2,000."""
OWN = "one's own evaluation"
ABOVE = "campaigns opened above, which one's own evaluations belong to"


def list_campaigns(work: Work, *, state: str = "", limit: int = 50) -> list[Campaign]:
    """Return the campaigns that concern this unit: its own and those of the units above."""
    statement = (
        sa.select(Campaign)
        .where(Campaign.unit_id.in_(work.unit.path), Campaign.state != "void")
        .order_by(Campaign.period_start.desc(), Campaign.id.desc())
        .limit(limit)
        .execution_options(unscoped=ABOVE)
    )
    if state:
        statement = statement.where(Campaign.state == state)
    return list(work.session.scalars(statement))


def access_campaign(work: Work, campaign_id: Key, *, revision: int | None = None) -> Campaign:
    """Return a campaign of this unit or of a unit above it, or NotFound."""
    campaign: Campaign | None = work.session.scalar(
        sa.select(Campaign)
        .where(
            Campaign.id == campaign_id,
            Campaign.unit_id.in_(work.unit.path),
            Campaign.state != "void",
        )
        .execution_options(unscoped=ABOVE)
    )
    if campaign is None:
        raise not_here()
    check_revision(campaign, revision)
    return campaign


def campaign_of(work: Work, review: Review) -> Campaign:
    """Return the campaign of an evaluation one may see."""
    campaign: Campaign | None = work.session.scalar(
        sa.select(Campaign)
        .where(Campaign.id == review.campaign_id)
        .execution_options(unscoped="the campaign of an evaluation one may see")
    )
    if campaign is None:
        raise not_here()
    return campaign


def access_review(work: Work, review_id: Key, *, revision: int | None = None) -> Review:
    """Return an evaluation of this unit or of one below it, or NotFound."""
    review: Review | None = work.session.scalar(
        sa.select(Review).where(Review.id == review_id, covered(work, Review.unit_id))
    )
    if review is None:
        raise not_here()
    check_revision(review, revision)
    return review


def access_own(work: Work, review_id: Key) -> Review:
    """Return one's own evaluation, or NotFound."""
    review = None
    if work.actor.member_id is not None:
        review = work.session.scalar(
            sa.select(Review)
            .where(Review.id == review_id, Review.member_id == work.actor.member_id)
            .execution_options(unscoped=OWN)
        )
    if review is None:
        raise not_here()
    return review


def own_reviews(work: Work, limit: int = 20) -> list[tuple[Review, Campaign]]:
    """Return one's own evaluations with their campaigns, the newest first."""
    if work.actor.member_id is None:
        return []
    rows = work.session.execute(
        sa.select(Review, Campaign)
        .join(Campaign, Campaign.id == Review.campaign_id)
        .where(Review.member_id == work.actor.member_id, Campaign.state != "void")
        .order_by(Campaign.period_start.desc(), Review.id)
        .limit(limit)
        .execution_options(unscoped=OWN)
    )
    return [(review, campaign) for review, campaign in rows]


def list_reviews(
    work: Work,
    campaign: Campaign,
    wanted: ReviewFilter | None = None,
    *,
    cursor: str = "",
    limit: int = 50,
) -> tuple[list[Review], str | None]:
    """List evaluations of this unit, or of its subtree, in Vietnamese order, a page at a time."""
    statement = sa.select(Review).where(*_wanted(work, campaign, wanted or ReviewFilter()))
    columns = (Review.sort_key, Review.id)
    last = read_cursor(cursor, "b", "k")
    if last is not None:
        statement = statement.where(beyond(columns, last))
    rows = list(work.session.scalars(statement.order_by(*columns).limit(limit + 1)))
    more = len(rows) > limit
    rows = rows[:limit]
    return rows, make_cursor((rows[-1].sort_key, rows[-1].id)) if more else None


def _wanted(work: Work, campaign: Campaign, one: ReviewFilter) -> Iterator[sa.ColumnElement[bool]]:
    """Yield the conditions of a filter."""
    yield Review.campaign_id == campaign.id
    yield covered(work, Review.unit_id) if one.subtree else Review.unit_id == work.unit.id
    for column, value in (
        (Review.subject_kind, one.subject),
        (Review.stage, one.stage),
        (Review.counted_level, one.level),
        (Review.peer_group, one.group),
        (Review.appraiser_id, work.unit.id if one.appraised_here else None),
        (Review.decider_id, work.unit.id if one.decided_here else None),
        (Review.unit_id, one.unit_id),
    ):
        if value:
            yield column == value
    if one.has_level:
        yield Review.counted_level.is_not(None)
    if one.ids is not None:
        yield Review.id.in_(list(one.ids))


def ids_of(work: Work, campaign: Campaign, wanted: ReviewFilter, limit: int = AT_ONCE) -> list[Key]:
    """Return the keys of evaluations, as many as one act takes; one statement."""
    statement = sa.select(Review.id).where(*_wanted(work, campaign, wanted)).limit(limit)
    return list(work.session.scalars(statement.order_by(Review.sort_key, Review.id)))


def all_here(work: Work, campaign: Campaign, *stages: str, subject: str = "") -> list[Review]:
    """Return the evaluations of this unit itself that stand at certain stages, in order."""
    statement = sa.select(Review).where(
        Review.campaign_id == campaign.id, Review.unit_id == work.unit.id
    )
    if stages:
        statement = statement.where(Review.stage.in_(stages))
    if subject:
        statement = statement.where(Review.subject_kind == subject)
    order = (Review.subject_kind, Review.sort_key, Review.id)
    return list(work.session.scalars(statement.order_by(*order).limit(1_000)))


def steps_of(review: Review) -> list[tuple[str, str]]:
    """Return the way of an evaluation as (title, done|now|todo); the last step is the notice."""
    if review.stage == "not_rated":
        return []
    at = STAGES.index(review.stage)
    return [
        (str(words.STAGES[stage]), "done" if number < at else "now" if number == at else "todo")
        for number, stage in enumerate(STAGES[:-1])
    ]


def history_of(work: Work, review: Review) -> list[Step]:
    """Return what was done on an evaluation, the newest first."""
    return list(
        work.session.scalars(
            sa.select(Step)
            .where(Step.review_id == review.id)
            .order_by(Step.at.desc(), Step.id.desc())
        )
    )


def ballot_of(work: Work, review: Review) -> Ballot | None:
    """Return the ballots on an evaluation, as counts."""
    return work.session.get(Ballot, review.id)


def ballots_of(work: Work, review_ids: Sequence[Key]) -> dict[Key, Ballot]:
    """Return the ballots on evaluations."""
    rows = work.session.scalars(sa.select(Ballot).where(Ballot.review_id.in_(review_ids)))
    return {row.review_id: row for row in rows}


def comments_on(work: Work, review_ids: Sequence[Key]) -> list[Comment]:
    """Return the comments asked for on evaluations one may see."""
    return list(
        work.session.scalars(
            sa.select(Comment)
            .where(Comment.review_id.in_(review_ids), Comment.state != "withdrawn")
            .order_by(Comment.asked_at, Comment.id)
            .execution_options(unscoped="comments on an evaluation one may see")
        )
    )


def appeals_of(work: Work, review: Review) -> list[Appeal]:
    """Return the appeals against a level to those who may read them and to oneself.

    The newest first; the ledger notes who read those of somebody else.
    """
    statement = (
        sa.select(Appeal)
        .where(Appeal.review_id == review.id)
        .order_by(Appeal.at.desc(), Appeal.id.desc())
    )
    if review.member_id is not None and review.member_id == work.actor.member_id:
        return list(work.session.scalars(statement.execution_options(unscoped=OWN)))
    found = list(work.session.scalars(statement))
    if found and review.member_id is not None:
        ledger.saw(work, "member", {review.member_id}, {"appeal"})
    return found
