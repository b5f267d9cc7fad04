"""Dated stages: later days for one commune with a document, and the board of who is late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.checking import missing, wanted_text
from core.errors import RuleBroken
from core.i18n import _
from core.scope import require
from core.units.covering import TODAY, AsOf, unit_then
from core.units.models import UnitAncestor
from core.units.places import valid_on, visible
from core.units.tree import list_children
from core.work import Work

from .. import permissions
from ..models import OPEN_STAGES, UNDECIDED, Campaign, Extension, Review, StageDay, Step
from .guards import check_running, note_campaign
from .shapes import Key, StageCount


def stage_days(work: Work, campaign: Campaign) -> dict[tuple[str, str], date]:
    """Return by which day each stage is to be finished at each tier."""
    rows = work.session.scalars(sa.select(StageDay).where(StageDay.campaign_id == campaign.id))
    return {(row.tier, row.stage): row.due_on for row in rows}


def list_extensions(work: Work, campaign: Campaign) -> list[tuple[Extension, str]]:
    """Return the later days given in a campaign to units here or above, with the units' names."""
    rows = list(
        work.session.scalars(
            sa.select(Extension)
            .where(Extension.campaign_id == campaign.id)
            .order_by(Extension.at.desc(), Extension.id.desc())
            .limit(200)
        )
    )
    places = work.host.places.by_ids(
        work.session, {row.place_id for row in rows}, work.today, work.generation
    )
    own = set(work.unit.path)
    return [
        (row, places[row.place_id].name)
        for row in rows
        if row.place_id in places
        and (row.place_id in own or places[row.place_id].stands_under(work.unit.id))
    ]


def extend(
    work: Work,
    campaign: Campaign,
    *,
    unit_id: Key,
    stage: str,
    due_on: date,
    document_no: str,
    document_on: date | None = None,
    reason: str = "",
) -> Extension:
    """Give a unit and everything under it a later day for a stage, by a document."""
    check_running(campaign)
    number = wanted_text(
        document_no, "document_no", _("Enter the number of the document that allows a later day.")
    )
    if stage not in OPEN_STAGES:
        raise missing("stage", _("Choose the stage."))
    places = require(work, permissions.MANAGE, {campaign.unit_id, unit_id})
    if not places[unit_id].stands_under(campaign.unit_id):
        raise missing("unit_id", _("This unit is not in the campaign."))
    days = [day for (_tier, one), day in stage_days(work, campaign).items() if one == stage]
    if days and due_on <= min(days):
        raise RuleBroken(_("The new day is not later than the one that holds."))
    row = Extension(
        campaign_id=campaign.id,
        place_id=unit_id,
        stage=stage,
        due_on=due_on,
        document_no=number[:80],
        document_on=document_on,
        reason=reason.strip(),
        at=work.now,
        by=work.actor.label[:300],
    )
    work.session.add(row)
    work.session.flush()
    note_campaign(work, "day_extended", campaign, permissions.MANAGE,
                  {"unit": places[unit_id].code, "stage": stage, "day": due_on,
                   "document": number})  # fmt: skip
    return row


def due_column(work: Work, row: Any = Review, as_of: AsOf = TODAY) -> Any:
    """Return as SQL by which day an evaluation's stage is to be finished: later days win.

    `row` has the columns of the evaluation: its own, or those it had on a day.
    """
    given = () if as_of.day is None else (Extension.at < work.end_of(as_of.day),)
    later = (
        sa.select(sa.func.max(Extension.due_on))
        .join(UnitAncestor, UnitAncestor.ancestor_id == Extension.place_id)
        .where(
            Extension.campaign_id == row.campaign_id,
            Extension.stage == row.stage,
            UnitAncestor.unit_id == row.unit_id,
            valid_on(UnitAncestor, _tree_day(work, as_of)),
            visible(UnitAncestor, work.generation),
            *given,
        )
        .correlate_except(Extension, UnitAncestor)
        .scalar_subquery()
    )
    usual = (
        sa.select(StageDay.due_on)
        .where(
            StageDay.campaign_id == row.campaign_id,
            StageDay.tier == row.tier,
            StageDay.stage == row.stage,
        )
        .correlate_except(StageDay)
        .scalar_subquery()
    )
    return sa.func.coalesce(later, usual, type_=sa.Date())


def _tree_day(work: Work, as_of: AsOf) -> date:
    """Return the day of whose units a board is made."""
    return as_of.day if as_of.day is not None and not as_of.restated else work.today


def campaign_and_day(work: Work, review: Review) -> tuple[Campaign, date | None]:
    """Return the campaign of an evaluation, and by which day its stage is to be finished."""
    campaign, day = work.session.execute(
        sa.select(Campaign, due_column(work))
        .select_from(Review)
        .join(Campaign, Campaign.id == Review.campaign_id)
        .where(Review.id == review.id)
        .execution_options(unscoped="the campaign and the day of an evaluation one may see")
    ).one()
    return campaign, day


