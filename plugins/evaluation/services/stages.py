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
from core.units.models import UnitAncestor
from core.units.places import valid_on, visible
from core.units.tree import list_children
from core.work import Work

from .. import permissions
from ..models import OPEN_STAGES, UNDECIDED, Campaign, Extension, Review, StageDay
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


def due_column(work: Work) -> Any:
    """Return as SQL by which day an evaluation's stage is to be finished: later days win."""
    later = (
        sa.select(sa.func.max(Extension.due_on))
        .join(UnitAncestor, UnitAncestor.ancestor_id == Extension.place_id)
        .where(
            Extension.campaign_id == Review.campaign_id,
            Extension.stage == Review.stage,
            UnitAncestor.unit_id == Review.unit_id,
            valid_on(UnitAncestor, work.today),
            visible(UnitAncestor, work.generation),
        )
        .correlate(Review)
        .scalar_subquery()
    )
    usual = (
        sa.select(StageDay.due_on)
        .where(
            StageDay.campaign_id == Review.campaign_id,
            StageDay.tier == Review.tier,
            StageDay.stage == Review.stage,
        )
        .correlate(Review)
        .scalar_subquery()
    )
    return sa.func.coalesce(later, usual, type_=sa.Date())


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


def board(work: Work, campaign: Campaign, subject: str = "") -> list[StageCount]:
    """Return how far each unit directly below is, most late first; two statements."""
    children = {line.id: line for line in list_children(work, work.unit)}
    found = _by_child(work, campaign, subject).subquery("found")
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


def _by_child(work: Work, campaign: Campaign, subject: str) -> sa.Select[Any]:
    """Select the evaluations below this unit with the child each stands under, and if late."""
    above = sa.orm.aliased(UnitAncestor)
    child = sa.orm.aliased(UnitAncestor)
    group = sa.func.coalesce(child.ancestor_id, above.ancestor_id, type_=child.ancestor_id.type)
    late = sa.case(
        (sa.and_(Review.stage.in_(OPEN_STAGES), due_column(work) < work.today), 1), else_=0
    )
    here = sa.and_(
        above.unit_id == Review.unit_id,
        above.ancestor_id == work.unit.id,
        valid_on(above, work.today),
        visible(above, work.generation),
    )
    below = sa.and_(
        child.unit_id == Review.unit_id,
        child.depth == above.depth - 1,
        valid_on(child, work.today),
        visible(child, work.generation),
    )
    source: Any = (
        sa.select(group.label("place"), Review.stage.label("stage"), late.label("late"))
        .select_from(Review)
        .join(above, here)
        .outerjoin(child, below)
        .where(Review.campaign_id == campaign.id)
    )
    if subject:
        source = source.where(Review.subject_kind == subject)
    return source  # type: ignore[no-any-return]  # SQLAlchemy says Any


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
