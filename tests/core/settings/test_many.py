"""Settings of many units written in one act: the rules of one, all or none, few statements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from core.errors import Forbidden, InvalidInput, NotFound, RuleBroken
from core.ledger.models import LedgerRow
from core.settings import value
from core.settings.models import EffectiveValue, SettingRow
from core.settings.services import SettingChange, change_settings, give_setting
from core.testing import TODAY, UnitLine
from core.units.models import Unit

LATER = TODAY + timedelta(days=30)


def change(world, work, code: str, number: Any = None, **more: Any) -> SettingChange:
    values = {"key": "test.number", "on": TODAY, "value": number, **more}
    return SettingChange(unit=world.place(code, work), **values)


def write(world, *lines, actor=None, unit="ROOT"):
    """Write lines of (code, value, further arguments) in one act; return the new rows."""
    with world.work(actor, unit) as work:
        return change_settings(
            work,
            [change(world, work, code, number, **dict(*more)) for code, number, *more in lines],
        )


def held(world, *codes, day=TODAY, key="test.number"):
    with world.work(writing=False) as work:
        return [value(work, key, world.place(code, work), day) for code in codes]


def in_sql(world, day=TODAY):
    """Return what statements see: the number of each unit on a day."""
    with world.work(writing=False) as work:
        rows = work.session.execute(
            sa.select(Unit.code, EffectiveValue.number)
            .join(Unit, Unit.id == EffectiveValue.unit_id)
            .where(
                EffectiveValue.key == "test.number",
                EffectiveValue.valid_from <= day,
                EffectiveValue.valid_to > day,
            )
        )
        return {row.code: row.number for row in rows}


def test_many_units_get_their_values_in_one_act(ward) -> None:
    rows = write(ward, ("A", 15), ("B", 30), ("V", 45))
    assert [row.value for row in rows] == [15, 30, 45]
    assert held(ward, "A", "B", "C", "W") == [15, 30, 45, 90]
    assert in_sql(ward) == {"ROOT": 90, "P": 90, "W": 90, "A": 15, "B": 30, "V": 45, "C": 45}


def test_an_act_may_give_inherit_and_withdraw_together(ward) -> None:
    write(ward, ("A", 15), ("B", 30), ("C", 45, {"on": LATER}))
    write(
        ward,
        ("A", None, {"action": "inherit"}),
        ("B", 60),
        ("C", None, {"on": LATER, "action": "withdraw"}),
        ("C", 75),
    )
    assert held(ward, "A", "B", "C") == [90, 60, 75]
    assert held(ward, "C", day=LATER) == [75]
    assert in_sql(ward, LATER)["C"] == 75
    with ward.work(writing=False) as work:
        gone = work.session.scalars(
            sa.select(SettingRow.value).where(
                SettingRow.key == "test.number", SettingRow.withdrawn_at.is_not(None)
            )
        ).all()
    assert sorted(gone) == [15, 30, 45], "what stood there stays in the history"


def test_each_line_stands_in_the_ledger_under_one_act(ward) -> None:
    write(ward, ("A", 15), ("B", 30))
    write(ward, ("A", None, {"action": "withdraw"}), ("V", None, {"action": "withdraw"}))
    with ward.work(writing=False) as work:
        rows = work.session.execute(
            sa.select(LedgerRow.action, LedgerRow.label, LedgerRow.act_id)
            .where(LedgerRow.about_type == "setting")
            .order_by(LedgerRow.label, LedgerRow.action)
        ).all()
    assert [(row.action, row.label) for row in rows] == [
        ("settings.given", "test.number · Đơn vị A"),
        ("settings.withdrawn", "test.number · Đơn vị A"),
        ("settings.given", "test.number · Đơn vị B"),
    ]
    assert rows[0].act_id == rows[2].act_id != rows[1].act_id


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ([("A", 15), ("C", 30)], RuleBroken),
        ([("A", 15), ("W", 30, {"locked": True})], RuleBroken),
        ([("A", 15), ("C", None, {"action": "inherit"})], RuleBroken),
        ([("A", 15), ("B", "abc")], InvalidInput),
        ([("A", 15), ("B", 1, {"key": "test.nothing"})], NotFound),
        ([("A", 15), ("A", 30)], ValueError),
    ],
    ids=["locked above", "locked by the act", "inherit", "value", "unknown", "twice"],
)
def test_one_line_that_is_refused_refuses_the_whole_act(ward, lines, refusal) -> None:
    with ward.work() as work:
        give_setting(work, key="test.number", value=5, unit=ward.place("V", work), locked=True)
    with pytest.raises(refusal):
        write(ward, *lines)
    assert held(ward, "A", "B", "C", "W") == [90, 90, 5, 90]


def test_a_lock_that_the_act_itself_opens_is_no_obstacle(ward) -> None:
    write(ward, ("V", 5, {"locked": True}))
    write(ward, ("C", 30), ("V", 5))
    assert held(ward, "V", "C") == [5, 30]


def test_the_right_is_asked_for_at_each_unit(ward) -> None:
    admin, staff = ward.account("administrator", "W"), ward.account("commune_staff", "W")
    write(ward, ("A", 15), actor=admin, unit="W")
    with pytest.raises(NotFound):
        write(ward, ("A", 30), ("C", 30), actor=admin, unit="W")
    with pytest.raises(Forbidden):
        write(ward, ("A", 30), actor=staff, unit="W")
    with pytest.raises(Forbidden):
        write(ward, ("A", True, {"key": "meetings.enabled"}), actor=staff, unit="W")
    assert held(ward, "A", "C") == [15, 90]


def test_a_hundred_units_take_as_many_statements_as_three(ward, statements) -> None:
    codes = [f"N{number}" for number in range(100)]
    ward.units(*(UnitLine(code, parent="W") for code in codes))
    counts = []
    for some, number in ((codes, 15), (codes[:3], 30), (codes, 45)):
        with ward.work() as work:
            found = work.host.places.by_codes(work.session, some, work.today, work.generation)
            lines = [
                SettingChange("test.number", place, TODAY, value=number)
                for place in (ward.place("W", work), *found.values())
            ]
            before = statements.count
            change_settings(work, lines)
            counts.append(statements.count - before)
    assert counts[1] == counts[2] <= 12
    assert set(held(ward, *codes)) == {45}
