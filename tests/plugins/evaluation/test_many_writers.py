"""Fifty writers at once: votes, levels, decisions, appeals, corrections, moves, a merger of units.

Whatever they do in whatever order, no group has more excellent ones than its rule allows.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.access.principal import operator
from core.errors import DomainError
from core.restructuring.operations import Link, Operation
from core.restructuring.services import (
    Draft,
    apply_plan,
    approve_plan,
    draft_plan,
    submit_plan,
)
from core.system import System
from core.testing import NOON, TODAY, World
from core.units.services import transfer_unit
from plugins.evaluation import services
from plugins.evaluation.models import Counter, Review, Step
from plugins.evaluation.services import BallotRow, Pick
from tests.environment.systems import KINDS, committing_system
from tests.plugins.evaluation.builders import (
    DECIDED,
    Ward,
    at_stage,
    build_ward,
    move_member,
    opened,
    picked,
    sitting,
)
from tests.plugins.evaluation.recount import faults

RULE = {"base": "good_or_better", "percent": 20, "rounding": "floor"}
CAPS = [
    {**RULE, "subject": "member", "scope": "grassroots_org"},
    {**RULE, "subject": "member", "scope": "superior", "percent": 22.5},
    {**RULE, "subject": "member", "scope": "campaign", "base": "all_rated", "rounding": "nearest"},
    {**RULE, "subject": "unit", "scope": "peer_group", "percent": 60},
    {**RULE, "subject": "unit", "scope": "superior", "percent": 60},
]
"""Rules at several levels at once: every member counts in three groups, every unit in two."""
OTHER_ORDER = replace(DECIDED, order_document="thử")


@pytest.fixture(params=KINDS)
def real(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[System]:
    """A system whose acts really commit."""
    with committing_system(request.param, tmp_path, "evaluation_caps") as system:
        system.opener.clock = lambda: NOON
        yield system


class Writers:
    """Many at once who do whatever can be done with an evaluation, as it comes."""

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
        by_stage: dict[str, list[Any]] = {}
        for review in reviews:
            by_stage.setdefault(review.stage, []).append(review)
        stage = chance.choice(sorted(by_stage))
        acts = {
            "vote": (self.vote,),
            "appraisal": (self.pick, self.pick, self.pick, self.submit, self.force, self.follow),
            "decision": (self.decide, self.decide, self.decide, self.send_back),
            "notice": (self.correct, self.correct, self.appeal),
            "not_rated": (self.take_back,),
        }.get(stage, (self.leave,))
        chance.choice(acts)(work, by_stage[stage], chance)

    def level(self, chance: random.Random) -> str:
        return chance.choice(("excellent", "excellent", "good", "good", "completed"))

    def vote(self, work: Any, reviews: list[Any], chance: random.Random) -> None:
        one = reviews[0]
        place = work.host.places.by_ids(work.session, [one.unit_id], work.today, work.generation)[
            one.unit_id
        ]
        services.record_ballots(
            work.at(place), self.campaign, sitting(10), [BallotRow(one.id, excellent=8, good=2)]
        )
        services.submit_votes(work.at(place), self.campaign, [one])

    def pick(self, work: Any, reviews: list[Any], chance: random.Random) -> None:
        level = self.level(chance)
        picks = {review.id: Pick(level, reason="thử") for review in reviews}
        services.pick_levels(work, self.campaign, picks)

    def submit(self, work: Any, reviews: list[Any], chance: random.Random) -> None:
        services.submit_for_decision(work, self.campaign, [review.id for review in reviews])

    def force(self, work: Any, reviews: list[Any], chance: random.Random) -> None:
        one = reviews[0]
        if one.forced_level:
            services.lift_forced(work, self.campaign, one, "thử")
        elif chance.random() < 0.5:
            services.force_level(work, self.campaign, one, code="discipline", reference="thử")
        else:
            services.change_rated(work, self.campaign, one, rated=False, reason="thử")

    def follow(self, work: Any, reviews: list[Any], chance: random.Random) -> None:
        moved = services.moved_members(work, self.campaign)
        if moved:
            services.follow_member(work, self.campaign, chance.choice(moved)[0])

    def decide(self, work: Any, reviews: list[Any], chance: random.Random) -> None:
        ids = [review.id for review in reviews]
        levels = {key: self.level(chance) for key in ids if chance.random() < 0.5}
        services.decide(work, self.campaign, ids, OTHER_ORDER, levels)

    def send_back(self, work: Any, reviews: list[Any], chance: random.Random) -> None:
        to = chance.choice(("vote", "appraisal"))
        services.send_back(work, self.campaign, [review.id for review in reviews], to, "thử")

    def correct(self, work: Any, reviews: list[Any], chance: random.Random) -> None:
        services.correct(work, self.campaign, reviews[0], level=self.level(chance),
                         decision=OTHER_ORDER, reason="thử")  # fmt: skip

    def appeal(self, work: Any, reviews: list[Any], chance: random.Random) -> None:
        row = services.appeal(work, self.campaign, reviews[0], text="thử")
        services.correct(work, self.campaign, reviews[0], level=self.level(chance),
                         decision=OTHER_ORDER, reason="thử", appeal_row=row)  # fmt: skip

    def take_back(self, work: Any, reviews: list[Any], chance: random.Random) -> None:
        services.change_rated(work, self.campaign, reviews[0], rated=True, reason="thử")

    def acts(self) -> set[str]:
        """Return what was done, of any sort."""
        with self.system.database.session(writing=False) as session:
            return set(session.scalars(sa.select(Step.action)))

    def leave(self, work: Any, reviews: list[Any], chance: random.Random) -> None:
        services.take_in(work, self.campaign)

    def watch(self, stop: threading.Event) -> None:
        """Count again and again while they write."""
        while not stop.is_set():
            with self.system.database.session(writing=False) as session:
                self.broken.extend(faults(session, self.campaign.id))

    def merge(self) -> None:
        """Let B4 go over into B3, which belongs to another organisation."""
        self._enact(Operation("merge_into", links=(Link("B4", "B3"),)))

    def transfer(self) -> None:
        """Let B2 stand directly under the ward."""
        with self.system.opener.as_system(operator("unit"), writing=True) as work:
            places = work.host.places
            unit, above = (
                places.by_code(work.session, code, work.today, work.generation)
                for code in ("B2", "W")
            )
            transfer_unit(work, unit, parent=above, on=work.today)

    def _enact(self, operation: Operation) -> None:
        with self.system.opener.as_system(operator("plan"), writing=True) as work:
            plan, _found = draft_plan(work, Draft(TODAY, [operation], decision_no="1-QĐ/TU"))
            submit_plan(work, plan)
            approve_plan(work, plan)
            apply_plan(work, plan)

    def also(self, act: Any) -> threading.Thread:
        """Do an act beside the writers, again and again until it is taken."""

        def run() -> None:
            for _turn in range(200):
                try:
                    return act()
                except DomainError:  # what is open there changed while it was being moved
                    continue
                except BaseException as error:
                    self.problems.append(error)
                    raise
            return self.problems.append(RuntimeError(f"{act.__name__} was never taken"))

        return threading.Thread(target=run)


def prepare(real: System) -> tuple[Ward, Any, list[Any]]:
    """Build the ward with its campaign: some voted on, some appraised, some decided, some moved."""
    ward = build_ward(World(real, None), {"B1": 12, "B2": 12, "B3": 20, "B4": 10})
    ward.world.give("evaluation.caps", CAPS, "W")
    with real.opener.as_system(operator("test"), writing=True, unit_code="W") as work:
        campaign = opened(work)
        found = work.session.scalars(
            sa.select(Review).order_by(Review.id).execution_options(unscoped="test")
        ).all()
        reviews = at_stage(work, "appraisal", found)
        picked(work, campaign, {review.id: "good" for review in reviews})
        third = [review.id for review in reviews[::3]]
        services.submit_for_decision(work, campaign, third)
        services.decide(work, campaign, third[::2], OTHER_ORDER)
        services.send_back(work, campaign, [review.id for review in reviews[1::6]], "vote", "thử")
        ids = [review.id for review in reviews]
    for number in (3, 5):
        move_member(ward, ward.people["B1"][number].id, "B3")
        move_member(ward, ward.people["B3"][number].id, "B2")
    return ward, campaign, ids


EVERY = {"submitted", "picked", "decided", "returned", "corrected", "appealed"}


@pytest.mark.slow
def test_fifty_writers_at_once_never_break_a_cap(real: System) -> None:
    _ward, campaign, ids = prepare(real)
    writers = Writers(real, campaign, ids)
    stop = threading.Event()
    watcher = threading.Thread(target=writers.watch, args=(stop,))
    running = [threading.Thread(target=writers.act, args=(n,)) for n in range(50)]
    running[20:20] = [writers.also(writers.merge)]
    running[40:40] = [writers.also(writers.transfer)]
    watcher.start()
    for one in running:
        one.start()
    for one in running:
        one.join()
    for seed in range(50, 250):  # who is quicker decides what there was to do
        if writers.acts() >= EVERY:
            break
        writers.act(seed)
    stop.set()
    watcher.join()
    assert (writers.problems, writers.broken) == ([], [])
    assert writers.done > 20
    with real.database.session(writing=False) as session:
        assert faults(session, campaign.id) == []
        assert session.scalar(sa.select(sa.func.sum(Counter.excellent))) > 0
    assert writers.acts() >= EVERY
