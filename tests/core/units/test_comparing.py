"""The tree between days: a slider of links, two days side by side, what was believed when."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from core.cli import Context
from core.commands.units import units as command
from core.members.services import end_unit
from core.testing import TODAY, World
from core.units import acts
from core.units.comparing import change_days, compare, known_on, stops
from core.units.services import Decision, rename_unit
from core.units.tree import whole_tree

JULY = date(2026, 7, 1)
JUNE = date(2026, 6, 30)


@pytest.fixture
def changed(ward: World) -> World:
    """A ended and went into B on the first of July; B got another name in August."""
    ward.member("A")
    with ward.work() as work:
        end_unit(
            work, ward.place("A", work), on=JULY, successor=ward.place("B", work),
            moves_members=True,
        )  # fmt: skip
        rename_unit(
            work, ward.place("B", work), name="Chi bộ Mới", on=date(2026, 8, 1), decision=Decision()
        )
    return ward


def words(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.get_data(as_text=True)))


def test_the_days_of_change_are_those_of_the_subtree(changed: World) -> None:
    with changed.work(writing=False) as work:
        days = change_days(work, changed.place("W1", work), TODAY)
        other = change_days(work, changed.place("B", work), TODAY)
    assert days == [JULY, date(2026, 8, 1)]
    assert other == [date(2026, 8, 1)]
    assert stops(days, JULY, TODAY) == [JUNE, JULY, date(2026, 7, 31), date(2026, 8, 1), TODAY]


def test_two_days_side_by_side_show_what_changed(changed: World) -> None:
    with changed.work(writing=False) as work:
        found = compare(work, changed.place("W1", work), JUNE, TODAY)
        same = compare(work, changed.place("W1", work), JULY, JULY + timedelta(days=1))
    assert [one.line.code for one in found.ended] == ["A"]
    assert [(one.before.name, one.after.name) for one in found.changed] == [
        ("Chi bộ B", "Chi bộ Mới")
    ]
    assert (found.begun, found.moved, same.is_empty) == ([], [], True)


@pytest.fixture
def corrected(ward: World) -> World:
    """Ten days after B was written, somebody put its name right: for all the time it was there."""
    ward.now += timedelta(days=10)
    ward.system.opener.clock = lambda: ward.now
    with ward.work() as work:
        place = ward.place("B", work)
        acts.correct(work, place, 0, name="Tên đúng", reason="ghi nhầm tên")
    return ward


def test_a_correction_of_the_past_is_a_new_fact(corrected: World) -> None:
    with corrected.work(writing=False) as work:
        place = corrected.place("W1", work)
        generation = known_on(work, TODAY)
        now = {line.code: line.name for line, _depth in whole_tree(work, place, JUNE)}
        then = whole_tree(work, place, JUNE, generation=generation)
        assert known_on(work, None) is None
        assert known_on(work, work.today) is None
    assert now["B"] == "Tên đúng"
    assert {line.code: line.name for line, _depth in then}["B"] == "Chi bộ B"


def test_every_door_shows_the_tree_as_it_was_known(
    corrected: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = corrected.browser(corrected.account("commune_staff", "W1"))
    address = "/u/W1/units/tree?as_of=30/06/2026"
    assert "Tên đúng" in words(browser.get(address))
    page = browser.get(f"{address}&known_on={TODAY:%d/%m/%Y}")
    then = words(page)
    assert "Chi bộ B" in then
    assert "Tên đúng" not in then
    assert f"hệ thống ghi nhận đến ngày {TODAY:%d/%m/%Y}" in then
    assert f"known_on={TODAY.isoformat()}" in page.get_data(as_text=True), "the slider keeps it"
    tree = "/api/v1/units/W1/tree?as_of=2026-06-30&known_on="
    told = browser.get(f"{tree}{TODAY.isoformat()}").get_json()
    assert [(one["name"], one["members"]) for one in told["children"]] == [
        ("Chi bộ A", None), ("Chi bộ B", None),
    ]  # fmt: skip
    assert browser.get(f"{tree}gestern").status_code == 422
    assert browser.get("/api/v1/units/W2/tree?known_on=2020-01-01").status_code == 404
    monkeypatch.setattr(Context, "system", corrected.system)
    asked = ["tree", "--unit", "W1", "--as-of", "30/06/2026", "--known-on", f"{TODAY:%d/%m/%Y}"]
    assert json.loads(CliRunner().invoke(command, [*asked, "--json"]).stdout) == told
    assert "Chi bộ B (B)\n" in CliRunner().invoke(command, asked).stdout


def test_the_slider_and_both_pages_work_as_links(changed: World) -> None:
    browser = changed.browser(changed.account("commune_staff", "W1"))
    page = browser.get("/u/W1/units/tree?as_of=30/06/2026")
    assert 'rel="next"' in page.get_data(as_text=True)
    assert "Chi bộ A" in words(page)
    past = words(browser.get("/u/W1/units/tree?known_on=01/01/2020"))
    assert "theo hệ thống ghi nhận đến ngày 01/01/2020" in past
    text = words(browser.get("/u/W1/units/compare?first=30/06/2026&second=01/07/2026"))
    assert "Kết thúc hoạt động: 1" in text
    assert "Giữa hai ngày không có thay đổi" in words(
        browser.get("/u/W1/units/compare?first=01/07/2026&second=02/07/2026")
    )
    assert browser.get("/u/W2/units/compare").status_code == 404
