"""Filling a campaign: a job takes in the units below in parts, each subject once, with progress."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.db import new_key
from core.errors import RuleBroken
from core.i18n import _
from core.jobs import enqueue
from core.scope import require
from core.units.tree import UnitLine
from core.work import Work

from .. import permissions
from ..models import Campaign, Review, Seat
from .bodies import Bodies, Group
from .caps import ensure_counters
from .guards import note_campaign
from .shapes import Key
from .subjects import Person, count_units_below, leaders_at, members_at, units_below

JOB = "evaluation.filling"
PART = 100
"""Units taken in by one transaction: some 3,000 members, a second or two."""
BATCH = 1_000
COMMITTEE_KINDS = ("party_org", "section_org", "commune", "district", "province")
FOUND = "which evaluations of a campaign are there already"


def begin_filling(work: Work, campaign: Campaign) -> None:
    """Ask for the job that takes in the units below; one that stopped halfway goes on there."""
    if not campaign.is_filling:
        campaign.is_filling, campaign.taken_to, campaign.units_done = True, None, 0
    campaign.unit_count = max(count_units_below(work, campaign.unit_id), campaign.units_done)
    work.session.flush()
    enqueue(work, JOB, {"campaign": str(campaign.id)}, key=f"{campaign.id}:{campaign.revision}")


def take_in(work: Work, campaign: Campaign) -> None:
    """Let the job look through the units again for whoever came since the opening."""
    require(work, permissions.MANAGE, {campaign.unit_id})
    if campaign.state != "running":
        raise RuleBroken(_("The campaign is closed. To change a level now, correct the result."))
    begin_filling(work, campaign)
    note_campaign(work, "taking_in", campaign, permissions.MANAGE,
                  {"units": campaign.unit_count})  # fmt: skip


def fill_part(work: Work, campaign_id: Key, part: int = PART) -> bool:
    """Take in the next units of a campaign; return whether more are waiting."""
    campaign = work.session.scalar(
        sa.select(Campaign)
        .where(Campaign.id == campaign_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if campaign is None or not campaign.is_filling or campaign.state != "running":
        return False
    units = units_below(work, campaign.unit_id, after=campaign.taken_to, limit=part)
    if units:
        _take_in_units(work, campaign, units)
        campaign.units_done += len(units)
        campaign.taken_to = units[-1].id
    if len(units) < part:
        _finish(work, campaign)
    work.session.flush()
    return campaign.is_filling


def fill(work: Work, campaign: Campaign) -> None:
    """Take in all units at once, where no job runs: building data, tests."""
    while fill_part(work, campaign.id):
        continue


def _finish(work: Work, campaign: Campaign) -> None:
    campaign.is_filling, campaign.unit_count = False, campaign.units_done
    if campaign.ready_at is None:
        campaign.ready_at = work.now
    count = work.session.scalar(
        sa.select(sa.func.count())
        .select_from(Review)
        .where(Review.campaign_id == campaign.id)
        .execution_options(unscoped=FOUND)
    )
    note_campaign(work, "campaign_filled", campaign, permissions.MANAGE, {"evaluations": count})


def _take_in_units(work: Work, campaign: Campaign, units: Sequence[UnitLine]) -> None:
    """Make the evaluations of some units that are not there yet."""
    bodies = Bodies(work, campaign.unit_id, [unit.id for unit in units])
    rows = list(_rows(work, campaign, units, bodies))
    known = _known(work, campaign, {row["subject_id"] for row in rows})
    _insert(work, campaign, [row for row in rows if _identity(row) not in known], bodies)


def _identity(row: Mapping[str, Any]) -> tuple[str, Key, Key | None]:
    """Return what an evaluation is known by: members once, leaders once for each post."""
    post = row["unit_id"] if row["subject_kind"] == "leader" else None
    return row["subject_kind"], row["subject_id"], post


def _known(
    work: Work, campaign: Campaign, subject_ids: Iterable[Key]
) -> set[tuple[str, Key, Key | None]]:
    """Return which of these subjects have an evaluation in the campaign, wherever it stands."""
    found: set[tuple[str, Key, Key | None]] = set()
    for chunk in chunked(subject_ids):
        rows = work.session.execute(
            sa.select(Review.subject_kind, Review.subject_id, Review.unit_id)
            .where(Review.campaign_id == campaign.id, Review.subject_id.in_(chunk))
            .execution_options(unscoped=FOUND)
        ).mappings()
        found.update(_identity(dict(row)) for row in rows)
    return found


def _rows(
    work: Work, campaign: Campaign, units: Sequence[UnitLine], bodies: Bodies
) -> Iterator[dict[str, Any]]:
    """Yield the evaluations of some units as rows."""
    subjects, ids = set(campaign.subjects), [unit.id for unit in units]
    for unit in units:
        if "unit" in subjects and unit.kind != "group":
            yield _unit_row(work, campaign, bodies, unit, "unit")
        if "collective" in subjects and unit.kind in COMMITTEE_KINDS:
            yield _unit_row(work, campaign, bodies, unit, "collective")
    if "leader" in subjects:
        for leader in leaders_at(work, ids, campaign.rules["leading_positions"]):
            yield person_row(work, campaign, bodies, leader, "leader")
    if "member" in subjects:
        for person in members_at(work, campaign, ids):
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


__all__ = ["begin_filling", "fill", "fill_part", "groups_of", "person_row", "take_in"]
