"""A province with two wards and their branches, and settings made up for these tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import marshmallow as ma
import pytest

from core.settings import Default, SettingSpec
from core.system import System
from core.testing import World
from tests.environment.settling import Settle


class Paper(ma.Schema):
    """One item of a list."""

    title = ma.fields.String(required=True)
    months = ma.fields.Integer(validate=ma.validate.Range(1, 60))


SPECS = (
    SettingSpec(
        key="test.number",
        title="Số phút tối thiểu",
        field=ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(0, 600)),
        defaults=(
            Default(60, source="12-HD/BTCTW, 06/07/2018"),
            Default(90, source="42-HD/BTCTW, 28/10/2025", valid_from=date(2025, 10, 28)),
        ),
        in_sql=True,
        group="test",
    ),
    SettingSpec(
        key="test.rule",
        title="Cách biểu quyết",
        field=ma.fields.String(
            required=True,
            validate=ma.validate.OneOf(["majority", "two_thirds"], labels=["Quá nửa", "2/3"]),
        ),
        defaults=(Default("majority"),),
        group="test",
    ),
    SettingSpec(
        key="test.steps",
        title="Các bước",
        field=ma.fields.List(ma.fields.Dict(), required=True),
        defaults=(Default([{"name": "Một"}]),),
        group="test",
    ),
    SettingSpec(
        key="test.papers",
        title="Các giấy tờ",
        field=ma.fields.List(ma.fields.Nested(Paper), required=True),
        defaults=(Default([{"title": "Đơn", "months": 12}]),),
        group="test",
    ),
)


def build_ward(world: World) -> None:
    """Write the units one by one, so that the settings of each are reckoned."""
    for code, kind, parent in (
        ("P", "province", "ROOT"),
        ("W", "commune", "P"),
        ("V", "commune", "P"),
        ("A", "branch", "W"),
        ("B", "branch", "W"),
        ("C", "branch", "V"),
    ):
        world.unit(code, kind, parent, name=f"Đơn vị {code}")


@pytest.fixture(scope="module")
def specs(backend: System) -> Iterator[None]:
    """The settings of these tests."""
    backend.host.settings.add(SPECS)
    yield
    backend.host.settings.remove("test")


@pytest.fixture(scope="module")
def settle(specs: None) -> Settle:
    """Each module's tests begin with it."""
    return build_ward


@pytest.fixture
def ward(world: World) -> World:
    """P over W (branches A, B) and V (branch C)."""
    return world
