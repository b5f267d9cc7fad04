"""Opening a campaign: its rules are frozen, everybody below gets an evaluation, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.db import new_key
from core.errors import InvalidInput, RuleBroken
from core.i18n import _
from core.periods import Period
from core.scope import require
from core.settings import value
from core.units.tree import UnitLine
from core.work import Work

from .. import permissions
from ..models import (
    OPEN_STAGES,
    PERIOD_KINDS,
    SUBJECTS,
    TIERS,
    Campaign,
    Review,
    Seat,
    StageDay,
)
from .bodies import BELOW_COMMITTEES, Bodies, Group
from .caps import ensure_counters
from .guards import check_running, missing, note_campaign, wanted_text
from .shapes import CampaignFacts, Key
from .subjects import Person, leaders_of, members_below, units_below

BATCH = 1_000
COMMITTEE_KINDS = ("party_org", "section_org", "commune", "district", "province")
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


def span_of(facts: CampaignFacts) -> tuple[date, date]:
    """Return the first and last day of a period; a year or quarter says it by its key."""
    if facts.period_kind not in PERIOD_KINDS:
        raise missing("period_kind", _("Choose the kind of period."))
    if facts.period_kind in ("year", "quarter"):
        try:
            period = Period.parse(facts.period_key)
        except ValueError as error:
            raise missing("period_key", _(str(error))) from error
        if period.kind != facts.period_kind:
            raise missing("period_key", _("Write a year as 2026 and a quarter as 2026-Q4."))
        return period.start, period.last_day
    start, last = facts.period_start, facts.period_last
    if start is None or last is None or last < start:
        raise missing("period_last", _("Enter the first and the last day of the period."))
    return start, last


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
    """Open a campaign at this unit for everybody below it."""
    require(work, permissions.MANAGE, {work.unit.id})
    title = wanted_text(facts.title, "title", _("Enter the title of the campaign."))
    if work.unit.kind in BELOW_COMMITTEES:
        raise RuleBroken(_("A campaign is opened by a committee, not by a branch."))
    start, last = span_of(facts)
    subjects = [one for one in SUBJECTS if one in facts.subjects]
    if not subjects:
        raise missing("subjects", _("Choose who is evaluated."))
    _refuse_twice(work, facts.period_key, subjects)
    campaign = Campaign(
        id=new_key(),
        unit_id=work.unit.id,
        title=title,
        period_key=facts.period_key,
        period_kind=facts.period_kind,
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
    count = take_in(work, campaign)
    note_campaign(work, "campaign_opened", campaign, permissions.MANAGE,
                  {"period": campaign.period_key, "evaluations": count})  # fmt: skip
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


def take_in(work: Work, campaign: Campaign) -> int:
    """Make the evaluations that are not there yet; return how many were made."""
    check_running(campaign)
    units = units_below(work, campaign.unit_id)
    bodies = Bodies(work, campaign.unit_id, [unit.id for unit in units])
    rows = list(_rows(work, campaign, units, bodies))
    known = _known(work, campaign)
    rows = [row for row in rows if _identity(row) not in known]
    _insert(work, campaign, rows, bodies)
    return len(rows)


def _identity(row: Mapping[str, Any]) -> tuple[str, Key, Key | None]:
    """Return what an evaluation is known by: members once, leaders once for each post."""
    post = row["unit_id"] if row["subject_kind"] == "leader" else None
    return row["subject_kind"], row["subject_id"], post


def _known(work: Work, campaign: Campaign) -> set[tuple[str, Key, Key | None]]:
    rows = work.session.execute(
        sa.select(Review.subject_kind, Review.subject_id, Review.unit_id)
        .where(Review.campaign_id == campaign.id)
        .execution_options(unscoped="which evaluations of a campaign are there")
    ).mappings()
    return {_identity(dict(row)) for row in rows}


def _rows(
    work: Work, campaign: Campaign, units: Sequence[UnitLine], bodies: Bodies
) -> Iterable[dict[str, Any]]:
    """Yield the evaluations of a campaign as rows."""
    rules, subjects = campaign.rules, set(campaign.subjects)
    for unit in units:
        if "unit" in subjects and unit.kind != "group":
            yield _unit_row(work, campaign, bodies, unit, "unit")
        if "collective" in subjects and unit.kind in COMMITTEE_KINDS:
            yield _unit_row(work, campaign, bodies, unit, "collective")
    if "leader" in subjects:
        for leader in leaders_of(work, campaign.unit_id, rules["leading_positions"]):
            yield person_row(work, campaign, bodies, leader, "leader")
    if "member" in subjects:
        for person in members_below(work, campaign):
            yield person_row(work, campaign, bodies, person, "member")


def _unit_row(
    work: Work, campaign: Campaign, bodies: Bodies, unit: UnitLine, kind: str
) -> dict[str, Any]:
    return {
        **_common(work, campaign, bodies, unit.id, kind),
        "subject_id": unit.id,
        "member_id": None,
        "subject_name": unit.name,
        "sort_key": unit.name_sort,
        "form": "01",
        "residence": "not_needed",
        "former_unit_id": None,
        "stage": "self_review",
        "not_rated_reason": "",
    }


def person_row(
    work: Work, campaign: Campaign, bodies: Bodies, person: Person, kind: str
) -> dict[str, Any]:
    """Return the evaluation of a member, or of a leader at the unit of the post."""
    rules, sector = campaign.rules, bodies.places[person.unit_id].sector
    residence = "not_needed"
    if kind == "member" and sector not in ("residential", ""):
        residence = "exempt" if sector in rules["residence_exempt_sectors"] else "needed"
    form = "2A" if kind == "leader" else "2B" if sector in rules["sectors_of_form_2b"] else "2C"
    return {
        **_common(work, campaign, bodies, person.unit_id, kind),
        "subject_id": person.id,
        "member_id": person.id,
        "subject_name": person.name,
        "sort_key": person.sort_key,
        "form": form,
        "residence": "not_needed" if person.not_rated else residence,
        "former_unit_id": person.former_unit_id,
        "stage": "not_rated" if person.not_rated else "self_review",
        "not_rated_reason": person.not_rated,
    }


def _common(
    work: Work, campaign: Campaign, bodies: Bodies, unit_id: Key, kind: str
) -> dict[str, Any]:
    competent = campaign.rules["competent_bodies"].get(kind, {})
    return {
        "id": new_key(),
        "revision": 1,
        "unit_id": unit_id,
        "campaign_id": campaign.id,
        "subject_kind": kind,
        "tier": bodies.tier(unit_id),
        "peer_group": bodies.peer_group(kind, unit_id),
        "appraiser_id": bodies.competent(competent.get("appraise", "parent"), unit_id),
        "decider_id": bodies.competent(competent.get("decide", "parent"), unit_id),
        "created_at": work.now,
        "changed_at": work.now,
    }


def groups_of(campaign: Campaign, bodies: Bodies, row: Mapping[str, Any]) -> list[Group]:
    """Return the groups in which an evaluation counts."""
    return bodies.groups(
        campaign.caps, row["subject_kind"], row["unit_id"], row["decider_id"], row["peer_group"]
    )


def _insert(
    work: Work, campaign: Campaign, rows: Sequence[Mapping[str, Any]], bodies: Bodies
) -> None:
    """Write evaluations with the counters they count in."""
    groups = {row["id"]: groups_of(campaign, bodies, row) for row in rows}
    counters = ensure_counters(
        work, campaign.id, [group for listed in groups.values() for group in listed]
    )
    seats = [
        {"review_id": review_id, "counter_id": counters[group.key]}
        for review_id, listed in groups.items()
        for group in listed
    ]
    for model, listed in ((Review, list(rows)), (Seat, seats)):
        for start in range(0, len(listed), BATCH):
            work.session.execute(sa.insert(model), listed[start : start + BATCH])


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


__all__ = [
    "change_day",
    "close_campaign",
    "groups_of",
    "open_campaign",
    "person_row",
    "propose_days",
    "span_of",
    "take_in",
]
