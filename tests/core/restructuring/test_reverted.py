"""What is left of a plan that was reverted: the tree of those days says that it had been there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.testing import TODAY, World
from core.units.comparing import taken_back
from tests.core.restructuring.test_applying import CONSOLIDATE, draft, enact, revert


@pytest.fixture
def reverted(town: World) -> World:
    """A plan that made N1 was applied, and reverted ten days later."""
    plan = draft(town, CONSOLIDATE)
    enact(town, plan)
    town.now += timedelta(days=10)
    town.system.opener.clock = lambda: town.now
    revert(town, plan)
    return town


def test_the_tree_as_it_was_known_names_a_plan_that_was_reverted_since(reverted: World) -> None:
    with reverted.work(writing=False) as work:
        (said,) = taken_back(work, TODAY)
        assert taken_back(work, TODAY - timedelta(days=1)) == []
        assert taken_back(work, None) == taken_back(work, work.today) == []
    assert "1-QĐ/TU" in said
    browser = reverted.browser(reverted.account("province_organisation", "ROOT"))
    page = browser.get(f"/u/P/units/tree?known_on={TODAY.isoformat()}").get_data(as_text=True)
    assert said in page