def board(
    work: Work, campaign: Campaign, subject: str = "", as_of: AsOf = TODAY
) -> list[StageCount]:
    """Return how far each unit directly below is, most late first; two statements.

    As of a day: how far each was at its end, and what was late by the days that held then.
    """
    if as_of.day is not None and campaign.opened_at >= work.end_of(as_of.day):
        return []
    children = {line.id: line for line in list_children(work, work.unit, _tree_day(work, as_of))}
    found = _by_child(work, campaign, subject, as_of).subquery("found")
    rows = work.session.execute(
        sa.select(found.c.place, found.c.stage, sa.func.count(), sa.func.sum(found.c.late))
        .group_by(found.c.place, found.c.stage)
        .execution_options(unscoped="the board of a unit at which the right to oversee is held")
    )
    stages: dict[Key, dict[str, int]] = {}
    lates: dict[Key, int] = {}
    for place, stage, count, behind in rows:
        stages.setdefault(place, {})[stage] = count
        lates[place] = lates.get(place, 0) + int(behind or 0)
    lines = [_line(work, key, children, stages[key], lates[key]) for key in stages]
    return sorted(lines, key=lambda line: (-line.late, line.done - line.total, line.name))


def waiting_here(work: Work, campaign: Campaign, subject: str = "") -> dict[str, int]:
    """Return how many evaluations wait at this unit for its own appraisal and decision, by stage.

    What a unit below appraises or decides itself waits there and not here.
    """
    mine = sa.or_(
        sa.and_(Review.stage == "appraisal", Review.appraiser_id == work.unit.id),
        sa.and_(Review.stage == "decision", Review.decider_id == work.unit.id),
    )
    statement = (
        sa.select(Review.stage, sa.func.count())
        .where(Review.campaign_id == campaign.id, mine)
        .group_by(Review.stage)
        .execution_options(unscoped="what waits at a unit at which the right to oversee is held")
    )
    if subject:
        statement = statement.where(Review.subject_kind == subject)
    return {str(stage): int(count) for stage, count in work.session.execute(statement)}


def _by_child(work: Work, campaign: Campaign, subject: str, as_of: AsOf) -> sa.Select[Any]:
    """Select the evaluations below this unit with the child each stands under, and if late."""
    stood, day = _rows(work, campaign, subject, as_of), _tree_day(work, as_of)
    row = stood.c
    above = sa.orm.aliased(UnitAncestor)
    child = sa.orm.aliased(UnitAncestor)
    group = sa.func.coalesce(child.ancestor_id, above.ancestor_id, type_=child.ancestor_id.type)
    is_late = due_column(work, row, as_of) < (as_of.day or work.today)
    late = sa.case((sa.and_(row.stage.in_(OPEN_STAGES), is_late), 1), else_=0)
    here = sa.and_(
        above.unit_id == row.unit_id,
        above.ancestor_id == work.unit.id,
        valid_on(above, day),
        visible(above, work.generation),
    )
    below = sa.and_(
        child.unit_id == row.unit_id,
        child.depth == above.depth - 1,
        valid_on(child, day),
        visible(child, work.generation),
    )
    return (
        sa.select(group.label("place"), row.stage.label("stage"), late.label("late"))
        .select_from(stood)
        .join(above, here)
        .outerjoin(child, below)
    )


def _rows(work: Work, campaign: Campaign, subject: str, as_of: AsOf) -> sa.Subquery:
    """Select the evaluations of a campaign with their stage and unit, of today or of a day."""
    stage: Any = Review.stage
    if as_of.day is not None:
        # What the first step after the day began with is where it stood.
        left = (
            sa.select(Step.from_stage)
            .where(Step.review_id == Review.id, Step.at >= work.end_of(as_of.day))
            .order_by(Step.at, Step.id)
            .limit(1)
            .correlate_except(Step)
        )
        stage = sa.func.coalesce(left.scalar_subquery(), Review.stage, type_=Review.stage.type)
    statement = sa.select(
        Review.campaign_id,
        Review.tier,
        stage.label("stage"),
        unit_then(Review.unit_id, Review.id, as_of).label("unit_id"),
    ).where(Review.campaign_id == campaign.id)
    if subject:
        statement = statement.where(Review.subject_kind == subject)
    return statement.subquery("stood")


def _line(
    work: Work, key: Key, children: Mapping[Key, Any], stages: dict[str, int], late: int
) -> StageCount:
    unit = children.get(key, work.unit)
    not_rated = stages.pop("not_rated", 0)
    return StageCount(key, unit.code, unit.name, stages, late, not_rated, unit.kind)


def late_here(work: Work, campaign: Campaign) -> int:
    """Return how many evaluations here and below are late."""
    return int(
        work.session.scalar(
            sa.select(sa.func.count())
            .select_from(Review)
            .where(
                Review.campaign_id == campaign.id,
                Review.stage.in_(UNDECIDED),
                due_column(work) < work.today,
            )
        )
        or 0
    )
