"""Recruitment where no other plugin is there: its main path, its pages, its figures."""

from __future__ import annotations

import pytest

from plugins.recruitment import services
from tests.environment.settling import Fresh
from tests.plugins.alone import alone, named_by


@pytest.fixture
def anew(anew: Fresh) -> Fresh:
    """Return a world without the other plugins."""
    return alone(anew, "recruitment")


def test_a_candidate_enters_and_is_counted_without_the_other_plugins(ward) -> None:
    with ward.work() as work:
        dossier = ward.entered(work)
        assert [lack.step for lack in services.missing_of(work, dossier)] == ["pool"]
    row = {"full_name": "Hồ Thị Mai", "birth_date": "2001-02-03", "unit_code": "B1",
           "admitted_on": "2026-03-03"}  # fmt: skip
    _record, report = ward.take_in("admissions", [row])
    assert report.created == 1
    assert ward.figure("recruitment.admitted").numerator == 1
    browser = ward.world.browser(ward.secretary)
    for path in ("", f"{dossier.candidate.id}"):
        assert browser.get(f"/u/B1/recruitment/{path}").status_code == 200, path
    assert browser.get("/u/B1/meetings/").status_code == 404
    assert browser.get("/").status_code == 200


def test_its_code_imports_no_other_plugin() -> None:
    assert named_by("recruitment") == set()
