"""The resolver against a naive one on random trees, and the stored values against the resolver."""

from __future__ import annotations

import random
import uuid
from contextlib import suppress
from datetime import date, timedelta
from typing import Any, NamedTuple

import marshmallow as ma
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import RuleBroken
from core.periods import EVER
from core.settings import Default, SettingSpec
from core.settings.effective import effective_on
from core.settings.explaining import explain_on, path_on
from core.settings.models import EffectiveValue
from core.settings.resolving import Given, resolve_along
from core.settings.services import give_setting, inherit_setting
from core.testing import NOON, TODAY, World
from core.units.models import Unit
from core.units.services import Decision, terminate_unit, transfer_unit

FIRST = date(2025, 1, 1)
SPEC = SettingSpec(
    key="random.enabled",
    title="Random",
    field=ma.fields.Boolean(required=True),
    defaults=(Default(False), Default(True, valid_from=FIRST + timedelta(days=20))),
)


class Node(NamedTuple):
    """A unit of a random tree: its parent and what was given there."""

    parent: int | None
    given: tuple[Given, ...]


def random_tree(chance: random.Random) -> list[Node]:
    nodes = []
    for number in range(chance.randint(1, 12)):
        days = sorted(chance.sample(range(40), chance.choice((0, 0, 1, 1, 2, 3))))
        entries = tuple(
            Given(
                FIRST + timedelta(days=day),
                chance.random() < 0.5,
                chance.random() < 0.25,
                chance.random() < 0.3,
                "",
                "",
                NOON,
            )
            for day in days
        )
        nodes.append(Node(chance.randrange(number) if number else None, entries))
    return nodes


def naive(nodes: list[Node], number: int, day: date) -> tuple[Any, bool]:
    """Come down from the root: a lock above stays, else the unit's own value, else the above."""
    node = nodes[number]
    if node.parent is None:
        inherited: tuple[Any, bool] = (day >= FIRST + timedelta(days=20), False)
    else:
        inherited = naive(nodes, node.parent, day)
    if inherited[1]:
        return inherited
    latest = None
    for entry in node.given:
        if entry.valid_from <= day:
            latest = entry
    if latest is None or latest.inherits:
        return inherited
    return latest.value, latest.locked


def check_tree(nodes: list[Node], day: date) -> None:
    keys = [uuid.UUID(int=number + 1) for number in range(len(nodes))]
    entries = {keys[n]: list(node.given) for n, node in enumerate(nodes)}
    for number in range(len(nodes)):
        path, at = [], number
        while True:
            path.append(keys[at])
            parent = nodes[at].parent
            if parent is None:
                break
            at = parent
        found = resolve_along(SPEC, entries, path, day)
        assert (found.value, found.is_locked) == naive(nodes, number, day)


@pytest.mark.slow
def test_on_ten_thousand_random_trees_the_resolver_equals_a_naive_one():
    chance = random.Random(20260701)
    for _tree in range(10_000):
        check_tree(random_tree(chance), FIRST + timedelta(days=chance.randrange(-3, 45)))


@given(st.integers(min_value=0, max_value=2**32), st.integers(min_value=-3, max_value=45))
@settings(max_examples=200, deadline=None)
def test_any_tree_and_any_day_agree(seed, after):
    check_tree(random_tree(random.Random(seed)), FIRST + timedelta(days=after))


# --- the effective table -------------------------------------------------------------------------


def shake(world: World, chance: random.Random) -> None:
    """Give values, locks and ends of values at random, and let branches move and end."""
    with world.work() as work:
        units = [world.place(code, work) for code in ("ROOT", "P", "W", "V", "A", "B", "C")]
        for _step in range(8):
            unit, day = chance.choice(units), TODAY + timedelta(days=chance.randrange(-400, 100))
            # Locked from above: that is the rule.
            with suppress(RuleBroken):
                if chance.random() < 0.25:
                    inherit_setting(work, key="test.number", unit=unit, on=day)
                else:
                    give_setting(
                        work,
                        key="test.number",
                        value=chance.randrange(5) * 30,
                        unit=unit,
                        on=chance.choice((day, day, EVER)),
                        locked=chance.random() < 0.25,
                    )
    with world.work() as work:
        on = TODAY - timedelta(days=chance.randrange(300))
        transfer_unit(
            work, world.place("A", work), parent=world.place(chance.choice("VW"), work), on=on
        )
    with world.work() as work:
        reason = Decision(reason="test")
        terminate_unit(work, world.place("B", work), on=TODAY, decision=reason)


@pytest.mark.parametrize("seed", range(3))
def test_the_stored_values_equal_the_resolver_for_every_unit_and_day(ward, seed):
    shake(ward, random.Random(seed))
    with ward.work(writing=False) as work:
        rows = work.session.scalars(
            sa.select(EffectiveValue).where(EffectiveValue.key == "test.number")
        ).all()
        days = sorted(
            {day for row in rows for day in (row.valid_from, row.valid_to - timedelta(days=1))}
        )
        for code in work.session.scalars(sa.select(Unit.code)).all():
            unit = ward.place(code, work)
            for day in days:
                stored = [
                    row.number
                    for row in rows
                    if row.unit_id == unit.id and row.valid_from <= day < row.valid_to
                ]
                try:
                    path_on(work, unit, day)
                except RuleBroken:
                    # The unit was not there.
                    assert stored == []
                    continue
                assert stored == [explain_on(work, "test.number", unit, day).found.value]


def test_a_setting_declared_after_the_tree_gets_values_everywhere_when_first_given(ward):
    registry = ward.system.host.settings
    late = SettingSpec("test.late", "Late", ma.fields.Boolean(), (Default(True),), in_sql=True)
    registry.add([late])
    ward.give("test.late", False, "W")
    with ward.work(writing=False) as work:
        on = work.session.scalars(
            sa.select(Unit.code).where(effective_on("test.late", Unit.id, TODAY))
        ).all()
    assert sorted(on) == ["C", "P", "ROOT", "V"]


def test_neighbouring_spans_with_one_value_are_one_row(ward):
    ward.give("test.number", 30, "W", on=date(2026, 1, 1))
    ward.give("test.number", 30, "A", on=date(2026, 2, 1))
    with ward.work(writing=False) as work:
        rows = work.session.execute(
            sa.select(EffectiveValue.valid_from, EffectiveValue.number)
            .where(
                EffectiveValue.key == "test.number",
                EffectiveValue.unit_id == ward.place("A", work).id,
            )
            .order_by(EffectiveValue.valid_from)
        ).all()
    assert [tuple(row) for row in rows] == [
        (EVER, 60.0),
        (date(2025, 10, 28), 90.0),
        (date(2026, 1, 1), 30.0),
    ]
