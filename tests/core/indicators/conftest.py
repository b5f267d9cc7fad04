"""A ward with two branches, and figures made up for these tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from core.indicators import Asked, Indicator
from core.indicators.registry import IndicatorRegistry
from core.members.models import Affiliation, Member
from core.testing import UnitLine, World
from core.units.models import UnitVersion
from core.units.places import valid_on, visible
from core.work import Work
from tests.environment.settling import Settle


def people(work: Work, asked: Asked) -> sa.Select[Any]:
    """Members by their home of the asked day."""
    return (
        sa.select(
            Affiliation.unit_id.label("unit_id"),
            sa.func.count(sa.distinct(Member.id)).label("numerator"),
        )
        .select_from(Member)
        .join(Affiliation, Affiliation.member_id == Member.id)
        .where(valid_on(Affiliation, asked.day), Affiliation.kind == "home")
        .group_by(Affiliation.unit_id)
    )


def official(work: Work, asked: Asked) -> sa.Select[Any]:
    """Official members of all members; a subject turns it round."""
    status = "probationary" if asked.subject == "new" else "official"
    return (
        sa.select(
            Member.unit_id.label("unit_id"),
            sa.case((Member.status == status, 1), else_=0).label("numerator"),
            sa.literal(1).label("denominator"),
        )
        .select_from(Member)
        .where(Member.admitted_on < asked.period.end)
    )


def units(work: Work, asked: Asked) -> sa.Select[Any]:
    """Every unit of the day, once; `on` is the day."""
    return sa.select(
        UnitVersion.unit_id.label("unit_id"),
        sa.literal(1).label("numerator"),
        sa.literal(asked.day, sa.Date()).label("on"),
    ).where(valid_on(UnitVersion, asked.day), visible(UnitVersion, work.generation))


def build_ward(world: World) -> World:
    """Write the ward and three people."""
    world.units(
        UnitLine("P", "province"),
        UnitLine("W", "commune", "P"),
        UnitLine("V", "commune", "P"),
        UnitLine("A", "branch", "W", name="Chi bộ A"),
        UnitLine("O", "party_org", "W", name="Đảng bộ O", is_grassroots=True),
        UnitLine("B", "branch", "O", name="Chi bộ B"),
    )
    world.member("A", "Nguyễn Văn An")
    world.member("A", "Trần Thị Bình", status="probationary")
    world.member("B", "Lê Văn Cường")
    return world


@pytest.fixture(scope="module")
def settle() -> Settle:
    """Each module's tests begin with it."""
    return build_ward


@pytest.fixture
def ward(world: World) -> Iterator[World]:
    """A province with a ward of two branches, one of them a party organisation's."""
    kept = world.system.host.registries["indicators"]
    registry = IndicatorRegistry()
    registry.add(
        [
            Indicator("test.people", "People", "count", people, stock=True),
            Indicator("test.official", "Official", "rate", official, subjects=("old", "new")),
        ],
        None,
    )
    registry.add([Indicator("meetings.units", "Units", "count", units)], "meetings")
    world.system.host.registries["indicators"] = registry
    yield world
    world.system.host.registries["indicators"] = kept
