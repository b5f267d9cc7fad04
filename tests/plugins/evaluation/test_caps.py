"""Caps that hold: the readings of the rule, live room, overrides, and fifty writers at once."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from core.access.principal import operator
from core.app import create_system
from core.db import Database, make_engine
from core.errors import DomainError, Forbidden, RuleBroken
from core.reference import add_reference_data
from core.schema import create_all
from core.system import System
from core.testing import NOON, World
from core.units.services import transfer_unit
from plugins.evaluation import services
from plugins.evaluation.models import Counter, Review, Seat
from plugins.evaluation.services import Pick
from plugins.evaluation.services.caps import allowed
from tests.environment.systems import KINDS, config_for, empty_database
from tests.plugins.evaluation.builders import (
    DECIDED,
    at_stage,
    build_ward,
    levelled,
    move_member,
    opened,
    picked,
    reviews_of,
)

LEVELS = ("excellent", "good", "completed", "not_completed")
BASES = {
    "good_or_better": lambda counts: counts["excellent"] + counts["good"],
    "good_only": lambda counts: counts["good"],
    "all_rated": lambda counts: sum(counts.values()),
}


def test_the_published_readings_of_the_rule() -> None:
    assert allowed(55, 2000, "floor") == 11
    assert allowed(40, 2000, "floor") == 8
    assert allowed(34, 2000, "floor") == 6
    assert allowed(34, 2000, "nearest") == 7
    assert allowed(4, 2000, "floor") == 0
    assert allowed(58, 2500, "floor") == 14


@given(st.integers(0, 100_000), st.integers(0, 10_000))
def test_rounding_never_gives_more_than_one_place_beyond_the_share(base: int, share: int) -> None:
    floor, nearest = allowed(base, share, "floor"), allowed(base, share, "nearest")
    assert floor * 10_000 <= share * base < (floor + 1) * 10_000
    assert nearest in (floor, floor + 1)
    assert 2 * abs(nearest * 10_000 - share * base) <= 10_000


def faults(session: Any, campaign_id: Any) -> list[str]:
    """Count all groups anew from the evaluations; return what does not hold."""
    rows = session.execute(
        sa.select(
            Counter.id, Counter.base, Counter.share, Counter.rounding, Counter.extra,
            Counter.rated, Counter.good, Counter.excellent, Review.counted_level, sa.func.count(),
        )
        .select_from(Counter)
        .join(Seat, Seat.counter_id == Counter.id)
        .join(Review, Review.id == Seat.review_id)
        .where(Counter.campaign_id == campaign_id)
        .group_by(Counter.id, Review.counted_level)
        .execution_options(unscoped="test")
    ).all()  # fmt: skip
    groups: dict[Any, Any] = {}
    for key, *rule, level, count in rows:
        _rule, counts = groups.setdefault(key, (rule, dict.fromkeys(LEVELS, 0)))
        if level is not None:
            counts[level] = count
    found = []
    for (base, share, rounding, extra, *stored), counts in groups.values():
        if stored != [sum(counts.values()), counts["good"], counts["excellent"]]:
            found.append(f"counted {counts}, stored {stored}")
        if counts["excellent"] > allowed(BASES[base](counts), share, rounding) + extra:
            found.append(f"broken: {counts}, {base}, {share}, {extra}")
    return found


def test_a_cap_holds_while_picking_and_says_what_to_do(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        reviews = at_stage(work, "appraisal", reviews_of(work, campaign, "B3"))
        with pytest.raises(RuleBroken, match="chưa được xếp ai"):
            picked(work, campaign, {reviews[0].id: "excellent"})
    with ward.work() as work:
        picked(work, campaign, {review.id: "good" for review in reviews})
        picked(work, campaign, {review.id: "excellent" for review in reviews[:2]})
        [line] = [one for one in services.headroom(work, campaign, "member", with_names=True)
                  if one.base]  # fmt: skip
        assert (line.room, line.left, line.base) == (2, 0, 10)
        assert line.names == ["Nguyễn Thị An", "Nguyễn Thị Bình"]
        assert "20% của 10 = 2" in line.sentence
    with ward.work() as work, pytest.raises(RuleBroken, match="đã đủ 2"):
        picked(work, campaign, {reviews[2].id: "excellent"})
    with ward.work() as work:
        swap = {reviews[0].id: "good", reviews[2].id: "excellent"}
        picked(work, campaign, swap)
        assert faults(work.session, campaign.id) == []


def test_a_lower_level_that_shrinks_the_base_is_refused_too(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        decided = levelled(work, campaign, reviews_of(work, campaign, "B3"), excellent=2)
    fewer = {"level": "completed", "decision": DECIDED, "reason": "Bị kỷ luật"}
    with ward.work() as work, pytest.raises(RuleBroken):
        services.correct(work, campaign, decided[9], **fewer)
    with ward.work() as work:
        services.correct(work, campaign, decided[0], level="good", decision=DECIDED, reason="Hạ")
        services.correct(work, campaign, decided[9], **fewer)
        assert faults(work.session, campaign.id) == []


def test_more_than_the_cap_needs_a_decision_document_and_the_right(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        reviews = at_stage(work, "appraisal", reviews_of(work, campaign, "B3"))
        picked(work, campaign, {review.id: "good" for review in reviews})
        [line] = [one for one in services.headroom(work, campaign, "member") if one.base]
        with pytest.raises(DomainError):
            services.grant_places(work, campaign, line.counter_id, extra=1, document_no=" ")
        services.grant_places(work, campaign, line.counter_id, extra=1, document_no="7-QĐ/TU")
        picked(work, campaign, {review.id: "excellent" for review in reviews[:3]})
        [line] = [one for one in services.headroom(work, campaign, "member") if one.base]
        assert "7-QĐ/TU" in line.sentence
        with pytest.raises(RuleBroken):
            services.grant_places(work, campaign, line.counter_id, extra=0, document_no="8")
    building = ward.world.account("party_building", "W")
    with ward.work(building) as work, pytest.raises(Forbidden):
        services.grant_places(work, campaign, line.counter_id, extra=9, document_no="9-QĐ/TU")


def test_several_rules_hold_at_once_and_the_settings_say_which(ward) -> None:
    rule = {"base": "good_only", "rounding": "floor", "percent": 20}
    ward.world.give("evaluation.caps", [
        {**rule, "subject": "member", "scope": "grassroots_org"},
        {**rule, "subject": "member", "scope": "campaign", "percent": 10, "base": "all_rated"},
    ], "W")  # fmt: skip
    with ward.work() as work:
        campaign = opened(work)
        first = at_stage(work, "appraisal", reviews_of(work, campaign, "B3"))
        other = at_stage(work, "appraisal", reviews_of(work, campaign, "B1"))
        picked(work, campaign, {review.id: "good" for review in (*first, *other)})
        picked(work, campaign, {first[0].id: "excellent"})
        with pytest.raises(RuleBroken, match="trong toàn đợt"):
            picked(work, campaign, {other[0].id: "excellent"})


def test_a_member_who_moved_counts_where_they_are_rated_now(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        reviews = at_stage(work, "appraisal", reviews_of(work, campaign, "B3"))
        picked(work, campaign, {review.id: "good" for review in reviews})
        picked(work, campaign, {review.id: "excellent" for review in reviews[:2]})
        one = reviews[9]
    move_member(ward, one.member_id, "B1")
    with ward.work() as work:
        [(moved, _unit)] = services.moved_members(work, campaign)
        assert moved.id == one.id
    with ward.work() as work, pytest.raises(RuleBroken):  # nine good ones leave one place
        services.follow_member(work, campaign, moved)
    with ward.work() as work:
        picked(work, campaign, {reviews[0].id: "good"})
        found = services.follow_member(work, campaign, services.access_review(work, one.id))
        assert (found.counted_level, found.stage, found.residence) == (None, "comments", "needed")
        assert found.decider_id == ward.world.place("G", work).id
        assert found.former_unit_id == ward.world.place("B3", work).id
        assert faults(work.session, campaign.id) == []


@pytest.fixture(params=KINDS)
def real(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[System]:
    """A system whose acts really commit."""
    url = empty_database(request.param, tmp_path, "evaluation_caps")
    system = create_system(config_for(tmp_path, url), database=Database(make_engine(url)))
    create_all(system.database)
    with system.database.session(writing=True) as session:
        add_reference_data(session)
        session.commit()
    system.opener.clock = lambda: NOON
    yield system
    system.database.engine.dispose()


class Writers:
    """Many at once who pick, decide, correct, send back and allow more, as it comes."""

    def __init__(self, system: System, campaign: Any, ids: list[Any]) -> None:
        """Keep what they work on."""
        self.system, self.campaign, self.ids = system, campaign, ids
        self.problems: list[BaseException] = []
        self.broken: list[str] = []
        self.done = 0

    def act(self, seed: int) -> None:
        """Do a few acts; a refusal with a sentence is an answer, anything else a fault."""
        chance = random.Random(seed)
        for _turn in range(4):
            try:
                with self.system.opener.as_system(
                    operator(f"w{seed}"), writing=True, unit_code="W"
                ) as work:
                    self._one(work, chance)
                self.done += 1
            except DomainError:
                continue
            except BaseException as error:
                self.problems.append(error)
                raise

    def _one(self, work: Any, chance: random.Random) -> None:
        some = chance.sample(self.ids, chance.randint(1, 8))
        reviews = work.session.scalars(
            sa.select(Review).where(Review.id.in_(some)).execution_options(unscoped="test")
        ).all()
        level = chance.choice(("excellent", "excellent", "good", "good", "completed"))
        by_stage: dict[str, list[Any]] = {}
        for review in reviews:
            by_stage.setdefault(review.stage, []).append(review)
        stage = chance.choice(sorted(by_stage))
        ids = [review.id for review in by_stage[stage]]
        decision = replace(DECIDED, order_document="thử")
        if stage == "appraisal" and chance.random() < 0.7:
            services.pick_levels(
                work, self.campaign, {key: Pick(level, reason="thử") for key in ids}
            )
        elif stage == "appraisal":
            services.submit_for_decision(work, self.campaign, ids)
        elif stage == "decision" and chance.random() < 0.2:
            services.send_back(work, self.campaign, ids, "appraisal", "thử")
        elif stage == "decision":
            levels = {key: level for key in ids if chance.random() < 0.5}
            services.decide(work, self.campaign, ids, decision, levels)
        else:
            services.correct(
                work, self.campaign, by_stage[stage][0], level=level, decision=decision,
                reason="thử",
            )  # fmt: skip

    def watch(self, stop: threading.Event) -> None:
        """Count again and again while they write."""
        while not stop.is_set():
            with self.system.database.session(writing=False) as session:
                self.broken.extend(faults(session, self.campaign.id))


@pytest.mark.slow
def test_fifty_writers_at_once_never_break_a_cap(real: System) -> None:
    ward = build_ward(World(real, None), {"B1": 12, "B2": 12, "B3": 20})
    with real.opener.as_system(operator("test"), writing=True, unit_code="W") as work:
        campaign = opened(work)
        found = work.session.scalars(
            sa.select(Review).order_by(Review.id).execution_options(unscoped="test")
        ).all()
        reviews = at_stage(work, "appraisal", found)
        picked(work, campaign, {review.id: "good" for review in reviews})
        ids = [review.id for review in reviews]
    writers = Writers(real, campaign, ids)
    stop = threading.Event()
    watcher = threading.Thread(target=writers.watch, args=(stop,))
    running = [threading.Thread(target=writers.act, args=(n,)) for n in range(50)]
    watcher.start()
    for one in running:
        one.start()
    for one in running:
        one.join()
    stop.set()
    watcher.join()
    assert (writers.problems, writers.broken) == ([], [])
    assert writers.done > 20
    with real.database.session(writing=False) as session:
        assert faults(session, campaign.id) == []
        assert session.scalar(sa.select(sa.func.sum(Counter.excellent))) > 0
    assert ward.people


def test_the_database_itself_refuses_more_than_there_is_room_for(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        counter = work.session.scalars(
            sa.select(Counter).where(Counter.campaign_id == campaign.id)
        ).first()
    with pytest.raises(RuleBroken, match="Đã đủ số"), ward.work() as work:
        work.session.execute(
            sa.update(Counter)
            .where(Counter.id == counter.id)
            .values(excellent=5, rated=5)
            .execution_options(synchronize_session=False)
        )


def test_transferred_units_keep_their_seats(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        levelled(work, campaign, reviews_of(work, campaign, "B3"), excellent=2)
    with ward.world.work() as work:
        transfer_unit(
            work, ward.world.place("B3", work), parent=ward.world.place("G", work), on=work.today
        )
    with ward.work() as work:
        assert faults(work.session, campaign.id) == []
