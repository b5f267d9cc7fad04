"""Dossiers moved before it was remembered where they stood: the revision makes up for it."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

import plugins.recruitment
from core.units.models import Rehomed
from core.units.rehoming import note_left
from plugins.recruitment import services
from plugins.recruitment.models import Candidate
from plugins.recruitment.services.entering import pass_on
from tests.plugins.recruitment.builders import Ward

MARCH, JUNE = date(2026, 3, 1), date(2026, 6, 1)


def revision() -> Any:
    """Return the revision as a module."""
    file = Path(plugins.recruitment.__file__).parent / "migrations/20261122_moved_by_hand.py"
    found = importlib.util.spec_from_file_location("moved_by_hand", file)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def run(work: Any, step: str) -> None:
    """Go forward or back by the revision, inside the work's transaction."""
    work.session.flush()
    with Operations.context(MigrationContext.configure(work.session.connection())):
        getattr(revision(), step)()


def remembered(work: Any) -> list[tuple[Any, ...]]:
    """Return where dossiers stood until when."""
    row = Rehomed
    found = work.session.execute(
        sa.select(row.row_id, row.until, row.unit_id, row.by_hand).order_by(row.row_id, row.until)
    )
    return [tuple(one) for one in found]


@pytest.fixture
def moved(ward: Ward) -> Ward:
    """One dossier moved in March, and in June twice on one day; another never."""
    ward.world.unit("B3", "branch", "W")
    with ward.office() as work:
        key = ward.entered(work, full_name="Hồ Văn Đi").candidate.id
        ward.entered(work, full_name="Hồ Văn Ở")
    for unit, to, day in (("B1", "B2", MARCH), ("B2", "B3", JUNE), ("B3", "B1", JUNE)):
        with ward.office(unit) as work:
            candidate = services.access_candidate(work, key)
            place = ward.world.place(to, work)
            services.move_candidate(work, ward.again(work, candidate), place, on=day)
    return ward


def test_the_revision_remembers_what_the_moves_themselves_would_have(moved: Ward) -> None:
    with moved.office() as work:
        before = remembered(work)
        places = {place: moved.world.place(place, work).id for place in ("B1", "B2")}
        assert [row[1:] for row in before] == [
            (MARCH, places["B1"], True),
            (JUNE, places["B2"], True),
        ]
        work.session.execute(sa.delete(Rehomed))
        run(work, "upgrade")
        assert remembered(work) == before
        run(work, "upgrade")
        assert remembered(work) == before


def test_what_is_remembered_already_stays_and_going_back_forgets_nothing(moved: Ward) -> None:
    with moved.office() as work:
        work.session.execute(sa.delete(Rehomed))
        key = work.session.scalars(
            sa.select(Candidate.id).where(Candidate.full_name == "Hồ Văn Đi")
        ).one()
        note_left(work, key, moved.world.place("B3", work).id, MARCH)
        run(work, "upgrade")
        after = remembered(work)
        assert [row[1] for row in after] == [MARCH, JUNE]
        assert after[0][2] == moved.world.place("B3", work).id
        run(work, "downgrade")
        assert remembered(work) == after


def test_other_steps_of_the_same_branch_are_no_move(ward: Ward) -> None:
    with ward.office() as work:
        candidate = ward.entered(work).candidate
        unit = work.unit.id
        pass_on(work, candidate, "moved", to_stage="pool", from_unit_id=unit, to_unit_id=unit)
        pass_on(work, candidate, "moved", to_stage="pool", to_unit_id=unit)
        run(work, "upgrade")
        assert remembered(work) == []
