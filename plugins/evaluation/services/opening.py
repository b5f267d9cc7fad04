"""Opening a campaign: its rules are frozen, its days written, a job takes in everybody below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from core.checking import missing, wanted_text
from core.db import new_key
from core.errors import InvalidInput, RuleBroken
from core.i18n import _
from core.periods import Period
from core.scope import require
from core.settings import value
from core.work import Work

from .. import permissions
from ..models import OPEN_STAGES, PERIOD_KINDS, SUBJECTS, TIERS, Campaign, Review, StageDay
from .bodies import BELOW_COMMITTEES
from .filling import begin_filling
from .guards import check_running, note_campaign
from .shapes import CampaignFacts

FROZEN = (
    "competent_bodies",
    "order",
    "forced_levels",
    "statuses_not_rated",
    "months_before_rated",
    "residence_exempt_sectors",
    "former_unit_months",
    "sectors_of_form_2b",
    "leading_positions",
    "vote_rule",
    "vote_base",
)


def span_of(facts: CampaignFacts) -> tuple[str, date, date]:
    """Return the kind, the first and last day of a period; a year or quarter says it by its key."""
    if facts.period_kind not in PERIOD_KINDS:
        raise missing("period_kind", _("Choose the kind of period."))
    if facts.period_kind in ("year", "quarter"):
        try:
            period = Period.parse(facts.period_key)
        except ValueError as error:
            raise missing("period_key", _(str(error))) from error
        if period.kind not in ("year", "quarter"):
            raise missing("period_key", _("Write a year as 2026 and a quarter as 2026-Q4."))
        return str(period.kind), period.start, period.last_day
    start, last = facts.period_start, facts.period_last
    if start is None or last is None or last < start:
        raise missing("period_last", _("Enter the first and the last day of the period."))
    return facts.period_kind, start, last


def propose_days(work: Work, year: int) -> dict[tuple[str, str], date]:
    """Return the days the settings propose for the stages of each tier."""
    found: dict[tuple[str, str], date] = {}
    given: Mapping[str, Mapping[str, str]] = value(work, "evaluation.stage_days")
    for tier, days in given.items():
        for stage, text in days.items():
            month, day = text.lstrip("+").split("-")
            if tier in TIERS and stage in OPEN_STAGES:
                found[(tier, stage)] = date(year + text.startswith("+"), int(month), int(day))
    return found


def open_campaign(work: Work, facts: CampaignFacts) -> Campaign:
    """Open a campaign at this unit; a job then makes the list of everybody below it."""
    require(work, permissions.MANAGE, {work.unit.id})
    title = wanted_text(facts.title, "title", _("Enter the title of the campaign."))
    if work.unit.kind in BELOW_COMMITTEES:
        raise RuleBroken(_("A campaign is opened by a committee, not by a branch."))
    kind, start, last = span_of(facts)
    subjects = [one for one in SUBJECTS if one in facts.subjects]
    if not subjects:
        raise missing("subjects", _("Choose who is evaluated."))
    _refuse_twice(work, facts.period_key, subjects)
    campaign = Campaign(
        id=new_key(),
        unit_id=work.unit.id,
        title=title,
        period_key=facts.period_key,
        period_kind=kind,
        period_start=start,
        period_last=last,
        subjects=subjects,
        scheme=value(work, "evaluation.scheme", on=last),
        caps=value(work, "evaluation.caps", on=last),
        rules={name: value(work, f"evaluation.{name}", on=last) for name in FROZEN},
        document_no=facts.document_no.strip(),
        opened_at=work.now,
        opened_by=work.actor.label[:300],
    )
    work.session.add(campaign)
    work.session.flush()
    _write_days(work, campaign, {**propose_days(work, last.year), **facts.days})
    begin_filling(work, campaign)
    note_campaign(work, "campaign_opened", campaign, permissions.MANAGE,
                  {"period": campaign.period_key, "units": campaign.unit_count})  # fmt: skip
    return campaign


def _refuse_twice(work: Work, period_key: str, subjects: Sequence[str]) -> None:
    """Refuse a second campaign of a period over the same units."""
    rows = work.session.scalars(
        sa.select(Campaign)
        .where(Campaign.period_key == period_key, Campaign.state != "void")
        .execution_options(unscoped="whether another unit already evaluates the same people")
    ).all()
    places = work.host.places.by_ids(
        work.session, {row.unit_id for row in rows}, work.today, work.generation
    )
    for row in rows:
        other = places.get(row.unit_id)
        if other is None or not set(row.subjects) & set(subjects):
            continue
        if other.stands_under(work.unit.id) or work.unit.stands_under(other.id):
            raise RuleBroken(
                _(
                    "%(unit)s already has a campaign for %(period)s: “%(title)s”. Open that one.",
                    unit=other.name,
                    period=period_key,
                    title=row.title,
                )
            )


def _write_days(work: Work, campaign: Campaign, days: Mapping[tuple[str, str], date]) -> None:
    for tier in TIERS:
        listed = [days[(tier, stage)] for stage in OPEN_STAGES if (tier, stage) in days]
        if listed != sorted(listed):
            sentence = _("The days of the stages must follow each other.")
            raise InvalidInput(sentence, fields={"days": [sentence]})
    work.session.add_all(
        StageDay(campaign_id=campaign.id, tier=tier, stage=stage, due_on=day)
        for (tier, stage), day in days.items()
    )
    work.session.flush()


def change_day(work: Work, campaign: Campaign, tier: str, stage: str, due_on: date) -> None:
    """Change the day of a stage for a whole tier."""
    check_running(campaign)
    row = work.session.scalar(
        sa.select(StageDay).where(
            StageDay.campaign_id == campaign.id, StageDay.tier == tier, StageDay.stage == stage
        )
    )
    if row is None:
        raise missing("stage", _("Choose the stage."))
    before, row.due_on = row.due_on, due_on
    note_campaign(work, "day_changed", campaign, permissions.MANAGE,
                  {"tier": tier, "stage": stage, "before": before, "day": due_on})  # fmt: skip


def close_campaign(work: Work, campaign: Campaign) -> None:
    """Close a campaign in which nothing is undecided."""
    check_running(campaign)
    require(work, permissions.MANAGE, {campaign.unit_id})
    waiting = work.session.scalar(
        sa.select(sa.func.count())
        .select_from(Review)
        .where(Review.campaign_id == campaign.id, Review.stage.in_(OPEN_STAGES[:-1]))
        .execution_options(unscoped="how many evaluations of a campaign are undecided")
    )
    if waiting:
        raise RuleBroken(
            _(
                "%(n)s evaluations are not decided yet."
                " Decide them, or take them out of the rating.",
                n=waiting,
            )
        )
    campaign.state, campaign.closed_at = "closed", work.now
    note_campaign(work, "campaign_closed", campaign, permissions.MANAGE, {"state": "closed"})


__all__ = ["change_day", "close_campaign", "open_campaign", "propose_days", "span_of"]
