"""Random plans on a stored town, back-dated and reverted: nobody is lost, nothing overlaps."""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

import sqlalchemy as sa

from core.errors import RuleBroken
from core.members.models import Affiliation
from core.members.services import head_counts
from core.restructuring.operations import Link, NewUnit, Operation
from core.restructuring.services import (
    Draft,
    access_plan,
    apply_plan,
    approve_plan,
    draft_plan,
    revert_plan,
    submit_plan,
)
from core.testing import TODAY, World
from core.units.models import UnitVersion
from core.units.places import visible
from core.units.tree import whole_tree

PLANS = 30
START = date(2025, 1, 1)


def operation(chance: random.Random, number: int, tree: dict[str, str]) -> Operation:
    """Return something to try among branches and communes of a day."""
    branches = sorted(code for code in tree if "B" in code)
    communes = sorted(set(tree) - set(branches) - {"ROOT", "P", "D", ""})
    one, two = chance.sample(branches, 2)
    new = NewUnit(f"{number}B", f"Chi bộ {number}")
    kind = chance.choice(("merge_into", "consolidate", "divide", "transfer", "commune", "rename"))
    if kind == "merge_into":
        return Operation(kind, links=(Link(one, two),))
    if kind == "consolidate":
        return Operation(kind, links=(Link(one, new.code), Link(two, new.code)), new=(new,))
    if kind == "divide":
        other = NewUnit(f"{number}Bb", f"Chi bộ {number} hai")
        links = (Link(one, new.code, None, is_main=True), Link(one, other.code, None, False))
        return Operation(kind, links=links, new=(new, other))
    if kind == "transfer":
        return Operation(kind, one, changes={"parent": chance.choice(communes)})
    if kind == "commune":
        old, unit = chance.choice(communes), NewUnit(f"N{number}", f"Xã {number}", parent="D")
        return Operation("consolidate", links=(Link(old, unit.code),), new=(unit,))
    return Operation(kind, one, changes={"name": f"Tên {number}"})


def living(world: World, day: date) -> dict[str, str]:
    """Return the units of a day: code → code of what stands above."""
    with world.work(writing=False) as work:
        lines = [line for line, _depth in whole_tree(work, world.place("ROOT", work), day)]
    codes = {line.id: line.code for line in lines}
    return {line.code: codes.get(line.parent_id, "") for line in lines}


def enact(world: World, on: date, one: Operation) -> uuid.UUID | None:
    """Apply one operation; None where the plan is refused."""
    with world.work() as work:
        plan, found = draft_plan(work, Draft(on, [one], decision_no="1", unassigned="main"))
        if found.problems:
            return None
        submit_plan(work, plan)
        approve_plan(work, plan)
        apply_plan(work, plan)
        return plan.id


def check(world: World, days: list[date], heads: int) -> None:
    """Count everybody on every day a plan was for, and look for spans that overlap."""
    with world.work(writing=False) as work:
        root = world.place("ROOT", work)
        for day in {START, *days, TODAY}:
            assert head_counts(work, root, day)[root.id].total == heads, day
        spans = defaultdict(list)
        for model, key, more in (
            (Affiliation, Affiliation.member_id, sa.true()),
            (UnitVersion, UnitVersion.unit_id, visible(UnitVersion, work.generation)),
        ):
            for one, start, end in work.session.execute(
                sa.select(key, model.valid_from, model.valid_to).where(more)
            ):
                spans[(model.__name__, one)].append((start, end))
        for listed in spans.values():
            assert all(start < end for start, end in listed)
            assert all(a[1] <= b[0] for a, b in pairwise(sorted(listed)))


def test_random_plans_lose_nobody_and_leave_no_overlap(town: World) -> None:
    chance = random.Random(7)
    done: list[tuple[uuid.UUID, date]] = []
    applied = reverted = 0
    for number in range(PLANS):
        if done and chance.random() < 0.2:
            key, _day = done.pop()
            with town.work() as work:
                revert_plan(work, access_plan(work, key), reason="thử")
            reverted += 1
        on = START + timedelta(days=chance.randrange(1, 600))
        try:
            key = enact(town, on, operation(chance, number, living(town, on)))
        except RuleBroken:
            continue
        if key is not None:
            done.append((key, on))
            applied += 1
        if number % 5 == 4:
            check(town, [day for _key, day in done], 12)
    check(town, [day for _key, day in done], 12)
    assert applied >= PLANS // 3
    assert reverted > 1
