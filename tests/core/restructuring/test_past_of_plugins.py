"""What plugins list of June, by the units of then and by those of today that took over."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.restructuring.operations import Link, Operation
from core.testing import World
from plugins.evaluation.models import Result
from plugins.meetings.models import Meeting
from plugins.recruitment.models import Admission
from tests.core.restructuring.test_applying import CONSOLIDATE, draft, enact
from tests.core.restructuring.test_pages import words

JUNE = "as_of=2026-06-30"
TODAYS = "restated=1"


@pytest.fixture
def past(town: World) -> World:
    """W1 and W2 became N1, W1B1 went into W1B2; in June each of them had done something."""
    admitted = town.member("W1B1", "Vũ Mới Vào")
    with town.work() as work:
        ids = {code: town.place(code, work).id for code in ("W1", "W1B1", "W1B2", "W2B1")}
        stamps = {"created_at": work.now, "changed_at": work.now}
        for code in ("W1B1", "W1B2", "W2B1"):
            work.session.add(
                Meeting(unit_id=ids[code], for_month=date(2026, 6, 1), held_on=date(2026, 6, 20),
                        state="closed", attended=2, required=2, **stamps)
            )  # fmt: skip
        for code in ("W1", "W1B1"):
            work.session.add(
                Result(unit_id=ids[code], subject_id=ids[code], post_id=ids[code],
                       subject_kind="unit", period_key="2025", period_kind="year",
                       period_start=date(2025, 1, 1), period_last=date(2025, 12, 31),
                       level="excellent", made_at=work.now)
            )  # fmt: skip
        work.session.add(
            Admission(unit_id=ids["W1B1"], member_id=admitted.id, admitted_on=date(2026, 6, 5))
        )
    merged = Operation("merge_into", links=(Link("W1B1", "W1B2"),))
    enact(town, draft(town, CONSOLIDATE, merged, on=date(2026, 7, 1)))
    return town


@pytest.fixture
def staff(past: World) -> Any:
    """A browser of the province's organisation commission."""
    return past.browser(past.account("province_organisation", "P"))


def test_a_branch_shows_its_meetings_of_then_and_those_of_the_branch_it_took_over(
    past: World, staff: Any
) -> None:
    address = "/u/W1B2/meetings/"
    assert "Đơn vị W1B1" not in words(staff.get(f"{address}?{JUNE}"))
    shown = staff.get(f"{address}?{JUNE}&{TODAYS}")
    assert "Đơn vị W1B1" in words(shown)
    assert "/u/W1B1/meetings/" in shown.text
    assert "20/06/2026" not in words(staff.get(f"{address}?as_of=31/05/2026"))


def test_the_month_of_june_is_that_of_the_old_communes_and_is_found_from_the_new_one(
    past: World, staff: Any
) -> None:
    june = "/api/v1/meetings/month?unit={}&month=2026-06{}"

    def met(unit: str, query: str = "") -> list[str]:
        found = staff.get(june.format(unit, query)).json["items"]
        return sorted(one["code"] for one in found if one["held_on"])

    assert met("W1") == ["W1B1", "W1B2"]
    assert met("N1") == []
    assert met("N1", f"&{TODAYS}") == ["W1B1", "W1B2", "W2B1"]
    assert met("P", "&as_of=2026-07-01") == ["W1B2", "W2B1"]
    page = words(staff.get(f"/u/N1/meetings/month?month=2026-06&{TODAYS}"))
    assert "Đơn vị W1B1" in page
    assert "Nhắc" not in page, "nobody is reminded from the past"
    excel = staff.get(f"/u/N1/meetings/month.xlsx?month=2026-06&{TODAYS}")
    assert excel.status_code == 200
    points = "/api/v1/meetings/twelve-months?unit=N1&month=2026-06"
    assert staff.get(points).json["items"][-1]["held"] == 0
    assert staff.get(f"{points}&{TODAYS}").json["items"][-1]["held"] == 3
    assert staff.get(f"/u/N1/meetings/year?{TODAYS}").status_code == 200


def test_results_stand_with_the_units_of_their_period_of_a_day_or_of_today(
    past: World, staff: Any
) -> None:
    levels = "/api/v1/evaluation/levels?period=2025&subject=unit&by=child&unit={}{}"

    def rated(unit: str, query: str = "") -> dict[str, int]:
        found = staff.get(levels.format(unit, query)).json["items"]
        return {one["name"]: one["excellent"] for one in found}

    assert rated("W1") == {"Đơn vị W1": 1, "Đơn vị W1B1": 1}
    assert rated("N1") == {}
    assert rated("N1", f"&{TODAYS}") == {"Đơn vị W1": 1, "Đơn vị W1B2": 1}
    assert rated("P", "&as_of=2026-07-01") == {}
    page = words(staff.get(f"/u/N1/evaluation/results?period=2025&subject=unit&{TODAYS}"))
    assert "Đơn vị W1B2" in page
    for ending in ("xlsx", "docx"):
        address = f"/u/N1/evaluation/results.{ending}?period=2025&{TODAYS}"
        assert staff.get(address).status_code == 200
    running = f"/u/N1/evaluation/results/running?period=2025&subject=unit&years=2&{TODAYS}"
    assert staff.get(running).status_code == 200


def test_targets_count_what_was_admitted_in_units_that_ended(past: World, staff: Any) -> None:
    year = "from=2026-01-01&to=2026-12-31"

    def admitted(unit: str, query: str = "") -> str:
        page = words(staff.get(f"/u/{unit}/recruitment/targets?{year}{query}"))
        return page.split("Đã kết nạp")[1].split()[0]

    assert admitted("N1") == "1"
    assert admitted("W1", f"&{JUNE}") == "1"
    assert admitted("N1", f"&{JUNE}") == "0"
