"""Plans for a later day wait for the job."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import RuleBroken
from core.restructuring.services import (
    access_plan,
    apply_due,
    apply_plan,
    approve_plan,
    due_plans,
    submit_plan,
)
from core.testing import TODAY, World
from tests.core.restructuring.test_applying import CONSOLIDATE, Tree, draft


def test_a_later_day_waits_and_is_applied_by_the_job(town: World, tree: Tree) -> None:
    later = TODAY + timedelta(days=5)
    plan = draft(town, CONSOLIDATE, on=later)
    with town.work() as work:
        plan = access_plan(work, plan.id)
        submit_plan(work, plan)
        approve_plan(work, plan)
        with pytest.raises(RuleBroken):
            apply_plan(work, plan)
        assert due_plans(work) == []
    town.now += timedelta(days=5)
    town.system.opener.clock = lambda: town.now
    apply_due(town.system, {})
    assert tree(later)["W1B1"] == "N1"
