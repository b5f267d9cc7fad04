"""Pilot models where no other plugin is there: its main path, its pages, its figures."""

from __future__ import annotations

import pytest

from plugins.pilots import services
from tests.environment.settling import Fresh
from tests.plugins.alone import alone, named_by


@pytest.fixture
def anew(anew: Fresh) -> Fresh:
    """Return a world without the other plugins."""
    return alone(anew, "pilots")


def test_a_branch_registers_and_is_scored_without_the_other_plugins(town) -> None:
    made = town.scored()
    with town.work() as work:
        [line], _more = services.list_registrations(work)
        assert line.model_title == "Chi bộ bốn tốt"
    browser = town.world.browser(town.staff)
    assert browser.get("/u/W/pilots/").status_code == 200
    assert browser.get(f"/u/B1/pilots/registrations/{made.id}").status_code == 200
    assert browser.get("/u/W/meetings/").status_code == 404
    assert browser.get("/").status_code == 200


def test_its_code_imports_no_other_plugin() -> None:
    assert named_by("pilots") == set()
