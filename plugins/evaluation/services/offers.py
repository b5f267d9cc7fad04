"""What evaluation offers to pages of core: cards of one's work, a panel, objections."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.errors import RuleBroken
from core.i18n import _, _n, distance, format_day
from core.pages import Panel, WorkCard
from core.periods import Period
from core.work import Work

from .. import permissions
from ..models import Campaign, Comment, Result, Review
from . import words
from .reading import OWN
from .results import level_table
from .shapes import Key
from .stages import due_column

ANYBODY = "whether anything of a unit is open, whoever ends it"


def work_cards_of(work: Work) -> list[WorkCard]:
    """Return the cards of this person: one's self-review, the branch's evaluation, appraisals."""
    if work.actor.is_system or work.actor.is_anonymous:
        return []
    return [*_own_cards(work), *_unit_cards(work), *_asked_cards(work)]


def _own_cards(work: Work) -> list[WorkCard]:
    """Return the self-reviews one has still to write, with their days, by one statement."""
    if work.actor.member_id is None:
        return []
    rows = work.session.execute(
        sa.select(Review, Campaign, due_column(work).label("due"))
        .select_from(Review)
        .join(Campaign, Campaign.id == Review.campaign_id)
        .where(
            Review.member_id == work.actor.member_id,
            Review.stage == "self_review",
            Campaign.state == "running",
            Campaign.ready_at.is_not(None),
        )
        .order_by(Campaign.period_start.desc(), Review.id)
        .limit(2)
        .execution_options(unscoped=OWN)
    )
    cards = []
    for review, campaign, due in rows:
        cards.append(
            WorkCard(
                title=_("My self-review of %(period)s", period=campaign.period_key),
                text=review.returned_reason
                or (_("due %(day)s", day=format_day(due)) if due else ""),
                action=_("Write the self-review"),
                endpoint="evaluation.write_own",
                values={"unit": _code(work, review.unit_id), "review_id": review.id},
                chip=distance(due, work.today) if due else "",
                chip_kind="late" if due and due < work.today else "info",
                due_on=due,
                urgency=18,
            )
        )
    return cards


def _code(work: Work, unit_id: Key) -> str:
    places = work.host.places.by_ids(work.session, [unit_id], work.today, work.generation)
    return places[unit_id].code if unit_id in places else work.unit.code


ACTING = {
    "comments": "evaluation.here",
    "vote": "evaluation.here",
    "appraisal": "evaluation.choose",
    "decision": "evaluation.decisions",
}
# Which place acts at which stages, and with which right.
ACTORS = (
    (permissions.VOTE, Review.unit_id, ("comments", "vote")),
    (permissions.APPRAISE, Review.appraiser_id, ("appraisal",)),
    (permissions.DECIDE, Review.decider_id, ("decision",)),
)


def _unit_cards(work: Work) -> list[WorkCard]:
    """Return how many evaluations wait for an act at the units where one may act directly."""
    late = sa.func.sum(sa.case((due_column(work) < work.today, 1), else_=0))
    place: Any = sa.case(
        *((Review.stage.in_(stages), column) for _right, column, stages in ACTORS[:-1]),
        else_=Review.decider_id,
    )
    waiting = [
        sa.and_(column.in_(units), Review.stage.in_(stages))
        for permission, column, stages in ACTORS
        if (units := [unit_id for unit_id, _subtree in work.actor.roots(permission)])
    ]
    if not waiting:
        return []
    rows = work.session.execute(
        sa.select(place.label("place"), Review.campaign_id, Review.stage, sa.func.count(), late)
        .select_from(Review)
        .join(Campaign, Campaign.id == Review.campaign_id)
        .where(sa.or_(*waiting), Campaign.state == "running")
        .group_by("place", Review.campaign_id, Review.stage)
    ).all()
    order = {stage: number for number, stage in enumerate(ACTING)}
    return [_unit_card(work, *row) for row in sorted(rows, key=lambda row: order[row.stage])][:4]


def _unit_card(
    work: Work, unit_id: Key, campaign_id: Key, stage: str, count: int, behind: int
) -> WorkCard:
    return WorkCard(
        title=_("Evaluation: %(stage)s", stage=words.STAGES[stage]),
        text=_n("%(n)s evaluation waits here", "%(n)s evaluations wait here", count),
        action=_("Go on with the evaluation"),
        endpoint=ACTING[stage],
        values={"unit": _code(work, unit_id), "campaign_id": campaign_id},
        chip=_n("%(n)s is late", "%(n)s are late", behind) if behind else "",
        chip_kind="late",
        urgency=15 if behind else 24,
    )


def _asked_cards(work: Work) -> list[WorkCard]:
    units = [unit_id for unit_id, _subtree in work.actor.roots(permissions.ANSWER)]
    if not units:
        return []
    rows = work.session.execute(
        sa.select(Comment.unit_id, sa.func.count(), sa.func.min(Comment.due_on))
        .where(Comment.unit_id.in_(units), Comment.state == "asked")
        .group_by(Comment.unit_id)
    ).all()
    return [
        WorkCard(
            title=_("Comments asked of the branch"),
            text=_n("%(n)s comrade waits for a comment", "%(n)s comrades wait for a comment", n),
            action=_("Answer the requests"),
            endpoint="evaluation.asked",
            values={"unit": _code(work, unit_id)},
            chip=distance(due, work.today) if due else "",
            chip_kind="late" if due and due < work.today else "info",
            due_on=due,
            urgency=20,
        )
        for unit_id, n, due in rows
    ][:2]


def panels_of(work: Work, period: Period) -> list[Panel]:
    """Return the panel of a unit's overview: last results of members and organisations."""
    if not work.may(permissions.RESULTS):
        return []
    year = Period.of_year(period.last_day.year)
    lines = level_table(work, year)
    if not lines:
        year = Period.of_year(year.start.year - 1)
        lines = level_table(work, year)
    if not lines:
        return []
    return [
        Panel(
            title=_("Results of evaluation %(year)s", year=year.key),
            figures=[
                (
                    line.name,
                    line.share,
                    _("of which excellent %(share)s", share=line.excellent_share),
                )
                for line in lines[:4]
            ],
            endpoint="evaluation.results",
            values={"period": year.key},
            action=_("See the results"),
            order=40,
        )
    ]


def object_to_ending(work: Work, unit_id: Key) -> None:
    """Object to the end of a unit whose campaign is running; what is open below goes to heirs."""
    title = work.session.scalar(
        sa.select(Campaign.title)
        .where(Campaign.unit_id == unit_id, Campaign.state == "running")
        .limit(1)
        .execution_options(unscoped=ANYBODY)
    )
    if title is not None:
        raise RuleBroken(
            _("The campaign “%(title)s” of this unit is running. Close it first.", title=title)
        )


def object_to_voiding(work: Work, unit_id: Key) -> None:
    """Object to the voiding of a unit in which anybody was evaluated."""
    for model in (Review, Result, Campaign):
        found = work.session.scalar(
            sa.select(model.id)
            .where(model.unit_id == unit_id)
            .limit(1)
            .execution_options(unscoped=ANYBODY)
        )
        if found is not None:
            raise RuleBroken(_("This unit has evaluations or results. It can end, not be voided."))


def object_to_member_voiding(work: Work, member_id: Key) -> None:
    """Object to the voiding of a member's record on which results were built."""
    for model in (Review, Result):
        found = work.session.scalar(
            sa.select(model.id)
            .where(model.member_id == member_id)
            .limit(1)
            .execution_options(unscoped=ANYBODY)
        )
        if found is not None:
            raise RuleBroken(
                _("This comrade has evaluations or results. The record cannot be voided.")
            )
