"""A ward with its branch, a paper of the branch, and a database that is really written to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.documents.paper import Paper
from core.documents.render import sample_paper
from core.documents.services import issue_document
from core.system import System
from core.testing import UnitLine, World
from tests.environment.settling import Settle
from tests.environment.systems import KINDS, shared_system


def build_ward(world: World) -> World:
    """A province, a ward, two branches, with their real names."""
    world.units(
        UnitLine("P", "province", name="Đảng bộ tỉnh Hà Tĩnh"),
        UnitLine("W1", "commune", "P", name="Đảng bộ phường Bắc Hồng Lĩnh"),
        UnitLine("B1", "branch", "W1", name="Chi bộ tổ dân phố Phúc Sơn"),
        UnitLine("B2", "branch", "W1", name="Chi bộ tổ dân phố 2"),
    )
    return world


@pytest.fixture(scope="module")
def settle() -> Settle:
    """Each module's tests begin with it."""
    return build_ward


@pytest.fixture
def ward(world: World) -> World:
    """A province, a ward, two branches, with their real names."""
    return world


@pytest.fixture
def paper() -> Paper:
    """A resolution without a number."""
    return replace(sample_paper("resolution"), number=None, day=date(2026, 11, 3))


@pytest.fixture
def issue(ward: World, paper: Paper):
    """Issue the paper at the branch, changed where a test says so."""

    def act(unit: str = "B1", **options: Any):
        changed = {k: options.pop(k) for k in ("kind", "subtitle", "body_code") if k in options}
        with ward.work(unit=unit) as work:
            return issue_document(work, replace(paper, **changed), **options)

    return act


@pytest.fixture(scope="session", params=KINDS)
def real(request: Any, database_folder: Path) -> Iterator[System]:
    """A system on a database of its own, for acts that happen at the same time."""
    system = shared_system(request.param, database_folder, "papers")
    yield system
    system.database.engine.dispose()
