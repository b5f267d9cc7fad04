"""Members and units that moved during the campaign: who rates them now, and in which group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from core.db import table_of
from core.errors import RuleBroken
from core.i18n import _
from core.members.models import Affiliation
from core.scope import require
from core.units.places import chunked, valid_on
from core.units.rehoming import Obligation, Rehoming
from core.work import Work

from .. import permissions
from ..models import OPEN_STAGES, UNDECIDED, Campaign, Comment, Counter, Review, Seat, SelfReview
from .bodies import Bodies, Group
from .caps import Sums, allowed, ensure_counters, lock_reviews, settle
from .guards import check_running, check_stage, go, note
from .opening import groups_of, person_row
from .reading import under
from .shapes import Key
from .subjects import members_below

HEIRS = "open evaluations of ended units go to their heirs"


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
            under(work, Review.unit_id),
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
    people = members_below(work, campaign, [locked.member_id] if locked.member_id else [])
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
            .with_for_update()
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


def obligations_of(work: Work, unit_ids: set[Key]) -> list[Obligation]:
    """Return how many evaluations and requests for comments are open in these units."""
    found: list[Obligation] = []
    for kind, title, model, condition in (
        ("evaluation.reviews", _("evaluations under way"), Review, Review.stage.in_(OPEN_STAGES)),
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
    moving = _moving(work, ended)
    if moving:
        _move_reviews(work, rehoming, moving)
    _move_groups(work, rehoming)
    rehoming.move(Comment, Comment.state == "asked")


def _moving(work: Work, ended: set[Key]) -> list[dict[str, Any]]:
    table, found = table_of(Review), []
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
    heirs, changes, texts = rehoming.heirs, [], []
    for row in rows:
        home = rehoming.members.get(row["member_id"]) if row["member_id"] else None
        stays = row["subject_kind"] in ("unit", "collective")
        unit_id = heirs.get(row["unit_id"], row["unit_id"])
        if home is not None and row["unit_id"] in heirs:
            unit_id = home
        after = {
            "unit_id": row["unit_id"] if stays else unit_id,
            "appraiser_id": heirs.get(row["appraiser_id"], row["appraiser_id"]),
            "decider_id": heirs.get(row["decider_id"], row["decider_id"]),
            "stage": row["stage"],
            "not_rated_reason": row["not_rated_reason"],
            "revision": row["revision"] + 1,
        }
        if stays and row["unit_id"] in heirs and row["stage"] in UNDECIDED:
            # A unit that is no more is not rated; its heir has an evaluation of its own.
            after |= {"stage": "not_rated", "not_rated_reason": "other"}
        changes.append((row, after))
        texts.append((row["id"], row["unit_id"], after["unit_id"]))
    rehoming.recorder.update(Review, changes)
    _move_texts(work, rehoming, {key: new for key, old, new in texts if old != new})


def _move_texts(work: Work, rehoming: Rehoming, units: dict[Key, Key]) -> None:
    """Let self-reviews go with their evaluations."""
    for chunk in chunked(units):
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


def _move_groups(work: Work, rehoming: Rehoming) -> None:
    """Let the counters of ended bodies become those of their heirs, summed where both are there.

    Two groups made one have at least the room of both. What a division leaves beyond the rule
    stays allowed by the plan's own decision, and is written down as such.
    """
    table = table_of(Counter)
    rows: list[dict[str, Any]] = []
    for chunk in chunked(rehoming.heirs):
        work.session.execute(
            sa.select(Review.id)
            .join(Seat, Seat.review_id == Review.id)
            .join(Counter, Counter.id == Seat.counter_id)
            .where(Counter.place_id.in_(chunk))
            .order_by(Review.id)
            .with_for_update(of=Review)
            .execution_options(unscoped=HEIRS)
        ).all()
        found = work.session.execute(
            sa.select(*table.columns)
            .join(Campaign, Campaign.id == Counter.campaign_id)
            .where(Campaign.state == "running", Counter.place_id.in_(chunk))
            .order_by(Counter.id)
            .with_for_update(of=Counter)
            .execution_options(unscoped=HEIRS)
        ).mappings()
        rows.extend(dict(row) for row in found)
    for row in rows:
        _merge_counter(work, rehoming, row)


def _merge_counter(work: Work, rehoming: Rehoming, row: dict[str, Any]) -> None:
    """Move one counter to the heir of its body, or into the heir's own."""
    table, heir = table_of(Counter), rehoming.heirs[row["place_id"]]
    other = work.session.execute(
        sa.select(*table.columns).where(
            Counter.campaign_id == row["campaign_id"],
            Counter.scope == row["scope"],
            Counter.subject_kind == row["subject_kind"],
            Counter.group == row["peer_group"],
            Counter.place_id == heir,
        )
    ).mappings().first()  # fmt: skip
    if other is None:
        rehoming.recorder.update(Counter, [(row, {"place_id": heir})])
        return
    sums = {name: row[name] + other[name] for name in ("rated", "good", "excellent", "extra")}
    base = {
        "good_only": sums["good"],
        "all_rated": sums["rated"],
    }.get(other["base"], sums["good"] + sums["excellent"])
    room = allowed(base, other["share"], other["rounding"]) + sums["extra"]
    beyond = max(0, sums["excellent"] - room)
    after = {**sums, "extra": sums["extra"] + beyond, "room": room + beyond}
    rehoming.recorder.update(Counter, [(dict(other), after)])
    empty = {"rated": 0, "good": 0, "excellent": 0, "extra": 0, "room": 0}
    rehoming.recorder.update(Counter, [(row, empty)])
    seats = work.session.execute(
        sa.select(Seat.id, Seat.counter_id).where(Seat.counter_id == row["id"])
    ).mappings()
    rehoming.recorder.update(Seat, [(dict(seat), {"counter_id": other["id"]}) for seat in seats])
