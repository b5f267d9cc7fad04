"""Units that ended during a campaign: what is open goes to their heirs, with its groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.chunks import chunked
from core.db import new_key, table_of
from core.i18n import _
from core.units.rehoming import Obligation, Rehoming
from core.work import Work

from ..models import (
    OPEN_STAGES,
    UNDECIDED,
    Appeal,
    Campaign,
    Comment,
    Counter,
    Review,
    Seat,
    SelfReview,
)
from .bodies import Bodies, Group
from .caps import Sums, allowed
from .filling import groups_of
from .shapes import Key

HEIRS = "open evaluations of ended units go to their heirs"
# That of the unit itself ends with the unit: its heir has one of its own.
_OF_PEOPLE = sa.and_(Review.stage.in_(OPEN_STAGES), Review.member_id.is_not(None))


def obligations_of(work: Work, unit_ids: set[Key]) -> list[Obligation]:
    """Return how many evaluations and requests for comments are open in these units."""
    found: list[Obligation] = []
    for kind, title, model, condition in (
        ("evaluation.reviews", _("evaluations under way"), Review, _OF_PEOPLE),
        ("evaluation.comments", _("requests for comments"), Comment, Comment.state == "asked"),
    ):
        counted: Any = model
        for chunk in chunked(unit_ids):
            rows = work.session.execute(
                sa.select(counted.unit_id, sa.func.count())
                .where(counted.unit_id.in_(chunk), condition)
                .group_by(counted.unit_id)
                .execution_options(unscoped="what is open in units that end")
            )
            found.extend(Obligation(kind, title, unit_id, count) for unit_id, count in rows)
    return found


def rehome(work: Work, rehoming: Rehoming) -> None:
    """Let what is open in ended units go to their heirs, with the groups they count in."""
    ended = set(rehoming.heirs)
    _lock(work, ended)
    moving = _moving(work, ended)
    if moving:
        _move_reviews(work, rehoming, moving)
    regroup(work, rehoming, [row["id"] for row in moving])
    rehoming.move(Comment, Comment.state == "asked")
    rehoming.move(Campaign, Campaign.state == "running")


def _lock(work: Work, ended: set[Key]) -> None:
    """Lock every evaluation that is going to change, by key as everybody does, before any is read.

    Those whose subject or competent body ended, and those that count in a group of an ended body.
    """
    ids: set[Key] = set()
    counted = sa.select(Seat.review_id).join(Counter, Counter.id == Seat.counter_id)
    for chunk in chunked(ended):
        concerned = sa.or_(
            Review.unit_id.in_(chunk),
            Review.appraiser_id.in_(chunk),
            Review.decider_id.in_(chunk),
            Review.id.in_(counted.where(Counter.place_id.in_(chunk))),
        )
        statement = sa.select(Review.id).where(concerned).execution_options(unscoped=HEIRS)
        ids.update(work.session.scalars(statement))
    for chunk in chunked(sorted(ids, key=lambda key: key.bytes)):
        statement = sa.select(Review.id).where(Review.id.in_(chunk)).order_by(Review.id)
        work.session.execute(
            statement.with_for_update(key_share=True).execution_options(unscoped=HEIRS)
        )


def _moving(work: Work, ended: set[Key]) -> list[dict[str, Any]]:
    table = table_of(Review)
    found: list[dict[str, Any]] = []
    for chunk in chunked(ended):
        rows = work.session.execute(
            sa.select(*table.columns)
            .join(Campaign, Campaign.id == Review.campaign_id)
            .where(
                Campaign.state == "running",
                sa.or_(
                    sa.and_(Review.unit_id.in_(chunk), Review.stage.in_(OPEN_STAGES)),
                    Review.appraiser_id.in_(chunk),
                    Review.decider_id.in_(chunk),
                ),
            )
            .execution_options(unscoped=HEIRS)
        ).mappings()
        found.extend(dict(row) for row in rows)
    return list({row["id"]: row for row in found}.values())


def _move_reviews(work: Work, rehoming: Rehoming, rows: Sequence[dict[str, Any]]) -> None:
    """Write the new places of evaluations; people go where the plan sent them."""
    units = {row["id"]: _new_unit(rehoming, row) for row in rows}
    by_campaign: dict[Key, list[dict[str, Any]]] = {}
    for row in rows:
        by_campaign.setdefault(row["campaign_id"], []).append(row)
    changes = []
    for campaign_id, listed in by_campaign.items():
        campaign = work.session.get(Campaign, campaign_id)
        if campaign is not None:
            heir = rehoming.heirs.get(campaign.unit_id, campaign.unit_id)
            bodies = Bodies(work, heir, {units[row["id"]] for row in listed})
            changes += [
                (row, _as_moved(campaign, bodies, row, units[row["id"]], rehoming))
                for row in listed
            ]
    rehoming.change(Review, changes)
    moved = {row["id"]: units[row["id"]] for row in rows if units[row["id"]] != row["unit_id"]}
    _move_texts(work, rehoming, moved)


def _new_unit(rehoming: Rehoming, row: Mapping[str, Any]) -> Key:
    """Return where an evaluation goes on: with the person, else with the unit's heir."""
    unit_id: Key = row["unit_id"]
    if unit_id not in rehoming.heirs or row["subject_kind"] in ("unit", "collective"):
        return unit_id
    return rehoming.members.get(row["member_id"], rehoming.heirs[unit_id])


