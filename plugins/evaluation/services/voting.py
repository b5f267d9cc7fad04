"""Ballots as counts: a whole branch typed on one page; the level they carry is only proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.checking import missing
from core.errors import InvalidInput, RuleBroken
from core.i18n import _
from core.members.models import COUNTED, Affiliation, Member, MemberStatus
from core.units.places import valid_on
from core.work import Work

from .. import permissions
from ..models import LEVELS, Ballot, Campaign, Review
from .guards import check_running, check_stage, go, note
from .reading import ballots_of
from .shapes import BallotRow, Key, Sitting


def entitled_here(work: Work, on: date | None = None) -> int:
    """Return how many official members of this branch may vote on a day."""
    return len(_voters(work, on))


def voters_here(work: Work, on: date | None = None) -> list[str]:
    """Return the names of those who may vote here on a day, in Vietnamese order."""
    return [row.full_name for row in _voters(work, on)]


def _voters(work: Work, on: date | None) -> list[Any]:
    day = on or work.today
    return list(
        work.session.execute(
            sa.select(Member.id, Member.full_name)
            .select_from(Affiliation)
            .join(Member, Member.id == Affiliation.member_id)
            .join(
                MemberStatus,
                sa.and_(
                    MemberStatus.member_id == Affiliation.member_id,
                    valid_on(MemberStatus, day),
                    MemberStatus.status.in_(set(COUNTED) - {"probationary", "exempt"}),
                ),
            )
            .where(
                Affiliation.unit_id == work.unit.id,
                Affiliation.kind == "home",
                valid_on(Affiliation, day),
            )
            .order_by(Member.sort_key, Member.id)
            .execution_options(unscoped="who may vote in the branch whose ballots are typed here")
        )
    )


def needed(rule: str, count: int) -> int:
    """Return how many ballots carry a level: more than half, or two thirds rounded up."""
    return count // 2 + 1 if rule == "majority" else -(-2 * count // 3)


def carried_level(ballot: Ballot, rules: Mapping[str, str]) -> str | None:
    """Return the best level that enough ballots carry; better ones count for it too."""
    count = ballot.entitled if rules["vote_base"] == "entitled" else ballot.present
    least, so_far = needed(rules["vote_rule"], count), 0
    for level in LEVELS:
        so_far += getattr(ballot, level)
        if so_far >= least:
            return level
    return None


def record_ballots(
    work: Work, campaign: Campaign, sitting: Sitting, rows: Sequence[BallotRow]
) -> list[Review]:
    """Record the ballots on several evaluations of this unit; refuse all when one does not fit."""
    check_running(campaign)
    _check_sitting(work, sitting)
    reviews = _open_here(work, campaign, [row.review_id for row in rows])
    problems = {
        row.review_id: problem for row in rows if (problem := _problem(row, sitting)) is not None
    }
    if problems:
        names = {review.id: review.subject_name for review in reviews}
        raise InvalidInput(
            _("The counts of %(n)s comrades do not fit.", n=len(problems)),
            fields={f"row_{key}": [f"{names[key]}: {text}"] for key, text in problems.items()},
        )
    stored = ballots_of(work, [review.id for review in reviews])
    by_review = {row.review_id: row for row in rows}
    for review in reviews:
        ballot = _ballot(work, sitting, by_review[review.id], stored.get(review.id))
        review.voted_level = carried_level(ballot, campaign.rules)
        go(work, review, "voted")
        note(work, "voted", review, permissions.VOTE, after={"level": review.voted_level})
    work.session.flush()
    return reviews


def _check_sitting(work: Work, sitting: Sitting) -> None:
    if sitting.voted_on > work.today:
        raise missing("voted_on", _("The day of the meeting is still to come."))
    if not 0 < sitting.present <= sitting.entitled:
        raise missing("present", _("Present are between 1 and all who may vote."))
    if sitting.issued > sitting.present:
        raise missing("issued", _("More ballots were issued than comrades were present."))
    if sitting.returned > sitting.issued:
        raise missing("returned", _("More ballots came back than were issued."))


def _open_here(work: Work, campaign: Campaign, ids: Sequence[Key]) -> list[Review]:
    found = list(
        work.session.scalars(
            sa.select(Review)
            .where(
                Review.id.in_(list(ids)),
                Review.campaign_id == campaign.id,
                Review.unit_id == work.unit.id,
            )
            .order_by(Review.sort_key, Review.id)
        )
    )
    if len(found) != len(set(ids)) or not found:
        raise missing("rows", _("Enter the ballots of at least one comrade of this unit."))
    check_stage(found, "vote")
    return found


def _problem(row: BallotRow, sitting: Sitting) -> str | None:
    """Say why counts do not fit the papers returned; what is missing counts as invalid."""
    counts = [getattr(row, level) for level in LEVELS]
    if min(counts) < 0:
        return _("A count cannot be below 0.")
    if sum(counts) > sitting.returned:
        return _(
            "the ballots add up to %(sum)s, more than the %(n)s that came back.",
            sum=sum(counts),
            n=sitting.returned,
        )
    if sum(counts) == 0:
        return _("enter how many ballots each level has.")
    return None


def _ballot(work: Work, sitting: Sitting, row: BallotRow, stored: Ballot | None) -> Ballot:
    values = {level: getattr(row, level) for level in LEVELS}
    ballot = stored or Ballot(review_id=row.review_id)
    for name, value in {
        **values,
        "entitled": sitting.entitled,
        "present": sitting.present,
        "issued": sitting.issued,
        "returned": sitting.returned,
        "invalid": sitting.returned - sum(values.values()),
        "voted_on": sitting.voted_on,
        "at": work.now,
        "by": work.actor.label[:300],
    }.items():
        setattr(ballot, name, value)
    if stored is None:
        work.session.add(ballot)
    return ballot


def submit_votes(work: Work, campaign: Campaign, reviews: Sequence[Review]) -> int:
    """Submit evaluations with their ballots to the body that appraises them."""
    check_running(campaign)
    check_stage(reviews, "vote")
    there = ballots_of(work, [review.id for review in reviews])
    without = [review.subject_name for review in reviews if review.id not in there]
    if without:
        raise RuleBroken(
            _("The ballots on %(names)s are still to be entered.", names=", ".join(without[:5]))
        )
    for review in reviews:
        go(work, review, "submitted", "appraisal")
        note(work, "submitted", review, permissions.VOTE, after={"level": review.voted_level})
    work.session.flush()
    return len(reviews)
