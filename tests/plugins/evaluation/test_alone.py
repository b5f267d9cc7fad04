"""Evaluation where no other plugin is there: its main path, its pages, its figures."""

from __future__ import annotations

import pytest

from plugins.evaluation import services
from tests.environment.settling import Fresh
from tests.plugins.alone import alone, named_by
from tests.plugins.evaluation.builders import at_stage, levelled, opened, reviews_of


@pytest.fixture
def anew(anew: Fresh) -> Fresh:
    """Return a world without the other plugins."""
    return alone(anew, "evaluation")


def test_levels_are_decided_and_counted_without_the_other_plugins(ward) -> None:
    with ward.work() as work:
        campaign = opened(work)
        decided = levelled(work, campaign, reviews_of(work, campaign, "B3"), excellent=2)
        assert services.criteria_beside(work, campaign, decided[0])
    assert ward.figure("excellent_rate", "2026") == (2, 10)
    browser = ward.world.browser(ward.office)
    for path in ("", f"{campaign.id}", f"reviews/{decided[0].id}", "results?period=2026"):
        assert browser.get(f"/u/W/evaluation/{path}").status_code == 200, path
    assert browser.get("/u/W/meetings/").status_code == 404
    with ward.work() as work:
        at_stage(work, "decision", reviews_of(work, campaign, "B3", "unit"))
    assert "hồ sơ" in browser.get("/").get_data(as_text=True)


def test_its_code_imports_no_other_plugin() -> None:
    assert named_by("evaluation") == set()
