"""Building the demo: results of the last three years, and this year's campaign on its way."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from zlib import crc32

import sqlalchemy as sa

from core.db import new_key
from core.generate.town import BAC_HONG_LINH, PHUC_SON, Town
from core.work import Work

from .. import services
from ..models import Campaign, Result, Review, SelfReview
from . import stories

BATCH = 2_000
RATED_KINDS = ("branch", "party_org", "commune")
DECIDERS = {2023: "ThU", 2024: "ThU", 2025: "ĐU"}


def levels_of(count: int, seed: str) -> list[str]:
    """Return levels for a group: at most a fifth of the good ones excellent, a few below good."""
    below = count // 18
    better = count - below
    best = better // 5
    drawn = [
        *["excellent"] * best,
        *["good"] * (better - best),
        *["completed"] * below,
    ]
    turn = crc32(seed.encode()) % max(count, 1)
    return drawn[turn:] + drawn[:turn]


def result_row(
    year: int, kind: str, unit_id: uuid.UUID, member_id: uuid.UUID | None, level: str, seed: str
) -> dict[str, Any]:
    """Return a result of a past year, with points since the scheme has them."""
    points = None
    if year >= 2025:
        low, high = {"excellent": (90, 97), "good": (74, 89), "completed": (55, 68)}[level]
        points = float(low + crc32(f"{seed}:points".encode()) % (high - low))
    decided = date(year + 1, 1, 8) if kind == "unit" else date(year, 12, 24)
    subject = member_id or unit_id
    return {
        "id": new_key(),
        "unit_id": unit_id,
        "period_key": str(year),
        "period_kind": "year",
        "period_start": date(year, 1, 1),
        "period_last": date(year, 12, 31),
        "subject_kind": kind,
        "subject_id": subject,
        "post_id": subject,
        "member_id": member_id,
        "level": level,
        "points": points,
        "not_rated_reason": "",
        "decided_on": decided,
        "decision_no": f"{11 + year % 7}-QĐ/{DECIDERS.get(year, 'ĐU')}",
        "review_id": None,
        "version": 1,
        "is_current": True,
        "replaces_id": None,
        "reason": "",
        "made_at": datetime(decided.year, decided.month, decided.day, 3, tzinfo=UTC),
        "made_by": "Nhập từ Excel",
    }


def write_results(work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write results in pieces that one statement can carry."""
    for start in range(0, len(rows), BATCH):
        work.session.execute(sa.insert(Result), rows[start : start + BATCH])


def build_demo(
    work: Work, town: Town, keys: Mapping[str, uuid.UUID], people: Mapping[str, uuid.UUID]
) -> None:
    """Give the town three past years of results and a running campaign."""
    last = town.today.year - 1
    for year in range(last - 2, last + 1):
        write_results(work, list(past_year(town, keys, people, year)))
    _open(work, town, keys)


def past_year(
    town: Town, keys: Mapping[str, uuid.UUID], people: Mapping[str, uuid.UUID], year: int
) -> Iterable[dict[str, Any]]:
    """Yield the results of a year, in the tree of its last day."""
    units = town.units_on(date(year, 12, 31))
    by_parent: dict[str, list[str]] = {}
    for code, unit in sorted(units.items()):
        if unit.kind in RATED_KINDS:
            by_parent.setdefault(unit.parent_code, []).append(code)
    for parent, codes in by_parent.items():
        for code, level in zip(codes, levels_of(len(codes), f"{parent}{year}"), strict=True):
            yield result_row(year, "unit", keys[code], None, level, f"{code}{year}")
    for code, members in sorted(_members(town, date(year, 12, 31)).items()):
        drawn = sorted(levels_of(len(members), f"{code}{year}"), key=_rank)
        for member, level in zip(members, drawn, strict=True):
            yield result_row(year, "member", keys[code], people[member], level, f"{member}{year}")


def _members(town: Town, day: date) -> dict[str, list[str]]:
    """Return who was rated in each branch on a day, always in the same order.

    Whoever was excellent once is rather excellent again: some years running do happen.
    """
    statuses, found = town.statuses_on(day), dict[str, list[str]]()
    for member, code in town.homes_on(day).items():
        if statuses.get(member) in ("official", "probationary"):
            found.setdefault(code, []).append(member)
    return {
        code: sorted(members, key=lambda key: crc32(key.encode()))
        for code, members in found.items()
    }


def _rank(level: str) -> int:
    return ("excellent", "good", "completed", "not_completed").index(level)


def _open(work: Work, town: Town, keys: Mapping[str, uuid.UUID]) -> None:
    """Open this year's campaign at the ward and let its branches be on their way."""
    ward = work.host.places.by_code(work.session, BAC_HONG_LINH, work.today, work.generation)
    if ward is None:
        return
    here = work.at(ward)
    year = town.today.year
    facts = services.CampaignFacts(
        title=f"Đánh giá, xếp loại chất lượng năm {year}",
        period_key=str(year),
        subjects=("member", "unit", "collective", "leader"),
        document_no="15-KH/ĐU",
    )
    campaign = services.open_campaign(here, facts)
    services.fill(here, campaign)
    reviews = work.session.scalars(
        sa.select(Review)
        .where(Review.campaign_id == campaign.id, Review.subject_kind == "member")
        .order_by(Review.unit_id, Review.sort_key, Review.id)
    ).all()
    by_unit: dict[uuid.UUID, list[Review]] = {}
    for review in reviews:
        if review.stage != "not_rated":
            by_unit.setdefault(review.unit_id, []).append(review)
    own = by_unit.pop(keys[PHUC_SON], [])
    _write_texts(work, campaign, own[: len(own) // 2])
    for number, listed in enumerate(by_unit.values()):
        stories.go_on(here, campaign, listed, number)
    work.session.flush()


def _write_texts(work: Work, campaign: Campaign, reviews: Sequence[Review]) -> None:
    """Let half of a branch have handed in what they wrote; the others still may."""
    for review in reviews[1:]:
        review.stage, review.self_level = "comments", "good"
        work.session.add(
            SelfReview(
                review_id=review.id,
                unit_id=review.unit_id,
                answers=stories.ANSWERS,
                scores={"politics": 14, "discipline": 14, "tasks": 58},
                proposed_level="good",
                saved_at=work.now,
                submitted_at=work.now,
                submitted_by=review.subject_name,
            )
        )
    work.session.flush()