def _as_moved(
    campaign: Campaign, bodies: Bodies, row: Mapping[str, Any], unit_id: Key, rehoming: Rehoming
) -> dict[str, Any]:
    """Return what changes of an evaluation: its unit, who is competent there, its stage."""
    stays = row["subject_kind"] in ("unit", "collective")
    competent = campaign.rules["competent_bodies"].get(row["subject_kind"], {})
    ended = stays and unit_id in rehoming.heirs and row["stage"] in UNDECIDED
    heirs = rehoming.heirs
    after = {
        "unit_id": unit_id,
        "appraiser_id": heirs.get(row["appraiser_id"], row["appraiser_id"]),
        "decider_id": heirs.get(row["decider_id"], row["decider_id"]),
        "stage": "not_rated" if ended else row["stage"],
        "not_rated_reason": "other" if ended else row["not_rated_reason"],
        "counted_level": None if ended else row["counted_level"],
        "revision": row["revision"] + 1,
    }
    if unit_id != row["unit_id"]:
        after["appraiser_id"] = bodies.competent(competent.get("appraise", "parent"), unit_id)
        after["decider_id"] = bodies.competent(competent.get("decide", "parent"), unit_id)
    return after


def _move_texts(work: Work, rehoming: Rehoming, units: dict[Key, Key]) -> None:
    """Let self-reviews and appeals go with their evaluations."""
    for chunk in chunked(units):
        appeals = work.session.execute(
            sa.select(Appeal.id, Appeal.review_id, Appeal.unit_id)
            .where(Appeal.review_id.in_(chunk))
            .execution_options(unscoped=HEIRS)
        ).mappings()
        rehoming.recorder.update(
            Appeal, [(dict(row), {"unit_id": units[row["review_id"]]}) for row in appeals]
        )
        rows = work.session.execute(
            sa.select(SelfReview.review_id, SelfReview.unit_id, SelfReview.revision)
            .where(SelfReview.review_id.in_(chunk))
            .execution_options(unscoped=HEIRS)
        ).mappings()
        changes = [
            (dict(row), {"unit_id": units[row["review_id"]], "revision": row["revision"] + 1})
            for row in rows
        ]
        rehoming.recorder.update(SelfReview, changes)


def regroup(work: Work, rehoming: Rehoming, review_ids: Sequence[Key]) -> None:
    """Let evaluations count in the groups of the tree as it has become; all of it can be undone.

    Two groups made one have at least the room of both. What a division leaves beyond the rule
    stays allowed by the plan's own decision, and stands as such in the counter.
    """
    seats = _seats(work, set(rehoming.heirs), review_ids)
    by_campaign: dict[Key, list[Mapping[str, Any]]] = {}
    for seat in seats:
        by_campaign.setdefault(seat["campaign_id"], []).append(seat)
    for campaign_id, listed in by_campaign.items():
        campaign = work.session.get(Campaign, campaign_id)
        if campaign is not None:
            _regroup_one(work, rehoming, campaign, listed)


def _seats(work: Work, ended: set[Key], review_ids: Sequence[Key]) -> list[Mapping[str, Any]]:
    """Read the seats of evaluations, and all seats in groups of ended bodies; all are locked."""
    statement = (
        sa.select(
            Seat.id,
            Seat.review_id,
            Seat.counter_id,
            Counter.scope,
            Review.campaign_id,
            Review.subject_kind,
            Review.unit_id,
            Review.decider_id,
            Review.peer_group,
        )
        .select_from(Review)
        .join(Seat, Seat.review_id == Review.id)
        .join(Counter, Counter.id == Seat.counter_id)
        .join(Campaign, Campaign.id == Review.campaign_id)
        .where(Campaign.state == "running")
        .order_by(Review.id, Seat.id)
        .execution_options(unscoped=HEIRS)
    )
    found: dict[Key, Mapping[str, Any]] = {}
    for column, keys in ((Review.id, set(review_ids)), (Counter.place_id, ended)):
        for chunk in chunked(keys):
            rows = work.session.execute(statement.where(column.in_(chunk))).mappings()
            found.update({row["id"]: dict(row) for row in rows})
    return list(found.values())


