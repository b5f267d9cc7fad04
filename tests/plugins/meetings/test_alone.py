"""Meetings where no other plugin is there: a meeting held, its pages."""

from __future__ import annotations

import pytest

from tests.environment.settling import Fresh
from tests.plugins.alone import alone, named_by


@pytest.fixture
def anew(anew: Fresh) -> Fresh:
    """Return a world without the other plugins."""
    return alone(anew, "meetings")


def test_a_meeting_is_held_without_the_other_plugins(branch) -> None:
    with branch.work() as work:
        meeting = branch.locked(work)
    assert (meeting.state, meeting.attended) == ("closed", 10)
    browser = branch.world.browser(branch.secretary)
    for path in ("", f"{meeting.id}"):
        assert browser.get(f"/u/B1/meetings/{path}", follow_redirects=True).status_code == 200
    assert browser.get("/u/B1/evaluation/").status_code == 404
    assert browser.get("/").status_code == 200


def test_its_code_imports_no_other_plugin() -> None:
    assert named_by("meetings") == set()