def _regroup_one(
    work: Work, rehoming: Rehoming, campaign: Campaign, seats: Sequence[Mapping[str, Any]]
) -> None:
    bodies = Bodies(work, campaign.unit_id, {seat["unit_id"] for seat in seats})
    groups = {
        (seat["review_id"], group.scope): group
        for seat in seats
        for group in groups_of(campaign, bodies, seat)
    }
    known = _counters(work, rehoming, campaign, groups.values())
    changes = []
    for seat in seats:
        group = groups.get((seat["review_id"], seat["scope"]))
        if group is not None and known[group.key] != seat["counter_id"]:
            changes.append((seat, {"counter_id": known[group.key]}))
    rehoming.recorder.update(Seat, changes)
    touched = {seat["counter_id"] for seat in seats} | set(known.values())
    _recount(work, rehoming, touched)


def _counters(
    work: Work, rehoming: Rehoming, campaign: Campaign, groups: Iterable[Group]
) -> dict[Any, Key]:
    """Return the counters of groups; those that are missing are made so that it can be undone."""
    wanted = {group.key: group for group in groups}
    rows = work.session.execute(
        sa.select(
            Counter.id, Counter.scope, Counter.subject_kind, Counter.place_id, Counter.group
        ).where(Counter.campaign_id == campaign.id)
    )
    found = {(row[1], row[2], row[3], row[4]): row[0] for row in rows}
    missing = [group for key, group in wanted.items() if key not in found]
    fresh = [_blank(campaign, group) for group in missing]
    rehoming.recorder.insert(Counter, fresh)
    found.update({group.key: row["id"] for group, row in zip(missing, fresh, strict=True)})
    return {key: found[key] for key in wanted}


def _blank(campaign: Campaign, group: Group) -> dict[str, Any]:
    return {
        "id": new_key(),
        "campaign_id": campaign.id,
        "scope": group.scope,
        "subject_kind": group.subject_kind,
        "place_id": group.place_id,
        "peer_group": group.group,
        "base": group.base,
        "share": group.share,
        "rounding": group.rounding,
        "rated": 0,
        "good": 0,
        "excellent": 0,
        "extra": 0,
        "extra_document_no": "",
        "room": 0,
    }


def _recount(work: Work, rehoming: Rehoming, ids: set[Key]) -> None:
    """Count groups anew; they are locked first, so that nobody changes a level meanwhile."""
    rows = _locked(work, ids)
    counts = _levels(work, ids)
    changes = []
    for row in rows:
        found = counts.get(row["id"], {})
        sums = Sums(
            sum(found.values()), found.get("good", 0), found.get("excellent", 0), row["extra"]
        )
        room = allowed(sums.base(row["base"]), row["share"], row["rounding"]) + sums.extra
        beyond = max(0, sums.excellent - room)
        after = {
            "rated": sums.rated,
            "good": sums.good,
            "excellent": sums.excellent,
            "extra": sums.extra + beyond,
            "room": room + beyond,
        }
        changes.append((row, after))
    rehoming.recorder.update(Counter, changes)


def _locked(work: Work, ids: set[Key]) -> list[dict[str, Any]]:
    """Lock groups in the order in which they are always locked; return them as they are then."""
    found: list[dict[str, Any]] = []
    for chunk in chunked(sorted(ids, key=lambda key: key.bytes)):
        statement = (
            sa.select(*table_of(Counter).columns)
            .where(Counter.id.in_(chunk))
            .order_by(Counter.id)
            .with_for_update(key_share=True)
        )
        found.extend(dict(row) for row in work.session.execute(statement).mappings())
    return found


def _levels(work: Work, ids: set[Key]) -> dict[Key, dict[str, int]]:
    found: dict[Key, dict[str, int]] = {}
    for chunk in chunked(ids):
        rows = work.session.execute(
            sa.select(Seat.counter_id, Review.counted_level, sa.func.count())
            .select_from(Review)
            .join(Seat, Seat.review_id == Review.id)
            .where(Seat.counter_id.in_(chunk), Review.counted_level.is_not(None))
            .group_by(Seat.counter_id, Review.counted_level)
            .execution_options(unscoped=HEIRS)
        )
        for counter_id, level, count in rows:
            found.setdefault(counter_id, {})[str(level)] = count
    return found
